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
    """The model in ``folder``, with the low-rank weights of ``adapters`` beside its own.

    Raises ``OSError``, ``ValueError`` and ``KeyError`` where the files are not there or do not fit.
    """

    def __init__(self, folder: Path, *adapters: Adapter) -> None:
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

            def linear(name: str, adapted: str = "", *, fine: bool = False) -> Int8Linear:
                weight = f"{name}.weight"
                bias = file.get_tensor(f"{name}.bias") if f"{name}.bias" in names else None
                scale = file.get_tensor(weight + SCALE)
                beside = [(one, factors) for one in adapters if (factors := one.of(adapted)) is not None]
                return Int8Linear(file.get_tensor(weight), scale, bias, activations, beside, fine)

            tokens = "model.embed_tokens"
            self._embedding = Int8Embedding(
                file.get_tensor(f"{tokens}.weight"), file.get_tensor(f"{tokens}.weight{SCALE}")
            )
            self._layers = [
                {
                    module: linear(f"model.layers.{place}.{module}", adapter_name(place, module))
                    for module in LINEAR.values()
                }
                for place in range(config["num_hidden_layers"])
            ]
            self._norms = {name: file.get_tensor(name) for name in names if name.endswith("norm.weight")}
            self._head = linear("lm_head" if "lm_head.weight" in names else tokens, fine=True)

    def cache(self, room: int) -> KeyValueCache:
        """An empty one for ``room`` tokens."""
        return KeyValueCache(len(self._layers), self._groups, room, self._width // self._heads)

    def read(self, tokens: Sequence[int], cache: KeyValueCache) -> Tensor:
        """The last hidden states of the next ``tokens``, (tokens, width); the cache grows by them."""
        begin = cache.length
        until = begin + len(tokens)
        turned = self._angles(torch.arange(begin, until))
        # A token sees those up to itself.
        seen = torch.ones(len(tokens), until, dtype=torch.bool).tril(begin) if len(tokens) > 1 else None
        values = self._embedding(torch.tensor(list(tokens)))
        for place in range(len(self._layers)):
            values = self._layer(place, values, turned, seen, cache)
        cache.length = until
        return self._normalised("model.norm", values)

    def means(self, texts: Sequence[Sequence[int]], layers: int) -> Tensor:
        """The mean over each text's tokens of what comes out of the first ``layers``, normalised, (texts, width).

        The texts are read side by side, and none sees another.
        """
        lengths = torch.tensor([len(text) for text in texts])
        number = torch.repeat_interleave(torch.arange(len(texts)), lengths)
        turned = self._angles(torch.cat([torch.arange(len(text)) for text in texts]))
        seen = (number[:, None] == number[None]).tril()
        values = self._embedding(torch.tensor([token for text in texts for token in text]))
        for place in range(layers):
            values = self._layer(place, values, turned, seen, None)
        values = rms_norm(values, (self._width,), eps=self._epsilon)
        return torch.zeros(len(texts), self._width).index_add_(0, number, values) / lengths[:, None]

    def scores(self, hidden: Tensor) -> Tensor:
        """The logits of every token after each of the ``hidden`` states, (tokens, vocabulary)."""
        return self._head(hidden)

    def _layer(
        self,
        place: int,
        values: Tensor,
        turned: tuple[Tensor, Tensor],
        seen: Tensor | None,
        cache: KeyValueCache | None,
    ) -> Tensor:
        """What a layer makes of ``values`` (tokens, width), where each token sees what is ``seen`` (tokens, before)."""
        layer, name, tokens = self._layers[place], f"model.layers.{place}", len(values)
        given = self._normalised(f"{name}.input_layernorm", values)
        query, key, value = (
            layer[f"self_attn.{part}_proj"](given).view(tokens, -1, len(self._turns) * 2).transpose(0, 1)
            for part in "qkv"
        )
        key = _turned(key, *turned)
        keys, known = cache.add(place, key, value) if cache is not None else (key, value)
        query = _turned(query, *turned).reshape(self._groups, -1, query.shape[-1])
        # The queries that share a key stand one below the other.
        mask = None if seen is None else seen.repeat(self._heads // self._groups, 1)
        mixed = scaled_dot_product_attention(query[None], keys[None], known[None], attn_mask=mask)[0]
        mixed = mixed.reshape(self._heads, tokens, -1).transpose(0, 1).reshape(tokens, -1)
        values = values + layer["self_attn.o_proj"](mixed)
        given = self._normalised(f"{name}.post_attention_layernorm", values)
        inner = silu(layer["mlp.gate_proj"](given)) * layer["mlp.up_proj"](given)
        return values + layer["mlp.down_proj"](inner)

    def _angles(self, places: Tensor) -> tuple[Tensor, Tensor]:
        turn = torch.outer(places, self._turns).repeat(1, 2)
        return turn.cos(), turn.sin()

    def _normalised(self, name: str, values: Tensor) -> Tensor:
        return rms_norm(values, (self._width,), self._norms[f"{name}.weight"], self._epsilon)


def _turns(base: float, width: int) -> Tensor:
    """How far one step turns each pair of a head's numbers (RoPE, arXiv 2104.09864), in radians."""
    return base ** -(torch.arange(0, width, 2) / width)


def _turned(heads: Tensor, cosines: Tensor, sines: Tensor) -> Tensor:
    first, second = heads.chunk(2, dim=-1)
    return heads * cosines + torch.cat((-second, first), dim=-1) * sines
