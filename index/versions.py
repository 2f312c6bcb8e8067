"""The folder of an index: finished versions beside each other, and one pointer to the version that serves.

A version is built under a temporary name, renamed when it is whole and never written again; then the pointer is
replaced atomically. A build that dies at any moment leaves the version before it serving.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from index.store import DamagedError

SCHEMA = 2
"""Raised whenever a program of before could misread what is written now, or the other way round."""

KEPT = 3
"""How many versions stay on disk, those that served last; others go with the next build unless they are being read."""

_CURRENT = "current"
_ORDER = "order"
_REMEMBERED = 50
_MANIFEST = "manifest.json"
_BUILDING = ".building-"
_NAME = re.compile(r"[0-9A-Za-z-]+")


def folder_of(home: Path, name: str) -> Path:
    """The folder of the index called ``name``; any text may be a name."""
    plain = re.sub(r"[^A-Za-z0-9._-]+", "-", name).strip("-.")[:60]
    return home / "indexes" / (plain if plain == name else f"{plain}-{hashlib.sha256(name.encode()).hexdigest()[:12]}")


def current(folder: Path) -> Path | None:
    """The version that serves, None where none was ever finished. Raises ``DamagedError`` for a pointer to nowhere."""
    try:
        name = (folder / _CURRENT).read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise DamagedError(f"the pointer to the current version cannot be read: {error}") from error
    if not _NAME.fullmatch(name) or not (folder / name).is_dir():
        raise DamagedError("the pointer names a version that is not there")
    return folder / name


def read_manifest(version: Path) -> dict[str, Any]:
    """What the version says of itself. Raises ``DamagedError`` where it is not whole or of another schema."""
    try:
        manifest = json.loads((version / _MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise DamagedError(f"its manifest cannot be read: {error}") from error
    if not isinstance(manifest, dict) or not isinstance(manifest.get("recipe"), dict):
        raise DamagedError("its manifest is not one")
    if manifest.get("schema") != SCHEMA:
        raise DamagedError(f"it was written in format {manifest.get('schema')!r}, this program reads {SCHEMA}")
    return manifest


def check_files(version: Path, manifest: Mapping[str, Any]) -> None:
    """Raises ``DamagedError`` where a file beside the vectors is not what was written."""
    files = manifest.get("files")
    if not isinstance(files, dict) or not files:
        raise DamagedError("its manifest names no files")
    for name, digest in files.items():
        try:
            found = digest_of(version / name)
        except OSError as error:
            raise DamagedError(f"{name} cannot be read: {error.strerror}") from error
        if found != digest:
            raise DamagedError(f"{name} has been altered")


def digest_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def building(folder: Path) -> Iterator[Path]:
    """A new empty folder to build a version in; removed again if the build fails. Needs the lock."""
    for left in folder.glob(f"{_BUILDING}*"):
        shutil.rmtree(left, ignore_errors=True)
    place = folder / f"{_BUILDING}{uuid.uuid4().hex[:12]}"
    place.mkdir(parents=True)
    try:
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)


def finish(folder: Path, place: Path, manifest: dict[str, Any], name: str) -> Path:
    """Makes what was built in ``place`` the serving version ``name``. Needs the lock."""
    files = sorted(path for path in place.iterdir() if path.is_file())
    manifest = {"schema": SCHEMA, **manifest, "files": {path.name: digest_of(path) for path in files}}
    _write(place / _MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1))
    for path in place.rglob("*"):
        if path.is_file():
            _sync(path)
    version = folder / name
    place.rename(version)
    _sync(folder)
    point(folder, name)
    return version


def point(folder: Path, name: str, *, back: bool = False) -> None:
    """Makes the version ``name`` serve; with ``back``, what served after it is as if it never had. Needs the lock."""
    order = served(folder)
    replace_text(folder / _CURRENT, name)
    if back and name in order:
        del order[len(order) - order[::-1].index(name) :]
    elif back:
        # When it served is not known, only when it was made.
        order = [other for other in order if other < name]
    if order[-1:] != [name]:
        order.append(name)
    # It only says where to go back to, and the pointer is right already.
    with suppress(OSError):
        replace_text(folder / _ORDER, "\n".join(order[-_REMEMBERED:]))


def served(folder: Path) -> list[str]:
    """The names of the versions that have served, in that order; the last one serves now.

    At most as many as are remembered. Where the record is damaged, or was cut short, it is told from the pointer.
    """
    try:
        order = [name for name in (folder / _ORDER).read_text(encoding="ascii").split() if _NAME.fullmatch(name)]
    except (OSError, UnicodeDecodeError):
        order = []
    try:
        now = current(folder)
    except DamagedError:
        now = None
    return order if now is None or order[-1:] == [now.name] else [*order, now.name]


def replace_text(path: Path, text: str) -> None:
    """Writes a file whole or not at all, whatever happens meanwhile."""
    waiting = path.with_name(f"{path.name}.{uuid.uuid4().hex[:8]}.tmp")
    try:
        _write(waiting, text)
        _sync(waiting)
        waiting.replace(path)
    finally:
        waiting.unlink(missing_ok=True)
    _sync(path.parent)


def finished(folder: Path) -> list[Path]:
    """The versions in ``folder``, the newest first: their names begin with the time they were made."""
    if not folder.is_dir():
        return []
    return sorted((path for path in folder.iterdir() if path.is_dir() and _NAME.fullmatch(path.name)), reverse=True)


def last_served(folder: Path) -> list[Path]:
    """The versions in ``folder``: first those that served last, then those of which that is not known, newest first."""
    places = {name: place for place, name in enumerate(dict.fromkeys(reversed(served(folder))))}
    return sorted(finished(folder), key=lambda version: places.get(version.name, len(places)))


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")


def _sync(path: Path) -> None:
    if path.is_dir() and os.name == "nt":
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError:
        if not path.is_dir():
            raise
    finally:
        os.close(handle)


def writing(folder: Path) -> FileLock:
    """The lock that the one process that builds in ``folder`` holds; freed by the system if that process dies."""
    folder.mkdir(parents=True, exist_ok=True)
    return FileLock(folder / "lock")


def reading(version: Path) -> FileLock | None:
    """Marks ``version`` as in use until the lock is released or the process ends; None where nothing can be written.

    Who closes an index may be another thread than the one that opened it.
    """
    lock = FileLock(version / f"reader-{uuid.uuid4().hex}.lock", thread_local=False)
    try:
        lock.acquire(timeout=0)
    except OSError:
        return None
    return lock


def tidy(folder: Path, *kept: str) -> list[str]:
    """Removes all but the ``KEPT`` that served last and those named or read now; says which. Needs the lock."""
    removed = []
    for version in last_served(folder)[KEPT:]:
        if version.name not in kept and not _in_use(version):
            shutil.rmtree(version, ignore_errors=True)
            removed.append(version.name)
    for left in folder.glob("*.tmp"):
        left.unlink(missing_ok=True)
    return removed


def _in_use(version: Path) -> bool:
    for path in version.glob("reader-*.lock"):
        lock = FileLock(path)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            return True
        lock.release()
    return False
