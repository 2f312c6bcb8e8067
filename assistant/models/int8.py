"""A Qwen2 of transformers whose linear layers multiply whole numbers of eight bits, with a judge's weights beside them.

Weights have a scale for each row, activations one for each token (as in Dettmers et al. 2022, arXiv 2208.07339, but
without separate outliers). The products are exact, so a token's values hardly depend on what is read along with it.
The weights stay in their file, which is mapped into memory.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from assistant.models.preparing import LARGEST, LINEAR, SCALE, WEIGHTS, adapter_name


class Adapter:
    """Low-rank weights from a GGUF file; ``invocation`` are the tokens that they act from on.

    ``first`` is the row of what is read now from which on they act; None where they do not.
    """

    def __init__(self, path: Path | None = None) -> None:
        self.first: int | None = None
        self.invocation: tuple[int, ...] = ()
        self._values: dict[str, Tensor] = {}
        if path is None:
            return
        from gguf import GGUFReader

        reader = GGUFReader(path)
        self._values = {tensor.name: torch.from_numpy(np.array(tensor.data)).float() for tensor in reader.tensors}
        self._alpha = float(reader.fields["adapter.lora.alpha"].contents())
        self.invocation = tuple(reader.fields["adapter.alora.invocation_tokens"].contents())

    def of(self, name: str) -> tuple[Tensor, Tensor] | None:
        """The two factors for a weight, (rank, columns) and (rows, rank), the second one scaled; None without any."""
        first, second = self._values.get(f"{name}.lora_a"), self._values.get(f"{name}.lora_b")
        return None if first is None or second is None else (first, second * (self._alpha / first.shape[0]))

    def begins(self, tokens: Sequence[int]) -> int:
        """The place of the last invocation in ``tokens``; their number where there is none."""
        wide = len(self.invocation)
        starts = range(len(tokens) - wide, -1, -1) if wide else ()
        return next((at for at in starts if tuple(tokens[at : at + wide]) == self.invocation), len(tokens))


class Activations:
    """What a layer is given, in whole numbers; layers that are given the same one after another share them."""

    def __init__(self) -> None:
        self._given: Tensor | None = None
        self._whole = self._size = torch.empty(0)

    def of(self, rows: Tensor, given: Tensor) -> tuple[Tensor, Tensor]:
        """``rows`` (tokens, width) of ``given`` as whole numbers, and what one is worth in each row, (tokens, 1)."""
        if given is not self._given:
            self._given = given
            self._size = rows.abs().amax(dim=1, keepdim=True).clamp_(min=1e-12).div_(LARGEST)
            self._whole = (rows / self._size).round_().to(torch.int8)
        return self._whole, self._size


class Int8Linear(nn.Module):
    """A linear layer: ``weight`` (rows, columns) of eight bits, ``scale`` (rows), a bias or none, factors or none.

    ``exact`` ones compute a single row as they do several. The scores of tokens need it: sixteen bits round them to
    eighths.
    """

    def __init__(
        self,
        weight: Tensor,
        scale: Tensor,
        bias: Tensor | None,
        adapter: Adapter,
        activations: Activations,
        factors: tuple[Tensor, Tensor] | None,
        exact: bool,
    ) -> None:
        super().__init__()
        self._activations = activations
        self._weight, self._columns = weight, weight.t()
        self._scale, self._short_scale, self._bias = scale, scale.bfloat16(), bias
        self._adapter, self._factors = adapter, factors
        self._exact = exact

    def forward(self, values: Tensor) -> Tensor:
        rows = values.reshape(-1, values.shape[-1])
        result = self._one(rows) if len(rows) == 1 and not self._exact else self._several(rows, values)
        if self._bias is not None:
            result += self._bias
        if self._factors is not None and (begin := self._adapter.first) is not None:
            first, second = self._factors
            result[begin:] += (rows[begin:] @ first.t()) @ second.t()
        return result.view(*values.shape[:-1], -1)

    def _several(self, rows: Tensor, given: Tensor) -> Tensor:
        whole, size = self._activations.of(rows, given)
        return torch._int_mm(whole, self._columns).float().mul_(size).mul_(self._scale)

    def _one(self, rows: Tensor) -> Tensor:
        """A single row, which is read from memory faster than it is multiplied: only the weights are whole numbers."""
        return torch._weight_int8pack_mm(rows.bfloat16(), self._weight, self._short_scale).float()


class Int8Embedding(nn.Module):
    """Rows of ``weight`` (tokens, width) of eight bits, each times its ``scale``."""

    def __init__(self, weight: Tensor, scale: Tensor) -> None:
        super().__init__()
        self._weight, self._scale = weight, scale

    def forward(self, tokens: Tensor) -> Tensor:
        return self._weight[tokens].float() * self._scale[tokens].unsqueeze(-1)


def load(folder: Path, adapter: Adapter) -> Any:
    """The model in ``folder`` (see ``preparing``) as transformers' ``Qwen2ForCausalLM``, ready to be asked."""
    from safetensors import safe_open
    from transformers import Qwen2Config, Qwen2ForCausalLM
    from transformers.models.qwen2.modeling_qwen2 import Qwen2RotaryEmbedding

    config = Qwen2Config.from_pretrained(folder)
    activations = Activations()
    with torch.device("meta"):
        model = Qwen2ForCausalLM(config)
    with safe_open(folder / WEIGHTS, "pt") as file:
        names = set(file.keys())

        def linear(name: str, factors: tuple[Tensor, Tensor] | None = None, *, exact: bool = False) -> Int8Linear:
            weight = f"{name}.weight"
            bias = file.get_tensor(f"{name}.bias") if f"{name}.bias" in names else None
            scale = file.get_tensor(weight + SCALE)
            return Int8Linear(file.get_tensor(weight), scale, bias, adapter, activations, factors, exact)

        def norm(name: str) -> nn.Parameter:
            return nn.Parameter(file.get_tensor(f"{name}.weight"), requires_grad=False)

        for place, layer in enumerate(model.model.layers):
            for module in LINEAR.values():
                factors = adapter.of(adapter_name(place, module))
                layer.set_submodule(module, linear(f"model.layers.{place}.{module}", factors))
            layer.input_layernorm.weight = norm(f"model.layers.{place}.input_layernorm")
            layer.post_attention_layernorm.weight = norm(f"model.layers.{place}.post_attention_layernorm")
        model.model.norm.weight = norm("model.norm")
        tokens = "model.embed_tokens"
        weight, scale = file.get_tensor(f"{tokens}.weight"), file.get_tensor(f"{tokens}.weight{SCALE}")
        model.set_submodule(tokens, Int8Embedding(weight, scale))
        model.set_submodule("lm_head", linear("lm_head" if "lm_head.weight" in names else tokens, exact=True))
    model.model.rotary_emb = Qwen2RotaryEmbedding(config)
    model.train(False)
    return model
