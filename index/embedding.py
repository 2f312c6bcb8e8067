"""Embedding texts by a model in a local folder, read when it is first used and never from the network."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol, cast

import numpy as np

from corpus.errors import UserError
from index.bert import Bert, is_mean_pooled, is_plain
from index.inference import MAX_TOKENS, REMEMBERED, may_be_questions, quiet, use_threads
from index.model_folder import folder_fingerprint, loading
from index.recent import Recent
from index.vectors import Matrix, unit


class SentenceTransformerEncoder:
    """Any sentence-transformers model in a local folder; a BERT that is pooled by its mean is computed directly.

    To such a BERT the low-rank weights of ``adapter`` are added (see ``Bert.adapted``), if there is one: they are for
    finding passages, and ``plain`` is the model without them.
    """

    def __init__(self, folder: Path, name: str = "", adapter: Path | None = None) -> None:
        if not (folder / "config.json").is_file():
            raise UserError(f"no embedding model in {folder}; run: strategy-assistant models pull")
        self.name = name or folder.name
        self._folder = folder
        self._adapter = adapter
        self._lock = threading.Lock()

    @cached_property
    def fingerprint(self) -> str:
        adapted = f":{hashlib.sha256(self._adapter.read_bytes()).hexdigest()[:16]}" if self._adapter else ""
        return f"{self.name}:{folder_fingerprint(self._folder)[:16]}{adapted}"

    @cached_property
    def _model(self) -> _Embedding:
        with loading("embedding", self._folder):
            if is_plain(self._folder) and is_mean_pooled(self._folder):
                return _MeanPooling(self._bert)
            return _SentenceTransformer(self._folder)

    @cached_property
    def _bert(self) -> Bert:
        return Bert(self._folder, MAX_TOKENS) if self._adapter is None else self.plain._bert.adapted(self._adapter)

    @cached_property
    def plain(self) -> SentenceTransformerEncoder:
        """The same model without an adapter."""
        return self if self._adapter is None else SentenceTransformerEncoder(self._folder, self.name)

    def load(self) -> None:
        """Loads the model now, so that the first question does not wait for it."""
        for encoder in {self, self.plain}:
            encoder._loaded()

    def encode(self, texts: Sequence[str]) -> Matrix:
        model = self._loaded()
        use_threads(texts)
        vectors = model.whole(list(texts) or ["."])
        return np.ascontiguousarray(vectors[: len(texts)], dtype=np.float32)

    def encode_questions(self, questions: Sequence[str]) -> Matrix:
        """Where questions stand among texts, (questions, dim): half way to where they stand without the adapter."""
        if self._adapter is None:
            return self.encode(questions)
        return unit(self.encode(questions) + self.plain.encode(questions))

    def encode_tokens(self, texts: Sequence[str]) -> list[Matrix]:
        if not texts:
            return []
        model = self._loaded()
        use_threads(texts)
        return [unit(states) for states in model.tokens(list(texts))]

    def _loaded(self) -> _Embedding:
        with self._lock:
            return self._model


class _Embedding(Protocol):
    """A loaded model: vectors of whole texts, of unit length, and of their word pieces, of any length.

    Safe to use from several threads.
    """

    def whole(self, texts: list[str]) -> Matrix: ...

    def tokens(self, texts: list[str]) -> list[Matrix]: ...


class _SentenceTransformer:
    """Any model of the library's, with its own pooling."""

    def __init__(self, folder: Path) -> None:
        from sentence_transformers import SentenceTransformer

        quiet()
        self._model: Any = SentenceTransformer(str(folder), device="cpu", local_files_only=True)
        self._model.max_seq_length = min(self._model.max_seq_length or MAX_TOKENS, MAX_TOKENS)
        # Tokenizers of transformers may not be shared by threads.
        self._lock = threading.Lock()

    def whole(self, texts: list[str]) -> Matrix:
        with self._lock:
            vectors = self._model.encode(
                texts, batch_size=32, normalize_embeddings=True, convert_to_numpy=True, show_progress_bar=False
            )
        return cast("Matrix", vectors)

    def tokens(self, texts: list[str]) -> list[Matrix]:
        with self._lock:
            states = self._model.encode(texts, batch_size=32, output_value="token_embeddings", show_progress_bar=False)
        return [one.numpy()[1:-1] for one in states]


class _MeanPooling:
    """The mean of the last hidden states, brought to unit length: what the folder's ``modules.json`` says."""

    def __init__(self, bert: Bert) -> None:
        self._bert = bert
        self._states = Recent(self._read, REMEMBERED)

    def whole(self, texts: list[str]) -> Matrix:
        if may_be_questions(texts):
            return unit(np.stack([states.mean(axis=0) for states in self._states.of(texts)]))
        # The states of thousands of texts are too much to be held at once.
        rows: dict[int, Any] = {place: states.mean(dim=0).numpy() for place, states in self._bert.states(texts)}
        return unit(np.stack([rows[place] for place in range(len(texts))]))

    def tokens(self, texts: list[str]) -> list[Matrix]:
        # The first and the last are the marks around a text.
        return [states[1:-1] for states in (self._states.of(texts) if may_be_questions(texts) else self._read(texts))]

    def _read(self, texts: list[str]) -> list[Matrix]:
        # Copied, for each is a part of all that were read with it.
        rows = {place: states.numpy().copy() for place, states in self._bert.states(texts)}
        return [rows[place] for place in range(len(texts))]
