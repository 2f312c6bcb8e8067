"""The models of the settings, opened without an index, for runs that bring passages of their own."""

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.settings import Settings

if TYPE_CHECKING:
    from assistant.models import LanguageModel
    from index import Encoder, Reranker, SparseEncoder


@dataclass(frozen=True, slots=True)
class Encoders:
    """What an index is made with and searched by."""

    dense: "Encoder"
    sparse: "SparseEncoder | None" = None
    reranker: "Reranker | None" = None


def tell(line: str) -> None:
    """A line of progress on stderr."""
    print(line, file=sys.stderr)  # noqa: T201


def open_encoders(settings: Settings) -> Encoders:
    """The encoders that the settings name, pulled where they are missing."""
    from index import CrossEncoderReranker, SentenceTransformerEncoder, SpladeEncoder

    return Encoders(
        SentenceTransformerEncoder(_weights(settings, settings.embedding), settings.embedding),
        SpladeEncoder(_weights(settings, settings.sparse), settings.sparse) if settings.sparse else None,
        CrossEncoderReranker(_weights(settings, settings.reranker), settings.reranker) if settings.reranker else None,
    )


def open_language_model(settings: Settings) -> "LanguageModel | None":
    """The language model that the settings name; None for ``quotes``, which is none."""
    from assistant.models.factory import QUOTES, check_name, needed_weights, open_model

    check_name(settings.model, settings.model_url)
    if settings.model == QUOTES:
        return None
    weights = needed_weights(settings.model)
    if weights is not None:
        _weights(settings, weights)
    return open_model(settings)


def _weights(settings: Settings, name: str) -> Path:
    folder = Path(name).expanduser()
    if folder.is_dir():
        return folder
    from index import weights

    return weights.pull(name, settings.home, tell)
