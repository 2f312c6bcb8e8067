"""What the last answer told already, which is hardly what a follow-up asks for, and never its reasons or more of it."""

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.contents.statements import Statement, following
from assistant.conversation.standing_alone import leans_on_history
from assistant.records import History, latest_answer
from assistant.words import content_set, coverage

_WANTS_MORE = re.compile(
    r"^(?:(?:and|but|so|ok(?:ay)?|right|well)\b[ ,]*)*(?:why|how come|how so|for what reason"
    r"|what (?:are|is) the reasons?|what else|anything else|any more|any others?|tell me more|go on)\b",
    re.IGNORECASE,
)
_SAID = 0.7
"""The share of a statement's words that stand in one sentence of the last answer, in which it was told."""


_CHECKS = re.compile(
    r"^(?:(?:and|but|so|ok(?:ay)?|well)\b[ ,]*)*"
    r"(?:is (?:that|this|it)|are (?:those|these|they)|where does (?:it|that))\b"
    r"|\b(?:(?<!make )sure|certain|really|again|repeat|you (?:said|say|told|mean|mentioned))\b",
    re.IGNORECASE,
)
"""Comes back to what was told."""
_AFTER, _MOST_AFTER = 2, 4
"""How many statements after each that was told are read for a follow-up, and how many in all."""
_RENDERED = 0.7
"""The share of a told sentence's words that stand in the statement that it renders in fewer words."""
_TELLING = 3
"""The fewest words of a told sentence that is compared so."""
_AGAIN = 0.3
"""How much less a statement counts that was told already."""


def told_last(asked: str, history: History, statements: Sequence[Statement]) -> list[Statement]:
    """The statements in their order, but last those that the last answer told, where reasons or more are asked for."""
    told = _told(history) if _WANTS_MORE.match(asked) else []
    return sorted(statements, key=lambda one: _again(one, told))


def told_less(asked: str, history: History, statements: Sequence[Statement]) -> list[Statement]:
    """The statements, best first, those that the last answer told with less of a score.

    That is for a follow-up that leans on the conversation and does not come back to what was told.
    """
    told = _told(history) if leans_on_history(asked) and not _CHECKS.search(asked) else []
    if not any(_again(one, told) for one in statements):
        return list(statements)
    counted = [replace(one, score=one.score - _AGAIN * _again(one, told)) for one in statements]
    return sorted(counted, key=lambda one: -one.score)


def after_told(asked: str, history: History, statements: Sequence[Statement]) -> list[Statement]:
    """What stands right after what the last answer told: exceptions to it, and what follows from it.

    That is for a follow-up that leans on the conversation; ``statements`` are those that were found for it.
    """
    told = _told(history) if leans_on_history(asked) else []
    after = (
        one for said in statements if _again(said, told) or _renders(said, told) for one in following(said)[:_AFTER]
    )
    return list({one.key: one for one in after if not _again(one, told)}.values())[:_MOST_AFTER]


def _told(history: History) -> list[frozenset[str]]:
    """The stems of each sentence of the last answer."""
    latest = latest_answer(history)
    return [content_set(sentence) for sentence in re.split(r"(?<=[.!?;])\s+|\n", latest)] if latest else []


def _again(statement: Statement, told: Sequence[frozenset[str]]) -> bool:
    said = content_set(statement.text)
    return any(coverage(said, sentence) >= _SAID for sentence in told)


def _renders(statement: Statement, told: Sequence[frozenset[str]]) -> bool:
    """Whether a sentence of the last answer says in fewer words what a statement does."""
    said = content_set(statement.with_headings)
    return any(len(sentence) >= _TELLING and coverage(sentence, said) >= _RENDERED for sentence in told)
