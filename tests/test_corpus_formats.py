"""One text saved in six formats: the same title, the same headings over the same sentences."""

from html import escape
from pathlib import Path

import pytest
from docx import Document as Word
from pptx import Presentation
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.platypus import Paragraph, SimpleDocTemplate

from corpus import Document, load, sentences, shipped_guidance, split

SOURCE = shipped_guidance() / "top-down-approach.md"
Parts = list[tuple[int, str]]


def parts_of(document: Document) -> Parts:
    """Headings with their level, and paragraphs with level 0."""
    parts: Parts = [(1, document.title)]
    for section in document.sections:
        first, _, rest = document.text[section.start : section.end].strip().partition("\n")
        named = bool(section.path) and first == section.path[-1]
        if named:
            parts.append((1 + len(section.path), first))
        body = rest if named or first == document.title else f"{first}\n{rest}"
        parts += [(0, line) for line in body.split("\n") if line.strip()]
    return parts


def as_markdown(parts: Parts, path: Path) -> None:
    path.write_text("\n\n".join(f"{'#' * level} {text}".strip() for level, text in parts))


def as_text(parts: Parts, path: Path) -> None:
    path.write_text("\n\n".join(text for _, text in parts))


def as_html(parts: Parts, path: Path) -> None:
    tags = [(f"h{level}" if level else "p", escape(text)) for level, text in parts]
    path.write_text(f"<main>{''.join(f'<{tag}>{text}</{tag}>' for tag, text in tags)}</main>")


def as_word(parts: Parts, path: Path) -> None:
    word = Word()
    for level, text in parts:
        if level:
            word.add_heading(text, level - 1)
        else:
            word.add_paragraph(text)
    word.save(str(path))


def as_slides(parts: Parts, path: Path) -> None:
    slides = Presentation()
    for level, text in parts:
        if level:
            slide = slides.slides.add_slide(slides.slide_layouts[1])
            slide.shapes.title.text = text
        else:
            frame = slide.placeholders[1].text_frame
            frame.text = f"{frame.text}\n{text}".strip()
    slides.save(str(path))


def as_pdf(parts: Parts, path: Path) -> None:
    styles = getSampleStyleSheet()
    SimpleDocTemplate(str(path)).build(
        [Paragraph(escape(text), styles[f"Heading{level}" if level else "BodyText"]) for level, text in parts]
    )


SAVED = {".md": as_markdown, ".txt": as_text, ".html": as_html, ".docx": as_word, ".pptx": as_slides, ".pdf": as_pdf}


def said(document: Document) -> list[tuple[str, str]]:
    """Each sentence that can be cited, with the heading it stands under."""
    return [
        (passage.path[-1] if passage.path else "", passage.text[start:end])
        for passage in split(document)
        for start, end in sentences(passage.text)
    ]


@pytest.mark.parametrize("ending", SAVED)
def test_the_same_text_is_read_alike_in_every_format(tmp_path: Path, ending: str) -> None:
    source = load(SOURCE)
    path = tmp_path / f"saved{ending}"
    SAVED[ending](parts_of(source), path)
    document = load(path)
    assert document.title == source.title
    assert said(document) == said(source)
