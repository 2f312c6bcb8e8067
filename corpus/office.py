"""Word, PowerPoint, Excel and CSV files."""

import csv
import datetime
import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from corpus.blocks import Block, Extract
from corpus.characters import decode, one_line
from corpus.errors import UserError
from corpus.packages import open_slides, open_word
from corpus.rows import row_line

_MOST_UNPACKED = 300_000_000
_MOST_ROWS = 200_000
_MOST_SLIDES = 3000
# Those that stand in numbers and sentences too come last.
_DELIMITERS = "\t;|,"
_SAMPLE = 10_000
_OLD_OR_LOCKED = b"\xd0\xcf\x11\xe0"
# What the programs write where nobody has named the file.
_NO_TITLES = frozenset({"PowerPoint Presentation", "Word Document", "Untitled"})
_HEADING_STYLE = re.compile(r"heading (\d)", re.IGNORECASE)


def read_word(raw: bytes) -> Extract:
    """The content of a .docx file: headings by their styles, lists, and table rows with their column names."""
    _check(raw)
    from docx.table import Table

    word = _opened(open_word, raw)
    blocks: list[Block] = []
    for part in word.iter_inner_content():
        blocks.extend(_table(part) if isinstance(part, Table) else _word_paragraph(part))
    return _extract(blocks, word.core_properties)


def read_slides(raw: bytes) -> Extract:
    """The content of a .pptx file: a slide's title is a heading, a slide is a page, and its notes are left out."""
    _check(raw)
    slides = _opened(open_slides, raw)
    if len(slides.slides) > _MOST_SLIDES:
        raise UserError(f"has more than {_MOST_SLIDES:,} slides; split it into smaller documents")
    blocks: list[Block] = []
    for number, slide in enumerate(slides.slides, 1):
        title = slide.shapes.title
        if title is not None and one_line(title.text_frame.text):
            level = 1 if number == 1 and _opens(slide, title) else 2
            blocks.append(Block("heading", one_line(title.text_frame.text), level, number))
        for shape in _shapes(slide.shapes):
            if title is None or shape.shape_id != title.shape_id:
                blocks.extend(_shape(shape, number))
    return _extract(blocks, slides.core_properties)


def read_workbook(raw: bytes) -> Extract:
    """The content of an .xlsx file: a sheet is a section, and each row keeps the names of its columns."""
    _check(raw)
    from openpyxl import load_workbook

    book = _opened(lambda file: load_workbook(file, read_only=True, data_only=True, keep_links=False), raw)
    blocks: list[Block] = []
    for sheet in book.worksheets:
        rows = _rows([_shown(cell) for cell in row] for row in sheet.iter_rows(values_only=True))
        if rows:
            blocks.append(Block("heading", one_line(sheet.title), 2))
            blocks.extend(rows)
    return _extract(blocks, book.properties)


def read_table(raw: bytes) -> Extract:
    """The content of a .csv or .tsv file: each row with the names of its columns, which the first row gives."""
    # Excel's own first line, which only names the mark between the cells.
    text = re.sub(r"\Asep=.\r?\n", "", decode(raw).replace("\0", ""))
    reader = csv.reader(io.StringIO(text), delimiter=_delimiter(text[:_SAMPLE]))
    try:
        return Extract(tuple(_rows(reader)))
    except csv.Error as error:
        raise UserError(f"cannot be read as a table: {one_line(str(error))}; save it anew as CSV") from error


def _delimiter(text: str) -> str:
    """The mark between cells: the one that gives the most rows the same number of cells."""
    agreeing = {}
    for mark in _DELIMITERS:
        try:
            counts = Counter(len(row) for row in csv.reader(io.StringIO(text), delimiter=mark) if len(row) > 1)
        except csv.Error:
            continue  # A cell too long to be one; whoever reads the whole says so.
        agreeing[mark] = max(counts.values(), default=0)
    best = max(agreeing, key=lambda mark: agreeing[mark], default=",")
    return best if agreeing.get(best) else ","


def _check(raw: bytes) -> None:
    """Refuses what is no office file, or unpacks to too much."""
    if raw.startswith(_OLD_OR_LOCKED):
        raise UserError(
            "is protected by a password or in an old format; save a copy without one as .docx, .pptx or .xlsx"
        )
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            size = sum(item.file_size for item in archive.infolist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise UserError("is damaged or no office file; check that it opens in its own program") from error
    if size > _MOST_UNPACKED:
        raise UserError(f"unpacks to more than {_MOST_UNPACKED // 1_000_000} MB; split it into smaller documents")


def _opened(opener: Any, raw: bytes) -> Any:
    """What a library opens; for damaged files they raise errors of many kinds, their own and their parsers'."""
    try:
        return opener(io.BytesIO(raw))
    except MemoryError:
        raise
    except Exception as error:
        raise UserError("is damaged or of another format; check that it opens in its own program") from error


def _word_paragraph(paragraph: Any) -> list[Block]:
    text = one_line(paragraph.text)
    if not text:
        return []
    style = paragraph.style.name if paragraph.style is not None else ""
    heading = _HEADING_STYLE.match(style)
    if heading or style == "Title":
        return [Block("heading", text, int(heading[1]) + 1 if heading else 1)]
    properties = paragraph._p.pPr
    numbered = properties is not None and properties.numPr is not None
    if numbered or style.startswith("List"):
        depth = properties.numPr.ilvl.val if numbered and properties.numPr.ilvl is not None else 0
        return [Block("item", f"- {text}", int(depth))]
    return [Block("paragraph", text)]


def _table(table: Any, page: int = 0) -> list[Block]:
    return _rows(([cell.text for cell in row.cells] for row in table.rows), page)


def _opens(slide: Any, title: Any) -> bool:
    """Whether the slide only names the talk: it is laid out so, or nothing else stands on it."""
    from pptx.enum.shapes import PP_PLACEHOLDER

    if title.is_placeholder and title.placeholder_format.type == PP_PLACEHOLDER.CENTER_TITLE:
        return True
    return not any(_shape(shape, 1) for shape in _shapes(slide.shapes) if shape.shape_id != title.shape_id)


def _shapes(shapes: Any) -> Iterator[Any]:
    """All shapes, those of groups included, in the slide's order."""
    waiting = list(shapes)
    while waiting:
        shape = waiting.pop(0)
        if hasattr(shape, "shapes"):
            waiting[:0] = list(shape.shapes)
        else:
            yield shape


def _shape(shape: Any, page: int) -> list[Block]:
    if getattr(shape, "has_table", False):
        return _table(shape.table, page)
    if not shape.has_text_frame:
        return []
    placeholder = shape.is_placeholder
    paragraphs = [(one_line(part.text), part.level) for part in shape.text_frame.paragraphs]
    listed = placeholder and sum(bool(text) for text, _ in paragraphs) > 1
    return [
        Block("item", f"- {text}", level, page) if listed else Block("paragraph", text, 0, page)
        for text, level in paragraphs
        if text
    ]


def _rows(rows: Any, page: int = 0) -> list[Block]:
    columns: Sequence[str] = ()
    blocks: list[Block] = []
    for count, row in enumerate(rows):
        cells = [one_line(cell) for cell in row]
        if count > _MOST_ROWS:
            raise UserError(f"has more than {_MOST_ROWS:,} rows; split it into smaller documents")
        if not any(cells):
            continue
        if not columns and sum(map(bool, cells)) > 1:
            columns = cells
        else:
            text = row_line(columns, cells)
            blocks.append(Block("row", text, 0, page) if len(columns) > 1 else Block("paragraph", text, 0, page))
    if columns and (not blocks or blocks[-1].kind != "row"):
        blocks.append(Block("row", row_line((), columns), 0, page))
    return blocks


def _shown(value: object) -> str:
    if isinstance(value, datetime.datetime) and value.time() == datetime.time():
        value = value.date()
    return "" if value is None else str(value)


def _extract(blocks: Sequence[Block], properties: Any) -> Extract:
    changed = getattr(properties, "modified", None)
    title = one_line(properties.title or "")
    return Extract(
        tuple(blocks),
        title="" if title in _NO_TITLES else title,
        date=changed.date() if isinstance(changed, datetime.datetime) else None,
        language=one_line(getattr(properties, "language", "") or ""),
        author=one_line(getattr(properties, "author", "") or getattr(properties, "creator", "") or ""),
    )
