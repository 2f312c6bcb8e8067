"""The journal of a run: what came of each case, safe against a kill, so that a stopped run goes on where it was."""

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from corpus.errors import UserError

JOURNAL = "journal.jsonl"
RUN = "run.json"


class Journal:
    """Appends one JSON object a case to ``journal.jsonl`` and forces it to disk before the next case begins.

    ``done`` holds what was written by this and earlier starts of the same run, by case id; ``failed`` the errors of
    cases that did not come about yet, which are tried again. A last line torn by a kill is cut off. Raises
    ``UserError`` where the folder holds a run with other settings.
    """

    def __init__(self, folder: Path, settings: Mapping[str, Any]) -> None:
        self.folder = folder
        make_folder(folder)
        self._agree(settings)
        path = folder / JOURNAL
        self.done: dict[str, dict[str, Any]] = {}
        self.failed: dict[str, str] = {}
        for entry in _entries(path):
            self._take(entry)
        try:
            self._file: IO[str] = path.open("a", encoding="utf-8")
        except OSError as error:
            raise UserError(f"{path}: cannot write ({error.strerror}); name another folder with --out") from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # What could not be written is kept by the file and would fail once more; that has been told.
        with suppress(OSError):
            self._file.close()

    def add(self, entry: Mapping[str, Any]) -> None:
        """Writes what came of a case; ``entry`` has its ``id``."""
        try:
            self._file.write(json.dumps(entry, ensure_ascii=False) + "\n")
            self._file.flush()
            os.fsync(self._file.fileno())
        except OSError as error:
            raise UserError(
                f"{self.folder}: cannot write ({error.strerror}); make room and start again to go on"
            ) from error
        self._take(entry)

    @property
    def entries(self) -> dict[str, dict[str, Any]]:
        """What is known of each case that was asked: its entry, or one that holds its last ``error`` alone."""
        return {name: {"error": error} for name, error in self.failed.items()} | self.done

    def _take(self, entry: Mapping[str, Any]) -> None:
        if "error" in entry:
            self.failed[entry["id"]] = str(entry["error"])
        else:
            self.failed.pop(entry["id"], None)
            self.done[entry["id"]] = dict(entry)

    def _agree(self, settings: Mapping[str, Any]) -> None:
        path = self.folder / RUN
        if path.exists():
            try:
                earlier = dict(json.loads(path.read_text(encoding="utf-8")))
            except (OSError, ValueError, TypeError) as error:
                raise UserError(f"{path}: damaged; remove the folder or name another with --out") from error
            now = json.loads(json.dumps(settings))
            if "judge" in now and "judge" not in earlier:
                # A judge only adds to the answers that are there.
                earlier["judge"] = now["judge"]
                write_whole(path, json.dumps(earlier, indent=2, ensure_ascii=False) + "\n")
            other = _otherwise(earlier, now)
            if other:
                raise UserError(
                    f"{self.folder}: holds a run with other settings ({', '.join(other)}); name another with --out"
                )
            return
        if any((self.folder / name).exists() for name in ("answers.jsonl", JOURNAL)):
            raise UserError(f"{self.folder}: holds answers of an unknown run; name another folder with --out")
        write_whole(path, json.dumps(settings, indent=2, ensure_ascii=False) + "\n")


def make_folder(folder: Path) -> None:
    """Makes the folder of a run where there is none. Raises ``UserError`` where nothing can be written into it."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError) as error:
        raise UserError(f"{folder}: is no folder; name another with --out") from error
    except OSError as error:
        raise UserError(f"{folder}: cannot make the folder ({error.strerror}); name another with --out") from error
    if not os.access(folder, os.W_OK | os.X_OK):
        raise UserError(f"{folder}: may not be written into; name another with --out")


def read_run(folder: Path) -> dict[str, Any]:
    """The settings a finished run was made with. Raises ``UserError`` where the folder holds none."""
    path = folder / RUN
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise UserError(f"{folder}: no evaluation to compare with; name the --out folder of an earlier run") from error
    if not isinstance(values, dict):
        raise UserError(f"{path}: damaged; name the --out folder of another run")
    return values


def write_whole(path: Path, text: str) -> None:
    """Writes a file so that it is either the old one or the whole new one, never a part."""
    with whole_file(path) as partial:
        partial.write_text(text, encoding="utf-8")


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """Where to write a file that takes the place of ``path`` once it is whole; what fails leaves nothing behind.

    Raises ``UserError`` where it cannot be written.
    """
    partial = path.with_name(path.name + ".partial")
    try:
        yield partial
        os.replace(partial, path)
    except OSError as error:
        raise UserError(
            f"{path}: cannot write ({error.strerror}); make room or name another folder with --out, and start again"
        ) from error
    finally:
        with suppress(OSError):
            partial.unlink(missing_ok=True)


def digest(value: object) -> str:
    """A short name for a JSON value, the same for the same value."""
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _otherwise(earlier: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """The names under which ``now`` holds something else, those within a value of many names too."""
    found: list[str] = []
    for name, value in now.items():
        was = earlier.get(name)
        if isinstance(value, Mapping) and isinstance(was, Mapping):
            found += [f"{name}.{part}" for part in value if was.get(part) != value[part]]
        elif was != value:
            found.append(name)
    return found


def _entries(path: Path) -> Iterator[dict[str, Any]]:
    if not path.exists():
        return
    try:
        raw = path.read_bytes()
        whole = raw.rfind(b"\n") + 1
        if whole < len(raw):
            with path.open("r+b") as file:
                file.truncate(whole)
    except OSError as error:
        raise UserError(f"{path}: cannot read or write ({error.strerror}); name another folder with --out") from error
    for number, line in enumerate(raw[:whole].split(b"\n")[:-1], 1):
        try:
            entry = json.loads(line)
            if not isinstance(entry["id"], str):
                raise TypeError
        except (ValueError, TypeError, KeyError) as error:
            raise UserError(f"{path}:{number}: damaged; remove the line, its case is then asked again") from error
        yield entry
