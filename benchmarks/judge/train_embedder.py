"""Trains the adapter with which the embedded language model says what texts mean; needs an accelerator and ``gguf``.

    python benchmarks/judge/train_embedder.py EXAMPLES.jsonl.xz --model MODEL.gguf --tokenizer TOKENIZER.json
        --out FOLDER [--layers 12] [--minutes 3]

EXAMPLES is what ``embedding_pairs.py`` writes: ``first``, texts of which any means the same (``same``), others that do
not (``other``), ``kind`` and ``group``, of which a batch holds one. The embedding is the mean over a text's tokens of
what comes out of the first ``--layers``, turned into fewer numbers. Each text has to be nearer to its own than to all
others of the batch (van den Oord et al. 2018, arXiv 1807.03748). Printed is how often that holds for the examples with
``held``, which take no part in the training, among all their texts.
"""

import json
import lzma
import random
import time
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import torch
from qwen import Adapter, Qwen
from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.nn import functional
from training import Training, begun, padded, parser, parted

END = "<|endoftext|>"
QUESTION = "Question: "
_LONGEST = 128
_TEMPERATURE = 0.03
_PART = 12_000
"""Tokens, with padding, that are read at once."""


class Embedder(nn.Module):
    """Texts in ``width`` numbers each, of length 1."""

    def __init__(self, model: Qwen, layers: int, rank: int, alpha: float, width: int, pooling: str) -> None:
        super().__init__()
        self._model = [model]  # Held so that its weights are none of this module's.
        self.layers, self.pooling = layers, pooling
        self.adapter = Adapter(model.shapes(layers), rank, alpha)
        self.projection = nn.Parameter(torch.randn(width, model.width) / model.width**0.5)

    def forward(self, texts: Sequence[Sequence[int]]) -> Tensor:
        """Embeddings of tokens, (texts, width)."""
        order = sorted(range(len(texts)), key=lambda at: len(texts[at]))
        parts = parted((len(texts[at]) for at in order), _PART)
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

    def batches(self, size: int, far: float, chance: random.Random) -> Iterator[list[dict[str, Any]]]:
        """Endlessly; ``far`` of each batch are of the kind "far"."""
        kinds = {kind: [row for row in self.rows if (row["kind"] == "far") == kind] for kind in (True, False)}
        places = {True: 0, False: 0}
        for rows in kinds.values():
            chance.shuffle(rows)
        while True:
            batch: list[dict[str, Any]] = []
            groups: set[str] = set()
            for kind, wanted in ((True, round(size * far)), (False, size - round(size * far))):
                own, taken, tried = kinds[kind], 0, 0
                while own and taken < wanted and tried < 4 * wanted:
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
    other = [text for row in batch for text in chance.sample(row["other"], min(2, len(row["other"])))]
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
def held(model: Embedder, examples: Examples) -> str:
    """How often one of the right texts is the first, and among the first three and eight, of all texts of its kind."""
    lines = []
    for kind in sorted({row["kind"] for row in examples.rows}):
        rows = [row for row in examples.rows if row["kind"] == kind][:800]
        texts = list(dict.fromkeys(text for row in rows for text in (*row["same"], *row["other"])))
        place = {text: at for at, text in enumerate(texts)}
        scores = model([examples.tokens(row["first"]) for row in rows]) @ model([examples.tokens(t) for t in texts]).T
        ranks = []
        for row, own in zip(rows, scores, strict=True):
            best = own[[place[text] for text in row["same"]]].max()
            ranks.append(int((own > best).sum()))
        shares = ", ".join(f"{most}: {np.mean(np.array(ranks) < most):.3f}" for most in (1, 3, 8))
        lines.append(f"  {kind:<10}{len(rows)} among {len(texts)} texts, among the first {shares}")
    return "\n".join(lines)


def main() -> None:
    arguments = parser(__doc__, minutes=3.0)
    arguments.add_argument("--layers", type=int, default=12)
    arguments.add_argument("--pooling", choices=("mean", "last"), default="mean")
    arguments.add_argument("--width", type=int, default=256, help="numbers of an embedding")
    arguments.add_argument("--batch", type=int, default=384)
    arguments.add_argument("--far", type=float, default=0.4, help="share of a batch that is of the kind far")
    given = arguments.parse_args()
    began = time.monotonic()
    chance, tokenizer = begun(given)
    with lzma.open(given.examples, "rt", encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    examples = Examples([row for row in rows if not row.get("held")], tokenizer)
    apart = Examples([row for row in rows if row.get("held")], tokenizer)
    language_model = Qwen(given.model, given.device)
    model = Embedder(language_model, given.layers, given.rank, given.alpha, given.width, given.pooling).to(given.device)
    print(f"{len(rows)} examples and the model read after {time.monotonic() - began:.0f} s", flush=True)
    print(f"before:\n{held(model, apart)}", flush=True)
    training = Training(model, given.rate, given.minutes, warm=25)
    for batch in examples.batches(given.batch, given.far, chance):
        if training.over:
            break
        training.step(loss_of(model, examples, batch, chance))
    model.adapter.write(given.out / "embedder.gguf", "qwen2", others={"projection": model.projection})
    print(f"trained: {training.steps} steps\n{held(model, apart)}", flush=True)


if __name__ == "__main__":
    main()
