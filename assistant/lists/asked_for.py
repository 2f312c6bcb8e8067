"""The list that a question asks for, as far as rules find it, or the points that are to be told apart for it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant.advising import Adviser
from assistant.advising.suited import depends, suited
from assistant.comparing.claims import Claims
from assistant.comparing.comparer import Comparer
from assistant.contents.balancing import apart, side_of
from assistant.contents.finder import StatementFinder
from assistant.contents.listing import find_list, items, strays, told_items, told_of
from assistant.contents.options import Option
from assistant.contents.outline import Outline
from assistant.contents.polarity import UNLABELLED, speaks_for
from assistant.contents.sides import ADVANTAGES, SIDES, aspects
from assistant.contents.statements import Statement, split_statements
from assistant.conversation.follow_up import own_kind
from assistant.evidence.retrieving import Retriever
from assistant.records import Citation

_UNHEADED = 8
"""How many statements about a thing without a heading are looked at; a language model may have to read each."""


@dataclass(frozen=True, slots=True)
class Listed:
    """The ``items`` of a list that is asked for, ``sure`` where its heading says all that the question says.

    Or ``points`` among which those that are asked for, drawbacks or advantages, are to be told apart, ``sure`` where
    they are those of what the question names; ``told`` are those that their words alone tell apart.
    """

    items: tuple[Statement, ...] = ()
    sure: bool = False
    points: tuple[Statement, ...] = ()
    told: tuple[Statement, ...] = ()


class Lists:
    """The lists of the guidance; the ``adviser`` finds in its rules those of who does well with what."""

    def __init__(
        self,
        outline: Outline,
        finder: StatementFinder,
        retriever: Retriever,
        claims: Claims,
        comparer: Comparer,
        adviser: Adviser | None,
    ) -> None:
        self._outline = outline
        self._finder = finder
        self._retriever = retriever
        self._claims = claims
        self._comparer = comparer
        self._adviser = adviser

    def listed(self, question: str) -> Listed:
        """The items of the list that the question asks for; empty where it asks for none or none is recognised."""
        told = told_of(question, self._outline) or self._grounds(suited, question)
        if told:
            return Listed(told, sure=True)
        if own_kind(question) != "list":
            return Listed()
        asked = aspects(question) & SIDES
        option = self._claims.one_option(question)
        told = side_of(question, self._outline)
        if told:
            return Listed(told, sure=not strays(question, told, self._outline.vocabulary))
        found = find_list(question, self._outline, self._finder)
        if found is None and len(asked) == 1:
            return self._unheaded(question) if option is None else _of_prose(option, asked)
        if found is None:
            told = self._grounds(depends, question)
            return Listed(told, sure=bool(told))
        statements = tuple(items(found.node) if found.mixed else told_items(found.node, self._outline))
        if not found.mixed:
            return Listed(statements, found.exact)
        parted = apart(found.node)
        told = () if parted is None else parted[0 if ADVANTAGES in asked else 1]
        return Listed(sure=found.exact, points=statements, told=told)

    def _grounds(
        self, asked_for: Callable[[str, Outline, Adviser], Sequence[Citation]], question: str
    ) -> tuple[Statement, ...]:
        """The statements in which the rules for advice find what a question asks them for."""
        cited = asked_for(question, self._outline, self._adviser) if self._adviser else ()
        by_id = self._retriever.by_id
        within = ((one, words) for words in cited for one in split_statements(by_id[words.passage]))
        found = [one for one, words in within if one.start <= words.start < one.end]
        return tuple({one.key: one for one in found}.values())

    def _unheaded(self, question: str) -> Listed:
        """The points of one side about a thing that has no heading of its own: among all that goes on about it."""
        side = self._comparer.unheaded(" ".join(word for word in question.split() if not aspects(word)))
        if side is None:
            return Listed()
        points = self._comparer.said_of(side)[:_UNHEADED]
        wanted = ADVANTAGES in aspects(question)
        told = tuple(point for point in points if speaks_for(point.text, least=UNLABELLED) is wanted)
        return Listed(sure=True, points=tuple(points), told=told) if told else Listed()


def _of_prose(option: Option, asked: frozenset[int]) -> Listed:
    """The points of one side in what is said of an option without headings; empty where its words do not tell."""
    parted = apart(option.node) if not option.node.children else None
    if parted is None:
        return Listed()
    points = [s for passage in option.node.own for s in split_statements(passage)][:_UNHEADED]
    return Listed(sure=True, points=tuple(points), told=parted[0 if ADVANTAGES in asked else 1])
