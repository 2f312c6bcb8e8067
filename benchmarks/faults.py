"""Faults of every kind while an index is built: after each, a whole index must answer, the old one or the new one.

    python -m benchmarks.faults [--kills 200] [--full 20] [--builders 10] [--busy 10] [--damage 60] [--seed 1]
                                [--models FOLDER]

Real Chroma, and encoders that need no weights, or with `--models` the real ones in that folder. Each build changes one
document, and its word says which version answers. It prints a line for each kind of fault with how often it struck and
what answered afterwards, and ends with exit code 1 where once nothing answered, or something that was neither. Linux
or macOS; five minutes for the numbers above.
"""

import argparse
import ctypes
import json
import os
import random
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import chromadb  # noqa: F401  so that no build spends its time on loading it
import scipy.sparse  # noqa: F401

sys.path.insert(0, str(Path(__file__).parents[1]))  # So that it runs by its file's name too.

from benchmarks.busy import busy
from corpus.errors import UserError
from corpus.records import Document, Section, Source
from index import (
    Encoder,
    FakeEncoder,
    FakeSparseEncoder,
    SentenceTransformerEncoder,
    SparseEncoder,
    SpladeEncoder,
    open_index,
    versions,
)

_LINES = 150


def bound_by_rights() -> None:
    """Gives up for this process what lets the superuser write where the rights of a folder forbid it.

    It stays the owner of everything, so that it still gets into folders that are its owner's alone, which a change to
    another user would not. Raises `OSError` where the system does not let it.
    """
    if not sys.platform.startswith("linux"):
        os.setuid(65534)
        return
    version, this_process, none = 0x20080522, 0, (0, 0, 0, 0, 0, 0)
    header = struct.pack("=Ii", version, this_process)
    if ctypes.CDLL(None, use_errno=True).capset(header, struct.pack("=6I", *none)):
        raise OSError(ctypes.get_errno(), "the superuser's rights cannot be given up")


class Encoders:
    """The encoders of every build; ``other`` embeds differently from ``dense``."""

    dense: Encoder = FakeEncoder()
    sparse: SparseEncoder = FakeSparseEncoder()
    other: Encoder = FakeEncoder(32)
    names: tuple[str, str] = ("fake", "fake")


def use_real(folder: Path) -> None:
    """Has every build use the models of ``folder``, loaded once; each process that is forked shares them."""
    import torch

    # Threads do not live on in a process that is forked, and whoever waits for one waits for ever.
    os.environ["TOKENIZERS_PARALLELISM"] = "false"
    torch.set_num_threads(1)
    torch.set_num_interop_threads(1)
    torch.set_num_threads = lambda _: None  # type: ignore[assignment]
    dense, sparse = SentenceTransformerEncoder(folder / "minilm"), SpladeEncoder(folder / "splade-tiny")
    dense.encode(["a"])
    sparse.encode(["a"])
    Encoders.dense, Encoders.sparse, Encoders.other = dense, sparse, FakeEncoder(32)
    Encoders.names = str(folder / "minilm"), str(folder / "splade-tiny")


def documents(word: str) -> list[Document]:
    """Many documents that never change, and one that says ``word``."""
    texts = {f"{number:03}.md": f"Rule {number} is kept by team {number * 7 % 31}." for number in range(_LINES)}
    texts["changing.md"] = f"The present word is {word}."
    return [
        Document(name, text, Source(name), (Section((), 0, len(text)),), digest=f"digest of {text}")
        for name, text in texts.items()
    ]


def built(home: Path, word: str, *, other: bool = False, **options: Any) -> str:
    """Brings the index up to date and asks it; the word it answers with. Raises ``UserError``."""
    dense = Encoders.other if other else Encoders.dense
    index = open_index(documents(word), home, dense, Encoders.sparse, **options)
    try:
        hits = index.search("What is the present word?", 3)
        said = next(hit.passage.text for hit in hits if hit.passage.document == "changing.md")
        rule = index.search("Rule 77 is kept by team", 1)[0].passage
        if index.documents[rule.document].text != rule.text or len(index.passages) != _LINES + 1:
            return "an index that is not whole"
        return said.removeprefix("The present word is ").removesuffix(".")
    finally:
        index.close()


def apart(work: Callable[[], str], kill_after: float | None = None) -> tuple[str | None, bool]:
    """What ``work`` says in a process of its own, and whether that was killed before it ended by itself."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        quiet = os.open(os.devnull, os.O_WRONLY)
        os.dup2(quiet, 2)
        try:
            said = {"said": work()}
        except UserError as error:
            said = {"refused": str(error)}
        except BaseException as error:  # noqa: BLE001  whatever it is, the parent is told and counts it
            said = {"broke": repr(error)}
        os.write(writing, json.dumps(said).encode())
        os._exit(0)
    os.close(writing)
    if kill_after is not None:
        time.sleep(kill_after)
        os.kill(child, signal.SIGKILL)
    with os.fdopen(reading, "rb") as pipe:
        answer = pipe.read()
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status) and not answer:
        return None, True
    told = json.loads(answer)
    return str(told.get("said") or f"refused: {told.get('refused')}" if "broke" not in told else told["broke"]), False


class Faults:
    """One index and what is done to it. ``wrong`` holds what should never have been answered."""

    def __init__(self, home: Path, seed: int) -> None:
        self.home = home
        self.folder = home / "indexes" / "default"
        self.chance = random.Random(seed)
        self.wrong: list[str] = []
        self.counts: Counter[str] = Counter()
        self._number = 0
        self.word = "first"
        self.told(apart(lambda: built(home, "first"))[0], ("first",))
        began = time.monotonic()
        self.told(apart(lambda: built(home, "second"))[0], ("second",))
        self.word, self.seconds = "second", time.monotonic() - began

    def next_word(self) -> str:
        self._number += 1
        return f"number{self._number}"

    def told(self, said: str | None, allowed: Sequence[str]) -> None:
        if said not in allowed:
            self.wrong.append(f"{said!r} where {' or '.join(allowed)} was right")

    def answers(self, new: str) -> None:
        """What is stored now must be whole and of the word before or the new one; then the new one is built."""
        said, _ = apart(lambda: served(self.home))
        self.told(said, (self.word, new))
        self.counts["the new one" if said == new else "the old one"] += 1
        said, _ = apart(lambda: built(self.home, new))
        self.told(said, (new,))
        self.word = new

    def killed(self, times: int, *, torn: bool = False) -> None:
        """Kills builds at random instants; with ``torn``, what was not yet on the disk is then cut or zeroed."""
        for _ in range(times):
            new = self.next_word()
            _, died = apart(lambda new=new: built(self.home, new), self.chance.uniform(0, 1.2 * self.seconds))  # type: ignore[misc]
            self.counts["killed"] += died
            if torn:
                for path in [
                    *self.folder.glob(".building-*/**/*"),
                    *self.folder.glob("embedded-*"),
                    *self.folder.glob("*.tmp"),
                ]:
                    if path.is_file() and path.stat().st_size:
                        self.tear(path)
            self.answers(new)

    def tear(self, path: Path) -> None:
        """Cuts a file short, or fills its end with zeros, as a disk may leave what was not written through."""
        size = path.stat().st_size
        kept = self.chance.randrange(size)
        os.truncate(path, kept)
        if self.chance.random() < 0.5:
            os.truncate(path, size)

    def disk_full(self, times: int) -> None:
        """Builds on a file system of its own that has a random amount of room left; needs the right to mount one."""
        usual, place = self.home, self.home.with_name(f"{self.home.name}-full")
        place.mkdir()
        if subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", place], stderr=subprocess.DEVNULL
        ).returncode:
            self.counts["left out, for nothing could be mounted"] = times
            place.rmdir()
            return
        try:
            self.home = place / "home"
            shutil.copytree(usual, self.home)
            self.folder = self.home / "indexes" / "default"
            size = sum(path.stat().st_size for path in self.home.rglob("*") if path.is_file()) // versions.KEPT
            for _ in range(times):
                new, filler = self.next_word(), place / "filler"
                room = shutil.disk_usage(place).free - self.chance.randrange(int(1.2 * size))
                with filler.open("wb") as file:
                    os.posix_fallocate(file.fileno(), 0, room)
                said, _ = apart(lambda new=new: built(self.home, new))  # type: ignore[misc]
                self.told(said, (self.word, new))
                self.counts["told"] += said == self.word
                filler.unlink()
                self.answers(new)
        finally:
            subprocess.run(["umount", place], check=True)
            place.rmdir()
            self.home, self.folder = usual, usual / "indexes" / "default"
            self.word = str(apart(lambda: served(self.home))[0])

    def read_only(self) -> None:
        """Takes the right to write away."""
        changed = [self.home, *self.home.rglob("*")]

        def without_rights() -> str:
            for path in changed:
                path.chmod(0o555 if path.is_dir() else 0o444)
            if os.getuid() == 0:
                bound_by_rights()
            return built(self.home, "unwritten")

        said, _ = apart(without_rights)
        self.told(said, (self.word,))
        for path in changed:
            path.chmod(0o755 if path.is_dir() else 0o644)
        self.answers(self.next_word())

    def two_builders(self, times: int) -> None:
        """Two processes build the same at once, and one goes on reading."""
        for _ in range(times):
            new, before = self.next_word(), len(versions.finished(self.folder))
            children = []
            for _ in range(2):
                child = os.fork()
                if child == 0:
                    os._exit(0 if built(self.home, new) == new else 1)
                children.append(child)
            codes = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
            if codes != [0, 0] or len(versions.finished(self.folder)) > max(before + 1, versions.KEPT):
                self.wrong.append(f"two builders ended with {codes}")
            self.answers(new)

    def beside_a_server(self, times: int) -> None:
        """Builders at work, some of them killed, beside a server of other documents that threads ask all the while."""
        home = self.home.with_name(f"{self.home.name}-busy")
        home.mkdir()
        try:
            wrong, counts = busy(home, Encoders.names, documents, times, self.chance, apart)
        finally:
            shutil.rmtree(home, ignore_errors=True)
        self.wrong.extend(wrong)
        self.counts.update(counts)

    def damaged(self, times: int) -> None:
        """Alters, cuts, empties or removes a random file of the version that serves, or the pointer to it."""
        for _ in range(times):
            serving = versions.current(self.folder)
            assert serving is not None
            files = [path for path in serving.rglob("*") if path.is_file() and not path.name.startswith("reader-")]
            path = self.chance.choice([*files, self.folder / "current"])
            how = self.chance.choice(("altered", "cut", "emptied", "removed"))
            size = path.stat().st_size
            if how == "removed":
                path.unlink()
            elif how == "emptied" or not size:
                os.truncate(path, 0)
            elif how == "cut":
                os.truncate(path, self.chance.randrange(size))
            else:
                content = bytearray(path.read_bytes())
                content[self.chance.randrange(size)] ^= 0x5A
                path.write_bytes(content)
            said, _ = apart(lambda: built(self.home, self.word))
            self.told(said, (self.word,))

    def other_model_or_format(self) -> None:
        """Another embedding model, and a version as an older program wrote it."""
        self.told(apart(lambda: built(self.home, self.word, other=True))[0], (self.word,))
        self.told(apart(lambda: built(self.home, self.word))[0], (self.word,))
        serving = versions.current(self.folder)
        assert serving is not None
        path = serving / "manifest.json"
        path.write_text(json.dumps({**json.loads(path.read_text()), "schema": versions.SCHEMA - 1}))
        self.told(apart(lambda: built(self.home, self.word))[0], (self.word,))


def served(home: Path) -> str:
    """The word that the stored index answers with, whatever the documents say."""
    from index import open_stored

    index = open_stored(home, Encoders.dense, Encoders.sparse)
    try:
        document = index.documents["changing.md"].text
        hits = index.search("What is the present word?", 3)
        same = any(hit.passage.text == document for hit in hits) and len(index.passages) == _LINES + 1
        return document.removeprefix("The present word is ").removesuffix(".") if same else "an index that is not whole"
    finally:
        index.close()


def run(given: argparse.Namespace, home: Path) -> list[str]:
    """Every kind of fault in turn; what went wrong."""
    faults = Faults(home, given.seed)
    kinds: dict[str, tuple[int, Callable[[], None]]] = {
        "killed at a random instant": (given.kills, lambda: faults.killed(given.kills)),
        "killed, and unwritten data torn": (given.kills // 4, lambda: faults.killed(given.kills // 4, torn=True)),
        "disk full": (given.full, lambda: faults.disk_full(given.full)),
        "folder that cannot be written": (1, faults.read_only),
        "two builders at once": (given.builders, lambda: faults.two_builders(given.builders)),
        "a builder beside a busy server": (given.busy, lambda: faults.beside_a_server(given.busy)),
        "damaged file": (given.damage, lambda: faults.damaged(given.damage)),
        "another model, an older format": (3, faults.other_model_or_format),
    }
    for name, (times, work) in kinds.items():
        faults.counts.clear()
        before, began = len(faults.wrong), time.monotonic()
        work()
        counts = ", ".join(f"{what} {count}" for what, count in sorted(faults.counts.items()))
        wrong = len(faults.wrong) - before
        print(f"{name:34} {times:4} times  wrong {wrong}  {counts}  {time.monotonic() - began:.0f} s", flush=True)
    left = [path.name for path in faults.folder.glob(".building-*")] + [
        path.name for path in faults.folder.glob("*.tmp")
    ]
    return [*faults.wrong, *(f"{name} was left lying" for name in left)]


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--full", type=int, default=20, help="how often the disk is full")
    parser.add_argument("--builders", type=int, default=10, help="how often two build at once")
    parser.add_argument("--busy", type=int, default=10, help="how often one builds beside a server")
    parser.add_argument("--damage", type=int, default=60, help="how many files are damaged")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--models", type=Path, metavar="FOLDER", help="the real encoders in it (see: paths)")
    given = parser.parse_args(arguments)
    if given.models:
        use_real(given.models)
    place = Path(tempfile.mkdtemp())
    try:
        place.chmod(0o755)
        wrong = run(given, place)
    finally:
        shutil.rmtree(place, ignore_errors=True)
    for line in wrong:
        print(line)
    print(f"{len(wrong)} went wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
