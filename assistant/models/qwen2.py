"""Qwen2 (Yang et al. 2024, arXiv 2407.10671), computed from a folder of eight-bit weights (see ``preparing``).

Loading the library made for training takes longer than loading the model. The numbers are the same; a test compares
them.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import rms_norm, scaled_dot_product_attention, silu

from assistant.models.int8 import Activations, Adapter, Int8Embedding, Int8Linear
from assistant.models.preparing import CONFIG, LINEAR, SCALE, WEIGHTS, adapter_name
from assistant.models.prompt_cache import KeyValueCache


class Qwen2:
    """The model in ``folder``, with the judge's low-rank weights of ``adapter`` beside its own.

    Raises ``OSError``, ``ValueError`` and ``KeyError`` where the files are not there or do not fit.
    """

    def __init__(self, folder: Path, adapter: Adapter) -> None:
        from safetensors import safe_open

        config: dict[str, Any] = json.loads((folder / CONFIG).read_text(encoding="utf-8"))
        self.end: int = config["eos_token_id"]
        """The token that ends what the model writes."""
        self._width: int = config["hidden_size"]
        self._heads: int = config["num_attention_heads"]
        self._groups: int = config["num_key_value_heads"]
        self._epsilon: float = config["rms_norm_eps"]
        self._turns = _turns(config["rope_parameters"]["rope_theta"], self._width // self._heads)
        activations = Activations()
        with safe_open(folder / WEIGHTS, "pt") as file:
            names = set(file.keys())

            def linear(name: str, factors: tuple[Tensor, Tensor] | None = None, *, fine: bool = False) -> Int8Linear:
                weight = f"{name}.weight"
                bias = file.get_tensor(f"{name}.bias") if f"{name}.bias" in names else None
                scale = file.get_tensor(weight + SCALE)
                return Int8Linear(file.get_tensor(weight), scale, bias, adapter, activations, factors, fine)

            tokens = "model.embed_tokens"
            self._embedding = Int8Embedding(
                file.get_tensor(f"{tokens}.weight"), file.get_tensor(f"{tokens}.weight{SCALE}")
            )
            self._layers = [
                {
                    module: linear(f"model.layers.{place}.{module}", adapter.of(adapter_name(place, module)))
                    for module in LINEAR.values()
                }
                for place in range(config["num_hidden_layers"])
            ]
            self._norms = {name: file.get_tensor(name) for name in names if name.endswith("norm.weight")}
            self._head = linear("lm_head" if "lm_head.weight" in names else tokens, fine=True)

    @property
    def layers(self) -> int:
        """How many there are."""
        return len(self._layers)

    def cache(self, room: int) -> KeyValueCache:
        """An empty one for ``room`` tokens."""
        return KeyValueCache(len(self._layers), self._groups, room, self._width // self._heads)

    def read(self, tokens: Sequence[int], cache: KeyValueCache, layers: int = 0) -> Tensor:
        """The last hidden states of the next ``tokens``, (tokens, width); the cache grows by them.

        With ``layers`` they are those that come out of so many of the layers, and the cache is of use to no more.
        """
        begin = cache.length
        until = begin + len(tokens)
        turn = torch.outer(torch.arange(begin, until), self._turns).repeat(1, 2)
        cosines, sines = turn.cos(), turn.sin()
        # A token sees those up to itself; the queries that share a key stand one below the other.
        seen = torch.ones(len(tokens), until, dtype=torch.bool).tril(begin) if len(tokens) > 1 else None
        mask = None if seen is None else seen.repeat(self._heads // self._groups, 1)
        values = self._embedding(torch.tensor(list(tokens)))
        for place, layer in enumerate(self._layers[: layers or None]):
            name = f"model.layers.{place}"
            given = self._normalised(f"{name}.input_layernorm", values)
            query, key, value = (
                layer[f"self_attn.{part}_proj"](given).view(len(tokens), -1, len(self._turns) * 2).transpose(0, 1)
                for part in "qkv"
            )
            keys, known = cache.add(place, _turned(key, cosines, sines), value)
            query = _turned(query, cosines, sines).reshape(self._groups, -1, query.shape[-1])
            mixed = scaled_dot_product_attention(query[None], keys[None], known[None], attn_mask=mask)[0]
            mixed = mixed.reshape(self._heads, len(tokens), -1).transpose(0, 1).reshape(len(tokens), -1)
            values = values + layer["self_attn.o_proj"](mixed)
            given = self._normalised(f"{name}.post_attention_layernorm", values)
            inner = silu(layer["mlp.gate_proj"](given)) * layer["mlp.up_proj"](given)
            values = values + layer["mlp.down_proj"](inner)
        cache.length = until
        return values if layers else self._normalised("model.norm", values)

    def scores(self, hidden: Tensor) -> Tensor:
        """The logits of every token after each of the ``hidden`` states, (tokens, vocabulary)."""
        return self._head(hidden)

    def _normalised(self, name: str, values: Tensor) -> Tensor:
        return rms_norm(values, (self._width,), self._norms[f"{name}.weight"], self._epsilon)


def _turns(base: float, width: int) -> Tensor:
    """How far one step turns each pair of a head's numbers (RoPE, arXiv 2104.09864), in radians."""
    return base ** -(torch.arange(0, width, 2) / width)


def _turned(heads: Tensor, cosines: Tensor, sines: Tensor) -> Tensor:
    first, second = heads.chunk(2, dim=-1)
    return heads * cosines + torch.cat((-second, first), dim=-1) * sines
