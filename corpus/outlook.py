"""Messages as Outlook saves them (`.msg`), as the e-mail messages that they were.

The properties of a message are streams of a compound file, named by number and kind of value (Microsoft, MS-OXMSG).
"""

import datetime
import struct
from collections.abc import Iterator
from email.message import EmailMessage
from email.utils import format_datetime, formataddr
from io import BytesIO

import olefile

from corpus import mail
from corpus.characters import clean, decode, one_line
from corpus.errors import UserError
from corpus.members import Member

_SUBJECT, _BODY, _HTML, _RTF = 0x0037, 0x1000, 0x1013, 0x1009
_SENDERS = ((0x0C1A, (0x5D01, 0x0C1F)), (0x0042, (0x5D02, 0x0065)))
_TIMES = (0x0039, 0x0E06, 0x3007)
_CODE_PAGES = (0x3FDE, 0x3FFD)
_DATA, _NAMES, _HIDDEN, _FLAGS, _CLASS = 0x3701, (0x3707, 0x3704, 0x3001), 0x7FFE, 0x3714, 0x001A
_TEXT, _BYTES_OF_TEXT, _BINARY, _STORAGE = 0x001F, 0x001E, 0x0102, 0x000D
_DRAWN_IN_THE_TEXT = 4
_UTF_8 = 65001
_MOST_ATTACHED = 2000
_DEEPEST = 3
# The first day that the clock of Windows knows, and how far it counts within a second.
_EPOCH, _TICKS = datetime.datetime(1601, 1, 1, tzinfo=datetime.UTC), 10
# What the library and the codecs raise over files that are cut off, altered or made to harm.
_BROKEN = (
    OSError, ValueError, TypeError, LookupError, AttributeError, ArithmeticError, RecursionError, MemoryError,
    struct.error,
)  # fmt: skip
_DAMAGED = "is damaged or no Outlook message; save it anew from its own program"


def message(raw: bytes) -> EmailMessage:
    """The message in the bytes of a file, with its attachments. Raises `UserError` for what is none."""
    return _read(raw)[0]


def members(raw: bytes) -> Iterator[Member]:
    """The files attached to the message, and why some of them are left out. Raises `UserError` as ``message`` does."""
    made, left_out = _read(raw)
    yield from mail.attached(made)
    yield from left_out


def _read(raw: bytes) -> tuple[EmailMessage, list[Member]]:
    try:
        with olefile.OleFileIO(BytesIO(raw)) as file:
            opened = _Opened(file, len(raw))
            return opened.message((), _DEEPEST), opened.left_out
    except _BROKEN as error:
        raise UserError(_DAMAGED) from error


class _Opened:
    """A compound file that is being read; no more comes out of it than ``left`` bytes, for no stream is there twice."""

    def __init__(self, file: olefile.OleFileIO, left: int) -> None:
        self._file = file
        self._left = left
        self._attached = _MOST_ATTACHED
        self.left_out: list[Member] = []

    def message(self, place: tuple[str, ...], deeper: int) -> EmailMessage:
        fixed = self._fixed(place, 32 if not place else 24)
        page = next((f"cp{page}" for name in _CODE_PAGES if 0 < (page := _number(fixed, name)) <= _UTF_8), "")
        made = EmailMessage()
        made["Subject"] = one_line(self._text(place, _SUBJECT, page))
        made["From"] = self._sender(place, page)
        if (sent := _time(fixed)) is not None:
            made["Date"] = format_datetime(sent)
        body, html = self._text(place, _BODY, page), self._html(place, page)
        if not (made["Subject"] or body or html or self._text(place, _CLASS, page)):
            raise ValueError("no message")
        if not (body or html) and self._has(place, _RTF, _BINARY):
            raise UserError("holds rich text only; save it as .eml or as text")
        made.set_content(clean(body))
        if html:
            made.add_alternative(html, subtype="html")
        for number, attached in enumerate(self._attachments(place), 1):
            self._attach(made, attached, number, page, deeper)
        return made

    def _attach(self, made: EmailMessage, place: tuple[str, ...], number: int, page: str, deeper: int) -> None:
        self._attached -= 1
        if self._attached < 0:
            raise UserError(f"has more than {_MOST_ATTACHED:,} attachments; save what matters of it as text")
        fixed = self._fixed(place, 8)
        if _number(fixed, _HIDDEN) or _number(fixed, _FLAGS) & _DRAWN_IN_THE_TEXT:
            return
        name = next((text for key in _NAMES if (text := one_line(self._text(place, key, page)))), "")
        inner = (*place, _stream(_DATA, _STORAGE))
        if self._file.exists([*inner, _PROPERTIES]):
            if deeper:
                self._attach_message(made, inner, name or f"message {number}", deeper)
            return
        name = name or f"attachment {number}"
        if not self._has(place, _DATA, _BINARY):
            self.left_out.append(Member(name, refused="is not in the message itself; save it beside it"))
            return
        raw = self._bytes((*place, _stream(_DATA, _BINARY)))
        made.add_attachment(raw, maintype="application", subtype="octet-stream", filename=name)

    def _attach_message(self, made: EmailMessage, place: tuple[str, ...], name: str, deeper: int) -> None:
        try:
            made.add_attachment(self.message(place, deeper - 1))
        except UserError as error:
            self.left_out.append(Member(name, refused=str(error)))
        except _BROKEN:
            self.left_out.append(Member(name, refused=_DAMAGED))

    def _attachments(self, place: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
        seen = set()
        for path in self._file.listdir(streams=True, storages=False):
            under = tuple(path[: len(place) + 1])
            if under[:-1] == place and len(path) > len(under) and under[-1].startswith("__attach_version1.0_"):
                seen.add(under)
        yield from sorted(seen)

    def _sender(self, place: tuple[str, ...], page: str) -> str:
        for name, addresses in _SENDERS:
            told = one_line(self._text(place, name, page))
            found = (one_line(self._text(place, key, page)) for key in addresses)
            # Within one organisation Outlook writes a path of its directory in place of an address.
            address = next((text for text in found if "@" in text and " " not in text), "")
            if told or address:
                # Without an address too, what has a comma is one name.
                return formataddr((told, address if address.isascii() else "")) if told or address.isascii() else ""
        return ""

    def _html(self, place: tuple[str, ...], page: str) -> str:
        raw = self._bytes((*place, _stream(_HTML, _BINARY)))
        return decode(raw, page) if raw.strip(b"\0 \r\n\t") else self._text(place, _HTML, page)

    def _text(self, place: tuple[str, ...], name: int, page: str) -> str:
        if self._has(place, name, _TEXT):
            return self._bytes((*place, _stream(name, _TEXT))).decode("utf-16-le", "replace").rstrip("\0")
        raw = self._bytes((*place, _stream(name, _BYTES_OF_TEXT))).rstrip(b"\0")
        try:
            return raw.decode(page or "cp1252", "replace")
        except LookupError:
            return raw.decode("cp1252", "replace")

    def _fixed(self, place: tuple[str, ...], head: int) -> dict[int, bytes]:
        """The values of fixed length, by the number of their property."""
        raw = self._bytes((*place, _PROPERTIES))[head:]
        rows = (raw[start : start + 16] for start in range(0, len(raw) - 15, 16))
        return {int.from_bytes(row[2:4], "little"): row[8:] for row in rows}

    def _has(self, place: tuple[str, ...], name: int, kind: int) -> bool:
        return bool(self._file.exists([*place, _stream(name, kind)]))

    def _bytes(self, path: tuple[str, ...]) -> bytes:
        """A stream; nothing where there is none."""
        if not self._file.exists(list(path)):
            return b""
        with self._file.openstream(list(path)) as stream:
            raw = bytes(stream.read())
        self._left -= len(raw)
        if self._left < 0:
            raise ValueError("streams that overlap")
        return raw


_PROPERTIES = "__properties_version1.0"


def _stream(name: int, kind: int) -> str:
    return f"__substg1.0_{name:04X}{kind:04X}"


def _number(fixed: dict[int, bytes], name: int) -> int:
    return int.from_bytes(fixed.get(name, b"")[:4], "little")


def _time(fixed: dict[int, bytes]) -> datetime.datetime | None:
    for name in _TIMES:
        ticks = int.from_bytes(fixed.get(name, b""), "little")
        if ticks:
            try:
                return _EPOCH + datetime.timedelta(microseconds=ticks // _TICKS)
            except OverflowError:
                continue
    return None
