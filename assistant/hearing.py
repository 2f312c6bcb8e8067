"""What a language model hears in a description of an organization, beside the cues and examples of the rules."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from assistant.meanings import STATEMENT, Embeds, Remembered, embedded, unit
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
        """The cosine of each piece of a description to each example, (pieces, examples)."""
        known = np.stack(self._known(examples))
        middle = known.mean(axis=0)
        said = np.stack([self._piece(text) for text in pieces])
        near: NDArray[np.float32] = unit(said - middle) @ unit(known - middle).T
        return near

    def agrees(self, description: str, claim: str) -> float:
        """How surely the description says what the claim says, 0 to 1."""
        asked = claim_messages(f'"{claim}"', f'"{description[:_DESCRIBED]}"')
        with self._turn:
            return yes_probability(self._model, asked) or 0.0

    def _known(self, texts: Sequence[str]) -> list[NDArray[np.float32]]:
        missing = [text for text in texts if self._remembered.get(text) is None]
        made = {text: self._embedded(text) for text in missing}
        for text, vector in made.items():
            self._remembered.put(text, vector)
        if made:
            self._remembered.save()
        return [np.asarray(self._remembered.get(text), np.float32) for text in texts]

    def _embedded(self, text: str) -> NDArray[np.float32]:
        return embedded(self._embeds, STATEMENT.format(text))
