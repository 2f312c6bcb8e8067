"""Qwen2 from a GGUF file in PyTorch, with adapters that are trained: one that judges, one that embeds.

An activated low-rank adapter (Greenewald et al. 2025, arXiv 2504.12397) leaves everything before its invocation as the
bare model computes it, so that a server may go on from the prompt in its cache. For the judge the beginning of each
prompt is therefore computed without gradients, and only the few tokens from the invocation on are trained. The adapter
that embeds acts on whole texts, in the first layers.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import torch
from gguf import GGUFReader, GGUFWriter
from gguf.quants import dequantize
from torch import Tensor, nn
from torch.nn import functional
from torch.utils.checkpoint import checkpoint

ADAPTED = ("attn_q", "attn_k", "attn_v", "attn_output", "ffn_gate", "ffn_up", "ffn_down")
_OUTPUT_ROWS = 12_000
_Cache = list[tuple[Tensor, Tensor]]


class Adapter(nn.Module):
    """Low-rank changes of every linear layer: ``b @ a`` scaled by ``alpha / rank``; zero at first."""

    def __init__(self, shapes: dict[str, tuple[int, int]], rank: int, alpha: float) -> None:
        super().__init__()
        self.rank, self.alpha = rank, alpha
        self.a = nn.ParameterDict()
        self.b = nn.ParameterDict()
        for name, (rows, columns) in shapes.items():
            key = name.replace(".", "/")
            self.a[key] = nn.Parameter(torch.randn(rank, columns) / columns**0.5)
            self.b[key] = nn.Parameter(torch.zeros(rows, rank))

    def change(self, name: str, x: Tensor) -> Tensor:
        key = name.replace(".", "/")
        a, b = self.a[key].to(x.dtype), self.b[key].to(x.dtype)
        return (x @ a.T) @ b.T * (self.alpha / self.rank)

    def read(self, path: Path) -> None:
        """Takes the weights of a file as ``write`` makes it. ValueError where they are of other shapes."""
        found = {tensor.name: torch.from_numpy(np.array(tensor.data)).float() for tensor in GGUFReader(path).tensors}
        for end, parameters in (("lora_a", self.a), ("lora_b", self.b)):
            for key, parameter in parameters.items():
                values = found.get(f"{key.replace('/', '.')}.{end}")
                if values is None or values.shape != parameter.shape:
                    raise ValueError(f"{path}: {key} is missing or of another shape")
                parameter.data.copy_(values)

    def write(
        self, path: Path, architecture: str, invocation: Sequence[int] = (), others: dict[str, Tensor] | None = None
    ) -> None:
        """As llama.cpp reads it; ``invocation`` are the tokens from which on it acts, ``others`` further tensors."""
        writer = GGUFWriter(path, architecture)
        writer.add_type("adapter")
        writer.add_string("adapter.type", "lora")
        writer.add_float32("adapter.lora.alpha", self.alpha)
        if invocation:
            writer.add_key_value("adapter.alora.invocation_tokens", list(invocation), *_array_of_tokens())
        for name, values in (others or {}).items():
            writer.add_tensor(name, values.detach().cpu().to(torch.float16).numpy())
        for key, a in self.a.items():
            name = key.replace("/", ".")
            writer.add_tensor(f"{name}.lora_a", a.detach().cpu().to(torch.float16).numpy())
            writer.add_tensor(f"{name}.lora_b", self.b[key].detach().cpu().to(torch.float16).numpy())
        writer.write_header_to_file()
        writer.write_kv_data_to_file()
        writer.write_tensors_to_file()
        writer.close()


def _array_of_tokens() -> tuple[Any, Any]:
    from gguf import GGUFValueType

    return GGUFValueType.ARRAY, GGUFValueType.UINT32


class Qwen:
    """The weights of a GGUF file on one device, as numbers of ``dtype``; only the first rows of its output are kept."""

    def __init__(self, path: Path, device: str, dtype: torch.dtype = torch.bfloat16) -> None:
        reader = GGUFReader(path)
        fields = {name: field.parts[-1] for name, field in reader.fields.items()}
        self.layers = int(fields["qwen2.block_count"][0])
        self.heads = int(fields["qwen2.attention.head_count"][0])
        self.groups = int(fields["qwen2.attention.head_count_kv"][0])
        self.epsilon = float(fields["qwen2.attention.layer_norm_rms_epsilon"][0])
        self.base = float(fields["qwen2.rope.freq_base"][0])
        self.device, self.dtype = device, dtype
        self._begun: tuple[list[int], _Cache] | None = None
        self.weights: dict[str, Tensor] = {}
        with ThreadPoolExecutor() as threads:
            for name, values in threads.map(_values, reader.tensors):
                self.weights[name] = values.to(device, dtype)
        self.width = self.weights["token_embd.weight"].shape[1]
        self.size = self.width // self.heads
        if "output.weight" not in self.weights:
            self.weights["output.weight"] = self.weights["token_embd.weight"][:_OUTPUT_ROWS]

    def shapes(self, layers: int = 0) -> dict[str, tuple[int, int]]:
        """Rows and columns of every layer that an adapter changes; of the first ``layers`` alone where that is told."""
        names = [f"blk.{layer}.{name}" for layer in range(layers or self.layers) for name in ADAPTED]
        return {f"{name}.weight": tuple(self.weights[f"{name}.weight"].shape) for name in names}  # type: ignore[misc]

    @torch.no_grad()
    def read(self, tokens: Tensor, mask: Tensor, before: _Cache | None = None) -> _Cache:
        """Keys and values of every layer for tokens (batch, length), padded on the left where ``mask`` is False.

        ``before`` holds those of what all of them begin with, read as one row; they stand before the others.
        """
        batch, length = tokens.shape
        read = before[0][0].shape[2] if before else 0
        places = read + (mask.long().cumsum(1) - 1).clamp(min=0)
        causal = torch.ones(length, length, dtype=torch.bool, device=self.device).tril()
        seen = causal[None, None] & mask[:, None, None, :]
        seen = seen | torch.eye(length, dtype=torch.bool, device=self.device)[None, None]
        first = torch.ones(1, 1, 1, read, dtype=torch.bool, device=self.device).expand(batch, 1, length, read)
        shared = [(k.expand(batch, -1, -1, -1), v.expand(batch, -1, -1, -1)) for k, v in before or ()]
        cache: _Cache = []
        self._through(tokens, places, torch.cat([first, seen], dim=3), cache, shared or None, None)
        return cache

    def begun(self, tokens: Sequence[int]) -> _Cache:
        """Keys and values of what all texts begin with, as one row; read once."""
        if self._begun is None or self._begun[0] != list(tokens):
            row = torch.tensor(tokens, device=self.device)[None]
            self._begun = list(tokens), self.read(row, torch.ones_like(row, dtype=torch.bool))
        return self._begun[1]

    def judge(self, tokens: Tensor, starts: Tensor, cache: _Cache, mask: Tensor, adapter: Adapter | None) -> Tensor:
        """Scores of the next token, (batch, rows), after ``tokens`` (batch, length), which follow what is in the cache.

        ``starts`` is how many real tokens stand before each row, ``mask`` (batch, cached) says which they are.
        """
        length = tokens.shape[1]
        places = starts[:, None] + torch.arange(length, device=self.device)[None]
        causal = torch.ones(length, length, dtype=torch.bool, device=self.device).tril()
        own = causal[None, None].expand(tokens.shape[0], 1, length, length)
        seen = torch.cat([mask[:, None, None, :].expand(-1, 1, length, -1), own], dim=3)
        hidden = self._through(tokens, places, seen, None, cache, adapter)
        return (hidden[:, -1] @ self.weights["output.weight"].T).float()

    def states(self, tokens: Tensor, mask: Tensor, layers: int, adapter: Adapter) -> Tensor:
        """What comes out of the first ``layers`` for tokens (batch, length) padded on the right, of ``width`` each.

        What is between the layers is computed again for the gradients, so that large batches fit.
        """
        length = tokens.shape[1]
        causal = torch.ones(length, length, dtype=torch.bool, device=self.device).tril()
        seen = causal[None, None] & mask[:, None, None, :]
        hidden = functional.embedding(tokens, self.weights["token_embd.weight"])
        turn = self._angles(torch.arange(length, device=self.device)[None])
        for layer in range(layers):
            hidden = checkpoint(self._layer, layer, hidden, turn, seen, None, None, adapter, use_reentrant=False)
        return hidden

    def _through(
        self,
        tokens: Tensor,
        places: Tensor,
        seen: Tensor,
        kept: _Cache | None,
        cache: _Cache | None,
        adapter: Adapter | None,
    ) -> Tensor:
        hidden = functional.embedding(tokens, self.weights["token_embd.weight"])
        turn = self._angles(places)
        for layer in range(self.layers):
            hidden = self._layer(layer, hidden, turn, seen, kept, cache, adapter)
        return self._norm(hidden, "output_norm.weight")

    def _layer(
        self,
        layer: int,
        hidden: Tensor,
        turn: tuple[Tensor, Tensor],
        seen: Tensor,
        kept: _Cache | None,
        cache: _Cache | None,
        adapter: Adapter | None,
    ) -> Tensor:
        normed = self._norm(hidden, f"blk.{layer}.attn_norm.weight")
        q = self._split(self._linear(f"blk.{layer}.attn_q", normed, adapter), self.heads)
        k = self._split(self._linear(f"blk.{layer}.attn_k", normed, adapter), self.groups)
        v = self._split(self._linear(f"blk.{layer}.attn_v", normed, adapter), self.groups)
        q, k = _turned(q, *turn), _turned(k, *turn)
        if cache is not None:
            k, v = torch.cat([cache[layer][0], k], 2), torch.cat([cache[layer][1], v], 2)
        if kept is not None:
            kept.append((k, v))
        times = self.heads // self.groups
        k, v = k.repeat_interleave(times, 1), v.repeat_interleave(times, 1)
        # Written out: the fused one gave gradients that are no numbers for masked bfloat16 (PyTorch 2.11, H100).
        weights = ((q @ k.transpose(2, 3)).float() / self.size**0.5).masked_fill(~seen, -1e9).softmax(-1)
        mixed = weights.to(v.dtype) @ v
        mixed = mixed.transpose(1, 2).reshape(*hidden.shape[:2], self.width)
        hidden = hidden + self._linear(f"blk.{layer}.attn_output", mixed, adapter)
        normed = self._norm(hidden, f"blk.{layer}.ffn_norm.weight")
        gate = functional.silu(self._linear(f"blk.{layer}.ffn_gate", normed, adapter))
        up = self._linear(f"blk.{layer}.ffn_up", normed, adapter)
        return hidden + self._linear(f"blk.{layer}.ffn_down", gate * up, adapter)

    def _linear(self, name: str, x: Tensor, adapter: Adapter | None) -> Tensor:
        result = functional.linear(x, self.weights[f"{name}.weight"], self.weights.get(f"{name}.bias"))
        return result if adapter is None else result + adapter.change(f"{name}.weight", x)

    def _norm(self, x: Tensor, name: str) -> Tensor:
        wide = x.float()
        wide = wide * torch.rsqrt(wide.pow(2).mean(-1, keepdim=True) + self.epsilon)
        return wide.to(x.dtype) * self.weights[name]

    def _split(self, x: Tensor, heads: int) -> Tensor:
        return x.view(*x.shape[:2], heads, self.size).transpose(1, 2)

    def _angles(self, places: Tensor) -> tuple[Tensor, Tensor]:
        steps = torch.arange(0, self.size, 2, device=self.device).float() / self.size
        angles = places[..., None].float() / self.base**steps
        angles = torch.cat([angles, angles], dim=-1)[:, None]
        return angles.cos().to(self.dtype), angles.sin().to(self.dtype)


def _values(tensor: Any) -> tuple[str, Tensor]:
    data = tensor.data[:_OUTPUT_ROWS] if tensor.name == "output.weight" else tensor.data
    return tensor.name, torch.from_numpy(np.array(dequantize(data, tensor.tensor_type)))


def _turned(x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    half = x.shape[-1] // 2
    return x * cos + torch.cat([-x[..., half:], x[..., :half]], dim=-1) * sin
