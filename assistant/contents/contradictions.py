"""Where documents disagree with each other, looked for through all of the guidance and without a question.

What a conflict is, `assistant.contents.conflicting` says. Here nobody has asked, so a false one costs more than one
that is missed: only short, whole sentences are compared, which must share more words and be nearer in meaning than
where a question has chosen one of them.
"""

import heapq
import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from assistant.contents.conflicting import ALIKE_OPPOSED, Conflict, at_odds, opposed, ranked, subject
from assistant.contents.statements import Statement, split_statements
from assistant.contents.vectors import Vectors
from corpus import Document, Passage

ALIKE = 0.8
"""The least cosine of the two statements, unless they say the opposite in so many words."""
SHARED = 2 / 3
"""The least share of each statement's words that the other has."""
LEAST_SHARED = 3
"""The least of words that both have."""

MOST_STATEMENTS = 30_000
MOST_COMPARED = 20_000
"""Pairs that are read for what they say, those with most words in common first."""
MOST_WEIGHED = 200
"""Pairs whose meaning is compared, of those that say otherwise."""
SECONDS = 120.0
_LONGEST = 160
"""Characters of a statement: a longer one says several things, of which one may well be said otherwise elsewhere."""
_SENTENCE = re.compile(r"^[\W_]*[A-Z].*[.!][\"”’')\]]*$", re.DOTALL)
_WORD = re.compile(r"[^\W_]+")
_MOST_NAMED = 0.4
"""The most of a statement's words that may be names or numbers; of a reference to a paper most are."""
_ROWS = 128
_READ_AT_ONCE = 200
_ENCODED_AT_ONCE = 8

Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Search:
    """What was found, and how much was looked at.

    ``statements`` of ``there`` were looked at; ``left`` pairs of them with much in common were not compared.
    """

    conflicts: tuple[Conflict, ...]
    statements: int
    there: int
    left: int = 0


def search(
    passages: Sequence[Passage],
    vectors: Vectors,
    documents: Mapping[str, Document],
    ending: Callable[[], bool],
    seconds: float = SECONDS,
) -> Search | None:
    """The conflicts between statements of different documents, the most alike first.

    ``ending`` is asked before every step whether to end there; None then. What is not done after ``seconds``, without
    those that ``ending`` itself takes, is left.
    """
    until = time.monotonic() + seconds

    def ended() -> bool:
        nonlocal until
        asked = time.monotonic()
        ends = ending()
        until += time.monotonic() - asked
        return ends

    all_of_them = _statements(passages)
    statements = all_of_them[:MOST_STATEMENTS]
    pairs: list[tuple[float, Pair]] = []
    looked_at = alike = 0
    for done, count, found in _alike(statements):
        if ended():
            return None
        looked_at = done
        alike += count
        pairs = heapq.nlargest(MOST_COMPARED, [*pairs, *found])
        if time.monotonic() > until:
            break
    against: list[Pair] = []
    compared = 0
    while compared < len(pairs) and len(against) < MOST_WEIGHED and time.monotonic() < until:
        if ended():
            return None
        step = pairs[compared : compared + _READ_AT_ONCE]
        against += [pair for _, pair in step if at_odds(statements[pair[0]], statements[pair[1]])]
        compared += len(step)
    weighed: list[tuple[float, Pair]] = []
    for start in range(0, len(against), _ENCODED_AT_ONCE):
        if ended():
            return None
        weighed += _weighed(statements, against[start : start + _ENCODED_AT_ONCE], vectors)
    weighed.sort(reverse=True)
    conflicts = tuple(
        ranked(statements[one], statements[other], documents)
        for cosine, (one, other) in weighed
        if cosine >= (ALIKE_OPPOSED if opposed(statements[one].text, statements[other].text) else ALIKE)
    )
    return Search(conflicts, looked_at, len(all_of_them), alike - compared)


def _statements(passages: Sequence[Passage]) -> list[Statement]:
    """The statements that can be compared, each once in each document."""
    found: dict[tuple[str, str], Statement] = {}
    for passage in passages:
        for statement in split_statements(passage):
            if _claims(statement.text):
                found.setdefault((passage.document, statement.text.casefold()), statement)
    return list(found.values())


def _claims(text: str) -> bool:
    """Whether a text is one short, whole sentence, and neither a heading, a table's row nor a reference."""
    if len(text) > _LONGEST or not _SENTENCE.match(text.strip()):
        return False
    later = _WORD.findall(text)[1:]
    return sum(not word[0].islower() for word in later) <= _MOST_NAMED * len(later)


def _alike(statements: Sequence[Statement]) -> Iterator[tuple[int, int, list[tuple[float, Pair]]]]:
    """Pairs of different documents that share enough words, each with how much, at most ``MOST_COMPARED`` in a step.

    Before them how far that is, and how many such pairs there are in the step.
    """
    subjects = [subject(statement.text) for statement in statements]
    columns: dict[str, int] = {}
    places = [columns.setdefault(word, len(columns)) for words in subjects for word in words]
    sizes = np.array([len(words) for words in subjects])
    ends = np.concatenate(([0], np.cumsum(sizes)))
    ones = np.ones(len(places), dtype=np.float32)
    table = csr_array((ones, places, ends), shape=(len(subjects), max(1, len(columns))))
    turned = table.T.tocsr()
    numbers: dict[str, int] = {}
    owners = np.array([numbers.setdefault(one.passage.document, len(numbers)) for one in statements])
    for start in range(0, len(statements), _ROWS):
        block = (table[start : start + _ROWS] @ turned).tocoo()
        ones_, others, shared = block.row + start, block.col, block.data
        larger = np.maximum(sizes[ones_], sizes[others])
        enough = (ones_ < others) & (owners[ones_] != owners[others])
        enough &= (shared >= LEAST_SHARED) & (shared >= SHARED * larger)
        kept = np.flatnonzero(enough)
        count, share = len(kept), shared[kept] / larger[kept]
        if count > MOST_COMPARED:
            best = np.argpartition(-share, MOST_COMPARED)[:MOST_COMPARED]
            kept, share = kept[best], share[best]
        pairs = zip(ones_[kept].tolist(), others[kept].tolist(), strict=True)
        yield min(start + _ROWS, len(statements)), count, list(zip(share.tolist(), pairs, strict=True))


def _weighed(statements: Sequence[Statement], pairs: Sequence[Pair], vectors: Vectors) -> list[tuple[float, Pair]]:
    rows = vectors([statements[place].text for pair in pairs for place in pair])
    cosines = np.einsum("ij,ij->i", rows[::2], rows[1::2])
    return list(zip(cosines.tolist(), pairs, strict=True))
