"""Trains the adapter with which the embedded language model says what texts mean; needs ``gguf``.

    python benchmarks/judge/train_embedder.py EXAMPLES.jsonl.xz --model MODEL.gguf --tokenizer TOKENIZER.json
        --out FOLDER [--layers 12] [--minutes 3] [--start EMBEDDER.gguf [--keep 0.5]]

From nothing an accelerator is needed; to go on from weights made before (``--start``, of which the share ``--keep`` is
kept in the mean that is written) two cores that compute with 16-bit numbers do, half a minute a step of ``--device cpu
--tokens 1500 --batch 32``.

EXAMPLES is what ``embedding_pairs.py`` writes: ``first``, texts of which any means the same (``same``), others that do
not (``other``), ``kind`` and ``group``, of which a batch holds one. The embedding is the mean over a text's tokens of
what comes out of the first ``--layers``, turned into fewer numbers. Each text has to be nearer to its own than to all
others of the batch (van den Oord et al. 2018, arXiv 1807.03748). Printed is how often that holds for the examples with
``held``, which take no part in the training, among all their texts, and how near their own is and others are.
"""

import json
import lzma
import random
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from gguf import GGUFReader
from qwen import Adapter, Qwen
from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.nn import functional
from training import Training, begun, padded, parser, parted

END = "<|endoftext|>"
QUESTION = "Question: "
_LONGEST = 128
_OTHERS = 2
"""How many texts that do not mean the same come with one."""
_APART = 800
_TEMPERATURE = 0.03
_TOKENS = 12_000
"""So many, with padding, an accelerator reads at once."""


class Embedder(nn.Module):
    """Texts in ``width`` numbers each, of length 1."""

    def __init__(
        self, model: Qwen, layers: int, rank: int, alpha: float, width: int, pooling: str, tokens: int
    ) -> None:
        super().__init__()
        self._model = [model]  # Held so that its weights are none of this module's.
        self.layers, self.pooling, self.tokens = layers, pooling, tokens
        self.adapter = Adapter(model.shapes(layers), rank, alpha)
        self.projection = nn.Parameter(torch.randn(width, model.width) / model.width**0.5)

    def read(self, path: Path) -> None:
        """Takes the weights of a file as ``write`` makes it."""
        self.adapter.read(path)
        found = {tensor.name: np.array(tensor.data) for tensor in GGUFReader(path).tensors}
        self.projection.data.copy_(torch.from_numpy(found["projection"]).float())

    def write(self, path: Path) -> None:
        self.adapter.write(path, "qwen2", others={"projection": self.projection})

    def forward(self, texts: Sequence[Sequence[int]]) -> Tensor:
        """Embeddings of tokens, (texts, width)."""
        order = sorted(range(len(texts)), key=lambda at: len(texts[at]))
        parts = parted((len(texts[at]) for at in order), self.tokens)
        found = [self._some([texts[order[place]] for place in part]) for part in parts]
        back = torch.empty(len(order), dtype=torch.long)
        back[torch.tensor(order)] = torch.arange(len(order))
        return torch.cat(found)[back.to(found[0].device)]

    def _some(self, texts: Sequence[Sequence[int]]) -> Tensor:
        model = self._model[0]
        tokens, real = padded(texts, model.device, left=False)
        states = model.states(tokens, real, self.layers, self.adapter).float()
        states = states * torch.rsqrt(states.pow(2).mean(-1, keepdim=True) + model.epsilon)
        if self.pooling == "mean":
            whole = (states * real[..., None]).sum(1) / real.sum(1, keepdim=True)
        else:
            whole = states[torch.arange(len(texts), device=model.device), real.sum(1) - 1]
        return functional.normalize(whole @ self.projection.T, dim=-1)


class Examples:
    """Examples with their texts as tokens."""

    def __init__(self, rows: Sequence[dict[str, Any]], tokenizer: Tokenizer) -> None:
        self.rows = list(rows)
        self._tokenizer = tokenizer
        self._known: dict[str, list[int]] = {}
        self._end = tokenizer.encode(END, add_special_tokens=False).ids
        texts = list(dict.fromkeys(text for row in rows for text in (row["first"], *row["same"], *row["other"])))
        for text, encoded in zip(texts, tokenizer.encode_batch(texts, add_special_tokens=False), strict=True):
            self._known[text] = encoded.ids[:_LONGEST] + self._end

    def tokens(self, text: str) -> list[int]:
        return self._known[text]

    def batches(self, size: int, shares: Mapping[str, float], chance: random.Random) -> Iterator[list[dict[str, Any]]]:
        """Endlessly; ``shares`` says how much of each batch is of which kind, and the rest is of all others."""
        kinds = {kind: [row for row in self.rows if row["kind"] == kind] for kind in shares}
        kinds["other"] = [row for row in self.rows if row["kind"] not in shares]
        wanted = {kind: round(size * share) for kind, share in shares.items()}
        wanted["other"] = size - sum(wanted.values())
        places = dict.fromkeys(kinds, 0)
        for rows in kinds.values():
            chance.shuffle(rows)
        while True:
            batch: list[dict[str, Any]] = []
            groups: set[str] = set()
            for kind, own in kinds.items():
                taken, tried = 0, 0
                while own and taken < wanted[kind] and tried < 4 * wanted[kind]:
                    row = own[places[kind] % len(own)]
                    places[kind] += 1
                    tried += 1
                    if places[kind] % len(own) == 0:
                        chance.shuffle(own)
                    if row["group"] not in groups:
                        groups.add(row["group"])
                        batch.append(row)
                        taken += 1
            yield batch


def loss_of(model: Embedder, examples: Examples, batch: Sequence[dict[str, Any]], chance: random.Random) -> Tensor:
    """The loss of a batch: of each first text among all others, and of each that means the same among the first."""
    same = [chance.choice(row["same"]) for row in batch]
    other = [text for row in batch for text in chance.sample(row["other"], min(_OTHERS, len(row["other"])))]
    texts = [examples.tokens(row["first"]) for row in batch] + [examples.tokens(text) for text in (*same, *other)]
    found = model(texts)
    first, second = found[: len(batch)], found[len(batch) :]
    scores = first @ second.T / _TEMPERATURE
    wanted = torch.arange(len(batch), device=found.device)
    right = {text: place for place, text in enumerate(same)}
    # Another text that means the same, drawn elsewhere in the batch, is no wrong one.
    for row, one in enumerate(batch):
        for text in one["same"]:
            if text in right and right[text] != row:
                scores[row, right[text]] = -1e4
    return functional.cross_entropy(scores, wanted) + 0.3 * functional.cross_entropy(scores.T[: len(batch)], wanted)


@torch.no_grad()
def held(model: Embedder, examples: Examples, most_of_kind: int) -> str:
    """How often one of the right texts is the first, and among the first three and eight, of all texts of its kind.

    And how near, in the middle, the right ones and all others are.
    """
    lines = []
    for kind in sorted({row["kind"] for row in examples.rows}):
        rows = [row for row in examples.rows if row["kind"] == kind][:most_of_kind]
        texts = list(dict.fromkeys(text for row in rows for text in (*row["same"], *row["other"])))
        place = {text: at for at, text in enumerate(texts)}
        scores = model([examples.tokens(row["first"]) for row in rows]) @ model([examples.tokens(t) for t in texts]).T
        best = [own[[place[text] for text in row["same"]]].max() for row, own in zip(rows, scores, strict=True)]
        ranks = np.array([int((own > right).sum()) for own, right in zip(scores, best, strict=True)])
        shares = ", ".join(f"{most}: {np.mean(ranks < most):.3f}" for most in (1, 3, 8))
        near = f"near by {torch.stack(best).median():.3f}, others {scores.median():.3f}"
        lines.append(f"  {kind:<10}{len(rows)} among {len(texts)} texts, among the first {shares}; {near}")
    return "\n".join(lines)


def _share(text: str) -> tuple[str, float]:
    kind, _, share = text.partition("=")
    return kind, float(share)


def main() -> None:
    arguments = parser(__doc__, minutes=3.0)
    arguments.add_argument("--layers", type=int, default=12)
    arguments.add_argument("--pooling", choices=("mean", "last"), default="mean")
    arguments.add_argument("--width", type=int, default=256, help="numbers of an embedding")
    arguments.add_argument("--tokens", type=int, default=_TOKENS, help="with padding, that are read at once")
    arguments.add_argument("--batch", type=int, default=384)
    arguments.add_argument("--share", type=_share, nargs="*", default=[("far", 0.4)], help="of a kind in each batch")
    arguments.add_argument("--start", type=Path, help="weights made before")
    arguments.add_argument("--keep", type=float, default=0.0, help="the share of them in the mean that is written")
    arguments.add_argument("--warm", type=int, default=25, help="steps that bring the learning rate up")
    arguments.add_argument("--apart", type=int, default=_APART, help="how many held examples of a kind are looked at")
    given = arguments.parse_args()
    began = time.monotonic()
    chance, tokenizer = begun(given)
    with lzma.open(given.examples, "rt", encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    examples = Examples([row for row in rows if not row.get("held")], tokenizer)
    apart = Examples([row for row in rows if row.get("held")], tokenizer)
    language_model = Qwen(given.model, given.device)
    model = Embedder(
        language_model, given.layers, given.rank, given.alpha, given.width, given.pooling, given.tokens
    ).to(given.device)
    if given.start:
        model.read(given.start)
    first = [parameter.detach().clone() for parameter in model.parameters()]
    print(f"{len(rows)} examples and the model read after {time.monotonic() - began:.0f} s", flush=True)
    print(f"before:\n{held(model, apart, given.apart)}", flush=True)
    training = Training(model, given.rate, given.minutes, warm=given.warm)
    for batch in examples.batches(given.batch, dict(given.share), chance):
        if training.over:
            break
        training.step(loss_of(model, examples, batch, chance))
    for after, before in zip(model.parameters(), first, strict=True):
        after.data.lerp_(before, given.keep)
    model.write(given.out / "embedder.gguf")
    print(f"trained: {training.steps} steps\n{held(model, apart, given.apart)}", flush=True)


if __name__ == "__main__":
    main()
