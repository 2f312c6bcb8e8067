"""Makes probes for the judge of public sets of cases and claims: examples that it is scored on and never trained on.

    .venv/bin/python benchmarks/judge/probes.py BENCH_FOLDER --out FOLDER [--questions 1000]

BENCH_FOLDER holds ``cases/*.jsonl`` and ``claims/*.jsonl``. Of longer texts the sentences nearest to question or claim
are kept, in their order, up to what the examples of the training have.
"""

import argparse
import json
import random
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from pairs import CHARACTERS, LINE, sentences

from assistant.contents.prompting import guidance
from assistant.settings import default_home
from assistant.support.check import claim_and_quote, without_marks
from assistant.words import content_set, coverage
from index.encoders import open_encoder, without_adapter

_ENCODED = 24
_Encode = Callable[[Sequence[str]], Any]


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def nearest(asked: str, parts: list[str], encode: _Encode) -> list[str]:
    """The sentences nearest to a question or claim, in their order, as many as are read."""
    if sum(map(len, parts)) <= CHARACTERS:
        return parts
    wanted = content_set(asked)
    shared = sorted(range(len(parts)), key=lambda at: -coverage(wanted, content_set(parts[at])))[:_ENCODED]
    parts = [parts[at][:LINE] for at in sorted(shared)]
    vectors = encode([asked, *parts])
    near = vectors[1:] @ vectors[0]
    order = sorted(
        range(len(parts)), key=lambda at: -(float(near[at]) + 0.5 * coverage(wanted, content_set(parts[at])))
    )
    keep: list[int] = []
    left = CHARACTERS
    for at in order:
        if len(parts[at]) <= left:
            keep.append(at)
            left -= len(parts[at])
    return [parts[at] for at in sorted(keep)]


def answering(folder: Path, count: int, encode: _Encode) -> list[dict[str, Any]]:
    made = []
    for path in sorted(folder.glob("*.jsonl")):
        cases = lines(path)
        random.Random(5).shuffle(cases)
        for case in cases[:count]:
            kept = nearest(case["question"], [s for text in case["passages"] for s in sentences(text)], encode)
            made.append(
                {
                    "task": "answerable", "asked": guidance(kept, case["question"]), "first": case["question"],
                    "second": "\n".join(kept), "label": int(case["answerable"]), "source": path.stem,
                    "texts": case["passages"],
                }
            )  # fmt: skip
    return made


def supporting(folder: Path, encode: _Encode) -> list[dict[str, Any]]:
    made = []
    for path in sorted(folder.glob("*.jsonl")):
        for claim in lines(path):
            said = without_marks(claim["claim"])
            quote = " ".join(nearest(said, [s for text in claim["evidence"] for s in sentences(text)], encode))
            made.append(
                {
                    "task": "supported", "asked": claim_and_quote(said, quote), "first": said, "second": quote,
                    "label": int(claim["supported"]), "source": claim["source"],
                }
            )  # fmt: skip
    return made


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bench", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--home", type=Path, default=default_home())
    parser.add_argument("--questions", type=int, default=1_000, help="at most, of each set of cases")
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    encode = without_adapter(open_encoder("minilm", arguments.home)).encode
    for name, made in (
        ("answerable", answering(arguments.bench / "cases", arguments.questions, encode)),
        ("supported", supporting(arguments.bench / "claims", encode)),
    ):
        with (arguments.out / f"{name}.jsonl").open("w", encoding="utf-8") as file:
            file.write(json.dumps({}) + "\n")
            for example in made:
                file.write(json.dumps(example, ensure_ascii=False) + "\n")
        print(f"{name}: {len(made)}")


if __name__ == "__main__":
    main()
