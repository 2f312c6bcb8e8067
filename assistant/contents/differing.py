"""Questions for the difference between two things: what each of them is, told side by side."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.contents.statements import Statement
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
_WH = "which|what|who|whom|whose|where|when|how|why"
_AUXILIARY = "is|are|was|were|do|does|did|can|could|may|must|will|would|should"
_ASKING = rf"(?:(?:and|so|but|for|in|on|by|at|to|from) )*(?:{_WH}|{_AUXILIARY})\b"
_OR = r"(?:,? or|,? vs\.?|,? versus| ?/|,? as opposed to|,? compared (?:to|with)|,? next to|,? in contrast to)"
_NO_THING = (
    "as|if|when|while|because|since|given|whether|either|before|after|not|no|so|later|less|more|else|something"
    f"|{_WH}|{_AUXILIARY}"
)
_SET_APART = _with(
    rf"(?P<{{}}>(?!(?:{_NO_THING})\b)[^,;:?!/]{{{{2,60}}}}?)",
    rf"^{{A}}{_OR} {{B}}(?:[,:?]| [-–—]) (?P<asked>{_ASKING}[^?]{{6,160}})\W*$",
    rf"^(?P<asked>{_ASKING}[^?:]{{6,120}}?)(?:[,:?]| [-–—]) {{A}}(?:,? or|,? vs\.?|,? versus| ?/) {{B}}\W*$",
)
_ARTICLE = r"(?:the|an?|our|my|your)"
_OPPOSED = re.compile(
    rf"^(?P<asked>{_ASKING}[^?:,]{{3,120}}) (?P<one>{_ARTICLE} [^,;:?]{{2,60}}?),?"
    rf" (?:as opposed to|compared (?:to|with)|in contrast to) (?P<other>{_ARTICLE} [^,;:?]{{2,60}}?)\W*$",
    re.IGNORECASE,
)
"""A question for each of two things: "a lamp or a lantern: who lights it?", "Who lights it, a lamp or a lantern?"."""
_TERSE = re.compile(
    rf"^(?!.*\b(?:{_WH}|{_AUXILIARY}|compare|comparison|difference)\b)"
    r"(?P<one>[\w€$£%'’-]+(?: [\w€$£%'’-]+){1,7}) (?:vs\.?|versus|/)"
    r" (?P<other>[\w'’-]+(?: [\w'’-]+){0,4})\W*\?\W*$",
    re.IGNORECASE,
)
"""Names what is asked of two things and them, without a word that asks ("daily rate painter vs carpenter?")."""
_PREPOSITIONS = frozenset("for of in on to by with at from under".split())
_JOINING = frozenset(("and", "or"))
_DIFFERENCE = re.compile(
    r"^(?:and |so )?what(?:['’]s| is| are) (?:the|their) differences? (?:in|as to|regarding|when it comes to) ",
    re.IGNORECASE,
)
_OF_BOTH = re.compile(
    r"[\s,]+(?:in (?:each|either) (?:case|of them)|of (?:each|the two|both|them)|for (?:each|both)(?: of them)?"
    r"|respectively)(?=\W*$)",
    re.IGNORECASE,
)
READ = 3
"""How many statements are read for each of two things."""


@dataclass(frozen=True, slots=True)
class Thing:
    """One of two things whose difference is asked for: the question for it, and what speaks of it and not the other.

    ``compared`` says that both are asked the same: what they mean for something, or what the question asks of either.
    Of what is read for that nothing is chosen yet.
    """

    asked: str
    statements: tuple[Statement, ...] = ()
    compared: bool = False


def things(question: str, evidence: Sequence[Statement] = ()) -> tuple[Thing, ...]:
    """The two things whose difference a question asks for and nothing else, that it compares by something, or of which
    it asks the same; empty for another question.

    ``evidence`` is what was found for it, best first.
    """
    plain = question.partition(" (")[0]
    patterns = (*_ASKS, *_COMPARES, *_SET_APART, _OPPOSED)
    match = next((one for one in (pattern.search(plain) for pattern in patterns) if one), None)
    if match is None:
        return tuple(Thing(one, compared=True) for one in _terse(plain))
    first, second = match["one"], match["other"]
    if match.re in (*_SET_APART, _OPPOSED):
        asked = _OF_BOTH.sub("", _DIFFERENCE.sub("", match["asked"].strip(" ,?")))
        asked = asked if asked.startswith("I ") else f"{asked[:1].lower()}{asked[1:]}"
        return tuple(Thing(f"{side[:1].upper()}{side[1:]}: {asked}?", compared=True) for side in (first, second))
    if match.re in _COMPARES:
        return tuple(Thing(f"What would {side} mean for {match['by']}?", compared=True) for side in (first, second))
    if match.re in _JOINED and len(first.split()) == 1 and len(second.split()) > 1:
        # "leading and lagging indicators": the noun stands with the last of them.
        first = f"{first} {second.split()[-1]}"
    one, other = content_set(first), content_set(second)
    return _thing(first, one - other, other - one, evidence), _thing(second, other - one, one - other, evidence)


def _terse(question: str) -> tuple[str, ...]:
    """What is asked of each of two things in so few words that none of them asks; empty for another question."""
    match = _TERSE.match(question)
    if match is None:
        return ()
    said, other = match["one"].split(), match["other"].split()
    low = [word.lower() for word in said]
    first = other[0].lower()
    if low[-1] in _JOINING or first in _JOINING:
        return ()
    if first in low:  # "cost of a lamp vs cost of a lantern", "rules for the lamp vs the lantern".
        begins = len(low) - 1 - low[::-1].index(first)
    else:
        begins = max((at + 1 for at, word in enumerate(low) if word in _PREPOSITIONS), default=len(said) - len(other))
    about = said[: max(0, begins)] if begins < len(said) else []
    return tuple(f"{' '.join((*about, *side))}?" for side in (said[len(about) :], other))


def _thing(name: str, own: frozenset[str], others: frozenset[str], evidence: Sequence[Statement]) -> Thing:
    said = ((one, content_set(one.text)) for one in evidence if own)
    told = [one for one, stems in said if own <= stems and not others & stems]
    return Thing(f"What is meant by {name}?", tuple(told[:READ]))
