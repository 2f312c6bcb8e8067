"""Encoders that need no weights and no network, for tests, demonstrations and trying out."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from index.vectors import Matrix, unit

if TYPE_CHECKING:
    from scipy.sparse import csr_array


class FakeEncoder:
    """Embeds by hashing words: the same text gets the same vector everywhere, and texts that share words are near.

    It needs no weights and no network, and knows nothing of meaning.
    """

    def __init__(self, dim: int = 64, name: str = "fake") -> None:
        self.name = name
        self.fingerprint = f"{name}:{dim}"
        self._dim = dim

    def encode(self, texts: Sequence[str]) -> Matrix:
        vectors = np.zeros((len(texts), self._dim), dtype=np.float32)
        for row, text in enumerate(texts):
            for word in _words(text):
                column, sign = _bucket(word, self._dim)
                vectors[row, column] += sign
            if not vectors[row].any():
                vectors[row, 0] = 1.0
        return unit(vectors)

    def encode_tokens(self, texts: Sequence[str]) -> list[Matrix]:
        return [self.encode(_words(text)) for text in texts]


class FakeSparseEncoder:
    """Learned sparse vectors without the learning: each word counts once, in a hashed vocabulary."""

    def __init__(self, vocabulary: int = 4096, name: str = "fake-sparse") -> None:
        self.name = name
        self.fingerprint = f"{name}:{vocabulary}"
        self._vocabulary = vocabulary

    def encode(self, texts: Sequence[str]) -> csr_array:
        from scipy.sparse import csr_array

        columns: list[int] = []
        ends = [0]
        for text in texts:
            columns.extend(sorted({_bucket(word, self._vocabulary)[0] for word in _words(text)}))
            ends.append(len(columns))
        values = np.ones(len(columns), dtype=np.float32)
        return csr_array((values, columns, ends), shape=(len(texts), self._vocabulary))


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def _bucket(word: str, size: int) -> tuple[int, float]:
    digest = int.from_bytes(hashlib.blake2b(word.encode(), digest_size=8).digest(), "big")
    return digest % size, 1.0 if digest >> 63 else -1.0
