"""Trains the low-rank weights with which MiniLM finds the passages that answer a question in far other words.

    .venv/bin/python benchmarks/judge/train_retriever.py EXAMPLES.jsonl.xz --model MINILM_FOLDER --out FILE.safetensors
        [--minutes 14]

EXAMPLES is what ``embedding_pairs.py --characters 1500`` writes. Each question or claim has to be nearer to its own
text than to all others of the batch (van den Oord et al. 2018, arXiv 1807.03748). Two cores do for it. Printed is how
often that holds for the examples with ``held``, which take no part in the training, among all their texts.
"""

import argparse
import json
import lzma
import random
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import save_file
from torch import Tensor, nn
from torch.nn import functional
from train_embedder import QUESTION

from index.bert import Bert

_LONGEST = 192
_TEMPERATURE = 0.05
_TOGETHER = 64
_SHARES = {"far": 0.35, "question": 0.5, "claim": 0.15}
_WARM = 15


class Adapted(Bert):
    """MiniLM with low-rank weights beside those of every linear layer, which alone are trained."""

    def __init__(self, folder: Path, rank: int) -> None:
        super().__init__(folder, _LONGEST)
        self.on = True
        self.scale = 2.0
        self.first, self.second = nn.ParameterDict(), nn.ParameterDict()
        for name, weight in self.tensors.items():
            if name.startswith("encoder.") and name.endswith(".weight") and weight.dim() == 2:
                rows, columns = weight.shape
                key = _key(name.removesuffix(".weight"))
                self.first[key] = nn.Parameter(torch.randn(rank, columns) / columns**0.5)
                self.second[key] = nn.Parameter(torch.zeros(rows, rank))

    def linear(self, name: str, values: Tensor) -> Tensor:
        found = super().linear(name, values)
        if self.on and _key(name) in self.first:
            found = found + self.scale * (values @ self.first[_key(name)].t()) @ self.second[_key(name)].t()
        return found

    def embed(self, texts: Sequence[str]) -> Tensor:
        """The mean over the tokens of each text, of length 1: (texts, width)."""
        tokens = [encoding.ids for encoding in self._tokenizer.encode_batch(list(texts))]
        order = sorted(range(len(tokens)), key=lambda place: len(tokens[place]))
        found: list[Tensor] = []
        for start in range(0, len(order), _TOGETHER):
            some = [tokens[place] for place in order[start : start + _TOGETHER]]
            lengths = [len(one) for one in some]
            ids = torch.zeros(len(some), max(lengths), dtype=torch.long)
            for row, one in enumerate(some):
                ids[row, : len(one)] = torch.tensor(one)
            real = (torch.arange(max(lengths))[None] < torch.tensor(lengths)[:, None])[..., None]
            found.append((self._forward(ids, lengths) * real).sum(1) / real.sum(1))
        back = torch.empty(len(order), dtype=torch.long)
        back[torch.tensor(order)] = torch.arange(len(order))
        return functional.normalize(torch.cat(found)[back], dim=-1)

    def write(self, file: Path) -> None:
        """The two factors of what is added to each weight, the second one scaled, in 16 bits."""
        factors: dict[str, Tensor] = {}
        for key, first in self.first.items():
            name = key.replace("/", ".")
            factors[f"{name}.lora_a"] = first.detach().half().contiguous()
            factors[f"{name}.lora_b"] = (self.scale * self.second[key].detach()).half().contiguous()
        save_file(factors, file)


def _key(name: str) -> str:
    return name.replace(".", "/")


def batches(rows: Sequence[dict[str, Any]], size: int, chance: random.Random) -> Iterator[list[dict[str, Any]]]:
    """Endlessly; each kind has its share of a batch, each group stands in it once."""
    kinds = {kind: [row for row in rows if row["kind"] == kind] for kind in _SHARES}
    places = dict.fromkeys(_SHARES, 0)
    for own in kinds.values():
        chance.shuffle(own)
    while True:
        batch: list[dict[str, Any]] = []
        groups: set[str] = set()
        for kind, share in _SHARES.items():
            own, wanted = kinds[kind], len(batch) + round(size * share)
            while len(batch) < wanted:
                row = own[places[kind]]
                places[kind] = (places[kind] + 1) % len(own)
                if not places[kind]:
                    chance.shuffle(own)
                if row["group"] not in groups:
                    groups.add(row["group"])
                    batch.append(row)
        yield batch


def loss_of(model: Adapted, batch: Sequence[dict[str, Any]], chance: random.Random) -> Tensor:
    """The loss of a batch: of each first text among all others, and of each that means the same among the first."""
    same = [chance.choice(row["same"]) for row in batch]
    other = [chance.choice(row["other"]) for row in batch if row["other"]]
    found = model.embed([*(row["first"] for row in batch), *same, *other])
    scores = found[: len(batch)] @ found[len(batch) :].T / _TEMPERATURE
    wanted = torch.arange(len(batch))
    return functional.cross_entropy(scores, wanted) + 0.3 * functional.cross_entropy(scores.T[: len(batch)], wanted)


@torch.no_grad()
def held(model: Adapted, rows: Sequence[dict[str, Any]]) -> str:
    """How often one of the right texts is the first, and among the first three and eight, of all texts of its kind."""
    lines = []
    for kind in _SHARES:
        own = [row for row in rows if row["kind"] == kind]
        texts = list(dict.fromkeys(text for row in own for text in (*row["same"], *row["other"])))
        place = {text: at for at, text in enumerate(texts)}
        scores = model.embed([row["first"] for row in own]) @ model.embed(texts).T
        best = [one[[place[text] for text in row["same"]]].max() for row, one in zip(own, scores, strict=True)]
        ranks = np.array([int((one > least).sum()) for one, least in zip(scores, best, strict=True)])
        shares = ", ".join(f"{most}: {np.mean(ranks < most):.3f}" for most in (1, 3, 8))
        lines.append(f"  {kind:<10}{len(own)} among {len(texts)} texts, among the first {shares}")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("examples", type=Path)
    parser.add_argument("--model", type=Path, required=True, help="the folder of MiniLM")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=14.0)
    parser.add_argument("--rate", type=float, default=1e-3)
    parser.add_argument("--rank", type=int, default=16)
    parser.add_argument("--batch", type=int, default=64)
    given = parser.parse_args()
    torch.manual_seed(1)
    chance = random.Random(1)
    with lzma.open(given.examples, "rt", encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    for row in rows:
        row["first"] = row["first"].removeprefix(QUESTION)
    model = Adapted(given.model, given.rank)
    apart = [row for row in rows if row["held"]]
    model.on = False
    print(f"before:\n{held(model, apart)}", flush=True)
    model.on = True
    weights = [*model.first.values(), *model.second.values()]
    optimizer = torch.optim.AdamW(weights, lr=given.rate, weight_decay=0.01)
    began, steps = time.monotonic(), 0
    for batch in batches([row for row in rows if not row["held"]], given.batch, chance):
        share = (time.monotonic() - began) / (60 * given.minutes)
        if share >= 1:
            break
        for group in optimizer.param_groups:
            group["lr"] = given.rate * min(1.0, (steps + 1) / _WARM) * max(0.02, 1 - share)
        loss = loss_of(model, batch, chance)
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(weights, 1.0)
        optimizer.step()
        steps += 1
    model.write(given.out)
    print(f"trained: {steps} steps\n{held(model, apart)}", flush=True)


if __name__ == "__main__":
    main()
