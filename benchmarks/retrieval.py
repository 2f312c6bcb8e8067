"""nDCG@10 of searching BEIR folders, for each side alone and for weighted sums.

    python benchmarks/retrieval.py FOLDER [FOLDER ...] --home DATA [--queries queries.jsonl] [--weights 1,0.5,0,0.5 ...]
        [--others 700]

The index of each folder is built once in DATA (minutes) and reused. DATA needs the models: run
`STRATEGY_ASSISTANT_HOME=DATA strategy-assistant models pull minilm` and the same for splade-tiny. With two halves
of the queries, taken in turn, each figure stands for the whole, the even and the odd queries. With ``--others`` only
the documents judged relevant and so many others are searched: weights can be compared so, in minutes, but the figures
are higher than those of the whole collection and stand beside no others.
"""

import argparse
import random
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np

from assistant.evaluate.beir import Collection, best_passages, load_collection
from index import Index, fusion, open_index
from index.encoders import open_encoder, open_sparse_encoder


def thinned(collection: Collection, others: int) -> Collection:
    """The collection with its relevant documents and ``others`` more, drawn with a fixed seed."""
    relevant = {name for judged in collection.judged.values() for name, grade in judged.items() if grade > 0}
    rest = [document.name for document in collection.documents if document.name not in relevant]
    random.Random(3).shuffle(rest)
    kept = relevant | set(rest[:others])
    documents = tuple(document for document in collection.documents if document.name in kept)
    return replace(collection, documents=documents)


SIDES = ("dense", "sparse", "around", "keyword")
ALONE = tuple(tuple(float(side == alone) for side in SIDES) for alone in SIDES)


def ndcg(ranked: list[str], judged: dict[str, int], k: int = 10) -> float:
    """Normalised discounted cumulative gain (Järvelin and Kekäläinen, 2002) with gains of 2^relevance - 1."""
    gains = [2 ** judged.get(name, 0) - 1 for name in ranked[:k]]
    best = sorted((2**grade - 1 for grade in judged.values()), reverse=True)[:k]
    ideal = sum(gain / np.log2(place + 2) for place, gain in enumerate(best))
    return float(sum(gain / np.log2(place + 2) for place, gain in enumerate(gains)) / ideal) if ideal else 0.0


def measure(index: Index, collection: Collection, weights: tuple[float, ...]) -> tuple[float, float, float, float]:
    """nDCG@10 over all queries, the even and the odd ones; and the median time of a search in milliseconds.

    Of several variants the first alone encodes the queries: their vectors are remembered.
    """
    fusion.WEIGHTS.update(zip(SIDES, weights, strict=True))
    figures, times = [], []
    for query in collection.queries:
        start = time.perf_counter()
        hits = index.search(query.text, 100)
        times.append(time.perf_counter() - start)
        best = best_passages((one.document, hit.score) for hit in hits for one in index.alike(hit.passage))
        ranked = sorted(best, key=lambda name: -best[name])
        figures.append(ndcg(ranked, dict(collection.judged[query.id])))
    whole, even, odd = (float(np.mean(part)) for part in (figures, figures[::2], figures[1::2]))
    return whole, even, odd, 1000 * float(np.median(times))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--queries", default="queries.jsonl", help="name of the file of queries in each folder")
    parser.add_argument("--weights", nargs="*", default=[], help="dense,sparse,around,keyword")
    parser.add_argument("--others", type=int, help="search only the relevant documents and so many others")
    arguments = parser.parse_args()
    usual = tuple(fusion.WEIGHTS.values())
    variants = [*ALONE, *(tuple(float(part) for part in text.split(",")) for text in arguments.weights), usual]
    encoder = open_encoder("minilm", arguments.home)
    sparse = open_sparse_encoder("splade-tiny", arguments.home)
    for folder in arguments.folders:
        collection = load_collection(folder, folder / arguments.queries)
        name = f"benchmark-{folder.name}"
        if arguments.others is not None:
            collection = thinned(collection, arguments.others)
            name += f"-{arguments.others}"
        index = open_index(
            collection.documents,
            arguments.home,
            encoder,
            sparse,
            name=name,
            progress=lambda line: print(line, file=sys.stderr),
        )
        print(f"{folder.name}, {arguments.queries}: {len(index.passages)} passages, {len(collection.queries)} queries")
        print("dense sparse around keyword   nDCG@10    even     odd   ms a search")
        for weights in variants:
            whole, even, odd, milliseconds = measure(index, collection, weights)
            print("{:5.2f} {:6.2f} {:6.2f} {:7.2f}".format(*weights), end="")
            print(f"   {whole:7.3f} {even:7.3f} {odd:7.3f}   {milliseconds:7.0f}", flush=True)
        index.close()


if __name__ == "__main__":
    main()
