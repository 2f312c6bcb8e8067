"""Comparisons: a table of options against criteria, every cell in the guidance's own words, by rules alone."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.advising.judgment import Judgment
from assistant.comparing.focusing import Focus, Read
from assistant.comparing.rows import (
    CELL_CHARACTERS,
    CELL_STATEMENTS,
    POINTS,
    Rows,
    Search,
    Side,
    criterion,
    keys,
    owned,
)
from assistant.contents.finder import StatementFinder
from assistant.contents.of_each import asks_of_each, without_options
from assistant.contents.options import OPTION_NOUNS, Group, Option
from assistant.contents.outline import Outline
from assistant.contents.sides import SIDE_WORDS, SIDES, aspects
from assistant.contents.statements import Statement, quoted, split_statements
from assistant.questions.criteria import COMPARING_WORDS, criteria
from assistant.questions.kinds import kind
from assistant.questions.operands import operands
from assistant.records import Cell, Comparison, Row, Sentence
from assistant.words import content_set

_POINTS_CHARACTERS = 1_500
"""The most in a cell of points, which are given whole as far as they fit."""
_ROWS = 9
_FEWEST = 2
_ASKING = re.compile(r"\b(?:which|what|who|whose|where|when|how)\b", re.IGNORECASE)
_TELLING = 2
"""So many words beside the options ask something of them."""
_WITHIN = re.compile(
    r"(?:and |so |but )*(?:in|within|under|with|for) (?:an? |the )?(?:[\w-]+ ){1,4}?[\w-]+,? ?"
    r"(?=\b(?:what|how|who|which|where|does|do|is|are)\b)",
    re.IGNORECASE,
)
"""What a question begins with that says under which option it is asked."""
_JUDGEMENT_SCORE = 0.45
_THEN_ASKS = re.compile(r":\s+(?=(?:what|which|who|how|why|where|when|is|are|does|do)\b)", re.IGNORECASE)
"""Where the name of a side ends and the question begins ("new to it or mature: what does it change?")."""
_REST = re.compile(r"\b(?:(?<!each )others?|the rest|alternatives?)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Compared:
    """A comparison with the sentences outside of the table that weigh its options, best first.

    ``focused`` where the rows are those of the aspects that the question asks for; ``missed`` where it asks for some
    and nothing is said about them.
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
        self._rows = Rows(outline, finder, search)
        self._focus = Focus(outline, finder, search)

    def sides(self, question: str) -> tuple[Side, ...]:
        """What the question compares, two or more; empty where the guidance has not two of it."""
        named = operands(question)
        group = self._group(question)
        if group is not None and not self._within_one(group, named, question):
            found: dict[str, Side] = {}
            named_alone = any(group.mentioned(text) for text in named)
            for text in named or (question,):
                for option in group.mentioned(text) or ():
                    found.setdefault(option.name, Side.of(option))
            if (len(found) < 2 or not named_alone) and len(group.mentioned(question)) >= 2:
                found = {option.name: Side.of(option) for option in group.mentioned(question)}
            elif not found or not named_alone or _REST.search(question):
                found = {option.name: Side.of(option) for option in group.options}
            for option in group.mentioned(question) if found else ():
                found.setdefault(option.name, Side.of(option))
            own = frozenset().union(*(option.own for option in group.mentioned(question)))
            by = content_set(" ".join(criteria(question, own | group.shared, own)))
            for text in named if named_alone else ():
                known = group.mentioned(text) or _REST.search(text) or aspects(text) & SIDES or content_set(text) <= by
                side = None if known else self.unheaded(text)
                if side and found:
                    found.setdefault(side.name, side)
            if len(found) >= 2:
                return tuple(found.values())
        headed = tuple(side for text in named if (side := self._headed(text)))
        sides = headed if len(headed) > 1 else tuple(side for text in named if (side := self.unheaded(text)))
        return sides if len(sides) >= 2 and kind(question) == "compare" else ()

    def _within_one(self, group: Group, named: Sequence[str], question: str) -> bool:
        """Whether two things are compared within one option, which is named first ("in a hybrid model, ...")."""
        frame = _WITHIN.match(question)
        alone = frame and len(group.mentioned(frame.group())) == 1 and len(group.mentioned(question)) == 1
        named = [text.partition(" (")[0] for text in named]
        return bool(alone) and len(named) >= _FEWEST and not any(group.mentioned(text) for text in named)

    def several(self, question: str) -> tuple[Side, ...]:
        """The options, two or more, of each of which a question asks for what speaks for it or against it."""
        named: Sequence[Option] = self._outline.named(question)
        if not named:
            group = self._outline.together(question)
            named = group.options if group else ()
        return tuple(Side.of(option) for option in named) if len(named) >= 2 else ()

    def compare(
        self, question: str, sides: Sequence[Side], by: frozenset[int] = frozenset(), read: Read | None = None
    ) -> Compared | None:
        """The table, ``by`` drawbacks or advantages if given; None where less than two sides are told of.

        What bears on another aspect a model says that can ``read``.
        """
        rows = self._rows.all(sides)
        if len({name for row in rows for name in row}) < 2:
            return None
        missed = False
        if by:
            rows, focused = [row for row in rows if aspects(criterion(row)) & by or criterion(row) == POINTS], True
            if len({name for row in rows for name in row}) < 2:
                return None
        else:
            rows, focused, missed = self._focus.rows(question, sides, rows, read)
        table = tuple(
            Row(
                criterion(row),
                tuple(_cell(side.name, row[side.name][1]) if side.name in row else None for side in sides),
            )
            for row in rows[:_ROWS]
        )
        used = {key for row in rows for cell in row.values() for key in keys(cell[1])}
        return Compared(
            Comparison(tuple(side.name for side in sides), table),
            self._judgement(question, sides, used),
            focused,
            missed,
        )

    def of_each(self, question: str, read: Read, *, always: bool = False) -> Compared | None:
        """What answers, of each of several options, a question for all of them; None where less than two are told of.

        A model that can ``read`` says what answers. With ``always`` the question need not say that it is for each.
        """
        group = self._group(question)
        if group is None or not (always or asks_of_each(question, group)):
            return None
        sides = self.sides(question)
        row = self._focus.of_each(question, group, sides, self._rows.all(sides), read) if sides else {}
        if len(row) < _FEWEST:
            return None
        label = next(label for label, _ in row.values())
        cells = tuple(_cell(side.name, row[side.name][1]) if side.name in row else None for side in sides)
        return Compared(Comparison(tuple(side.name for side in sides), (Row(label, cells),)), (), focused=True)

    def asks_more(self, question: str) -> bool:
        """Whether a question says more than which options it compares: what it asks of them, in whatever form."""
        group = self._group(question)
        if group is None or not _ASKING.search(question):
            return False
        asked = content_set(without_options(question, group)) - COMPARING_WORDS - SIDE_WORDS - OPTION_NOUNS
        return len(asked - group.shared - self._outline.common) >= _TELLING

    def _group(self, question: str) -> Group | None:
        """The options the question means: most of them named, or named together by the word they share."""
        return self._outline.rivals(question) or self._outline.together(question)

    def _headed(self, text: str) -> Side | None:
        """A side that is the name of one heading, wherever that stands."""
        own = content_set(text)
        found = [node for node in self._outline.nodes if node.path and node.own and content_set(node.name) == own]
        return Side(found[0].name, own, found[0]) if own and len(found) == 1 else None

    def unheaded(self, text: str) -> Side | None:
        """A side that has no heading of its own: known by the statements that name it."""
        own = content_set(text) - COMPARING_WORDS
        if not own:
            return None
        passages = self._search(text)
        mentions = any(own <= content_set(passage.searched_text) for passage in passages)
        name = _THEN_ASKS.split(text, maxsplit=1)[0]
        return Side(name[:1].upper() + name[1:], own) if mentions else None

    def said_of(self, side: Side) -> list[Statement]:
        """What names a side that has no heading of its own, and what goes on about it."""
        return self._rows.said_of(side)

    def _judgement(self, question: str, sides: Sequence[Side], used: set[tuple[str, int]]) -> tuple[Sentence, ...]:
        """What the guidance says over its options, or statements outside of the sides' own sections that name both."""
        options = [option.node for option in self._outline.options]
        if any(side.node is node for side in sides for node in options) and self._judgment.sentences():
            return self._judgment.sentences()
        under_sides = owned(sides)
        pool = [
            statement
            for node in self._outline.nodes
            for passage in node.own
            if passage.id not in under_sides
            for statement in split_statements(passage)
            if statement.key not in used and len(statement.text) <= CELL_CHARACTERS
        ]
        weighing = [s for s in pool if sum(side.own <= content_set(s.text) for side in sides) >= 2]
        scored = self._finder.score(f"Which is better: {question}", weighing[:400])
        return tuple(quoted(statement) for statement in scored[:2] if statement.score >= _JUDGEMENT_SCORE)


def _cell(option: str, statements: Sequence[Statement]) -> Cell:
    most = CELL_CHARACTERS if len(statements) <= CELL_STATEMENTS else _POINTS_CHARACTERS
    kept = list(statements[:1])
    for statement in statements[1:]:
        if sum(len(one.text) for one in kept) + len(statement.text) <= most:
            kept.append(statement)
    return Cell(
        option, " ".join(statement.text for statement in kept), tuple(statement.citation() for statement in kept)
    )


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
