"""Building the index in a process of its own, so that answering goes on and its memory is given back.

The process takes one line of JSON, the settings that matter, and answers with lines of JSON: each step, and last what
was built or why nothing was. It ends when whoever started it does.
"""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any, TextIO

from assistant.builder import open_configured
from assistant.settings import Settings
from corpus import Document
from corpus.errors import UserError
from corpus.remarks import remarks
from index.progress import Step

Progress = Callable[[str], None]


class StoppedError(UserError):
    """The build was ended from outside."""


_PASSED = ("home", "documents", "shipped_guidance", "embedding", "sparse", "index_url")


class Rebuilding:
    """One build in another process. ``run`` may be called once; ``stop`` ends it from another thread.

    Documents at or below the paths to ``forget`` do not answer any more where they are missing.
    """

    def __init__(self, settings: Settings, *, fresh: bool, forget: tuple[Path, ...] = ()) -> None:
        values = {name: _plain(getattr(settings, name)) for name in _PASSED}
        self._told = json.dumps({"settings": values, "fresh": fresh, "forget": _plain(forget)}) + "\n"
        self._process: subprocess.Popen[str] | None = None
        self._stopped = False
        self._lock = threading.Lock()

    def run(self, progress: Progress) -> dict[str, Any]:
        """Builds; what ``index --json`` prints of it. Raises ``UserError`` where nothing could be built."""
        path = os.pathsep.join(part for part in (str(_ROOT), os.environ.get("PYTHONPATH", "")) if part)
        with self._lock:
            if self._stopped:
                raise StoppedError("the build was stopped")
            try:
                self._process = process = subprocess.Popen(
                    [sys.executable, "-P", "-m", "assistant.serving.rebuilding"],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    text=True,
                    encoding="utf-8",
                    env={**os.environ, "PYTHONPATH": path},
                )
            except OSError as error:
                raise UserError(f"no process could be started to build the index: {error.strerror or error}") from error
        with process:
            if process.stdin is None or process.stdout is None:
                raise AssertionError("a process without its streams")
            with suppress(OSError):
                process.stdin.write(self._told)
                process.stdin.flush()
            for line in process.stdout:
                told = json.loads(line)
                if "built" in told:
                    built: dict[str, Any] = told["built"]
                    return built
                if "failed" in told:
                    raise UserError(told["failed"])
                progress(_step(told))
        if self._stopped:
            raise StoppedError("the build was stopped")
        raise UserError(f"the build ended by itself (exit code {process.returncode}); the terminal says more")

    def stop(self) -> None:
        """Ends the build, if it runs; what it has embedded is kept for the next."""
        with self._lock:
            self._stopped = True
            if self._process is not None and self._process.poll() is None:
                self._process.kill()


_ROOT = Path(__file__).resolve().parents[2]


def main(given: TextIO, answers: TextIO) -> None:
    """Does what the first line of ``given`` says."""
    told = json.loads(given.readline())
    threading.Thread(target=_end_with, args=(given,), daemon=True).start()
    with suppress(AttributeError, OSError):
        # Questions come first on a machine that has few cores.
        os.nice(10)

    def say(value: dict[str, Any]) -> None:
        answers.write(json.dumps(value) + "\n")
        answers.flush()

    def progress(line: str) -> None:
        step = {"done": line.done, "total": line.total, "seconds": line.seconds} if isinstance(line, Step) else {}
        say({"line": str(line), **step})

    try:
        opened = open_configured(
            Settings(**told["settings"]), progress, fresh=told["fresh"], forget=[Path(path) for path in told["forget"]]
        )
    except UserError as error:
        say({"failed": str(error)})
        return
    opened.index.close()
    if opened.index.problem and not told["fresh"]:
        say({"failed": opened.index.problem})
        return
    say({"built": described(opened.index, opened.refused)})


def described(index: Any, refused: Any) -> dict[str, Any]:
    """What ``index --json`` prints of an index and of the files that were left out of it."""
    changes = index.changes
    return {
        "index": index.name,
        "documents": len(index.documents),
        "passages": len(index.passages),
        "added": list(changes.added),
        "changed": list(changes.changed),
        "renamed": [{"from": old, "to": new} for old, new in changes.renamed],
        "removed": list(changes.removed),
        "refused": [{"path": one.path, "reason": one.reason} for one in refused],
        "remarks": remarks_on(index.documents.values()),
    }


def remarks_on(documents: Iterable[Document]) -> list[dict[str, str]]:
    """What an owner should know of how these documents were read, as ``index --json`` prints it."""
    return [{"document": document.name, "remark": remark} for document in documents for remark in remarks(document)]


def _end_with(given: TextIO) -> None:
    """Whoever asked holds the other end of ``given`` open for as long as it lives."""
    while given.read(1):
        pass
    os._exit(1)


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [str(Path(part).absolute()) for part in value]
    return str(value.absolute()) if isinstance(value, Path) else value


def _step(told: dict[str, Any]) -> str:
    line = str(told["line"])
    return Step(line, told["done"], told["total"], told["seconds"]) if "done" in told else line


if __name__ == "__main__":
    # What a library prints must not stand between the answers.
    out = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    main(sys.stdin, out)
