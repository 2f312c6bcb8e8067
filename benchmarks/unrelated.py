"""Whether answers get worse where many passages on other things stand beside the guidance: the same cases, paired.

    python benchmarks/unrelated.py CORPUS.jsonl ... --out FOLDER [--passages 5000] [--cases FILE] [--sample N]
                                   [--home DATA] [--model quotes]

CORPUS.jsonl are texts in the layout of BEIR (``title``, ``text``), taken in turn; fifty of them make one document. The
cases that ship, or those of ``--cases``, are asked of the guidance that ships, alone and with these documents beside
it. FOLDER holds both evaluations; the report of ``FOLDER/beside`` shows them side by side. Needs the models
(``strategy-assistant models pull``); the index of all of it is kept in the data folder.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

from assistant.settings import default_home
from corpus import load, shipped_guidance, split

_IN_A_DOCUMENT = 50
_SHOWN = ("evidence_found", "evidence_cited", "citation_precision", "refusal_recall", "false_refusals")


def texts(files: Sequence[Path]) -> Iterator[tuple[str, str]]:
    """Title and text of the entries of several collections, taken in turn."""
    opened = [iter(file.read_text("utf-8").splitlines()) for file in files]
    while opened:
        for lines in list(opened):
            line = next(lines, None)
            if line is None:
                opened.remove(lines)
                continue
            entry = json.loads(line)
            yield str(entry.get("title", "")), str(entry["text"])


def write(folder: Path, entries: Iterator[tuple[str, str]], most: int) -> int:
    """Documents of those entries until they make so many passages; how many they make."""
    number = 0
    for part, some in enumerate(iter(lambda: list(islice(entries, _IN_A_DOCUMENT)), []), 1):
        sections = (f"## {' '.join(title.split()) or 'Entry'}\n\n{' '.join(text.split())}" for title, text in some)
        file = folder / f"other-{part}.md"
        file.write_text(f"# Other {part}\n\n" + "\n\n".join(sections) + "\n", "utf-8")
        number += len(split(load(file)))
        if number >= most:
            break
    return number


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpora", type=Path, nargs="+")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--passages", type=int, default=5000)
    parser.add_argument("--cases", type=Path)
    parser.add_argument("--sample", type=int)
    parser.add_argument("--home", type=Path, default=default_home(), help="the data folder with the models")
    parser.add_argument("--model", default="quotes")
    given = parser.parse_args()
    command = [sys.executable, "-m", "assistant", "evaluate", "--home", str(given.home), "--model", given.model]
    command += [str(given.cases)] if given.cases else []
    command += ["--sample", str(given.sample)] if given.sample else []
    alone, beside = given.out / "alone", given.out / "beside"
    with tempfile.TemporaryDirectory() as made:
        count = write(Path(made), texts(given.corpora), given.passages)
        shipped = ["--documents", str(shipped_guidance())]
        subprocess.run([*command, *shipped, "--out", str(alone)], check=True)
        both = [*shipped, "--documents", made]
        subprocess.run([*command, *both, "--out", str(beside), "--baseline", str(alone)], check=True)
    measured = [json.loads((folder / "metrics.json").read_text("utf-8")) for folder in (alone, beside)]
    print(f"{'measure':24}{'alone':>8}  beside {count:,} others")
    for name in _SHOWN:
        print(f"{name:24}" + "".join(f"{one[name]:8.3f}" for one in measured if name in one))


if __name__ == "__main__":
    main()
