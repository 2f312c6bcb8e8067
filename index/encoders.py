"""Turning text into vectors: the embedding, the learned sparse vectors and the optional reranker.

Each is a Protocol of one method with a real implementation and a fake that needs no weights. A real model is read from
its folder when it is first used, never from the network.
"""

from __future__ import annotations

import hashlib
import re
import threading
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, cast

import numpy as np
from numpy.typing import NDArray

from corpus.errors import UserError
from index.bert import Bert, is_mean_pooled, is_plain
from index.fakes import FakeEncoder, FakeSparseEncoder
from index.recent import Recent

if TYPE_CHECKING:
    from scipy.sparse import csr_array

Matrix = NDArray[np.float32]

ADAPTERS = Path(__file__).with_name("adapters")
"""Low-rank weights for models that can be pulled, by the model's name."""

MAX_TOKENS = 256
"""What the encoders read of one text, in word pieces; the rest is cut off. See ``index.windows``."""

_OF_PLAIN = (1.038, 0.005)
"""Slope and rise that bring a question's highest cosine, passages embedded with the adapter, to that without it.

Fitted to 120 questions of SQuAD 2.0 and CLAPNQ with their passages; the two correlate by .97.
"""
_THREADS = 2
_SHORT = 2000
_QUESTION, _QUESTIONS = 600, 16
"""The most characters of a text that may be a question, and how many come at once."""
_REMEMBERED = 1_000
"""Questions whose vectors are remembered, some 40 kB each."""


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


def folder_fingerprint(folder: Path) -> str:
    """Changes when a file of the model in ``folder`` is exchanged: names and sizes, and the digest of small files.

    Weights of hundreds of megabytes are not read whole; of each large file the first and last 64 KiB are.
    """
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if not path.is_file() or path.name.startswith(".") or path.suffix == ".md":
            continue
        size = path.stat().st_size
        digest.update(f"{path.relative_to(folder).as_posix()}\0{size}\0".encode())
        with path.open("rb") as file:
            digest.update(file.read(1 << 16))
            if size > 1 << 17:
                file.seek(-(1 << 16), 2)
                digest.update(file.read())
            else:
                digest.update(file.read())
    return digest.hexdigest()


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
        try:
            if is_plain(self._folder) and is_mean_pooled(self._folder):
                return _MeanPooling(self._bert)
            return _SentenceTransformer(self._folder)
        except (OSError, ValueError, KeyError) as error:
            raise UserError(f"the embedding model in {self._folder} does not load: {_first_line(error)}") from error

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
        _use_threads(texts)
        vectors = model.whole(list(texts) or ["."])
        return np.ascontiguousarray(vectors[: len(texts)], dtype=np.float32)

    def encode_questions(self, questions: Sequence[str]) -> Matrix:
        """Where questions stand among texts, (questions, dim): half way to where they stand without the adapter."""
        if self._adapter is None:
            return self.encode(questions)
        return _unit(self.encode(questions) + self.plain.encode(questions))

    def encode_tokens(self, texts: Sequence[str]) -> list[Matrix]:
        if not texts:
            return []
        model = self._loaded()
        _use_threads(texts)
        return [_unit(states) for states in model.tokens(list(texts))]

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

        _quiet()
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
        self._states = Recent(self._read, _REMEMBERED)

    def whole(self, texts: list[str]) -> Matrix:
        if _asked(texts):
            return _unit(np.stack([states.mean(axis=0) for states in self._states.of(texts)]))
        # The states of thousands of texts are too much to be held at once.
        rows: dict[int, Any] = {place: states.mean(dim=0).numpy() for place, states in self._bert.states(texts)}
        return _unit(np.stack([rows[place] for place in range(len(texts))]))

    def tokens(self, texts: list[str]) -> list[Matrix]:
        # The first and the last are the marks around a text.
        return [states[1:-1] for states in (self._states.of(texts) if _asked(texts) else self._read(texts))]

    def _read(self, texts: list[str]) -> list[Matrix]:
        # Copied, for each is a part of all that were read with it.
        rows = {place: states.numpy().copy() for place, states in self._bert.states(texts)}
        return [rows[place] for place in range(len(texts))]


def _asked(texts: Sequence[str]) -> bool:
    """Whether these may be questions, which several searches of one answer bring again."""
    return len(texts) <= _QUESTIONS and max(map(len, texts), default=0) <= _QUESTION


def _unit(rows: Matrix) -> Matrix:
    return cast("Matrix", rows / np.linalg.norm(rows, axis=1, keepdims=True))


class SpladeEncoder:
    """A SPLADE model (Formal et al., 2021, arXiv:2109.10086) in a local folder, computed directly.

    The weight of a term is ``log(1 + relu(max over tokens of its logit))``. Logarithm and relu rise steadily and a
    term's bias is the same for every token, so the maximum is taken before all three, one text at a time and without
    its padding: the same numbers 1.8 times as fast as over a padded batch.
    """

    def __init__(self, folder: Path, name: str = "") -> None:
        if not (folder / "config.json").is_file():
            raise UserError(f"no sparse model in {folder}; run: strategy-assistant models pull")
        self.name = name or folder.name
        self._folder = folder
        self._lock = threading.Lock()
        self._rows = Recent(self._weighed, _REMEMBERED)

    @cached_property
    def fingerprint(self) -> str:
        return f"{self.name}:{folder_fingerprint(self._folder)[:16]}"

    @cached_property
    def _model(self) -> Callable[[list[str]], Iterator[tuple[int, Any]]]:
        try:
            return _bert_terms(self._folder) if is_plain(self._folder) else _terms(self._folder)
        except (OSError, ValueError, KeyError) as error:
            raise UserError(f"the sparse model in {self._folder} does not load: {_first_line(error)}") from error

    def load(self) -> None:
        """Loads the model now, so that the first question does not wait for it."""
        with self._lock:
            _ = self._model

    def encode(self, texts: Sequence[str]) -> csr_array:
        from scipy.sparse import vstack

        wanted = list(texts) or ["."]
        rows = self._rows.of(wanted) if _asked(wanted) else self._weighed(wanted)
        stacked: csr_array = vstack(rows, format="csr")[: len(texts)]
        return stacked

    def _weighed(self, texts: list[str]) -> list[csr_array]:
        from scipy.sparse import csr_array

        with self._lock:
            encode = self._model
        _use_threads(texts)
        rows = {place: csr_array(weights.numpy()[None]) for place, weights in encode(texts)}
        return [rows[place] for place in range(len(texts))]


def _bert_terms(folder: Path) -> Callable[[list[str]], Iterator[tuple[int, Any]]]:
    bert = Bert(folder, MAX_TOKENS)
    vocabulary = bert.tensors.get("cls.predictions.decoder.weight", bert.tensors["embeddings.word_embeddings.weight"])
    bias = bert.tensors["cls.predictions.bias"]

    def encode(texts: list[str]) -> Iterator[tuple[int, Any]]:
        import torch
        from torch.nn.functional import gelu

        with torch.inference_mode():
            for place, states in bert.states(texts):
                states = gelu(bert.linear("cls.predictions.transform.dense", states))
                states = bert.normalised("cls.predictions.transform.LayerNorm", states)
                yield place, torch.log1p(torch.relu((states @ vocabulary.T).amax(dim=0) + bias))

    return encode


def _terms(folder: Path) -> Callable[[list[str]], Iterator[tuple[int, Any]]]:
    """Any masked language model, by transformers."""
    from transformers import AutoModelForMaskedLM, AutoTokenizer

    _quiet()
    tokenizer, lock = AutoTokenizer.from_pretrained(str(folder), local_files_only=True), threading.Lock()
    model = AutoModelForMaskedLM.from_pretrained(str(folder), local_files_only=True).eval()

    def encode(texts: list[str]) -> Iterator[tuple[int, Any]]:
        import torch

        with torch.inference_mode():
            for place, text in enumerate(texts):
                with lock:
                    tokens = tokenizer(text, truncation=True, max_length=MAX_TOKENS, return_tensors="pt")
                yield place, torch.log1p(torch.relu(model(**tokens).logits[0].amax(dim=0)))

    return encode


class CrossEncoderReranker:
    """Any sentence-transformers cross encoder in a local folder."""

    def __init__(self, folder: Path, name: str = "") -> None:
        if not (folder / "config.json").is_file():
            raise UserError(f"no reranking model in {folder}; name a folder that holds one")
        self.name = name or folder.name
        self._folder = folder
        self._lock = threading.Lock()

    @cached_property
    def _model(self) -> Any:
        from sentence_transformers import CrossEncoder

        _quiet()
        try:
            return CrossEncoder(str(self._folder), device="cpu", local_files_only=True)
        except (OSError, ValueError, KeyError) as error:
            raise UserError(f"the reranking model in {self._folder} does not load: {_first_line(error)}") from error

    def score(self, question: str, texts: Sequence[str]) -> NDArray[np.float32]:
        with self._lock:
            scores = self._model.predict([(question, text) for text in texts], show_progress_bar=False)
        return np.asarray(scores, dtype=np.float32).reshape(-1)


def _first_line(error: BaseException) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:200]


def _use_threads(texts: Sequence[str]) -> None:
    """One thread for a question, two for more text.

    A question takes one thread 30 ms; on a busy machine two threads spend half a second waiting for each other.
    """
    import torch

    threads = 1 if sum(len(text) for text in texts) <= _SHORT else _THREADS
    if torch.get_num_threads() != threads:
        torch.set_num_threads(threads)


def _quiet() -> None:
    """No progress bars or advice from the model library on the user's terminal."""
    from transformers.utils import logging

    logging.set_verbosity_error()  # type: ignore[no-untyped-call]
    logging.disable_progress_bar()  # type: ignore[no-untyped-call]


def open_encoder(name: str, home: Path) -> Encoder:
    """The embedding model called ``name``: ``fake``, one of the known ones under ``home``, or a folder.

    Any other Hugging Face name is fetched from there once. Raises ``UserError``.
    """
    return FakeEncoder() if name == "fake" else encoder_in(model_folder(name, home), name)


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


def model_folder(name: str, home: Path) -> Path:
    """The folder of a model: one that can be pulled, a path, or a Hugging Face name, fetched once."""
    from index.weights import is_known, path_of

    if is_known(name):
        return path_of(home, name)
    folder = Path(name).expanduser()
    if folder.is_dir():
        return folder
    if re.fullmatch(r"[\w.-]+/[\w.-]+", name):
        from huggingface_hub import snapshot_download
        from huggingface_hub.errors import HfHubHTTPError, LocalEntryNotFoundError

        try:
            return Path(snapshot_download(name))
        except (LocalEntryNotFoundError, HfHubHTTPError, OSError, ValueError) as error:
            raise UserError(f"the model {name} cannot be fetched: {_first_line(error)}") from error
    raise UserError(f"no model in {name[:120]!r}: name a folder, a Hugging Face model or a known one")
