"""What a document is, and the passages it is searched by."""

import datetime
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Source:
    """Where a document comes from, as ``sources.toml`` beside it or the file itself says.

    ``precedence`` ranks documents that disagree: the higher number holds. ``language`` is a BCP 47 tag.
    """

    title: str
    origin: str = ""
    date: datetime.date | None = None
    precedence: int = 0
    language: str = ""
    author: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A stretch of a document under one heading.

    ``path`` holds the headings from the outermost to the section's own, without the document's title; it is empty for
    text before the first heading. ``start`` and ``end`` are character offsets in the document's text; a section's
    stretch ends where the next heading begins, so sections do not overlap.
    """

    path: tuple[str, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Document:
    """One file of guidance as clean text.

    ``name`` identifies the document: its path relative to the folder it was found in, with ``/`` between parts.
    ``text`` is the extracted text that every character offset of the project refers to. ``pages`` holds the offset at
    which each page begins and is empty for formats without pages. ``digest`` is the SHA-256 of the file's bytes,
    in hexadecimal. ``recognised`` holds the numbers of the pages whose text was recognised from a scan and so may
    contain slips; ``unread`` says, in one line, what of the file was not read and what to do.
    ``orders`` holds sentences that seem to be meant for a language model (see `corpus.orders`).
    """

    name: str
    text: str
    source: Source
    sections: tuple[Section, ...]
    digest: str
    pages: tuple[int, ...] = ()
    path: str = field(default="", compare=False)
    recognised: tuple[int, ...] = ()
    unread: str = ""
    orders: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        return self.source.title

    def page_at(self, offset: int) -> int | None:
        """The number of the page, counted from 1, that holds the character at ``offset``; None without pages."""
        if not self.pages:
            return None
        return max(1, sum(start <= offset for start in self.pages))


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of a document that is retrieved as a whole.

    ``document.text[start:end] == text`` always holds. ``path`` is the heading path of the section it lies in, and
    ``page`` the page on which it begins. ``id`` is unique within an index and the same for the same text at the same
    place of the same document.
    """

    id: str
    document: str
    title: str
    path: tuple[str, ...]
    text: str
    start: int
    end: int
    page: int | None = None

    @property
    def section(self) -> str:
        """The heading path as one line, for people."""
        return " > ".join(self.path)

    @property
    def searched_text(self) -> str:
        """The text as it is searched: with its title and headings, which say what the words are about."""
        heading = ". ".join((self.title, *self.path)) if self.title else ". ".join(self.path)
        return f"{heading}\n{self.text}" if heading else self.text
