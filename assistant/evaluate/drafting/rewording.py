"""Questions in words of their own, by a language model, for drafts whose rule kept the words of the guidance."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from importlib.resources import files

from assistant.evaluate.drafting.draft import Draft
from assistant.models.language_model import LanguageModel, Message, complete_text
from assistant.question import clean
from assistant.words import content_set
from corpus.errors import UserError

_LONGEST = 250
_FEWEST_SHARED = 1
_MAX_TOKENS = 60


def reworded(drafts: Sequence[Draft], model: LanguageModel) -> Iterator[Draft]:
    """Each draft in turn, those of kind ``direct`` with the model's question where it wrote a usable one.

    Usable is one question of at most 250 characters that shares a word with the statement and is not the statement
    itself. What the model writes is a proposal as the rule's question is: the note says which it was.
    """
    for draft in drafts:
        question = _asked(draft, model) if draft.kind == "direct" else ""
        if question:
            note = f"{draft.note}; question worded by {model.name}, by rule it was: {draft.question}"
            yield replace(draft, question=question, note=note)
        else:
            yield draft


def _asked(draft: Draft, model: LanguageModel) -> str:
    statement = draft.evidence[0][0]
    prompt = _text().format(statement=" ".join(statement.split()))
    reply = complete_text(model, (Message("user", prompt),), max_tokens=_MAX_TOKENS, stop=("\n\n",))
    return usable(reply, statement)


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
    return "" if len(question) > _LONGEST or len(shared) < _FEWEST_SHARED or said_again else question


@cache
def _text() -> str:
    return files("assistant.evaluate").joinpath("prompts", "reword.md").read_text(encoding="utf-8").strip()
