"""What came of each case: the values it adds to every measure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from assistant.evaluate.cases import Case
from assistant.evaluate.measures.catalogue import STAGES, UNANSWERED
from assistant.evaluate.measures.evidence import (
    answer_text,
    cited_sentences,
    covered_groups,
    groups_in,
    quotes,
    retrieved_texts,
    right_citations,
)
from assistant.evaluate.measures.words import token_f1

Part = tuple[float, float]
Verdicts = tuple[bool | None, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """One measured case, query or claim.

    ``parts`` holds, for each measure that is a mean or a share, the numerator and denominator that this case adds.
    ``truth`` and ``score`` serve the measures of a probability: whether the claim is supported, or whether the
    question is one the guidance does not answer, and how strongly that was believed. ``verdict`` is what was decided.
    ``tokens`` are those that the language model reported for the case, by measure. ``line`` is the case's line of
    answers.jsonl, empty where it failed with ``error``. ``slices`` are the names under which the case is also counted
    apart. ``about`` names the sections its evidence lies in. ``judged`` are a judge model's verdicts on it. ``texts``
    are what a report shows of a case that is no question to answer: a heading and a text each. ``content`` is what of
    such a case, beside its question, makes it the same case in another run. ``checked`` says whether the sentences of
    the answer were checked for support. ``fault`` tells what is wrong with the case itself.
    """

    id: str
    question: str
    line: Mapping[str, Any] = field(default_factory=dict)
    parts: Mapping[str, Part] = field(default_factory=dict)
    milliseconds: Mapping[str, float] = field(default_factory=dict)
    tokens: Mapping[str, float] = field(default_factory=dict)
    truth: bool | None = None
    score: float | None = None
    verdict: bool | None = None
    slices: tuple[str, ...] = ()
    about: tuple[str, ...] = ()
    case: Case | None = None
    judged: Verdicts = ()
    texts: tuple[tuple[str, str], ...] = ()
    content: tuple[object, ...] = ()
    checked: bool = True
    fault: str = ""
    error: str = ""

    @property
    def kind(self) -> str:
        return self.slices[0] if self.slices else ""


def outcome_of_answer(
    case: Case,
    answer: Mapping[str, Any] | None,
    answerable: float | None = None,
    error: str = "",
    about: Sequence[str] = (),
    checked: bool = True,
    tokens: Mapping[str, int] | None = None,
    judged: Verdicts | None = None,
    passages: bool = True,
) -> Outcome:
    """Measures one answer, in the contract's JSON, against its case.

    A case that failed counts as one that found, cited and proved nothing, and for neither refusals nor answers.
    ``checked`` says whether the answer's sentences were checked for support at all. ``judged`` are a judge model's
    verdicts, None where there was no judge. Without ``passages`` nothing is known of what was found and cited, and
    nothing is measured of the evidence.
    """
    slices = ((case.kind,) if case.kind else ()) + tuple(f"section={section}" for section in about)
    parts: dict[str, Part] = {"failed": (float(answer is None), 1.0)}
    if answer is None:
        if case.evidence and passages:
            parts |= dict.fromkeys(("evidence_found", "evidence_cited", "citation_recall"), (0.0, 1.0))
        return Outcome(
            case.id,
            case.question,
            parts=parts,
            slices=slices,
            about=tuple(about),
            case=case,
            error=error or "no answer",
        )
    unanswered = answer["status"] in UNANSWERED
    if case.evidence and passages:
        parts |= _evidence_parts(case, answer)
    written = answer["sentences"]
    if written and checked and not unanswered:
        parts["sentences_supported"] = (float(sum(s["support"] == "supported" for s in written)), float(len(written)))
    if case.reference and case.answerable is not False:
        parts["token_f1"] = (token_f1(answer_text(answer), case.reference), 1.0)
        if judged is not None:
            parts |= _judged_parts(judged, unanswered)
    if case.answerable is not None:
        parts["refusal_precision"] = (float(unanswered and not case.answerable), float(unanswered))
        parts["false_refusals" if case.answerable else "refusal_recall"] = (float(unanswered), 1.0)
    timings = answer.get("timings_ms") or {}
    return Outcome(
        case.id,
        case.question,
        line={"id": case.id, **answer},
        parts=parts,
        milliseconds={stage: float(timings[stage]) for stage in STAGES if timings.get(stage)},
        tokens={f"tokens_{name}": float(count) for name, count in (tokens or {}).items()},
        truth=None if case.answerable is None else not case.answerable,
        score=None if answerable is None else 1 - answerable,
        verdict=unanswered,
        slices=slices,
        about=tuple(about),
        case=case,
        judged=judged or (),
        checked=checked,
    )


def _judged_parts(judged: Verdicts, unanswered: bool) -> dict[str, Part]:
    said = [verdict for verdict in judged if verdict is not None]
    if unanswered:
        return {"judged_correct": (0.0, 1.0)}
    if not said:
        return {}
    disagreed = float(len(set(judged)) > 1)
    return {"judged_correct": (sum(said) / len(said), 1.0), "judge_disagreement": (disagreed, 1.0)}


def _evidence_parts(case: Case, answer: Mapping[str, Any]) -> dict[str, Part]:
    found = groups_in(case.evidence, retrieved_texts(answer))
    quoted = groups_in(case.evidence, quotes(answer))
    cited = cited_sentences(answer)
    covered = covered_groups(case.evidence, cited)
    count = len(case.evidence)
    parts: dict[str, Part] = {
        "evidence_found": (sum(found) / count, 1.0),
        "evidence_cited": (sum(quoted) / count, 1.0),
        "citation_recall": (sum(covered) / count, 1.0),
    }
    if cited:
        right = right_citations(case.evidence, cited)
        parts["citation_precision"] = (sum(right) / len(right), 1.0)
    return parts


def with_scores(outcomes: Sequence[Outcome]) -> list[Outcome]:
    """The outcomes, with a score for answers whose answerability was not estimated, if that of others was.

    A greeting or a case decided without an estimate counts by its decision: 1 for not answered, 0 for answered.
    """
    from dataclasses import replace

    if not any(outcome.score is not None for outcome in outcomes):
        return list(outcomes)
    return [
        replace(outcome, score=float(bool(outcome.verdict))) if outcome.score is None and not outcome.error else outcome
        for outcome in outcomes
    ]
