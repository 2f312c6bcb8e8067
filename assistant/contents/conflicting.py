"""Where two documents disagree: both are shown, with which takes precedence and why."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from assistant.contents.statements import Statement, quoted
from assistant.contents.vectors import Vectors
from assistant.records import Sentence
from assistant.support.differences import differences
from assistant.support.wording import names, negated, numbers
from assistant.words import MONTHS, content_set, coverage, stem, words
from corpus import Document

ALIKE = 0.7
"""The least cosine of two statements about the same thing."""
ALIKE_OPPOSED = 0.6
"""The same of two that say the opposite of each other in so many words, which takes them apart a little."""
SHARED = 0.5
"""The least share of each statement's words, numbers aside, that the other has."""
_AGAINST = (
    (frozenset("mandatory required obligatory compulsory".split()), frozenset("optional voluntary".split())),
    (frozenset("allowed permitted".split()), frozenset("forbidden prohibited banned".split())),
)
_VERDICTS = frozenset(stem(word) for pair in _AGAINST for group in pair for word in group)
_KINDS = frozenset({"number", "negation", "strength"})
_LABEL = re.compile(r"^\W*[A-Za-z]+ #?\d+\b|^\W*\d+[.)]")
_SAYS = re.compile(
    r"\b(?:is|are|was|were|be|has|have|had|must|may|can|could|should|shall|will|would|do|does|did|needs?|cannot)\b|n['’]t\b",
    re.IGNORECASE,
)
"""Says something by itself, as the item of a list may not ("imitating voices;")."""
_OF_THE = re.compile(r"(?:the|this|that|it) [a-z]", re.IGNORECASE)
_IDENTIFIER = re.compile(r"\b[A-Za-z]+[-.]?\d[\w.-]*")
"""A number that is part of a name ("PS-09") counts nothing."""
_LOOKED_AT = 30
_SHORT, _BEFORE = 6, 400
"""The most words of a statement that may be about any thing of a kind, and how many characters before it tell which."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two statements of different documents that cannot both hold, first the one that takes precedence.

    ``why`` it does; empty where nothing tells which does.
    """

    first: Statement
    second: Statement
    why: str


class Disputes:
    """What documents say otherwise than an answer, told once each; looked for in its ``evidence``, best first."""

    def __init__(self, evidence: Iterable[Statement], vectors: Vectors, documents: Mapping[str, Document]) -> None:
        self._evidence = list({statement.key: statement for statement in evidence}.values())
        self._vectors = vectors
        self._documents = documents
        self._told: set[tuple[str, int]] = set()

    def about(self, statement: Statement) -> tuple[Sentence, ...]:
        """The statement, the one that disagrees with it, and which takes precedence; empty where none disagrees."""
        conflict = self._conflict(statement)
        return () if conflict is None else (quoted(conflict.first), quoted(conflict.second), _lead(conflict))

    def beside(self, sentence: Sentence) -> tuple[Sentence, ...]:
        """A sentence of the answer with what disagrees with the statements it cites, and which takes precedence.

        Empty where all that it cites was told before as what disagrees.
        """
        cited = {(one.document, one.start) for one in sentence.citations}
        if cited and cited <= self._told:
            return ()
        found = [sentence]
        for statement in self._within(sentence):
            conflict = None if statement.key in self._told else self._conflict(statement)
            if conflict is None:
                continue
            first = conflict.second.key == statement.key
            other = conflict.first if first else conflict.second
            self._told |= {statement.key, other.key} - cited
            at = found.index(sentence)
            found.insert(at if first else len(found), quoted(other))
            found.append(_lead(conflict))
        return tuple(found)

    def _within(self, sentence: Sentence) -> list[Statement]:
        """The statements that a sentence cites."""
        spans = [(one.document, one.start, one.end) for one in sentence.citations]
        return [
            statement
            for statement in self._evidence
            if any(
                statement.passage.document == document and start <= statement.start and statement.end <= end
                for document, start, end in spans
            )
        ]

    def _conflict(self, statement: Statement) -> Conflict | None:
        """The statement with the one of another document that is most like it and disagrees."""
        others = [one for one in self._evidence if one.passage.document != statement.passage.document]
        others = [one for one in others[:_LOOKED_AT] if one.text != statement.text]
        others = [one for one in others if at_odds(statement, one)]
        if not others:
            return None
        rows = self._vectors([statement.text, *(one.text for one in others)])
        near = [
            (cosine, other)
            for cosine, other in zip((rows[1:] @ rows[0]).tolist(), others, strict=True)
            if cosine >= (ALIKE_OPPOSED if opposed(statement.text, other.text) else ALIKE)
        ]
        return ranked(statement, max(near, key=lambda one: one[0])[1], self._documents) if near else None


@lru_cache(maxsize=4096)
def disagree(left: str, right: str) -> bool:
    """Whether two statements about the same thing cannot both hold: another number, a denial, "must" against "may"."""
    if any(_LABEL.match(text) or text.rstrip().endswith("?") for text in (left, right)):
        return False
    left, right = (_IDENTIFIER.sub("", text) for text in (left, right))
    mine, other = (subject(text) for text in (left, right))
    if min(coverage(mine, other), coverage(other, mine)) < SHARED or len(mine & other) < 2:
        return False
    verdicts = _verdicts(left, right)
    if False in verdicts:
        return True
    kinds = [
        {found.kind for found in differences(*pair) if found.veto} & _KINDS for pair in ((left, right), (right, left))
    ]
    if "number" in kinds[0] | kinds[1] and not (numbers(left) and numbers(right)):
        kinds = [kind - {"number"} for kind in kinds]
    if True in verdicts:
        # "Not allowed" denies what "forbidden" says without a denial.
        kinds = [kind - {"negation"} for kind in kinds]
    return bool(kinds[0] & kinds[1]) or any(kind & {"negation", "strength"} for kind in kinds)


def at_odds(one: Statement, other: Statement) -> bool:
    """Whether two statements disagree: not if either is a mere item of a list, or they are of other things.

    Whether "imitating voices;" is allowed says what introduces it.
    """
    mere = any(each.introduced and not _SAYS.search(each.text) and not negated(each.text) for each in (one, other))
    return not mere and disagree(one.text, other.text) and not _of_two_things(one, other)


def _of_two_things(one: Statement, other: Statement) -> bool:
    """Whether two short statements about "the" thing ("The trial cost 3,000") stand where other names are spoken of."""
    if any(not _OF_THE.match(each.text) or len(subject(each.text)) > _SHORT for each in (one, other)):
        return False
    left, right = (_names_before(each) for each in (one, other))
    return bool(left and right) and left.isdisjoint(right)


def _names_before(statement: Statement) -> frozenset[str]:
    """The names spoken of right before a statement, but for words that it has itself."""
    before = statement.passage.text[: statement.start - statement.passage.start][-_BEFORE:]
    own = content_set(statement.text)
    return frozenset(one for one in names(before) if one not in MONTHS and stem(one) not in own)


def opposed(left: str, right: str) -> bool:
    """Whether one statement allows or demands a thing in so many words and the other forbids it or leaves it open."""
    return False in _verdicts(left, right)


def _verdicts(left: str, right: str) -> list[bool]:
    """Of each pair of opposite words that both texts have a word of, whether they say the same."""
    stands = [(_stand(left, pair), _stand(right, pair)) for pair in _AGAINST]
    return [one == other for one, other in stands if one is not None and other is not None]


def _stand(text: str, pair: tuple[frozenset[str], frozenset[str]]) -> bool | None:
    """True where a text has words of the first group, or denies some of the second; None where it has none or both."""
    said = frozenset(words(text))
    if not said & (pair[0] | pair[1]):
        return None
    denied = frozenset().union(*negated(text))
    stands = {(group is pair[0]) != (stem(word) in denied) for group in pair for word in group & said}
    return stands.pop() if len(stands) == 1 else None


def subject(text: str) -> frozenset[str]:
    """The stems of what a statement is about: its words without function words, numbers, identifiers and verdicts."""
    stems = content_set(_IDENTIFIER.sub("", text)) - _VERDICTS
    return frozenset(word for word in stems if not any(character.isdigit() for character in word))


def _lead(conflict: Conflict) -> Sentence:
    """That the two disagree, and which takes precedence."""
    both = conflict.first, conflict.second
    titles = [f"“{statement.passage.title or statement.passage.document}”" for statement in both]
    if conflict.why:
        text = f"The two documents disagree here: {titles[0]} takes precedence over {titles[1]}, since {conflict.why}."
    else:
        text = f"{titles[0]} and {titles[1]} disagree here, and nothing says which takes precedence."
    return Sentence(text, "supported", 1.0, (conflict.first.citation(), conflict.second.citation()))


def ranked(one: Statement, other: Statement, documents: Mapping[str, Document]) -> Conflict:
    """The two as a conflict: what takes precedence is ranked higher in ``sources.toml`` or else newer."""
    ranks = [documents[each.passage.document].source for each in (one, other)]
    if ranks[0].precedence != ranks[1].precedence:
        if ranks[0].precedence < ranks[1].precedence:
            one, other, ranks = other, one, ranks[::-1]
        return Conflict(one, other, f"it is ranked higher ({ranks[0].precedence} against {ranks[1].precedence})")
    dates = [rank.date for rank in ranks]
    if dates[0] and dates[1] and dates[0] != dates[1]:
        if dates[0] < dates[1]:
            one, other, dates = other, one, dates[::-1]
        return Conflict(one, other, f"it is newer ({dates[0]} against {dates[1]})")
    return Conflict(one, other, "")
