"""Sheets of cells: where their tables begin, and which row names the columns of each."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.blocks import Block
from corpus.rows import Row, pair_lines, table_blocks

_MOST_ABOVE = 10
# A number, an amount or a date.
_VALUE = re.compile(r"[-+(]?(?:[€$£]|[A-Z]{3})? ?\d[\d.,:/'%-]*\)? ?(?:[€$£]|[A-Z]{3})?")


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row of a sheet; ``bold`` says that all its text is."""

    row: Row
    bold: bool = False

    @property
    def columns(self) -> list[int]:
        """The columns that hold something."""
        return [place for place, cell in enumerate(self.row.cells) if cell]

    @property
    def values(self) -> list[int]:
        """The columns that hold numbers, amounts or dates."""
        return [place for place in self.columns if _VALUE.fullmatch(self.row.cells[place])]


def sheet_blocks(rows: Sequence[SheetRow]) -> list[Block]:
    """A sheet's rows as blocks, those of names left out.

    Empty rows part it into stretches. The widest is a table, its first row of several cells gives the names. A stretch
    after it as wide goes on with it unless its first row is set as names are; others are tables of their own where
    that shows, and pairs where it does not.
    """
    stretches = _stretches(rows)
    if not stretches:
        return []
    widest = max(range(len(stretches)), key=lambda place: (_width(stretches[place]), len(stretches[place]) > 1, -place))
    blocks: list[Block] = []
    table: list[Row] = []
    head: SheetRow | None = None
    for place, stretch in enumerate(stretches):
        above, inner = _parted(stretch)
        if head is not None and place > widest and _goes_on(head, stretch):
            table.extend(row.row for row in stretch)
            continue
        blocks.extend(table_blocks(table))
        blocks.extend(pair_lines(row.row for row in above))
        table, head = [], None
        if inner and (place == widest or _has_names(inner)):
            table = [row.row for row in inner]
            head = inner[0] if place == widest else None
        else:
            blocks.extend(pair_lines(row.row for row in inner))
    blocks.extend(table_blocks(table))
    return blocks


def _stretches(rows: Sequence[SheetRow]) -> list[list[SheetRow]]:
    stretches: list[list[SheetRow]] = [[]]
    for row in rows:
        if row.row.filled:
            stretches[-1].append(row)
        elif stretches[-1]:
            stretches.append([])
    return [stretch for stretch in stretches if stretch]


def _width(stretch: Sequence[SheetRow]) -> int:
    return max(row.row.filled for row in stretch)


def _parted(stretch: list[SheetRow]) -> tuple[list[SheetRow], list[SheetRow]]:
    """What stands above a table without an empty row between, such as its title, and the rest."""
    wide = next((place for place, row in enumerate(stretch) if row.row.filled > 2), 0)
    above = stretch[:wide]
    # Names over a column without one leave the first cell empty.
    if wide <= _MOST_ABOVE and all(row.row.cells[0] or row.row.filled == 1 for row in above):
        return above, stretch[wide:]
    first = next((place for place, row in enumerate(stretch) if row.row.filled > 1), len(stretch))
    return stretch[:first], stretch[first:]


def _has_names(rows: Sequence[SheetRow]) -> bool:
    """Whether a stretch that is not the widest begins with names of columns."""
    first, others = rows[0], rows[1:]
    if not others or first.row.filled < 2 or first.values:
        return False
    if first.row.filled > 2 or (first.bold and not all(row.bold for row in others)):
        return True
    return any(all(place in row.values for row in others) for place in first.columns)


def _goes_on(head: SheetRow, stretch: Sequence[SheetRow]) -> bool:
    """Whether a stretch goes on with the table above: as wide, or one row of it, and not set as names are."""
    first = stretch[0]
    within = all(place < len(head.row.cells) for row in stretch for place in row.columns)
    named = first.bold and first.row.filled > 1 and len(stretch) > 1 and not all(row.bold for row in stretch)
    if not within or named or first.row.cells == head.row.cells:
        return False
    return _width(stretch) == head.row.filled or (len(stretch) == 1 and first.row.filled > 1)
