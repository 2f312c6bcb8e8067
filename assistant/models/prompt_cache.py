"""What a model has already read: keys and values of earlier prompts, found again by how they begin."""

from collections.abc import Sequence
from operator import itemgetter

import torch
from torch import Tensor


class KeyValueCache:
    """Keys and values of the ``length`` tokens that were read, each (layers, heads, room, width)."""

    def __init__(self, layers: int, heads: int, room: int, width: int) -> None:
        self.length = 0
        self.keys = torch.empty(layers, heads, room, width)
        self.values = torch.empty(layers, heads, room, width)

    def add(self, layer: int, keys: Tensor, values: Tensor) -> tuple[Tensor, Tensor]:
        """Put those of the next tokens, (heads, tokens, width), in a layer; all of that layer, ``length`` unchanged."""
        until = self.length + keys.shape[1]
        self.keys[layer, :, self.length : until] = keys
        self.values[layer, :, self.length : until] = values
        return self.keys[layer, :, :until], self.values[layer, :, :until]


class PromptCache:
    """Prompts of at most ``limit`` tokens together, the latest; a longer one is kept alone."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._kept: list[tuple[tuple[int, ...], Tensor, Tensor]] = []

    def find(self, tokens: Sequence[int], cache: KeyValueCache) -> None:
        """Fill an empty cache with the longest beginning of ``tokens`` that was read."""
        shared = [(_shared(kept, tokens), keys, values) for kept, keys, values in self._kept]
        if not shared:
            return
        length, keys, values = max(shared, key=itemgetter(0))
        cache.keys[:, :, :length] = keys[:, :, :length]
        cache.values[:, :, :length] = values[:, :, :length]
        cache.length = length

    def keep(self, tokens: Sequence[int], cache: KeyValueCache) -> None:
        """Remember what the cache holds of ``tokens``, which are the first that it has read."""
        length = len(tokens)
        self._kept = [entry for entry in self._kept if _shared(entry[0], tokens) < len(entry[0])]
        # A slice would hold on to all that it was cut from.
        self._kept.append((tuple(tokens), cache.keys[:, :, :length].clone(), cache.values[:, :, :length].clone()))
        while len(self._kept) > 1 and sum(len(kept) for kept, *_ in self._kept) > self._limit:
            del self._kept[0]

    def clear(self) -> None:
        self._kept.clear()


def _shared(kept: Sequence[int], tokens: Sequence[int]) -> int:
    """How many tokens the two begin with alike."""
    for place, (one, other) in enumerate(zip(kept, tokens, strict=False)):
        if one != other:
            return place
    return min(len(kept), len(tokens))
