"""PDF: pages, headings, columns, running heads and hyphens, in files made for it and in real ones."""

from pathlib import Path

import pypdfium2
import pytest
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import PageBreak, Paragraph, SimpleDocTemplate, Table

from corpus import UserError, load, split

NIST = Path(__file__).parents[2] / "shared" / "guidance" / "nist_ai_rmf"
needs_nist = pytest.mark.skipif(not NIST.is_dir(), reason="the public guidance is not at hand")
LEFT = ["The left column begins here and it goes on", "for quite some lines before its sentence ends"] * 5
RIGHT = ["while the right column has words of its own", "that must never be mixed into the other ones"] * 5


def made(path: Path, pages: int = 4, **options: object) -> Path:
    canvas = Canvas(str(path), pagesize=A4, **options)
    for page in range(1, pages + 1):
        canvas.setFont("Helvetica", 8)
        canvas.drawString(60, 810, "Handbook of the organization")
        canvas.drawString(290, 20, f"Page {page}")
        canvas.setFont("Helvetica-Bold", 16)
        canvas.drawString(60, 760, f"Chapter {page}")
        canvas.setFont("Helvetica", 10)
        for place, (left, right) in enumerate(zip(LEFT, RIGHT, strict=True)):
            canvas.drawString(60, 730 - 12 * place, left)
            canvas.drawString(320, 730 - 12 * place, right)
        canvas.drawString(60, 560, "This paragraph reaches over the whole width of the page and speaks of one organi-")
        canvas.drawString(60, 548, f"zation alone, number {page}.")
        canvas.showPage()
    canvas.save()
    return path


def test_a_made_page(tmp_path: Path) -> None:
    document = load(made(tmp_path / "a.pdf"))
    assert "Handbook of the organization" not in document.text
    assert "Page 2" not in document.text
    assert [section.path for section in document.sections] == [(f"Chapter {page}",) for page in range(1, 5)]
    assert [document.page_at(section.start) for section in document.sections] == [1, 2, 3, 4]
    assert " ".join(LEFT) in document.text
    assert document.text.index(LEFT[1]) < document.text.index(RIGHT[0])
    assert "speaks of one organization alone, number 3." in document.text


def test_columns_of_uneven_lines_stay_apart(tmp_path: Path) -> None:
    left = [*["Most of the lines of this column are short"] * 9, "but one in ten goes far towards the other column"] * 4
    right = ["What stands on the right is read after the left"] * 40
    canvas = Canvas(str(tmp_path / "a.pdf"), pagesize=A4)
    canvas.setFont("Helvetica", 10)
    for place, (one, other) in enumerate(zip(left, right, strict=True)):
        canvas.drawString(60, 760 - 12 * place, one)
        canvas.drawString(320, 766 - 12 * place, other)
    canvas.showPage()
    canvas.save()
    assert load(tmp_path / "a.pdf").text.endswith(" ".join(right))


def test_a_password_is_said(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="protected by a password"):
        load(made(tmp_path / "a.pdf", encrypt="secret"))


@pytest.mark.parametrize("raw", [b"%PDF-1.7 cut off", b"no pdf", b"%PDF-1.4\n" + b"\0\xff" * 500])
def test_a_damaged_file_is_said(tmp_path: Path, raw: bytes) -> None:
    (tmp_path / "a.pdf").write_bytes(raw)
    with pytest.raises(UserError, match="is damaged or no PDF"):
        load(tmp_path / "a.pdf")


def test_pages_without_text_and_too_many_pages_are_said(tmp_path: Path) -> None:
    for name, pages, says in (("blank.pdf", 2, "holds no text"), ("long.pdf", 10_000, "has 10,000 pages")):
        document = pypdfium2.PdfDocument.new()
        for _ in range(pages):
            document.new_page(100, 100)
        document.save(tmp_path / name)
        document.close()
        with pytest.raises(UserError, match=says):
            load(tmp_path / name)


@needs_nist
def test_a_framework_with_its_pages_and_headings() -> None:
    document = load(NIST / "NIST.AI.100-1.pdf")
    assert document.title == "Artificial Intelligence Risk Management Framework (AI RMF 1.0)"
    found = {section.path[-1]: section for section in document.sections if section.path}
    assert found["1.2.2 Risk Tolerance"].path[-3:-1] == ("Part 1: Foundational Information", "1. Framing Risk")
    source = pypdfium2.PdfDocument(NIST / "NIST.AI.100-1.pdf")
    for words in (
        "Emerging knowledge and methods to better inform",
        "Residual risk – defined as",
        "The GOVERN function:",
    ):
        page = document.page_at(document.text.index(words))
        assert page is not None
        assert words in source[page - 1].get_textpage().get_text_range().replace("\r\n", " ")
    source.close()
    running = [passage for passage in split(document) if "NIST AI 100-1 AI RMF 1.0" in passage.text]
    assert running == []


@needs_nist
def test_a_playbook_knows_which_outcome_an_action_is_for() -> None:
    document = load(NIST / "AI_RMF_Playbook.pdf")
    paths = {section.path[-2:] for section in document.sections}
    assert ("GOVERN 1.1", "Suggested Actions") in paths
    assert ("GOVERN 1.2", "About") in paths


RISKS = (
    ("Risk", "What is done about it", "Owner"),
    ("Loss of data", "Copies are kept in two places, and once a month one of them is read back.", "IT"),
    ("Delay", "Each team says by Friday what it waits for, and the board decides on Monday who goes first.", "Board"),
)  # fmt: skip


@pytest.mark.parametrize(
    "rules",
    [
        [("GRID", (0, 0), (-1, -1), 0.5, "black")],
        [("LINEABOVE", (0, 0), (-1, -1), 0.5, "black"), ("LINEBELOW", (0, -1), (-1, -1), 0.5, "black")],
    ],
    ids=["grid", "rules between rows"],
)
def test_a_table_keeps_each_cell_whole_and_its_columns_named(tmp_path: Path, rules: list) -> None:
    style = getSampleStyleSheet()["BodyText"]
    cells = [[Paragraph(text, style) for text in row] for row in RISKS]
    before, after = "What stands before the table is a paragraph of its own.", "And this one stands after it."
    table = Table(cells, colWidths=[80, 190, 60], style=rules)
    SimpleDocTemplate(str(tmp_path / "a.pdf")).build([Paragraph(before, style), table, Paragraph(after, style)])
    text = load(tmp_path / "a.pdf").text
    names = RISKS[0]
    rows = ["; ".join(f"{name}: {value}" for name, value in zip(names, row, strict=True)) for row in RISKS[1:]]
    assert text == "\n\n".join([before, "\n".join(rows), after])


def test_rules_only_over_and_under_a_table_make_a_row_of_each_line(tmp_path: Path) -> None:
    style = [("LINEABOVE", (0, 0), (-1, 1), 0.5, "black"), ("LINEBELOW", (0, -1), (-1, -1), 0.5, "black")]
    rows = [("Year", "Pilots", "Ended"), ("2024", "12 pilots", "3 early"), ("2025", "20 pilots", "8 early")]
    SimpleDocTemplate(str(tmp_path / "a.pdf")).build([Table(rows, style=style, colWidths=100)])
    assert load(tmp_path / "a.pdf").text == (
        "Year: 2024; Pilots: 12 pilots; Ended: 3 early\nYear: 2025; Pilots: 20 pilots; Ended: 8 early"
    )


GRID = ("GRID", (0, 0), (-1, -1), 0.5, "black")


@pytest.mark.parametrize("padding", [1, 6])
def test_borders_part_the_cells_of_columns_fitted_to_their_content(tmp_path: Path, padding: int) -> None:
    rows = [("Grade", "Hotel limit", "Meal limit"), ("Manager", "1,200", "450"), ("Board member", "3,500", "900")]
    sides = [(side, (0, 0), (-1, -1), padding) for side in ("LEFTPADDING", "RIGHTPADDING")]
    SimpleDocTemplate(str(tmp_path / "a.pdf")).build([Table(rows, style=[GRID, *sides])])
    assert load(tmp_path / "a.pdf").text == (
        "Grade: Manager; Hotel limit: 1,200; Meal limit: 450\nGrade: Board member; Hotel limit: 3,500; Meal limit: 900"
    )


def test_rules_over_and_under_rows_let_columns_stand_close(tmp_path: Path) -> None:
    style = [("LINEABOVE", (0, 0), (-1, 1), 0.5, "black"), ("LINEBELOW", (0, -1), (-1, -1), 0.5, "black")]
    rows = [("Year", "Pilots", "Ended early"), ("2024", "12 pilots", "3"), ("2025", "20 pilots", "8")]
    SimpleDocTemplate(str(tmp_path / "a.pdf")).build([Table(rows, style=style)])
    assert load(tmp_path / "a.pdf").text.startswith("Year: 2024; Pilots: 12 pilots; Ended early: 3\n")


def test_spanned_cells_hold_for_all_that_they_span(tmp_path: Path) -> None:
    rows = [
        ("Region", "Limits", "", "Who"),
        ("", "Hotel", "Meals", ""),
        ("North", "90 euros", "30 euros", "Ann"),
        ("", "80 euros", "25 euros", "Bob"),
        ("Board", "no limit at all", "", "Eve"),
        ("What follows holds since May", "", "", ""),
        ("South", "70 euros", "20 euros", "Cy"),
    ]
    spans = [((1, 0), (2, 0)), ((0, 0), (0, 1)), ((3, 0), (3, 1)), ((0, 2), (0, 3)), ((1, 4), (2, 4)), ((0, 5), (3, 5))]
    table = Table(rows, style=[GRID, *(("SPAN", *span) for span in spans)])
    SimpleDocTemplate(str(tmp_path / "a.pdf")).build([table])
    assert load(tmp_path / "a.pdf").text.split("\n") == [
        "Region: North; Limits, Hotel: 90 euros; Limits, Meals: 30 euros; Who: Ann",
        "Region: North; Limits, Hotel: 80 euros; Limits, Meals: 25 euros; Who: Bob",
        "Region: Board; Limits, Hotel, Limits, Meals: no limit at all; Who: Eve",
        "What follows holds since May",
        "Region: South; Limits, Hotel: 70 euros; Limits, Meals: 20 euros; Who: Cy",
    ]


@pytest.mark.parametrize("repeated", [0, 1])
def test_a_table_keeps_its_names_on_the_next_pages(tmp_path: Path, repeated: int) -> None:
    rows = [("Grade", "Days of leave"), *((f"Grade {place}", f"{place} days") for place in range(90))]
    table = Table(rows, style=[GRID], repeatRows=repeated)
    SimpleDocTemplate(str(tmp_path / "a.pdf")).build([table])
    document = load(tmp_path / "a.pdf")
    assert document.page_at(len(document.text) - 1) == 3
    lines = [line for line in document.text.split("\n") if line]
    assert lines == [f"Grade: Grade {place}; Days of leave: {place} days" for place in range(90)]


@pytest.mark.parametrize(("font", "rows"), [("Helvetica", 3), ("Helvetica-Bold", 36)], ids=["ended early", "bold head"])
def test_another_table_at_the_top_of_a_page_has_its_own_names(tmp_path: Path, font: str, rows: int) -> None:
    def table(*rows: tuple[str, str]) -> Table:
        return Table(rows, style=[GRID, ("FONTNAME", (0, 0), (-1, 0), font)], colWidths=[100, 100])

    first = table(("Role", "Limit"), *((f"Lead {place}", "20") for place in range(rows)))
    second = table(("Town", "Office"), ("Malta", "Harbour"), ("Gozo", "Hill"))
    SimpleDocTemplate(str(tmp_path / "a.pdf")).build([first, PageBreak(), second])
    document = load(tmp_path / "a.pdf")
    assert document.page_at(document.text.index("Town: Gozo; Office: Hill")) == 2


def set_on_pages(path: Path, pages: list[list[tuple[int, str]]], **options: object) -> Path:
    """A PDF of lines at these heights; on each page ten more lines that no other page has stand between them."""
    canvas = Canvas(str(path), pagesize=A4, **options)
    for number, lines in enumerate(pages):
        canvas.setFont("Helvetica", 10)
        for height, line in [*lines, *((730 - 14 * at, f"{'abcdefghij'[at]} of text {number}.") for at in range(10))]:
            canvas.drawString(60, height, line)
        canvas.showPage()
    canvas.save()
    return path


def test_running_heads_of_two_pages_go(tmp_path: Path) -> None:
    pages = [[(815, "Travel policy"), (30, f"Internal - page {page} of 2")] for page in (1, 2)]
    text = load(set_on_pages(tmp_path / "a.pdf", pages)).text
    assert "Travel policy" not in text
    assert "Internal" not in text


def test_running_heads_of_odd_and_even_pages_go(tmp_path: Path) -> None:
    pages = [[], *([(815, "Odd head" if page % 2 else "Even head")] for page in (2, 3, 4, 5))]
    text = load(set_on_pages(tmp_path / "a.pdf", pages)).text
    assert "head" not in text


def test_what_the_text_repeats_at_the_top_of_two_pages_stays(tmp_path: Path) -> None:
    pages = [[(744, "Ask the office first."), (758, f"There are {count} offices.")] for count in (4, 9)]
    text = load(set_on_pages(tmp_path / "a.pdf", pages)).text
    assert text.count("Ask the office first.") == 2
    assert "There are 4 offices." in text
    assert "There are 9 offices." in text


@pytest.mark.parametrize(("said", "language"), [("de-DE", "de-DE"), ("fr", "fr"), ("no language", ""), ("und", "")])
def test_a_document_says_its_language(tmp_path: Path, said: str, language: str) -> None:
    document = load(set_on_pages(tmp_path / "a.pdf", [[]], lang=said))
    assert document.source.language == language


def test_rules_across_two_columns_of_text_make_no_table(tmp_path: Path) -> None:
    canvas = Canvas(str(tmp_path / "a.pdf"), pagesize=A4)
    canvas.setFont("Helvetica", 10)
    for height in (790, 736, 600, 560):
        canvas.line(60, height, 540, height)
    for place, (left, right) in enumerate(zip(LEFT, RIGHT, strict=True)):
        canvas.drawString(60, 722 - 12 * place, left)
        canvas.drawString(320, 722 - 12 * place, right)
    canvas.drawString(60, 580, "This paragraph reaches over the whole width of the page and of both of its columns.")
    canvas.save()
    text = load(tmp_path / "a.pdf").text
    assert " ".join(LEFT) in text
    assert " ".join(RIGHT) in text


@needs_nist
def test_a_framework_with_tables_that_go_on_over_pages() -> None:
    document = load(NIST / "NIST.AI.100-1.pdf")
    for words, page in (
        ("GOVERN 1.4: The risk management process and its outcomes are established through transparent policies", 27),
        ("MEASURE 2: AI systems are evaluated for trustworthy characteristics.", 34),
        ("MANAGE 4.3: Incidents and errors are communicated to relevant AI actors", 38),
    ):
        assert document.page_at(document.text.index(words)) == page
    assert {"3.2 Safe", "3.3 Secure and Resilient"} <= {
        section.path[-1] for section in document.sections if section.path
    }


def test_numbers_set_a_little_lower_than_their_items_stand_before_them(tmp_path: Path) -> None:
    page = Canvas(str(tmp_path / "steps.pdf"))
    items = (
        (
            "1",
            "By May the head of division applies with a page that names the person from the trade",
            "and a stand-in.",
        ),
        ("2", "By June the steward confirms the quality of the data.", ""),
        ("3", "In September the pair spends two weeks together.", ""),
    )
    down = 700
    for number, first, second in items:
        page.setFont("Helvetica", 12)
        page.drawString(60, down - 1, number)
        page.setFont("Helvetica", 11)
        page.drawString(80, down, first)
        if second:
            page.drawString(80, down - 14, second)
        down -= 36
    page.drawString(60, down, "4 May is the day on which all of them meet.")
    page.save()
    found = load(tmp_path / "steps.pdf")
    assert found.text.splitlines() == [
        f"1. {items[0][1]} {items[0][2]}",
        f"2. {items[1][1]}",
        f"3. {items[2][1]}",
        "",
        "4 May is the day on which all of them meet.",
    ]
