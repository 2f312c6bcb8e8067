"""Excel workbooks and CSV files: a sheet is a section, and each row keeps the names of its columns."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import count
from typing import Any

from lxml import etree

from corpus.blocks import Block, Extract
from corpus.characters import decode, one_line
from corpus.counting import counted
from corpus.errors import UserError
from corpus.number_formats import shown
from corpus.office import check, opened, with_properties
from corpus.rows import MOST_ROWS, MOST_ROWS_OF_HEAD, Row
from corpus.sheets import SheetRow, sheet_blocks
from corpus.spans import MOST_ACROSS, Allowance

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_MOST_MERGED = 100_000
_MOST_ROWS_OF_SHEET = 1_048_576
_MOST_CELLS = 20_000_000
_NAMED = 3
# Those that stand in numbers and sentences too come last.
_DELIMITERS = "\t;|,"
_SAMPLE = 10_000


def read(raw: bytes) -> Extract:
    """The content of an .xlsx file; hidden sheets are left out. Raises `UserError` for what is no such file."""
    check(raw)
    from openpyxl import load_workbook

    book = opened(lambda file: load_workbook(file, read_only=True, data_only=True, keep_links=False), raw)
    blocks: list[Block] = []
    hidden: list[str] = []
    allowance = Allowance()
    missing = 0
    for sheet in book.worksheets:
        if sheet.sheet_state != "visible":
            hidden.append(one_line(sheet.title))
            continue
        reading = _Sheet(sheet, allowance)
        rows = sheet_blocks(opened(reading.rows, b""))
        missing += reading.missing
        if rows:
            blocks.append(Block("heading", one_line(sheet.title), 2))
            blocks.extend(rows)
    return replace(with_properties(blocks, book.properties), unread=_unread(hidden, missing, allowance))


def read_table(raw: bytes) -> Extract:
    """The content of a .csv or .tsv file: each row with the names of its columns, which its first row gives."""
    text = decode(raw).replace("\0", "")
    # A line for spreadsheet programs that names the separator.
    named = re.match(r"sep=([,;\t|])\s*\n", text)
    text = text[named.end() :] if named else text
    reader = csv.reader(io.StringIO(text), delimiter=named[1] if named else _delimiter(text[:_SAMPLE]))
    try:
        return Extract(tuple(sheet_blocks(_bounded(SheetRow(Row([one_line(cell) for cell in row])) for row in reader))))
    except csv.Error as error:
        raise UserError(f"cannot be read as a table: {one_line(str(error))}; save it anew as CSV") from error


def _delimiter(text: str) -> str:
    """The mark between cells: the one that gives the most rows the same number of cells."""
    agreeing = {}
    for mark in _DELIMITERS:
        try:
            counts = Counter(len(row) for row in csv.reader(io.StringIO(text), delimiter=mark) if len(row) > 1)
        except csv.Error:
            continue  # A cell too long to be one; whoever reads the whole says so.
        agreeing[mark] = max(counts.values(), default=0)
    best = max(agreeing, key=lambda mark: agreeing[mark], default=",")
    return best if agreeing.get(best) else ","


def _bounded(rows: Iterable[SheetRow]) -> list[SheetRow]:
    """The rows, of several empty ones one. Raises `UserError` for too many rows or cells."""
    kept: list[SheetRow] = []
    filled = cells = 0
    for number, row in enumerate(rows, 1):
        cells += len(row.row.cells)
        filled += bool(row.row.filled)
        if filled > MOST_ROWS or number > _MOST_ROWS_OF_SHEET:
            raise UserError(f"has more than {MOST_ROWS:,} rows; split it into smaller documents")
        if cells > _MOST_CELLS:
            raise UserError(f"has more than {_MOST_CELLS:,} cells; split it into smaller documents")
        if row.row.filled or (kept and kept[-1].row.filled):
            kept.append(row)
    return kept


def _unread(hidden: Sequence[str], missing: int, allowance: Allowance) -> str:
    told = []
    if hidden:
        named = ", ".join(f"“{title}”" for title in hidden[:_NAMED])
        more = f" and {len(hidden) - _NAMED:,} more" if len(hidden) > _NAMED else ""
        verb = "a hidden sheet was" if len(hidden) == 1 else "hidden sheets were"
        told.append(f"{verb} left out ({named}{more}); show what readers may be told of")
    if missing:
        told.append(
            f"{counted(missing, 'formula')} without a stored result; open the file in its program and save it there"
        )
    if allowance.spent:
        told.append("cells that reach over many rows were not repeated in all of them")
    return "; ".join(told)


@dataclass(frozen=True, slots=True)
class _Merged:
    """A cell that reaches over others, by its columns, from 0, and its last row, from 1."""

    first: int
    end: int
    last: int


class _Sheet:
    """Reads one sheet. ``missing`` counts the formulas whose results the file does not hold."""

    def __init__(self, sheet: Any, allowance: Allowance) -> None:
        self.missing = 0
        self._sheet = sheet
        self._allowance = allowance
        self._merged: dict[int, list[_Merged]] = {}
        self._reaching: dict[int, tuple[_Merged, str]] = {}

    def rows(self, _: Any) -> list[SheetRow]:
        # What a file says of a sheet's size is often wrong, and then rows would be missing.
        self._sheet.reset_dimensions()
        self._look_ahead()
        return _bounded(row for row in map(self._row, count(1), self._sheet.iter_rows()) if row is not None)

    def _look_ahead(self) -> None:
        """What stands after the rows of a sheet and is wanted with them, and what the library does not tell."""
        path = "count(m:c[m:f and not(@t='str') and not(string(m:v))])"
        without_result = etree.XPath(path, namespaces={"m": _MAIN.strip("{}")})
        with self._sheet._get_source() as source:
            tags = (f"{_MAIN}row", f"{_MAIN}mergeCell")
            for _, element in etree.iterparse(source, tag=tags, resolve_entities=False):
                if element.tag == tags[0]:
                    self.missing += int(without_result(element))
                elif len(self._merged) < _MOST_MERGED:
                    self._merge(element.get("ref", ""))
                element.clear()

    def _merge(self, ref: str) -> None:
        from openpyxl.utils import range_boundaries

        try:
            first, top, last, bottom = range_boundaries(ref)
        except ValueError:
            return
        if first and top and last and bottom:
            self._merged.setdefault(top, []).append(_Merged(first - 1, min(last, first + MOST_ACROSS), bottom))

    def _row(self, number: int, found: Sequence[Any]) -> SheetRow | None:
        """None for a row that holds nothing but what reaches into it."""
        texts = [one_line(shown(cell.value, cell.number_format)) if cell.value is not None else "" for cell in found]
        while texts and not texts[-1]:
            texts.pop()
        own = bool(texts)
        bold = own and all(cell.font.b for cell, text in zip(found, texts, strict=False) if text)
        spans: list[tuple[int, int]] = []
        for merged in self._merged.get(number, ()):
            text = texts[merged.first] if merged.first < len(texts) else ""
            if merged.last > number and text:
                self._reaching[merged.first] = merged, text
            if merged.end - merged.first > 1 and text:
                spans.append((merged.first, merged.end))
        reached = bool(self._reaching)
        for column, (merged, text) in list(self._reaching.items()):
            if merged.last <= number:
                del self._reaching[column]
            if own and merged.last >= number and not (column < len(texts) and texts[column]):
                self._allowance.left -= 1 + len(text)
                if self._allowance.spent:
                    self._reaching.clear()
                    break
                texts.extend([""] * (column + 1 - len(texts)))
                texts[column] = text
                if merged.end - column > 1:
                    spans.append((column, merged.end))
        if not own and reached:
            return None
        goes_on = any(0 < merged.last - number < MOST_ROWS_OF_HEAD for merged, _ in self._reaching.values())
        return SheetRow(Row(texts, tuple(spans), goes_on=goes_on), bold)
