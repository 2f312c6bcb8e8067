"""Do the passages that are found hold the exact excerpts that answer?

    python benchmarks/excerpts.py FOLDER --encoder FOLDER [--sparse FOLDER] [-k 5] [--target 700] [--pieces]

FOLDER holds pairs of NAME.md and NAME.jsonl, whose lines are {"question", "references": [{"content"}]}. Recall is the
share of the excerpts' letters and digits that stand in the first k passages, precision the share of the passages'
letters and digits that stand in excerpts (as in "Evaluating Chunking Strategies for Retrieval", Smith and Troynikov,
2024). The splitter of the project can be compared with pieces of 1,200 characters cut wherever they end.
"""

import argparse
import json
from dataclasses import replace
from pathlib import Path
from statistics import mean

from corpus import Document, Passage, Splitter, load
from index import Index, SpladeEncoder, encoder_in, memory_index


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--encoder", type=Path, required=True)
    parser.add_argument("--sparse", type=Path)
    parser.add_argument("-k", type=int, default=5)
    parser.add_argument("--target", type=int, action="append", help="size of the splitter; repeatable")
    parser.add_argument("--pieces", action="store_true", help="pieces of 1,200 characters as well")
    options = parser.parse_args()
    encoder = encoder_in(options.encoder, "minilm")
    sparse = SpladeEncoder(options.sparse) if options.sparse else None
    documents = [load(path) for path in sorted(options.folder.glob("*.md"))]
    ways: dict[str, list[Passage]] = {"pieces of 1200": [p for d in documents for p in pieces(d, 1200)]}
    for target in options.target or [Splitter().target]:
        splitter = Splitter(target=target, limit=target + 300)
        ways[f"target {target}, limit {target + 300}"] = [p for d in documents for p in splitter.split(d)]
    if not options.pieces:
        del ways["pieces of 1200"]
    print("passages  characters  recall  precision  way")
    for way, passages in ways.items():
        found = memory_index(passages, encoder, sparse)
        figures = [f for d in documents for f in measured(d, found, options.folder, options.k)]
        recall, precision = mean(f[0] for f in figures), mean(f[1] for f in figures)
        size = mean(len(passage.text) for passage in passages)
        print(f"{len(passages):8}  {size:10.0f}  {recall:6.3f}  {precision:9.3f}  {way}", flush=True)


def measured(document: Document, found: Index, folder: Path, k: int) -> list[tuple[float, float]]:
    """Recall and precision of each question about the document."""
    letters = [place for place, character in enumerate(document.text) if character.isalnum()]
    squeezed = "".join(document.text[place] for place in letters).casefold()
    assert len(squeezed) == len(letters)
    figures: list[tuple[float, float]] = []
    for line in (folder / document.name).with_suffix(".jsonl").read_text("utf-8").splitlines():
        case = json.loads(line)
        wanted: set[int] = set()
        for reference in case["references"]:
            content = "".join(c for c in reference["content"] if c.isalnum()).casefold()
            start = squeezed.find(content)
            wanted |= set(letters[start : start + len(content)]) if start >= 0 else set()
        if not wanted:
            continue
        hits = [hit.passage for hit in found.search(case["question"], k)]
        held = {
            (passage.document, place)
            for passage in hits
            for place in range(passage.start, passage.end)
            if passage.text[place - passage.start].isalnum()
        }
        right = {place for name, place in held if name == document.name} & wanted
        figures.append((len(right) / len(wanted), len(right) / max(1, len(held))))
    return figures


def pieces(document: Document, size: int) -> list[Passage]:
    like = Passage("", document.name, document.title, (), "", 0, 0)
    return [
        replace(like, id=f"{document.name}:{start}", text=text, start=start, end=start + len(text))
        for start in range(0, len(document.text), size)
        if (text := document.text[start : start + size]).strip()
    ]


if __name__ == "__main__":
    main()
