"""A language model's opinion, for those who ask for one: does an answer say what its reference says?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from assistant.evaluate.asking import Entry, ask_all
from assistant.evaluate.cases import Case
from assistant.evaluate.journal import Journal
from assistant.evaluate.measures.catalogue import UNANSWERED
from assistant.evaluate.measures.evidence import answer_text
from assistant.evaluate.outcomes import Verdicts
from assistant.models.language_model import LanguageModel, Message, complete_text
from assistant.settings import Settings
from assistant.words import words
from corpus.errors import UserError

# A character that marks the end of a unit: no case is called so by a person.
_PREFIX = "judge\u241f"
_LONGEST = 1500
# A model that always says the same, whatever it reads, must not agree with itself: each run puts it differently.
_RUNS = ((True, "yes or no"), (False, "yes or no"), (True, "no or yes"))


@dataclass(frozen=True, slots=True)
class _Judged:
    """A case's place in the journal, beside that of its answer."""

    case: Case

    @property
    def id(self) -> str:
        return _PREFIX + self.case.id


def check_judge(name: str, cases: Sequence[Case]) -> None:
    """Raises ``UserError`` where a judge could have nothing to do."""
    if name == "quotes":
        raise UserError("--judge quotes: quotes is no language model; name one that is")
    if not any(case.reference for case in cases):
        raise UserError("--judge compares answers with references, and no case has one; fill in the column reference")


def open_judge(name: str, settings: Settings) -> LanguageModel:
    """The language model called ``name``, with the settings of the assistant's. Raises ``UserError``."""
    from assistant.evaluate.models import open_language_model

    model = open_language_model(settings.model_copy(update={"model": name}))
    if model is None:
        raise UserError(f"--judge {name}: that is no language model; name one that is")
    return model


def judge_all(cases: Sequence[Case], journal: Journal, model: LanguageModel) -> None:
    """Journals three verdicts on each answer to a covered question with a reference; refusals are not shown to it."""

    def judged(item: _Judged) -> Entry:
        answer = journal.done[item.case.id]["answer"]
        return {"judged": list(verdicts(item.case, answer, model))}

    waiting = [case for case in cases if case.reference and case.answerable is not False and case.id in journal.done]
    answered = [case for case in waiting if journal.done[case.id]["answer"]["status"] not in UNANSWERED]
    ask_all([_Judged(case) for case in answered], judged, journal, "Judging")


def verdicts(case: Case, answer: Mapping[str, Any], model: LanguageModel) -> Verdicts:
    """What the model says in each of three runs; None where it said neither yes nor no."""
    texts = (f"Reference: {_line(case.reference)}", f"Answer: {_line(answer_text(answer))}")
    found = []
    for in_order, choice in _RUNS:
        first, second = texts if in_order else texts[::-1]
        prompt = _text().format(question=_line(case.question), first=first, second=second, words=choice)
        reply = words(complete_text(model, (Message("user", prompt),), max_tokens=4))
        found.append({"yes": True, "no": False}.get(reply[0]) if reply else None)
    return tuple(found)


def verdicts_on(case: Case, done: Mapping[str, Mapping[str, Any]]) -> Verdicts:
    """The verdicts that a journal holds on a case; empty where it was not judged."""
    return tuple(done.get(_PREFIX + case.id, {}).get("judged", ()))


@cache
def _text() -> str:
    return files("assistant.evaluate").joinpath("prompts", "judge.md").read_text(encoding="utf-8").strip()


def _line(text: str) -> str:
    return " ".join(text.split())[:_LONGEST]
