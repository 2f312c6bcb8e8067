"""Tables of pages as lines of text, each row one: every value with the name of its column."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from corpus.grids import LEAST_RULES, Grid, grids
from corpus.rows import row_line
from corpus.rules import NEAR, Rule
from corpus.unruled import unruled
from corpus.words import Line, rejoined

_LONGEST_NAME = 60
_LONGEST_REPEATED = 400
# Lines under a table that are set this much smaller than it are notes to it.
_SMALLER = 0.92
# Of a page's height; a row that is too high for what is left leaves some of it white.
_FAR_DOWN = 0.4

_Row = list[list[Line]]
"""The lines of each cell of a row; where a cell spans several columns or rows, these share one list."""


@dataclass(frozen=True, slots=True)
class _Head:
    """The rows of a table's head as texts, and the names of its columns; none where it has no head.

    ``repeated`` says that these rows stood on the page before too.
    """

    names: list[str]
    rows: list[list[str]]
    bold: bool = False
    repeated: bool = False


@dataclass(frozen=True, slots=True)
class _Begun:
    """A table that ends a page, and so may go on at the top of the next one."""

    grid: Grid
    head: _Head


def with_rows(
    pages: Sequence[Sequence[Line]], rules: Sequence[Sequence[Rule]], whole: Counter[str]
) -> list[list[Line]]:
    """The lines of each page, those of each table replaced by one line for each of its rows.

    A table that goes on at the top of the next page, in columns of the same widths, keeps its names there.
    ``whole`` counts the words of the document, to tell which hyphens at line ends are the word's own.
    """
    told: list[list[Line]] = []
    begun: _Begun | None = None
    for page, drawn in zip(pages, rules, strict=True):
        kept, begun = _told_page(page, drawn, whole, begun)
        told.append(kept)
    return told


def _told_page(
    page: Sequence[Line], rules: Sequence[Rule], whole: Counter[str], begun: _Begun | None
) -> tuple[list[Line], _Begun | None]:
    kept = list(page)
    last: _Begun | None = None
    top = max((line.baseline for line in page), default=0.0)
    ruled = grids(page, rules)
    beside = [line for line in page if not any(grid.holds(line) for grid in ruled)]
    for grid in [*ruled, *unruled(beside)]:
        inside = [line for line in kept if grid.holds(line)]
        rows = _rows(grid, inside)
        goes_on = begun if begun and top < grid.heights[0] and _goes_on(begun.grid, grid) else None
        head = _head_of(grid, rows, whole, goes_on.head if goes_on else None)
        named = bool(head.names)
        # Rules only around the head and under the last row: then each line that begins in the first column is a row.
        if len(grid.heights) == LEAST_RULES and not grid.spans:
            count = len(head.rows)
            rows = [*rows[:count], *(part for row in rows[count:] for part in _split(row))]
        several = sum(len({id(cell) for cell in row if cell}) > 1 for row in rows)
        # Two columns of running text have white between them too, but no names over them.
        if not goes_on and (len(rows) < 2 or several < 2 - named or not (named or grid.drawn)):
            continue
        if not several:
            continue
        first = min(kept.index(line) for line in inside)
        kept = [line for line in kept if not grid.holds(line)]
        kept[first:first] = _told(rows, head, inside, whole)
        if _ends_page(grid, inside, page):
            last = _Begun(grid, replace(head, rows=goes_on.head.rows) if goes_on and not head.rows else head)
    return kept, last


def _goes_on(before: Grid, grid: Grid) -> bool:
    if before.drawn or grid.drawn:
        return before.as_wide_as(grid)
    width, other = (edges[-1] - edges[0] for edges in (before.edges, grid.edges))
    return len(before.edges) == len(grid.edges) and abs(width - other) < NEAR


def _ends_page(grid: Grid, inside: Sequence[Line], page: Sequence[Line]) -> bool:
    """Whether a grid reaches far down, and nothing but notes, in smaller letters, stands below it."""
    size = median(line.size for line in inside)
    below = any(line.baseline < grid.heights[-1] and line.size > _SMALLER * size for line in page)
    return grid.heights[-1] < _FAR_DOWN * page[0].height and not below


def _rows(grid: Grid, inside: Sequence[Line]) -> list[_Row]:
    """The lines of each cell of each row in which something begins, from top to bottom."""
    rows: list[_Row] = [[[] for _ in grid.edges[1:]] for _ in grid.heights[1:]]
    for (row, column), (first, beside) in grid.spans.items():
        rows[row][column] = rows[first][beside]
    for line in sorted(inside, key=lambda line: (-round(line.baseline), line.left)):
        row, column = grid.cell(line)
        rows[row][column].append(line)
    own = [
        any(cell and grid.first((place, column))[0] == place for column, cell in enumerate(row))
        for place, row in enumerate(rows)
    ]
    return [row for row, begins in zip(rows, own, strict=True) if begins]


def _split(row: _Row) -> list[_Row]:
    heights = sorted({round(line.baseline) for line in row[0]}, reverse=True)
    beside = {
        height: any(abs(line.baseline - height) < NEAR for cell in row[1:] for line in cell) for height in heights
    }
    if len(heights) < 2 or not all(beside.values()):
        return [row]
    parts: list[_Row] = [[[] for _ in row] for _ in heights]
    for column, cell in enumerate(row):
        for line in cell:
            place = max(0, sum(height + NEAR > line.baseline for height in heights) - 1)
            parts[place][column].append(line)
    return parts


def _head_of(grid: Grid, rows: Sequence[_Row], whole: Counter[str], before: _Head | None) -> _Head:
    """The head of a table: that from the page before, unless the table has one of its own."""
    texts = [[" ".join(_paragraphs(cell, whole)) for cell in row] for row in rows]
    if before:
        count = len(before.rows)
        repeated = bool(count) and texts[:count] == before.rows
        another = before.bold and bool(rows) and all(line.bold for cell in rows[0] for line in cell)
        if repeated or not another:
            return replace(before, rows=before.rows if repeated else [], repeated=repeated)
    first = next((place for place, row in enumerate(rows) if not _is_one(row)), len(rows))
    for count in (2, 1):
        stacked = list(zip(rows[first : first + count], texts[first : first + count], strict=True))
        if len(stacked) == count and (count == 1 or _is_second(*(row for row, _ in stacked))):
            columns = zip(*(text for _, text in stacked), strict=True)
            names = _names([", ".join(dict.fromkeys(filter(None, column))) for column in columns], grid)
            several = any(len(_paragraphs(cell, whole)) > 1 for row, _ in stacked for cell in row)
            if names and not several:
                bold = all(line.bold for row, _ in stacked for cell in row for line in cell)
                return _Head(names, texts[: first + count], bold)
    return _Head([], [])


def _is_one(row: _Row) -> bool:
    """Whether one cell reaches from the first column to the last."""
    return len(row) > 1 and all(cell is row[0] for cell in row)


def _is_second(row: _Row, below: _Row) -> bool:
    """Whether a row tells apart what the cells of the head above it span, and says nothing else."""
    spans = [sum(cell is other for other in row) > 1 for cell in row]
    return any(spans) and all(
        bool(low) and low is not cell if span else low is cell or not low
        for cell, low, span in zip(row, below, spans, strict=True)
    )


def _told(rows: Sequence[_Row], head: _Head, inside: Sequence[Line], whole: Counter[str]) -> list[Line]:
    """The rows as lines: each value with the name of its column, or where a cell holds several paragraphs, these."""
    told: list[Line] = []
    body = median(line.size for line in inside)
    above: set[int] = set()
    for place, row in enumerate(rows):
        # What stands over the whole width above the names is the table's own.
        if place < len(head.rows) and (head.repeated or not _is_one(row)):
            continue
        texts = [_paragraphs(cell, whole) for cell in row]
        cells = {id(cell): text for cell, text in zip(row, texts, strict=True)}
        if _is_one(row):
            parts = texts[0]
        elif all(len(text) <= 1 for cell, text in cells.items() if cell not in above):
            # Under several columns a value has the names of them all.
            over = {
                key: [name for cell, name in zip(row, head.names, strict=False) if id(cell) == key] for key in cells
            }
            names = [", ".join(dict.fromkeys(filter(None, columns))) for columns in over.values()]
            parts = [row_line(names, [_once(text, key in above) for key, text in cells.items()])]
        else:
            parts = [paragraph for cell, text in cells.items() if cell not in above for paragraph in text]
        above |= cells.keys()
        first = max((cell[0] for cell in row if cell), key=lambda line: line.baseline)
        first = replace(first, left=min(line.left for line in inside), right=max(line.right for line in inside))
        told += [replace(first, text=part, size=body, bold=False, hyphenated=False, row=True) for part in parts]
    return told


def _once(text: Sequence[str], told: bool) -> str:
    """The text of a cell in one row; a long one is not told again in the other rows that it spans."""
    joined = " ".join(text)
    return "" if told and len(joined) > _LONGEST_REPEATED else joined


def _names(texts: Sequence[str], grid: Grid) -> list[str]:
    """The names of the columns, if that is what a first row holds: a short text for each.

    In a grid, what stands over the first column may be left out. Of numbers, only years are names.
    """
    named = [text for place, text in enumerate(texts) if text or place or not grid.walled]
    short = all(text and len(text) <= _LONGEST_NAME and not text.endswith((".", ";")) for text in named)
    value = any(re.fullmatch(r"[\d.,%\s-]+", text) and not re.fullmatch(r"(?:19|20)\d\d", text) for text in named)
    return list(texts) if short and named and not value and not texts[0].isdigit() else []


def _paragraphs(cell: Sequence[Line], whole: Counter[str]) -> list[str]:
    """The text of a cell; lines further apart than the nearest two are paragraphs of their own."""
    drops = [before.baseline - line.baseline for before, line in pairwise(cell) if before.baseline - line.baseline > 1]
    pitch = min(drops, default=0.0)
    texts: list[str] = []
    for place, line in enumerate(cell):
        drop = cell[place - 1].baseline - line.baseline if place else 0.0
        if not texts or drop > 1.15 * pitch + 0.5:
            texts.append(line.text)
        elif cell[place - 1].hyphenated and line.text[:1].isalpha():
            texts[-1] = rejoined(texts[-1], line.text, whole)
        else:
            texts[-1] = f"{texts[-1]} {line.text}"
    return texts
