"""Drafts from what readers asked: the questions they liked or disliked an answer to, and those that were refused."""

from collections.abc import Iterable, Sequence

from assistant.evaluate.drafting.draft import Draft, Groups, unique
from assistant.evaluate.measures.words import stands_in
from assistant.records import Answer
from assistant.store import Feedback, Gap
from corpus import Document

_UNANSWERED = ("refused", "clarify", "chat")
_LONGEST_NOTE = 600


def feedback_cases(feedback: Sequence[Feedback], gaps: Sequence[Gap], documents: Sequence[Document]) -> list[Draft]:
    """Disliked, liked, then refused questions, each once; a question with two verdicts is taken as disliked.

    A liked answer proposes its citations as evidence, as far as their words still stand in the documents, and its text
    as the reference. A disliked one proposes neither: what would have been right is for a person to fill in. A refused
    question is proposed as one the guidance does not answer, a partly answered one without a proposal.
    """
    texts = [document.text for document in documents]
    disliked = [_disliked(verdict) for verdict in feedback if verdict.rating == "dislike"]
    liked = [_liked(verdict, texts) for verdict in feedback if verdict.rating == "like"]
    return unique([*disliked, *liked, *(_refused(gap) for gap in gaps)])


def _liked(verdict: Feedback, texts: Sequence[str]) -> Draft:
    answer = verdict.answer
    if answer.status in _UNANSWERED:
        note = _note("a reader liked that this was not answered", verdict.reason)
        return Draft(_question(answer), "liked", False if answer.status == "refused" else None, note=note)
    evidence, gone = _evidence(answer, texts)
    note = "a reader liked this answer; check that its citations are the evidence"
    if gone:
        note = f"{note}; {gone} of its quotes no longer stand in the guidance"
    reference = answer.text if answer.sentences else ""
    return Draft(_question(answer), "liked", True, evidence, reference, note=_note(note, verdict.reason))


def _disliked(verdict: Feedback) -> Draft:
    answer = verdict.answer
    was = answer.text or (answer.refusal.reason if answer.refusal else "")
    note = _note("a reader disliked the answer; fill in what is right", verdict.reason)
    return Draft(_question(answer), "disliked", None, note=f"{note}. The answer was: {was}"[:_LONGEST_NOTE])


def _refused(gap: Gap) -> Draft:
    question = gap.standalone_question or gap.question
    if gap.status == "refused":
        note = "refused; if the guidance does answer it, write yes and the words that do"
        return Draft(question, "refused", False, note=_near(note, gap.nearest))
    note = f"answered in part; {gap.reason}"
    return Draft(question, "partly answered", None, note=_near(note, gap.nearest))


def _question(answer: Answer) -> str:
    """As it was understood, for a case made of a follow-up has no conversation before it."""
    return answer.standalone_question or answer.question


def _evidence(answer: Answer, texts: Sequence[str]) -> tuple[Groups, int]:
    """For each sentence and cell the quotes that prove it, and how many quotes the documents no longer hold."""
    cells = [cell for row in answer.comparison.rows for cell in row.cells if cell] if answer.comparison else []
    factors = answer.advice.factors if answer.advice else ()
    cited = [*(s.citations for s in answer.sentences), *(c.citations for c in cells), *(f.citations for f in factors)]
    groups: list[tuple[str, ...]] = []
    gone = 0
    for citations in cited:
        quotes = list(dict.fromkeys(citation.quote for citation in citations))
        kept = tuple(quote for quote in quotes if quote.strip() and any(stands_in(quote, text) for text in texts))
        gone += len(quotes) - len(kept)
        if kept and kept not in groups:
            groups.append(kept)
    return tuple(groups), gone


def _note(about: str, reason: str) -> str:
    said = " ".join(reason.split())
    return (f"{about}. Their reason: {said}" if said else about)[:_LONGEST_NOTE]


def _near(note: str, nearest: Iterable[str]) -> str:
    sections = "; ".join(nearest)
    return (f"{note}. Nearest sections: {sections}" if sections else note)[:_LONGEST_NOTE]
