"""Where two documents disagree: both are shown, with which takes precedence and why."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.records import Sentence
from assistant.statements import Statement, quoted
from assistant.support.differences import differences
from assistant.support.wording import numbers
from assistant.vectors import Vectors
from assistant.words import content_set, coverage, words
from corpus import Document

ALIKE = 0.7
"""The least cosine of two statements about the same thing."""
SHARED = 0.5
"""The least share of each statement's words, numbers aside, that the other has."""
_AGAINST = (
    (frozenset("mandatory required obligatory compulsory".split()), frozenset("optional voluntary".split())),
    (frozenset("allowed permitted".split()), frozenset("forbidden prohibited banned".split())),
)
_KINDS = frozenset({"number", "negation", "strength"})
_LABEL = re.compile(r"^\W*[A-Za-z]+ #?\d+\b|^\W*\d+[.)]")
_IDENTIFIER = re.compile(r"\b[A-Za-z]+[-.]?\d[\w.-]*")
"""A number that is part of a name ("PS-09") counts nothing."""
_LOOKED_AT = 12


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two statements of different documents that cannot both hold, first the one that takes precedence.

    ``why`` it does; empty where nothing tells which does.
    """

    first: Statement
    second: Statement
    why: str


def disagreement(
    chosen: Sequence[Statement],
    evidence: Sequence[Statement],
    vectors: Vectors,
    documents: Mapping[str, Document],
) -> tuple[Sentence, ...]:
    """What two documents say otherwise about what a question asks for; empty where no two disagree.

    The best of the ``chosen`` statements is compared with those of the ``evidence`` that stand in other documents. What
    takes precedence comes first, and the last sentence says so.
    """
    for statement in chosen[:2]:
        others = [one for one in evidence[:_LOOKED_AT] if one.passage.document != statement.passage.document]
        others = [one for one in others if one.text != statement.text and disagree(statement.text, one.text)]
        if not others:
            continue
        rows = vectors([statement.text, *(one.text for one in others)])
        for other, cosine in zip(others, (rows[1:] @ rows[0]).tolist(), strict=True):
            if cosine >= ALIKE:
                return _told(statement, other, documents)
    return ()


def disagree(left: str, right: str) -> bool:
    """Whether two statements about the same thing cannot both hold: another number, a denial, "must" against "may"."""
    if any(_LABEL.match(text) or text.rstrip().endswith("?") for text in (left, right)):
        return False
    left, right = (_IDENTIFIER.sub("", text) for text in (left, right))
    mine, other = (subject(text) for text in (left, right))
    if min(coverage(mine, other), coverage(other, mine)) < SHARED or len(mine & other) < 2:
        return False
    said = [frozenset(words(text)) for text in (left, right)]
    if any(said[i] & one and said[1 - i] & against for one, against in _AGAINST for i in (0, 1)):
        return True
    kinds = [
        {found.kind for found in differences(*pair) if found.veto} & _KINDS for pair in ((left, right), (right, left))
    ]
    if "number" in kinds[0] | kinds[1] and not (numbers(left) and numbers(right)):
        kinds = [kind - {"number"} for kind in kinds]
    return bool(kinds[0] & kinds[1]) or any(kind & {"negation", "strength"} for kind in kinds)


def subject(text: str) -> frozenset[str]:
    """The stems of what a statement is about: its words without function words, numbers and identifiers."""
    stems = content_set(_IDENTIFIER.sub("", text))
    return frozenset(word for word in stems if not any(character.isdigit() for character in word))


def _told(one: Statement, other: Statement, documents: Mapping[str, Document]) -> tuple[Sentence, ...]:
    found = ranked(one, other, documents)
    both = found.first, found.second
    titles = [f"“{statement.passage.title or statement.passage.document}”" for statement in both]
    if found.why:
        text = f"The two documents disagree here: {titles[0]} takes precedence over {titles[1]}, since {found.why}."
    else:
        text = f"{titles[0]} and {titles[1]} disagree here, and nothing says which takes precedence."
    lead = Sentence(text, "supported", 1.0, (found.first.citation(), found.second.citation()))
    return quoted(found.first), quoted(found.second), lead


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
