"""The cases of a CSV file or workbook: its rows, each by the names of its columns."""

import csv
import io
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path

from assistant.evaluate.models import tell
from corpus.characters import decode
from corpus.errors import UserError

_OTHER_SHEETS = (".xls", ".xlsm", ".xlsb", ".ods", ".numbers")
_SEPARATORS = ",;\t|"
# A title and a remark may stand above the names of the columns.
_MOST_ABOVE = 10
_SAMPLE = 20_000


@dataclass(frozen=True, slots=True)
class Line:
    """A row as it stands in a file: its number from 1, its cells, and the places of those it shares with rows above.

    ``fault`` tells what of it cannot be read.
    """

    number: int
    cells: Sequence[str]
    shared: Collection[int] = ()
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rows of a sheet; a CSV file is one without a ``title``. ``hint`` says how a cell under no name is mended."""

    title: str
    lines: Iterator[Line]
    hint: str


@dataclass(frozen=True, slots=True)
class Columns:
    """The names that columns may have, and ``needed``, which has to be there and by which the row of names is known.

    Where one cell ``needed`` reaches over several rows, these are one: what stands in the columns of ``many`` is
    joined by what they are mapped to, and the others may say only one thing.
    """

    known: Collection[str]
    needed: str
    many: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of a row by their columns; ``where`` names it by file and line, ``name`` within the file."""

    where: str
    name: str
    cells: Mapping[str, str]


def table_rows(path: Path, columns: Columns) -> Iterator[Row] | None:
    """Each row that is not empty; None where the file's name is not that of a table.

    Of a workbook every visible sheet with a column ``needed`` is read. Raises ``UserError`` by file and line for a name
    that is not known or given twice, and for a cell under no name, for then a comma may have shifted the others.
    """
    ending = path.suffix.lower()
    if ending in _OTHER_SHEETS:
        raise UserError(f"{path}: {ending} files are not read; save it as .xlsx from the spreadsheet program")
    if ending in (".csv", ".tsv"):
        return _table(
            path, [Sheet("", _csv(path, columns.needed), "put texts that hold the separator in quotes")], columns
        )
    if ending == ".xlsx":
        from assistant.evaluate.workbook import sheets

        return _table(path, sheets(path), columns)
    return None


def _table(path: Path, sheets: Iterable[Sheet], columns: Columns) -> Iterator[Row]:
    """The rows of all sheets with the needed column; those of the second and later ones are named with its title."""
    others: list[tuple[str, Line]] = []
    read = 0
    for sheet in sheets:
        above = list(islice((line for line in sheet.lines if any(line.cells) or line.fault), _MOST_ABOVE))
        place = next((n for n, line in enumerate(above) if columns.needed in _names(line)), None)
        if place is not None:
            read += 1
            where, name = (str(path), "") if read == 1 else (f"{path}:{sheet.title}", f"{sheet.title} ")
            yield from _rows(where, name, above[place], chain(above[place + 1 :], sheet.lines), columns, sheet.hint)
        elif above:
            others.append((sheet.title, above[0]))
    if not read and not others:
        raise UserError(f"{path}: is empty")
    if not read:
        raise UserError(
            f'{path}:{others[0][1].number}: the first line names the columns and needs one called "{columns.needed}"'
        )
    for title, _ in others:
        tell(f'{path}: the sheet "{title}" has no column "{columns.needed}" and is left out')


def _rows(file: str, prefix: str, head: Line, lines: Iterator[Line], columns: Columns, hint: str) -> Iterator[Row]:
    header = _header(_names(head), f"{file}:{head.number}", columns)
    needed = header.index(columns.needed)
    row: Row | None = None
    for line in lines:
        where = f"{file}:{line.number}"
        if line.fault:
            raise UserError(f"{where}: {line.fault}")
        for place, cell in enumerate(line.cells):
            if cell.strip() and (place >= len(header) or not header[place]):
                raise UserError(f'{where}: "{cell.strip()[:40]}" stands under no column name; {hint}')
        if not any(cell.strip() for cell in line.cells):
            continue
        if row is not None and needed in line.shared:
            own = {header[n]: cell for n, cell in enumerate(line.cells) if n not in line.shared and cell.strip()}
            row = Row(row.where, row.name, {**row.cells, **_joined(row.cells, own, columns, where)})
            continue
        if row is not None:
            yield row
        cells = dict.fromkeys(header, "") | dict(zip(header, line.cells, strict=False))
        row = Row(where, f"{prefix}line-{line.number}", cells)
    if row is not None:
        yield row


def _joined(cells: Mapping[str, str], own: Mapping[str, str], columns: Columns, where: str) -> dict[str, str]:
    joined = {}
    for name, text in own.items():
        if cells[name].strip() and name not in columns.many and text.strip() != cells[name].strip():
            raise UserError(
                f'{where}: another "{name}" for the "{columns.needed}" that reaches over this row; keep one of the two'
            )
        parts = [cells[name], text] if name in columns.many else [text]
        joined[name] = columns.many.get(name, "").join(part for part in parts if part.strip())
    return joined


def _names(line: Line) -> list[str]:
    return [" ".join(cell.split()).lower() for cell in line.cells]


def _header(header: list[str], where: str, columns: Columns) -> list[str]:
    for name in filter(None, header):
        if name not in columns.known:
            raise UserError(f'{where}: unknown column "{name[:40]}"; the columns are {", ".join(columns.known)}')
        if header.count(name) > 1:
            raise UserError(f'{where}: two columns are called "{name}"; keep one')
    return header


def _csv(path: Path, needed: str) -> Iterator[Line]:
    """The lines of a CSV file in whatever encoding and with whatever separator a spreadsheet program wrote it."""
    try:
        text = decode(path.read_bytes())
    except UserError as error:
        raise UserError(f"{path}: {error}") from error
    # A line for spreadsheet programs that names the separator.
    named = re.match(r"sep=([,;\t|])[ \t]*(?:\r\n?|\n)", text)
    begins = 2 if named else 1
    text = text[named.end() :] if named else text
    reader = csv.reader(
        io.StringIO(text, newline=""), delimiter=named[1] if named else _separator(text, needed), strict=True
    )
    skipped = begins - 1
    try:
        for row in reader:
            yield Line(begins, row)
            begins = skipped + reader.line_num + 1
    except csv.Error as error:
        raise UserError(f"{path}:{begins}: not CSV, a quote may be missing in what begins here ({error})") from error


def _separator(text: str, needed: str) -> str:
    """The mark that makes a cell of the needed name: Excel writes semicolons where the comma is the decimal sign."""
    for mark in _SEPARATORS:
        lines = csv.reader(io.StringIO(text[:_SAMPLE], newline=""), delimiter=mark)
        try:
            if any(len(row) > 1 and needed in _names(Line(0, row)) for row in islice(lines, _MOST_ABOVE)):
                return mark
        except csv.Error:
            continue
    first = text[:_SAMPLE].partition("\n")[0]
    return max(_SEPARATORS, key=first.count)
