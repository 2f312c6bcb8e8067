"""Makes the examples by which the judge learns what people mean who have not read the guidance.

    .venv/bin/python benchmarks/judge/plain.py PAIRS_FOLDER --guidance FOLDER --out plain-examples.jsonl.xz

``plain.jsonl.xz`` holds extracts of the guidance of made-up organizations, written for this project: headings, numbered
statements, questions in everyday words with the numbers of the statements that answer them (``yes``) and questions on
the same matter that none of them answers (``no``): how long it takes to decide where it is told how long it holds, who
stands in where it is told who decides. One extract in twelve takes no part; ``--held`` writes those as a probe.

With them come some of what ``beside.py`` makes, PAIRS_FOLDER and ``--guidance`` as there, so that nothing is forgotten.
Needs the default encoders (`strategy-assistant models pull`).
"""

import argparse
import json
import lzma
import random
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from beside import Others, among_others, asked, counted, ordinary
from far import texts
from pairs import example, rows, write

from assistant.evaluate.models import open_encoders
from assistant.settings import read
from index.encoders import Encoder

WRITTEN = Path(__file__).with_name("plain.jsonl.xz")
_HELD = 12
_BARE = 0.12
"""The share of statements that are shown without the heading over them."""
_BESIDE_RIGHT, _NEAREST = 0.7, 0.8
"""The share of questions that also come with a statement which does not answer, and of those that nothing answers which
come with the nearest one; the others come with the next."""
_BESIDE, _ANSWERS, _CLAIMS = 450, 150, 250
"""How many of the examples of ``beside.py`` come along: near by chance, other answers, claims."""
_OPENINGS = re.compile(
    r"\b(?:how (?:long|many|much|often)|how|who|which|what|when|why|where|can|may|must|should|do|does|is|are)\b"
)


def opening(question: str) -> str:
    """How the last sentence of a question begins to ask; empty where none of these words stands in it."""
    match = _OPENINGS.search(re.split(r"(?<=[.!?])\s+", question.lower())[-1])
    return match.group() if match else ""


def extracts(*, held: bool) -> list[dict[str, Any]]:
    """The extracts that take part in training, or those ``held`` apart."""
    with lzma.open(WRITTEN, "rt", encoding="utf-8") as file:
        found = [json.loads(line) for line in file]
    return [one for number, one in enumerate(found) if (number % _HELD == _HELD - 1) is held]


def in_plain_words(
    found: Sequence[dict[str, Any]], encoder: Encoder, chance: random.Random
) -> Iterator[dict[str, Any]]:
    """Each question with a statement that answers it, and with the one nearest to it of those that do not."""
    yes = Counter(opening(question) for one in found for _, question in one["yes"])
    no = Counter(opening(question) for one in found for question in one["no"])
    for one in found:
        lines = [" ".join(line.split()) for line in one["statements"]]
        asks = [(frozenset(numbers), question) for numbers, question in one["yes"]]
        asks += [(frozenset(), question) for question in one["no"]]
        vectors = encoder.encode([f"{one['headings'][-1]}. {line}" for line in lines])
        for (right, question), vector in zip(asks, encoder.encode([question for _, question in asks]), strict=True):
            wrong = [int(at) for at in np.argsort(-(vectors @ vector)) if int(at) not in right]
            if right:
                # How a question begins must not tell whether it is answered: "who" mostly stands in those that are not.
                more = no[opening(question)] / yes[opening(question)] - 1
                for _ in range(1 + (chance.random() < more)):
                    yield _example(one, lines[chance.choice(sorted(right))], question, 1, chance)
                if chance.random() < _BESIDE_RIGHT:
                    yield _example(one, lines[chance.choice(wrong[:2])], question, 0, chance)
            else:
                yield _example(one, lines[wrong[chance.random() >= _NEAREST]], question, 0, chance)


def shown(extract: dict[str, Any], statement: str, chance: random.Random) -> str:
    """A statement as it is read: on one line, mostly after the heading over it."""
    line = " ".join(statement.split())
    return line if chance.random() < _BARE else f"{extract['headings'][-1]}: {line}"


def _example(extract: dict[str, Any], line: str, question: str, label: int, chance: random.Random) -> dict[str, Any]:
    return example([shown(extract, line, chance)], question, label, "plain")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--guidance", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--held", type=Path, help="write the extracts that take no part here, as a probe")
    parser.add_argument("--seed", type=int, default=20)
    given = parser.parse_args()
    chance = random.Random(given.seed)
    encoder = open_encoders(read({"model": "quotes"})).dense
    made = list(in_plain_words(extracts(held=False), encoder, chance))
    found = [one for one in texts(given.guidance, given.folder, later=True) if not one.held]
    pairs = rows(given.folder / "answer.jsonl.gz")
    questions = asked(found, pairs, chance)
    chance.shuffle(questions)
    beside = among_others(questions[:_BESIDE], Others(pairs, encoder, chance).nearest(questions[:_BESIDE]), chance)
    made += [one for one in beside if one["asked"].count("\n[") == 0][:_BESIDE]
    others = list(ordinary(given.folder, pairs, chance))
    for soft, count in ((False, _ANSWERS), (True, _CLAIMS)):
        own = [one for one in others if one.get("soft", False) is soft and len(one["asked"]) < 500]
        made += chance.sample(own, min(len(own), count))
    chance.shuffle(made)
    write(given.out, made)
    if given.held:
        write(given.held, list(in_plain_words(extracts(held=True), encoder, chance)))
    counted(made)


if __name__ == "__main__":
    main()
