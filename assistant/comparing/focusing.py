"""The aspects that a question compares by: the rows that are about them, or what each side says that bears on them."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from statistics import fmean, pstdev

from assistant.comparing.rows import POINTS, Cells, Side, criterion, outside_of
from assistant.contents.finder import StatementFinder
from assistant.contents.of_each import without_options
from assistant.contents.options import Group
from assistant.contents.outline import Outline
from assistant.contents.sides import SIDE_WORDS, SIDES, aspects
from assistant.contents.statements import Statement, split_statements
from assistant.models.calibrated import logit
from assistant.questions.criteria import COMPARING_WORDS, criteria
from assistant.words import content_set
from corpus import Passage

_ALONE = 3
_TO_THE_POINT, _BESIDE_PLAIN, _PERHAPS, _STANDS_OUT = 0.6, 0.42, 0.35, 1.6
"""When a statement bears on an aspect: by its score alone, or by a lower score that stands out from the side's others."""
_READ = 6
"""How many statements of a side a model reads."""
_OF_YES, _OF_SCORE, _OF_NEARNESS = 0.775, 3.0, 3.0
"""How much the log odds of the yes to a statement, its score and its nearness in meaning count: what it is worth."""
_USUAL = 0.33
"""The nearness in meaning of what nothing is known of."""
_ANY, _EACH, _SECOND = 1.3, 1.0, 2.0
"""What the best of all sides has to be worth, what the best of a side, and how much less another one of it may be."""

_WH = re.compile(r"(?:what|who|whose|which|where|when|why|how)\b", re.IGNORECASE)
_DOES = re.compile(
    r"(?:gets|keeps|makes|gives|brings|takes|helps|lets|leads|leaves|saves|fits|works|serves|suits|reaches|delivers|produces|causes"
    r"|creates|needs|does|has|is) \w+",
    re.IGNORECASE,
)
_SETS_APART = re.compile(r"\b(?:whereas|while|unlike|by contrast|in contrast)\b", re.IGNORECASE)
"""Says something of one and something else of another ("A costs a lot, whereas B ...")."""
_BY_MEANING = 12
"""How many statements are taken for their meaning alone, wherever they stand."""

Read = Callable[[str, Statement], float]
"""How surely a statement answers a question, a probability."""


class Focus:
    """Keeps a comparison to what the question compares by."""

    def __init__(self, outline: Outline, finder: StatementFinder, search: Callable[[str], Sequence[Passage]]) -> None:
        self._outline = outline
        self._finder = finder
        self._search = search

    def rows(
        self, question: str, sides: Sequence[Side], rows: list[Cells], read: Read | None = None
    ) -> tuple[list[Cells], bool, bool]:
        """The rows for what the question compares the sides by, or all; whether it names what is told, or only what is not.

        An aspect that is a criterion, in whatever word, keeps its row; of any other each side gets what bears on it, as
        a model that can ``read`` says or, without one, as words and vectors say.
        """
        stems = _own(sides)
        named = stems.union(*(content_set(side.name) for side in sides))
        meant: list[Cells] = []
        asked_by = criteria(question, named, stems)
        for aspect in asked_by:
            plainly = content_set(aspect) <= SIDE_WORDS | COMPARING_WORDS
            asked = aspects(aspect) & SIDES if plainly else frozenset()
            kept = [row for row in rows if aspects(criterion(row)) & asked]
            if not kept and asked:
                kept = [row for row in rows if criterion(row) == POINTS]
            said = content_set(aspect)
            kept = kept or [row for row in rows if said and said <= content_set(criterion(row))]
            own = {} if kept else self._by_aspect(aspect, sides, rows, read)
            if not kept and not (own if read else any(cell[1][0].score >= _TO_THE_POINT for cell in own.values())):
                kept = [row for row in rows if content_set(aspect) & content_set(criterion(row))]
            kept = kept or ([own] if own else [])
            meant += [row for row in kept if row not in meant]
        return (meant, True, False) if meant else (rows, False, bool(asked_by))

    def of_each(self, question: str, group: Group, sides: Sequence[Side], rows: Sequence[Cells], read: Read) -> Cells:
        """What answers of each side a question that is put for all of them; empty where nothing does."""
        asked = without_options(question, group)
        if not content_set(asked) - COMPARING_WORDS - SIDE_WORDS - _own(sides):
            return {}
        label = f"{_label(asked)}?"
        questions = {side.name: f"What does the guidance say about this of the {side.name}: {label}" for side in sides}
        return self._read(label, self._nearest(asked, sides, rows), questions, read)

    def _nearest(self, aspect: str, sides: Sequence[Side], rows: Sequence[Cells]) -> dict[str, list[Statement]]:
        """What is said of each side, by its name, nearest to an aspect first."""
        pools = {side.name: self._pool(side, sides, rows) | self._naming(aspect, side, sides) for side in sides}
        # All in one go, so that a score means the same for every side.
        alone = {key: _under_last_heading(statement) for pool in pools.values() for key, statement in pool.items()}
        scored = self._finder.score(aspect, list(alone.values()))
        return {
            name: [replace(pool[one.key], score=one.score) for one in scored if one.key in pool]
            for name, pool in pools.items()
        }

    def _by_aspect(self, aspect: str, sides: Sequence[Side], rows: Sequence[Cells], read: Read | None) -> Cells:
        """What is said of each side about one aspect; empty where nothing is."""
        label = _label(aspect)
        nearest = self._nearest(aspect, sides, rows)
        if read is not None:
            return self._read(label, nearest, {name: _asked_of(name, label) for name in nearest}, read)
        found: dict[str, tuple[list[Statement], bool]] = {}
        for name, own in nearest.items():
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

    def _read(
        self, label: str, nearest: Mapping[str, Sequence[Statement]], questions: Mapping[str, str], read: Read
    ) -> Cells:
        """Of the nearest statements of each side those that a model says to answer its question, two at most."""
        worth: dict[str, list[tuple[float, Statement]]] = {}
        for side, statements in nearest.items():
            if not statements:
                continue
            asked = questions[side]
            told = [one for one in statements if not self._finder.announces(one)] or statements
            values = [
                (_OF_YES * logit(read(asked, one.whole)) + _OF_SCORE * one.score + _OF_NEARNESS * near, one)
                for near, one in self._by_meaning(asked, told)[:_READ]
            ]
            worth[side] = sorted(values, key=lambda value: -value[0])
        if not any(values[0][0] >= _ANY for values in worth.values()):
            return {}
        return {
            side: (label, [one for value, one in values if value >= max(_EACH, values[0][0] - _SECOND)][:2])
            for side, values in worth.items()
            if values[0][0] >= _EACH
        }

    def _by_meaning(self, asked: str, statements: Sequence[Statement]) -> list[tuple[float, Statement]]:
        """The statements, those first that are nearest in meaning too, each with how near it is."""
        near = self._finder.meanings.nearness(asked, statements) if self._finder.meanings else None
        if near is None:
            return [(_USUAL, one) for one in statements]
        pairs = zip(near.tolist(), statements, strict=True)
        return sorted(pairs, key=lambda pair: -(pair[0] + pair[1].score))

    def _pool(self, side: Side, sides: Sequence[Side], rows: Sequence[Cells]) -> dict[tuple[str, int], Statement]:
        """All that is said of a side: in the rows, under headings that name it, and in its own sections."""
        pool = {s.key: s for cells in rows if side.name in cells for s in cells[side.name][1]}
        pool |= {s.key: s for s in self._headed(side, sides)}
        if side.node is not None:
            cells = self._outline.cells_of(side.node)
            own = (s for passage in side.node.passages() for s in split_statements(passage))
            in_cells = (s for cell in cells for passage in cell.own for s in split_statements(passage))
            pool |= {s.key: s for s in (*outside_of(cells, own), *in_cells)}
        return pool

    def _headed(self, side: Side, sides: Sequence[Side]) -> list[Statement]:
        """What stands under headings elsewhere that name this side and no other one, compared or not."""
        others = self._others(side, sides)
        named = (node for node in self._outline.nodes if _names_only(node.heading, side, others))
        return [s for node in named for passage in node.own for s in split_statements(passage)]

    def _naming(self, aspect: str, side: Side, sides: Sequence[Side]) -> dict[tuple[str, int], Statement]:
        """Statements that name this side and no other one, or set it apart from one, wherever they stand, near to an aspect.

        Those for a clause ("what people have to know") are found by their meaning too.
        """
        query, others, meanings = f"{aspect}: {side.name}", self._others(side, sides), self._finder.meanings
        found = [s for passage in self._search(query) for s in split_statements(passage)]
        found += meanings.nearest(query, _BY_MEANING) if meanings and _WH.match(aspect) else []
        apart = (s for s in found if _SETS_APART.search(s.text) and side.named_in(s.text))
        return {s.key: s for s in found if _names_only(s.text, side, others)} | {s.key: s for s in apart}

    def _others(self, side: Side, sides: Sequence[Side]) -> list[Side]:
        """What is not this side, compared or not."""
        options = map(Side.of, self._outline.options)
        return [other for other in (*options, *sides) if other.own != side.own]


def _asked_of(side: str, label: str) -> str:
    """The question for what is said of one side about an aspect: a noun, a clause, or what it does ("keeps teams busy")."""
    plain = f"{label[:1].lower()}{label[1:]}"
    if _WH.match(label):
        return f"{label} under the {side}?"
    if _DOES.match(label):
        return f"What does the guidance say about whether the {side} {plain}?"
    return f"What does the guidance say about {plain} under the {side}?"


def _own(sides: Sequence[Side]) -> frozenset[str]:
    """The stems of what only one of the sides is called."""
    return frozenset().union(*(side.own for side in sides))


def _label(aspect: str) -> str:
    return aspect[:1].upper() + aspect[1:]


def _names_only(text: str, side: Side, others: Sequence[Side]) -> bool:
    return side.named_in(text) and not any(other.named_in(text) for other in others)


def _under_last_heading(statement: Statement) -> Statement:
    """The statement as if only its last heading stood over it: those above tell what a whole chapter is about."""
    return replace(statement, passage=replace(statement.passage, path=statement.passage.path[-1:]))
