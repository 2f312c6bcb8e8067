"""How well descriptions of organizations are read: factors right, missing, wrong and invented, on the tests' own data.

Run from the repository's root: .venv/bin/python benchmarks/advising.py MODEL_FOLDER [--half tune|held] [--show]
    [--hear]
    .venv/bin/python benchmarks/advising.py --sayings

With ``--hear`` the default language model is the second voice, as it is where it answers. ``--sayings`` says how many
of the shipped sayings are told apart rightly by what is learnt from the others, a tenth left out at a time.
"""

import argparse
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from pathlib import Path

import numpy as np

from assistant.advising import Adviser, load_rules
from assistant.advising.heard import sayings_of
from assistant.advising.reading import known
from assistant.builder import build
from assistant.contents.meanings import Remembered, embeds
from assistant.contents.vectors import Vectors
from assistant.judging.hearing import ModelHearing
from assistant.models.likeness import Likeness
from assistant.settings import read
from corpus import load_all, shipped_guidance, split
from index.embedding import SentenceTransformerEncoder

DATA = Path(__file__).parents[1] / "tests" / "data"
DESCRIPTIONS = ("descriptions.jsonl", "descriptions_far.jsonl")


def count(adviser: Adviser, descriptions: str, half: str, show: bool) -> Counter[str]:
    """Factors by what became of them; a factor that is not given and stays unknown is `unknown`."""
    figures: Counter[str] = Counter()
    for line in descriptions.splitlines():
        case = json.loads(line)
        if case["half"] != half:
            continue
        found = known(adviser.read(case["text"]))
        for field in adviser.form():
            want, got = case["values"].get(field.name, ""), found.get(field.name, "")
            outcome = (
                ("right" if want else "unknown")
                if want == got
                else "missing"
                if not got
                else "wrong"
                if want
                else "invented"
            )
            figures[outcome] += 1
            if show and want != got:
                print(f"{outcome}: {case['text']}\n    {field.name}: wanted {want or '-'}, got {got or '-'}")
    return figures


def told_apart(sayings: Mapping[str, Sequence[str]]) -> tuple[int, float]:
    """How many sayings there are, and the mean share by label that is told rightly when a tenth is left out."""
    known = Remembered(ship=True)
    said = [(label, known.get(text)) for label, texts in sayings.items() for text in texts]
    labels = np.array([label for label, _ in said])
    rows = np.stack([np.asarray(row, np.float32) for _, row in said])
    fold = np.arange(len(labels)) % 10
    right = np.zeros(len(labels), bool)
    for left_out in range(10):
        likeness = Likeness(rows[fold != left_out], labels[fold != left_out].tolist())
        best = likeness.scores(rows[fold == left_out]).argmax(axis=1)
        right[fold == left_out] = np.array(likeness.labels)[best] == labels[fold == left_out]
    return len(labels), float(np.mean([right[labels == label].mean() for label in sayings]))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", type=Path, nargs="?")
    parser.add_argument("--sayings", action="store_true")
    parser.add_argument("--half", choices=["tune", "held"])
    parser.add_argument("--show", action="store_true")
    parser.add_argument("--hear", action="store_true")
    given = parser.parse_args()
    documents = load_all([shipped_guidance()]).documents
    rules = load_rules(documents)
    assert rules is not None
    if given.sayings:
        for name, sayings in sayings_of(rules).items():
            count_, share = told_apart(sayings)
            print(f"{name}: {share:.1%} of {count_} sayings told apart among {len(sayings)}")
        return
    if given.model is None:
        parser.error("name the folder of the embedding model")
    vectors = Vectors(SentenceTransformerEncoder(given.model).encode)
    assistant = build(read({})) if given.hear else None
    model = assistant.model if assistant else None
    able = embeds(model)
    hearing = ModelHearing(model, able, nullcontext(), Remembered(ship=True)) if model and able else None
    passages = [passage for document in documents for passage in split(document)]
    adviser = Adviser(rules, vectors, {d.name: d for d in documents}, passages, hearing)
    halves = [given.half] if given.half else ["tune", "held"]
    for name, half in ((name, half) for name in DESCRIPTIONS for half in halves):
        figures = count(adviser, (DATA / name).read_text("utf-8"), half, given.show)
        stated = figures["right"] + figures["missing"] + figures["wrong"]
        all_ = sum(figures.values())
        print(
            f"{name}, {half}: {stated} factors stated, {figures['right'] / stated:.1%} right, "
            f"{figures['missing']} missing, "
            f"{figures['wrong']} wrong; {all_ - stated} not stated, {figures['invented']} invented; "
            f"all {(figures['right'] + figures['unknown']) / all_:.1%}"
        )
    if assistant:
        assistant.close()


if __name__ == "__main__":
    main()
