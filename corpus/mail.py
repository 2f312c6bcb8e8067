"""E-mail: the message as a document of its own, and the files that came with it."""

import datetime
import email.policy
import email.utils
import mimetypes
import re
import urllib.parse
from collections.abc import Iterator
from email.message import EmailMessage
from email.parser import BytesParser
from itertools import groupby

from corpus.blocks import Block, Extract
from corpus.characters import clean, decode, decode_text, one_line
from corpus.encodings import declared_codec
from corpus.errors import UserError
from corpus.members import Member

# What programs put before the subject of a reply or of a message that is passed on.
_REPLY = re.compile(r"^(?:(?:re|aw|fw|fwd|wg|sv|vs|tr|rv|antw)(?:\[\d+\])?:\s*)+", re.IGNORECASE)
_QUOTED = re.compile(r"^(?:>[ ]?)+", re.MULTILINE)
# What comes after this line is the sender's name and address (RFC 3676, section 4.3).
_SIGNATURE = re.compile(r"^-- \n.*\Z", re.MULTILINE | re.DOTALL)
_SEPARATOR = re.compile(rb"(?:\A|\n\r?\n)From [^\r\n]+\d{4}\r?\n")
_SHOWN = re.compile(r"\bcid:([^\"'\s<>)]{1,500})", re.IGNORECASE)
_MOST_PARTS = 2000


def read(raw: bytes) -> Extract:
    """The text of a message: its subject is the title, its sender the author. Raises `UserError` for no message."""
    return read_message(_parsed(raw))


def read_message(message: EmailMessage) -> Extract:
    """What `read` gives, of a message that is parsed already."""
    blocks = _content(message)
    return Extract(
        blocks.blocks,
        title=_REPLY.sub("", _field(message, "Subject")),
        date=_date(message),
        language=_field(message, "Content-Language").partition(",")[0],
        author=_sender(message),
    )


def members(raw: bytes) -> Iterator[Member]:
    """The files attached to a message; a message that is attached whole is one of them."""
    return attached(_parsed(raw))


def attached(message: EmailMessage) -> Iterator[Member]:
    """What `members` gives, of a message that is parsed already."""
    parts = list(_parts(message))
    shown = {found for part in parts if part.get_content_type() == "text/html" for found in _pictures(part)}
    for number, part in enumerate(parts):
        name = _name(part)
        if part.get_content_type() == "message/rfc822":
            inner = part.get_payload()
            if isinstance(inner, list) and inner and isinstance(inner[0], EmailMessage):
                name = name if name.lower().endswith(".eml") else f"{name or f'message {number}'}.eml"
                yield Member(name, inner[0].as_bytes())
        elif not _is_body(part) and not (part.get_content_maintype() == "image" and _identity(part) in shown):
            ending = mimetypes.guess_extension(part.get_content_type()) or ""
            yield Member(name or f"part {number}{ending}", _bytes_of(part))


def messages(raw: bytes) -> Iterator[Member]:
    """The messages of a mailbox in the mbox format."""
    starts = [match.end() for match in _SEPARATOR.finditer(raw)]
    ends = [match.start() for match in _SEPARATOR.finditer(raw)][1:]
    for number, (start, end) in enumerate(zip(starts, [*ends, len(raw)], strict=True), 1):
        # Lines of text that begin like a separator were marked when they were written.
        yield Member(f"message {number}.eml", re.sub(rb"(?m)^>(>*From )", rb"\1", raw[start:end]))


def _parsed(raw: bytes) -> EmailMessage:
    message = BytesParser(EmailMessage, policy=email.policy.default).parsebytes(raw)
    if not any(message.get(name) is not None for name in ("From", "Subject", "Date", "Received", "Message-ID")):
        raise UserError("is damaged or no e-mail message; save it anew from its own program")
    return message


def _parts(message: EmailMessage) -> Iterator[EmailMessage]:
    """The parts that are no containers, in order; what is inside an attached message is its own affair."""
    waiting: list[EmailMessage] = [message]
    for _ in range(_MOST_PARTS):
        if not waiting:
            return
        part = waiting.pop(0)
        if part.get_content_maintype() == "multipart":
            inner = part.get_payload()
            waiting[:0] = [one for one in inner if isinstance(one, EmailMessage)] if isinstance(inner, list) else []
        else:
            yield part
    raise UserError(f"has more than {_MOST_PARTS:,} parts; save what matters of it as text")


def _is_body(part: EmailMessage) -> bool:
    """Whether the part is text that is read with the message, and no file that came with it."""
    kind = part.get_content_type()
    return kind in ("text/plain", "text/html") and part.get_content_disposition() != "attachment" and not _name(part)


def _pictures(part: EmailMessage) -> set[str]:
    """The identities of the pictures that a page shows."""
    return {urllib.parse.unquote(found) for found in _SHOWN.findall(_text_of(part))}


def _identity(part: EmailMessage) -> str:
    return _field(part, "Content-ID").strip("<> ")


def _content(message: EmailMessage) -> Extract:
    """What the message says, its parts one after the other."""
    for _ in _parts(message):
        pass  # Raises over too many before any is read.
    return _read(_bodies(message))


def _bodies(part: EmailMessage) -> list[EmailMessage]:
    """The parts that are text, in order, and of those that say the same in several ways the one that says it best.

    That is the text part, unless the HTML part says more or says it with headings, lists or tables.
    """
    inner = part.get_payload()
    if part.get_content_maintype() != "multipart" or not isinstance(inner, list):
        return [part] if _is_body(part) else []
    found = [_bodies(one) for one in inner if isinstance(one, EmailMessage)]
    if part.get_content_subtype() != "alternative":
        return [body for bodies in found for body in bodies]
    ways = [bodies for bodies in found if bodies]
    if len(ways) < 2:
        return ways[0] if ways else []
    # The plainest way comes first, the richest last (RFC 2046, section 5.1.4).
    plain, styled = _read(ways[0]), _read(ways[-1])
    structured = {"heading", "item"} & {block.kind for block in styled.blocks}
    return ways[-1] if structured or _size(styled) > 1.5 * _size(plain) else ways[0]


def _read(bodies: list[EmailMessage]) -> Extract:
    blocks: list[Block] = []
    for kind, parts in groupby(bodies, EmailMessage.get_content_type):
        if kind == "text/plain":
            blocks.extend(_plain("\n\n".join(_unquoted(_text_of(part)) for part in parts)).blocks)
        else:
            from corpus import html

            for part in parts:
                blocks.extend(html.read(_text_of(part).encode()).blocks)
    return Extract(tuple(blocks))


def _unquoted(text: str) -> str:
    return _SIGNATURE.sub("", _QUOTED.sub("", clean(text)))


def _plain(text: str) -> Extract:
    from corpus import plain

    return plain.read(text)


def _size(content: Extract) -> int:
    return sum(len(block.text) for block in content.blocks)


def _text_of(part: EmailMessage) -> str:
    raw = _bytes_of(part)
    declared = part.get_content_charset("") or ""
    if declared_codec(declared):
        return decode_text(raw, declared)
    return decode(raw) if raw.strip() else ""


def _bytes_of(part: EmailMessage) -> bytes:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def _field(message: EmailMessage, name: str) -> str:
    """A header as one line; the parser fails over some that are malformed, and those say nothing."""
    try:
        return one_line(str(message.get(name, "")))
    except (ValueError, TypeError, LookupError, AttributeError):
        return ""


def _name(part: EmailMessage) -> str:
    try:
        return one_line(part.get_filename() or "")
    except (ValueError, TypeError, LookupError, AttributeError):
        return ""


def _sender(message: EmailMessage) -> str:
    name, address = email.utils.parseaddr(_field(message, "From"))
    return name or address


def _date(message: EmailMessage) -> datetime.date | None:
    try:
        return email.utils.parsedate_to_datetime(_field(message, "Date")).date()
    except (ValueError, TypeError, IndexError):
        return None
