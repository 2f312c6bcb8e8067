"""What every format reader delivers, and how it becomes the clean text of a document with its sections."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from corpus.records import Section

Kind = Literal["heading", "paragraph", "item", "row", "code"]


@dataclass(frozen=True, slots=True)
class Block:
    """One heading, paragraph, list item, table row or code block, cleaned.

    ``level`` is the depth of a heading, from 1, or of a list item, from 0. ``page`` counts from 1, 0 without pages.
    ``names`` is set on a paragraph that begins a section without a heading line of its own: the section's headings
    below the last heading block. Such a section lasts until the next paragraph or heading. ``turns`` holds the offsets
    in ``text`` at which a later page begins, each with that page.
    """

    kind: Kind
    text: str
    level: int = 0
    page: int = 0
    names: tuple[str, ...] = ()
    turns: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Extract:
    """The content of one file and what the file says of itself; empty where it says nothing.

    ``recognised`` and ``unread`` are as `Document` has them. ``final`` is false where another time more may be read of
    the same bytes by the same readers.
    """

    blocks: tuple[Block, ...]
    title: str = ""
    date: datetime.date | None = None
    language: str = ""
    author: str = ""
    recognised: tuple[int, ...] = ()
    unread: str = ""
    final: bool = True


@dataclass(frozen=True, slots=True)
class Assembled:
    """The clean text with its sections, and the offset at which each page begins."""

    text: str
    sections: tuple[Section, ...]
    pages: tuple[int, ...]


def heading_title(blocks: Sequence[Block]) -> str:
    """The text of the one heading that stands above all others and opens the document or is its main heading."""
    headings = [block for block in blocks if block.kind == "heading"]
    if not headings:
        return ""
    top = min(block.level for block in headings)
    first = headings[0]
    alone = sum(block.level == top for block in headings) == 1
    opens = blocks[0] is first or top == 1
    return heading_name(first.text) if alone and first.level == top and opens else ""


def heading_name(line: str) -> str:
    """A heading line as it stands in a heading path: without the colon that some end with."""
    return line.rstrip().removesuffix(":").rstrip()


def assemble(blocks: Sequence[Block], title: str) -> Assembled:
    """Lays the blocks out as text, one line for each but code, and finds the section that each stretch belongs to.

    The one heading that only repeats `title` stays in the text but not in the heading paths.
    """
    skipped = heading_title(blocks)
    skipped = skipped if skipped.casefold() == title.casefold() else ""
    parts: list[str] = []
    length = 0
    pages: list[int] = []
    marks: list[tuple[int, tuple[str, ...]]] = []
    headings: list[tuple[int, str]] = []
    names: tuple[str, ...] = ()
    before: Block | None = None
    for block in blocks:
        text = _laid_out(block)
        if not text.strip():
            continue
        if before is not None:
            gap = _gap(before, block)
            parts.append(gap)
            length += len(gap)
        pages.extend([length] * (block.page - len(pages)))
        if block.kind == "heading":
            name = heading_name(block.text)
            headings = [kept for kept in headings if kept[0] < block.level]
            if skipped and name == skipped:
                skipped = ""
            else:
                headings.append((block.level, name))
            names = ()
            marks.append((length, tuple(text for _, text in headings)))
        elif block.names != names and (block.names or block.kind == "paragraph"):
            names = block.names
            marks.append((length, (*(text for _, text in headings), *names)))
        elif not marks:
            marks.append((length, ()))
        for offset, page in block.turns:
            pages.extend([length + offset] * (page - len(pages)))
        parts.append(text)
        length += len(text)
        before = block
    text = "".join(parts)
    ends = [*(start for start, _ in marks[1:]), len(text)]
    sections = tuple(Section(path, start, end) for (start, path), end in zip(marks, ends, strict=False))
    return Assembled(text, sections, tuple(pages))


def _laid_out(block: Block) -> str:
    if block.kind == "code":
        return block.text.strip("\n")
    return "  " * min(block.level, 8) + block.text if block.kind == "item" else block.text


def _gap(before: Block, block: Block) -> str:
    together = before.kind == block.kind and block.kind in ("item", "row")
    led_in = block.kind in ("item", "row") and before.kind == "paragraph" and before.text.endswith(":")
    return "\n" if together or led_in else "\n\n"
