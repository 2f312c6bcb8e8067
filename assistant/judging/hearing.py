"""What a language model hears in the words of people, beside the cues and examples of the rules."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager

import numpy as np
from numpy.typing import NDArray

from assistant.contents.meanings import QUICK, Embeds, Remembered, in_steps
from assistant.models.language_model import LanguageModel, yes_probability
from assistant.support.check import claim_messages

_PIECES = 256
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
        self._said: dict[str, NDArray[np.float32]] = {}

    def embedded(self, pieces: Sequence[str]) -> NDArray[np.float32]:
        """Where pieces of what somebody says stand, (pieces, width)."""
        known = {text: row for text in pieces if (row := self._said.get(text)) is not None}
        new = [text for text in dict.fromkeys(pieces) if text not in known]
        known |= zip(new, self._embeds.embed(new), strict=True) if new else ()
        self._said = known if len(self._said) + len(new) > _PIECES else self._said | known
        return np.stack([known[text] for text in pieces])

    def examples(self, texts: Sequence[str]) -> NDArray[np.float32] | None:
        """Where examples stand, (texts, width); None where very many of them have not been learnt yet."""
        unknown = self._remembered.unknown(texts)
        if len(unknown) > QUICK.at_once:
            return None
        if self._remembered.fill(unknown, self._embeds):
            self._remembered.save()
        return np.stack([np.asarray(self._remembered.get(text), np.float32) for text in texts])

    def learn(self, texts: Sequence[str], ending: Callable[[], bool]) -> None:
        """Learns examples in small steps, until ``ending``."""
        for some in in_steps(self._remembered.unknown(texts)):
            if ending():
                break
            self._remembered.fill(some, self._embeds)
        self._remembered.save()

    def agrees(self, description: str, claim: str) -> float:
        """How surely the description says what the claim says, 0 to 1."""
        asked = claim_messages(f'"{claim}"', f'"{description[:_DESCRIBED]}"')
        with self._turn:
            return yes_probability(self._model, asked) or 0.0
