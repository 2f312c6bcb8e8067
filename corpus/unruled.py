"""Tables of pages without a line drawn: their columns are told by white, their head by names over each of them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from corpus.grids import Grid
from corpus.rules import NEAR, Rule
from corpus.words import Line

_GUTTER = 5.0
_MOST_COLUMNS = 12
_LEAST_ROWS = 3
_LONGEST_NAME = 40
# In letter sizes: the furthest that the next row of a table stands below, and that lines of one cell stand apart.
_FURTHEST, _PITCH = 4.0, 1.5
# Running text fills its columns, a table hardly all of them.
_FULL = 0.8
_NARROW = 0.45
_VALUE = re.compile(r"[-+(]?(?:[€$£%]|[A-Z]{3})? ?\d[\d.,:/'\s-]*\)? ?(?:[€$£%]|[A-Z]{3})?")
_LISTED = re.compile(r"(?:[•‣◦▪●○·–—∙*-]|\(?\w{1,3}[.)]|\d{1,3}(?:\.\d{1,3})*)")

_Row = list[Line]


@dataclass(frozen=True, slots=True)
class _Table:
    """Rows of pieces of text, the first of them the names, and where the columns meet."""

    rows: list[_Row]
    edges: tuple[float, ...]

    @property
    def left(self) -> float:
        return min(line.left for row in self.rows for line in row)

    @property
    def right(self) -> float:
        return max(line.right for row in self.rows for line in row)


def likely_tables(lines: Sequence[Line]) -> list[Rule]:
    """The boxes of a page, from its lines, that look like a table, in which columns may stand close together."""
    rows = _rows(lines)
    boxes = []
    place = 0
    while place < len(rows):
        end = place + 1
        if len(rows[place]) >= 2 and _are_names(rows[place]):
            while end < len(rows) and _follows(rows[end - 1], rows[end]) and _under(rows[place], rows[end]):
                end += 1
        if sum(len(row) > 1 for row in rows[place:end]) >= _LEAST_ROWS:
            some = [line for row in rows[place:end] for line in row]
            boxes.append(
                Rule(
                    min(line.left for line in some) - 1,
                    max(line.right for line in some) + 1,
                    some[-1].baseline - some[-1].size,
                    some[0].baseline + some[0].size,
                )
            )
        else:
            end = place + 1
        place = end
    return boxes


def unruled(lines: Sequence[Line]) -> list[Grid]:
    """The tables of a page that no rules show, as grids. ``lines`` are those outside of other tables."""
    rows = _rows([line for line in lines if not line.row and not line.block])
    found: list[Grid] = []
    place = 0
    while place < len(rows):
        table = _table(rows[place:]) if len(rows[place]) >= 2 and _are_names(rows[place]) else None
        if table is None:
            place += 1
        else:
            found.append(_grid(table))
            place += len(table.rows)
    return found


def _rows(lines: Sequence[Line]) -> list[_Row]:
    """The pieces that stand at one height, from top to bottom and from left to right."""
    rows: list[_Row] = []
    for line in sorted(lines, key=lambda line: -line.baseline):
        if rows and rows[-1][0].baseline - line.baseline < 0.4 * line.size:
            rows[-1].append(line)
        else:
            rows.append([line])
    return [sorted(row, key=lambda line: line.left) for row in rows]


def _are_names(row: _Row) -> bool:
    """Whether a row may name columns: a short text that begins as names do for each, none of them a value."""
    texts = [line.text for line in row]
    if len(row) > _MOST_COLUMNS or _LISTED.fullmatch(texts[0]) or len(set(texts)) < len(texts):
        return False
    return all(
        len(text) <= _LONGEST_NAME
        and not text.endswith((".", ";", ",", ":"))
        and (text[0].isupper() or re.fullmatch(r"(?:19|20)\d\d", text) is not None)
        for text in texts
    )


def _follows(above: _Row, row: _Row) -> bool:
    return 0 < above[0].baseline - row[0].baseline < _FURTHEST * max(above[0].size, row[0].size)


def _under(names: _Row, row: _Row) -> bool:
    """Whether a row may lie under these names: pieces of it may hold several cells, but none begins between columns."""
    starts = [line.left for line in names]
    return len(row) <= len(names) and all(
        any(abs(line.left - start) < 2 * line.size for start in starts)
        or any(name.left - NEAR < line.right and line.left < name.right + NEAR for name in names)
        for line in row
    )


def _table(rows: Sequence[_Row]) -> _Table | None:
    """The table that begins with the first of the rows, as far as it reaches; None where it is none."""
    names = rows[0]
    kept, edges = [names], _edges([names])
    for row in rows[1:]:
        if not _follows(kept[-1], row) or (len(row) == 1 and _stands_apart(kept, row)):
            break
        wider = _edges([*kept, row])
        if len(wider) != len(names) - 1 or not _each_in_one(row, wider):
            break
        kept, edges = [*kept, row], wider
    while (
        len(kept) > 1
        and len(kept[-1]) == 1
        and kept[-2][0].baseline - kept[-1][0].baseline > (_PITCH * kept[-1][0].size)
    ):
        kept.pop()
    table = _Table(kept, _edges(kept)) if len(kept) >= _LEAST_ROWS else None
    return table if table and edges and _is_table(table) else None


def _stands_apart(kept: Sequence[_Row], row: _Row) -> bool:
    """Whether a single piece is set otherwise than the rows above it, as what comes after a table is."""
    line, above = row[0], kept[-1][0]
    drop = above.baseline - line.baseline
    usual = max((one[0].baseline - other[0].baseline for one, other in pairwise(kept)), default=drop)
    otherwise = len(kept) > 1 and (line.bold != above.bold or abs(line.size - above.size) > 0.5)
    return otherwise or drop > 1.15 * usual + 1


def _edges(rows: Sequence[_Row]) -> tuple[float, ...]:
    """Where columns meet: the middles of the strips in which no row has anything."""
    edges: list[float] = []
    reached: float | None = None
    for line in sorted((line for row in rows for line in row), key=lambda line: line.left):
        if reached is not None and line.left - reached > _GUTTER:
            edges.append((reached + line.left) / 2)
        reached = line.right if reached is None else max(reached, line.right)
    return tuple(edges)


def _each_in_one(row: _Row, edges: Sequence[float]) -> bool:
    places = [sum(edge < line.left for edge in edges) for line in row]
    return len(set(places)) == len(places)


def _columns(table: _Table) -> list[_Row]:
    columns: list[_Row] = [[] for _ in range(len(table.edges) + 1)]
    for row in table.rows[1:]:
        for line in row:
            columns[sum(edge < line.left for edge in table.edges)].append(line)
    return columns


def _is_table(table: _Table) -> bool:
    """Whether names stand over cells, and not the first lines of columns of running text over the others."""
    names, columns = table.rows[0], _columns(table)
    if sum(len(row) > 1 for row in table.rows[1:]) < _LEAST_ROWS - 1 or not all(columns):
        return False
    if all(_LISTED.fullmatch(line.text) for line in columns[0]):
        return False
    sides = [table.left, *table.edges, table.right]
    widths = [high - low for low, high in pairwise(sides)]
    filled = [
        median(line.right - line.left for line in column) / width for column, width in zip(columns, widths, strict=True)
    ]
    said = all(line.bold for line in names) and not all(line.bold for column in columns for line in column)
    if len(columns) > 2:
        return said or min(filled) < _FULL
    numeric = sum(bool(_VALUE.fullmatch(line.text)) for line in columns[1]) >= 0.6 * len(columns[1])
    return numeric or (said and widths[0] < _NARROW * sum(widths) and filled[0] < _FULL)


def _grid(table: _Table) -> Grid:
    """The table with a height between any two of its rows, whose cells may hold several lines."""
    heights = [row[0].baseline for row in table.rows]
    drops = [above - below for above, below in pairwise(heights)]
    pitch = min(drops[1:] or drops)
    wrapped = max(drops) > 1.15 * pitch + 0.5
    tops = [heights[0] + table.rows[0][0].size]
    for row, height, drop in zip(table.rows[1:], heights[1:], drops, strict=True):
        first = sum(edge < row[0].left for edge in table.edges) == 0
        begins = drop > 1.15 * pitch + 0.5 if wrapped else first and len(row) > 1
        if begins or len(tops) == 1:
            tops.append(height + min(row[0].size, drop - 0.5) if drop > 1 else height + 0.5)
    tops.append(heights[-1] - table.rows[-1][0].size)
    return Grid(tuple(tops), (table.left - NEAR, *table.edges, table.right + NEAR))
