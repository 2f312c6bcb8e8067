"""What the language model's own embeddings are worth for finding the statement that answers.

    .venv/bin/python benchmarks/meaning.py CASES.jsonl ... [--questions 40]
    .venv/bin/python benchmarks/meaning.py --write

CASES are JSON lines with `question`, `passages` and `evidence`. Of the first ``--questions`` answered ones of each file
all statements of all passages are put together, and it prints how often the right one is among the first few: by words
and vectors, by meaning, by both. ``--write`` embeds the guidance that ships, whose embeddings ship with it in
`assistant/calibration/meanings.npz`: to be done when that guidance or the weights change.
"""

import argparse
import json
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import numpy as np

from assistant.advising import load_rules
from assistant.advising.heard import Heard
from assistant.builder import build
from assistant.contents.finder import MEANING_WEIGHT, StatementFinder
from assistant.contents.meanings import Embeds, Meanings, Remembered, embeds
from assistant.contents.outline import Outline
from assistant.contents.vectors import Vectors
from assistant.judging.hearing import ModelHearing
from assistant.models.language_model import LanguageModel
from assistant.settings import read
from corpus import Document, Passage, Section, Source, load_all, shipped_guidance, split

WRITTEN = Path(__file__).parents[1] / "assistant" / "calibration" / "meanings.npz"
FIRST = (1, 3, 5, 8, 12)


def cases_of(text: str) -> list[dict[str, Any]]:
    """The answered cases without a conversation."""
    cases = [json.loads(line) for line in text.splitlines() if line.strip()]
    return [case for case in cases if case.get("answerable", True) and case.get("evidence") and not case.get("history")]


def passages_of(cases: Sequence[dict[str, Any]]) -> Iterator[Passage]:
    texts = dict.fromkeys(text for case in cases for text in case["passages"])
    for number, text in enumerate(texts):
        sections = (Section((), 0, len(text)),)
        yield from split(Document(f"{number}.txt", text, Source(str(number)), sections, ""))


def ranks(model: Embeds, vectors: Vectors, cases: Sequence[dict[str, Any]]) -> dict[str, list[int]]:
    """The place of the right statement among all, for each way of finding and each group of evidence."""
    meanings = Meanings(model, list(passages_of(cases)))
    meanings.learn(lambda: False)
    finder = StatementFinder(vectors)
    every = meanings.nearest("", 10_000)
    found: dict[str, list[int]] = {"words and vectors": [], "meaning": [], "both": []}
    for case in cases:
        question = case["question"]
        # Of more statements than are scored at once, those that share no words with the question come last.
        scores = {one.key: one.score for one in finder.score(question, every)}
        plain = np.array([scores.get(one.key, 0.0) for one in every])
        near = meanings.nearness(question, every)
        assert near is not None
        for group in case["evidence"]:
            right = [n for n, one in enumerate(every) if any(words in one.text or one.text in words for words in group)]
            both = plain + MEANING_WEIGHT * near
            for name, values in (("words and vectors", plain), ("meaning", near), ("both", both)):
                if right:
                    found[name].append(int((values > values[right].max()).sum()))
    return found


def embed_shipped(model: LanguageModel, able: Embeds) -> None:
    """Writes the embeddings of the statements and headings of the guidance that ships, and of its rules' examples."""
    documents = load_all([shipped_guidance()]).documents
    passages = [passage for document in documents for passage in split(document)]
    WRITTEN.unlink(missing_ok=True)
    remembered = Remembered(WRITTEN)
    headings = [node.heading for node in Outline(passages).nodes if node.path]
    Meanings(able, passages, remembered, headings).learn(lambda: False)
    rules = load_rules(documents)
    if rules:
        Heard(rules, ModelHearing(model, able, nullcontext(), remembered)).learn(lambda: False)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cases", type=Path, nargs="*")
    parser.add_argument("--questions", type=int, default=40)
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    assistant = build(read({}))
    try:
        model = embeds(assistant.model)
        if assistant.model is None or model is None:
            raise SystemExit("the default model has to run in this process: model_runtime = pytorch")
        if given.write:
            embed_shipped(assistant.model, model)
        for path in given.cases:
            cases = cases_of(path.read_text("utf-8"))[: given.questions]
            found = ranks(model, assistant.vectors, cases)
            print(f"{path.name}, {len(cases)} questions")
            for way, places in found.items():
                shares = "  ".join(f"{most}: {np.mean(np.array(places) < most):.2f}" for most in FIRST)
                print(f"  {way:18} among the first {shares}")
    finally:
        assistant.close()


if __name__ == "__main__":
    main()
