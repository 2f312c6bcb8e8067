"""What both trainings share: their arguments, and steps whose learning rate follows the clock."""

import argparse
import math
import random
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor, nn


def parser(description: str | None, minutes: float) -> argparse.ArgumentParser:
    """The arguments of a training that takes so many minutes where nothing else is said."""
    made = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    made.add_argument("examples", type=Path)
    made.add_argument("--model", type=Path, required=True)
    made.add_argument("--tokenizer", type=Path, required=True)
    made.add_argument("--out", type=Path, required=True)
    made.add_argument("--minutes", type=float, default=minutes)
    made.add_argument("--rank", type=int, default=8)
    made.add_argument("--alpha", type=float, default=16.0)
    made.add_argument("--rate", type=float, default=3e-4)
    made.add_argument(
        "--seed", type=int, default=20, help="another one where weights are trained on with the same examples"
    )
    made.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    return made


def begun(given: argparse.Namespace) -> tuple[random.Random, Tokenizer]:
    """Makes the folder and seeds; chance and the tokenizer of a training."""
    given.out.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(given.seed)
    return random.Random(given.seed), Tokenizer.from_file(str(given.tokenizer))


class Training:
    """Steps of ``trained`` until ``minutes`` are over, from the first question for whether they are.

    ``warm`` steps bring the learning rate up to ``rate``; then it falls with the time that is left.
    """

    def __init__(self, trained: nn.Module, rate: float, minutes: float, warm: int) -> None:
        self._parameters = list(trained.parameters())
        self._optimizer = torch.optim.AdamW(self._parameters, lr=rate, weight_decay=0.0, betas=(0.9, 0.98))
        self._rate, self._limit, self._warm = rate, minutes * 60, warm
        self._start: float | None = None
        self._losses: list[float] = []

    @property
    def steps(self) -> int:
        return len(self._losses)

    @property
    def over(self) -> bool:
        return self._gone() >= 1

    def step(self, loss: Tensor) -> None:
        """Learns from a loss. Ends the program where it is no number."""
        if not torch.isfinite(loss):
            raise SystemExit(f"step {self.steps}: the loss is no number")
        for group in self._optimizer.param_groups:
            group["lr"] = self._rate * min(1.0, (self.steps + 1) / self._warm) * _left(min(1.0, self._gone()))
        self._optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self._parameters, 1.0)
        self._optimizer.step()
        self._losses.append(loss.item())
        if self.steps % self._warm == 0:
            latest = np.mean(self._losses[-self._warm :])
            print(f"step {self.steps}, loss {latest:.4f}, {self._gone() * self._limit:.0f} s", flush=True)

    def _gone(self) -> float:
        """The share of the time that is over."""
        self._start = time.monotonic() if self._start is None else self._start
        return (time.monotonic() - self._start) / self._limit


def padded(rows: Sequence[Sequence[int]], device: str, *, left: bool) -> tuple[Tensor, Tensor]:
    """Tokens of equal length, (rows, longest), filled up on one side; and which of them are real."""
    longest = max(map(len, rows))
    tokens, real = np.zeros((len(rows), longest), np.int64), np.zeros((len(rows), longest), bool)
    for place, row in enumerate(rows):
        filled = slice(longest - len(row), longest) if left else slice(0, len(row))
        tokens[place, filled], real[place, filled] = row, True
    return torch.from_numpy(tokens).to(device), torch.from_numpy(real).to(device)


def parted(lengths: Iterable[int], most: int, beside: int = 0) -> list[list[int]]:
    """Places of texts of rising length in parts of about ``most`` tokens, ``beside`` added to each text."""
    made: list[list[int]] = [[]]
    for at, length in enumerate(lengths):
        if made[-1] and (len(made[-1]) + 1) * (length + beside) > most:
            made.append([])
        made[-1].append(at)
    return [part for part in made if part]


def _left(gone: float) -> float:
    return 0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * gone))
