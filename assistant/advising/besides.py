"""What a question asks besides advice ("... top-down or bottom-up? And who pays for the central team?")."""

import re
from collections.abc import Callable, Iterable
from dataclasses import replace

from assistant import refusing
from assistant.advising.asking import wants_advice
from assistant.conversation.standing_alone import points_back
from assistant.questions.kinds import kind
from assistant.questions.parting import parts
from assistant.records import Answer, RetrievedPassage
from assistant.words import content_words

_FEWEST = 3
_WHATEVER = re.compile(
    r"\b(?:no matter|regardless(?: of)?|independent(?:ly)? of|whatever|whichever)\b[^,?.;]*", re.IGNORECASE
)
"""Names a choice only to say that it does not matter."""
_ALSO = re.compile(
    r"^(?:(?:and|also|besides|then|furthermore|in addition|so|but|apart from that)[,:]? )+", re.IGNORECASE
)


def besides_advice(question: str, describes: Callable[[str], bool]) -> str:
    """The one part of a question that asks for something else than advice and stands for itself; empty for none.

    A part that ``describes`` the organization belongs to what advice is asked for.
    """
    asked = parts(question)
    others = [part for part in asked if not (_advises(part) or describes(part))]
    if len(others) != 1 or len(others) == len(asked):
        return ""
    other = _ALSO.sub("", others[0])
    stands = kind(other) != "compare" and len(content_words(other)) >= _FEWEST and not points_back(other)
    return other[:1].upper() + other[1:] if stands else ""


def together(advised: Answer, besides: Answer) -> Answer:
    """Advice with the answer to what was asked besides it; in part, where that one is refused."""
    answered = besides.status in ("answered", "partial")
    refused = besides.refusal or (None if answered else refusing.refusal("", ()))
    refusal = replace(refused, reason=refusing.not_covered((besides.question,))) if refused else None
    said = {citation for sentence in advised.sentences for citation in sentence.citations}
    new = (one for one in besides.sentences if answered and not (one.citations and said.issuperset(one.citations)))
    return replace(
        advised,
        status="partial" if refusal else "answered",
        sentences=(*advised.sentences, *new),
        passages=_once((*advised.passages, *besides.passages)),
        refusal=refusal,
        follow_ups=advised.follow_ups or besides.follow_ups,
        model=besides.model,
        index=besides.index,
        timings_ms=besides.timings_ms,
        notice=advised.notice or besides.notice,
    )


def _advises(part: str) -> bool:
    asked = _WHATEVER.sub(" ", part)
    return kind(asked) == "advise" or wants_advice(asked)


def _once(passages: Iterable[RetrievedPassage]) -> tuple[RetrievedPassage, ...]:
    return tuple({passage.id: passage for passage in passages}.values())
