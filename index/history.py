"""The versions of an index: which there are, going back to one, and what the current one was read from."""

from __future__ import annotations

import json
from dataclasses import dataclass
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


def roll_back(folder: Path, name: str = "") -> Version:
    """Makes the version ``name``, or the one before the current one, serve until the next ``index``.

    Raises ``UserError`` where there is none, it is damaged, or the folder cannot be written.
    """
    there = history(folder)
    if not name:
        serving = next((place for place, version in enumerate(there) if version.current), -1)
        earlier = [version for version in there[serving + 1 :] if not version.problem]
        if not earlier:
            raise UserError("there is no earlier version to go back to: see strategy-assistant index --list")
        name = earlier[0].name
    chosen = next((version for version in there if version.name == name), None)
    if chosen is None:
        raise UserError(f"there is no version {name[:80]!r}: see strategy-assistant index --list")
    if chosen.problem:
        raise UserError(f"the version {name} cannot serve ({chosen.problem}): choose another")
    try:
        with versions.writing(folder).acquire(timeout=_PATIENCE):
            # Held first: where this is cut short, the version that serves is never taken for the newest documents.
            versions.replace_text(folder / _HELD, name)
            versions.point(folder, name)
    except Timeout as error:
        raise UserError("another process is building this index: wait for it or stop it, and try again") from error
    except OSError as error:
        raise UserError(f"{folder} cannot be written: {error.strerror or error}") from error
    return Version(chosen.name, chosen.created, chosen.documents, chosen.passages, current=True, held=True)


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
    try:
        told: Any = json.loads((folder / _READ).read_text(encoding="utf-8"))
        if told["signature"] != signature:
            return None
        return str(told["version"]), tuple((str(path), str(reason)) for path, reason in told["refused"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
