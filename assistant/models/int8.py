"""Linear layers that multiply whole numbers of eight bits, with low-rank weights of adapters beside them.

Weights have a scale for each row, activations one for each token (as in Dettmers et al. 2022, arXiv 2208.07339, but
without separate outliers). The products are exact, so a token's values hardly depend on what is read along with it.
The weights stay in their file, which is mapped into memory.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from assistant.models.preparing import LARGEST

_FINER = 2 * LARGEST
"""How many times smaller the steps of the second number are: half a step is at most what is left over."""
_MANY = 128
"""Rows from which on weights that are made to fractions first are multiplied faster than whole ones."""
_EXACT = 64
"""Of how many of the largest results of a fine layer the sixteen bits that were rounded are made good."""


def multiplies() -> bool:
    """Whether this processor has instructions for products of eight-bit numbers."""
    capabilities = torch.cpu.get_capabilities()
    return any(capabilities.get(name) for name in ("avx512_vnni", "avx_vnni"))


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
        invoked = reader.fields.get("adapter.alora.invocation_tokens")
        self.invocation = tuple(invoked.contents()) if invoked else ()

    def of(self, name: str) -> tuple[Tensor, Tensor] | None:
        """The two factors for a weight, (rank, columns) and (rows, rank), the second one scaled; None without any."""
        first, second = self._values.get(f"{name}.lora_a"), self._values.get(f"{name}.lora_b")
        return None if first is None or second is None else (first, second * (self._alpha / first.shape[0]))

    def tensor(self, name: str) -> Tensor | None:
        """A weight of its own, beside those for the model's layers."""
        return self._values.get(name)

    @property
    def layers(self) -> int:
        """How many of the model's layers it acts in, from the first on."""
        return 1 + max((int(name.split(".")[1]) for name in self._values if name.startswith("blk.")), default=-1)

    def begins(self, tokens: Sequence[int]) -> int:
        """The place of the last invocation in ``tokens``; their number where there is none."""
        wide = len(self.invocation)
        starts = range(len(tokens) - wide, -1, -1) if wide else ()
        return next((at for at in starts if tuple(tokens[at : at + wide]) == self.invocation), len(tokens))


def _step(rows: Tensor) -> Tensor:
    """What one of `LARGEST` steps to the largest number of each row is worth, (rows, 1)."""
    return rows.abs().amax(dim=1, keepdim=True).clamp_(min=1e-12).div_(LARGEST)


class Activations:
    """What a layer is given, in whole numbers; layers that are given the same one after another share them."""

    def __init__(self) -> None:
        self._given: Tensor | None = None
        self._whole = self._size = torch.empty(0)

    def of(self, rows: Tensor) -> tuple[Tensor, Tensor]:
        """``rows`` (tokens, width) as whole numbers, and what one is worth in each row, (tokens, 1)."""
        if rows is not self._given:
            self._given = rows
            self._size = _step(rows)
            self._whole = (rows / self._size).round_().to(torch.int8)
        return self._whole, self._size


class Int8Linear:
    """A linear layer: ``weight`` (rows, columns) of eight bits, ``scale`` (rows), a bias or none, what adapters add.

    Where the processor ``multiplies`` eight-bit numbers, what the layer is given is rounded to eight bits too, a single
    row by a ``fine`` one to fifteen: as two whole numbers, the second of what the first leaves over. Elsewhere it is
    rounded to sixteen unless there are many rows, and a ``fine`` layer makes its largest results once more from all 32.
    The scores of a token need that, for sixteen bits round them to eighths.
    """

    def __init__(
        self,
        weight: Tensor,
        scale: Tensor,
        bias: Tensor | None,
        activations: Activations,
        beside: Sequence[tuple[Adapter, tuple[Tensor, Tensor]]],
        fine: bool,
        whole: bool | None = None,
    ) -> None:
        self._activations = activations
        self._weight, self._columns = weight, weight.t()
        self._scale, self._short_scale, self._bias = scale, scale.bfloat16(), bias
        self._beside = beside
        whole = multiplies() if whole is None else whole
        self._alone = (self._finely if whole else self._largest_finely) if fine else self._short
        self._several = self._whole if whole else self._alone

    def __call__(self, rows: Tensor) -> Tensor:
        """What it makes of each row, (tokens, columns), in (tokens, rows of the weight)."""
        result = self._alone(rows) if len(rows) == 1 else self._several(rows)
        if self._bias is not None:
            result += self._bias
        for adapter, (first, second) in self._beside:
            if (begin := adapter.first) is not None:
                result[begin:] += (rows[begin:] @ first.t()) @ second.t()
        return result

    def _whole(self, rows: Tensor) -> Tensor:
        whole, size = self._activations.of(rows)
        return torch._int_mm(whole, self._columns).float().mul_(size).mul_(self._scale)

    def _finely(self, rows: Tensor) -> Tensor:
        size = _step(rows)
        steps = rows / size
        whole = steps.round()
        # One product for both, for the weights are what takes the time to read.
        both = torch.cat((whole, (steps - whole).mul_(_FINER).round_())).to(torch.int8)
        large, small = torch._int_mm(both, self._columns).float().chunk(2)
        return large.add_(small, alpha=1 / _FINER).mul_(size).mul_(self._scale)

    def _short(self, rows: Tensor) -> Tensor:
        """Only the weights are whole numbers: a single row is read from memory faster than it is multiplied."""
        if len(rows) >= _MANY:
            return (rows @ self._weight.float().t()).mul_(self._scale)
        return torch._weight_int8pack_mm(rows.bfloat16(), self._weight, self._short_scale).float()

    def _largest_finely(self, rows: Tensor) -> Tensor:
        result = self._short(rows)
        largest = result.topk(min(_EXACT, result.shape[1])).indices
        exact = torch.einsum("tkc,tc->tk", self._weight[largest].float(), rows) * self._scale[largest]
        return result.scatter_(1, largest, exact)


class Int8Embedding:
    """Rows of ``weight`` (tokens, width) of eight bits, each times its ``scale``."""

    def __init__(self, weight: Tensor, scale: Tensor) -> None:
        self._weight, self._scale = weight, scale

    def __call__(self, tokens: Tensor) -> Tensor:
        return self._weight[tokens].float() * self._scale[tokens].unsqueeze(-1)
