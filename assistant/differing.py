"""Questions for the difference between two things: what each of them is, told side by side."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.statements import Statement
from assistant.words import content_set

_NAME = r"(?:an? |the )?(?P<{}>[^,;:?!]{{2,60}}?)"
_OF = r"(?: (?:in|according to|under|for) [^?]*)?"
_ASKS = tuple(
    re.compile(pattern.replace("{A}", _NAME.format("one")).replace("{B}", _NAME.format("other")), re.IGNORECASE)
    for pattern in (
        rf"\b(?:difference|distinction)s? (?:is there )?between {{A}} and {{B}}{_OF}\W*$",
        r"\bhow (?:do|are) {A} and {B} (?:differ|different)\W*$",
        r"\bwhat(?:'s|’s| is| are) {A} (?:as opposed to|compared (?:to|with)|rather than|versus|vs\.?) {B}\W*$",
        r"\bhow (?:do|does|is|are) {A} (?:differ|different) from {B}\W*$",
        r"\b(?:distinguish(?:es)?|tells?|separates?) {A} (?:apart )?from {B}\W*$",
    )
)
_JOINED = _ASKS[:2]
_ON = r"(?:on|as to|regarding|concerning|in terms of|when it comes to|with regard to)"
_SIDE = r"(?P<{}>[^,;:?!]{{2,60}}?)"
_BY = r"(?P<by>[^,;:?!]{3,60}?)"
_COMPARED = tuple(
    re.compile(pattern.replace("{A}", _SIDE.format("one")).replace("{B}", _SIDE.format("other")), re.IGNORECASE)
    for pattern in (
        rf"^{_ON} {_BY}, how (?:do|does|would|will) {{A}} (?:compare|fare)(?: with| to| against| beside) {{B}}\W*$",
        rf"^how (?:do|does|would|will) {{A}} (?:compare|fare)(?: with| to| against| beside) {{B}} {_ON} {_BY}\W*$",
    )
)
_READ = 3
_WOULD = "What would "


@dataclass(frozen=True, slots=True)
class Thing:
    """One of two things whose difference is asked for: the question for it, and what speaks of it and not the other.

    Of what is compared by something nothing is chosen yet.
    """

    asked: str
    statements: tuple[Statement, ...]

    @property
    def compared_by(self) -> bool:
        """Whether it is asked what it means for something."""
        return self.asked.startswith(_WOULD)


def things(question: str, evidence: Sequence[Statement] = ()) -> tuple[Thing, ...]:
    """The two things whose difference a question asks for and nothing else, or what they are compared by; empty for
    another question.

    ``evidence`` is what was found for it, best first.
    """
    plain = question.partition(" (")[0]
    match = next((one for one in (pattern.search(plain) for pattern in _ASKS) if one), None)
    if match is None:
        compared = next((one for one in (pattern.search(plain) for pattern in _COMPARED) if one), None)
        sides = (compared["one"], compared["other"]) if compared else ()
        return tuple(Thing(f"{_WOULD}{side} mean for {compared['by']}?", ()) for side in sides if compared)
    first, second = match["one"], match["other"]
    if match.re in _JOINED and len(first.split()) == 1 and len(second.split()) > 1:
        # "leading and lagging indicators": the noun stands with the last of them.
        first = f"{first} {second.split()[-1]}"
    one, other = content_set(first), content_set(second)
    return _thing(first, one - other, other - one, evidence), _thing(second, other - one, one - other, evidence)


def _thing(name: str, own: frozenset[str], others: frozenset[str], evidence: Sequence[Statement]) -> Thing:
    said = ((one, content_set(one.text)) for one in evidence if own)
    told = [one for one, stems in said if own <= stems and not others & stems]
    return Thing(f"What is meant by {name}?", tuple(told[:_READ]))
