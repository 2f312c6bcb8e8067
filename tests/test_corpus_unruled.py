"""Tables of a PDF without a line drawn, what only looks like one, and pages that are turned."""

from pathlib import Path

import pytest
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph, SimpleDocTemplate, Table

from corpus import load

STYLES = getSampleStyleSheet()
WIDTH, HEIGHT = A4
BEFORE = "This policy says who is responsible for each part of the programme and by when. " * 3


def cell(text: str) -> Paragraph:
    return Paragraph(text, STYLES["BodyText"])


def text_of(folder: Path, *parts: object) -> str:
    SimpleDocTemplate(str(folder / "a.pdf"), pagesize=A4).build([cell(BEFORE), *parts, cell("Then it goes on here.")])
    return load(folder / "a.pdf").text


def placed(folder: Path, *lines: tuple[float, float, str], bold: int = 0) -> str:
    canvas = Canvas(str(folder / "a.pdf"), pagesize=A4)
    for number, (left, down, line) in enumerate(lines):
        canvas.setFont("Helvetica-Bold" if number < bold else "Helvetica", 10)
        canvas.drawString(left, HEIGHT - down, line)
    canvas.save()
    return load(folder / "a.pdf").text


def test_a_table_without_rules(tmp_path: Path) -> None:
    rows = [
        ["Role", "Duty", "Deadline"],
        ["Sponsor", "Approves the budget", "31 March"],
        ["Auditor", "Checks the models every quarter", "31 December"],
    ]
    text = text_of(tmp_path, Table(rows, hAlign="LEFT"))
    assert "\nRole: Sponsor; Duty: Approves the budget; Deadline: 31 March\n" in text
    assert "\nRole: Auditor; Duty: Checks the models every quarter; Deadline: 31 December\n\nThen it goes on" in text


def test_cells_of_several_lines(tmp_path: Path) -> None:
    names = [cell(f"<b>{name}</b>") for name in ("Risk", "Likelihood", "What is done about it")]
    rows = [
        [
            cell(f"Vendor lock-in number {number} which spans two lines of text"),
            cell("High"),
            cell(f"The contract names an exit plan {number} and data can be exported at any time in an open format."),
        ]
        for number in range(4)
    ]
    text = text_of(tmp_path, Table([names, *rows], colWidths=[150, 80, 250]))
    for number in range(4):
        assert (
            f"Risk: Vendor lock-in number {number} which spans two lines of text; Likelihood: High; What is done about"
            f" it: The contract names an exit plan {number} and data can be exported at any time in an open format."
        ) in text


def test_rows_that_stand_as_close_as_lines(tmp_path: Path) -> None:
    lines = [(60.0, 100.0, "Team"), (200.0, 100.0, "Budget"), (300.0, 100.0, "Owner")]
    for number in range(3):
        down = 112.0 + 24 * number
        lines += [(60, down, f"Team {number} of the"), (200, down, f"{number}00 euros"), (300, down, "Finance")]
        lines.append((60, down + 12, "northern region"))
    text = placed(tmp_path, *lines)
    for number in range(3):
        assert f"Team: Team {number} of the northern region; Budget: {number}00 euros; Owner: Finance" in text


def test_two_columns_with_numbers(tmp_path: Path) -> None:
    text = text_of(tmp_path, Table([["Year", "Spend"], ["Cloud", "1,200"], ["Data", "950"], ["Staff", "3,100"]]))
    assert "Year: Data; Spend: 950" in text


def test_columns_of_text_are_no_table(tmp_path: Path) -> None:
    lines = [(60.0, 100.0, "Purpose of it"), (310.0, 100.0, "Scope of it")]
    for number in range(8):
        lines.append((60, 116 + 12 * number, f"Left line {number} goes on over the whole of the column"))
        lines.append((310, 116 + 12 * number, f"Right line {number} goes on over the whole of its one"))
    text = placed(tmp_path, *lines, bold=2)
    assert "Purpose of it:" not in text
    assert text.index("Left line 7") < text.index("Right line 0")


@pytest.mark.parametrize("mark", ["•", "1.", "a)"])
def test_a_list_with_tabs_is_no_table(tmp_path: Path, mark: str) -> None:
    lines = [(60.0, 100.0 + 14 * row, mark) for row in range(4)]
    lines += [(90.0, 100.0 + 14 * row, f"Item {row} of a list") for row in range(4)]
    assert f"{mark}:" not in placed(tmp_path, *lines)


@pytest.mark.parametrize("turned", [0, 90, 180, 270])
@pytest.mark.parametrize("shown", [True, False])
def test_a_turned_page_is_read_from_its_beginning(tmp_path: Path, turned: int, shown: bool) -> None:
    canvas = Canvas(str(tmp_path / "a.pdf"), pagesize=A4)
    if shown:
        canvas.setPageRotation(turned)
    canvas.translate(*{0: (0, 0), 90: (WIDTH, 0), 180: (WIDTH, HEIGHT), 270: (0, HEIGHT)}[turned])
    canvas.rotate(turned)
    canvas.setFont("Helvetica-Bold", 16)
    canvas.drawString(60, 500, "Assets")
    canvas.setFont("Helvetica", 10)
    for number in range(4):
        canvas.drawString(60, 470 - 14 * number, f"Sentence {number} says that assets are counted.")
    names = (("Asset", "Count", "Owner"), ("Laptop", "20", "Sales"), ("Server", "3", "Operations"))
    for row, cells in enumerate(names):
        for column, word in enumerate(cells):
            canvas.drawString(60 + 90 * column, 380 - 16 * row, word)
    canvas.save()
    document = load(tmp_path / "a.pdf")
    assert document.title == "Assets"
    assert " ".join(f"Sentence {number} says that assets are counted." for number in range(4)) in " ".join(
        document.text.split()
    )
    assert "Asset: Server; Count: 3; Owner: Operations" in document.text
