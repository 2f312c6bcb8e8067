"""What passes between the process that reads files and the one that asks it to: sized messages, and JSON for content.

Nothing that the reading process says is executed, so a file that takes it over takes over nothing else.
"""

import base64
import datetime
import json
from typing import IO, Any, TypeVar, cast, get_args

from corpus.blocks import Block, Extract, Kind
from corpus.members import Member
from corpus.picture import LONGEST_SIDE, MOST_MARKS, Mark, Picture, Wanted

OPEN = "open:"
"""Stands before the ending of a file whose members are wanted; the answer is empty."""

NEXT = "next"
"""Stands in place of an ending and asks for the next member of what was opened."""

GO_ON = "go on"
"""Stands in place of an ending where a page of the file is to be recognised that ``waiting`` told of."""

ENOUGH = "enough"
"""The same where no more pages are; what was read of the file comes then."""

PAGE = "page:"
"""Stands before what is wanted of a page of a PDF; the answer is its picture."""

MOST_ANSWERED = 400_000_000
_KINDS = frozenset(get_args(Kind))
_WIDTH = 8
_T = TypeVar("_T")


def send(stream: IO[bytes], message: bytes) -> None:
    """Writes one message, with its length before it."""
    stream.write(len(message).to_bytes(_WIDTH, "big"))
    stream.write(message)
    stream.flush()


def receive(stream: IO[bytes]) -> bytes | None:
    """The next message, None where the other side ended or announces more than ``MOST_ANSWERED`` bytes."""
    head = stream.read(_WIDTH)
    size = int.from_bytes(head, "big")
    if len(head) < _WIDTH or size > MOST_ANSWERED:
        return None
    message = stream.read(size)
    return message if len(message) == size else None


def told(content: Extract) -> bytes:
    """``content`` as a message."""
    blocks = [[block.kind, block.text, block.level, block.page, block.names, block.turns] for block in content.blocks]
    date = content.date.isoformat() if content.date else None
    said = {"title": content.title, "date": date, "language": content.language, "author": content.author}
    scanned = {"recognised": content.recognised, "unread": content.unread, "final": content.final}
    return json.dumps({"blocks": blocks, **said, **scanned}).encode("ascii")


def told_waiting(pages: int) -> bytes:
    """How many pages of a file are still to be recognised, as a message."""
    return json.dumps({"waiting": pages}).encode("ascii")


def is_waiting(values: Any) -> bool:
    """Whether that was told, in place of content."""
    return isinstance(values, dict) and "waiting" in values


def content_of(values: Any) -> Extract:
    """The content that was `told`. Raises ``ValueError``, ``TypeError`` or ``KeyError`` for anything else."""
    date = values["date"]
    return Extract(
        tuple(_block(*block) for block in values["blocks"]),
        title=_of(str, values["title"]),
        date=None if date is None else datetime.date.fromisoformat(date),
        language=_of(str, values["language"]),
        author=_of(str, values["author"]),
        recognised=tuple(_of(int, number) for number in values["recognised"]),
        unread=_of(str, values["unread"]),
        final=_of(bool, values["final"]),
    )


def told_member(member: Member | None) -> bytes:
    """A member as a message; None says that there are no more."""
    if member is None:
        return b'{"member": null}'
    raw = base64.b64encode(member.raw).decode("ascii")
    return json.dumps({"member": [member.name, raw, member.refused]}).encode("ascii")


def member_of(values: Any) -> Member | None:
    """The member that was told. Raises ``ValueError``, ``TypeError`` or ``KeyError`` for anything else."""
    if values["member"] is None:
        return None
    name, raw, refused = values["member"]
    return Member(_of(str, name), base64.b64decode(_of(str, raw), validate=True), _of(str, refused))


def asked_page(wanted: Wanted) -> str:
    """What is wanted of a page, as it stands in place of an ending."""
    return PAGE + json.dumps([wanted.page, wanted.words, wanted.before])


def wanted_page(asked: str) -> Wanted:
    """What was asked for by `asked_page`."""
    return Wanted(*json.loads(asked.removeprefix(PAGE)))


def told_picture(picture: Picture) -> bytes:
    """A picture as a message."""
    image = base64.b64encode(picture.image).decode("ascii")
    return json.dumps([image, picture.width, picture.height, picture.pages, picture.marks]).encode("ascii")


def picture_of(values: Any) -> Picture:
    """The picture that was told. Raises ``ValueError``, ``TypeError`` or ``KeyError`` for anything else."""
    image, width, height, pages, marks = values
    raw = base64.b64decode(_of(str, image), validate=True)
    sizes = (_of(int, width), _of(int, height), _of(int, pages))
    if not (raw[:4] == b"RIFF" and raw[8:12] == b"WEBP" and all(size > 0 for size in sizes)):
        raise ValueError("no picture")
    if max(sizes[:2]) > LONGEST_SIDE + 1 or len(marks) > MOST_MARKS:
        raise ValueError("too large a picture")
    return Picture(raw, *sizes, tuple(_mark(*mark) for mark in marks))


def _mark(*shares: Any) -> Mark:
    left, top, width, height = (float(share) for share in shares)
    if not all(0.0 <= share <= 1.0 for share in (left, top, width, height)):
        raise ValueError("no mark")
    return left, top, width, height


def _block(kind: Any, text: Any, level: Any, page: Any, names: Any, turns: Any) -> Block:
    if kind not in _KINDS:
        raise ValueError("no kind of block")
    pages = tuple((_of(int, offset), _of(int, number)) for offset, number in turns)
    if max(_of(int, page), *(number for _, number in pages), 0) > 1_000_000:
        raise ValueError("no page")
    return Block(
        cast("Kind", kind), _of(str, text), _of(int, level), page, tuple(_of(str, name) for name in names), pages
    )


def _of(kind: type[_T], value: Any) -> _T:
    if not isinstance(value, kind):
        raise TypeError(f"not {kind.__name__}")
    return value
