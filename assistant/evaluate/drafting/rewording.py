"""Questions in words of their own, by a language model, for drafts made of single statements."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from importlib.resources import files

from assistant.contents import prompting
from assistant.evaluate.drafting.draft import Draft
from assistant.evaluate.drafting.wording import in_one
from assistant.models.language_model import LanguageModel, Message, complete_text, yes_probability
from assistant.questions.question import clean
from assistant.words import content_set
from corpus.errors import UserError
from index.progress import Meter, Progress, silent

_LONGEST = 250
_FEWEST_SHARED = 1
_MAX_TOKENS = 60
_ANSWERED = 0.5
"""Less sure than this, the model does not find that the statement answers the question it wrote."""

_POINTS_BACK = re.compile(r"\b(?:this|these|those|the (?:statement|section|text|passage|guidance))\b", re.IGNORECASE)


def reworded(drafts: Sequence[Draft], model: LanguageModel, progress: Progress = silent) -> Iterator[Draft]:
    """Each draft in turn, those that may be worded with the model's question where it wrote a usable one.

    Usable is one question of at most 250 characters that shares a word with the statement, is not the statement
    itself, names what it is about and is answered by the statement, as the model itself judges. Where it wrote none,
    the question by rule stays, and a draft that had none is left out. What the model writes is a proposal as the
    rule's question is: the note says which it was.
    """
    meter = Meter(f"Wording questions with {model.name}:", len(drafts), progress)
    for number, draft in enumerate(drafts, 1):
        question = _asked(draft, model)
        if question:
            rule = f", by rule it was: {draft.question}" if draft.worded else ""
            note = f"{draft.note}; question worded by {model.name}{rule}"
            yield replace(draft, question=question, note=note, worded=True)
        elif draft.worded:
            yield draft
        meter.reached(number)


def _asked(draft: Draft, model: LanguageModel) -> str:
    """The model's question for a draft, of each of its statements in turn; empty where one has none."""
    question = ""
    for section, (statement, *_) in zip(draft.places, draft.evidence, strict=False):
        part = _question(section, " ".join(statement.split()), model)
        if not part:
            return ""
        question = in_one(question, part) if question else part
    return question


def _question(section: str, statement: str, model: LanguageModel) -> str:
    prompt = _text().format(section=section, statement=statement)
    reply = complete_text(model, (Message("user", prompt),), max_tokens=_MAX_TOKENS, stop=("\n\n",))
    question = usable(reply, statement)
    return question if question and _answers(statement, question, model) else ""


def _answers(statement: str, question: str, model: LanguageModel) -> bool:
    """Whether the model finds that the statement answers the question; taken for so of a model that does not tell."""
    asked = f"{prompting.guidance([statement], question)}\n\n{prompting.text('answerable')}"
    yes = yes_probability(model, (Message("system", prompting.text("system")), Message("user", asked)))
    return yes is None or yes >= _ANSWERED


def usable(reply: str, statement: str) -> str:
    """The question in a model's reply, on one line; empty where the reply holds none that can be used."""
    found = re.search(r"[^\n?]{8,}\?", reply)
    if not found:
        return ""
    line = re.sub(r"^(?:[-*\d.)\s]+|question:\s*|[\"'“”]+)+", "", found.group().strip(), flags=re.IGNORECASE)
    try:
        question = clean(line)
    except UserError:
        return ""
    shared = content_set(question) & content_set(statement)
    said_again = question.rstrip("? ").casefold() in " ".join(statement.split()).casefold()
    fits = len(question) <= _LONGEST and len(shared) >= _FEWEST_SHARED and not _POINTS_BACK.search(question)
    return question if fits and not said_again else ""


@cache
def _text() -> str:
    return files("assistant.evaluate").joinpath("prompts", "reword.md").read_text(encoding="utf-8").strip()
