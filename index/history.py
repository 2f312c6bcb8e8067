"""The versions of an index: which there are, going back to one, and what the current one was read from."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from filelock import Timeout

from corpus.errors import UserError
from corpus.records import Document
from index import versions
from index.contents import read_documents
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
    """The version ``name``, or the one that served before the current one, if it can serve. Raises ``UserError``."""
    there = history(folder)
    if not name:
        earlier = [version for version in _earlier(folder, there) if not version.problem]
        if not earlier:
            raise UserError("there is no earlier version to go back to: see strategy-assistant index --list")
        return earlier[0]
    found = next((version for version in there if version.name == name), None)
    if found is None:
        raise UserError(f"there is no version {name[:80]!r}: see strategy-assistant index --list")
    if found.problem:
        raise UserError(f"the version {name} cannot serve ({found.problem}): choose another")
    return found


def _earlier(folder: Path, there: Sequence[Version]) -> list[Version]:
    """Those that served before the current one, the last first; then, where that is not known, those made before it."""
    named = {version.name: version for version in there}
    serving = next((place for place, version in enumerate(there) if version.current), -1)
    names = [*reversed(versions.served(folder)), *(version.name for version in there[serving + 1 :])]
    return [named[name] for name in dict.fromkeys(names) if name in named and not named[name].current]


def roll_back(folder: Path, name: str = "") -> Version:
    """Makes the version ``name``, or the one that served before the current one, serve until the next ``index``.

    Going back once more goes further back: what served after that version is forgotten. Raises ``UserError`` where
    there is none, it is damaged, or the folder cannot be written.
    """
    version = chosen(folder, name)
    try:
        with versions.writing(folder).acquire(timeout=_PATIENCE):
            # Held first: where this is cut short, the version that serves is never taken for the newest documents.
            versions.replace_text(folder / _HELD, version.name)
            versions.point(folder, version.name, back=True)
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


@dataclass(frozen=True, slots=True)
class Read:
    """What was read last: the ``version`` made of it, the configured ``paths`` and the ``signature`` of their files.

    ``refused`` holds the files that were left out, each with the reason.
    """

    version: str
    paths: tuple[str, ...]
    signature: str
    refused: tuple[tuple[str, str], ...] = ()


def remember_read(folder: Path, read: Read) -> None:
    """Notes what was read. Where it cannot be written, it is read again."""
    try:
        versions.replace_text(folder / _READ, json.dumps(asdict(read)))
    except OSError:
        return


def remembered_read(folder: Path) -> Read | None:
    """What was read last; None where that is not known."""
    try:
        told: Any = json.loads((folder / _READ).read_text(encoding="utf-8"))
        refused = tuple((str(path), str(reason)) for path, reason in told["refused"])
        return Read(str(told["version"]), tuple(map(str, told["paths"])), str(told["signature"]), refused)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def left_out(folder: Path, version: str) -> tuple[tuple[str, str], ...]:
    """The files that were left out of ``version`` and why; none where that is not remembered."""
    read = remembered_read(folder)
    return read.refused if read is not None and read.version == version else ()


def read_last(folder: Path) -> tuple[Document, ...]:
    """The documents as they were read last, out of the version that was made of them; none where it is not whole."""
    try:
        version = _of_last_read(folder)
        versions.check_files(version, versions.read_manifest(version))
        return read_documents(version)
    except (DamagedError, OSError, ValueError, KeyError, TypeError, StopIteration):
        return ()


def names_read_last(folder: Path) -> frozenset[str]:
    """The names of the documents that ``read_last`` gives, without reading them."""
    try:
        return frozenset(map(str, versions.read_manifest(_of_last_read(folder))["recipe"]["documents"]))
    except (DamagedError, OSError, KeyError, TypeError, StopIteration):
        return frozenset()


def _of_last_read(folder: Path) -> Path:
    read = remembered_read(folder)
    # A name out of a damaged record must not lead elsewhere.
    return next(path for path in versions.finished(folder) if read is not None and path.name == read.version)
