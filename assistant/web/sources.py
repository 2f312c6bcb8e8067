"""The source panel: a document's text at a place, with the cited words marked."""

from collections.abc import Iterator
from dataclasses import dataclass

from assistant.web.show import show
from corpus.errors import UserError
from corpus.records import Document, Section

AROUND = 20_000


@dataclass(frozen=True, slots=True)
class Excerpt:
    """What the panel shows: where it is, and the text around it as HTML with the cited words in ``<mark>``.

    ``html`` has one element with the id ``cited``: the marked words, or the heading of the section asked for.
    ``before`` and ``after`` say whether the document goes on beyond the excerpt.
    """

    title: str
    document: str
    section: str
    page: int | None
    html: str
    before: bool
    after: bool


def excerpt(document: Document, start: int, end: int) -> Excerpt:
    """The text around the characters ``start`` to ``end``, which are marked; an empty span marks a section's heading.

    Raises ``UserError`` where the document has no such characters.
    """
    if not 0 <= start <= end <= len(document.text) or start == len(document.text) > 0:
        raise UserError("The document has changed since it was cited: ask again to get its present words.")
    sections = _sections(document)
    first, last = max(0, start - AROUND), min(len(document.text), end + AROUND)
    shown = [section for section in sections if section.end > first and section.start < last] or sections[:1]
    here = next((section for section in shown if section.start <= start < section.end), shown[0])
    parts = [
        _section_html(document, section, max(first, section.start), min(last, section.end), start, end)
        for section in shown
    ]
    return Excerpt(
        title=document.title or document.name,
        document=document.name,
        section=" > ".join(here.path),
        page=document.page_at(start),
        html="".join(parts),
        before=first > 0,
        after=last < len(document.text),
    )


def find_words(document: Document, words: str, length: int) -> tuple[int, int]:
    """Where a passage stands that begins with ``words`` and is ``length`` characters long; raises ``UserError``."""
    start = document.text.find(words)
    if start < 0 or not words:
        raise UserError("Those words are no longer in the document: ask again to get its present words.")
    return start, min(len(document.text), start + max(length, len(words)))


def find_section(document: Document, section: str) -> tuple[int, int]:
    """Where the section with the heading path ``section`` (headings joined by " > ") begins, as an empty span.

    The whole document where no heading is named. Raises ``UserError`` when there is no such section.
    """
    if not section:
        return 0, 0
    for candidate in document.sections:
        if " > ".join(candidate.path) == section:
            return candidate.start, candidate.start
    raise UserError("That section is no longer in the document.")


def _sections(document: Document) -> list[Section]:
    """The document's sections, with stretches before, between and after them as sections without a heading."""
    sections: list[Section] = []
    reached = 0
    for section in sorted(document.sections, key=lambda section: section.start):
        if section.start > reached:
            sections.append(Section((), reached, section.start))
        sections.append(section)
        reached = max(reached, section.end)
    if reached < len(document.text) or not sections:
        sections.append(Section((), reached, len(document.text)))
    return sections


def _section_html(document: Document, section: Section, first: int, last: int, start: int, end: int) -> str:
    wanted = start == end and section.start == start
    target = ' id="cited"' if wanted else ""
    heading, body = "", first
    if section.path and first == section.start:
        line_end = document.text.find("\n", first, last)
        line_end = last if line_end < 0 else line_end
        line = document.text[first:line_end]
        if _same(line, section.path[-1]) and not start < line_end < end:
            body = line_end
        level = min(3 + len(section.path) - 1, 6)
        inner = _marked(document.text, first, line_end, start, end) if body == line_end else show(section.path[-1])
        heading = f'<h{level}{target} tabindex="-1">{inner}</h{level}>'
    elif wanted:
        heading = f"<span{target}></span>"
    spans = _paragraphs(document.text, body, last)
    paragraphs = "".join(f"<p>{_marked(document.text, left, right, start, end)}</p>" for left, right in spans)
    return f"<section>{heading}{paragraphs}</section>"


def _same(line: str, heading: str) -> bool:
    return line.strip().strip("#*_ ").casefold() == heading.strip().casefold()


def _paragraphs(text: str, first: int, last: int) -> Iterator[tuple[int, int]]:
    """The spans between blank lines."""
    position = first
    while position < last:
        gap = text.find("\n\n", position, last)
        right = last if gap < 0 else gap
        if text[position:right].strip():
            yield position, right
        position = right + 2


def _marked(text: str, left: int, right: int, start: int, end: int) -> str:
    """Characters ``left`` to ``right`` as HTML, those of them between ``start`` and ``end`` marked."""
    mark_from, mark_to = max(left, start), min(right, end)
    if mark_from >= mark_to:
        return show(text[left:right].strip("\n"))
    target = ' id="cited" tabindex="-1"' if mark_from == start else ""
    before, inside, after = text[left:mark_from], text[mark_from:mark_to], text[mark_to:right]
    return f"{show(before)}<mark{target}>{show(inside)}</mark>{show(after)}"
