"""How a question with something in brackets beside it is put to a model that judges."""

import re

from assistant.words import content_words, in_sentences

_BESIDE = re.compile(r"(?P<own>[^()]+?) \((?P<beside>[^()]*)\)(?P<names>(?: \([^()]*\))*)")
_WH_OR_AUXILIARY = (
    r"what|who|whom|whose|which|how|why|when|where|is|are|was|were|do|does|did|can|could|may|must|should|will|would"
    r"|has|have|had"
)
_ASKS = re.compile(rf"(?:{_WH_OR_AUXILIARY}|with|if|and)\b", re.IGNORECASE)
_ASKS_PLAINLY = re.compile(rf"(?:(?:and|with|in|for) [^?.!;]{{1,60}}?,? )?(?:{_WH_OR_AUXILIARY})\b", re.IGNORECASE)
_OWN = 2
"""So many words that carry a subject has a part that may be put by itself."""
_TELLS = 12
"""So many characters are a sentence that tells something and no name."""


def in_order(question: str) -> str:
    """A question with what was told before it beside it, as it was said: first that, then the question."""
    match = _BESIDE.fullmatch(question)
    told = match["beside"] if match and not match["names"] else ""
    if match is None or len(told) < _TELLS or not told[0].isupper() or "?" in told or _ASKS.match(told):
        return question
    own = match["own"].rstrip(" ?.!")
    return f"{told}. {own[:1].upper()}{own[1:]}?"


def after_part(question: str) -> tuple[str, str] | None:
    """The own words of a part of a question, and all of it, where the part before stands beside it in brackets.

    None where nothing stands beside it but what was told, or where it says too little by itself ("what do teams do?").
    """
    own, _, beside = question.partition(" (")
    last = in_sentences(beside.rstrip(" )"))[-1:]
    asks = last and _ASKS_PLAINLY.match(last[0]) and len(content_words(own)) >= _OWN
    return (own, question) if asks else None


def follow_up(question: str) -> tuple[str, str] | None:
    """A follow-up's own words, and those with the earlier question alone of what stands beside them.

    That leaves out what was told and what names options. None where no question stands beside.
    """
    match = _BESIDE.fullmatch(question)
    asked = match["beside"][: match["beside"].rfind("?") + 1] if match else ""
    return (match["own"], f"{match['own']} ({asked})") if match and asked else None
