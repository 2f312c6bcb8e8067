# ruff: noqa: E501 - patterns read better unbroken
"""Whether a text says that there is no answer: refusals in the words of other products, in English."""

import re
from collections.abc import Sequence

_READ = 2
_LONGEST = 2_000
_CITES = re.compile(r"\[\d{1,3}\]")
_QUOTES = str.maketrans({"\u2018": "'", "\u2019": "'", "\u02bc": "'", "\u00b4": "'", "`": "'"})
_WORD = r"[\w'-]+"
_SOURCE = (
    r"(?:guidance|guides?|guidelines?|documents?|documentation|context|sources?|passages?|texts?|excerpts?|materials?"
    r"|knowledge base|search results?|information (?:provided|given|available|supplied|i have))"
)
_NOT = r"(?:(?:do|does|did|could|can|would|is|are|am|was|were|has|have)(?: not|n't)|can't|cannot|unable to|not able to)"
_KNOW = r"(?:know|find|found|see|locate|answer|help|assist|say|tell|determine|provide|have|been able to)"
_STATE = r"(?:answer|say|state|contain|cover|mention|address|include|provide|specify|discuss|describe|give|have|hold|tell|offer)"
_LITTLE = r"(?:(?:no|not enough|insufficient|not any|not sufficient) (?:\w+ ){0,2}?(?:information|mention|details?|answer|data))"
_STATED = (
    r"(?:covered|mentioned|addressed|contained|discussed|specified|described|included|provided|stated|found|answered)"
)
_ABOUT = r"(?:about|on|regarding|concerning|of|in|for|that|to)"
_IN_SOURCE = rf"(?:in|by|within|from) (?:{_WORD} ){{0,3}}?{_SOURCE}"
_REFUSAL = re.compile(
    "|".join(
        (
            # I don't know; we were not able to find this; sorry, cannot answer that.
            rf"(?<!if )(?<!when )\b(?:i|we)(?:'m|'re|'ve)?(?: {_WORD}){{0,2}}? {_NOT} (?:\w+ ){{0,2}}?{_KNOW}\b",
            rf"^(?:(?:sorry|unfortunately),? )?(?:can't|cannot|unable to|not able to|do not know|don't know)(?: (?:\w+ ){{0,2}}?{_KNOW}\b|[.!]?$)",
            r"\b(?:i|we)(?:'m| am|'re| are| was| were)? (?:\w+ )?(?:unable|not able) to\b",
            rf"\b(?:i|we)(?:'ve)? (?:\w+ )?(?:have|see|find|found|had) (?:nothing|no idea|no knowledge|{_LITTLE})\b",
            # The guidance provided does not say; the context lacks this; the sources hold nothing on it.
            rf"\b{_SOURCE}(?: {_WORD}){{0,3}}? {_NOT} (?:\w+ ){{0,2}}?{_STATE}\b",
            rf"\b{_SOURCE}(?: {_WORD}){{0,3}}? (?:lacks?\b|(?:is|are) silent\b|\w+ (?:nothing|{_LITTLE})\b)",
            # There is nothing in the guidance about this; no information was found.
            rf"\bthere(?:'s| is| was) (?:nothing|no answer|no mention) (?:\w+ ){{0,2}}?(?:about|regarding|concerning|{_IN_SOURCE})\b",
            rf"^(?:\w+, )?(?:there(?:'s| is| are| was) )?{_LITTLE} (?:(?:is|was|were|are) |{_ABOUT}\b)",
            rf"\b(?:none of|neither(?: of)?|no) (?:the |these |those |my )?(?:\w+ )?{_SOURCE} (?:\w+ )?{_STATE}(?:s|es)?\b",
            r"(?:\bnot|n't|\bno|\binsufficient) (?:enough |sufficient )?(?:information|context|details?) (?:\w+ ){0,6}?to (?:answer|say|tell)\b",
            # That isn't covered in the documents; this is not mentioned.
            rf"\b(?:is|are|was|were)(?: not|n't) (?:\w+ ){{0,2}}?{_STATED} (?:\w+ ){{0,2}}?{_IN_SOURCE}\b",
            rf"^(?:\w+, )?(?:this|that|it|(?:the|your) (?:question|topic)) (?:is|was)(?: not|n't) (?:\w+ )?{_STATED}(?: here)?[.!]?$",
            r"\b(?:this|that|it|question|topic)(?:'s| is| falls| lies) (?:\w+ )?(?:outside|beyond)(?: of)? (?:the|my|our) scope\b",
        )
    )
)


def reads_as_refusal(sentences: Sequence[str]) -> bool:
    """Whether one of an answer's first two sentences says that this is not known, or not covered by the texts.

    Somebody has to be said not to know: the speaker, or the guidance, documents, context, sources or passages. A
    sentence that cites a passage (``[2]``) says something of it and is no refusal.
    """
    return any(_REFUSAL.search(_plain(text)) for text in sentences[:_READ] if not _CITES.search(text))


def _plain(text: str) -> str:
    return " ".join(text[:_LONGEST].translate(_QUOTES).lower().split())
