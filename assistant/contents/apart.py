"""What stands over against a statement, for a question that sets two things apart."""

import re
from collections.abc import Sequence

from assistant.contents.options import Option
from assistant.contents.statements import Statement, neighbours
from assistant.questions.kinds import kind

_SETS_APART = re.compile(
    r"\b(?:or|versus|vs|(?:rather|other) than|instead|whereas|both|the same|differ\w*|the other|the pair|which of"
    r"|compared|either|unlike|as opposed to|and (?:what )?(?:if|when))\b",
    re.IGNORECASE,
)
_OTHERS = 2


def sets_apart(question: str) -> bool:
    """Whether a question sets two things against each other, or asks whether what holds of one holds of another."""
    own = question.partition(" (")[0]
    return kind(own) == "compare" or _SETS_APART.search(own) is not None


def counterparts(
    statement: Statement, evidence: Sequence[Statement], options: Sequence[Option]
) -> tuple[Statement, ...]:
    """What may say of another thing what a statement says of one: beside it, or the nearest under other options.

    ``evidence`` is what was found for the question, nearest first, ``options`` what the guidance sets side by side.
    """
    found = neighbours(statement)
    under = [{passage.id for passage in option.node.passages()} for option in options]
    if any(statement.passage.id in ids for ids in under):
        for ids in under:
            if statement.passage.id not in ids:
                found += [one for one in evidence if one.passage.id in ids][:1]
    elsewhere = (one for one in found if one.key != statement.key)
    return tuple({one.key: one for one in elsewhere}.values())[: 2 + _OTHERS]
