"""What a question takes for granted that nothing answers: often it cannot be answered because that is not so."""

import re
from dataclasses import dataclass

from assistant.premises import premise
from assistant.vague import speaks_of_itself

_BEGINS = re.compile(r"^[\s,;:.–—-]*(?:(?:and|but|so|then) )?")


@dataclass(frozen=True, slots=True)
class Granted:
    """A premise as a question of its own, ``whether`` it is so, and what is ``asked`` on it."""

    whether: str
    asked: str


def granted(question: str) -> Granted | None:
    """What a question says before it asks ("since X, how ...?"); None where that is nothing, or of those who ask."""
    found = premise(question)
    if found is None:
        return None
    claim = found.text.rstrip(" .?!")
    asked = _BEGINS.sub("", question.partition(claim)[2])
    if not re.search(r"\w", asked) or speaks_of_itself(claim):
        return None
    return Granted(f"Is it true that {claim}?", asked[:1].upper() + asked[1:])
