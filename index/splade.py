"""Learned sparse vectors by SPLADE: a weight for each term that a text speaks of, whether it holds it or not."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpus.errors import UserError
from index.bert import Bert, is_plain
from index.inference import MAX_TOKENS, REMEMBERED, may_be_questions, quiet, use_threads
from index.model_folder import folder_fingerprint, loading
from index.recent import Recent

if TYPE_CHECKING:
    from scipy.sparse import csr_array


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
        self._rows = Recent(self._weighed, REMEMBERED)

    @cached_property
    def fingerprint(self) -> str:
        return f"{self.name}:{folder_fingerprint(self._folder)[:16]}"

    @cached_property
    def _model(self) -> Callable[[list[str]], Iterator[tuple[int, Any]]]:
        with loading("sparse", self._folder):
            return _bert_terms(self._folder) if is_plain(self._folder) else _terms(self._folder)

    def load(self) -> None:
        """Loads the model now, so that the first question does not wait for it."""
        with self._lock:
            _ = self._model

    def encode(self, texts: Sequence[str]) -> csr_array:
        from scipy.sparse import vstack

        wanted = list(texts) or ["."]
        rows = self._rows.of(wanted) if may_be_questions(wanted) else self._weighed(wanted)
        stacked: csr_array = vstack(rows, format="csr")[: len(texts)]
        return stacked

    def _weighed(self, texts: list[str]) -> list[csr_array]:
        from scipy.sparse import csr_array

        with self._lock:
            encode = self._model
        use_threads(texts)
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

    quiet()
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
