"""Table rows as sentences of their own: every value keeps the name of its column."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from corpus.blocks import Block
from corpus.errors import UserError

MOST_ROWS = 200_000
"""How many rows one table may have."""

MOST_ROWS_OF_HEAD = 4
"""How many rows of names stand one above the other."""

_MOST_COLUMNS = 1000


@dataclass(frozen=True, slots=True)
class Row:
    """The text of each column.

    A cell over several columns has its text in the first of them and stands in ``spans``: its first column, and the one
    after its last. ``head`` says that the format marks the row as one of names, ``goes_on`` that a cell of it reaches
    into the row below, and no further than names would.
    """

    cells: Sequence[str]
    spans: Sequence[tuple[int, int]] = ()
    head: bool = False
    goes_on: bool = False

    @property
    def filled(self) -> int:
        """How many cells hold text."""
        return sum(map(bool, self.cells))


def row_line(columns: Sequence[str], cells: Sequence[str], spans: Sequence[tuple[int, int]] = ()) -> str:
    """``Column: value; Column: value``; a value whose column has no name, and a column's own name again, stand bare.

    A value over several columns, as `Row` has them, stands under all of their names.
    """
    parts: list[str] = []
    ends = dict(spans)
    for place, cell in enumerate(cells):
        value = cell.strip()
        if value:
            names = [column.strip().rstrip(":") for column in columns[place : ends.get(place, place + 1)]]
            name = ", ".join(dict.fromkeys(filter(None, names)))
            parts.append(f"{name}: {value}" if name and name != value else value)
    return "; ".join(parts)


def table_blocks(rows: Iterable[Row], page: int = 0, *, marked: bool = False) -> list[Block]:
    """A table's rows as blocks, those of names left out.

    The names are in the first row with more than one cell, or with ``marked`` in those that the format marks, and in
    the rows below that its cells reach into. What stands alone over the whole width is a paragraph. Raises `UserError`
    for too many rows.
    """
    named = _Named(page)
    head: list[Row] = []
    for count, row in enumerate(rows):
        if count > MOST_ROWS:
            raise UserError(f"has more than {MOST_ROWS:,} rows; split it into smaller documents")
        if not row.filled:
            continue
        if head and len(head) < MOST_ROWS_OF_HEAD and _belongs_to_head(head[-1], row, marked=marked):
            head.append(row)
            continue
        if head:
            named.name(head)
            head = []
        if row.filled > 1 and (row.head if marked else not named.columns):
            head = [row]
        else:
            named.add(row)
    if head:
        named.name(head)
    named.tell_alone()
    return named.blocks


def pair_lines(rows: Iterable[Row], page: int = 0) -> list[Block]:
    """The rows of a block without names over its columns; of two cells, the first names the second."""
    blocks = []
    for row in rows:
        cells = [cell for cell in row.cells if cell]
        text = row_line(cells[:1], cells[1:]) if len(cells) == 2 else row_line((), cells)
        blocks.append(Block("row" if len(cells) > 1 else "paragraph", text, 0, page))
    return blocks


class _Named:
    """Gathers rows under the names of their columns."""

    def __init__(self, page: int) -> None:
        self.blocks: list[Block] = []
        self.columns: list[str] = []
        self._told = True
        self._page = page

    def name(self, head: Sequence[Row]) -> None:
        self.tell_alone()
        width = min(max(len(row.cells) for row in head), _MOST_COLUMNS)
        over: list[list[str]] = [[] for _ in range(width)]
        for row in head:
            ends = dict(row.spans)
            for place, cell in enumerate(row.cells[:width]):
                for column in range(place, min(ends.get(place, place + 1), width)) if cell else ():
                    if cell not in over[column]:
                        over[column].append(cell)
        self.columns = [", ".join(names) for names in over]
        self._told = False

    def add(self, row: Row) -> None:
        self._told = True
        width = sum(map(bool, self.columns))
        alone = row.filled == 1 and any(last - first >= max(width, 2) for first, last in row.spans)
        text = row_line(self.columns, row.cells, row.spans)
        if len(self.columns) > 1 and alone:
            self._add("paragraph", next(filter(None, row.cells)))
        elif len(self.columns) > 1 or row.filled > 1:
            self._add("row", text)
        else:
            self._add("paragraph", text)

    def tell_alone(self) -> None:
        """Names over nothing are a row themselves."""
        if not self._told:
            self._add("row", row_line((), list(dict.fromkeys(self.columns))))
            self._told = True

    def _add(self, kind: str, text: str) -> None:
        self.blocks.append(Block(kind, text, 0, self._page))  # type: ignore[arg-type]


def _belongs_to_head(above: Row, row: Row, *, marked: bool) -> bool:
    """Whether a row below one of names holds the rest of them."""
    if marked or row.head:
        return row.head
    if above.goes_on:
        return True
    if any(char.isdigit() for cell in row.cells for char in cell):
        return False
    covered = {column for first, last in above.spans for column in range(first, min(last, _MOST_COLUMNS))}
    corner = [place for place, cell in enumerate(above.cells[:_MOST_COLUMNS]) if not cell and place not in covered]
    return bool(covered and corner) and all(place < len(row.cells) and row.cells[place] for place in corner)
