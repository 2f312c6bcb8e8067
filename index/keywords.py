"""Keywords: BM25 as one sparse matrix (Robertson and Zaragoza, 2009, doi:10.1561/1500000019)."""

from __future__ import annotations

import re
from array import array
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, cast

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from scipy.sparse import csr_array

K1 = 1.2
B = 0.75

_WORD = re.compile(r"\w+", re.UNICODE)
# Words that say nothing of what an English text is about; BM25 gives them little weight anyway, but short questions
# are mostly made of them.
_STOP = frozenset(
    "a an and are as at be been but by can could did do does for from had has have how i if in into is it its may me "
    "might must my of on or our shall should so such than that the their them then there these they this to us was we "
    "were what when where which who whom why will with would you your".split()
)


@lru_cache(maxsize=1)
def _stem_words() -> object:
    import Stemmer

    return Stemmer.Stemmer("english")


def terms(text: str) -> list[str]:
    """The stemmed words of ``text`` in order, without the most common English ones."""
    words = [word for word in _WORD.findall(text.casefold()) if word not in _STOP]
    return cast("list[str]", _stem_words().stemWords(words))  # type: ignore[attr-defined]


class Keywords:
    """BM25 weights of a collection: ``weights[row, column]`` is what the term of ``column`` adds to text ``row``."""

    def __init__(self, weights: csr_array, vocabulary: Sequence[str]) -> None:
        self.weights = weights
        self.vocabulary = tuple(vocabulary)
        self._columns = {term: column for column, term in enumerate(self.vocabulary)}

    @classmethod
    def of(cls, texts: Iterable[str]) -> Keywords:
        """Counts the terms of ``texts``, holding one of them at a time."""
        from scipy.sparse import csr_array

        places: dict[str, int] = {}
        indices, counts, ends = array("i"), array("i"), array("q", [0])
        for text in texts:
            counted = Counter(terms(text))
            indices.extend(places.setdefault(term, len(places)) for term in counted)
            counts.extend(counted.values())
            ends.append(len(indices))
        vocabulary = sorted(places)
        columns = np.empty(len(places), dtype=np.int32)
        columns[[places[term] for term in vocabulary]] = np.arange(len(places), dtype=np.int32)
        shape = (len(ends) - 1, len(places))
        weights = csr_array(
            (np.array(counts, dtype=np.float64), columns[np.array(indices, dtype=np.int32)], np.array(ends)),
            shape=shape,
        )
        weights.sort_indices()
        lengths = np.asarray(weights.sum(axis=1)).reshape(-1)
        average = lengths.mean() if lengths.sum() else 1.0
        found = np.bincount(weights.indices, minlength=shape[1])
        rarity = np.log(1 + (shape[0] - found + 0.5) / (found + 0.5))
        norms = np.repeat(K1 * (1 - B + B * lengths / average), np.diff(weights.indptr))
        weighed = rarity[weights.indices] * weights.data * (K1 + 1) / (weights.data + norms)
        return cls(csr_array((weighed.astype(np.float32), weights.indices, weights.indptr), shape=shape), vocabulary)

    def scores(self, questions: Sequence[str]) -> NDArray[np.float32]:
        """BM25 of every text for each question, shape (questions, texts)."""
        from scipy.sparse import csr_array

        indices: list[int] = []
        values: list[int] = []
        ends = [0]
        for question in questions:
            for term, count in Counter(terms(question)).items():
                column = self._columns.get(term)
                if column is not None:
                    indices.append(column)
                    values.append(count)
            ends.append(len(indices))
        asked = csr_array(
            (np.array(values, dtype=np.float32), indices, ends), shape=(len(questions), len(self.vocabulary))
        )
        return cast("NDArray[np.float32]", (asked @ self._by_term).toarray().astype(np.float32))

    @cached_property
    def _by_term(self) -> csr_array:
        """The weights by term and text: turning them round takes longer than all the rest of a search."""
        return self.weights.T.tocsr()
