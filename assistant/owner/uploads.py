"""Files that an owner hands in: names made safe, sizes bounded, replaced and removed without a loss."""

import os
import re
import shutil
import unicodedata
import uuid
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from corpus import sources
from corpus.errors import UserError
from corpus.formats import known_endings, unknown
from corpus.members import MOST_BYTES
from corpus.sources import FILE_NAME

MOST_FILES = 50
MOST_REQUEST_BYTES = 100_000_000
_LONGEST_STEM_BYTES = 120
_CHUNK = 1 << 20
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)", re.IGNORECASE)


def safe_name(given: str) -> str:
    """A file's name as it is kept: one plain name, without a folder, that every system can hold.

    Raises ``UserError`` for a name of no known format or without anything left.
    """
    name = unicodedata.normalize("NFC", given).replace("\\", "/").rpartition("/")[2]
    if name.lower() == FILE_NAME:
        return FILE_NAME
    name = "".join(character if unicodedata.category(character)[0] != "C" else "" for character in name)
    name = " ".join(re.sub(r'[<>:"|?*/\\]', "-", name).split())
    stem, dot, suffix = name.rpartition(".")
    suffix = f".{suffix.strip()}".lower() if dot else ""
    shown = f"“{given[:80]}”" if given.strip() else "A file without a name"
    if suffix not in known_endings():
        raise UserError(f"{shown} {unknown(suffix)}; known are {', '.join(known_endings())} and {FILE_NAME}.")
    stem = stem.strip(" .~-")
    while len(stem.encode()) > _LONGEST_STEM_BYTES:
        stem = stem[:-1]
    if not stem:
        raise UserError(f"{shown} has no name; name the file and try again.")
    return f"_{stem}{suffix}" if _RESERVED.fullmatch(stem) else f"{stem}{suffix}"


def store(folder: Path, given: str, content: BinaryIO) -> str:
    """Keeps ``content`` in ``folder``, whole or not at all, in place of a file of the same name; the name it has now.

    Raises ``UserError`` where it is too large, is a ``sources.toml`` that is not understood, or cannot be written.
    """
    name = safe_name(given)
    most = sources.MOST_BYTES if name == FILE_NAME else MOST_BYTES
    waiting = folder / f".{uuid.uuid4().hex}.tmp"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if (folder / name).is_dir():
            raise UserError(f"There is a folder called {name}; name the file differently.")
        with waiting.open("xb") as file:
            left = most
            while chunk := content.read(_CHUNK):
                left -= len(chunk)
                if left < 0:
                    raise UserError(f"“{name}” is larger than {most // 1_000_000} MB; split it.")
                file.write(chunk)
            if left == most:
                raise UserError(f"“{name}” is empty.")
            file.flush()
            os.fsync(file.fileno())
        if name == FILE_NAME:
            _understood(waiting.read_bytes())
        waiting.replace(folder / name)
    except OSError as error:
        raise UserError(f"“{name}” cannot be kept in {folder}: {error.strerror or error}.") from error
    finally:
        waiting.unlink(missing_ok=True)
    return name


def _understood(raw: bytes) -> None:
    try:
        sources.entries_of(raw, FILE_NAME)
    except UserError as error:
        raise UserError(f"Not kept: {error}.") from error


def own_file(folder: Path, path: str) -> Path | None:
    """The file at ``path`` where it is one of ``folder`` and no link out of it; None for any other."""
    try:
        found = Path(path).resolve(strict=True)
        return found if found.is_file() and folder.resolve() in found.parents else None
    except (OSError, ValueError, RuntimeError):
        return None


def remove(folder: Path, path: str, kept: Path) -> Path:
    """Moves a file of ``folder`` to the folder ``kept``, where it can be had again; its new place.

    Raises ``UserError`` for a file that is not the folder's and where it cannot be moved.
    """
    found = own_file(folder, path)
    if found is None:
        raise UserError(
            "That file is not there any more, or not in the folder for uploads; remove it where it is kept."
        )
    place = kept / f"{datetime.now(UTC):%Y%m%d-%H%M%S-%f}-{found.name}"
    try:
        kept.mkdir(parents=True, exist_ok=True)
        shutil.move(found, place)
    except OSError as error:
        raise UserError(f"“{found.name}” cannot be removed: {error.strerror or error}.") from error
    return place
