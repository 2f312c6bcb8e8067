"""The grids that the drawn lines of a page make: where the rows and columns of its tables lie, and which cells span."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

from corpus.rules import NEAR, Level, Rule, covered, pieced, reaches, stacked, together
from corpus.words import Line

LEAST_RULES = 3
"""A table has at least this many rules from left to right: over its head, under it and under its last row."""

_GUTTER = 5.0
_MOST_COLUMNS = 60
_MOST_ROWS = 2000
# Where only the ends of level rules show a column, words this far apart in letter sizes, or further, are of two cells.
_LOOSE = 0.6
_TIGHT = 0.12


_Cell = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: the heights of its rules from top to bottom, and where its columns end, from left to right.

    ``drawn`` says that these ends are drawn and not only left white, ``walled`` that they are so by rules from top to
    bottom. ``spans`` gives, for each cell that is one with others, the upper left one of them.
    """

    heights: tuple[float, ...]
    edges: tuple[float, ...]
    drawn: bool = False
    walled: bool = False
    spans: Mapping[_Cell, _Cell] = field(default_factory=dict)

    def holds(self, line: Line) -> bool:
        middle = (line.left + line.right) / 2
        return self.heights[-1] < line.baseline < self.heights[0] and self.edges[0] < middle < self.edges[-1]

    def cell(self, line: Line) -> _Cell:
        """The row and the column that the line begins in."""
        row = sum(height > line.baseline for height in self.heights) - 1
        column = sum(edge < line.left + NEAR for edge in self.edges) - 1
        return row, min(max(column, 0), len(self.edges) - 2)

    def first(self, cell: _Cell) -> _Cell:
        """The upper left one of the cells that are one with this."""
        return self.spans.get(cell, cell)

    def as_wide_as(self, other: "Grid") -> bool:
        """Whether both have the same columns, wherever on its page each begins."""
        shift = self.edges[0] - other.edges[0]
        return len(self.edges) == len(other.edges) and all(
            abs(edge - before - shift) < NEAR for edge, before in zip(self.edges, other.edges, strict=True)
        )


@dataclass(frozen=True, slots=True)
class Parting:
    """Where two cells of one row meet, and how many letter sizes lie at least between the words of both."""

    place: float
    bottom: float
    top: float
    least: float


def partings(rules: Sequence[Rule]) -> list[Parting]:
    """Where the rules of a page part the words of one line, from left to right."""
    found = []
    for grid in _drawn_grids(rules):
        least = _TIGHT if grid.walled else _LOOSE
        for column, edge in enumerate(grid.edges[1:-1]):
            for row, (top, bottom) in enumerate(pairwise(grid.heights)):
                if grid.first((row, column)) != grid.first((row, column + 1)):
                    found.append(Parting(edge, bottom, top, least))
    return sorted(found, key=lambda parting: parting.place)


def ruled(rules: Sequence[Rule]) -> list[Rule]:
    """The boxes between rules of one width that lie below one another, which may hold tables."""
    groups = stacked(pieced([rule for rule in rules if rule.level]))
    ends = [(group[0][0], group[-1][0]) for group in groups if len(group) >= LEAST_RULES]
    return [Rule(first.left, first.right, last.bottom, first.bottom) for first, last in ends]


def grids(lines: Sequence[Line], rules: Sequence[Rule]) -> list[Grid]:
    """The grids of a page: those that are drawn, and those whose columns the text, ``lines``, leaves free."""
    found = _drawn_grids(rules)
    for group in stacked(pieced([rule for rule in rules if rule.level])):
        left, right = group[0][0].left, group[0][0].right
        heights = [rule.bottom for rule, _ in group]
        # What lies in a drawn grid, or around one, parts the text above it from that below.
        for stretch in _outside(heights, found, left, right):
            found += [
                Grid(tuple(some), (left - NEAR, *ends, right + NEAR))
                for some, ends in _written(lines, stretch, left, right)
            ]
    return found


def _outside(heights: Sequence[float], found: Sequence[Grid], left: float, right: float) -> list[list[float]]:
    """Stretches of heights between which no grid lies."""
    own = [grid for grid in found if grid.edges[0] < right and grid.edges[-1] > left and grid.drawn]
    stretches: list[list[float]] = [[]]
    for height in heights:
        above = stretches[-1][-1] if stretches[-1] else height
        if any(grid.heights[0] > height - NEAR and grid.heights[-1] < above + NEAR for grid in own):
            stretches.append([])
        if not any(grid.heights[-1] - NEAR < height < grid.heights[0] + NEAR for grid in own):
            stretches[-1].append(height)
    return [stretch for stretch in stretches if len(stretch) >= LEAST_RULES]


def _drawn_grids(rules: Sequence[Rule]) -> list[Grid]:
    """The grids whose columns are drawn: by rules from top to bottom, or by where those from left to right touch."""
    upright = sorted((rule for rule in rules if not rule.level), key=lambda rule: rule.left)
    level = [rule for rule in rules if rule.level]
    found: list[Grid] = []
    for group in stacked(pieced(level)):
        left, right = group[0][0].left, group[0][0].right
        within = [rule for rule in upright if left - NEAR < rule.left < right + NEAR]
        walled = [grid for stretch in _walled(group, within) if (grid := _with_walls(stretch, within, level))]
        # A single row may be the last one of a table on the page before, but not the head of one that goes on below.
        walled = [grid for grid in walled if len(grid.heights) >= LEAST_RULES or _alone(grid, group)]
        if walled:
            found += walled
        elif grid := _touching(group):
            found.append(grid)
    return found


def _walled(group: Sequence[Level], upright: Sequence[Rule]) -> list[list[Rule]]:
    """The stretches of a group that rules from top to bottom hold together."""
    walls = together((rule.bottom, rule.top) for rule in upright)
    middles = [(above[0].bottom + below[0].bottom) / 2 for above, below in pairwise(group)]
    stretches = [[group[0][0]]]
    for (rule, _), held in zip(group[1:], covered(walls, middles), strict=True):
        if held:
            stretches[-1].append(rule)
        else:
            stretches.append([rule])
    return [stretch for stretch in stretches if len(stretch) >= 2]


def _with_walls(stretch: Sequence[Rule], upright: Sequence[Rule], level: Sequence[Rule]) -> Grid | None:
    """The grid between rules of one width whose columns are parted by rules from top to bottom."""
    left, right, top, bottom = stretch[0].left, stretch[0].right, stretch[0].bottom, stretch[-1].bottom
    walls = [rule for rule in upright if rule.bottom < top - NEAR and rule.top > bottom + NEAR]
    inner: list[list[Rule]] = []
    for rule in (rule for rule in walls if left + NEAR < rule.left < right - NEAR):
        if inner and rule.left - inner[-1][-1].left < NEAR:
            inner[-1].append(rule)
        else:
            inner.append([rule])
    closed = all(any(abs(rule.left - side) < NEAR for rule in walls) for side in (left, right))
    if not inner or (len(stretch) < LEAST_RULES and not closed):
        return None
    # Of a page's other rules, some are as wide.
    top = min(top, max(rule.top for same in inner for rule in same)) + NEAR
    bottom = max(bottom, min(rule.bottom for same in inner for rule in same)) - NEAR
    columns = [together((max(rule.bottom, bottom), min(rule.top, top)) for rule in same) for same in inner]
    long = [sum(high - low for low, high in column) > 0.4 * (top - bottom) for column in columns]
    columns = [column for column, kept in zip(columns, long, strict=True) if kept]
    places = [median(rule.left for rule in same) for same, kept in zip(inner, long, strict=True) if kept]
    edges = [left, *places, right]
    floors = [rule for rule in level if bottom < rule.bottom < top and reaches(rule, edges)]
    heights: list[list[Rule]] = []
    for rule in sorted(floors, key=lambda rule: -rule.bottom):
        if heights and heights[-1][0].bottom - rule.bottom < NEAR:
            heights[-1].append(rule)
        else:
            heights.append([rule])
    if not places or len(heights) < (2 if closed else LEAST_RULES):
        return None
    at = [same[0].bottom for same in heights]
    rows = [together((rule.left - NEAR, rule.right + NEAR) for rule in same) for same in heights[1:-1]]
    spans = _spans(at, edges, columns, rows)
    return Grid(tuple(at), (left - NEAR, *places, right + NEAR), drawn=True, walled=True, spans=spans)


def _alone(grid: Grid, group: Sequence[Level]) -> bool:
    top, bottom = grid.heights[0], grid.heights[-1]
    near = 3 * (top - bottom)
    return not any(
        top + NEAR < rule.bottom < top + near or bottom - near < rule.bottom < bottom - NEAR for rule, _ in group
    )


def _spans(
    heights: Sequence[float],
    edges: Sequence[float],
    columns: Sequence[Sequence[tuple[float, float]]],
    rows: Sequence[Sequence[tuple[float, float]]],
) -> dict[_Cell, _Cell]:
    """Which cells are one, because no rule is drawn between them: ``columns`` and ``rows`` say where there are some."""
    if len(heights) > _MOST_ROWS or len(edges) > _MOST_COLUMNS:
        return {}
    first: dict[_Cell, _Cell] = {}

    def find(cell: _Cell) -> _Cell:
        while cell in first:
            cell = first[cell]
        return cell

    def unite(one: _Cell, other: _Cell) -> None:
        low, high = sorted((find(one), find(other)))
        if low != high:
            first[high] = low

    for column, walls in enumerate(columns):
        for row, wall in enumerate(covered(walls, [(top + low) / 2 for top, low in pairwise(heights)])):
            if not wall:
                unite((row, column), (row, column + 1))
    for row, floors in enumerate(rows):
        for column, floor in enumerate(covered(floors, [(start + end) / 2 for start, end in pairwise(edges)])):
            if not floor:
                unite((row, column), (row + 1, column))
    whole: dict[_Cell, list[_Cell]] = {}
    for cell in first:
        whole.setdefault(find(cell), [find(cell)]).append(cell)
    return {
        cell: corner
        for corner, cells in whole.items()
        # What is no rectangle is no cell; the table is not ruled throughout.
        if len(cells) == (max(r for r, _ in cells) - corner[0] + 1) * (max(c for _, c in cells) - corner[1] + 1)
        for cell in cells
    }


def _touching(group: Sequence[Level]) -> Grid | None:
    """The grid whose columns are where the rules from left to right are pieced together."""
    left, right = group[0][0].left, group[0][0].right
    touched = [(rule, breaks) for rule, breaks in group if breaks]
    clusters: list[list[float]] = []
    for place in sorted(place for _, breaks in touched for place in breaks):
        if clusters and place - clusters[-1][-1] < NEAR:
            clusters[-1].append(place)
        else:
            clusters.append([place])
    edges = [median(cluster) for cluster in clusters if len(cluster) > len(touched) / 2]
    if not edges or len(touched) < LEAST_RULES:
        return None
    heights = tuple(rule.bottom for rule, _ in touched)
    return Grid(heights, (left - NEAR, *edges, right + NEAR), drawn=True)


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
