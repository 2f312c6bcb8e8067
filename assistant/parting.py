"""A question parted into the questions within it."""

import re

from assistant.vague import OPEN
from assistant.words import content_set, content_words

_STATES = re.compile(
    r"(?:(?:and|but|so|also|because|honestly|frankly|basically|actually|currently|today|yesterday|recently"
    r"|personally)[, ]+)*"
    r"(?:(?:we|i|our|my|you|he|she|they|it|there|this|that|these|people|everyone|everybody|someone|somebody|nobody)\b[^?]*"
    r"|(?:ok(?:ay)?|well|so|right|now|thanks?|please|sorry|great|good|fine|yes|no|hi|hello|hm+"
    r"|correct|agreed|true|fair enough|isn['’]t it)[,.!? ]*)$",
    re.IGNORECASE,
)
"""A stretch that tells something or is a mere word between, and asks nothing."""
_FRAME = frozenset(
    content_words(
        "guidance guide document text paper policy say suggest recommend advise advice tell mean think ok okay please"
    )
)
_ASKED_OF = (
    r"(?:i|we|you|he|she|it|they|there|that|this|these|those|the|an?|our|my|your|their|its|each|every|all|any|some|both"
    r"|staff|people|everyone|everybody|anyone|anybody|someone|management|leadership|\w+[^\Ws]s)\b"
)
"""What follows "must" or "will" in a question ("must teams ...?"); before a verb ("and must approve") none begins."""
_BEGINS = (
    r"(?:(?:what|who|whom|which|how|why|when|where|does|is|are|can|should)\b"
    rf"|(?:do|may|must|will|would|could|shall|might|did) {_ASKED_OF}"
    r"|(?:have|has|was|were|had) (?:i|we|you|he|she|it|they|there)\b)"
)
_ENDS = re.compile(rf"(?<=[?!.;])\s+|,?\s+and (?={_BEGINS})", re.IGNORECASE)
_AT_COMMA = re.compile(r",\s+(?=(?:what|how|why|when|where)\b|(?:who|which)\b[^,]*$)", re.IGNORECASE)
"""A "which" that a comma follows once more adds to what stands before it ("the tools, which we like, cost")."""
_ENUMERATED = re.compile(r"\band (?:what|who|which|how|why|when|where)\b", re.IGNORECASE)
_OPENS = re.compile(r"(?:and |but |so )*(?:what|who|whom|which|how|why|when|where)\b", re.IGNORECASE)
_WH = r"(?:what|who|whom|which|how|why|when|where|whether)"
_REQUESTS = (
    r"(?:i|we|me|us|you|(?:my|our) \w+|could|can|would|will|let|please|just|the (?:question|board|team|boss|point)|tell"
    r"|explain|remind|question|ask|see|hear)"
)
"""How a stretch begins that wants to be told something: "a supplier refuses to explain how ..." tells it."""
_ASKS = re.compile(
    rf"\?\W*$|^(?:(?:and|but|so|also|then|please|now)[, ]+)*{_REQUESTS}\b[^?]*"
    rf"\b(?:tell|know|wonder|wondering|ask|explain|understand|see|hear|curious|clear|question|remind)\b[^?]*\b{_WH}\b"
    rf"|^(?:(?:and|but|so|also|then|please)[, ]+)*(?:(?:(?:to|for|by|with|from|at|in|on|under|of) )?"
    rf"(?:{_WH}|tell|explain|describe|define|list|name|compare|give|show"
    r"|summari[sz]e|advise|recommend)\b"
    r"|(?:does|do|did|is|are|was|were|can|could|should|must|may|will|would|has|have)\b[^.]*$)",
    re.IGNORECASE,
)
"""A stretch that asks; others tell what the question rests on."""
_BEFORE_ALL = re.compile(
    r"(?P<about>(?:in|under|with|within|for|by|at) (?:(?!\b(?:and|or)\b)[^,?.!;:]){3,60}), "
    r"(?=(?:what|who|whom|which|how|why|when|where)\b)",
    re.IGNORECASE,
)
_IN_FULL = re.compile(
    r"(?:and |so |please )*(?:(?:name|list|tell|give|show)(?: me| us)? |i want |i need )?"
    r"(?:all|every(?: single)? one|each(?: and every one)?|the (?:full|whole|complete) list|everything)"
    r"(?: of (?:them|these|those|it))?(?: (?:the|these|those) \w+)?(?: for (?:an?|the|my|our) (?:\w+ ){0,2}\w+)?"
    r"(?:,? please)?\W*$"
    r"|(?:and |so )*(?:what|which way) (?:does|would) (?:each|every)(?: one)?(?: of (?:them|these|those))?(?: \w+)?"
    r" (?:point to|mean|imply|say|suggest|lead to)\W*$",
    re.IGNORECASE,
)
"""A stretch that wants what was asked for in full, and asks nothing of its own."""
_LEAD = re.compile(
    r"^(?:(?:just|only|two|three|four|a couple of|some|a few|several|one|another|quick|short|more|different) )*"
    r"(?:things?|questions?|points?)"
    r"(?: (?:about|on|regarding|concerning) (?P<about>[^:?.!]{3,60})| (?:for|from|of) [^:?.!]{2,60})?: (?=\w)",
    re.IGNORECASE,
)
_MOST = 4


def parts(question: str) -> tuple[str, ...]:
    """The questions within a question, at most four, each to be searched for itself; the whole where it is one.

    A comma parts questions only where they are enumerated ("who pays, what does it cost and when is it due?"). What
    stands before all of them ("in the hybrid model, who ...") is said with each.
    """
    question = _LEAD.sub(lambda lead: f"With {lead['about']}, " if lead["about"] else "", question)
    about = _BEFORE_ALL.match(question)
    asked = question[about.end() :] if about else question
    pieces = [piece for whole in _ENDS.split(asked) for piece in _enumerated(whole, asked)]
    named = [piece for piece in pieces if frozenset(content_words(piece)) - _FRAME and not _told(piece)]
    named = [piece for piece in named if _ASKS.search(piece)] or named
    if named and len(named) < len(pieces) and not content_set(named[0]) - OPEN:
        return (question,)  # "It failed. What went wrong, and what now?" rests on what was told.
    if about:
        named = [f"{about['about']}, {piece}" if _OPENS.match(piece) else piece for piece in named]
    return tuple(named[:_MOST]) if len(named) > 1 else (question,)


def _told(piece: str) -> bool:
    """Whether a piece asks nothing of its own."""
    return _STATES.match(piece) is not None or _IN_FULL.match(piece) is not None


def _enumerated(piece: str, question: str) -> list[str]:
    """The questions that commas part in a piece which itself begins as one."""
    enumerates = _ENUMERATED.search(question) and _OPENS.match(piece)
    return [one.strip() for one in (_AT_COMMA.split(piece) if enumerates else [piece])]
