"""What the last answer told already, which is no answer to a follow-up for its reasons or for more."""

import re
from collections.abc import Sequence

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


def told_last(asked: str, history: History, statements: Sequence[Statement]) -> list[Statement]:
    """The statements in their order, but last those that the last answer told, where reasons or more are asked for."""
    latest = latest_answer(history)
    if not latest or not _WANTS_MORE.match(asked):
        return list(statements)
    told = [content_set(sentence) for sentence in re.split(r"(?<=[.!?;])\s+|\n", latest)]

    def again(statement: Statement) -> bool:
        said = content_set(statement.text)
        return any(coverage(said, sentence) >= _SAID for sentence in told)

    return sorted(statements, key=again)
