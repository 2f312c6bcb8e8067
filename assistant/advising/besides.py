"""What a question asks besides advice or a comparison ("... central or local? And who pays for the central team?")."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from assistant import refusing
from assistant.advising.asking import wants_advice
from assistant.conversation.standing_alone import points_back
from assistant.questions.kinds import kind
from assistant.questions.parting import parts
from assistant.records import Answer, Sentence
from assistant.words import content_words

_FEWEST = 3
"""So many words that carry a subject make a question that stands for itself."""
_WHATEVER = re.compile(
    r"\b(?:no matter|regardless(?: of)?|independent(?:ly)? of|whatever|whichever)\b[^,?.;]*", re.IGNORECASE
)
"""Names a choice only to say that it does not matter."""
_OF_THOSE = re.compile(
    r"\b(?:each|either|both|neither|the two|which (?:ones?|of|is|are|was|wins?|works?|would|should|costs?)|same)\b",
    re.IGNORECASE,
)
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


def comparison_and_more(question: str) -> tuple[str, ...]:
    """A question to compare and what is asked beside it, in their order, where each stands for itself; else empty.

    What leans on the comparison ("... and who decides in each?") belongs to it.
    """
    asked = parts(question)
    comparing = [part for part in asked if kind(part) == "compare"]
    others = [part for part in asked if kind(part) != "compare"]
    if len(comparing) != 1 or not others or not all(map(_stands_alone, asked)):
        return ()
    more = others[0] if len(others) == 1 else " And ".join(f"{_ALSO.sub('', part).rstrip(' ?.')}?" for part in others)
    return (comparing[0], more) if asked[0] == comparing[0] else (more, comparing[0])


def in_one(base: Answer, answers: Sequence[Answer]) -> Answer:
    """The answers to the questions within the one of ``base``, in one; in part, where some are refused."""
    told = [one for one in answers if one.status in ("answered", "partial")]
    if not told:
        return replace(answers[0], question=base.question, standalone_question=base.standalone_question)
    refused = [one for one in answers if one not in told]
    refusals = [one.refusal for one in answers if one.refusal]
    refusal = refusals[0] if refusals else refusing.refusal("", ()) if refused else None
    if refusal and refused:
        refusal = replace(refusal, reason=refusing.not_covered([one.question for one in refused]))
    return replace(
        base,
        status="partial" if refusal else "answered",
        sentences=_new(told),
        comparison=next((one.comparison for one in told if one.comparison), None),
        advice=next((one.advice for one in told if one.advice), None),
        passages=tuple({passage.id: passage for one in answers for passage in one.passages}.values()),
        refusal=refusal,
        follow_ups=next((one.follow_ups for one in told if one.follow_ups), ()),
        model=answers[-1].model,
        index=answers[-1].index,
        timings_ms=answers[-1].timings_ms,
        notice=next((one.notice for one in told if one.notice), ""),
        answerable=min((one.answerable for one in told if one.answerable is not None), default=None),
    )


def _new(answers: Iterable[Answer]) -> tuple[Sentence, ...]:
    """The sentences of answers, without those that say no more than the answers before."""
    found: list[Sentence] = []
    for one in answers:
        said = {citation for sentence in found for citation in sentence.citations}
        found += [each for each in one.sentences if not (each.citations and said.issuperset(each.citations))]
    return tuple(found)


def _stands_alone(part: str) -> bool:
    points = points_back(part) or _OF_THOSE.search(part)
    return not points and (kind(part) == "compare" or len(content_words(part)) >= _FEWEST)


def _advises(part: str) -> bool:
    asked = _WHATEVER.sub(" ", part)
    return kind(asked) == "advise" or wants_advice(asked)
