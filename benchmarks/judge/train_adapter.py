"""Trains the adapter that makes the embedded language model a better judge; needs an accelerator and ``gguf``.

    python benchmarks/judge/train_adapter.py EXAMPLES.jsonl.xz --model MODEL.gguf --tokenizer TOKENIZER.json
        --out FOLDER [--minutes 2] [--probe FILE.jsonl ...]

EXAMPLES is what ``pairs.py`` writes, TOKENIZER the model's own. Training ends when ``--minutes`` are over: the learning
rate follows the clock. Probes, files of the same shape, are scored (AUROC) with and without the adapter, and take no
part in the training.
"""

import argparse
import json
import lzma
import math
import random
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from qwen import Adapter, Qwen
from sklearn.metrics import roc_auc_score
from tokenizers import Tokenizer

INVOCATION = "Judge strictly"
_END = "<|im_end|>\n<|im_start|>assistant\n"
_LONGEST = 480


def read(path: Path) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The head of a file of examples (system text, tasks) and its examples."""
    with lzma.open(path) if path.suffix == ".xz" else path.open("rb") as file:
        head = json.loads(next(file))
        return head, [json.loads(line) for line in file]


class Examples:
    """Examples as tokens: what is read without the adapter, and what is read with it."""

    def __init__(self, head: dict[str, Any], found: Sequence[dict[str, Any]], tokenizer: Tokenizer) -> None:
        start = f"<|im_start|>system\n{head['system']}<|im_end|>\n<|im_start|>user\n"
        self.suffix = {
            task: tokenizer.encode(f"{words}{_END}", add_special_tokens=False).ids
            for task, words in head["tasks"].items()
        }
        texts = [f"{start}{one['asked']}\n\n" for one in found]
        self.prefix = [encoded.ids for encoded in tokenizer.encode_batch(texts, add_special_tokens=False)]
        self.rows = list(found)

    def batches(self, tokens: int, chance: random.Random) -> Iterator[list[int]]:
        """Numbers of examples of one task and of like length, about ``tokens`` together, in random order."""
        made: list[list[int]] = []
        for task in self.suffix:
            own = [at for at, row in enumerate(self.rows) if row["task"] == task and len(self.prefix[at]) <= _LONGEST]
            own.sort(key=lambda at: len(self.prefix[at]) + chance.random() * 12)
            batch: list[int] = []
            for at in own:
                if batch and (len(batch) + 1) * (len(self.prefix[at]) + 25) > tokens:
                    made.append(batch)
                    batch = []
                batch.append(at)
            if batch:
                made.append(batch)
        chance.shuffle(made)
        yield from made


def scores(model: Qwen, adapter: Adapter | None, examples: Examples, batch: Sequence[int]) -> torch.Tensor:
    """Next-token scores for a batch of one task."""
    longest = max(len(examples.prefix[at]) for at in batch)
    tokens = np.zeros((len(batch), longest), dtype=np.int64)
    mask = np.zeros((len(batch), longest), dtype=bool)
    for row, at in enumerate(batch):
        tokens[row, longest - len(examples.prefix[at]) :] = examples.prefix[at]
        mask[row, longest - len(examples.prefix[at]) :] = True
    suffix = examples.suffix[examples.rows[batch[0]]["task"]]
    real = torch.from_numpy(mask).to(model.device)
    cache = model.read(torch.from_numpy(tokens).to(model.device), real)
    following = torch.tensor(suffix, device=model.device)[None].expand(len(batch), -1)
    return model.judge(following, real.sum(1), cache, real, adapter)


@torch.no_grad()
def probed(model: Qwen, adapter: Adapter | None, examples: Examples, yes: int, no: int, tokens: int) -> list[float]:
    """The log odds of yes over no, for every example in order; 0 for those that are too long."""
    found = [0.0] * len(examples.rows)
    for batch in examples.batches(tokens, random.Random(1)):
        rows = scores(model, adapter, examples, batch)
        for at, value in zip(batch, (rows[:, yes] - rows[:, no]).tolist(), strict=True):
            found[at] = value
    return found


def reported(examples: Examples, values: Sequence[float]) -> str:
    """AUROC by source."""
    sources = sorted({row["source"] for row in examples.rows})
    lines = []
    for source in sources:
        own = [at for at, row in enumerate(examples.rows) if row["source"] == source]
        labels = [examples.rows[at]["label"] for at in own]
        if len(set(labels)) == 2:
            lines.append(f"  {source:<26}{roc_auc_score(labels, [values[at] for at in own]):.3f} ({len(own)})")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("examples", type=Path)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--tokenizer", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--probe", type=Path, action="append", default=[])
    parser.add_argument("--minutes", type=float, default=2.0)
    parser.add_argument("--rank", type=int, default=8)
    parser.add_argument("--alpha", type=float, default=16.0)
    parser.add_argument("--rate", type=float, default=3e-4)
    parser.add_argument("--tokens", type=int, default=24_000)
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(20)
    chance = random.Random(20)
    began = time.monotonic()
    tokenizer = Tokenizer.from_file(str(arguments.tokenizer))
    yes, no = (tokenizer.encode(word, add_special_tokens=False).ids[0] for word in ("yes", "no"))
    invocation = tokenizer.encode(INVOCATION, add_special_tokens=False).ids
    model = Qwen(arguments.model, arguments.device)
    print(f"model read after {time.monotonic() - began:.0f} s", flush=True)
    head, found = read(arguments.examples)
    examples = Examples(head, found, tokenizer)
    print(f"{len(found)} examples read after {time.monotonic() - began:.0f} s", flush=True)
    probes = [(path.name, Examples(head, read(path)[1], tokenizer)) for path in arguments.probe]
    adapter = Adapter(model.shapes(), arguments.rank, arguments.alpha).to(arguments.device)
    for name, probe in probes:
        before = probed(model, None, probe, yes, no, arguments.tokens)
        print(f"{name} without the adapter:\n{reported(probe, before)}", flush=True)
    optimizer = torch.optim.AdamW(adapter.parameters(), lr=arguments.rate, weight_decay=0.0, betas=(0.9, 0.98))
    start, limit, step, losses = time.monotonic(), arguments.minutes * 60, 0, []
    over = False
    while not over:
        for batch in examples.batches(arguments.tokens, chance):
            gone = (time.monotonic() - start) / limit
            if gone >= 1:
                over = True
                break
            rate = arguments.rate * min(1.0, (step + 1) / 50) * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * gone)))
            for group in optimizer.param_groups:
                group["lr"] = rate
            rows = scores(model, adapter, examples, batch)
            wanted = torch.tensor([yes if examples.rows[at]["label"] else no for at in batch], device=model.device)
            loss = torch.nn.functional.cross_entropy(rows, wanted)
            optimizer.zero_grad(set_to_none=True)
            if not torch.isfinite(loss):
                raise SystemExit(f"step {step}: the loss is no number")
            loss.backward()
            torch.nn.utils.clip_grad_norm_(adapter.parameters(), 1.0)
            optimizer.step()
            losses.append(loss.item())
            step += 1
            if step % 50 == 0:
                print(f"step {step}, loss {np.mean(losses[-50:]):.4f}, {time.monotonic() - start:.0f} s", flush=True)
    adapter.write(arguments.out / "judge.gguf", "qwen2", invocation)
    print(f"trained: {step} steps", flush=True)
    for name, probe in probes:
        after = probed(model, adapter, probe, yes, no, arguments.tokens)
        (arguments.out / f"{name}.scores.json").write_text(json.dumps(after))
        print(f"{name} with the adapter:\n{reported(probe, after)}", flush=True)


if __name__ == "__main__":
    main()
