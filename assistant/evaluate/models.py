"""The models of the settings, opened without an index, for runs that bring passages of their own."""

import sys
from dataclasses import dataclass
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
    from assistant import builder

    return Encoders(*builder.open_encoders(settings, tell))


def open_language_model(settings: Settings) -> "LanguageModel | None":
    """The language model that the settings name; None for ``quotes``, which is none."""
    from assistant.builder import fetch_model
    from assistant.models.factory import QUOTES, check_model, open_model

    check_model(settings)
    if settings.model == QUOTES:
        return None
    fetch_model(settings, tell)
    return open_model(settings)
