"""Questions that name no subject, which are asked back, and advice that is asked for with nothing to go by."""

import re
from collections.abc import Iterable

from assistant.words import content_set

EMPTY = content_set(
    "help good bad best better ok okay right wrong way go start begin tell know think advise advice suggest suggestion recommend"
    " recommendation opinion idea plan next step question something anything everything mean need want now today more else one problem issue situation"
    " say explain info information detail option choose choice pick decide decision answer suit fit proceed move forward thing stuff topic"
    " guidance guide document assistant business company organization organisation firm us please approach path route course action"
)
"""Words that ask or judge and leave open what about."""
OPEN = EMPTY | content_set("happen happened cause work went gone fix change improve")
"""Words of a question that rests on what was told before: "what went wrong, and what would work better?"."""
_OF_A_CHOICE = content_set(
    "ai artificial intelligence strategy model kind type sort structure governance leadership style method mode setup set-up framework"
    " programme program solution mix combination balance side end direction work working central control"
)
"""Words that go with what to choose: an AI strategy, a governance model, the right mix."""
_DEFINES = re.compile(r"\b(?:what(?:'s| is| are| does)|define|meaning of|mean by)\b", re.IGNORECASE)
_POINTS = re.compile(r"\b(?:it|its|this|that|these|those|they|them|one)\b", re.IGNORECASE)
_OURS = re.compile(r"\b(?:we|we're|we've|our|ours|us|i|i'm|i've|my|mine)\b", re.IGNORECASE)
_OURS_TO_SAY = re.compile(
    r"\b(?:do|would|should|can) you (?:recommend|advise|suggest|choose|pick|prefer|do)\b", re.IGNORECASE
)
_OF_OTHER = re.compile(
    r"\b(?:how|what|should|can|could|may|must|when|where|which|who)\b[^.?!;:]*\b(?:handle|deal(?:ing)? with|address|tackle|prevent|avoid|reduce|overcome|measure|ensure|protect|secure|train|improve|increase|mitigate"
    r"|do(?:ing)? about|fix|solve|stop|cope with|budget for|pay|hire|recruit|comply with|communicate|report|monitor|test|buy|procure|store|write"
    r"|explain|convince|motivate)\b (?P<object>[^?.,;:]+)",
    re.IGNORECASE,
)
_WHICH_OTHER = re.compile(
    r"\b(?:which|what|how (?:many|much)) (?P<object>(?:[\w'’-]+ ){1,3}?)"
    r"(?:should|shall|must|ought|can|could|do|would|will) (?:we|i|you|our)\b",
    re.IGNORECASE,
)
_QUANTITY = re.compile(
    r"\b(?:how (?:many|long|often|soon)|when) (?:[\w'’-]+ ){0,2}?"
    r"(?:should|shall|must|ought|can|could|do|does|would|will) (?:we|i|our|it)\b"
    r"|\bhow much (?:[\w'’-]+ )?(?:should|shall|must|can|could|do|would|will) (?:we|i|it) (?:\w+ )?"
    r"(?:spend|pay|cost|invest|budget|charge)\b",
    re.IGNORECASE,
)


def names_no_subject(question: str, common: frozenset[str], headings: Iterable[str]) -> bool:
    """Whether a question says nothing that it could be answered by.

    ``common`` are the stems that most passages hold, which tell nothing apart. A question whose words stand in one of
    the ``headings`` does name something, and so does one that asks what a common word means; what only points
    ("is it good?") does not.
    """
    said = content_set(question)
    if said - EMPTY - common:
        return False
    if said & common and _DEFINES.search(question) and not said & EMPTY:
        return False
    telling = said - common
    if not telling or (_POINTS.search(question) and not said & common):
        return True
    return not any(telling <= content_set(heading) for heading in headings)


def speaks_of_itself(question: str) -> bool:
    """Whether a message speaks of those who ask."""
    return _OURS.search(question) is not None


def leaves_choice_open(question: str, common: frozenset[str], options: frozenset[str]) -> bool:
    """Whether a message asks what those who ask should do, and names nothing but the ``options`` there are."""
    asks = speaks_of_itself(question) or _OURS_TO_SAY.search(question) is not None
    return asks and not content_set(question) - EMPTY - common - options


def asks_of_another_subject(question: str, options: frozenset[str]) -> bool:
    """Whether what to do about something is asked ("how should we handle X?"), which is none of the ``options``."""
    return asks_which_other(question, options) or _names_other(_OF_OTHER, question, options)


def asks_which_other(question: str, options: frozenset[str] = frozenset()) -> bool:
    """Whether it is asked which, how many or when of something that is none of the ``options``.

    "Which vendor should we buy from?", "How many people should we hire?"
    """
    return _QUANTITY.search(question) is not None or _names_other(_WHICH_OTHER, question, options)


def _names_other(asking: re.Pattern[str], question: str, options: frozenset[str]) -> bool:
    named = (content_set(found["object"]) for found in asking.finditer(question))
    return any(one - EMPTY - _OF_A_CHOICE - options for one in named)
