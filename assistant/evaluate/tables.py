"""The rows of a CSV file or spreadsheet, each by the names in the first row."""

import csv
import zlib
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

from corpus.errors import UserError

Rows = Iterator[tuple[int, dict[str, str]]]
_OTHER_SHEETS = (".xls", ".xlsm", ".xlsb", ".ods", ".numbers")


def table_reader(path: Path, known: Collection[str], needed: str) -> Rows | None:
    """Line number and cells of each row that is not empty; None where the file's name is not that of a table.

    The first row has to name the column ``needed`` and may name those ``known``. Raises ``UserError`` by file and line
    for another name, a name given twice, and a cell under no name, for then a comma may have shifted the others.
    """
    ending = path.suffix.lower()
    if ending in _OTHER_SHEETS:
        raise UserError(f"{path}: {ending} files are not read; save it as .xlsx from the spreadsheet program")
    if ending == ".csv":
        return _rows(_csv(path), path, known, needed, "put texts that hold the separator in quotes")
    if ending == ".xlsx":
        return _rows(_xlsx(path), path, known, needed, "name the column or empty the cell")
    return None


def _rows(lines: Iterator[tuple[int, list[str]]], path: Path, known: Collection[str], needed: str, hint: str) -> Rows:
    header: list[str] | None = None
    for number, cells in lines:
        if header is None:
            header = _header(cells, f"{path}:{number}", known, needed)
            continue
        for column, cell in enumerate(cells):
            if cell.strip() and (column >= len(header) or not header[column]):
                raise UserError(f'{path}:{number}: "{cell.strip()[:40]}" stands under no column name; {hint}')
        if any(cell.strip() for cell in cells):
            yield number, dict.fromkeys(header, "") | dict(zip(header, cells, strict=False))
    if header is None:
        raise UserError(f"{path}: is empty")


def _header(cells: Sequence[str], where: str, known: Collection[str], needed: str) -> list[str]:
    header = [cell.strip().lower() for cell in cells]
    if needed not in header:
        raise UserError(f'{where}: the first line names the columns and needs one called "{needed}"')
    for name in filter(None, header):
        if name not in known:
            raise UserError(f'{where}: unknown column "{name[:40]}"; the columns are {", ".join(known)}')
        if header.count(name) > 1:
            raise UserError(f'{where}: two columns are called "{name}"; keep one')
    return header


def _csv(path: Path) -> Iterator[tuple[int, list[str]]]:
    with path.open(encoding="utf-8-sig", newline="") as lines:
        sample = lines.readline()
        lines.seek(0)
        # Excel writes semicolons where the comma is the decimal sign.
        reader = csv.reader(lines, delimiter=";" if sample.count(";") > sample.count(",") else ",", strict=True)
        begins = 1
        try:
            for row in reader:
                yield begins, row
                begins = reader.line_num + 1
        except csv.Error as error:
            raise UserError(
                f"{path}:{begins}: not CSV, a quote may be missing in what begins here ({error})"
            ) from error


def _xlsx(path: Path) -> Iterator[tuple[int, list[str]]]:
    from zipfile import BadZipFile

    try:
        from openpyxl import load_workbook
        from openpyxl.utils.exceptions import InvalidFileException
    except ModuleNotFoundError as error:
        raise UserError("reading spreadsheets needs openpyxl: pip install 'strategy-assistant[evaluate]'") from error
    # What openpyxl raises on files that are damaged or hold no sheet: it checks little before it reads.
    damaged = (
        BadZipFile, InvalidFileException, zlib.error, OSError, EOFError, SyntaxError,
        LookupError, ValueError, TypeError, AttributeError,
    )  # fmt: skip
    try:
        book = load_workbook(path, read_only=True, data_only=True)
        try:
            sheet = book.worksheets[0]
            # Some programs write a size into the sheet that leaves rows or columns out.
            sheet.reset_dimensions()
            for number, row in enumerate(sheet.iter_rows(values_only=True), 1):
                cells = [_cell(cell) for cell in row]
                if number == 1 or any(cells):
                    yield number, cells
        finally:
            book.close()
    except damaged as error:
        raise UserError(f"{path}: not a readable .xlsx file; save it again from the spreadsheet program") from error


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
