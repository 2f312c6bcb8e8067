"""Comparisons: a table of options against criteria, every cell in the guidance's own words, by rules alone."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from statistics import fmean, pstdev

from assistant.balancing import apart, in_prose
from assistant.criteria import COMPARING_WORDS, criteria
from assistant.enumerated import points
from assistant.headings import Node
from assistant.judgment import Judgment
from assistant.options import Group, Option
from assistant.outline import Outline
from assistant.polarity import UNLABELLED, speaks_for
from assistant.question import kind, operands
from assistant.records import Cell, Comparison, Row, Sentence
from assistant.sides import ADVANTAGES, SIDE_WORDS, SIDES, aspects, side_named, sided
from assistant.statements import Statement, StatementFinder, quoted, split_statements
from assistant.words import content_set
from corpus import Passage

Search = Callable[[str], Sequence[Passage]]
Cells = dict[str, tuple[str, list[Statement]]]
"""One row before it is drawn: for each side its criterion and the statements."""

_DESCRIPTION = "What it is"
_POINTS = "What the guidance says of it"
_FOR, _AGAINST = "What speaks for it", "What speaks against it"
_CELL_STATEMENTS = 6
_CELL_CHARACTERS = 700
_POINTS_CHARACTERS = 1_500
"""The most in a cell of points, which are given whole as far as they fit."""
_ROWS = 9
_ALONE = 3
_TO_THE_POINT, _BESIDE_PLAIN, _PERHAPS, _STANDS_OUT = 0.6, 0.42, 0.35, 1.6
"""When a statement bears on an aspect: by its score alone, or by a lower score that stands out from the side's others."""
_JUDGEMENT_SCORE = 0.45
_REST = re.compile(r"\b(?:others?|the rest|alternatives?)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Side:
    """One of the things compared. ``node`` is the heading it has in the guidance, None where it has none."""

    name: str
    own: frozenset[str]
    node: Node | None = None


@dataclass(frozen=True, slots=True)
class Compared:
    """A comparison with the sentences outside of the table that weigh its options, best first.

    ``focused`` where the rows are those of the aspects that the question asks for; ``missed`` where it asks for some and
    nothing is said about them.
    """

    comparison: Comparison
    judgement: tuple[Sentence, ...]
    focused: bool = False
    missed: bool = False


class Comparer:
    """Draws comparisons from an outline of the guidance."""

    def __init__(self, outline: Outline, finder: StatementFinder, search: Search, judgment: Judgment) -> None:
        self._outline = outline
        self._finder = finder
        self._search = search
        self._judgment = judgment

    def sides(self, question: str) -> tuple[Side, ...]:
        """What the question compares, two or more; empty where the guidance has not two of it."""
        named = operands(question)
        group = self._group(question)
        if group is not None:
            found: dict[str, Side] = {}
            named_alone = any(group.mentioned(text) for text in named)
            for text in named or (question,):
                for option in group.mentioned(text) or ():
                    found.setdefault(option.name, Side(option.name, option.own, option.node))
            if (len(found) < 2 or not named_alone) and len(group.mentioned(question)) >= 2:
                found = {
                    option.name: Side(option.name, option.own, option.node) for option in group.mentioned(question)
                }
            elif not found or not named_alone or _REST.search(question):
                found = {option.name: Side(option.name, option.own, option.node) for option in group.options}
            for option in group.mentioned(question) if found else ():
                found.setdefault(option.name, Side(option.name, option.own, option.node))
            own = frozenset().union(*(option.own for option in group.mentioned(question)))
            by = content_set(" ".join(criteria(question, own | group.shared, own)))
            for text in named if named_alone else ():
                known = group.mentioned(text) or _REST.search(text) or aspects(text) & SIDES or content_set(text) <= by
                side = None if known else self.unheaded(text)
                if side and found:
                    found.setdefault(side.name, side)
            if len(found) >= 2:
                return tuple(found.values())
        sides = tuple(side for text in named if (side := self.unheaded(text)))
        return sides if len(sides) >= 2 and kind(question) == "compare" else ()

    def several(self, question: str) -> tuple[Side, ...]:
        """The options, two or more, of each of which a question asks for what speaks for it or against it."""
        named: Sequence[Option] = self._outline.named(question)
        if not named:
            group = self._outline.together(question)
            named = group.options if group else ()
        return tuple(Side(option.name, option.own, option.node) for option in named) if len(named) >= 2 else ()

    def compare(self, question: str, sides: Sequence[Side], by: frozenset[int] = frozenset()) -> Compared | None:
        """The table, ``by`` drawbacks or advantages where they are given; None where less than two sides are told of."""
        rows = self._owned_rows(sides)
        owned = {passage.id for side in sides if side.node for passage in side.node.passages()}
        rows += self._mention_rows(
            sides, owned, {key for row in rows for cell in row.values() for key in _keys(cell[1])}
        )
        if len({name for row in rows for name in row}) < 2:
            return None
        missed = False
        if by:
            rows, focused = [row for row in rows if aspects(_criterion(row)) & by or _criterion(row) == _POINTS], True
            if len({name for row in rows for name in row}) < 2:
                return None
        else:
            rows, focused, missed = self._focused(question, sides, rows)
        table = tuple(
            Row(
                _criterion(row),
                tuple(_cell(side.name, row[side.name][1]) if side.name in row else None for side in sides),
            )
            for row in rows[:_ROWS]
        )
        used = {key for row in rows for cell in row.values() for key in _keys(cell[1])}
        return Compared(
            Comparison(tuple(side.name for side in sides), table),
            self._judgement(question, sides, owned, used),
            focused,
            missed,
        )

    def _group(self, question: str) -> Group | None:
        """The options the question means: most of them named, or named together by the word they share."""
        return self._outline.rivals(question) or self._outline.together(question)

    def unheaded(self, text: str) -> Side | None:
        """A side that has no heading of its own: known by the statements that name it."""
        own = content_set(text) - COMPARING_WORDS
        if not own:
            return None
        passages = self._search(text)
        mentions = any(own <= content_set(passage.searched_text) for passage in passages)
        return Side(text[:1].upper() + text[1:], own) if mentions else None

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

    def _owned_rows(self, sides: Sequence[Side]) -> list[Cells]:
        """Rows from what stands under the sides' own headings, or names them."""
        rows: dict[frozenset[str], Cells] = {}
        for side in sides:
            if side.node is None:
                said = self.said_of(side)
                for label, value in ((_FOR, True), (_AGAINST, False)):
                    told = [s for s in said if speaks_for(s.text, least=UNLABELLED) is value]
                    if told:
                        rows.setdefault(_key_of(label), {})[side.name] = (label, told[:_CELL_STATEMENTS])
                used = {key for row in rows.values() if side.name in row for key in _keys(row[side.name][1])}
                statements = [s for s in said if s.key not in used]
                if statements:
                    rows.setdefault(frozenset(), {})[side.name] = (_DESCRIPTION, statements[:_CELL_STATEMENTS])
                continue
            parted = None if sided(side.node.children) else apart(side.node)
            if parted is not None and not side.node.children:
                *_, own = in_prose(side.node)
            else:
                own = [statement for passage in side.node.own for statement in split_statements(passage)]
            if own:
                rows.setdefault(frozenset(), {})[side.name] = (_DESCRIPTION, own)
            if parted is not None:
                for label, points_told in zip((_FOR, _AGAINST), parted, strict=True):
                    rows.setdefault(_key_of(label), {})[side.name] = (label, list(points_told))
                continue
            for child in side.node.children:
                label, key = _aspect(child, side)
                statements = _leading(child)
                if statements:
                    key = next((known for known in rows if key and known and (known <= key or key <= known)), key)
                    row = rows.setdefault(key, {})
                    row.setdefault(side.name, (label if key else _DESCRIPTION, statements))
        return _merge_lonely(list(rows.values()), sides)

    def _mention_rows(self, sides: Sequence[Side], owned: set[str], used: set[tuple[str, int]]) -> list[Cells]:
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
                    named = [side for side in sides if side.own <= stems and len(statement.text) <= _CELL_CHARACTERS]
                    if len(named) > 1 and len(node.path) < 2:
                        continue
                    for side in named:
                        if statement.key not in used:
                            row.setdefault(side.name, (node.name, []))[1].append(statement)
            if len(row) >= 2:
                rows.append(row)
        return rows

    def _focused(self, question: str, sides: Sequence[Side], rows: list[Cells]) -> tuple[list[Cells], bool, bool]:
        """The rows for what the question compares the sides by, or all; whether it names what is told, or only what is not.

        An aspect that is a criterion, in whatever word, keeps its row; of any other each side gets what bears on it.
        """
        named = frozenset().union(*(side.own for side in sides), *(content_set(side.name) for side in sides))
        meant: list[Cells] = []
        asked_by = criteria(question, named, frozenset().union(*(side.own for side in sides)))
        for aspect in asked_by:
            plainly = content_set(aspect) <= SIDE_WORDS | COMPARING_WORDS
            asked = aspects(aspect) & SIDES if plainly else frozenset()
            kept = [row for row in rows if aspects(_criterion(row)) & asked]
            if not kept and asked:
                kept = [row for row in rows if _criterion(row) == _POINTS]
            said = content_set(aspect)
            kept = kept or [row for row in rows if said and said <= content_set(_criterion(row))]
            own = {} if kept else self._by_aspect(aspect, sides, rows)
            if not kept and not any(cell[1][0].score >= _TO_THE_POINT for cell in own.values()):
                kept = [row for row in rows if content_set(aspect) & content_set(_criterion(row))]
            kept = kept or ([own] if own else [])
            meant += [row for row in kept if row not in meant]
        return (meant, True, False) if meant else (rows, False, bool(asked_by))

    def _by_aspect(self, aspect: str, sides: Sequence[Side], rows: Sequence[Cells]) -> Cells:
        """What is said of each side about one aspect; empty where nothing is."""
        label = aspect[:1].upper() + aspect[1:]
        pools = {side.name: self._pool(side, sides, rows) for side in sides}
        # All in one go, so that a score means the same for every side.
        alone = {key: _under_last_heading(statement) for pool in pools.values() for key, statement in pool.items()}
        scored = self._finder.score(aspect, list(alone.values()))
        found: dict[str, tuple[list[Statement], bool]] = {}
        for name, pool in pools.items():
            own = [replace(pool[one.key], score=one.score) for one in scored if one.key in pool]
            scores = [statement.score for statement in own]
            if scores:
                apart = (scores[0] - fmean(scores)) / (pstdev(scores) or 1.0)
                found[name] = (own, apart >= _STANDS_OUT or len(scores) <= _ALONE)
        # Where one side plainly speaks of the aspect, another that hardly does is silent on it.
        plain = any(statements[0].score >= _TO_THE_POINT for statements, _ in found.values())
        row: Cells = {}
        for name, (statements, stands_out) in found.items():
            told = [s for s in statements if s.score >= _TO_THE_POINT]
            kept = ([s for s in told if not self._finder.announces(s)] or told)[:2]
            if not kept and stands_out and statements[0].score >= (_BESIDE_PLAIN if plain else _PERHAPS):
                kept = statements[:1]
            if kept:
                row[name] = (label, kept)
        return row

    def _pool(self, side: Side, sides: Sequence[Side], rows: Sequence[Cells]) -> dict[tuple[str, int], Statement]:
        """All that is said of a side: in the rows, under headings that name it, and in its own sections."""
        pool = {s.key: s for cells in rows if side.name in cells for s in cells[side.name][1]}
        pool |= {s.key: s for s in self._headed(side, sides)}
        if side.node is not None:
            pool |= {s.key: s for passage in side.node.passages() for s in split_statements(passage)}
        return pool

    def _headed(self, side: Side, sides: Sequence[Side]) -> list[Statement]:
        """What stands under headings elsewhere that name this side and no other one, compared or not."""
        options = {option.own for group in self._outline.groups[:1] for option in group.options}
        others = (options | {other.own for other in sides}) - {side.own}
        named = (
            node
            for node in self._outline.nodes
            if side.own <= content_set(node.heading) and not any(other <= content_set(node.heading) for other in others)
        )
        return [s for node in named for passage in node.own for s in split_statements(passage)]

    def _judgement(
        self, question: str, sides: Sequence[Side], owned: set[str], used: set[tuple[str, int]]
    ) -> tuple[Sentence, ...]:
        """What the guidance says over its options, or statements outside of the sides' own sections that name both."""
        if any(side.node for side in sides) and self._judgment.sentences():
            return self._judgment.sentences()
        pool = [
            statement
            for node in self._outline.nodes
            for passage in node.own
            if passage.id not in owned
            for statement in split_statements(passage)
            if statement.key not in used and len(statement.text) <= _CELL_CHARACTERS
        ]
        weighing = [s for s in pool if sum(side.own <= content_set(s.text) for side in sides) >= 2]
        scored = self._finder.score(f"Which is better: {question}", weighing[:400])
        return tuple(quoted(statement) for statement in scored[:2] if statement.score >= _JUDGEMENT_SCORE)


def _under_last_heading(statement: Statement) -> Statement:
    """The statement as if only its last heading stood over it: those above tell what a whole chapter is about."""
    return replace(statement, passage=replace(statement.passage, path=statement.passage.path[-1:]))


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


def _leading(node: Node) -> list[Statement]:
    """What a section says in brief: each item below it by its first statement, or its own statements."""
    if node.children:
        firsts = [split_statements(child.passages()[0])[:1] for child in node.children if child.passages()]
        return [statement for first in firsts for statement in first][:_CELL_STATEMENTS]
    own = [statement for passage in node.own for statement in split_statements(passage)]
    return points(node) or own[:_CELL_STATEMENTS]


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
            merged.setdefault(name, (_POINTS, []))[1].extend(statements[:1])
    return [*shared, merged] if len(merged) >= 2 else rows


def _criterion(row: Cells) -> str:
    return next(iter(row.values()))[0]


def _cell(option: str, statements: Sequence[Statement]) -> Cell:
    most = _CELL_CHARACTERS if len(statements) <= _CELL_STATEMENTS else _POINTS_CHARACTERS
    kept = list(statements[:1])
    for statement in statements[1:]:
        if sum(len(one.text) for one in kept) + len(statement.text) <= most:
            kept.append(statement)
    return Cell(
        option, " ".join(statement.text for statement in kept), tuple(statement.citation() for statement in kept)
    )


def _keys(statements: Iterable[Statement]) -> list[tuple[str, int]]:
    return [statement.key for statement in statements]


def _told(cell: Cell, own: frozenset[str]) -> Sentence:
    """What a cell begins with; where those words do not say of which option, its name before them."""
    quote = cell.citations[0].quote
    text = quote if own <= content_set(quote) else f"{cell.option}: {quote}"
    return Sentence(text, "supported", 1.0, cell.citations[:1])


def compared_sentences(compared: Compared) -> tuple[Sentence, ...]:
    """A comparison in sentences: what is said of each side by what was asked for, and what weighs the options.

    Where nothing weighs them, the first words of each.
    """
    first = compared.comparison.rows[0].cells
    shared = frozenset.intersection(*(content_set(option) for option in compared.comparison.options))
    cells = [_told(cell, content_set(cell.option) - shared) for cell in first if cell]
    if compared.focused:
        return tuple({one.text: one for one in (*cells, *compared.judgement[: 1 if cells else 2])}.values())
    return compared.judgement or tuple({one.text: one for one in cells}.values())
