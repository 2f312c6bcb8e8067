"""What indexing, searching and first words cost beside the bare parts they are made of.

    python benchmarks/ratios.py FOLDER [--passages 1000 10000] [--indexed 500] [--model M] [--home DATA] [--out FILE.md]

FOLDER is in the layout of BEIR. Both sides of every ratio are timed in one run, in turn, so that a busy machine slows
both; medians. Three tables:

    indexing      ``--indexed`` documents, cut, encoded and stored in a new index, beside encoding the same texts with
                  the same two encoders and nothing else
    search        one question searched in an index of so many passages, beside encoding it and taking the exact dot
                  product with as many vectors. Made of the folder's documents; so that 100,000 passages take no hours,
                  their vectors are random ones of the same shape, which cost as much to search
    first words   the pipeline's own prompts given to the bare model, its cache emptied before, beside the time from the
                  question to the first words shown. Only with a language model
"""

import argparse
import itertools
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import csr_array

from assistant.builder import build
from assistant.evaluate.beir import load_collection
from assistant.evaluate.cases import load_cases
from assistant.evaluate.models import Encoders, open_encoders
from assistant.evaluate.run import shipped_cases
from assistant.models import Message
from assistant.records import Draft, Written
from assistant.settings import Settings, read
from corpus import Document, split
from index import Encoder, open_index
from index.finding import window_rows

Table = list[str]
TERMS = 100
"""Weights in a random sparse vector, about as many as SPLADE-tiny gives a passage."""


class Random:
    """Vectors at random for many texts at once, real ones for a question."""

    def __init__(self, real: Any, sparse: bool) -> None:
        self._real, self._sparse = real, sparse
        self._shape = real.encode(["one"]).shape[1]
        self.name, self.fingerprint = f"random-{real.name}", f"random-{real.fingerprint}"

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)

    def encode(self, texts: Sequence[str]) -> Any:
        if len(texts) == 1:
            return self._real.encode(texts)
        rng = np.random.default_rng(len(texts))
        if self._sparse:
            rows = np.repeat(np.arange(len(texts)), TERMS)
            columns = rng.integers(0, self._shape, len(rows))
            weights = rng.random(len(rows), dtype=np.float32)
            return csr_array((weights, (rows, columns)), shape=(len(texts), self._shape))
        vectors = rng.standard_normal((len(texts), self._shape), dtype=np.float32)
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def indexing(documents: Sequence[Document], encoders: Encoders) -> Table:
    texts, _ = window_rows([passage for document in documents for passage in split(document)])
    encoders.dense.encode(texts[:8])
    whole, bare = [], []
    for _ in range(2):
        with tempfile.TemporaryDirectory() as home:
            began = time.perf_counter()
            open_index(documents, Path(home), encoders.dense, encoders.sparse, fresh=True).close()
            whole.append(time.perf_counter() - began)
        began = time.perf_counter()
        encoders.dense.encode(texts)
        if encoders.sparse is not None:
            encoders.sparse.encode(texts)
        bare.append(time.perf_counter() - began)
    ours, theirs = statistics.median(whole), statistics.median(bare)
    return [
        "| texts | indexed, texts/s | encoders alone, texts/s | time beside them |",
        "|---|---|---|---|",
        f"| {len(texts):,} | {len(texts) / ours:.1f} | {len(texts) / theirs:.1f} | {ours / theirs:.2f} |",
    ]


def searching(
    documents: Sequence[Document], encoders: Encoders, sizes: Sequence[int], questions: Sequence[str]
) -> Table:
    table = ["| passages | search, ms | encode and exact dot product, ms | time beside it |", "|---|---|---|---|"]
    dense = Random(encoders.dense, sparse=False)
    sparse = None if encoders.sparse is None else Random(encoders.sparse, sparse=True)
    for size in sizes:
        with tempfile.TemporaryDirectory() as home:
            index = open_index(list(some(documents, size)), Path(home), dense, sparse, fresh=True)
            vectors = dense.encode(["", *map(str, range(len(index.passages) - 1))])
            ours, theirs = [], []
            for question in questions:
                # Each time in other words, for the vectors of a question that was asked are remembered.
                ours.append(seconds(partial(index.search, f"{question} ({size})", 10)))
                theirs.append(seconds(partial(nearest, vectors, encoders.dense, f"{question} (alone, {size})")))
            index.close()
        one, other = statistics.median(ours) * 1000, statistics.median(theirs) * 1000
        table.append(f"| {len(vectors):,} | {one:.1f} | {other:.1f} | {one / other:.2f} |")
        print(table[-1], flush=True)
    return table


def nearest(vectors: Any, encoder: Encoder, question: str, k: int = 10) -> Any:
    scores = vectors @ encoder.encode([question])[0]
    return np.argpartition(-scores, k)[:k]


def some(documents: Sequence[Document], passages: int) -> Iterator[Document]:
    """Documents that make so many passages, each repeated under another name where there are too few."""
    count = 0
    for turn in itertools.count():
        for document in documents:
            if count >= passages:
                return
            text = document.text if not turn else f"{document.text} ({turn})"
            copy = Document(
                f"{document.name}-{turn}", text, document.source, document.sections, f"{turn}-{document.name}"
            )
            count += len(split(copy))
            yield copy


def first_words(settings: Settings, questions: Sequence[str]) -> Table:
    assistant = build(settings)
    model = assistant.model
    assert model is not None
    prompts: list[list[Message]] = []
    complete = model.complete

    def noted(messages: Sequence[Message], **options: Any) -> Any:
        prompts.append(list(messages))
        return complete(messages, **options)

    ours, theirs = [], []
    assistant.ask(questions[0])
    model.complete = noted  # type: ignore[method-assign]
    for question in questions[1:]:
        prompts.clear()
        began, shown = time.perf_counter(), 0.0
        for event in assistant.answer(question):
            if isinstance(event, Draft | Written) and not shown:
                shown = time.perf_counter() - began
        if not shown or not prompts:
            continue
        ours.append(shown)
        # Another prompt takes the place of this one in the model's cache.
        for _ in complete([Message("user", f"Say a word that begins like {question[::-1]}")], max_tokens=1):
            pass
        theirs.append(seconds(partial(first_piece, complete, prompts[0])))
    assistant.close()
    one, other = statistics.median(ours), statistics.median(theirs)
    return [
        "| questions | first words, s | bare model on the same prompt, s | time beside it |",
        "|---|---|---|---|",
        f"| {len(ours)} | {one:.2f} | {other:.2f} | {one / other:.2f} |",
    ]


def first_piece(complete: Callable[..., Iterator[object]], prompt: list[Message]) -> None:
    pieces = complete(prompt, max_tokens=8)
    next(pieces, None)
    for _ in pieces:  # What is left half read would be written beside the next question.
        break


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--passages", type=int, nargs="*", default=[1000, 10_000], help="sizes of the index searched")
    parser.add_argument("--indexed", type=int, default=500, help="documents to index; 0 for none")
    parser.add_argument("--questions", type=int, default=20)
    parser.add_argument("--model", help="default: the embedded one; quotes leaves out first words")
    parser.add_argument("--home", type=Path)
    parser.add_argument("--out", type=Path, help="a file for the tables, as Markdown")
    arguments = parser.parse_args()
    settings = read({"home": arguments.home, "model": arguments.model})
    collection = load_collection(arguments.folder)
    documents, encoders = list(collection.documents), open_encoders(settings)
    lines: Table = []
    if arguments.indexed:
        drawn = random.Random(0).sample(documents, min(arguments.indexed, len(documents)))
        lines += ["Indexing", "", *indexing(drawn, encoders), ""]
        print("\n".join(lines), flush=True)
    if arguments.passages:
        asked = [query.text for query in collection.queries[: arguments.questions]]
        lines += ["Search", "", *searching(documents, encoders, arguments.passages, asked), ""]
    if settings.model != "quotes":
        direct = [case.question for case in load_cases(shipped_cases()) if case.kind == "direct"]
        lines += ["First words", "", *first_words(settings, direct[:: max(1, len(direct) // 8)][:8]), ""]
    print("\n".join(lines))
    if arguments.out:
        arguments.out.write_text("\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    main()
