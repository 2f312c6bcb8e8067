"""What a model has already read: keys and values of earlier prompts, found again by how they begin."""

from collections.abc import Sequence
from operator import itemgetter
from typing import Any

import torch
from torch import Tensor

_Layers = list[tuple[Tensor, Tensor]]


class PromptCache:
    """Prompts of at most ``limit`` tokens together, the latest; a longer one is kept alone."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._kept: list[tuple[tuple[int, ...], _Layers]] = []

    def find(self, tokens: Sequence[int]) -> tuple[Any, int]:
        """A cache of transformers for the longest beginning of ``tokens`` that was read, and that many tokens."""
        from transformers import DynamicCache

        cache: Any = DynamicCache()
        shared = [(_shared(kept, tokens), layers) for kept, layers in self._kept]
        length, layers = max(shared, key=itemgetter(0), default=(0, []))
        if length:
            for place, (keys, values) in enumerate(layers):
                cache.update(keys[:, :, :length], values[:, :, :length], place)
        return cache, length

    def keep(self, tokens: Sequence[int], cache: Any) -> None:
        """Remember what the cache holds of ``tokens``, which are the first that it has read."""
        length = len(tokens)
        # A slice would hold on to all that it was cut from.
        layers = [(_own(layer.keys, length), _own(layer.values, length)) for layer in cache.layers]
        self._kept = [entry for entry in self._kept if _shared(entry[0], tokens) < len(entry[0])]
        self._kept.append((tuple(tokens), layers))
        while len(self._kept) > 1 and sum(len(kept) for kept, _ in self._kept) > self._limit:
            del self._kept[0]

    def clear(self) -> None:
        self._kept.clear()


def _own(values: Tensor, length: int) -> Tensor:
    part = values[:, :, :length]
    return part if part.is_contiguous() and part.untyped_storage().nbytes() == part.nbytes else torch.clone(part)


def _shared(kept: Sequence[int], tokens: Sequence[int]) -> int:
    """How many tokens the two begin with alike."""
    for place, (one, other) in enumerate(zip(kept, tokens, strict=False)):
        if one != other:
            return place
    return min(len(kept), len(tokens))
