"""Whether a service that goes on being rebuilt grows: its memory and open files after each of many rebuilds.

    python -m benchmarks.rebuilds [--home DATA] [--rebuilds 50] [--documents 200]

Opens what `chat` serves over generated documents, with the real encoders and answers in quotes. Then it changes one
document, has it rebuilt and asks a question, again and again. Needs `strategy-assistant models pull`; Linux only. A
rebuild takes some seconds, most of them for the start of its process.
"""

import argparse
import gc
import shutil
import tempfile
import time
from pathlib import Path

from assistant.records import Done
from assistant.serving.keeping import Kept, build_kept
from assistant.settings import Settings, default_home


def memory() -> int:
    """Resident bytes of this process."""
    gc.collect()
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096


def open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def rebuilt(kept: Kept, document: Path, number: int) -> None:
    """Changes a document and waits until the answers come from it."""
    document.write_text(f"# Pilots\n\nEvery pilot ends after {number} days.\n")
    kept.rebuild()
    while kept.rebuilding.state == "running":
        time.sleep(0.05)
    assert kept.rebuilding.state == "done", kept.rebuilding.line
    *_, last = kept.answer("After how many days does every pilot end?")
    assert isinstance(last, Done)
    assert any(f"{number} days" in passage.text for passage in last.answer.passages), last.answer


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--home", type=Path, default=default_home(), help="the data folder with the models")
    parser.add_argument("--rebuilds", type=int, default=50)
    parser.add_argument("--documents", type=int, default=200)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as made:
        folder, home = Path(made, "documents"), Path(made, "home")
        folder.mkdir()
        home.mkdir()
        (home / "models").symlink_to(given.home.resolve() / "models")
        for number in range(given.documents):
            lines = "\n\n".join(
                f"Rule {line} of office {number} is kept by team {line * number % 97}." for line in range(20)
            )
            (folder / f"office-{number}.md").write_text(f"# Office {number}\n\n{lines}\n")
        settings = Settings(home=home, documents=(folder,), shipped_guidance=False, model="quotes", watch_seconds=0)
        kept = build_kept(settings, print)
        try:
            first = time.monotonic()
            for number in range(1, given.rebuilds + 1):
                rebuilt(kept, folder / "pilots.md", number)
                if number in (1, 5) or number % 10 == 0:
                    spent = (time.monotonic() - first) / number
                    print(
                        f"{number:4} rebuilds  {memory() / 1e6:8.1f} MB  {open_files():4} open files "
                        f" {kept.held_open} open index  {spent:5.1f} s each",
                        flush=True,
                    )
        finally:
            kept.close()
            shutil.rmtree(home / "indexes", ignore_errors=True)


if __name__ == "__main__":
    main()
