"""A small PDF whose words stand at known places, and where the picture of a page must mark them."""

from pathlib import Path

from reportlab.lib.pagesizes import A4
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from corpus import Document, load

WIDTH, HEIGHT = A4
LINES = (
    (100, "Each team keeps a register of the tools that it uses. The office reviews it every"),
    (114, "spring. A tool that is not listed must not be used for the data of customers."),
)
SECOND = "Whoever runs a tool answers for it, and names a second person who can stop it."


def made(path: Path) -> Path:
    """Three pages: a heading with two lines below it, a page with one sentence twice, and one without words."""
    canvas = Canvas(str(path), pagesize=A4)
    canvas.setTitle("Rules for tools")
    canvas.setFont("Helvetica-Bold", 18)
    canvas.drawString(60, HEIGHT - 70, "Rules for tools")
    canvas.setFont("Helvetica", 11)
    for down, line in LINES:
        canvas.drawString(60, HEIGHT - down, line)
    canvas.showPage()
    canvas.setFont("Helvetica", 11)
    for down in (100, 400):
        canvas.drawString(60, HEIGHT - down, SECOND)
    canvas.showPage()
    canvas.rect(100, 100, 200, 200, fill=1)
    canvas.showPage()
    canvas.save()
    return path


def document(folder: Path) -> Document:
    """The document read from ``folder``/tools.pdf, which is made."""
    return load(made(folder / "tools.pdf"))


def box(line: str, words: str, down: float, left: float = 60, size: float = 11) -> tuple[float, float, float, float]:
    """Left, baseline, right and the letters' upper edge of words of a line, as shares of the page."""
    before = stringWidth(line[: line.index(words)], "Helvetica", size)
    start = left + before
    end = start + stringWidth(words, "Helvetica", size)
    return start / WIDTH, down / HEIGHT, end / WIDTH, (down - 0.5 * size) / HEIGHT


def covers(mark: tuple[float, float, float, float], wanted: tuple[float, float, float, float]) -> bool:
    """Whether a mark lies over those words and over nothing much beside them."""
    left, top, width, height = mark
    near = abs(left - wanted[0]) < 0.006 and abs(left + width - wanted[2]) < 0.006
    return near and top < wanted[3] and top + height > wanted[1] - 0.001 and height < 0.03
