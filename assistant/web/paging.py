"""Pages of PDFs as they are printed, with the cited words marked: drawn one at a time, in a process of its own."""

import hashlib
import threading
import time
from collections import OrderedDict
from pathlib import Path

from corpus.apart import ReaderProcess
from corpus.errors import UserError
from corpus.loading import read_bytes
from corpus.marking import LONGEST_QUOTE
from corpus.picture import Picture, Wanted
from corpus.records import Document
from corpus.unpacking import file_of

SECONDS = 20.0
"""The longest that one page may take to be drawn."""

MEMORY = 1_500_000_000
"""The most memory that the process may take, in bytes of address space."""

WAITING = 4
"""How many may wait for a page at once. Each holds a thread of the server, which has others for those who ask."""

KEPT = 24
"""Pictures that are kept, of some 100 kB each."""

_IDLE_S = 60.0
_TRIED_AGAIN_S = 300.0
"""A page that could not be drawn is not tried again before."""

GONE = "The original file is not there any more, so only its text is shown."
CHANGED = "The original file has changed since it was read, so only its text is shown."
INSIDE = "The original lies inside another file, so only its text is shown."
UNDRAWN = "This page cannot be drawn, so only its text is shown."
BUSY = "Other pages are being drawn just now; try again in a moment."

_Key = tuple[str, Wanted]


def has_pages(document: Document) -> bool:
    """Whether the document has pages that can be drawn."""
    return bool(document.pages) and Path(document.path).suffix.lower() == ".pdf"


def wanted(document: Document, start: int, end: int, page: int = 0) -> Wanted:
    """The page, 0 for the first with words between the characters ``start`` and ``end``, and which of them it has.

    An empty span wants the line that begins there, such as a heading.
    """
    if start == end:
        line = document.text.find("\n", start)
        end = len(document.text) if line < 0 else line
    page = page or document.page_at(start) or 1
    if page > len(document.pages):
        return Wanted(page)
    first = document.pages[page - 1]
    last = document.pages[page] if page < len(document.pages) else len(document.text)
    left, right = max(start, first), min(end, last)
    if left >= right:
        return Wanted(page)
    return Wanted(page, document.text[left:right][:LONGEST_QUOTE], document.text[first:left][-LONGEST_QUOTE:])


class Pages:
    """Draws pages of PDFs and keeps the last few.

    The file is opened only in the process that draws, under limits of time and memory, and only while it is what was
    read when it was indexed. To be called from any thread.
    """

    def __init__(self, seconds: float = SECONDS, memory: int = MEMORY) -> None:
        self._reader = ReaderProcess(seconds, memory)
        self._drawing = threading.Lock()
        self._waiting = threading.BoundedSemaphore(WAITING)
        self._kept: OrderedDict[_Key, tuple[float, Picture | None]] = OrderedDict()
        self._idle: threading.Timer | None = None

    def picture(self, document: Document, wanted: Wanted) -> Picture:
        """The page that is wanted. Raises ``UserError`` with the line that says why there is no picture of it."""
        if not self._waiting.acquire(blocking=False):
            raise UserError(BUSY)
        try:
            with self._drawing:
                return self._picture(document, wanted)
        finally:
            self._waiting.release()

    def close(self) -> None:
        """Ends the process that draws, unless it is drawing: then it ends by itself, at the latest with this one."""
        if self._drawing.acquire(timeout=1.0):
            try:
                self._rest()
            finally:
                self._drawing.release()

    def _picture(self, document: Document, wanted: Wanted) -> Picture:
        key = (document.digest, wanted)
        raw = _original(document)
        until, picture = self._kept.get(key, (0.0, None))
        if picture is None and time.monotonic() >= until:
            try:
                picture = self._reader.page(raw, wanted)
            except UserError:
                until = time.monotonic() + _TRIED_AGAIN_S
            self._keep(key, until, picture)
            self._rest_soon()
        if picture is None:
            raise UserError(UNDRAWN)
        return picture

    def _keep(self, key: _Key, until: float, picture: Picture | None) -> None:
        self._kept[key] = until, picture
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)

    def _rest_soon(self) -> None:
        if self._idle is not None:
            self._idle.cancel()
        self._idle = threading.Timer(_IDLE_S, self.close)
        self._idle.daemon = True
        self._idle.start()

    def _rest(self) -> None:
        if self._idle is not None:
            self._idle.cancel()
            self._idle = None
        self._reader.close()


def _original(document: Document) -> bytes:
    """The bytes of the document's file, if they are what was read. Raises ``UserError``."""
    path = Path(document.path)
    if file_of(path) != path:
        raise UserError(INSIDE)
    try:
        raw = read_bytes(path)
    except (UserError, ValueError) as error:
        raise UserError(GONE) from error
    if hashlib.sha256(raw).hexdigest() != document.digest:
        raise UserError(CHANGED)
    return raw
