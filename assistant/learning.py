"""Vectors that are made before anybody asks, so that no question waits for them."""

from collections.abc import Callable, Sequence

from assistant.statements import StatementFinder, split_statements
from corpus import Passage

_AT_ONCE = 8
_MOST = 3_500
"""Statements whose vectors are made before anybody asks; of a larger index they are made when they are first needed."""


def learn(passages: Sequence[Passage], finder: StatementFinder, ending: Callable[[], bool]) -> None:
    """Makes the vectors of all statements of ``passages`` in small steps, until ``ending``; none of very many."""
    statements: dict[str, str] = {}
    for passage in passages:
        statements |= {text: one.text for one in split_statements(passage) for text in finder.searched(one)}
        if len(statements) > _MOST:
            return
    texts = sorted(statements, key=len)
    for start in range(0, len(texts), _AT_ONCE):
        if ending():
            return
        some = texts[start : start + _AT_ONCE]
        finder.vectors.learn(some)
        finder.vectors.learn_pieces([statements[text] for text in some])
