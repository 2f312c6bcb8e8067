"""The embedded model where llama.cpp runs it: PyTorch embeds beside it, with weights that llama.cpp does not take."""

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.models.embedded import EmbeddedModel
from corpus.errors import UserError

log = logging.getLogger(__name__)

_CONTEXT = 512


class EmbeddingModel(EmbeddedModel):
    """The GGUF file at ``path``, which also embeds: with the weights prepared of it in ``folder`` and an ``embedder``.

    Only the layers that embed are ever read from their file. Where there is no memory for them, it does not embed.
    """

    embeds_quickly = False

    def __init__(self, path: Path, *, folder: Path, embedder: Path, **given: Any) -> None:
        from assistant.models.in_process import InProcessModel

        super().__init__(path, **given)
        self._beside: InProcessModel | None = None
        try:
            threads = given.get("threads", 0)
            self._beside = InProcessModel(folder, name=self.name, context=_CONTEXT, threads=threads, embedder=embedder)
        except UserError as error:
            log.warning("What statements mean counts for nothing: %s", error)

    @property
    def embeds(self) -> bool:
        """Whether it can say where texts stand."""
        return self._beside is not None

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """See ``InProcessModel.embed``."""
        if self._beside is None:
            raise RuntimeError(f"{self.name} embeds no texts")
        return self._beside.embed(texts)

    def close(self) -> None:
        if self._beside is not None:
            self._beside.close()
        super().close()
