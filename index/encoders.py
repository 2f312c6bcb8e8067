"""Turning text into vectors: what an embedding, learned sparse vectors and a reranker are, and opening one by its name.

Each is a Protocol of one method with a real implementation (``embedding``, ``splade``, ``reranking``) and a fake that
needs no weights. A real model is read from its folder when it is first used, never from the network.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from index.embedding import SentenceTransformerEncoder
from index.fakes import FakeEncoder, FakeSparseEncoder
from index.model_folder import model_folder
from index.reranking import CrossEncoderReranker
from index.splade import SpladeEncoder
from index.vectors import Matrix

if TYPE_CHECKING:
    from scipy.sparse import csr_array

ADAPTERS = Path(__file__).with_name("adapters")
"""Low-rank weights for models that can be pulled, by the model's name."""

_OF_PLAIN = (1.038, 0.005)
"""Slope and rise that bring a question's highest cosine, passages embedded with the adapter, to that without it.

Fitted to 120 questions of SQuAD 2.0 and CLAPNQ with their passages; the two correlate by .97.
"""


class Encoder(Protocol):
    """Embeds texts. ``fingerprint`` changes whenever the same text may get another vector."""

    @property
    def name(self) -> str: ...

    @property
    def fingerprint(self) -> str: ...

    def encode(self, texts: Sequence[str]) -> Matrix:
        """One row of unit length for each text, float32, shape (len(texts), dim)."""
        ...

    def encode_tokens(self, texts: Sequence[str]) -> list[Matrix]:
        """For each text one row of unit length for each of its word pieces, float32, shape (word pieces, dim)."""
        ...


class SparseEncoder(Protocol):
    """Turns texts into learned sparse vectors over a vocabulary; relevance is their dot product."""

    @property
    def name(self) -> str: ...

    @property
    def fingerprint(self) -> str: ...

    def encode(self, texts: Sequence[str]) -> csr_array:
        """One row of weights (at least 0) for each text, float32, shape (len(texts), vocabulary)."""
        ...


class Reranker(Protocol):
    """Reads question and passage together and scores how well the one answers the other."""

    @property
    def name(self) -> str: ...

    def score(self, question: str, texts: Sequence[str]) -> NDArray[np.float32]:
        """One score for each text, the higher the better, comparable within one call."""
        ...


def open_encoder(name: str, home: Path) -> Encoder:
    """The embedding model called ``name``: ``fake``, one of the known ones under ``home``, or a folder.

    Any other Hugging Face name is fetched from there once. Raises ``UserError``.
    """
    return FakeEncoder() if name == "fake" else encoder_in(model_folder(name, home), name)


def encoder_in(folder: Path, name: str) -> Encoder:
    """The embedding model called ``name`` in its folder, with the adapter that ships for it, if one does."""
    from index.weights import is_known, known

    adapter = ADAPTERS / f"{known(name).name}.safetensors" if is_known(name) else None
    return SentenceTransformerEncoder(folder, name, adapter if adapter and adapter.is_file() else None)


def open_sparse_encoder(name: str, home: Path) -> SparseEncoder | None:
    """The sparse model called ``name``, as ``open_encoder`` finds it; None for an empty name."""
    if not name:
        return None
    return FakeSparseEncoder() if name == "fake" else SpladeEncoder(model_folder(name, home), name)


def open_reranker(name: str, home: Path) -> Reranker | None:
    """The cross encoder called ``name``, as ``open_encoder`` finds it; None for an empty name."""
    return CrossEncoderReranker(model_folder(name, home), name) if name else None


def encode_questions(encoder: Encoder, questions: Sequence[str]) -> Matrix:
    """Where questions stand among the texts of ``encoder``: one row of unit length for each, (questions, dim)."""
    if isinstance(encoder, SentenceTransformerEncoder):
        return encoder.encode_questions(questions)
    return encoder.encode(questions)


def without_adapter(encoder: Encoder) -> Encoder:
    """The embedding model without the adapter that it has for finding passages, if it has one."""
    return encoder.plain if isinstance(encoder, SentenceTransformerEncoder) else encoder


def plain_cosine(encoder: Encoder, cosine: float) -> float:
    """About what a cosine would be without the adapter of ``encoder``, as thresholds take it."""
    slope, rise = (1.0, 0.0) if without_adapter(encoder) is encoder else _OF_PLAIN
    return slope * cosine + rise
