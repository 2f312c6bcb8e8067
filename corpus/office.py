"""What Word files, presentations and workbooks have in common: how they are opened, and what they say of themselves."""

import datetime
import io
import re
import zipfile
import zlib
from collections.abc import Sequence
from typing import Any

from corpus.blocks import Block, Extract
from corpus.characters import one_line
from corpus.errors import UserError

_MOST_UNPACKED = 300_000_000
# Where a part may declare something of its own: behind what says that it is XML, and remarks.
_DECLARED = re.compile(rb"(?>\xef\xbb\xbf|\xff\xfe|\xfe\xff)?(?>\s|<\?.*?\?>|<!--.*?-->)*+<!DOCTYPE", re.DOTALL)
_HEAD = 65_536
_OLD_OR_LOCKED = b"\xd0\xcf\x11\xe0"
# What the programs write where nobody has named the file.
_NO_TITLES = frozenset({"PowerPoint Presentation", "Word Document", "Untitled"})
# What programs that make files write where a person would stand, and the times of the templates that they begin with.
_PROGRAMS = frozenset({"openpyxl", "python-docx", "python-pptx", "xlsxwriter", "Apache POI", "Microsoft Office User"})
_TEMPLATES = frozenset({"2013-12-23T23:15:00", "2013-01-27T09:15:58"})


def check(raw: bytes) -> None:
    """Refuses what is no office file, or unpacks to too much, with a `UserError`."""
    if raw.startswith(_OLD_OR_LOCKED):
        raise UserError(
            "is protected by a password or in an old format; save a copy without one as .docx, .pptx or .xlsx"
        )
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            size = sum(item.file_size for item in archive.infolist())
            if size > _MOST_UNPACKED:
                raise UserError(
                    f"unpacks to more than {_MOST_UNPACKED // 1_000_000} MB; split it into smaller documents"
                )
            declares = any(_declares(archive, item) for item in archive.infolist())
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError, RuntimeError) as error:
        raise UserError("is damaged or no office file; check that it opens in its own program") from error
    if declares:
        raise UserError("declares entities of its own, which no office file may; save it anew from its own program")


def _declares(archive: zipfile.ZipFile, item: zipfile.ZipInfo) -> bool:
    """Whether a part has a document type of its own; the libraries leave out what stands for text by it."""
    if not item.filename.lower().endswith((".xml", ".rels")):
        return False
    with archive.open(item) as file:
        # In UTF-16 every other byte of it is none.
        return _DECLARED.match(file.read(_HEAD).replace(b"\0", b"")) is not None


def opened(opener: Any, raw: bytes) -> Any:
    """What a library opens; for damaged files they raise errors of many kinds, their own and their parsers'."""
    try:
        return opener(io.BytesIO(raw))
    except (MemoryError, UserError):
        raise
    except Exception as error:
        raise UserError("is damaged or of another format; check that it opens in its own program") from error


def with_properties(blocks: Sequence[Block], properties: Any) -> Extract:
    """The content with what the file's own properties say."""
    changed = getattr(properties, "modified", None)
    title = one_line(properties.title or "")
    author = one_line(getattr(properties, "author", "") or getattr(properties, "creator", "") or "")
    return Extract(
        tuple(blocks),
        title="" if title in _NO_TITLES else title,
        date=changed.date() if isinstance(changed, datetime.datetime) and not _is_template(changed) else None,
        language=one_line(getattr(properties, "language", "") or ""),
        author="" if author in _PROGRAMS else author,
    )


def _is_template(changed: datetime.datetime) -> bool:
    """Whether that is when the template was made that a library begins its files from, and left there."""
    return changed.replace(tzinfo=None).isoformat() in _TEMPLATES
