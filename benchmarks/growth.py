"""What an index costs as it grows: indexing against the bare encoders, memory, starting, searching.

    python -m benchmarks.growth [--home DATA] [--sizes 1000 10000 100000] [--words 60] [--svg FILE] [--fake]

For each size so many passages, words of the shipped guidance in any order, are indexed by `strategy-assistant index` in
a process of its own, then opened and searched in another. The bare encoders are timed over a sample of the same texts,
in batches as an index has them. With `--fake` encoders that need no weights and cost nothing stand in, so that all that
is not encoding shows. Needs `strategy-assistant models pull`; Linux or macOS. The time is the encoders' own.
"""

import argparse
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from math import log10
from pathlib import Path
from typing import Any

from corpus import load_all, shipped_guidance, split
from index.encoders import open_encoder, open_sparse_encoder
from index.rows import BATCH

_QUESTIONS = 40
_SAMPLE = 512
_A_FILE = 500


def written(folder: Path, passages: int, words: int) -> None:
    """Documents of so many paragraphs, each under a heading of its own and so a passage of its own."""
    chance = random.Random(3)
    told = " ".join(document.text for document in load_all([shipped_guidance()]).documents)
    names = sorted({word for word in told.lower().split() if word.isalpha()})
    for start in range(0, passages, _A_FILE):
        with (folder / f"part-{start:07}.md").open("w") as file:
            file.write(f"# Part {start}\n\n")
            for number in range(start, min(start + _A_FILE, passages)):
                file.write(f"## Rule {number}\n\n{' '.join(chance.choices(names, k=words)).capitalize()}.\n\n")


def bare(home: Path, folder: Path, fake: bool) -> float:
    """Passages a second of the encoders alone."""
    document = load_all([min(folder.iterdir())]).documents[0]
    texts = [passage.searched_text for passage in split(document)][:_SAMPLE]
    encoder = open_encoder("fake" if fake else "minilm", home)
    sparse = open_sparse_encoder("fake" if fake else "splade-tiny", home)
    assert sparse is not None
    for one in (encoder, sparse):
        one.encode(texts[:BATCH])
    began = time.monotonic()
    for start in range(0, len(texts), BATCH):
        encoder.encode(texts[start : start + BATCH])
    for start in range(0, len(texts), BATCH):
        sparse.encode(texts[start : start + BATCH])
    return len(texts) / (time.monotonic() - began)


def searched(home: Path, folder: Path, fake: bool) -> dict[str, Any]:
    """Opens what was indexed and asks, in this process: seconds, and the most memory in bytes."""
    from assistant.builder import open_configured
    from assistant.settings import Settings

    began = time.monotonic()
    index = open_configured(settings(home, folder, fake, Settings)).index
    index.search("the first question")
    opened = time.monotonic() - began
    words = index.passages[-1].text.split()
    questions = [f"Which rule speaks of {words[place % len(words)]} and {place}?" for place in range(_QUESTIONS)]
    encoding, searching = [], []
    for question in questions:
        # Another wording, for the vectors of a question that was asked are remembered.
        other = f"Tell us: {question}"
        began = time.monotonic()
        index.encode([other])
        index.encode_sparse([other])
        encoding.append(time.monotonic() - began)
        began = time.monotonic()
        index.search(question)
        searching.append(time.monotonic() - began)
    count = len(index.passages)
    index.close()
    middle = _QUESTIONS // 2
    return {
        "passages": count,
        "open_s": opened,
        "encode_ms": sorted(encoding)[middle] * 1000,
        "search_ms": sorted(searching)[middle] * 1000,
        "memory": most_memory(resource.RUSAGE_SELF),
    }


def settings(home: Path, folder: Path, fake: bool, kind: Any) -> Any:
    models = {"embedding": "fake", "sparse": "fake"} if fake else {}
    return kind(home=home, documents=(folder,), shipped_guidance=False, model="quotes", **models)


def most_memory(whose: int) -> int:
    """Bytes of the largest process."""
    return resource.getrusage(whose).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def indexed(home: Path, folder: Path, fake: bool) -> tuple[float, int]:
    """Seconds and most memory of `strategy-assistant index`."""
    code = (
        "import sys, resource; from pathlib import Path; from benchmarks.growth import *;"
        "from assistant.builder import open_configured; from assistant.settings import Settings;"
        "index = open_configured(settings(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3] == '1', Settings)).index;"
        "index.close(); print(most_memory(resource.RUSAGE_SELF))"
    )
    began = time.monotonic()
    told = subprocess.run(
        [sys.executable, "-c", code, str(home), str(folder), str(int(fake))],
        stdout=subprocess.PIPE,
        check=True,
        text=True,
    )
    return time.monotonic() - began, int(told.stdout.split()[-1])


def again(home: Path, folder: Path, fake: bool) -> dict[str, Any]:
    """``searched`` in a process of its own, whose memory is that of answering alone."""
    code = (
        "import sys, json; from pathlib import Path; from benchmarks.growth import searched;"
        "print(json.dumps(searched(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3] == '1')))"
    )
    told = subprocess.run(
        [sys.executable, "-c", code, str(home), str(folder), str(int(fake))],
        stdout=subprocess.PIPE,
        check=True,
        text=True,
    )
    return dict(json.loads(told.stdout.splitlines()[-1]))


CHARTS = {
    "index_s": "indexing, s",
    "index_mb": "memory of indexing, MB",
    "open_s": "start, s",
    "search_ms": "search, ms",
}


def drawn(rows: list[dict[str, Any]]) -> str:
    """Small charts, cost against size, both on logarithmic scales, as SVG."""
    sizes = [row["passages"] for row in rows]
    parts = []
    for place, (key, name) in enumerate(CHARTS.items()):
        left = 50 + 180 * place
        values = [max(row[key], 1e-3) for row in rows]
        across, up = scaled(sizes, left, left + 120), scaled(values, 130, 50)
        line = " ".join(f"{x:.1f},{y:.1f}" for x, y in zip(across, up, strict=True))
        parts.append(f'<text x="{left}" y="22">{name}</text>')
        parts.append(f'<polyline points="{line}" fill="none" stroke="#224455"/>')
        for x, y, size, value in zip(across, up, sizes, values, strict=True):
            parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="#224455"/>')
            parts.append(f'<text x="{x:.1f}" y="{y - 8:.1f}" text-anchor="middle">{value:.3g}</text>')
            parts.append(f'<text x="{x:.1f}" y="152" text-anchor="middle">{size:,}</text>')
    head = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 760 165" font-family="sans-serif" font-size="11">'
    return f"{head}{''.join(parts)}</svg>\n"


def scaled(values: list[float], low: float, high: float) -> list[float]:
    """Where each value stands between ``low`` for the smallest and ``high`` for the largest, by its logarithm."""
    first, last = log10(min(values)), log10(max(values))
    return [low + (high - low) * (log10(value) - first) / ((last - first) or 1) for value in values]


def main() -> None:
    from assistant.settings import default_home

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--home", type=Path, default=default_home(), help="the data folder with the models")
    parser.add_argument("--sizes", type=int, nargs="+", default=[1000, 10_000, 100_000])
    parser.add_argument("--words", type=int, default=60, help="words of each passage")
    parser.add_argument("--svg", type=Path, help="also draw cost against size into this file")
    parser.add_argument("--fake", action="store_true", help="encoders that need no weights")
    given = parser.parse_args()
    rows = []
    for size in given.sizes:
        with tempfile.TemporaryDirectory() as made:
            folder, home = Path(made, "documents"), Path(made, "home")
            folder.mkdir()
            home.mkdir()
            (home / "models").symlink_to(given.home.resolve() / "models")
            written(folder, size, given.words)
            speed = bare(home, folder, given.fake)
            seconds, memory = indexed(home, folder, given.fake)
            row = again(home, folder, given.fake)
        row |= {"index_s": seconds, "index_mb": memory / 1e6}
        rows.append(row)
        print(
            f"{row['passages']:8,} passages  indexed in {seconds:7.1f} s ({size / seconds:7.1f} a second, bare encoders"
            f" {speed:7.1f}: {size / seconds / speed:.0%})  {memory / 1e6:6.0f} MB  opened in {row['open_s']:.1f} s"
            f"  {row['memory'] / 1e6:6.0f} MB  search {row['search_ms']:.0f} ms, encoding {row['encode_ms']:.0f} ms",
            flush=True,
        )
    if given.svg:
        given.svg.write_text(drawn(rows))


if __name__ == "__main__":
    main()
