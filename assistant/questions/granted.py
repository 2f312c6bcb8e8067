"""What a question takes for granted that nothing answers: often it cannot be answered because that is not so."""

import re
from dataclasses import dataclass

from assistant.questions.premises import premise
from assistant.questions.vague import speaks_of_itself

_BEGINS = re.compile(r"^[\s,;:.–—-]*(?:(?:and|but|so|then) )?")

_WHY = re.compile(
    r"(?:(?:and|but|so|then) )?why (?P<whether>(?:do|does|did|is|are|was|were|has|have|must|can|will)"
    r" (?!(?:we|i|you|it|they|our|my|this|that|these|those|there)\b)[^?]+)\?*\s*",
    re.IGNORECASE,
)
"""Asks for the reasons of something of others, and takes for granted that it is so."""


@dataclass(frozen=True, slots=True)
class Granted:
    """A premise as a question of its own, ``whether`` it is so, and what is ``asked`` on it."""

    whether: str
    asked: str


def granted(question: str) -> Granted | None:
    """What a question says before it asks ("since X, how ...?"), or asks the reasons of ("why does X ...?").

    None where that is nothing, or of those who ask.
    """
    found = premise(question)
    claim = found.text.rstrip(" .?!") if found else ""
    asked = _BEGINS.sub("", question.partition(claim)[2]) if claim else ""
    if not re.search(r"\w", asked):
        why = _WHY.fullmatch(question)
        return Granted(f"{why['whether'][:1].upper()}{why['whether'][1:]}?", question) if why else None
    if speaks_of_itself(claim):
        return None
    return Granted(f"Is it true that {claim}?", asked[:1].upper() + asked[1:])
