"""Tables that a page draws with rules: which lines stand in which cell, and each row as one line."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from corpus.rows import row_line
from corpus.words import Line, rejoined

_NEAR = 3.0
# A table has at least this many rules from left to right: over its head, under it and under its last row.
_LEAST_RULES = 3
_LEAST_WIDTH = 60.0
_GUTTER = 5.0
_LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight line, horizontal or vertical, as the box that it fills, in points from the lower left corner."""

    left: float
    right: float
    bottom: float
    top: float

    @property
    def level(self) -> bool:
        """Whether it is horizontal."""
        return self.right - self.left >= self.top - self.bottom


_Level = tuple[Rule, tuple[float, ...]]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: the heights of its rules from top to bottom, and where its columns end, from left to right.

    ``drawn`` says that these ends are drawn and not only left white.
    """

    heights: tuple[float, ...]
    edges: tuple[float, ...]
    drawn: bool

    def holds(self, line: Line) -> bool:
        middle = (line.left + line.right) / 2
        return self.heights[-1] < line.baseline < self.heights[0] and self.edges[0] < middle < self.edges[-1]

    def cell(self, line: Line) -> tuple[int, int]:
        """The row and the column that the line begins in."""
        row = sum(height > line.baseline for height in self.heights) - 1
        column = sum(edge < line.left + _NEAR for edge in self.edges) - 1
        return row, min(max(column, 0), len(self.edges) - 2)


def with_rows(lines: Sequence[Line], rules: Sequence[Rule], whole: Counter[str]) -> list[Line]:
    """The lines of a page, those of each table replaced by one line for each of its rows.

    ``whole`` counts the words of the document, to tell which hyphens at line ends are the word's own.
    """
    kept = list(lines)
    for grid in _grids(lines, rules):
        inside = [line for line in kept if grid.holds(line)]
        rows = _rows(grid, inside)
        named = bool(rows and _names([_paragraphs(cell, whole) for cell in rows[0]]))
        # Rules only around the head and under the last row: then each line that begins in the first column is a row.
        if len(grid.heights) == _LEAST_RULES:
            rows = [part for row in rows for part in _split(row)]
        beside = sum(len([cell for cell in row if cell]) > 1 for row in rows)
        # Two columns of running text have white between them too, but no names over them.
        if len(rows) < 2 or beside < 2 - named or not (named or grid.drawn):
            continue
        first = min(kept.index(line) for line in inside)
        kept = [line for line in kept if not grid.holds(line)]
        kept[first:first] = _told(rows, inside, whole)
    return kept


def _grids(lines: Sequence[Line], rules: Sequence[Rule]) -> list[Grid]:
    found = []
    for group in _stacked(_joined([rule for rule in rules if rule.level])):
        left, right = group[0][0].left, group[0][0].right
        heights, edges = _drawn(group, rules)
        stretches = [(heights, edges)] if edges else _written(lines, [rule.bottom for rule, _ in group], left, right)
        found += [
            Grid(tuple(heights), (left - _NEAR, *ends, right + _NEAR), drawn=bool(edges))
            for heights, ends in stretches
            if len(heights) >= _LEAST_RULES
        ]
    return found


def _joined(rules: Sequence[Rule]) -> list[_Level]:
    """Rules at one height that touch, as one, with the places at which they touch."""
    joined: list[_Level] = []
    for rule in sorted(rules, key=lambda rule: (-round(rule.bottom), rule.left)):
        before, breaks = joined[-1] if joined else (rule, ())
        if joined and abs(before.bottom - rule.bottom) < _NEAR and rule.left <= before.right + 2 * _NEAR:
            touching = (*breaks, rule.left) if rule.left > before.left + _NEAR and rule.right > before.right else breaks
            joined[-1] = (replace(before, right=max(before.right, rule.right)), touching)
        else:
            joined.append((rule, ()))
    return [(rule, breaks) for rule, breaks in joined if rule.right - rule.left >= _LEAST_WIDTH]


def _stacked(
    level: Sequence[_Level],
) -> list[list[_Level]]:
    """Rules that begin and end at the same places below one another, three or more."""
    groups: list[list[_Level]] = []
    for rule, breaks in level:
        for group in groups:
            above = group[-1][0]
            if abs(above.left - rule.left) < _NEAR and abs(above.right - rule.right) < _NEAR:
                if above.bottom - rule.bottom > _NEAR:
                    group.append((rule, breaks))
                break
        else:
            groups.append([(rule, breaks)])
    return [group for group in groups if len(group) >= _LEAST_RULES]


def _drawn(group: Sequence[_Level], rules: Sequence[Rule]) -> tuple[list[float], tuple[float, ...]]:
    """Where columns meet as it is drawn: by rules from top to bottom, or by where those from left to right touch.

    The first are the heights of the rules that belong to such a table; of a page's other rules, some are as wide.
    """
    left, right = group[0][0].left, group[0][0].right
    upright: list[list[Rule]] = []
    for rule in sorted((rule for rule in rules if not rule.level), key=lambda rule: rule.left):
        if upright and rule.left - upright[-1][-1].left < _NEAR:
            upright[-1].append(rule)
        elif left + _NEAR < rule.left < right - _NEAR:
            upright.append([rule])
    if upright:
        top, bottom = (
            max(rule.top for same in upright for rule in same),
            min(r.bottom for same in upright for r in same),
        )
        heights = [rule.bottom for rule, _ in group if bottom - _NEAR < rule.bottom < top + _NEAR]
        long = [same for same in upright if sum(rule.top - rule.bottom for rule in same) > 0.4 * (top - bottom)]
        if long:
            return heights, tuple(median(rule.left for rule in same) for same in long)
    touched = [(rule, breaks) for rule, breaks in group if breaks]
    clusters: list[list[float]] = []
    for place in sorted(place for _, breaks in touched for place in breaks):
        if clusters and place - clusters[-1][-1] < _NEAR:
            clusters[-1].append(place)
        else:
            clusters.append([place])
    edges = tuple(median(cluster) for cluster in clusters if len(cluster) > len(touched) / 2)
    return [rule.bottom for rule, _ in touched], edges


def _written(
    lines: Sequence[Line], heights: Sequence[float], left: float, right: float
) -> list[tuple[list[float], tuple[float, ...]]]:
    """Stretches of rules between which the text leaves strips free from top to bottom, with the strips."""
    found: list[tuple[list[float], tuple[float, ...]]] = []
    first = 0
    while first < len(heights) - 2:
        last, edges = first, tuple[float, ...]()
        for end in range(first + 2, len(heights)):
            free = _white_edges(lines, heights[first : end + 1], left, right)
            if not free:
                break
            last, edges = end, free
        if edges:
            found.append((list(heights[first : last + 1]), edges))
        first = max(first + 1, last)
    return found


def _white_edges(lines: Sequence[Line], heights: Sequence[float], left: float, right: float) -> tuple[float, ...]:
    """Where columns meet, by strips from top to bottom in which nothing is written."""
    within = [line for line in lines if heights[-1] < line.baseline < heights[0]]
    inside = [line for line in within if left - 1 < line.left < line.right < right + 1]
    edges: list[float] = []
    reached = left
    for line in sorted(inside, key=lambda line: line.left):
        if line.left - reached > _GUTTER and reached > left:
            edges.append((reached + line.left) / 2)
        reached = max(reached, line.right)
    filled = [sum(low < line.left < high for line in inside) for low, high in pairwise((left - 1, *edges, right))]
    return tuple(edges) if edges and min(filled) >= 2 and len(edges) < 12 else ()


def _rows(grid: Grid, inside: Sequence[Line]) -> list[list[list[Line]]]:
    """The lines of each cell of each row that is not empty, from top to bottom."""
    count = len(grid.edges) - 1
    rows: list[list[list[Line]]] = [[[] for _ in range(count)] for _ in range(len(grid.heights) - 1)]
    for line in sorted(inside, key=lambda line: (-round(line.baseline), line.left)):
        row, column = grid.cell(line)
        rows[row][column].append(line)
    return [row for row in rows if any(row)]


def _split(row: list[list[Line]]) -> list[list[list[Line]]]:
    heights = sorted({round(line.baseline) for line in row[0]}, reverse=True)
    beside = {
        height: any(abs(line.baseline - height) < _NEAR for cell in row[1:] for line in cell) for height in heights
    }
    if len(heights) < 2 or not all(beside.values()):
        return [row]
    parts: list[list[list[Line]]] = [[[] for _ in row] for _ in heights]
    for column, cell in enumerate(row):
        for line in cell:
            place = max(0, sum(height + _NEAR > line.baseline for height in heights) - 1)
            parts[place][column].append(line)
    return parts


def _told(rows: Sequence[list[list[Line]]], inside: Sequence[Line], whole: Counter[str]) -> list[Line]:
    """The rows as lines: each value with the name of its column, or where a cell holds several paragraphs, these."""
    told: list[Line] = []
    cells = [[_paragraphs(cell, whole) for cell in row] for row in rows]
    names = _names(cells[0])
    body = median(line.size for line in inside)
    for row, texts in list(zip(rows, cells, strict=True))[1 if names else 0 :]:
        first = max((cell[0] for cell in row if cell), key=lambda line: line.baseline)
        if all(len(text) <= 1 for text in texts):
            parts = [row_line(names, [text[0] if text else "" for text in texts])]
        else:
            parts = [paragraph for text in texts for paragraph in text]
        place = replace(first, left=min(line.left for line in inside), right=max(line.right for line in inside))
        told += [replace(place, text=part, size=body, bold=False, hyphenated=False, row=True) for part in parts]
    return told


def _names(cells: Sequence[list[str]]) -> list[str]:
    """The names of the columns, if that is what the first row holds: one short text for each."""
    texts = [text[0] if len(text) == 1 else "" for text in cells]
    short = all(text and len(text) <= _LONGEST_NAME and not text.endswith((".", ";")) for text in texts)
    return texts if short and not any(re.fullmatch(r"[\d.,%\s-]+", text) for text in texts) else []


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
