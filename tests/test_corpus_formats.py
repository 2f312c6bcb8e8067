"""One text saved in six formats: the same headings over the same sentences, and the same answers to questions."""

import re
from html import escape
from pathlib import Path

import pytest
from docx import Document as Word
from pptx import Presentation
from pptx.util import Inches
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.platypus import ListFlowable, Paragraph, SimpleDocTemplate, Table

from assistant.builder import build
from assistant.settings import read
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


STEPS = (
    "Name an owner for the pilot.",
    "Agree on a budget with finance.",
    "Train the people who will use it.",
    "Review the results after three months.",
)
LIMITS = (
    ("Grade", "Hotel limit", "Approver"),
    ("Manager", "120 euros", "Director"),
    ("Director", "200 euros", "Board"),
)
LEAD, ABOVE = "A pilot is started in four steps:", "The limits differ by grade."


def policy_as_markdown(path: Path) -> None:
    steps = "\n".join(f"{number}. {step}" for number, step in enumerate(STEPS, 1))
    head, *rows = ["|".join(row) for row in LIMITS]
    table = "\n".join([head, "---|---|---", *rows])
    path.write_text(f"# Policy\n\n## Starting a pilot\n\n{LEAD}\n\n{steps}\n\n## Travel limits\n\n{ABOVE}\n\n{table}\n")


def policy_as_text(path: Path) -> None:
    steps = "\n".join(f"{number}. {step}" for number, step in enumerate(STEPS, 1))
    table = "\n".join("".join(f"{cell:<14}" for cell in row).rstrip() for row in LIMITS)
    path.write_text(f"Policy\n\nStarting a pilot\n\n{LEAD}\n{steps}\n\nTravel limits\n\n{ABOVE}\n\n{table}\n")


def policy_as_html(path: Path) -> None:
    steps = "".join(f"<li>{step}</li>" for step in STEPS)
    head, *rows = LIMITS
    names = "".join(f"<th>{cell}</th>" for cell in head)
    cells = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    path.write_text(
        f"<main><h1>Policy</h1><h2>Starting a pilot</h2><p>{LEAD}</p><ol>{steps}</ol>"
        f"<h2>Travel limits</h2><p>{ABOVE}</p><table><tr>{names}</tr>{cells}</table></main>"
    )


def policy_as_word(path: Path) -> None:
    word = Word()
    word.add_heading("Policy", 0)
    word.add_heading("Starting a pilot", 1)
    word.add_paragraph(LEAD)
    for step in STEPS:
        word.add_paragraph(step, "List Number")
    word.add_heading("Travel limits", 1)
    word.add_paragraph(ABOVE)
    table = word.add_table(len(LIMITS), len(LIMITS[0]))
    for place, row in enumerate(LIMITS):
        for column, cell in enumerate(row):
            table.cell(place, column).text = cell
    word.save(str(path))


def policy_as_slides(path: Path) -> None:
    slides = Presentation()
    slides.slides.add_slide(slides.slide_layouts[0]).shapes.title.text = "Policy"
    slide = slides.slides.add_slide(slides.slide_layouts[1])
    slide.shapes.title.text = "Starting a pilot"
    slide.placeholders[1].text_frame.text = "\n".join([LEAD, *(f"{n}. {step}" for n, step in enumerate(STEPS, 1))])
    slide = slides.slides.add_slide(slides.slide_layouts[1])
    slide.shapes.title.text = "Travel limits"
    slide.placeholders[1].text_frame.text = ABOVE
    table = slide.shapes.add_table(3, 3, Inches(1), Inches(4), Inches(6), Inches(2)).table
    for place, row in enumerate(LIMITS):
        for column, cell in enumerate(row):
            table.cell(place, column).text = cell
    slides.save(str(path))


def policy_as_pdf(path: Path) -> None:
    styles = getSampleStyleSheet()
    body, heading = styles["BodyText"], styles["Heading2"]
    steps = ListFlowable([Paragraph(step, body) for step in STEPS], bulletType="1", bulletFormat="%s.")
    table = Table(LIMITS, style=[("GRID", (0, 0), (-1, -1), 0.5, "black")])
    SimpleDocTemplate(str(path)).build(
        [
            *(Paragraph("Policy", styles["Heading1"]), Paragraph("Starting a pilot", heading), Paragraph(LEAD, body)),
            *(steps, Paragraph("Travel limits", heading), Paragraph(ABOVE, body), table),
        ]
    )


POLICY = {
    ".md": policy_as_markdown,
    ".txt": policy_as_text,
    ".html": policy_as_html,
    ".docx": policy_as_word,
    ".pptx": policy_as_slides,
    ".pdf": policy_as_pdf,
}
ASKED = {
    "Who approves hotels for a manager?": ["Grade: Manager; Hotel limit: 120 euros; Approver: Director"],
    "What is the second step of starting a pilot?": [STEPS[1]],
    "What is the last step of starting a pilot?": [STEPS[3]],
    "What are the steps of starting a pilot?": STEPS,
}


@pytest.mark.models
@pytest.mark.parametrize("ending", POLICY)
def test_a_list_and_a_table_give_the_same_answers_in_every_format(tmp_path: Path, home: Path, ending: str) -> None:
    path = tmp_path / f"policy{ending}"
    POLICY[ending](path)
    assistant = build(read({"home": home, "model": "quotes"}), documents=[load(path)])
    try:
        for question, words in ASKED.items():
            cited = [cite.quote for sentence in assistant.ask(question).sentences for cite in sentence.citations]
            # Whether an item is counted or has a bullet is the format's own, and the line before the items may be told.
            assert [re.sub(r"^\d\. ", "", quote) for quote in cited if quote != LEAD] == list(words), question
    finally:
        assistant.close()
