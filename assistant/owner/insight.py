"""What readers' questions say about the guidance: where it is silent, where answers disappoint, what is never used."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.records import Answer, Citation, Place
from assistant.store import Gap

Vectors = NDArray[np.float32]
Encode = Callable[[Sequence[str]], Vectors]

SIMILAR = 0.72
"""The least cosine similarity of two questions that are shown as one."""

MOST_QUESTIONS = 500


@dataclass(frozen=True, slots=True)
class Asked:
    """A question in words of its own and how often it was asked so; ``last`` is an ISO 8601 time in UTC."""

    text: str
    times: int
    last: str
    partly: bool


@dataclass(frozen=True, slots=True)
class Group:
    """Questions that ask about the same, the most frequent first."""

    questions: tuple[Asked, ...]
    reasons: tuple[str, ...]

    @property
    def times(self) -> int:
        """How often any of them was asked."""
        return sum(question.times for question in self.questions)

    @property
    def last(self) -> str:
        """When one of them was last asked."""
        return max(question.last for question in self.questions)


@dataclass(frozen=True, slots=True)
class Use:
    """How many of the answers that are kept cite a section."""

    place: Place
    citations: int


def grouped(gaps: Sequence[Gap], encode: Encode) -> tuple[Group, ...]:
    """The latest questions without an answer, those that are alike together, the most asked first.

    Each joins the group of the most frequent question that it is similar to.
    """
    worded: dict[str, list[Gap]] = {}
    for gap in reversed(gaps):
        key = " ".join(re.findall(r"\w+", gap.standalone_question.casefold()))
        if key in worded or len(worded) < MOST_QUESTIONS:
            worded.setdefault(key, []).append(gap)
    same = sorted(worded.values(), key=len, reverse=True)
    if not same:
        return ()
    vectors = encode([gaps[0].standalone_question for gaps in same])
    leaders: list[int] = []
    members: list[list[int]] = []
    for number in range(len(same)):
        near = vectors[leaders] @ vectors[number] if leaders else np.zeros(0)
        if len(near) and near.max() >= SIMILAR:
            members[int(near.argmax())].append(number)
        else:
            leaders.append(number)
            members.append([number])
    groups = [_group([same[number] for number in numbers]) for numbers in members]
    return tuple(
        sorted(sorted(groups, key=lambda group: group.last, reverse=True), key=lambda g: g.times, reverse=True)
    )


def _group(worded: Sequence[Sequence[Gap]]) -> Group:
    asked = tuple(
        Asked(
            gaps[0].standalone_question,
            len(gaps),
            max(gap.asked for gap in gaps),
            all(gap.status == "partial" for gap in gaps),
        )
        for gaps in worded
    )
    return Group(asked, tuple(dict.fromkeys(gap.reason for gaps in worded for gap in gaps if gap.reason)))


def uses(places: Iterable[Place], answers: Iterable[Answer]) -> tuple[tuple[Use, ...], int]:
    """Every section with how many answers cite it, in the order of ``places``, and how many answers were looked at."""
    counts: Counter[tuple[str, str]] = Counter()
    number = 0
    for answer in answers:
        number += 1
        counts.update({(citation.document, citation.section) for citation in citations(answer)})
    return tuple(Use(place, counts[place.document, place.section]) for place in places), number


def citations(answer: Answer) -> list[Citation]:
    """Every citation of an answer, wherever it stands."""
    cells = [cell for row in answer.comparison.rows for cell in row.cells if cell] if answer.comparison else []
    factors = answer.advice.factors if answer.advice else ()
    return [
        *(citation for sentence in answer.sentences for citation in sentence.citations),
        *(citation for cell in cells for citation in cell.citations),
        *(citation for factor in factors for citation in factor.citations),
    ]
