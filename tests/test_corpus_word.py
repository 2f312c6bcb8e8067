"""Word files: every text that a reader of the finished document sees."""

import io
from typing import Any

import docx
from docx.document import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from corpus.blocks import Extract
from corpus.formats import extract


def element(xml: str) -> Any:
    """An element in the namespaces of Word; ``xml`` begins with its name."""
    name, _, rest = xml.removeprefix("<").partition(" ")
    return parse_xml(f"<{name} {nsdecls('w')} {rest}")


def run(text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>'


def read(word: Document) -> Extract:
    file = io.BytesIO()
    word.save(file)
    return extract(".docx", file.getvalue())


def with_body(*xml: str) -> Document:
    word = docx.Document()
    for part in xml:
        word.element.body[-1].addprevious(element(part))
    return word


def texts(word: Document) -> list[str]:
    return [block.text for block in read(word).blocks]


def test_text_in_controls_changes_fields_and_tags_is_read() -> None:
    inserted = '<w:ins w:id="2" w:author="a">' + run("2000") + "</w:ins>"
    deleted = '<w:del w:id="1" w:author="a"><w:r><w:delText>500</w:delText></w:r></w:del>'

    def control(content: str, properties: str = "") -> str:
        return f"<w:sdt >{properties}<w:sdtContent>{content}</w:sdtContent></w:sdt>"

    def paragraph(*parts: str) -> str:
        return f"<w:p >{''.join(parts)}</w:p>"

    word = with_body(
        control(paragraph(run("Meals cost 45 euros."))),
        control(paragraph(run("Click here.")), "<w:sdtPr><w:showingPlcHdr/></w:sdtPr>"),
        paragraph(run("Rate: "), control(run("0.52")), run(" a km.")),
        paragraph(run("Approval is needed above "), deleted, inserted, run(" euros.")),
        paragraph(run("Due on "), '<w:fldSimple w:instr="DATE">', run("1 March"), "</w:fldSimple>"),
        paragraph(
            f'<w:smartTag w:uri="x" w:element="y">{run("In Berlin")}</w:smartTag>',
            f'<w:hyperlink w:anchor="x">{run(" (map)")}</w:hyperlink>',
        ),
        paragraph("<w:r><w:rPr><w:vanish/></w:rPr><w:t>secret</w:t></w:r>", run("seen")),
    )
    assert texts(word) == [
        "Meals cost 45 euros.",
        "Rate: 0.52 a km.",
        "Approval is needed above 2000 euros.",
        "Due on 1 March",
        "In Berlin (map)",
        "seen",
    ]
    assert read(word).unread == "1 piece of hidden text left out"


def test_a_text_box_is_read_once_after_its_paragraph() -> None:
    box = "<w:txbxContent><w:p>" + run("Taxis need a receipt.") + "</w:p></w:txbxContent>"
    forms = (
        '<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
        f'<mc:Choice Requires="wps"><w:drawing>{box}</w:drawing></mc:Choice>'
        f"<mc:Fallback><w:pict>{box}</w:pict></mc:Fallback></mc:AlternateContent>"
    )
    word = with_body("<w:p >" + run("Trips.") + f"<w:r>{forms}</w:r></w:p>", "<w:p >" + run("End.") + "</w:p>")
    assert texts(word) == ["Trips.", "Taxis need a receipt.", "End."]


LEVELS = (("decimal", "%1."), ("decimal", "%1.%2"), ("lowerLetter", "(%3)"), ("upperRoman", "%4"), ("bullet", "x"))


def numbered() -> tuple[Document, Any]:
    word = docx.Document()
    levels = "".join(
        f'<w:lvl w:ilvl="{at}"><w:start w:val="1"/><w:numFmt w:val="{kind}"/><w:lvlText w:val="{form}"/></w:lvl>'
        for at, (kind, form) in enumerate(LEVELS)
    )
    part = word.part.numbering_part.element
    part.insert(0, element(f'<w:abstractNum w:abstractNumId="77">{levels}</w:abstractNum>'))
    start = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride>'
    part.append(element('<w:num w:numId="77"><w:abstractNumId w:val="77"/></w:num>'))
    part.append(element(f'<w:num w:numId="78"><w:abstractNumId w:val="77"/>{start}</w:num>'))

    def add(text: str, at: int, number: int = 77, style: str | None = None) -> None:
        paragraph = word.add_paragraph(text, style)._p
        paragraph.get_or_add_pPr().append(
            element(f'<w:numPr ><w:ilvl w:val="{at}"/><w:numId w:val="{number}"/></w:numPr>')
        )

    return word, add


def test_clauses_have_the_numbers_that_word_counts() -> None:
    word, add = numbered()
    add("Scope", 0, style="Heading 1")
    for text, at in (
        ("All teams.", 1),
        ("All sites.", 1),
        ("one", 2),
        ("two", 2),
        ("deep", 3),
        ("deep", 3),
        ("dot", 4),
    ):
        add(text, at)
    add("Duties", 0, style="Heading 1")
    add("Pay in time.", 1)
    add("Anew", 0, 78)
    assert texts(word) == [
        "1. Scope", "1.1 All teams.", "1.2 All sites.", "(a) one", "(b) two", "I deep", "II deep", "- dot",
        "2. Duties", "2.1 Pay in time.", "5. Anew",
    ]  # fmt: skip


def test_a_list_by_style_is_numbered() -> None:
    word = docx.Document()
    for text in ("Name an owner.", "Agree on a budget."):
        word.add_paragraph(text, "List Number")
    assert texts(word) == ["1. Name an owner.", "2. Agree on a budget."]


def test_styles_based_on_headings_and_outline_levels_are_headings() -> None:
    word = docx.Document()
    company = word.styles.add_style("Company Heading", 1)
    company.base_style = word.styles["Heading 2"]
    word.add_paragraph("Refunds", "Company Heading")
    word.add_paragraph("Outlined")._p.get_or_add_pPr().append(element('<w:outlineLvl w:val="0"/>'))
    word.styles.add_style("TOC 1", 1)
    word.add_paragraph("Refunds 3", "TOC 1")
    assert [(block.kind, block.text, block.level) for block in read(word).blocks] == [
        ("heading", "Refunds", 3),
        ("heading", "Outlined", 2),
    ]


def test_a_merged_title_names_no_column_and_merged_cells_hold_in_every_row() -> None:
    word = docx.Document()
    table = word.add_table(4, 3)
    table.cell(0, 0).merge(table.cell(0, 2)).text = "Rates by region"
    for number, row in enumerate((("Region", "Kind", "Limit"), ("North", "Hotel", "90"), ("", "Meals", "30")), 1):
        for place, text in enumerate(row):
            table.cell(number, place).text = text
    table.cell(2, 0).merge(table.cell(3, 0))
    assert texts(word) == [
        "Rates by region",
        "Region: North; Kind: Hotel; Limit: 90",
        "Region: North; Kind: Meals; Limit: 30",
    ]


def test_a_table_in_a_cell_is_read() -> None:
    word = docx.Document()
    outer = word.add_table(1, 1).cell(0, 0)
    outer.text = "Outer"
    inner = outer.add_table(2, 2)
    for cell, text in zip((c for row in inner.rows for c in row.cells), ("Key", "Value", "a", "b"), strict=True):
        cell.text = text
    assert texts(word) == ["Outer", "Key: a; Value: b"]


def test_the_language_is_that_of_most_of_the_text() -> None:
    german = '<w:r><w:rPr><w:lang w:val="de-DE"/></w:rPr><w:t>Reisen werden vorab genehmigt.</w:t></w:r>'
    assert read(with_body(f"<w:p >{german}{run('Note.')}</w:p>")).language == "de-DE"
