"""Word, PowerPoint, Excel and CSV files, made by their own libraries."""

import io
import re
import zipfile
from pathlib import Path

import pytest
from docx import Document as Word
from openpyxl import Workbook
from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE

from corpus import UserError, load, split
from corpus.remarks import remarks


def test_word(tmp_path: Path) -> None:
    word = Word()
    word.core_properties.author = "Board"
    word.add_heading("The plan", 0)
    word.add_paragraph("An opening paragraph.")
    word.add_heading("Duties", 1)
    word.add_paragraph("Teams must:")
    word.add_paragraph("ask first", style="List Bullet")
    table = word.add_table(2, 2)
    for cell, text in zip(
        (c for row in table.rows for c in row.cells), ("Role", "Duty", "Lead", "Decides"), strict=True
    ):
        cell.text = text
    word.save(str(tmp_path / "plan.docx"))
    document = load(tmp_path / "plan.docx")
    assert (document.title, document.source.author) == ("The plan", "Board")
    assert [passage.path for passage in split(document)] == [(), ("Duties",)]
    assert document.text.endswith("Teams must:\n- ask first\n\nRole: Lead; Duty: Decides")


def test_slides_are_pages(tmp_path: Path) -> None:
    slides = Presentation()
    for title, points in (("Why", ("Cost", "Speed")), ("How", ("Slowly and with care",))):
        slide = slides.slides.add_slide(slides.slide_layouts[1])
        slide.shapes.title.text = title
        slide.placeholders[1].text = "\n".join(points)
    slides.save(str(tmp_path / "talk.pptx"))
    document = load(tmp_path / "talk.pptx")
    assert [(p.path[-1], p.text, p.page) for p in split(document)] == [
        ("Why", "- Cost\n- Speed", 1),
        ("How", "Slowly and with care", 2),
    ]


def test_sheets_are_sections_and_rows_keep_their_columns(tmp_path: Path) -> None:
    book = Workbook()
    book.active.title = "Risks"
    for row in (("Risk", "Owner"), ("Loss of data", "IT"), ("Delay", None)):
        book.active.append(row)
    book.create_sheet("Empty")
    book.save(tmp_path / "risks.xlsx")
    document = load(tmp_path / "risks.xlsx")
    assert "Risk: Loss of data; Owner: IT\nRisk: Delay" in document.text
    assert "Empty" not in document.text


@pytest.mark.parametrize(("mark", "name"), [(",", "a.csv"), (";", "b.csv"), ("\t", "c.tsv")])
def test_csv(tmp_path: Path, mark: str, name: str) -> None:
    lines = [
        mark.join(row) for row in (("Risk", "Owner", "Note"), ('"Loss, or theft"', "IT", ""), ("Delay", "HR", '"a\nb"'))
    ]
    (tmp_path / name).write_text("\n".join(lines), "cp1252")
    assert load(tmp_path / name).text == "Risk: Loss, or theft; Owner: IT\nRisk: Delay; Owner: HR; Note: a b"


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("\ufeffBudget 2026;;\n\nRisk;Owner\nDelay, loss;HR\n", "Budget 2026\n\nRisk: Delay, loss; Owner: HR"),
        (
            "Risks, duties, owners\nRisk;Owner\nDelay, loss;HR\n",
            "Risks, duties, owners\n\nRisk: Delay, loss; Owner: HR",
        ),
        ("sep=;\nSum;Use\n1,50;Travel\n2,75;Hotel\n", "Sum: 1,50; Use: Travel\nSum: 2,75; Use: Hotel"),
        ("Risk\tOwner\nDelay, loss\tHR; IT\n", "Risk: Delay, loss; Owner: HR; IT"),
        ("Budget 2026\nRisk;Owner\n", "Budget 2026\n\nRisk; Owner"),
        ("Name\nAnn\nBen\n", "Name\n\nAnn\n\nBen"),
    ],
)
def test_the_mark_between_cells_is_that_of_most_rows(tmp_path: Path, text: str, read: str) -> None:
    (tmp_path / "a.csv").write_text(text, "utf-8")
    assert load(tmp_path / "a.csv").text == read


MAIN = {
    ".docm": "vnd.ms-word.document.macroEnabled.main",
    ".dotx": "vnd.openxmlformats-officedocument.wordprocessingml.template.main",
    ".dotm": "vnd.ms-word.template.macroEnabledTemplate.main",
    ".pptm": "vnd.ms-powerpoint.presentation.macroEnabled.main",
    ".potx": "vnd.openxmlformats-officedocument.presentationml.template.main",
    ".potm": "vnd.ms-powerpoint.template.macroEnabled.main",
    ".ppsx": "vnd.openxmlformats-officedocument.presentationml.slideshow.main",
    ".ppsm": "vnd.ms-powerpoint.slideshow.macroEnabled.main",
    ".xlsm": "vnd.ms-excel.sheet.macroEnabled.main",
    ".xltx": "vnd.openxmlformats-officedocument.spreadsheetml.template.main",
    ".xltm": "vnd.ms-excel.template.macroEnabled.main",
}


@pytest.mark.parametrize("suffix", MAIN)
def test_templates_shows_and_files_with_macros_are_read(tmp_path: Path, suffix: str) -> None:
    made = io.BytesIO()
    if suffix.startswith(".x"):
        book = Workbook()
        book.active.append(("The board decides.",))
        book.save(made)
    elif suffix.startswith(".p"):
        slides = Presentation()
        slides.slides.add_slide(slides.slide_layouts[5]).shapes.title.text = "The board decides."
        slides.save(made)
    else:
        word = Word()
        word.add_paragraph("The board decides.")
        word.save(made)
    with zipfile.ZipFile(made) as old, zipfile.ZipFile(tmp_path / f"a{suffix}", "w") as new:
        for name in old.namelist():
            raw = old.read(name)
            if name == "[Content_Types].xml":
                raw, count = re.subn(
                    rb'"application/[^"]*(?:document|presentation|sheet)\.main\+xml"',
                    f'"application/{MAIN[suffix]}+xml"'.encode(),
                    raw,
                )
                assert count == 1
            new.writestr(name, raw)
    assert "The board decides." in load(tmp_path / f"a{suffix}").text


def packed(content: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", content)
    return file.getvalue()


@pytest.mark.parametrize("suffix", [".docx", ".pptx", ".xlsx"])
@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"no office file at all", "is damaged or no office file"),
        (b"PK\x03\x04 cut off", "is damaged or no office file"),
        (packed(b"<x/>"), "is damaged or of another format"),
        (packed(bytes(300_000_001)), "unpacks to more than"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600, "protected by a password or in an old format"),
    ],
    ids=["text", "cut", "other", "bomb", "locked"],
)
def test_bad_office_files_are_refused_in_one_line(tmp_path: Path, suffix: str, raw: bytes, reason: str) -> None:
    path = tmp_path / f"a{suffix}"
    path.write_bytes(raw)
    with pytest.raises(UserError, match=reason) as error:
        load(path)
    assert "\n" not in str(error.value)


def test_hidden_slides_are_left_out_with_a_remark_and_keep_their_number(tmp_path: Path) -> None:
    slides = Presentation()
    for text in ("Seen", "Merger", "Last"):
        slide = slides.slides.add_slide(slides.slide_layouts[5])
        slide.shapes.title.text = text
        slide.shapes.add_textbox(0, 0, 9, 9).text_frame.text = f"About {text}."
    slides.slides[1]._element.set("show", "0")
    slides.save(str(tmp_path / "talk.pptx"))
    document = load(tmp_path / "talk.pptx")
    assert "Merger" not in document.text
    assert document.page_at(document.text.index("About Last")) == 3
    assert remarks(document) == ("page 2 is a hidden slide, left out; show what readers may be told of",)


def test_charts_and_merged_cells_of_slides_are_rows(tmp_path: Path) -> None:
    slides = Presentation()
    slide = slides.slides.add_slide(slides.slide_layouts[5])
    slide.shapes.title.text = "Adoption"
    data = CategoryChartData(number_format="0%")
    data.categories = ["2024", "2025"]
    data.add_series("Teams", (0.12, 0.34))
    data.add_series("Staff", (0.05, None))
    chart = slide.shapes.add_chart(XL_CHART_TYPE.LINE, 0, 0, 9, 9, data).chart
    chart.has_title = True
    chart.chart_title.text_frame.text = "Use of AI"
    table = slide.shapes.add_table(3, 3, 0, 0, 9, 9).table
    for number, row in enumerate((("Region", "Kind", "Limit"), ("North", "Hotel", "90"), ("", "Meals", "30"))):
        for place, text in enumerate(row):
            table.cell(number, place).text = text
    table.cell(1, 0).merge(table.cell(2, 0))
    slides.save(str(tmp_path / "talk.pptx"))
    assert load(tmp_path / "talk.pptx").text.splitlines()[2:] == [
        "Use of AI",
        "",
        "2024; Teams: 12%; Staff: 5%",
        "2025; Teams: 34%",
        "Region: North; Kind: Hotel; Limit: 90",
        "Region: North; Kind: Meals; Limit: 30",
    ]
