"""Every benchmark of what the product claims, one after another, and one page of result tables.

    python benchmarks/all.py BENCH --out FOLDER [--home DATA] [--model M] [--full] [--only NAME ...]

BENCH holds the public sets as folders: beir/, claims/, cases/, chunking/, injections/. Without ``--full`` small samples
are taken: enough to see that something broke, too few for a figure to publish. Each step is a command that can be run
by itself; it is printed above its table. A step that fails is told and the rest go on; the exit code is then 1. Steps:

    retrieval    nDCG@10 of ours beside the embedding, the sparse vectors and the keywords alone
    claims       the support check on claims that people judged
    refusing     whether each question is answered by its own passages
    planted      orders planted in guidance
    excerpts     the exact excerpts that answer, beside pieces of 1,200 characters
    ratios       indexing, search and first words beside their bare parts
    tutorial     a plain pipeline and ours on the questions that ship
"""

import argparse
import json
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from assistant.settings import read
from index.weights import path_of

HERE = Path(__file__).parent
SAMPLE = {"claims": 60, "refusing": 60, "planted": 8, "indexed": 100, "tutorial": 12, "queries": 40, "others": 200}
SHOWN = ("auroc", "macro_f1", "balanced_accuracy", "refusal_auroc", "refusal_recall_at_10", "refusal_recall")
SHOWN += ("false_refusals", "evidence_found", "evidence_cited", "citation_precision", "sentences_supported")
SHOWN += ("p50_first_text_ms", "p50_total_ms")
Step = tuple[list[str], Path | None]
"""A command, and the folder of an evaluation that it fills; without one its output is the result."""


def steps(name: str, given: argparse.Namespace) -> Iterator[Step]:
    """The commands of a step, those of an evaluation with their folder."""
    bench, out, full = given.bench, given.out, given.full
    # One model for everything: without --model that of the settings.
    settings = read({"home": given.home, "model": given.model})
    home, model = ["--home", str(settings.home)], ["--model", settings.model]
    evaluate = [sys.executable, "-m", "assistant", "evaluate", *home, *model]

    def script(program: str, *arguments: object) -> list[str]:
        return [sys.executable, str(HERE / program), *map(str, arguments)]

    def sampled(flag: str, what: str) -> list[str]:
        return [] if full else [flag, str(SAMPLE[what])]

    if name == "retrieval":
        folders = [folder if full else thinned(folder, out) for folder in sorted((bench / "beir").iterdir())]
        yield script("retrieval.py", *folders, *home), None
    elif name in ("claims", "refusing"):
        flags = ["--claims"] if name == "claims" else ["--no-writing", "--closed"]
        for path in sorted((bench / ("claims" if name == "claims" else "cases")).glob("*.jsonl")):
            folder = out / f"{name}-{path.stem}"
            yield [*evaluate, *flags, str(path), *sampled("--sample", name), "--out", str(folder)], folder
    elif name == "planted":
        count = 0 if full else SAMPLE["planted"]
        yield script("planted.py", bench / "injections" / "bipia.jsonl", "--payloads", count, *home, *model), None
    elif name == "excerpts":
        encoders = ["--encoder", path_of(settings.home, "minilm"), "--sparse", path_of(settings.home, "splade-tiny")]
        yield script("excerpts.py", bench / "chunking", *encoders, "--pieces"), None
    elif name == "ratios":
        sizes = [1000, 10_000, 100_000] if full else [1000, 10_000]
        folder = next(iter(sorted((bench / "beir").iterdir())))
        flags = sampled("--indexed", "indexed")
        yield script("ratios.py", folder, "--passages", *sizes, *flags, *home, *model), None
    elif settings.model != "quotes":
        plain, ours = out / "tutorial-plain", out / "tutorial-ours"
        flags = sampled("--sample", "tutorial")
        yield script("tutorial_baseline.py", *flags, *home, *model, "--out", plain), plain
        yield [*evaluate, *flags, "--out", str(ours), "--baseline", str(plain)], ours


NAMES = ("retrieval", "claims", "refusing", "planted", "excerpts", "ratios", "tutorial")
NEEDED = {"retrieval": "beir", "claims": "claims", "refusing": "cases", "planted": "injections/bipia.jsonl"}
NEEDED |= {"excerpts": "chunking", "ratios": "beir"}


def thinned(folder: Path, out: Path) -> Path:
    """A part of a collection: some queries, what is judged relevant for them, and some other documents."""
    part = out / "parts" / f"{folder.name}-part"
    (part / "qrels").mkdir(parents=True, exist_ok=True)
    shutil.copy(folder / "queries.jsonl", part)
    head, *rows = (folder / "qrels" / "test.tsv").read_text("utf-8").splitlines(keepends=True)
    asked = set(list(dict.fromkeys(row.split("\t")[0] for row in rows))[: SAMPLE["queries"]])
    rows = [row for row in rows if row.split("\t")[0] in asked]
    (part / "qrels" / "test.tsv").write_text("".join((head, *rows)), "utf-8")
    judged = {row.split("\t")[1] for row in rows}
    lines = (folder / "corpus.jsonl").read_text("utf-8").splitlines(keepends=True)
    right = {line for line in lines if json.loads(line)["_id"] in judged}
    others = [line for line in lines if line not in right][: SAMPLE["others"]]
    (part / "corpus.jsonl").write_text("".join((*sorted(right), *others)), "utf-8")
    return part


def table(folder: Path) -> str:
    """The figures of an evaluation, each with its interval and count, those of single sources too."""
    metrics = json.loads((folder / "metrics.json").read_text("utf-8"))
    rows = ["| measure | value | 95 % interval | count |", "|---|---|---|---|"]
    for name, value in metrics.items():
        measure, _, part = name.partition("/")
        if measure in SHOWN and f"{name}:low" in metrics and not part.startswith("section="):
            low, high, count = (metrics[f"{name}:{end}"] for end in ("low", "high", "count"))
            rows.append(f"| {name} | {value:.3g} | {low:.3g} to {high:.3g} | {count:.0f} |")
    return "\n".join(rows)


def run(command: list[str], folder: Path | None) -> tuple[bool, str]:
    """Whether it went well, and its part of the page."""
    done = subprocess.run(command, text=True, stdout=subprocess.PIPE, check=False)
    if done.returncode:
        return False, f"Failed with exit code {done.returncode}."
    if folder is not None:
        return True, table(folder)
    output = done.stdout.rstrip()
    return True, output if output.startswith(("|", "Indexing", "Search")) else f"```\n{output}\n```"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bench", type=Path)
    parser.add_argument(
        "--out", type=Path, required=True, help="a folder for the page, results.md, and what it rests on"
    )
    parser.add_argument("--home", type=Path)
    parser.add_argument("--model", help="default: that of the settings; quotes for none")
    parser.add_argument("--full", action="store_true", help="whole sets instead of samples: hours")
    parser.add_argument("--only", nargs="*", choices=NAMES, default=list(NAMES))
    given = parser.parse_args()
    places = {name: given.bench / NEEDED[name] for name in given.only if name in NEEDED}
    missing = [f"{place} for {name}" for name, place in places.items() if not place.exists()]
    if missing:
        parser.error(f"there is no {', no '.join(missing)}; leave the steps out with --only")
    given.out.mkdir(parents=True, exist_ok=True)
    page = ["# Results", "", "Whole sets." if given.full else "Samples: too few for figures to publish.", ""]
    well = True
    for name in given.only:
        page += [f"## {name.capitalize()}", ""]
        for command, folder in steps(name, given):
            shown = shlex.join(["python", *command[1:]])
            print(shown, file=sys.stderr, flush=True)
            good, result = run(command, folder)
            well = well and good
            page += [f"    {shown}", "", result, ""]
            # After each step, so that what was measured is there however the rest ends.
            (given.out / "results.md").write_text("\n".join(page), "utf-8")
    print(given.out / "results.md")
    return 0 if well else 1


if __name__ == "__main__":
    raise SystemExit(main())
