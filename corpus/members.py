"""Files that hold other files: what is in them, one at a time, without ever writing it to a disk."""

import io
import lzma
import stat
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from corpus.characters import one_line
from corpus.errors import UserError

MOST_BYTES = 20_000_000
"""How large one file may be, in bytes."""

MOST_MEMBERS = 2000
"""How many files may be read out of one file, those of files inside it included."""

MOST_UNPACKED = 300_000_000
"""How many bytes they may have together."""

# What the library raises over members that are cut off, altered or packed in a way it does not know.
_BROKEN = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, ValueError, NotImplementedError, RuntimeError, OSError
)  # fmt: skip
# Folders and files that systems put into archives for themselves.
_SYSTEM = ("__MACOSX/", ".DS_Store", "Thumbs.db", "desktop.ini")


@dataclass(frozen=True, slots=True)
class Member:
    """A file inside another: its plain name with ``/`` between parts, and its bytes or why it is left out."""

    name: str
    raw: bytes = b""
    refused: str = ""


def known_containers() -> tuple[str, ...]:
    """The file endings of files that hold others."""
    return (".eml", ".mbox", ".msg", ".zip")


def members(suffix: str, raw: bytes) -> Iterator[Member]:
    """The files in one with the ending ``suffix``. Raises `UserError` where it cannot be opened."""
    found: Iterator[Member]
    match suffix:
        case ".zip":
            found = _zipped(raw)
        case ".eml":
            from corpus import mail

            found = mail.members(raw)
        case ".mbox":
            from corpus import mail

            found = mail.messages(raw)
        case ".msg":
            from corpus import outlook

            found = outlook.members(raw)
        case _:
            return
    try:
        for member in found:
            if len(member.raw) > MOST_BYTES:
                yield Member(plain_name(member.name), refused=too_large())
            else:
                yield Member(plain_name(member.name), member.raw, member.refused)
    except (RecursionError, MemoryError) as error:
        raise UserError("is too deeply nested or too large to be read; unpack it into the folder") from error


def plain_name(name: str) -> str:
    """A name that leads nowhere: no root, no drive, no way up, nothing that cannot be shown."""
    parts = [one_line(part) for part in name.replace("\\", "/").split("/")]
    kept = [part for part in parts if part not in ("", ".", "..") and not part.endswith(":")]
    return "/".join(kept) or "a file without a name"


def too_large() -> str:
    return f"is larger than {MOST_BYTES // 1_000_000} MB; split it into smaller documents"


def _zipped(raw: bytes) -> Iterator[Member]:
    try:
        archive = zipfile.ZipFile(io.BytesIO(raw))
        listed = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
        raise UserError("is damaged or no zip archive; make it anew") from error
    with archive:
        # What is said of the documents is wanted before them.
        for item in sorted(listed, key=lambda item: not item.filename.endswith(".toml")):
            if not item.is_dir() and not item.filename.startswith(_SYSTEM) and not item.filename.endswith(_SYSTEM):
                yield _member(archive, item)


def _member(archive: zipfile.ZipFile, item: zipfile.ZipInfo) -> Member:
    if stat.S_ISLNK(item.external_attr >> 16):
        return Member(item.filename, refused="is a link")
    if item.flag_bits & 1:
        return Member(item.filename, refused="is protected by a password; save a copy without one")
    try:
        with archive.open(item) as file:
            return Member(item.filename, file.read(MOST_BYTES + 1))
    except _BROKEN:
        return Member(item.filename, refused="is damaged or packed in an unknown way; make the archive anew")
