"""What the last answer told already, which is hardly what a follow-up asks for, and never its reasons or more of it."""

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.records import History, latest_answer
from assistant.statements import Statement
from assistant.words import content_set, coverage

_WANTS_MORE = re.compile(
    r"^(?:(?:and|but|so|ok(?:ay)?|right|well)\b[ ,]*)*(?:why|how come|how so|for what reason"
    r"|what (?:are|is) the reasons?|what else|anything else|any more|any others?|tell me more|go on)\b",
    re.IGNORECASE,
)
_SAID = 0.7
"""The share of a statement's words that stand in one sentence of the last answer, in which it was told."""


_CHECKS = re.compile(
    r"\b(?:sure|certain|really|again|repeat|you (?:said|say|told|mean|mentioned)|is (?:that|this|it)"
    r"|are (?:those|these|they)|where does (?:it|that))\b",
    re.IGNORECASE,
)
"""Comes back to what was told."""
_AGAIN = 0.3
"""How much less a statement counts that was told already."""


def told_last(asked: str, history: History, statements: Sequence[Statement], *, leans: bool) -> list[Statement]:
    """The statements, those that the last answer told last where reasons or more are asked for.

    In another follow-up that ``leans`` on the conversation, and does not come back to what was told, they count less.
    """
    latest = latest_answer(history)
    wants_more = _WANTS_MORE.match(asked) is not None
    if not latest or not (wants_more or (leans and not _CHECKS.search(asked))):
        return list(statements)
    told = [content_set(sentence) for sentence in re.split(r"(?<=[.!?;])\s+|\n", latest)]

    def again(statement: Statement) -> bool:
        said = content_set(statement.text)
        return any(coverage(said, sentence) >= _SAID for sentence in told)

    if wants_more:
        return sorted(statements, key=again)
    counted = [replace(one, score=one.score - _AGAIN) if again(one) else one for one in statements]
    return sorted(counted, key=lambda one: -one.score)
