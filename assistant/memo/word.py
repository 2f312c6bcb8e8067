"""A memo as a Word file."""

import datetime
import io

import docx
from docx.document import Document
from docx.oxml import OxmlElement
from docx.shared import Cm, Pt
from docx.text.paragraph import Paragraph

from assistant.memo.content import SILENT, Line, Memo, Table

_LONGEST_TITLE = 250


def to_word(memo: Memo) -> bytes:
    """The bytes of a .docx file; foreign text only ever becomes runs of text, so that it holds no field and no link."""
    document = docx.Document()
    for section in document.sections:
        section.left_margin = section.right_margin = Cm(2.2)
        section.top_margin = section.bottom_margin = Cm(1.8)
    for name, size in (("Normal", 10), ("List Bullet", 10), ("Title", 18), ("Heading 1", 12)):
        style = document.styles[name]
        style.font.size = Pt(size)
        style.paragraph_format.space_after = Pt(3)
    document.add_paragraph("Decision memo", style="Title")
    paragraph = document.add_paragraph()
    paragraph.add_run("Question: ").bold = True
    paragraph.add_run(memo.question)
    document.add_paragraph(memo.heading, style="Heading 1")
    for line in memo.lines:
        _write(document.add_paragraph(style="List Bullet"), line)
    if memo.not_covered:
        document.add_paragraph(memo.not_covered)
    if memo.nearest:
        document.add_paragraph("The guidance comes nearest to it in:")
        for place in memo.nearest:
            document.add_paragraph(place, style="List Bullet")
    if memo.table:
        document.add_paragraph("Comparison", style="Heading 1")
        _write_table(document, memo.table)
    if memo.factors or memo.leans_to:
        document.add_paragraph("What the guidance leans to", style="Heading 1")
    if memo.leans_to:
        document.add_paragraph().add_run(memo.leans_to).bold = True
    for line in memo.factors:
        _write(document.add_paragraph(style="List Bullet"), line)
    if memo.changes:
        document.add_paragraph("What would change this:")
        for change in memo.changes:
            document.add_paragraph(change, style="List Bullet")
    if memo.quotes:
        document.add_paragraph("Sources", style="Heading 1")
        for quote in memo.quotes:
            paragraph = document.add_paragraph(f"[{quote.number}] “{quote.words}{' …' * quote.cut}” ")
            paragraph.add_run(f"({quote.where})").italic = True
    for label, value in memo.about:
        paragraph = document.add_paragraph(f"{label}: {value}")
        paragraph.paragraph_format.space_after = Pt(0)
    _describe(document, memo)
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def _write(paragraph: Paragraph, line: Line) -> None:
    paragraph.add_run(line.text + "".join(f" [{number}]" for number in line.numbers))
    if line.doubt:
        paragraph.add_run(f" ({line.doubt})").italic = True


def _write_table(document: Document, table: Table) -> None:
    grid = document.add_table(rows=1, cols=len(table.options) + 1, style="Table Grid")
    for cell, option in zip(grid.rows[0].cells[1:], table.options, strict=True):
        cell.paragraphs[0].add_run(option).bold = True
    # Marked as a heading row, it is read out with each cell and repeated on a second page.
    grid.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    for criterion, lines in table.rows:
        cells = grid.add_row().cells
        cells[0].paragraphs[0].add_run(criterion).bold = True
        for cell, line in zip(cells[1:], lines, strict=False):
            if line is None:
                cell.paragraphs[0].add_run(SILENT).italic = True
            else:
                _write(cell.paragraphs[0], line)


def _describe(document: Document, memo: Memo) -> None:
    about = document.core_properties
    about.title = memo.question[:_LONGEST_TITLE]
    about.author = about.last_modified_by = "Strategy Assistant"
    about.comments = ""
    # The library's own template is dated 2013.
    about.created = about.modified = datetime.datetime.fromisoformat(dict(memo.about)["Date"])
