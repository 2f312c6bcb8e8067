"""How the words of a cue are meant where they stand: as a fact, denied, vaguely, or not of the organization at all."""

import re
from collections.abc import Sequence
from enum import Enum

from assistant.advising.described import Clause


class Standing(Enum):
    HOLDS = "holds"
    DENIED = "denied"
    VAGUE = "vague"
    NOT_OURS = "not ours"
    """A wish, a plan, a thing of the past, of another party, or not known even to the speaker."""


_FAR = frozenset(
    """
    not never neither nor hardly barely scarcely rarely cannot isn't aren't wasn't weren't don't doesn't didn't haven't
    hasn't hadn't can't couldn't
    won't wouldn't shouldn't ain't isnt arent dont doesnt havent hasnt cant wont longer nobody
    """.split()
)
_NEAR = frozenset("no without lack lacks lacking non nothing than instead anything few little".split())
_FAR_WORDS, _NEAR_WORDS = 6, 3
_QUANTITIES = frozenset({"few", "little"})
_NOT_A_DENIAL = frozenset(
    """
    only just merely sure know understand decide decided certain clear doubt agree want care mean tell idea matter
    wonder
    which what how whether need
    """.split()
)
_ENDS_DENIAL = frozenset(
    "because since so if when where which what how who why whether and in at for with by from within inside on"
    " of".split()
)
_VAGUE = frozenset(
    """
    somewhat moderately moderate partly partially half semi medium average mid mixed slightly mildly less sometimes
    occasionally some
    """.split()
)
_HEDGES = frozenset("maybe perhaps possibly might may could potentially".split())
_LITTLE = re.compile(r"\ba (?:bit|little)(?: too)?$")
_OTHERS = re.compile(
    r"\b(?:competitors?|rivals?|other (?:companies|firms|organi[sz]ations|banks|insurers|players)|peers"
    r"|our (?:customers|clients|suppliers)"
    r"|unlike|they|most companies|most organi[sz]ations)\b"
)
_FOLLOWED_BY_OTHERS = re.compile(r"^\W*(?:\w+\W+){0,1}(?:competitors?|rivals?|peers|clients?|customers?|suppliers?)\b")
_WISHES = re.compile(
    r"\b(?:want|wants|wanted|hope|hopes|plan|plans|planning|aim|aims|aspire|intend|intends|like|need|needs|try"
    r"|trying|going|wish|would"
    r"|should|ought|ambition|dream|goal)(?: us| our \w+)?(?: is)?(?: to)?(?: \w+)? (?:be|become|get|have|turn"
    r"|move|build|create|grow|make)\b"
    r"|\bwill (?:soon|one day|eventually)\b|\b(?:becoming|moving toward|moving towards|wishes|hoping for"
    r"|applied for|waiting for)\b"
)
_PAST = re.compile(
    r"(?<!are )(?<!is )(?<!'re )\bused to\b|\b(?:formerly|previously|were once|was once|once were|once was"
    r"|in the past|until recently|years ago)\b"
)
_UNKNOWN = re.compile(
    r"\b(?:not sure|unsure|not certain|(?:don't|do not|doesn't) know|unclear|uncertain|no idea|wonder"
    r"|wondering)\b.*\b(?:if|whether|how)\b"
    r"(?! to)(?!.*\b(?:should|would|could|ought|can)\b)"
)
_UNREAL = re.compile(r"\bif (?:we|i|you|our \w+|it|there) (?:had|were|was|got|became|could)\b|\bas if\b")
_SUPPLIES = re.compile(
    r"\b(?:sell|sells|selling|supply|supplies|supplier|vendor|consult\w*|serve|serves|serving|(?:software"
    r"|tools?|services?|products?|apps?|systems?) (?:for|to)"
    r"|(?:customers|clients) are|work with)\b"
)


def standing(clause: Clause, at: Sequence[int]) -> Standing:
    """How the words at these positions are meant."""
    before, after = " ".join(clause.said[: max(at)]), " ".join(clause.said[max(at) + 1 :])
    if clause.general or _not_ours(clause, before, after):
        return Standing.NOT_OURS
    near = [
        clause.said[i]
        for i in range(max(0, min(at) - 2), max(at))
        if i not in at and not clause.said[i + 1].startswith("siz")  # "Mid-sized" says nothing vague.
    ]
    hedged = _HEDGES.intersection(clause.said[max(0, min(at) - 4) : min(at)])
    if _VAGUE.intersection(near) or hedged or _LITTLE.search(" ".join(clause.said[: min(at)])):
        return Standing.VAGUE
    return Standing.HOLDS if denier(clause, at) is None else Standing.DENIED


def denier(clause: Clause, at: Sequence[int]) -> int | None:
    """The position of the word that denies the words at these positions; None where they are affirmed."""
    for position in range(max(at) - 1, min(at), -1):
        if position not in at and _denies(clause.said, position, _FAR):
            return position
    first = min(at)
    found: int | None = None
    for position in range(first - 1, max(-1, first - _FAR_WORDS - 1), -1):
        word = clause.said[position]
        if _denies(clause.said, position, _FAR) or (
            first - position <= _NEAR_WORDS and _denies(clause.said, position, _NEAR)
        ):
            # "Not without experience" affirms; "no longer" is one denial in two words.
            found = position if found is None else found if word == "no" and clause.said[found] == "longer" else None
            continue
        if found is not None:
            break
        if word in _ENDS_DENIAL and not (position and clause.said[position - 1] in _FAR | _NEAR | {"far", "free"}):
            break
        if word in {"far", "free"} and clause.said[position + 1] in {"from", "of"}:
            return position
    return found


def supplies(clause: Clause, at: Sequence[int]) -> bool:
    """Whether the words name those whom the organization sells to, and not itself."""
    return _SUPPLIES.search(" ".join(clause.said[: min(at)])) is not None


def denies(said: Sequence[str]) -> bool:
    """Whether a clause holds a denial anywhere."""
    return any(
        word in _FAR | _NEAR - {"than", "non"}
        and not (word in _QUANTITIES and place and said[place - 1] in {"a", "every", "the"})
        for place, word in enumerate(said)
    )


def _denies(said: Sequence[str], position: int, words: frozenset[str]) -> bool:
    word = said[position]
    following = said[position + 1] if position + 1 < len(said) else ""
    if word not in words or following in _NOT_A_DENIAL:
        return False
    if word == "longer":
        return position > 0 and said[position - 1] == "no"
    if word == "than":
        return "more" in said[:position] or said[position - 1] == "rather"
    if word == "anything":
        return following == "but"
    if word == "instead":
        return following == "of"
    if word in _QUANTITIES:
        return position == 0 or said[position - 1] != "a"
    return True


def _not_ours(clause: Clause, before: str, after: str) -> bool:
    patterns = (_OTHERS, _PAST, _UNKNOWN) if clause.supposed else (_OTHERS, _PAST, _UNKNOWN, _UNREAL, _WISHES)
    return any(pattern.search(before) for pattern in patterns) or _FOLLOWED_BY_OTHERS.match(after) is not None
