"""Reranking what was found, by a model that reads question and passage together."""

import threading
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corpus.errors import UserError
from index.inference import quiet
from index.model_folder import loading


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

        quiet()
        with loading("reranking", self._folder):
            return CrossEncoder(str(self._folder), device="cpu", local_files_only=True)

    def score(self, question: str, texts: Sequence[str]) -> NDArray[np.float32]:
        with self._lock:
            scores = self._model.predict([(question, text) for text in texts], show_progress_bar=False)
        return np.asarray(scores, dtype=np.float32).reshape(-1)
