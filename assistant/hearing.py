"""What a language model hears in a description of an organization, beside the cues and examples of the rules."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from assistant.meanings import Embeds, Remembered, near
from assistant.models.language_model import LanguageModel, yes_probability
from assistant.support.check import claim_messages

_PIECES = 64
_DESCRIBED = 900
"""Characters of a description that are read with each claim about it."""


class ModelHearing:
    """Hears by ``model``, which is asked while ``turn`` is held.

    Examples are ``remembered``, what people say is not.
    """

    def __init__(
        self, model: LanguageModel, embeds: Embeds, turn: AbstractContextManager[object], remembered: Remembered
    ) -> None:
        self._model = model
        self._embeds = embeds
        self._turn = turn
        self._remembered = remembered
        self._piece = lru_cache(maxsize=_PIECES)(self._embedded)

    def nearness(self, pieces: Sequence[str], examples: Sequence[str]) -> NDArray[np.float32]:
        """How near each piece of a description is to each example, (pieces, examples)."""
        return near(np.stack([self._piece(text) for text in pieces]), self._known(examples).T)

    def agrees(self, description: str, claim: str) -> float:
        """How surely the description says what the claim says, 0 to 1."""
        asked = claim_messages(f'"{claim}"', f'"{description[:_DESCRIBED]}"')
        with self._turn:
            return yes_probability(self._model, asked) or 0.0

    def _known(self, texts: Sequence[str]) -> NDArray[np.float32]:
        if self._remembered.fill(texts, self._embeds):
            self._remembered.save()
        return np.stack([np.asarray(self._remembered.get(text), np.float32) for text in texts])

    def _embedded(self, text: str) -> NDArray[np.float32]:
        row: NDArray[np.float32] = self._embeds.embed([text])[0]
        return row
