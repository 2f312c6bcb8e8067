"""Documents into passages: the pieces that are searched, retrieved and cited as a whole."""

import hashlib
from dataclasses import dataclass
from itertools import pairwise

from corpus.blocks import heading_name
from corpus.records import Document, Passage, Section
from corpus.sentences import sentences

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Splitter:
    """How large passages are, in characters; an index records these numbers, for other numbers make other passages.

    Lines of a section are merged up to ``target``. A line longer than ``limit`` is split at sentence ends, and nothing
    is longer than ``limit``. A remainder shorter than ``least`` joins the passage before it where both fit ``limit``.
    """

    target: int = 700
    limit: int = 1000
    least: int = 150

    def split(self, document: Document) -> tuple[Passage, ...]:
        """The passages of `document` in the order of its text; each lies within one section."""
        passages: list[Passage] = []
        following = [*document.sections[1:], None]
        for section, after in zip(document.sections, following, strict=True):
            begin = _body_start(document, section)
            spans = self._spans(document.text, begin, section.end)
            nested = after is not None and after.path[: len(section.path)] == section.path
            if not spans and not nested:
                spans = self._spans(document.text, section.start, section.end)
            passages.extend(_passage(document, section, span) for span in spans)
        return tuple(passages)

    def _spans(self, text: str, begin: int, end: int) -> list[Span]:
        merged: list[Span] = []
        for start, stop in self._atoms(text, begin, end):
            if merged and self._joins(text, merged[-1], stop):
                merged[-1] = (merged[-1][0], stop)
            else:
                merged.append((start, stop))
        if len(merged) > 1:
            (first, _), (start, stop) = merged[-2:]
            if stop - start < self.least and stop - first <= self.limit:
                merged[-2:] = [(first, stop)]
        return merged

    def _joins(self, text: str, current: Span, stop: int) -> bool:
        length = stop - current[0]
        leads_in = text[: current[1]].endswith(":")
        return length <= self.target or (length <= self.limit and leads_in)

    def _atoms(self, text: str, begin: int, end: int) -> list[Span]:
        atoms: list[Span] = []
        start = begin
        for line in text[begin:end].split("\n"):
            left = start + len(line) - len(line.lstrip())
            right = start + len(line.rstrip())
            if right > left:
                atoms.extend([(left, right)] if right - left <= self.limit else self._pieces(text, left, right))
            start += len(line) + 1
        return atoms

    def _pieces(self, text: str, left: int, right: int) -> list[Span]:
        """Sentences of one long line, gathered into pieces of about equal length, none above the target if it can."""
        count = -(-(right - left) // self.target)
        size = (right - left) / count
        starts = [left + start for start, _ in sentences(text[left:right])]
        starts = [left, *(start for start in starts if start > left), right]
        pieces: list[Span] = []
        begin = left
        for start, after in pairwise(starts):
            if start > begin and after - begin > size * 1.15:
                pieces.append((begin, start))
                begin = start
        pieces.append((begin, right))
        return [span for piece in pieces for span in self._cut(text, *piece)]

    def _cut(self, text: str, left: int, right: int) -> list[Span]:
        """One sentence that is itself too long, cut between clauses or else words."""
        spans: list[Span] = []
        while right - left > self.limit:
            window = text[left : left + self.limit]
            cut = max((window.rfind(mark, self.target // 2) + len(mark) for mark in ("; ", ", ", ": ")), default=0)
            if cut < self.target // 2 + 1:
                cut = window.rfind(" ", self.target // 2) + 1 or self.limit
            spans.append((left, left + cut))
            left += cut
        return [_stripped(text, span) for span in (*spans, (left, right)) if text[span[0] : span[1]].strip()]


def split(document: Document, splitter: Splitter | None = None) -> tuple[Passage, ...]:
    """The passages of `document`, by `splitter` or its default sizes."""
    return (splitter or Splitter()).split(document)


def _body_start(document: Document, section: Section) -> int:
    """Where the section's text begins after its heading line, if it has one: headings are searched with passages."""
    line_end = document.text.find("\n", section.start, section.end)
    line_end = section.end if line_end < 0 else line_end
    line = heading_name(document.text[section.start : line_end])
    name = section.path[-1] if section.path else document.title
    return line_end if line == name else section.start


def _passage(document: Document, section: Section, span: Span) -> Passage:
    start, end = _stripped(document.text, span)
    text = document.text[start:end]
    key = hashlib.sha256(f"{document.name}\0{start}\0{text}".encode()).hexdigest()[:16]
    return Passage(
        id=key,
        document=document.name,
        title=document.title,
        path=section.path,
        text=text,
        start=start,
        end=end,
        page=document.page_at(start),
    )


def _stripped(text: str, span: Span) -> Span:
    piece = text[span[0] : span[1]]
    return span[0] + len(piece) - len(piece.lstrip()), span[0] + len(piece.rstrip())
