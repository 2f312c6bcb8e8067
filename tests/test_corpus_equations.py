"""Equations on one line, in Word files, and what a presentation says of its own."""

import io

import docx
import pptx
import pytest
from docx.oxml import parse_xml

from corpus import presentation, word_file

M = 'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'


def run(text: str) -> str:
    return f"<m:r><m:t>{text}</m:t></m:r>"


def saved(file: object) -> bytes:
    raw = io.BytesIO()
    file.save(raw)  # type: ignore[attr-defined]
    return raw.getvalue()


@pytest.mark.parametrize(
    ("equation", "line"),
    [
        (f"<m:f><m:num>{run('p+1')}</m:num><m:den>{run('q')}</m:den></m:f>", "(p+1)/q"),
        (f"<m:sSup><m:e>{run('x')}</m:e><m:sup>{run('2')}</m:sup></m:sSup>{run('+1')}", "x^2+1"),
        (f"<m:sSub><m:e>{run('x')}</m:e><m:sub>{run('i+1')}</m:sub></m:sSub>", "x_(i+1)"),
        (f"<m:rad><m:deg/><m:e>{run('ab')}</m:e></m:rad>", "√ab"),
        (
            f'<m:nary><m:naryPr><m:chr m:val="∑"/></m:naryPr><m:sub>{run("i")}</m:sub><m:sup>{run("n")}</m:sup>'
            f"<m:e>{run('i')}</m:e></m:nary>",
            "∑_i^n i",
        ),
        (f"<m:d><m:e>{run('a+b')}</m:e></m:d>{run('c')}", "(a+b)c"),
        (
            f"<m:m><m:mr><m:e>{run('1')}</m:e><m:e>{run('2')}</m:e></m:mr><m:mr><m:e>{run('3')}</m:e></m:mr></m:m>",
            "1, 2; 3",
        ),
    ],
)
def test_an_equation_keeps_what_stands_over_and_beside_what(equation: str, line: str) -> None:
    word = docx.Document()
    word.add_paragraph("It is ")._p.append(parse_xml(f"<m:oMath {M}>{equation}</m:oMath>"))
    assert word_file.read(saved(word)).blocks[0].text == f"It is {line}"


def test_an_equation_nested_without_end_is_read_all_the_same() -> None:
    word = docx.Document()
    inner = "<m:d><m:e>" * 100 + run("a") + "</m:e></m:d>" * 100
    word.add_paragraph("It is ")._p.append(parse_xml(f"<m:oMath {M}>{inner}</m:oMath>"))
    assert word_file.read(saved(word)).blocks[0].text.strip("()").startswith("It is (")


def test_notes_and_equations_of_slides_are_said_to_be_left_out() -> None:
    deck = pptx.Presentation()
    for number in range(3):
        slide = deck.slides.add_slide(deck.slide_layouts[1])
        slide.shapes.title.text = f"Slide {number}"
        slide.placeholders[1].text = "Costs fall by a fifth."
        if number != 1:
            slide.notes_slide.notes_text_frame.text = "Secret of the speaker."
    slide.placeholders[1].text_frame.paragraphs[0]._p.append(parse_xml(f"<m:oMath {M}>{run('x')}</m:oMath>"))
    read = presentation.read(saved(deck))
    assert "Secret" not in " ".join(block.text for block in read.blocks)
    assert "pages 1, 3 have speaker notes, left out" in read.unread
    assert "page 3 has equations, not read" in read.unread


def test_what_a_library_leaves_in_its_template_is_neither_date_nor_author() -> None:
    word = docx.Document()
    word.add_paragraph("Text.")
    read = word_file.read(saved(word))
    assert (read.date, read.author) == (None, "")
    word.core_properties.author = "Ann Lee"
    assert word_file.read(saved(word)).author == "Ann Lee"
