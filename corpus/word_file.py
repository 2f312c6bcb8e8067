"""Word files: every text that a reader of the finished document sees, with the numbers that Word counts."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from corpus.blocks import Block, Extract
from corpus.characters import one_line
from corpus.counting import counted
from corpus.drawings import drawing_blocks
from corpus.equations import linear
from corpus.numbering import Numbering
from corpus.office import check, opened, with_properties
from corpus.packages import open_word
from corpus.rows import table_blocks
from corpus.spans import MOST_ACROSS, Allowance, Cell, Grid
from corpus.word_styles import Styles, numbered

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_COMPATIBLE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_BOX = f"{_W}txbxContent"
# What stands around content without being any: controls, tags, fields, links, and what was inserted or moved here.
_AROUND_TAGS = "sdt sdtContent customXml smartTag ins moveTo fldSimple hyperlink dir bdo ruby rubyBase"
_EQUATION = f"{_M}oMath"
_AROUND = frozenset({*(f"{_W}{name}" for name in _AROUND_TAGS.split()), f"{_M}oMathPara"})
_WRITTEN = {
    f"{_W}tab": " ",
    f"{_W}ptab": " ",
    f"{_W}br": "\n",
    f"{_W}cr": "\n",
    f"{_W}noBreakHyphen": "-",
}
_NOTES = {f"{_W}footnoteReference": "footnote", f"{_W}endnoteReference": "endnote"}
_LONGEST_OUTLINED = 200


@dataclass(frozen=True, slots=True)
class _Parts:
    """What a file consists of; ``notes`` holds foot- and endnotes by kind and number."""

    word: Any
    styles: Styles
    numbering: Numbering
    notes: dict[tuple[str, str], Any]


def read(raw: bytes) -> Extract:
    """The content of a .docx file: headings, paragraphs, numbered lists and table rows with their column names.

    Tracked changes are read as accepted, foot- and endnotes and text boxes follow the paragraph that they belong to.
    Raises `UserError` for what is no such file.
    """
    check(raw)
    parts = opened(_parts, raw)
    reader = _Reader(parts)
    blocks = reader.blocks(parts.word.element.body)
    content = with_properties(blocks, parts.word.core_properties)
    return replace(content, language=content.language or reader.language, unread=reader.unread)


def _parts(file: Any) -> _Parts:
    word = open_word(file)
    notes = {}
    for kind in ("footnote", "endnote"):
        root = _related(word, f"{kind}s")
        for note in root.iterchildren(f"{_W}{kind}") if root is not None else ():
            if not note.get(f"{_W}type"):
                notes[kind, note.get(f"{_W}id", "")] = note
    return _Parts(word, Styles(word.styles.element), Numbering(_related(word, "numbering")), notes)


def _related(word: Any, kind: str) -> Any:
    """The content of the part of that kind, None where there is none."""
    from docx.oxml import parse_xml

    for relation in word.part.rels.values():
        if relation.reltype.endswith(f"/{kind}") and not relation.is_external:
            part = relation.target_part
            return part.element if hasattr(part, "element") else parse_xml(part.blob)
    return None


class _Reader:
    def __init__(self, parts: _Parts) -> None:
        self._parts = parts
        self._allowance = Allowance()
        self._languages: Counter[str] = Counter()
        # Text boxes, notes and drawings of the paragraph that is being read.
        self._beside: list[Block] = []
        self._left_out: Counter[str] = Counter()

    @property
    def language(self) -> str:
        """What most of the text is marked as."""
        return one_line(max(self._languages, key=lambda name: self._languages[name], default=""))

    @property
    def unread(self) -> str:
        """What was left out, in one line."""
        told = []
        if count := self._left_out["hidden"]:
            told.append(f"{counted(count, 'piece')} of hidden text left out")
        if count := self._left_out["inserted"]:
            told.append(f"{counted(count, 'inserted file')} not read; paste the text itself")
        if count := self._left_out["drawing"]:
            told.append(f"{counted(count, 'drawing')} not read; say in words what matters of it")
        if self._allowance.spent:
            told.append("cells that reach over many rows were not repeated in all of them")
        return "; ".join(told)

    def blocks(self, container: Any) -> list[Block]:
        """The content of a body, a cell, a text box or a note."""
        blocks: list[Block] = []
        for element in self._within(container):
            if element.tag == f"{_W}tbl":
                blocks.extend(self._table(element))
            elif element.tag == f"{_W}p":
                outer, self._beside = self._beside, []
                blocks.extend(self._paragraph(element))
                blocks.extend(self._beside)
                self._beside = outer
            elif element.tag == f"{_W}altChunk":
                self._left_out["inserted"] += 1
        return blocks

    def _within(self, container: Any) -> Iterator[Any]:
        """The elements in it, without those that only stand around others."""
        waiting = [iter(container)]
        while waiting:
            element = next(waiting[-1], None)
            if element is None:
                waiting.pop()
            elif element.tag in _AROUND:
                if not _is_filler(element):
                    waiting.append(iter(element))
            elif element.tag == f"{_COMPATIBLE}AlternateContent":
                waiting.append(iter(_chosen(element)))
            else:
                yield element

    def _paragraph(self, paragraph: Any) -> list[Block]:
        properties = paragraph.find(f"{_W}pPr")
        name = _value(properties, "pStyle")
        style = self._parts.styles.named(name)
        if style.contents:
            return []
        text = one_line("".join(self._text(paragraph, style.language or self._parts.styles.language)))
        number, at = numbered(properties)
        number, own = (number, at) if number else (style.number, style.at if at is None else at)
        mark = ""
        if number and number != "0" and (text or not _is_gone(properties)):
            at = self._parts.numbering.level_of_style(number, name) if own is None else own
            mark = self._parts.numbering.next(number, at)
        if not text:
            return []
        level = 1 if style.title else style.heading + 1 if style.heading else 0
        outline = _value(properties, "outlineLvl")
        if not level and outline.isdecimal() and int(outline) < 9 and len(text) <= _LONGEST_OUTLINED:
            level = int(outline) + 2
        counts = mark not in ("", "-")
        if level:
            return [Block("heading", f"{mark} {text}" if counts else text, level)]
        if mark or (style.listed and number != "0"):
            return [Block("item", f"{mark or '-'} {text}", at or 0)]
        return [Block("paragraph", text)]

    def _text(self, container: Any, language: str) -> Iterator[str]:
        for element in self._within(container):
            if element.tag == _EQUATION:
                yield linear(element)
            elif element.tag == f"{_W}r":
                properties = element.find(f"{_W}rPr")
                if _is_on(properties, "vanish"):
                    self._left_out["hidden"] += any(text.text for text in element.iter(f"{_W}t"))
                    continue
                said = _value(properties, "lang") or language
                for piece in self._run(element):
                    self._languages[said] += len(piece)
                    yield piece

    def _run(self, run: Any) -> Iterator[str]:
        for element in self._within(run):
            if element.tag == f"{_W}t":
                yield element.text or ""
            elif element.tag in _WRITTEN:
                yield _WRITTEN[element.tag]
            elif element.tag in _NOTES:
                # Each once, however often it is referred to.
                note = self._parts.notes.pop((_NOTES[element.tag], element.get(f"{_W}id", "")), None)
                if note is not None:
                    self._beside.extend(self.blocks(note))
            elif element.tag == f"{_W}r":
                yield from self._run(element)
            elif element.tag in (f"{_W}drawing", f"{_W}pict", f"{_W}object"):
                self._drawing(element)

    def _drawing(self, drawing: Any) -> None:
        for box in _outermost(drawing, _BOX):
            self._beside.extend(self.blocks(box))
        blocks, unread = drawing_blocks(drawing, self._parts.word.part)
        self._beside.extend(blocks)
        self._left_out["drawing"] += unread

    def _table(self, table: Any) -> list[Block]:
        rows = [
            [cell for cell in self._within(row) if cell.tag == f"{_W}tc"]
            for row in self._within(table)
            if row.tag == f"{_W}tr" and row.find(f"{_W}trPr/{_W}del") is None
        ]
        read = [[self.blocks(cell) for cell in row] for row in rows]
        inner = [blocks for row in read for blocks in row]
        # One cell a row frames text, and headings in cells mean that the table only lays the page out.
        if all(len(row) <= 1 for row in rows) or any(block.kind == "heading" for blocks in inner for block in blocks):
            return [block for blocks in inner for block in blocks]
        grid = Grid(self._allowance)
        told = table_blocks(grid.row(cells) for cells in _cells(rows, read))
        # The rows of tables in its cells come after those of the table.
        return [*told, *(block for blocks in inner for block in blocks if block.kind == "row")]


def _cells(rows: list[list[Any]], read: list[list[list[Block]]]) -> list[list[Cell]]:
    """The cells of each row, from the last row up, for a cell says only that it goes on from the one above."""
    laid: list[list[Cell]] = []
    below: dict[int, int] = {}
    for row, blocks in zip(reversed(rows), reversed(read), strict=True):
        cells: list[Cell] = []
        above: dict[int, int] = {}
        before = row[0].getparent() if row else None
        properties = _around_row(before)
        column = min(_whole(_value(properties, "gridBefore"), 0), MOST_ACROSS)
        cells.extend([Cell("")] * column)
        head = _is_on(properties, "tblHeader")
        for cell, content in zip(row, blocks, strict=True):
            own = cell.find(f"{_W}tcPr")
            across = min(max(_whole(_value(own, "gridSpan"), 1), 1), MOST_ACROSS)
            merged = own.find(f"{_W}vMerge") if own is not None else None
            if merged is not None and merged.get(f"{_W}val", "continue") != "restart":
                above[column] = below.get(column, 0) + 1
            else:
                text = " ".join(block.text.removeprefix("- ") for block in content if block.kind != "row")
                cells.append(Cell(text, across, 1 + below.get(column, 0), head))
            column += across
        below = above
        laid.append(cells)
    return laid[::-1]


def _around_row(element: Any) -> Any:
    """The properties of the row that a cell lies in, through what stands around the cell."""
    while element is not None and element.tag != f"{_W}tr":
        element = element.getparent()
    return element.find(f"{_W}trPr") if element is not None else None


def _is_filler(element: Any) -> bool:
    """Whether a content control only prompts for text, or holds the table of contents."""
    properties = element.find(f"{_W}sdtPr") if element.tag == f"{_W}sdt" else None
    if properties is None:
        return False
    gallery = properties.find(f"{_W}docPartObj/{_W}docPartGallery")
    contents = gallery is not None and gallery.get(f"{_W}val") == "Table of Contents"
    return contents or _is_on(properties, "showingPlcHdr")


def _chosen(element: Any) -> Any:
    """Of one content in several forms, the first that holds text."""
    forms = [form for form in element if form.tag in (f"{_COMPATIBLE}Choice", f"{_COMPATIBLE}Fallback")]
    return next((form for form in forms if next(form.iter(f"{_W}t"), None) is not None), forms[0] if forms else ())


def _outermost(element: Any, tag: str) -> Iterator[Any]:
    """The elements of that tag that lie in no other; of content in several forms, in the chosen one only."""
    waiting = [iter(element)]
    while waiting:
        found = next(waiting[-1], None)
        if found is None:
            waiting.pop()
        elif found.tag == tag:
            yield found
        else:
            waiting.append(iter(_chosen(found) if found.tag == f"{_COMPATIBLE}AlternateContent" else found))


def _is_gone(properties: Any) -> bool:
    """Whether the end of a paragraph is a tracked deletion."""
    return properties is not None and properties.find(f"{_W}rPr/{_W}del") is not None


def _is_on(properties: Any, name: str) -> bool:
    found = properties.find(f"{_W}{name}") if properties is not None else None
    return found is not None and found.get(f"{_W}val", "true") not in ("0", "false", "off")


def _value(properties: Any, name: str) -> str:
    found = properties.find(f"{_W}{name}") if properties is not None else None
    return (found.get(f"{_W}val") or "") if found is not None else ""


def _whole(text: str, otherwise: int) -> int:
    return int(text) if text.isdecimal() and len(text) < 7 else otherwise
