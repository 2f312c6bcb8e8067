"""Why a case scored as it did, in words."""

from typing import Literal

from assistant.evaluate.measures.evidence import (
    cited_sentences,
    groups_in,
    quotes,
    retrieved_texts,
    right_citations,
)
from assistant.evaluate.outcomes import Outcome

Grade = Literal["good", "mixed", "bad"]
GRADES: dict[Grade, str] = {"bad": "Wrong", "mixed": "Partly", "good": "Good"}
"""The grades in words, the worst first. "Failed" is only said of cases that ended in an error."""
UNSUPPORTED = "unsupported"
RANKED = "recall@10"


def judge(outcome: Outcome) -> tuple[Grade, tuple[str, ...]]:
    """The grade of an outcome and its reasons; first of all what is wrong with the case, if anything is."""
    grade, reasons = _judged(outcome)
    return grade, (outcome.fault, *reasons) if outcome.fault else reasons


def _judged(outcome: Outcome) -> tuple[Grade, tuple[str, ...]]:
    """The grade of an outcome and its reasons, most important first.

    bad: ended in an error, wrongly answered, wrongly refused, or none of the evidence quoted. mixed: some of the
    evidence is missing, or a sentence is not proved. good: everything else. A claim is bad where the verdict is not
    people's; a query where none of the relevant documents is among the first ten, and mixed where some are missing
    there.
    """
    case, answer = outcome.case, outcome.line
    if outcome.error:
        return "bad", (f"The case ended in an error: {outcome.error}",)
    if case is None:
        return _of_ranking(outcome) if RANKED in outcome.parts else _of_claim(outcome)
    if case.answerable is False:
        if outcome.verdict:
            return "good", ("The guidance does not answer this, and it was not answered.",)
        return "bad", ("The guidance does not answer this, yet it was answered.",)
    evident = bool(case.evidence) and "evidence_found" in outcome.parts
    if case.answerable and outcome.verdict:
        missing = _missing(groups_in(case.evidence, retrieved_texts(answer)), "among the passages") if evident else ()
        return "bad", ("The guidance answers this, yet it was not answered.", *missing)
    reasons: list[str] = []
    grade: Grade = "good"
    if evident:
        found = groups_in(case.evidence, retrieved_texts(answer))
        quoted = groups_in(case.evidence, quotes(answer))
        if not all(quoted):
            grade = "mixed" if any(quoted) else "bad"
        reasons += _missing(found, "among the passages")
        overlooked = sum(f and not q for f, q in zip(found, quoted, strict=True))
        if overlooked:
            reasons.append(f"{_count(overlooked, len(found))} found but not cited word for word.")
        wrong = right_citations(case.evidence, cited_sentences(answer)).count(False)
        if wrong:
            reasons.append(f"Cites {wrong} sentence{'s' * (wrong > 1)} beside the evidence.")
        if all(quoted):
            reasons.append("All the evidence is cited word for word.")
    checked = answer["sentences"] if outcome.checked else ()
    unproved = sum(sentence["support"] == UNSUPPORTED for sentence in checked)
    partly = sum(sentence["support"] == "partial" for sentence in checked)
    if unproved:
        reasons.append(f"{unproved} sentence{'s' * (unproved > 1)} not proved by the citations.")
    if partly:
        reasons.append(f"{partly} sentence{'s' * (partly > 1)} proved only in part.")
    if outcome.judged:
        right, asked = outcome.judged.count(True), len(outcome.judged)
        reasons.append(f"The judge model found it in agreement with the reference in {right} of {asked} runs.")
    if grade == "good" and (unproved or partly):
        grade = "mixed"
    why = "it came without passages" if case.evidence else "the case names no evidence"
    return grade, tuple(reasons) or (f"Answered; {why} to compare with.",)


def _of_claim(outcome: Outcome) -> tuple[Grade, tuple[str, ...]]:
    if outcome.truth is None:
        return "good", ("Nobody has said whether the cited texts support it.",)
    said = "supported" if outcome.truth else "not supported"
    if outcome.truth == outcome.verdict:
        return "good", (f"People judged it {said}, and so did the check.",)
    return "bad", (f"The verdict is not the one people gave: they judged it {said}.",)


def _of_ranking(outcome: Outcome) -> tuple[Grade, tuple[str, ...]]:
    share = outcome.parts[RANKED][0]
    if share == 1:
        return "good", ("Every relevant document is among the first ten.",)
    if share == 0:
        return "bad", ("No relevant document is among the first ten.",)
    return "mixed", (f"{share * 100:.0f} % of the relevant documents are among the first ten.",)


def _missing(found: list[bool], where: str) -> list[str]:
    missing = found.count(False)
    return [f"{_count(missing, len(found))} not {where}."] if missing else []


def _count(some: int, whole: int) -> str:
    if whole == 1:
        return "The statement that answers it was"
    return f"{some} of the {whole} statements that answer it {'was' if some == 1 else 'were'}"
