"""Comparisons: a table of options against criteria, every cell in the guidance's own words, by rules alone."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from assistant.listing import aspects
from assistant.outline import Group, Node, Outline
from assistant.question import kind, operands
from assistant.records import Cell, Comparison, Row, Sentence
from assistant.statements import Statement, StatementFinder, quoted, split_statements
from assistant.words import content_set, content_words
from corpus import Passage

Search = Callable[[str], Sequence[Passage]]

_DESCRIPTION = "What it is"
_POINTS = "What the guidance says of it"
_CELL_STATEMENTS = 6
_ROWS = 9
_JUDGEMENT_SCORE = 0.45
_COMPARING_WORDS = content_set(
    "compare comparison versus vs difference different differ contrast weigh against pros cons trade-off tradeoff tradeoffs side better best prefer approach approaches option options model models choose choice between guidance strategy organisation main key"
)


@dataclass(frozen=True, slots=True)
class Side:
    """One of the things compared. ``node`` is the heading it has in the guidance, None where it has none."""

    name: str
    own: frozenset[str]
    node: Node | None = None


@dataclass(frozen=True, slots=True)
class Compared:
    """A comparison with the statements outside of the table that weigh its options, best first."""

    comparison: Comparison
    judgement: tuple[Statement, ...]


class Comparer:
    """Draws comparisons from an outline of the guidance."""

    def __init__(self, outline: Outline, finder: StatementFinder, search: Search) -> None:
        self._outline = outline
        self._finder = finder
        self._search = search

    def sides(self, question: str) -> tuple[Side, ...]:
        """What the question compares, two or more; empty where the guidance has not two of it."""
        named = operands(question)
        group = self._group(question, named)
        if group is not None:
            found: dict[str, Side] = {}
            for text in named or (question,):
                for option in group.mentioned(text) or ():
                    found.setdefault(option.name, Side(option.name, option.own, option.node))
            if len(found) < 2 and len(group.mentioned(question)) >= 2:
                found = {
                    option.name: Side(option.name, option.own, option.node) for option in group.mentioned(question)
                }
            if not found and group.shared & content_set(question):
                found = {option.name: Side(option.name, option.own, option.node) for option in group.options}
            for text in named:
                side = None if group.mentioned(text) else self._unheaded(text)
                if side and found:
                    found.setdefault(side.name, side)
            if len(found) >= 2:
                return tuple(found.values())
        sides = tuple(side for text in named if (side := self._unheaded(text)))
        return sides if len(sides) >= 2 and kind(question) == "compare" else ()

    def compare(self, question: str, sides: Sequence[Side]) -> Compared | None:
        """The table; None where the guidance says something of fewer than two sides."""
        rows = self._owned_rows(sides)
        owned = {id(passage) for side in sides if side.node for passage in side.node.passages()}
        rows += self._mention_rows(
            sides, owned, {key for row in rows for cell in row.values() for key in _keys(cell[1])}
        )
        rows = self._focused(question, sides, rows)
        filled = {name for row in rows for name in row if name != ""}
        if len(filled) < 2:
            return None
        table = tuple(
            Row(
                _criterion(row),
                tuple(_cell(side.name, row[side.name][1]) if side.name in row else None for side in sides),
            )
            for row in rows[:_ROWS]
        )
        used = {key for row in rows for cell in row.values() for key in _keys(cell[1])}
        return Compared(
            Comparison(tuple(side.name for side in sides), table), self._judgement(question, sides, owned, used)
        )

    def _group(self, question: str, named: Sequence[str]) -> Group | None:
        """The options the question means: most of them named, or named together by the word they share."""
        stems = content_set(question)
        best = max(self._outline.groups, key=lambda group: len(group.mentioned(question)), default=None)
        if best is not None and best.mentioned(question):
            return best
        together = [group for group in self._outline.groups if group.shared & stems]
        return together[0] if together and not named else None

    def _unheaded(self, text: str) -> Side | None:
        """A side that has no heading of its own: known by the statements that name it."""
        own = content_set(text) - _COMPARING_WORDS
        if not own:
            return None
        passages = self._search(text)
        mentions = any(own <= content_set(passage.searched_text) for passage in passages)
        return Side(text[:1].upper() + text[1:], own) if mentions else None

    def _owned_rows(self, sides: Sequence[Side]) -> list[dict[str, tuple[str, list[Statement]]]]:
        """Rows from what stands under the sides' own headings, or names them."""
        rows: dict[frozenset[str], dict[str, tuple[str, list[Statement]]]] = {}
        for side in sides:
            if side.node is None:
                statements = [
                    s for p in self._search(side.name) for s in split_statements(p) if side.own <= content_set(s.text)
                ]
                if statements:
                    rows.setdefault(frozenset(), {})[side.name] = (_DESCRIPTION, statements[:_CELL_STATEMENTS])
                continue
            own = [statement for passage in side.node.own for statement in split_statements(passage)]
            if own:
                rows.setdefault(frozenset(), {})[side.name] = (_DESCRIPTION, own[:3])
            for child in side.node.children:
                label, key = _aspect(child.heading, side)
                statements = _leading(child)
                if statements:
                    key = next((known for known in rows if key and known and (known <= key or key <= known)), key)
                    row = rows.setdefault(key, {})
                    row.setdefault(side.name, (label if key else _DESCRIPTION, statements))
        return _merge_lonely(list(rows.values()), sides)

    def _mention_rows(
        self, sides: Sequence[Side], owned: set[int], used: set[tuple[str, int]]
    ) -> list[dict[str, tuple[str, list[Statement]]]]:
        """Rows from sections about something else whose statements name a side."""
        rows = []
        for node in self._outline.nodes:
            if not node.path:
                continue
            row: dict[str, tuple[str, list[Statement]]] = {}
            for passage in node.own:
                if id(passage) in owned:
                    continue
                for statement in split_statements(passage):
                    stems = content_set(statement.text)
                    named = [side for side in sides if side.own <= stems]
                    if len(named) > 1 and len(node.path) < 2:
                        continue
                    for side in named:
                        if statement.key not in used:
                            row.setdefault(side.name, (node.heading, []))[1].append(statement)
            if len(row) >= 2:
                rows.append(row)
        return rows

    def _focused(
        self, question: str, sides: Sequence[Side], rows: list[dict[str, tuple[str, list[Statement]]]]
    ) -> list[dict[str, tuple[str, list[Statement]]]]:
        """The rows that bear on what the question compares the sides for; all where it asks for no aspect."""
        named = frozenset().union(*(side.own for side in sides), *(content_set(side.name) for side in sides))
        focus = [word for word in content_words(question) if word not in named | _COMPARING_WORDS]
        asked = aspects(question)
        meant = [
            row for row in rows if content_set(_criterion(row)) & frozenset(focus) or aspects(_criterion(row)) & asked
        ]
        if meant:
            return meant
        if not focus or len(rows) <= 3:
            return rows
        strength = [
            max(s.score for s in self._finder.score(question, [s for cell in row.values() for s in cell[1]]))
            for row in rows
        ]
        best = sorted(range(len(rows)), key=lambda i: -strength[i])[:4]
        return [
            {
                name: (label, self._finder.score(question, statements)[:2])
                for name, (label, statements) in rows[i].items()
            }
            for i in sorted(best)
        ]

    def _judgement(
        self, question: str, sides: Sequence[Side], owned: set[int], used: set[tuple[str, int]]
    ) -> tuple[Statement, ...]:
        """Statements outside of the sides' own sections that weigh them: naming two of them, or best for the question."""
        pool = [
            statement
            for node in self._outline.nodes
            for passage in node.own
            if id(passage) not in owned
            for statement in split_statements(passage)
            if statement.key not in used
        ]
        weighing = [
            s for s in pool if sum(side.own <= content_set(s.text) for side in sides) >= 2 or not s.passage.path
        ]
        scored = self._finder.score(f"Which is better: {question}", weighing[:400])
        return tuple(statement for statement in scored[:2] if statement.score >= _JUDGEMENT_SCORE)


def _aspect(heading: str, side: Side) -> tuple[str, frozenset[str]]:
    """What a heading under a side is about without the side's name, for people and as stems to match rows by."""
    label = heading
    match = re.match(r"(.+?) (?:of|in|for|with|from) (?:the |an? )?(.+)$", heading)
    if match and side.own <= content_set(match.group(2)):
        label = match.group(1)
        return label, content_set(label) or frozenset({label.casefold()})
    return label, content_set(label) - content_set(side.name)


def _leading(node: Node) -> list[Statement]:
    """What a section says in brief: each item below it by its first statement, or its own statements."""
    if node.children:
        firsts = [split_statements(child.passages()[0])[:1] for child in node.children if child.passages()]
        return [statement for first in firsts for statement in first][:_CELL_STATEMENTS]
    own = [statement for passage in node.own for statement in split_statements(passage)]
    return own[:_CELL_STATEMENTS]


def _merge_lonely(
    rows: list[dict[str, tuple[str, list[Statement]]]], sides: Sequence[Side]
) -> list[dict[str, tuple[str, list[Statement]]]]:
    """Rows that only one side has, put together into one where no row but the description is shared.

    A text whose points have labels of their own ("Fragmentation", "Faster scaling") shares no criteria; a table in
    which every cell faces an empty one would say nothing.
    """
    shared = [row for row in rows if len(row) >= 2]
    lonely = [row for row in rows if len(row) == 1]
    if any(label != _DESCRIPTION for row in shared for label, _ in row.values()) or len(lonely) <= len(sides):
        return rows
    merged: dict[str, tuple[str, list[Statement]]] = {}
    for row in lonely:
        for name, (_, statements) in row.items():
            merged.setdefault(name, (_POINTS, []))[1].extend(statements[:1])
    return [*shared, merged] if len(merged) >= 2 else rows


def _criterion(row: dict[str, tuple[str, list[Statement]]]) -> str:
    return next(iter(row.values()))[0]


def _cell(option: str, statements: Sequence[Statement]) -> Cell:
    kept = list(statements)
    return Cell(
        option, " ".join(statement.text for statement in kept), tuple(statement.citation() for statement in kept)
    )


def _keys(statements: Iterable[Statement]) -> list[tuple[str, int]]:
    return [statement.key for statement in statements]


def compared_sentences(compared: Compared) -> tuple[Sentence, ...]:
    """A comparison in sentences: what weighs the options, or the first words of each where nothing does."""
    if compared.judgement:
        return tuple(quoted(statement) for statement in compared.judgement)
    cells = [cell for cell in compared.comparison.rows[0].cells if cell]
    return tuple(Sentence(cell.citations[0].quote, "supported", 1.0, cell.citations[:1]) for cell in cells)
