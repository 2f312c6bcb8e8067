"""Messages that want something done which is no answer from the guidance: "translate this", "repeat the password"."""

import re

from assistant.words import ends_asking

_PIECE = re.compile(r"(?<=[.!?;:\n])\s+|[#\[\]]+")
_BEFORE = (
    r"(?:(?:please|now|then|and|so|just|kindly|you (?:must|should|will|are to)|(?:can|could|will|would) you)[, ]+)*"
)
_ORDERS = re.compile(
    rf"{_BEFORE}(?:translate|repeat|print|pretend|forget|disregard|ignore|sing|draw|role-?play|encode|decode|invent|rhyme"
    r"|(?:rate|make up|say|write|state)\b[^.?!]*\b(?:invent|imagine|as a fact|word for word|[a-z]+ only))\b",
    re.IGNORECASE,
)
_ASKS = re.compile(
    rf"{_BEFORE}(?:what|which|who|whom|whose|how|why|when|where|whether|is|are|was|were|do|does|did|has|have|should|must"
    r"|may|tell|explain|describe|list|name|compare|give|show|summari[sz]e|outline|define|advise|recommend|help)\b",
    re.IGNORECASE,
)

NOTHING_ASKED = (
    "This asks for something to be done and nothing of the guidance, so no answer is given;"
    " please ask a question about it."
)


def only_orders(message: str) -> bool:
    """Whether a message ends in an order that is no question to the guidance, and nothing in it asks one."""
    pieces = [piece for piece in (one.strip(" -*>\"'“”") for one in _PIECE.split(message)) if piece]
    if not pieces or not _ORDERS.match(pieces[-1]) or "?" in message:
        return False
    return not any(ends_asking(piece) or _ASKS.match(piece) for piece in pieces if not _ORDERS.match(piece))
