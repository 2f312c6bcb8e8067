"""Plain text: paragraphs, list items and headings, found by how they are laid out."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from corpus.blocks import Block, Extract, heading_name
from corpus.characters import clean, one_line
from corpus.columns import tables
from corpus.counted import counted
from corpus.paged import without_page_marks
from corpus.teaser import without_teaser

_ATX = re.compile(r"(?:\A|\n)\n*#{1,6} +\S[^\n]*(?=\n\n|\Z)")
_NO_HEADING = re.compile(r"; |;$|://|\S@\S|[_|=]{2}")
_UNDERLINE = re.compile(r"^\s*([=\-~*^#_])\1{2,}\s*$")
_WIKI = re.compile(r"^\s*(=(?: ?=){0,5}) +([^\s=].{0,120}?) +\1\s*$")
_BULLET = re.compile(r"^(\s*)(?:[-*•‣◦▪●○·–—]|o(?=\s{2}))\s+(?=\S)")
_NUMBER = re.compile(r"^(\s*)(\(?(?:\d{1,3}(?:\.\d{1,3})*|[A-Za-z]|[ivxIVX]{1,5})[.)]|\d{1,3}(?:\.\d{1,3})+)\s+(?=\S)")
_PART = re.compile(
    r"^(?:Section|Chapter|Part|Article|Annex|Appendix|Schedule|Step|Phase)\s+(?:\d+(?:\.\d+)*|[IVX]+|[A-Z])\b",
    re.IGNORECASE,
)
_FIRST = frozenset({"1", "a", "A"})
_BESIDE_ALL = frozenset({"part annex", "part appendix", "part schedule"})
_STOPS = (".", ",", ";", ":", "!", "…", "—", "–", "-")
_SENTENCE_END = (".", "!", "?", ":", ";", "”", '"', ")")
_WIDEST_WRAP = 120
_LONGEST_HEADING = 80
_MOST_HEADING_WORDS = 11
# What any document may call its first section, and so no name of a document.
_OPENING_NAMES = "introduction overview summary background purpose contents abstract foreword preface scope"
_OPENINGS = frozenset(_OPENING_NAMES.split())


@dataclass(frozen=True, slots=True)
class _Line:
    """A heading, paragraph or item with what its layout says of it: ``style`` groups headings that look alike."""

    block: Block
    style: str = ""
    number: str = ""


def read(text: str) -> Extract:
    """The content of a text file; one that is written as Markdown is read as such."""
    cleaned = clean(text)
    if len(_ATX.findall(cleaned)) >= 2 or cleaned.startswith("# "):
        from corpus import markdown

        return markdown.read(cleaned)
    # Tabs part the columns of tables.
    return read_lines("\t".join(map(clean, text.split("\t"))))


def read_lines(text: str) -> Extract:
    """The content of clean text, which may hold tabs, by its lines alone."""
    lines = _lines(without_page_marks(text))
    for place, number in counted([line.block.text if line.block.kind == "paragraph" else "" for line in lines]).items():
        lines[place] = replace(lines[place], number=f"{number}.")
    blocks, title = without_teaser([line.block for line in lines])
    dropped = len(lines) - len(blocks)
    found = _with_headings([replace(line, block=block) for line, block in zip(lines[dropped:], blocks, strict=True)])
    if title:
        found = [Block("heading", title, 1), *_deeper(found)]
    return Extract(tuple(found))


def find_headings(blocks: Sequence[Block]) -> list[Block]:
    """The same blocks of a document whose format marks no headings, those that look like headings marked as such."""
    return _with_headings([_Line(block, number=_numbering(block)) for block in blocks])


def _numbering(block: Block) -> str:
    match = _NUMBER.match(block.text) if block.kind in ("item", "paragraph") else None
    return match[2] if match else ""


def _lines(text: str) -> list[_Line]:
    """Paragraphs of one or several source lines and the rows of tables, with the headings that marks show."""
    source = text.split("\n")
    found = tables(source)
    source = [line.replace("\t", " ") for line in source]
    width = _wrap_width(source)
    lines: list[_Line] = []
    parts: list[str] = []
    end = 0

    def close() -> None:
        if parts:
            lines.append(_line_of(_joined(parts, text), parts[0]))
            parts.clear()

    for place, line in enumerate(source):
        if place in found:
            close()
            lines += [_Line(Block("row", row)) for row in found[place].rows]
            end = found[place].end
        if place < end:
            continue
        following = source[place + 1] if place + 1 < len(source) else ""
        wiki = _WIKI.match(line)
        if not line.strip():
            close()
        elif wiki:
            close()
            lines.append(_Line(Block("heading", one_line(wiki[2]), wiki[1].count("=")), f"wiki{wiki[1].count('=')}"))
        elif _UNDERLINE.match(line):
            close()
        elif _UNDERLINE.match(following) and len(line.strip()) <= 120 and not parts:
            lines.append(_Line(Block("heading", one_line(line), 1), f"underline{following.strip()[0]}"))
        else:
            if parts and not _continues(parts[-1], line, width):
                close()
            parts.append(line)
    close()
    return lines


def _line_of(text: str, first: str) -> _Line:
    bullet = _BULLET.match(first)
    if bullet:
        return _Line(Block("item", "- " + text[len(bullet[0].strip()) :].lstrip(), min(len(bullet[1]) // 2, 8)))
    number = _NUMBER.match(first)
    if number:
        return _Line(Block("item", text, min(len(number[1]) // 2, 8)), number=number[2])
    return _Line(Block("paragraph", text))


def _wrap_width(source: Sequence[str]) -> int:
    """The width at which the text was wrapped, or 0 where each line is a paragraph of its own."""
    inner = [line.rstrip() for line, after in pairwise(source) if line.strip() and after.strip()]
    if len(inner) < 2:
        return 0
    lengths = sorted(len(line) for line in inner)
    width = lengths[int(len(lengths) * 0.95)] if len(lengths) > 20 else lengths[-1]
    finished = sum(line.endswith(_SENTENCE_END) for line in inner)
    return 0 if width > _WIDEST_WRAP or finished > 0.7 * len(inner) else width


def _continues(before: str, line: str, width: int) -> bool:
    if not width or _BULLET.match(line) or _NUMBER.match(line):
        return False
    if len(before.rstrip()) + 1 + len(line.split()[0]) >= 0.8 * width:
        return True
    return line.lstrip()[0].islower() and not before.rstrip().endswith((".", "!", "?", ":"))


def _joined(parts: Sequence[str], text: str) -> str:
    """Wrapped lines as one; a word broken at a hyphen is whole again where the document writes it whole elsewhere."""
    joined = parts[0].strip()
    for part in parts[1:]:
        part = part.strip()
        if joined.endswith("-") and not joined.endswith(" -") and part[:1].isalpha():
            whole = joined.rsplit(None, 1)[-1].removesuffix("-") + part.split()[0].rstrip(".,;:)")
            joined = joined.removesuffix("-") + part if whole in text else joined + part
        else:
            joined += " " + part
    return one_line(joined)


def _with_headings(lines: Sequence[_Line]) -> list[Block]:
    repeated = _repeated_prefixes(lines)
    marked = [
        line if line.block.text.partition(": ")[0] in repeated else _marked(lines, place)
        for place, line in enumerate(lines)
    ]
    titled = _opens_with_title(marked)
    # Styles nest in the order in which they first appear below one another; annexes stand beside all else.
    stack: list[str] = []
    blocks: list[Block] = []
    for place, line in enumerate(marked):
        if line.block.kind != "heading":
            blocks.append(line.block)
        elif place == 0 and titled:
            blocks.append(replace(line.block, level=1))
        elif place == 1 and titled and _is_subtitle(marked):
            blocks.append(replace(line.block, kind="paragraph", level=0))
        else:
            style = line.style
            if style in stack:
                del stack[stack.index(style) + 1 :]
            elif style in _BESIDE_ALL or (titled and style == marked[0].style):
                stack = [style]
            else:
                stack.append(style)
            blocks.append(replace(line.block, level=len(stack) + titled))
    return blocks


def _repeated_prefixes(lines: Sequence[_Line]) -> set[str]:
    """What stands before a colon on several lines names a speaker or a field, and such lines are no headings."""
    seen = Counter(before for line in lines for before, colon, _ in [line.block.text[:200].partition(": ")] if colon)
    return {prefix for prefix, count in seen.items() if count > 1}


def _is_subtitle(marked: Sequence[_Line]) -> bool:
    """A line between the title and the first heading, such as a version or an author."""
    return len(marked) > 2 and marked[1].style == "short" and marked[2].block.kind == "heading"


def _opens_with_title(marked: Sequence[_Line]) -> bool:
    """Whether the first line is the document's name and not its first section's."""
    if not marked or marked[0].block.kind != "heading" or marked[0].number or marked[0].style.startswith("number"):
        return False
    return heading_name(marked[0].block.text).casefold() not in _OPENINGS


def _marked(lines: Sequence[_Line], place: int) -> _Line:
    """The line at `place`, made a heading if it looks like one where it stands."""
    line = lines[place]
    block = line.block
    text = block.text
    if block.kind not in ("paragraph", "item") or len(text) > _LONGEST_HEADING or not _leads(lines, place):
        return line
    if text.endswith(_STOPS) and not _is_label_line(lines, place):
        return line
    if _NO_HEADING.search(text):
        return line
    style = ""
    letters = [letter for letter in text if letter.isalpha()]
    if line.number:
        if _in_numbered_list(lines, place):
            return line
        style = f"number{line.number.strip('().').count('.')}" + _number_kind(line.number)
    elif block.kind == "item":
        return line
    elif _PART.match(text):
        style = "part " + text.split()[0].casefold()
    elif len(letters) >= 4 and all(letter.isupper() for letter in letters):
        style = "capitals"
    elif text.split()[0] != text.split()[0].lower() and len(text.split()) <= _MOST_HEADING_WORDS:
        style = "short"
    return replace(line, block=replace(block, kind="heading", level=1), style=style) if style else line


def _number_kind(number: str) -> str:
    core = number.strip("().")
    return "n" if core[0].isdigit() else "A" if core.isupper() else "a"


def _is_label_line(lines: Sequence[_Line], place: int) -> bool:
    """A few words and a colon over a paragraph, as in "Background:"; over a list they lead in to it."""
    text = lines[place].block.text
    after = lines[place + 1].block if place + 1 < len(lines) else None
    return text.endswith(":") and len(text.split()) <= 4 and after is not None and after.kind == "paragraph"


def _leads(lines: Sequence[_Line], place: int) -> bool:
    """Whether real text follows: at once, or after one or two more lines that may be headings themselves."""
    for near in range(place + 1, min(place + 4, len(lines))):
        line = lines[near]
        block = line.block
        if block.kind == "paragraph" and (len(block.text) > _LONGEST_HEADING or block.text.endswith(_SENTENCE_END)):
            return True
        if block.kind in ("row", "code") or (block.kind == "paragraph" and ": " in block.text):
            return True
        if block.kind == "item" and (not line.number or _in_numbered_list(lines, near)):
            return True
    return False


def _in_numbered_list(lines: Sequence[_Line], place: int) -> bool:
    """Numbers of one kind and depth on neighbouring lines count the items of a list, unless the second begins anew."""
    return any(_counts_on(*pair) for pair in pairwise(lines[max(0, place - 1) : place + 2]))


def _counts_on(line: _Line, after: _Line) -> bool:
    """Whether the second of two neighbouring lines may go on counting from the first."""
    if not (line.number and after.number and _number_kind(line.number) == _number_kind(after.number)):
        return False
    one, other = (each.number.strip("().").split(".") for each in (line, after))
    anew = other[-1] in _FIRST and (one[-1] not in _FIRST or line.block.text.isupper() > after.block.text.isupper())
    return len(one) == len(other) and not anew


def _deeper(blocks: Sequence[Block]) -> list[Block]:
    return [replace(block, level=block.level + 1) if block.kind == "heading" else block for block in blocks]
