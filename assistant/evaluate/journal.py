"""The journal of a run: what came of each case, safe against a kill, so that a stopped run goes on where it was."""

import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from corpus.errors import UserError

JOURNAL = "journal.jsonl"
RUN = "run.json"


class Journal:
    """Appends one JSON object a case to ``journal.jsonl`` and forces it to disk before the next case begins.

    ``done`` holds what earlier starts of the same run wrote, by case id, failed cases apart: those are tried again. A
    last line torn by a kill is cut off. Raises ``UserError`` where the folder holds a run with other settings.
    """

    def __init__(self, folder: Path, settings: Mapping[str, Any]) -> None:
        self.folder = folder
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UserError(f"{folder}: cannot make the folder ({error.strerror}); name another with --out") from error
        self._agree(settings)
        path = folder / JOURNAL
        self.done = _entries(path)
        try:
            self._file: IO[str] = path.open("a", encoding="utf-8")
        except OSError as error:
            raise UserError(f"{path}: cannot write ({error.strerror}); name another folder with --out") from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
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
        if "error" not in entry:
            self.done[entry["id"]] = dict(entry)

    def _agree(self, settings: Mapping[str, Any]) -> None:
        path = self.folder / RUN
        if path.exists():
            try:
                earlier = json.loads(path.read_text(encoding="utf-8"))
            except ValueError as error:
                raise UserError(f"{path}: damaged; remove the folder or name another with --out") from error
            other = _otherwise(earlier, json.loads(json.dumps(settings)))
            if other:
                raise UserError(
                    f"{self.folder}: holds a run with other settings ({', '.join(other)}); name another with --out"
                )
            return
        if any((self.folder / name).exists() for name in ("answers.jsonl", JOURNAL)):
            raise UserError(f"{self.folder}: holds answers of an unknown run; name another folder with --out")
        write_whole(path, json.dumps(settings, indent=2, ensure_ascii=False) + "\n")


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
    partial = path.with_name(path.name + ".partial")
    try:
        partial.write_text(text, encoding="utf-8")
        os.replace(partial, path)
    except OSError as error:
        raise UserError(
            f"{path}: cannot write ({error.strerror}); make room or name another folder with --out"
        ) from error


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
            found += [f"{name}.{part}" for part in {**was, **value} if was.get(part) != value.get(part)]
        elif was != value:
            found.append(name)
    return found


def _entries(path: Path) -> dict[str, dict[str, Any]]:
    if not path.exists():
        return {}
    raw = path.read_bytes()
    whole = raw.rfind(b"\n") + 1
    if whole < len(raw):
        with path.open("r+b") as file:
            file.truncate(whole)
    done: dict[str, dict[str, Any]] = {}
    for number, line in enumerate(raw[:whole].decode("utf-8").split("\n")[:-1], 1):
        try:
            entry = json.loads(line)
        except ValueError as error:
            raise UserError(f"{path}:{number}: damaged; remove the line, its case is then asked again") from error
        if "error" not in entry:
            done[entry["id"]] = entry
    return done
