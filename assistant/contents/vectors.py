"""Vectors of texts, remembered: a statement is encoded once and not for every question that it bears on."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from index.recent import Recent

if TYPE_CHECKING:
    from scipy.sparse import csr_array

    from index import Encoder, SparseEncoder

Encode = Callable[[Sequence[str]], NDArray[np.float32]]
EncodeSparse = Callable[[Sequence[str]], "csr_array | None"]
EncodeTokens = Callable[[Sequence[str]], list[NDArray[np.float32]]]

_KEPT = 12_000
"""Texts of each kind: some 20 MB of embeddings and 40 MB of sparse vectors."""
_TOKENS_KEPT = 4_000
"""Texts whose word pieces are kept: some 80 MB."""


def _no_sparse(texts: Sequence[str]) -> None:
    """No learned sparse vectors."""


class Vectors:
    """The vectors of texts, those of the last few thousand remembered. Safe to use from several threads.

    ``encode`` gives unit vectors, shape (number of texts, dimensions); ``encode_sparse`` learned sparse vectors, None
    where there are none; ``encode_tokens`` a unit vector for every word piece of a text.
    """

    def __init__(
        self,
        encode: Encode,
        encode_sparse: EncodeSparse = _no_sparse,
        encode_tokens: EncodeTokens | None = None,
    ) -> None:
        self._encode = encode
        self._encode_sparse = encode_sparse
        self._dense = Recent(self._rows, _KEPT)
        self._terms = Recent(self._weights, _KEPT)
        self._tokens = None if encode_tokens is None else Recent(_halved(encode_tokens), _TOKENS_KEPT)

    def __call__(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors, shape (len(texts), dim)."""
        return np.stack(self._dense.of(texts)) if texts else self._encode([])

    def matches(self, question: str, texts: Sequence[str]) -> NDArray[np.float64]:
        """How well the learned sparse vectors match, the best of the texts being 1; all 0 where there are none."""
        asked, *weights = self._terms.of([question, *texts])
        if asked is None or not texts:
            return np.zeros(len(texts))
        terms = asked.toarray().reshape(-1)
        scores = np.array([float((one @ terms)[0]) for one in weights if one is not None])
        return scores / max(float(scores.max()), 1e-6)

    def late(self, question: str, texts: Sequence[str]) -> NDArray[np.float64] | None:
        """The mean over the question's word pieces of the cosine of the nearest word piece in a text, for each text.

        Late interaction (Khattab and Zaharia, 2020, arXiv:2004.12832), with the vectors of an embedding model that was
        not trained for it. None without ``encode_tokens``.
        """
        if self._tokens is None:
            return None
        first, *pieces = self._tokens.of([question, *texts])
        asked = first.astype(np.float32)
        if not len(asked):
            return np.zeros(len(texts))
        near = [(asked @ one.astype(np.float32).T).max(axis=1).mean() if len(one) else 0.0 for one in pieces]
        return np.array(near, dtype=np.float64)

    def learn(self, texts: Sequence[str]) -> None:
        """Encodes texts now that a question may need."""
        self(texts)
        self._terms.of(texts)

    def learn_pieces(self, texts: Sequence[str]) -> None:
        """Encodes the word pieces of texts now that a question may need."""
        if self._tokens is not None:
            self._tokens.of(texts)

    def _rows(self, texts: list[str]) -> list[NDArray[np.float32]]:
        return list(self._encode(texts))

    def _weights(self, texts: list[str]) -> "list[csr_array | None]":
        encoded = self._encode_sparse(texts)
        return [None if encoded is None else encoded[[number]] for number in range(len(texts))]


def _halved(encode: EncodeTokens) -> Callable[[list[str]], list[NDArray[np.float16]]]:
    """The vectors of word pieces with half the digits, which is enough for a mean of many."""
    return lambda texts: [rows.astype(np.float16) for rows in encode(texts)]


def vectors_by(dense: "Encoder", sparse: "SparseEncoder | None" = None) -> Vectors:
    """Remembered vectors of statements by the encoders that passages are found with, without adapters for finding."""
    from index import without_adapter

    encoder = without_adapter(dense)
    return Vectors(encoder.encode, sparse.encode if sparse else _no_sparse, encoder.encode_tokens)
