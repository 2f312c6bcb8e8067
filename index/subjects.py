"""What a document is about as a whole: the mean direction of its vectors."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby

import numpy as np

from corpus.records import Passage
from index.store import VectorStore
from index.vectors import Matrix

_LOOKED_AT = 400
"""Of a document so many of its vectors are read at most, evenly spread."""


class Subjects:
    """The mean direction of each document's vectors, made out when it is first asked for.

    ``firsts[n]`` is the row of the first vector of passage ``n``.
    """

    def __init__(self, passages: Sequence[Passage], firsts: np.ndarray, store: VectorStore) -> None:
        self._store = store
        self._stretches: defaultdict[str, list[range]] = defaultdict(list)
        start = 0
        for document, own in groupby(passages, key=lambda passage: passage.document):
            end = start + sum(1 for _ in own)
            self._stretches[document].append(range(int(firsts[start]), int(firsts[end])))
            start = end
        self._known: dict[str, Matrix] = {}

    def similarities(self, vectors: Matrix, documents: Iterable[str]) -> Mapping[str, float]:
        """Of each of the ``documents`` that are there the highest cosine with a row of ``vectors``, of unit length."""
        return {name: float((vectors @ self._of(name)).max()) for name in documents if name in self._stretches}

    def _of(self, document: str) -> Matrix:
        if document not in self._known:
            rows = [row for stretch in self._stretches[document] for row in stretch]
            mean = self._store.vectors(rows[:: -(-len(rows) // _LOOKED_AT)]).mean(axis=0)
            self._known[document] = mean / max(float(np.linalg.norm(mean)), 1e-9)
        return self._known[document]
