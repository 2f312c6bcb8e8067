"""The versions of an index: which there are, going back to one, and what the current one was read from."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from filelock import Timeout

from corpus.errors import UserError
from index import versions
from index.store import DamagedError

_HELD = "held"
_PATIENCE = 10.0
_READ = "read.json"


@dataclass(frozen=True, slots=True)
class Version:
    """One version on disk. ``problem`` says why it cannot serve and is empty where it can, as far as its files tell.

    ``created`` is a time in ISO 8601, UTC. ``documents`` are their names.
    """

    name: str
    created: str = ""
    documents: tuple[str, ...] = ()
    passages: int = 0
    current: bool = False
    held: bool = False
    problem: str = ""


def history(folder: Path) -> tuple[Version, ...]:
    """Every version in ``folder``, the newest first."""
    try:
        serving = versions.current(folder)
    except DamagedError:
        serving = None
    holding = held(folder)
    return tuple(_version(path, path == serving, path.name == holding) for path in versions.finished(folder))


def _version(path: Path, current: bool, holds: bool) -> Version:
    try:
        manifest = versions.read_manifest(path)
        versions.check_files(path, manifest)
        documents, passages = tuple(manifest["recipe"]["documents"]), int(manifest["counts"]["passages"])
        return Version(path.name, str(manifest["created"]), documents, passages, current, holds)
    except (DamagedError, KeyError, TypeError, ValueError) as error:
        return Version(path.name, current=current, held=holds, problem=str(error))


def chosen(folder: Path, name: str = "") -> Version:
    """The version ``name``, or the one before the current one, if it can serve. Raises ``UserError``."""
    there = history(folder)
    if not name:
        serving = next((place for place, version in enumerate(there) if version.current), -1)
        earlier = [version for version in there[serving + 1 :] if not version.problem]
        if not earlier:
            raise UserError("there is no earlier version to go back to: see strategy-assistant index --list")
        return earlier[0]
    found = next((version for version in there if version.name == name), None)
    if found is None:
        raise UserError(f"there is no version {name[:80]!r}: see strategy-assistant index --list")
    if found.problem:
        raise UserError(f"the version {name} cannot serve ({found.problem}): choose another")
    return found


def roll_back(folder: Path, name: str = "") -> Version:
    """Makes the version ``name``, or the one before the current one, serve until the next ``index``.

    Raises ``UserError`` where there is none, it is damaged, or the folder cannot be written.
    """
    version = chosen(folder, name)
    try:
        with versions.writing(folder).acquire(timeout=_PATIENCE):
            # Held first: where this is cut short, the version that serves is never taken for the newest documents.
            versions.replace_text(folder / _HELD, version.name)
            versions.point(folder, version.name)
    except Timeout as error:
        raise UserError("another process is building this index: wait for it or stop it, and try again") from error
    except OSError as error:
        raise UserError(f"{folder} cannot be written: {error.strerror or error}") from error
    return replace(version, current=True, held=True)


def held(folder: Path) -> str:
    """The name of the version that was gone back to and holds; empty where none does."""
    try:
        return (folder / _HELD).read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        return ""


def let_go(folder: Path) -> None:
    """The newest documents serve again from now on. Needs the lock."""
    (folder / _HELD).unlink(missing_ok=True)


def remember_read(folder: Path, version: str, signature: str, refused: list[tuple[str, str]]) -> None:
    """Notes that ``version`` holds what the files with this signature say, and which of them were left out.

    Only saves reading them again, so where it cannot be written nothing is lost.
    """
    told = {"version": version, "signature": signature, "refused": refused}
    try:
        versions.replace_text(folder / _READ, json.dumps(told))
    except OSError:
        return


def remembered_read(folder: Path, signature: str) -> tuple[str, tuple[tuple[str, str], ...]] | None:
    """The version that was made of the files with this signature and which of them were left out, None if unknown."""
    told = _told(folder)
    return None if told is None or told[1] != signature else (told[0], told[2])


def left_out(folder: Path, version: str) -> tuple[tuple[str, str], ...]:
    """The files that were left out of ``version`` and why; none where that is not remembered."""
    told = _told(folder)
    return told[2] if told is not None and told[0] == version else ()


def _told(folder: Path) -> tuple[str, str, tuple[tuple[str, str], ...]] | None:
    try:
        told: Any = json.loads((folder / _READ).read_text(encoding="utf-8"))
        refused = tuple((str(path), str(reason)) for path, reason in told["refused"])
        return str(told["version"]), str(told["signature"]), refused
    except (OSError, ValueError, KeyError, TypeError):
        return None
