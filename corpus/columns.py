"""Tables in plain text: columns parted by bars or tabs, or aligned by blanks.

Prose must stay prose, so what may be either is none: a table has a line of names, or three columns and more.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from corpus.characters import one_line
from corpus.rows import row_line

_MOST_ROWS, _MOST_COLUMNS, _LONGEST_NAME, _WIDEST = 5000, 30, 60, 400
_BETWEEN_ROWS = re.compile(r"^(?=.*[-=]{2})[-=+|:\s]+$")
_GAP = re.compile(r"(?<=\S) {2,}(?=\S)")
_TABS = re.compile(r"\s*\t\s*")
_NO_NAME = re.compile(r"[.;!?,:]$|^[\W_]+$|\.{3}|://|[=<>{}]")
_YEAR = re.compile(r"^(?:19|20)\d\d$")
_MARK = re.compile(r"^(?:[^\w\s]|o|\(?(?:\d{1,3}(?:\.\d{1,3})*|[A-Za-z]|[ivxIVX]{1,5})[.)]?)$")
# Of two columns of running text, lines are longer than this.
_LONGEST_USUAL = 32


@dataclass(frozen=True, slots=True)
class Table:
    """The rows as lines of text, and the place of the line after the last of them."""

    rows: list[str]
    end: int


def tables(source: Sequence[str]) -> dict[int, Table]:
    """The tables among the lines of a text, by the place of the first line of each."""
    found: dict[int, Table] = {}
    for first, end in _stretches(source):
        lines = [line.rstrip() for line in source[first:end]]
        for parted in (_by_bars, _by_tabs, _by_blanks):
            rows = _told(*parted(lines))
            if rows:
                found[first] = Table(rows, end)
                break
    return found


def _stretches(source: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Lines that follow one another and each have parts, with lines between and under them that go on."""
    first = None
    for place, line in enumerate((*source, "")):
        parted = "|" in line or "\t" in line.strip() or bool(_GAP.search(line[:_WIDEST]))
        goes_on = first is not None and bool(line.strip()) and (line.startswith("  ") or _is_between(line))
        if parted and first is None:
            first = place
        elif first is not None and not (parted or goes_on):
            if 2 <= place - first <= _MOST_ROWS and max(map(len, source[first:place])) <= 10 * _WIDEST:
                yield first, place
            first = None


def _is_between(line: str) -> bool:
    return bool(_BETWEEN_ROWS.match(line))


def _head_is_drawn(lines: Sequence[str]) -> bool:
    """Whether a line is drawn under the first line with text."""
    first = next((place for place, line in enumerate(lines) if not _is_between(line)), len(lines))
    return any(_is_between(line) for line in lines[first + 1 : first + 2])


_Parted = tuple[list[list[str]], bool]
"""The cells of each line, and whether a line is drawn under the first; no cells where the lines make no table."""


def _by_bars(lines: Sequence[str]) -> _Parted:
    kept = [line.strip() for line in lines if not _is_between(line)]
    rows = [[one_line(cell) for cell in line.strip("|").split("|")] for line in kept if "|" in line]
    framed = all(line.startswith("|") and line.endswith("|") for line in kept)
    drawn = _head_is_drawn(lines)
    same = len(rows) == len(kept) and len({len(row) for row in rows}) == 1
    return (rows, framed or drawn) if same and (framed or drawn or len(rows) > 2) else ([], False)


def _by_tabs(lines: Sequence[str]) -> _Parted:
    kept = [line.strip() for line in lines if not _is_between(line)]
    rows = [[one_line(cell) for cell in _TABS.split(line)] for line in kept]
    alike = len({len(row) for row in rows}) == 1 and len(kept) > 1
    return (rows, _head_is_drawn(lines)) if alike else ([], False)


def _by_blanks(lines: Sequence[str]) -> _Parted:
    """Cells between strips of blanks, two or wider, that no line writes in."""
    kept = [line.expandtabs(8) for line in lines if not _is_between(line)]
    width = max((len(line) for line in kept), default=0)
    if len(kept) < 3 or width > _WIDEST:
        return [], False
    blank = [all(line[place : place + 1] in ("", " ") for line in kept) for place in range(width)]
    edges = [place for place in range(2, width) if blank[place - 1] and blank[place - 2] and not blank[place]]
    start = next((place for place, free in enumerate(blank) if not free), 0)
    edges = [start, *(edge for edge in edges if edge > start), width]
    rows: list[list[str]] = []
    for line in kept:
        cells = [one_line(line[begin:end]) for begin, end in pairwise(edges)]
        if len(rows) > 1 and not cells[0] and sum(map(bool, cells)) < len(cells) - 1:
            # A cell that goes on in the line below it.
            rows[-1] = [one_line(f"{above} {below}") for above, below in zip(rows[-1], cells, strict=True)]
        else:
            rows.append(cells)
    lengths = sorted(len(cell) for row in rows for cell in row if cell)
    usual = lengths[len(lengths) // 2] if lengths else 0
    beside = sum(sum(map(bool, row)) > 1 for row in rows)
    if len(rows) < 3 or usual > _LONGEST_USUAL or beside < len(rows):
        return [], False
    return rows, _head_is_drawn(lines)


def _told(rows: Sequence[Sequence[str]], drawn: bool) -> list[str]:
    """The rows as lines with the names of their columns; none where they are no table."""
    if not rows or not 2 <= len(rows[0]) <= _MOST_COLUMNS or _MARK.match(rows[0][0]):
        return []
    names, below = rows[0], rows[1:]
    named = all(_is_name(cell, drawn) for cell in names[1:]) and (not names[0] or _is_name(names[0], drawn))
    if not below or any(row[0].endswith(":") for row in rows):
        return []
    if len(names) == 2:
        numbers = sum(any(map(str.isdigit, row[1])) for row in below)
        # Two columns may as well be who speaks and what is said, or a word and its page.
        if not named or not (drawn or 3 * numbers >= 2 * len(below) > 2):
            return []
    return [line for row in (below if named else rows) if (line := row_line(names if named else (), row))]


def _is_name(cell: str, drawn: bool) -> bool:
    if not cell or len(cell) > _LONGEST_NAME or _NO_NAME.search(cell):
        return False
    if re.fullmatch(r"[\W\d]+", cell):
        return bool(_YEAR.match(cell))
    return drawn or not (any(map(str.isdigit, cell)) or cell[0].islower())
