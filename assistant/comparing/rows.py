"""The rows of a comparison before it is drawn: what stands under each side's headings, and what names it elsewhere."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from assistant.contents.balancing import apart, in_prose
from assistant.contents.enumerated import points
from assistant.contents.finder import StatementFinder
from assistant.contents.headings import Node
from assistant.contents.listing import announcing
from assistant.contents.options import Option
from assistant.contents.outline import Outline, first_of
from assistant.contents.polarity import UNLABELLED, speaks_for
from assistant.contents.sides import ADVANTAGES, SIDES, aspects, side_named, sided
from assistant.contents.statements import Statement, split_statements
from assistant.words import content_set
from corpus import Passage

Search = Callable[[str], Sequence[Passage]]
Cells = dict[str, tuple[str, list[Statement]]]
"""One row before it is drawn: for each side its criterion and the statements."""

_DESCRIPTION = "What it is"
POINTS = "What the guidance says of it"
_FOR, _AGAINST = "What speaks for it", "What speaks against it"
CELL_STATEMENTS = 6
CELL_CHARACTERS = 700


@dataclass(frozen=True, slots=True)
class Side:
    """One of the things compared. ``node`` is the heading it has in the guidance, None where it has none."""

    name: str
    own: frozenset[str]
    node: Node | None = None

    @classmethod
    def of(cls, option: Option) -> "Side":
        """An option as one of the things compared."""
        return cls(option.name, option.own, option.node)

    def named_in(self, text: str) -> bool:
        """Whether a text has all of its own words, or calls it by its label ("Option A")."""
        return self.own <= content_set(text) or (self.node is not None and self.node.labelled_in(text))


class Rows:
    """Rows from an outline of the guidance; ``search`` gives the passages nearest to a text."""

    def __init__(self, outline: Outline, finder: StatementFinder, search: Search) -> None:
        self._outline = outline
        self._finder = finder
        self._search = search

    def all(self, sides: Sequence[Side]) -> list[Cells]:
        """What stands under the sides' own headings, then what names them in sections about something else."""
        rows = self._owned(sides)
        used = {key for row in rows for cell in row.values() for key in keys(cell[1])}
        return rows + self._mentioned(sides, owned(sides), used)

    def said_of(self, side: Side) -> list[Statement]:
        """What names a side that has no heading of its own, and what goes on about it."""
        nearest = {passage.id for passage in self._search(side.name)}
        found: list[Statement] = []
        for node in self._outline.nodes:
            naming = False
            for passage in node.own:
                for statement in split_statements(passage):
                    names = passage.id in nearest and side.own <= content_set(statement.text)
                    naming = names or (naming and self._finder.goes_on(statement))
                    if naming:
                        found.append(statement)
        return found

    def _owned(self, sides: Sequence[Side]) -> list[Cells]:
        """Rows from what stands under the sides' own headings, or names them."""
        rows: dict[frozenset[str], Cells] = {}
        for side in sides:
            if side.node is None:
                said = self.said_of(side)
                for label, value in ((_FOR, True), (_AGAINST, False)):
                    told = [s for s in said if speaks_for(s.text, least=UNLABELLED) is value]
                    if told:
                        rows.setdefault(_key_of(label), {})[side.name] = (label, told[:CELL_STATEMENTS])
                used = {key for row in rows.values() if side.name in row for key in keys(row[side.name][1])}
                statements = [s for s in said if s.key not in used]
                if statements:
                    rows.setdefault(frozenset(), {})[side.name] = (_DESCRIPTION, statements[:CELL_STATEMENTS])
                continue
            parted = None if sided(side.node.children) else apart(side.node)
            if parted is not None and not side.node.children:
                *_, own = in_prose(side.node)
            else:
                own = [statement for passage in side.node.own for statement in split_statements(passage)]
            cells = self._outline.cells_of(side.node)
            if own := outside_of(cells, own):
                rows.setdefault(frozenset(), {})[side.name] = (_DESCRIPTION, own)
            if parted is not None:
                for label, points_told in zip((_FOR, _AGAINST), parted, strict=True):
                    rows.setdefault(_key_of(label), {})[side.name] = (label, list(points_told))
            for child in (*(() if parted else side.node.children), *cells):
                label, key = _aspect(child, side)
                statements = _leading(child, self._outline)
                if statements:
                    key = next((known for known in rows if key and known and (known <= key or key <= known)), key)
                    row = rows.setdefault(key, {})
                    row.setdefault(side.name, (label if key else _DESCRIPTION, statements))
        return _merge_lonely(list(rows.values()), sides)

    def _mentioned(self, sides: Sequence[Side], owned: set[str], used: set[tuple[str, int]]) -> list[Cells]:
        """Rows from sections about something else whose statements name a side."""
        rows = []
        for node in self._outline.nodes:
            if not node.path:
                continue
            row: Cells = {}
            for passage in node.own:
                if passage.id in owned:
                    continue
                for statement in split_statements(passage):
                    stems = content_set(statement.text)
                    named = [side for side in sides if side.own <= stems and len(statement.text) <= CELL_CHARACTERS]
                    if len(named) > 1 and len(node.path) < 2:
                        continue
                    for side in named:
                        if statement.key not in used:
                            row.setdefault(side.name, (node.name, []))[1].append(statement)
            if len(row) >= 2:
                rows.append(row)
        return rows


def outside_of(cells: Sequence[Node], statements: Iterable[Statement]) -> list[Statement]:
    """The statements that are no rows of the table that has these cells: a row says something of every option."""
    places = [(passage.document, passage.start) for cell in cells for passage in cell.own]
    return [
        one
        for one in statements
        if not any(document == one.passage.document and one.start <= start < one.end for document, start in places)
    ]


def _key_of(criterion: str) -> frozenset[str]:
    """What rows are matched by: the side that a criterion names, or its stems."""
    named = aspects(criterion) & SIDES
    if len(named) == 1:
        return frozenset({_FOR if ADVANTAGES in named else _AGAINST})
    return content_set(criterion)


def _aspect(node: Node, side: Side) -> tuple[str, frozenset[str]]:
    """What a heading under a side is about without the side's name, for people and to match rows by."""
    label = node.name
    match = re.match(r"(.+?) (?:of|in|for|with|from) (?:the |an? )?(.+)$", label)
    whole = match is None or not side.own <= content_set(match.group(2))
    if match and not whole:
        label = match.group(1)
    if len(side_named(node)) == 1:
        return label, _key_of(label)
    own = content_set(label) - content_set(side.name) if whole else content_set(label)
    return label, own or (frozenset() if whole else frozenset({label.casefold()}))


def _leading(node: Node, outline: Outline) -> list[Statement]:
    """What a section says in brief: what announces its items, the first statement of each, or all its own."""
    if node.children:
        items = (statement for child in node.children for statement in first_of(child))
        return [*announcing(node, outline), *items][:CELL_STATEMENTS]
    own = [statement for passage in node.own for statement in split_statements(passage)]
    return points(node) or own[:CELL_STATEMENTS]


def _merge_lonely(rows: list[Cells], sides: Sequence[Side]) -> list[Cells]:
    """Rows that only one side has, put together into one where no row but the description is shared.

    A text whose points have labels of their own ("Fragmentation", "Faster scaling") shares no criteria; a table in
    which every cell faces an empty one would say nothing.
    """
    shared = [row for row in rows if len(row) >= 2]
    lonely = [row for row in rows if len(row) == 1]
    if any(label != _DESCRIPTION for row in shared for label, _ in row.values()) or len(lonely) <= len(sides):
        return rows
    merged: Cells = {}
    for row in lonely:
        for name, (_, statements) in row.items():
            merged.setdefault(name, (POINTS, []))[1].extend(statements[:1])
    return [*shared, merged] if len(merged) >= 2 else rows


def criterion(row: Cells) -> str:
    """What a row is about, in the words of the first side that has it."""
    return next(iter(row.values()))[0]


def owned(sides: Sequence[Side]) -> set[str]:
    """The ids of the passages that stand under the headings of sides."""
    return {passage.id for side in sides if side.node for passage in side.node.passages()}


def keys(statements: Iterable[Statement]) -> list[tuple[str, int]]:
    """What tells statements apart."""
    return [statement.key for statement in statements]
