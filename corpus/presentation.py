"""PowerPoint files: a slide is a page, its title a heading."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from corpus.blocks import Block, Extract
from corpus.characters import one_line
from corpus.counting import counted
from corpus.drawings import drawing_blocks
from corpus.errors import UserError
from corpus.office import check, opened, with_properties
from corpus.packages import open_slides
from corpus.remarks import pages_named
from corpus.rows import table_blocks
from corpus.spans import Allowance, Cell, Grid

_MOST_SLIDES = 3000
_EQUATION = "{http://schemas.openxmlformats.org/officeDocument/2006/math}oMath"


def read(raw: bytes) -> Extract:
    """The content of a .pptx file: a slide's title is a heading, a slide is a page.

    Speaker notes and hidden slides are left out, which is said. Raises `UserError` for what is no such file.
    """
    check(raw)
    slides = opened(open_slides, raw)
    if len(slides.slides) > _MOST_SLIDES:
        raise UserError(f"has more than {_MOST_SLIDES:,} slides; split it into smaller documents")
    reader = _Reader()
    for number, slide in enumerate(slides.slides, 1):
        if slide._element.get("show") in ("0", "false"):
            reader.hidden.append(number)
        else:
            reader.add(slide, number)
    return replace(with_properties(reader.blocks, slides.core_properties), unread=reader.unread)


class _Reader:
    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.hidden: list[int] = []
        self._noted: list[int] = []
        self._equations: list[int] = []
        self._drawings = 0
        self._allowance = Allowance()

    @property
    def unread(self) -> str:
        """What was left out, in one line."""
        told = []
        if self.hidden:
            verb = "is a hidden slide" if len(self.hidden) == 1 else "are hidden slides"
            told.append(f"{pages_named(self.hidden)} {verb}, left out; show what readers may be told of")
        if self._noted:
            verb = "has speaker notes" if len(self._noted) == 1 else "have speaker notes"
            told.append(f"{pages_named(self._noted)} {verb}, left out; put on the slide what readers may be told of")
        if self._equations:
            verb = "has equations" if len(self._equations) == 1 else "have equations"
            told.append(f"{pages_named(self._equations)} {verb}, not read; say in words what matters of them")
        if self._drawings:
            told.append(f"{counted(self._drawings, 'drawing')} not read; say in words what matters of it")
        if self._allowance.spent:
            told.append("cells that reach over many rows were not repeated in all of them")
        return "; ".join(told)

    def add(self, slide: Any, number: int) -> None:
        if slide.has_notes_slide and (notes := slide.notes_slide.notes_text_frame) and one_line(notes.text):
            self._noted.append(number)
        if next(slide._element.iter(_EQUATION), None) is not None:
            self._equations.append(number)
        title = slide.shapes.title
        named = one_line(title.text_frame.text) if title is not None else ""
        inner: list[Block] = []
        for shape in _shapes(slide.shapes):
            if title is None or shape.shape_id != title.shape_id:
                inner.extend(self._shape(shape, slide, number))
        if named:
            level = 1 if number == 1 and (not inner or _is_centred(title)) else 2
            self.blocks.append(Block("heading", named, level, number))
        self.blocks.extend(inner)

    def _shape(self, shape: Any, slide: Any, page: int) -> list[Block]:
        if getattr(shape, "has_table", False):
            grid = Grid(self._allowance)
            return table_blocks((grid.row(_cells(row, slide)) for row in shape.table._tbl.tr_lst), page)
        if not shape.has_text_frame:
            blocks, unread = drawing_blocks(shape._element, slide.part, page)
            self._drawings += unread
            return blocks
        placeholder = shape.is_placeholder
        paragraphs = [(one_line(part.text), part.level) for part in shape.text_frame.paragraphs]
        listed = placeholder and sum(bool(text) for text, _ in paragraphs) > 1
        return [
            Block("item", f"- {text}", level, page) if listed else Block("paragraph", text, 0, page)
            for text, level in paragraphs
            if text
        ]


def _is_centred(title: Any) -> bool:
    """Whether the slide is laid out as one that names the talk."""
    from pptx.enum.shapes import PP_PLACEHOLDER

    return bool(title.is_placeholder and title.placeholder_format.type == PP_PLACEHOLDER.CENTER_TITLE)


def _shapes(shapes: Any) -> Iterator[Any]:
    """All shapes, those of groups included, in the slide's order."""
    waiting = list(shapes)
    while waiting:
        shape = waiting.pop(0)
        if hasattr(shape, "shapes"):
            waiting[:0] = list(shape.shapes)
        else:
            yield shape


def _cells(row: Any, slide: Any) -> list[Cell]:
    """The cells of a row; those that another reaches over are not among them."""
    from pptx.table import _Cell

    return [
        Cell(one_line(_Cell(cell, slide).text), cell.gridSpan, cell.rowSpan)
        for cell in row.tc_lst
        if not (cell.hMerge or cell.vMerge)
    ]
