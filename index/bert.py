"""BERT (Devlin et al., 2019, arXiv:1810.04805) read straight from its files, for the models that ship.

Loading the libraries made for training costs four times as long as the model itself, and a question three times as
long. The numbers are the same; a test compares them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from copy import copy
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from torch import Tensor

BATCH = 16


class Bert:
    """The encoder of a BERT folder: ``config.json``, ``tokenizer.json``, ``model.safetensors``.

    Raises ``OSError``, ``ValueError`` and ``KeyError`` where these are not there or do not fit.
    """

    def __init__(self, folder: Path, longest: int) -> None:
        from tokenizers import Tokenizer

        config = _json(folder / "config.json")
        self._layers: int = config["num_hidden_layers"]
        self._heads: int = config["num_attention_heads"]
        self._epsilon: float = config["layer_norm_eps"]
        tokenizer_file = folder / "tokenizer.json"
        if not tokenizer_file.is_file():
            raise ValueError("tokenizer.json is missing")
        self._tokenizer = Tokenizer.from_file(str(tokenizer_file))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(min(longest, config["max_position_embeddings"]))
        tensors = _tensors(folder / "model.safetensors")
        self.tensors: dict[str, Tensor] = {_plain(name): tensor for name, tensor in tensors.items()}
        self.normalised("embeddings.LayerNorm", self.tensors["embeddings.word_embeddings.weight"][:1])

    def adapted(self, adapter: Path) -> Bert:
        """The same with low-rank weights added (Hu et al., 2021, arXiv:2106.09685); the other weights are shared.

        ``adapter`` holds ``NAME.lora_a`` (rank, columns) and ``NAME.lora_b`` (rows, rank) for a layer ``NAME``.
        """
        factors, other = _tensors(adapter), copy(self)
        other.tensors = dict(self.tensors)
        for name in (name.removesuffix(".lora_a") for name in factors if name.endswith(".lora_a")):
            first, second = factors[f"{name}.lora_a"].float(), factors[f"{name}.lora_b"].float()
            other.tensors[f"{name}.weight"] = self.tensors[f"{name}.weight"] + second @ first
        return other

    def states(self, texts: Sequence[str]) -> Iterator[tuple[int, Tensor]]:
        """The last hidden state of each text, shape (tokens, hidden), with its place in ``texts``; shortest first."""
        import torch

        with torch.inference_mode():
            tokens = [encoding.ids for encoding in self._tokenizer.encode_batch(list(texts))]
            order = sorted(range(len(texts)), key=lambda place: len(tokens[place]))
            for start in range(0, len(order), BATCH):
                places = order[start : start + BATCH]
                lengths = [len(tokens[place]) for place in places]
                ids = torch.zeros(len(places), max(lengths), dtype=torch.long)
                for row, place in enumerate(places):
                    ids[row, : lengths[row]] = torch.tensor(tokens[place])
                hidden = self._forward(ids, lengths)
                yield from ((place, hidden[row, : lengths[row]]) for row, place in enumerate(places))

    def linear(self, name: str, values: Tensor) -> Tensor:
        """The named layer's weights and bias applied to ``values``."""
        from torch.nn.functional import linear

        return linear(values, self.tensors[f"{name}.weight"], self.tensors[f"{name}.bias"])

    def normalised(self, name: str, values: Tensor) -> Tensor:
        from torch.nn.functional import layer_norm

        weight, bias = self.tensors[f"{name}.weight"], self.tensors[f"{name}.bias"]
        return layer_norm(values, weight.shape, weight, bias, self._epsilon)

    def _forward(self, ids: Tensor, lengths: Sequence[int]) -> Tensor:
        import torch
        from torch.nn.functional import gelu, scaled_dot_product_attention

        rows, width = ids.shape
        tensors = self.tensors
        values = tensors["embeddings.word_embeddings.weight"][ids]
        values = values + tensors["embeddings.position_embeddings.weight"][:width]
        values = values + tensors["embeddings.token_type_embeddings.weight"][0]
        values = self.normalised("embeddings.LayerNorm", values)
        mask = None
        if min(lengths) < width:
            mask = (torch.arange(width)[None] < torch.tensor(lengths)[:, None])[:, None, None, :]
        for number in range(self._layers):
            layer = f"encoder.layer.{number}"
            query, key, value = (
                self.linear(f"{layer}.attention.self.{part}", values).view(rows, width, self._heads, -1).transpose(1, 2)
                for part in ("query", "key", "value")
            )
            mixed = scaled_dot_product_attention(query, key, value, attn_mask=mask)
            mixed = mixed.transpose(1, 2).reshape(rows, width, -1)
            values = self.normalised(
                f"{layer}.attention.output.LayerNorm", self.linear(f"{layer}.attention.output.dense", mixed) + values
            )
            inner = gelu(self.linear(f"{layer}.intermediate.dense", values))
            values = self.normalised(f"{layer}.output.LayerNorm", self.linear(f"{layer}.output.dense", inner) + values)
        return values


def is_plain(folder: Path) -> bool:
    """Whether the folder holds a BERT that this module computes in full."""
    try:
        config = _json(folder / "config.json")
    except (OSError, ValueError):
        return False
    return (
        config.get("model_type") == "bert"
        and config.get("hidden_act") == "gelu"
        and config.get("position_embedding_type", "absolute") == "absolute"
        and not config.get("is_decoder", False)
        and (folder / "model.safetensors").is_file()
        and (folder / "tokenizer.json").is_file()
    )


def is_mean_pooled(folder: Path) -> bool:
    """Whether sentence-transformers would take the mean over the tokens of a text and bring it to unit length."""
    try:
        modules = [module["type"].rpartition(".")[2] for module in json.loads((folder / "modules.json").read_text())]
        pooling = _json(folder / "1_Pooling" / "config.json")
        prompts = _json(folder / "config_sentence_transformers.json").get("default_prompt_name")
    except (OSError, ValueError, KeyError, TypeError):
        return False
    modes = {name for name, on in pooling.items() if name.startswith("pooling_mode_") and on}
    return modules == ["Transformer", "Pooling", "Normalize"] and modes == {"pooling_mode_mean_tokens"} and not prompts


def _tensors(file: Path) -> dict[str, Tensor]:
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    try:
        return load_file(file)
    except SafetensorError as error:
        raise ValueError(f"{file.name}: {error}") from error


def _plain(name: str) -> str:
    """A tensor's name without the model's own, and with the layer norm's parts called as they are today."""
    name = name.removeprefix("bert.")
    return name.replace("LayerNorm.gamma", "LayerNorm.weight").replace("LayerNorm.beta", "LayerNorm.bias")


def _json(path: Path) -> dict[str, Any]:
    value = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(value, dict):
        raise ValueError(f"{path.name} is not an object")
    return value
