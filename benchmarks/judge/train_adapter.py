"""Trains the adapter that makes the embedded language model a better judge; needs ``gguf`` and ``tokenizers``.

    python benchmarks/judge/train_adapter.py EXAMPLES.jsonl.xz --model MODEL.gguf --tokenizer TOKENIZER.json
        --out FOLDER [--minutes 2] [--start JUDGE.gguf [--keep 0.5]] [--probe FILE.jsonl ...]

EXAMPLES is what ``pairs.py`` or ``beside.py`` writes, TOKENIZER the model's own. Training ends when ``--minutes`` are
over: the learning rate follows the clock. ``--start`` goes on from weights made before; examples marked ``soft`` are
then learnt as those weights have them. From nothing an accelerator is needed; to go on with ``beside.py`` two cores
that compute with 16-bit numbers (avx512_bf16) do (``--device cpu --tokens 1400 --warm 12``): half a second an example.
Probes, files of the same shape, are scored (AUROC) with and without the adapter, and take no part in the training.
"""

import json
import lzma
import random
import time
from collections.abc import Iterator, Sequence
from copy import deepcopy
from itertools import product
from pathlib import Path
from typing import Any

import torch
from qwen import Adapter, Qwen
from sklearn.metrics import roc_auc_score
from tokenizers import Tokenizer
from training import Training, begun, padded, parser, parted

INVOCATION = "Judge strictly"
_END = "<|im_end|>\n<|im_start|>assistant\n"
_LONGEST = 480
_SUFFIX = 25
"""About how many tokens the task adds."""


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
        self.start: list[int] = tokenizer.encode(start, add_special_tokens=False).ids
        """What all of them begin with."""
        texts = [f"{one['asked']}\n\n" for one in found]
        self.prefix = [encoded.ids for encoded in tokenizer.encode_batch(texts, add_special_tokens=False)]
        self.rows = list(found)

    def batches(self, tokens: int, chance: random.Random) -> Iterator[list[int]]:
        """Numbers of like examples of one task and of like length, about ``tokens`` together, in random order."""
        made: list[list[int]] = []
        for task, soft in product(self.suffix, (False, True)):
            own = [
                at
                for at, row in enumerate(self.rows)
                if row["task"] == task and row.get("soft", False) is soft and len(self.prefix[at]) <= _LONGEST
            ]
            own.sort(key=lambda at: len(self.prefix[at]) + chance.random() * 12)
            lengths = (len(self.prefix[at]) for at in own)
            made += [[own[place] for place in part] for part in parted(lengths, tokens, beside=_SUFFIX)]
        chance.shuffle(made)
        yield from made


def scores(
    model: Qwen, adapters: Sequence[Adapter | None], examples: Examples, batch: Sequence[int]
) -> list[torch.Tensor]:
    """Next-token scores for a batch of one task, with each of the adapters."""
    tokens, real = padded([examples.prefix[at] for at in batch], model.device, left=True)
    suffix = examples.suffix[examples.rows[batch[0]]["task"]]
    cache = model.read(tokens, real, model.begun(examples.start))
    following = torch.tensor(suffix, device=model.device)[None].expand(len(batch), -1)
    real = torch.cat([real.new_ones(len(batch), len(examples.start)), real], dim=1)
    return [model.judge(following, real.sum(1), cache, real, adapter) for adapter in adapters]


@torch.no_grad()
def probed(model: Qwen, adapter: Adapter | None, examples: Examples, yes: int, no: int, tokens: int) -> list[float]:
    """The log odds of yes over no, for every example in order; 0 for those that are too long."""
    found = [0.0] * len(examples.rows)
    for batch in examples.batches(tokens, random.Random(1)):
        (rows,) = scores(model, [adapter], examples, batch)
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
    expected = parser(__doc__, minutes=2.0)
    expected.add_argument("--probe", type=Path, action="append", default=[])
    expected.add_argument("--tokens", type=int, default=24_000)
    expected.add_argument("--warm", type=int, default=50, help="steps until the learning rate is reached")
    expected.add_argument("--start", type=Path, help="weights made before")
    expected.add_argument("--keep", type=float, default=0.0, help="the share of them in the mean that is written")
    arguments = expected.parse_args()
    began = time.monotonic()
    chance, tokenizer = begun(arguments)
    yes, no = (tokenizer.encode(word, add_special_tokens=False).ids[0] for word in ("yes", "no"))
    invocation = tokenizer.encode(INVOCATION, add_special_tokens=False).ids
    model = Qwen(arguments.model, arguments.device)
    print(f"model read after {time.monotonic() - began:.0f} s", flush=True)
    head, found = read(arguments.examples)
    examples = Examples(head, found, tokenizer)
    print(f"{len(found)} examples read after {time.monotonic() - began:.0f} s", flush=True)
    probes = [(path.name, Examples(head, read(path)[1], tokenizer)) for path in arguments.probe]
    adapter = Adapter(model.shapes(), arguments.rank, arguments.alpha)
    if arguments.start:
        adapter.read(arguments.start)
    adapter = adapter.to(arguments.device)
    before = deepcopy(adapter).requires_grad_(False)
    for name, probe in probes:
        bare = probed(model, None, probe, yes, no, arguments.tokens)
        print(f"{name} without the adapter:\n{reported(probe, bare)}", flush=True)
    training = Training(adapter, arguments.rate, arguments.minutes, warm=arguments.warm)
    while not training.over:
        for batch in examples.batches(arguments.tokens, chance):
            if training.over:
                break
            if examples.rows[batch[0]].get("soft"):
                rows, said = scores(model, [adapter, before], examples, batch)
                wanted = said.softmax(-1)
            else:
                (rows,) = scores(model, [adapter], examples, batch)
                wanted = torch.tensor([yes if examples.rows[at]["label"] else no for at in batch], device=model.device)
            training.step(torch.nn.functional.cross_entropy(rows, wanted))
    for after, first in zip(adapter.parameters(), before.parameters(), strict=True):
        after.data.lerp_(first, arguments.keep)
    adapter.write(arguments.out / "judge.gguf", "qwen2", invocation)
    print(f"trained: {training.steps} steps", flush=True)
    for name, probe in probes:
        after = probed(model, adapter, probe, yes, no, arguments.tokens)
        (arguments.out / f"{name}.scores.json").write_text(json.dumps(after))
        print(f"{name} with the adapter:\n{reported(probe, after)}", flush=True)


if __name__ == "__main__":
    main()
