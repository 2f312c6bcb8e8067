"""Questions for the difference between two things: what each of them is, told side by side."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.statements import Statement
from assistant.words import content_set

_NAME = r"(?:an? |the )?(?P<{}>[^,;:?!]{{2,60}}?)"
_SIDE = r"(?P<{}>[^,;:?!]{{2,60}}?)"
_OF = r"(?: (?:in|according to|under|for) [^?]*)?"
_ON = r"(?:on|as to|regarding|concerning|in terms of|when it comes to|with regard to)"
_BY = r"(?P<by>[^,;:?!]{3,60}?)"


def _with(name: str, *patterns: str) -> tuple[re.Pattern[str], ...]:
    """The patterns with two such names in the places of A and B."""
    one, other = name.format("one"), name.format("other")
    filled = (pattern.replace("{A}", one).replace("{B}", other) for pattern in patterns)
    return tuple(re.compile(pattern, re.IGNORECASE) for pattern in filled)


_ASKS = _with(
    _NAME,
    rf"\b(?:difference|distinction)s? (?:is there )?between {{A}} and {{B}}{_OF}\W*$",
    r"\bhow (?:do|are) {A} and {B} (?:differ|different)\W*$",
    r"\bwhat(?:'s|’s| is| are) {A} (?:as opposed to|compared (?:to|with)|rather than|versus|vs\.?) {B}\W*$",
    r"\bhow (?:do|does|is|are) {A} (?:differ|different) from {B}\W*$",
    r"\b(?:distinguish(?:es)?|tells?|separates?) {A} (?:apart )?from {B}\W*$",
)
_JOINED = _ASKS[:2]
_COMPARES = _with(
    _SIDE,
    rf"^{_ON} {_BY}, how (?:do|does|would|will) {{A}} (?:compare|fare)(?: with| to| against| beside) {{B}}\W*$",
    rf"^how (?:do|does|would|will) {{A}} (?:compare|fare)(?: with| to| against| beside) {{B}} {_ON} {_BY}\W*$",
)
READ = 3
"""How many statements are read for each of two things."""


@dataclass(frozen=True, slots=True)
class Thing:
    """One of two things whose difference is asked for: the question for it, and what speaks of it and not the other.

    ``compared`` says that it is asked what it means for something; of what is read for that nothing is chosen yet.
    """

    asked: str
    statements: tuple[Statement, ...] = ()
    compared: bool = False


def things(question: str, evidence: Sequence[Statement] = ()) -> tuple[Thing, ...]:
    """The two things whose difference a question asks for and nothing else, or what they are compared by; empty for
    another question.

    ``evidence`` is what was found for it, best first.
    """
    plain = question.partition(" (")[0]
    match = next((one for one in (pattern.search(plain) for pattern in (*_ASKS, *_COMPARES)) if one), None)
    if match is None:
        return ()
    first, second = match["one"], match["other"]
    if match.re in _COMPARES:
        return tuple(Thing(f"What would {side} mean for {match['by']}?", compared=True) for side in (first, second))
    if match.re in _JOINED and len(first.split()) == 1 and len(second.split()) > 1:
        # "leading and lagging indicators": the noun stands with the last of them.
        first = f"{first} {second.split()[-1]}"
    one, other = content_set(first), content_set(second)
    return _thing(first, one - other, other - one, evidence), _thing(second, other - one, one - other, evidence)


def _thing(name: str, own: frozenset[str], others: frozenset[str], evidence: Sequence[Statement]) -> Thing:
    said = ((one, content_set(one.text)) for one in evidence if own)
    told = [one for one, stems in said if own <= stems and not others & stems]
    return Thing(f"What is meant by {name}?", tuple(told[:READ]))
