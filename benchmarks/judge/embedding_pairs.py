"""Makes the examples that ``train_embedder.py`` learns from: texts, others that mean the same, others that do not.

    .venv/bin/python benchmarks/judge/embedding_pairs.py PAIRS_FOLDER GUIDANCE_FOLDER --out examples.jsonl.xz

PAIRS_FOLDER holds what ``pairs.py`` reads, GUIDANCE_FOLDER the public guidance that ``far.jsonl.xz`` points to.
Questions stand with the statements that answer them, claims with the evidence that states them. ``--plain`` adds the
questions in everyday words that ``plain.jsonl.xz`` holds.
"""

import argparse
import json
import lzma
import random
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from far import Text, texts
from pairs import rows
from plain import extracts, shown
from train_embedder import QUESTION

_QUESTIONS = {
    "fairytaleqa": 4000, "medquad": 2500, "selqa": 4000, "squad1-nqg": 5000, "boolq-dev": 3000, "qed-nq": 1300,
    "qamr-wiki": 1500, "covidqa": 1200, "qnli-dev": 900, "pubmedqa": 800, "tatqa": 700,
}  # fmt: skip
_CLAIMS = {"mnli-dev": 3400, "snli-dev": 2500, "fm2": 1200, "fever-symmetric": 600, "wice-train-partial": 200}
"""How many of a source's rows are used."""
_OTHERS = 4


def asked(found: Sequence[Text], chance: random.Random) -> Iterator[dict[str, Any]]:
    """Of the questions in far other words, with the statements that answer them and the others of their text."""
    for text in found:
        for numbers, question in text.yes:
            same = [text.lines[number] for number in numbers]
            if text.headings and len(text.headings[-1].split()) > 1 and chance.random() < 0.1:
                same.append(text.headings[-1])
            other = [one for number, one in enumerate(text.lines) if number not in numbers]
            yield {
                "kind": "far", "group": text.key, "first": QUESTION + question, "same": same, "other": other,
                "held": text.held,
            }  # fmt: skip


def in_plain_words(*, held: bool, chance: random.Random) -> Iterator[dict[str, Any]]:
    """Of the questions in everyday words, with the statements that answer them and the others of their extract."""
    for number, extract in enumerate(extracts(held=held)):
        lines = [shown(extract, line, chance) for line in extract["statements"]]
        for numbers, question in extract["yes"]:
            yield {
                "kind": "plain", "group": f"plain {held} {number}", "first": QUESTION + question,
                "same": [lines[at] for at in numbers],
                "other": [line for at, line in enumerate(lines) if at not in numbers], "held": held,
            }  # fmt: skip


def labelled(
    found: Sequence[dict[str, Any]],
    first: str,
    second: str,
    shares: dict[str, int],
    longest: int,
    chance: random.Random,
) -> Iterator[dict[str, Any]]:
    """Of the labelled pairs of a folder, those with the same first text together."""
    by_first: dict[tuple[str, str], dict[int, list[str]]] = defaultdict(lambda: {0: [], 1: []})
    for row in found:
        text = " ".join(row[second].split())
        if row["source"] in shares and len(text) <= longest:
            by_first[row["source"], row[first]][int(row["label"])].append(text)
    left = Counter(shares)
    items = list(by_first.items())
    chance.shuffle(items)
    for (source, text), labels in items:
        if labels[1] and left[source] > 0:
            left[source] -= 1
            shown = QUESTION + text if first == "question" else text
            yield {
                "kind": first, "group": labels[1][0][:60], "first": shown, "same": labels[1],
                "other": labels[0][:_OTHERS], "held": chance.random() < 0.02,
            }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pairs", type=Path)
    parser.add_argument("guidance", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--characters", type=int, default=600, help="the longest of the labelled texts used")
    parser.add_argument("--plain", action="store_true")
    parser.add_argument("--seed", type=int, default=20)
    given = parser.parse_args()
    chance = random.Random(given.seed)
    made = [
        *asked(list(texts(given.guidance, given.pairs)), chance),
        *labelled(rows(given.pairs / "answer.jsonl.gz"), "question", "passage", _QUESTIONS, given.characters, chance),
        *labelled(rows(given.pairs / "support.jsonl.gz"), "claim", "evidence", _CLAIMS, given.characters, chance),
    ]
    if given.plain:
        made += [row for apart in (False, True) for row in in_plain_words(held=apart, chance=chance)]
    chance.shuffle(made)
    with lzma.open(given.out, "wt", encoding="utf-8", preset=1) as file:
        for example in made:
            file.write(json.dumps(example, ensure_ascii=False) + "\n")
    for (kind, apart), count in sorted(Counter((row["kind"], row["held"]) for row in made).items()):
        print(f"{kind:<10}{'held apart' if apart else 'trained on':<12}{count}")


if __name__ == "__main__":
    main()
