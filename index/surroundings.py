"""The surroundings of passages: stretches of a document that are also searched as wholes.

Words of a question often stand in several passages side by side, none of which holds most of them. A stretch is a few
passages of one document in a row; what is said anywhere in it counts a little for each of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

import numpy as np

from corpus.records import Passage

STRETCH = 2_500
"""How many characters of passages a stretch has at most, unless its one passage is longer."""


def stretches_of(passages: Sequence[Passage]) -> np.ndarray:
    """For each passage the number of its stretch, in rising order."""
    numbers = np.zeros(len(passages), dtype=np.int64)
    number, size, document = -1, 0, None
    for place, passage in enumerate(passages):
        if passage.document != document or size + len(passage.text) > STRETCH:
            number, size, document = number + 1, 0, passage.document
        size += len(passage.text)
        numbers[place] = number
    return numbers


def texts_of(passages: Sequence[Passage]) -> Iterator[str]:
    """The text of each stretch, each heading once where it stands over several passages in a row."""
    for start, end in pairwise(_ends(stretches_of(passages))):
        last: tuple[str, ...] | None = None
        parts: list[str] = []
        for passage in passages[start:end]:
            parts.append(passage.text if passage.path == last else passage.searched_text)
            last = passage.path
        yield "\n".join(parts)


def largest(
    rows: Iterable[tuple[np.ndarray, np.ndarray]], passages: Sequence[Passage], owners: np.ndarray
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """The columns and weights of each stretch, of ``rows`` of windows in order: of every column the largest weight.

    ``owners`` is, for each window, the number of its passage.
    """
    numbers = stretches_of(passages)
    held: list[tuple[np.ndarray, np.ndarray]] = []
    now = 0
    for owner, row in zip(owners, rows, strict=True):
        if numbers[owner] != now:
            yield _together(held)
            held, now = [], numbers[owner]
        held.append(row)
    if held:
        yield _together(held)


def _together(rows: Sequence[tuple[np.ndarray, np.ndarray]]) -> tuple[np.ndarray, np.ndarray]:
    columns = np.concatenate([columns for columns, _ in rows])
    weights = np.concatenate([weights for _, weights in rows])
    order = np.lexsort((-weights, columns))
    columns, weights = columns[order], weights[order]
    first = np.flatnonzero(np.r_[True, columns[1:] != columns[:-1]]) if len(columns) else np.zeros(0, dtype=np.int64)
    return columns[first], weights[first]


def _ends(numbers: np.ndarray) -> list[int]:
    """Where each stretch starts, and where the last one ends."""
    if not len(numbers):
        return []
    return [*np.flatnonzero(np.r_[True, numbers[1:] != numbers[:-1]]).tolist(), len(numbers)]
