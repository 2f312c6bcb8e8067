"""Refusing: what is not covered, and what comes nearest."""

from collections.abc import Iterable, Sequence

from assistant.records import Place, Refusal
from corpus import Passage

_NEAREST = 3

NOT_COVERED = "The guidance does not answer this question, so no answer is given."
OTHER_SCRIPT = (
    "The question is written in another alphabet than the guidance; please ask in the language of the guidance."
)
OTHER_LANGUAGE = (
    "The question is written in another language than the guidance; please ask in the language of the guidance."
)
NOTHING_THERE = "There is no guidance to answer from; add documents and ask again."


def places(passages: Iterable[Passage]) -> tuple[Place, ...]:
    """The distinct sections of passages, in their order."""
    return tuple(dict.fromkeys(Place(passage.document, passage.title, passage.section) for passage in passages))


def refusal(reason: str, passages: Sequence[Passage]) -> Refusal:
    """A refusal that names the sections nearest to the question, at most three."""
    return Refusal(reason, places(passages)[:_NEAREST])


def not_covered(parts: Sequence[str]) -> str:
    """The reason for a partial answer: the parts of the question, in the asker's words, that are not covered."""
    named = "; ".join(f"“{part.rstrip('?.! ')}”" for part in parts)
    return f"The guidance does not cover this part of the question: {named}."
