"""Vectors of texts, remembered: a statement is encoded once and not for every question that it bears on."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from scipy.sparse import csr_array

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
        self._encode_tokens = encode_tokens
        self._tokens: OrderedDict[str, NDArray[np.float16]] = OrderedDict()
        self._dense: OrderedDict[str, NDArray[np.float32]] = OrderedDict()
        self._terms: OrderedDict[str, csr_array] = OrderedDict()
        self._lock = threading.Lock()

    def __call__(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors, shape (len(texts), dim)."""
        with self._lock:
            found = {text: self._dense[text] for text in texts if text in self._dense}
        missing = [text for text in dict.fromkeys(texts) if text not in found]
        if missing:
            found.update(zip(missing, self._encode(missing), strict=True))
        with self._lock:
            _remember(self._dense, found)
        return np.stack([found[text] for text in texts]) if texts else self._encode([])

    def matches(self, question: str, texts: Sequence[str]) -> NDArray[np.float64]:
        """How well the learned sparse vectors match, the best of the texts being 1; all 0 where there are none."""
        found = self._sparse([question, *texts])
        if found is None or not texts:
            return np.zeros(len(texts))
        asked = found[question].toarray().reshape(-1)
        scores = np.array([float((found[text] @ asked)[0]) for text in texts])
        return scores / max(float(scores.max()), 1e-6)

    def late(self, question: str, texts: Sequence[str]) -> NDArray[np.float64] | None:
        """The mean over the question's word pieces of the cosine of the nearest word piece in a text, for each text.

        Late interaction (Khattab and Zaharia, 2020, arXiv:2004.12832), with the vectors of an embedding model that was
        not trained for it. None without ``encode_tokens``.
        """
        found = self._pieces([question, *texts])
        if found is None:
            return None
        asked = found[question].astype(np.float32)
        if not len(asked):
            return np.zeros(len(texts))
        near = [
            (asked @ found[text].astype(np.float32).T).max(axis=1).mean() if len(found[text]) else 0.0 for text in texts
        ]
        return np.array(near, dtype=np.float64)

    def learn(self, texts: Sequence[str]) -> None:
        """Encodes texts now that a question may need."""
        self(texts)
        self._sparse(texts)

    def learn_pieces(self, texts: Sequence[str]) -> None:
        """Encodes the word pieces of texts now that a question may need."""
        self._pieces(texts)

    def _pieces(self, texts: Sequence[str]) -> dict[str, NDArray[np.float16]] | None:
        if self._encode_tokens is None:
            return None
        with self._lock:
            found = {text: self._tokens[text] for text in texts if text in self._tokens}
        missing = [text for text in dict.fromkeys(texts) if text not in found]
        if missing:
            encoded = self._encode_tokens(missing)
            found.update((text, rows.astype(np.float16)) for text, rows in zip(missing, encoded, strict=True))
        with self._lock:
            _remember(self._tokens, found, _TOKENS_KEPT)
        return found

    def _sparse(self, texts: Sequence[str]) -> "dict[str, csr_array] | None":
        with self._lock:
            found = {text: self._terms[text] for text in texts if text in self._terms}
        missing = [text for text in dict.fromkeys(texts) if text not in found]
        encoded = self._encode_sparse(missing) if missing else None
        if missing and encoded is None:
            return None
        for number, text in enumerate(missing):
            found[text] = encoded[[number]]  # type: ignore[index]
        with self._lock:
            _remember(self._terms, found)
        return found


def _remember(kept: OrderedDict[str, Any], found: dict[str, Any], most: int = _KEPT) -> None:
    for text, vector in found.items():
        kept[text] = vector
        kept.move_to_end(text)
    while len(kept) > most:
        kept.popitem(last=False)
