"""For whom an option is right, and what a choice depends on: told whole, by the rules for advice."""

import re

from assistant.advising import Adviser
from assistant.contents.outline import Outline
from assistant.questions.kinds import kind
from assistant.records import Citation

_WHO = (
    r"(?:organi[sz]ations?|compan(?:y|ies)|firms?|businesses|industr(?:y|ies)|sectors?|cultures?|enterprises?"
    r"|institutions?|houses?|agenc(?:y|ies)|conditions?|circumstances?|situations?|cases?|contexts?|settings?|factors?)"
)
_SUITS = (
    r"(?:suits?|suited|suitable|fits?|better off|better|best|right|makes? sense|sensible|works? well|favou?rs?"
    r"|points? to|leans? (?:to|towards?)|benefits?|prefers?|preferable|calls? for|appropriate|recommended|advisable"
    r"|ideal|thrives?)"
)
_TAKES = r"(?:choose|go (?:for|with)|opt for|pick|prefer|adopt|take)"
_FOR_WHOM = re.compile(
    rf"\b(?:what|which) (?:(?:kinds?|types?|sorts?) of )?(?:\w+ )?{_WHO}\b[^.!?]*\b(?:{_SUITS}|{_TAKES})\b"
    rf"|\bfor (?:whom|who)\b[^.!?]*\b{_SUITS}\b"
    rf"|\bwhen\b[^.!?]*\b(?:{_SUITS}|should (?:we|one|you|i|an? \w+) {_TAKES})\b"
    rf"|\bwho(?: \w+)? (?:should {_TAKES}|{_SUITS})\b|\bwho is\b[^.!?]*\b(?:right|best|suited|made|meant|good) for\b",
    re.IGNORECASE,
)
_NOT = re.compile(
    r"\b(?:not|never|avoid|wrong|worse|worst|unsuited|unsuitable|less|poor(?:ly)?|bad(?:ly)?|cannot)\b|n['’]t\b",
    re.IGNORECASE,
)
_DEPENDS = re.compile(
    r"\bwhat\b[^.!?]*\b(?:choice|decision|decide|deciding|choos\w+|approach|option|model|path|way|answer)\b"
    r"[^.!?]*\bdepends?\b|\bdepends? on (?:what|which)\b"
    r"|\bwhat (?:does|do|will|would) (?:it|that|this) (?:all )?depend on\b"
    r"|\bwhat (?:about|in|of) (?:us|(?:our|my|the|your) (?:own )?\w+)\b[^.!?]*\b(?:look at|consider\w*|decid\w*"
    r"|weigh\w*|tips? the (?:scales?|balance)|matters?|determin\w+)\b"
    r"|^(?:and |but |so )*(?:which|what) (?:\w+ ){0,2}(?:things?|factors?|aspects?|criteria|circumstances?"
    r"|considerations?|characteristics?|features?)\b[^.!?]*\b(?:decid\w+|cho(?:ose|osing|ice)|look at|consider\w*"
    r"|weigh\w*|approach|model|option|path|take into account)\b",
    re.IGNORECASE,
)


def suited(question: str, outline: Outline, adviser: Adviser) -> tuple[Citation, ...]:
    """What the guidance says of whom the one option suits that a question asks it of; empty for another question."""
    own = question.partition(" (")[0]
    named = outline.named(question)
    if len(named) != 1 or kind(own) in ("advise", "compare") or not _FOR_WHOM.search(own) or _NOT.search(own):
        return ()
    option = adviser.calling.told_apart(named[0].own)
    return adviser.grounds(own, option) if option else ()


def depends(question: str, outline: Outline, adviser: Adviser) -> tuple[Citation, ...]:
    """What the guidance says of all that a choice depends on, where a question asks for that; else empty."""
    if outline.named(question) or not _DEPENDS.search(question):
        return ()
    return adviser.grounds(question)
