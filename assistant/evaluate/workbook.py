"""The sheets of an .xlsx file as cells of text, those that are merged with all their rows."""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from assistant.evaluate.tables import Line, Sheet
from corpus.errors import UserError

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_HINT = "name the column or empty the cell"
_NO_RESULT = "a formula without its result; open the file in its program and save it there"
# What openpyxl raises on files that are damaged or hold no sheet: it checks little before it reads.
_DAMAGED = (
    BadZipFile, zlib.error, OSError, EOFError, SyntaxError, LookupError, ValueError, TypeError, AttributeError,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Merged:
    """A cell that reaches down to the row ``last``; its column from 0, its rows from 1."""

    column: int
    first: int
    last: int


def sheets(path: Path) -> Iterator[Sheet]:
    """The visible sheets of a workbook, in their order, each to be read before the next.

    Raises ``UserError`` where the file cannot be read.
    """
    try:
        from openpyxl import load_workbook
        from openpyxl.utils.exceptions import InvalidFileException
    except ModuleNotFoundError as error:
        raise UserError("reading spreadsheets needs openpyxl: pip install 'strategy-assistant[evaluate]'") from error
    try:
        book = load_workbook(path, read_only=True, data_only=True, keep_links=False)
    except (*_DAMAGED, InvalidFileException) as error:
        raise _damaged(path) from error
    try:
        if not book.worksheets:
            raise _damaged(path)
        for sheet in book.worksheets:
            if sheet.sheet_state == "visible":
                yield Sheet(sheet.title, _lines(sheet, path), _HINT)
    finally:
        book.close()


def _lines(sheet: Any, path: Path) -> Iterator[Line]:
    try:
        # Some programs write a size into the sheet that leaves rows or columns out.
        sheet.reset_dimensions()
        merged, without_result = _looked_ahead(sheet)
        reaching: dict[_Merged, str] = {}
        for number, row in enumerate(sheet.iter_rows(), 1):
            cells = [_text(cell.value) for cell in row]
            shared = _reached(number, cells, reaching)
            for cell in merged.get(number, ()):
                reaching[cell] = cells[cell.column] if cell.column < len(cells) else ""
            wrong = next((cell.value for cell in row if cell.data_type == "e"), None)
            fault = f"a cell holds the error {wrong}; mend its formula" if wrong is not None else ""
            yield Line(number, cells, shared, _NO_RESULT if number in without_result else fault)
    except _DAMAGED as error:
        raise _damaged(path) from error


def _reached(number: int, cells: list[str], reaching: dict[_Merged, str]) -> set[int]:
    """Puts what reaches into a row into its ``cells``, if it has any of its own; the columns of what was put there."""
    own = any(cell.strip() for cell in cells)
    shared = set()
    for merged, text in list(reaching.items()):
        if own and text:
            cells.extend([""] * (merged.column + 1 - len(cells)))
            cells[merged.column] = text
            shared.add(merged.column)
        if merged.last <= number:
            del reaching[merged]
    return shared


def _looked_ahead(sheet: Any) -> tuple[dict[int, list[_Merged]], set[int]]:
    """The cells that reach over rows, by their first, and the rows with a formula whose result is not stored.

    The first stand after all rows of a sheet, and openpyxl tells of neither.
    """
    from lxml import etree
    from openpyxl.utils import range_boundaries

    bare = etree.XPath("boolean(m:c[m:f and not(@t='str') and not(string(m:v))])", namespaces={"m": _MAIN.strip("{}")})
    merged: dict[int, list[_Merged]] = {}
    without_result: set[int] = set()
    with sheet._get_source() as source:
        number = 0
        for _, element in etree.iterparse(source, tag=(f"{_MAIN}row", f"{_MAIN}mergeCell"), resolve_entities=False):
            if element.tag == f"{_MAIN}row":
                number = int(element.get("r", number + 1))
                if bare(element):
                    without_result.add(number)
            else:
                column, first, _, last = range_boundaries(element.get("ref", ""))
                if column and first and last and last > first:
                    merged.setdefault(first, []).append(_Merged(column - 1, first, last))
            element.clear()
    return merged, without_result


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _damaged(path: Path) -> UserError:
    return UserError(f"{path}: not a readable .xlsx file; save it again from the spreadsheet program")
