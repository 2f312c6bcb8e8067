"""Excel workbooks: where tables begin, and values as they are shown."""

import datetime
import io
import re
import zipfile
from collections.abc import Sequence

import pytest
from openpyxl import Workbook

from corpus.blocks import Extract
from corpus.formats import extract
from corpus.number_formats import shown


def saved(book: Workbook) -> bytes:
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def book_of(rows: Sequence[Sequence[object]]) -> Workbook:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    return book


def rows_of(content: Extract) -> list[str]:
    return [block.text for block in content.blocks if block.kind != "heading"]


TABLE = (("Role", "Limit", "Approver"), ("Manager", 200, "Director"))
READ = "Role: Manager; Limit: 200; Approver: Director"


def test_a_wrong_size_loses_no_row() -> None:
    raw, changed = saved(book_of(TABLE)), io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(changed, "w") as new:
        for item in old.infolist():
            new.writestr(item, re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="A1"', old.read(item)))
    assert b'ref="A1"' in zipfile.ZipFile(changed).read("xl/worksheets/sheet1.xml")
    assert rows_of(extract(".xlsx", changed.getvalue())) == [READ]


@pytest.mark.parametrize("gap", [((),), ()], ids=["apart", "together"])
def test_a_block_of_pairs_above_names_no_column(gap: tuple[()]) -> None:
    rows = (("Policy", "Travel"), ("Owner", "Finance"), *gap, *TABLE)
    assert rows_of(extract(".xlsx", saved(book_of(rows)))) == ["Policy: Travel", "Owner: Finance", READ]


def test_tables_below_one_another_have_names_of_their_own() -> None:
    rows = (*TABLE, (), ("Lead", 300, "Board"), (), ("Currency", "Rate"), ("EUR", 1), ("USD", 1.1))
    found = rows_of(extract(".xlsx", saved(book_of(rows))))
    assert found == [
        READ,
        "Role: Lead; Limit: 300; Approver: Board",
        "Currency: EUR; Rate: 1",
        "Currency: USD; Rate: 1.1",
    ]


def test_a_merged_cell_holds_in_every_row() -> None:
    book = book_of(
        (("Region", "Rule", "Owner"), ("North", "Hotels", "Ann"), (None, "Meals", "Bob"), ("South", "All", "Cy"))
    )
    book.active.merge_cells("A2:A3")
    assert rows_of(extract(".xlsx", saved(book))) == [
        "Region: North; Rule: Hotels; Owner: Ann",
        "Region: North; Rule: Meals; Owner: Bob",
        "Region: South; Rule: All; Owner: Cy",
    ]


def test_a_cell_merged_along_a_whole_table_makes_no_more_rows_of_names() -> None:
    rows = [("Role", "Limit", "Scope"), *((f"Role {number}", number, None) for number in range(8))]
    book = book_of(rows)
    book.active.merge_cells("C1:C9")
    assert rows_of(extract(".xlsx", saved(book)))[0] == "Role: Role 0; Limit: 0; Scope"


def test_hidden_sheets_and_formulas_without_a_result_are_told_of() -> None:
    book = book_of((*TABLE, ("All", "=SUM(B2:B2)", "Board")))
    hidden = book.create_sheet("Plans")
    hidden.append(("secret", "x"))
    hidden.sheet_state = "hidden"
    content = extract(".xlsx", saved(book))
    assert "secret" not in str(content.blocks)
    assert content.unread == (
        "a hidden sheet was left out (“Plans”); show what readers may be told of; "
        "1 formula without a stored result; open the file in its program and save it there"
    )


def test_cells_are_read_as_they_are_shown() -> None:
    book = book_of((("Goal", "Share", "Budget"), ("Train", 0.25, 1200000)))
    book.active["B2"].number_format, book.active["C2"].number_format = "0%", '#,##0 "EUR"'
    assert rows_of(extract(".xlsx", saved(book))) == ["Goal: Train; Share: 25%; Budget: 1,200,000 EUR"]


@pytest.mark.parametrize(
    ("value", "code", "text"),
    [
        (0.125, "0%", "13%"),
        (0.1 + 0.2, "General", "0.3"),
        (1234.5, "[$€-407]\\ #,##0.00", "€ 1,234.50"),
        (-1200, "#,##0;[Red]#,##0", "-1,200"),
        (-1200, "#,##0;(#,##0)", "(1,200)"),
        (0, '_-* #,##0.00\\ "€"_-;\\-* #,##0.00\\ "€"_-;_-* "-"??\\ "€"_-;_-@_-', "0.00 €"),
        (1500000, '#,##0.0,,"M"', "1.5M"),
        (7, "00000", "00007"),
        (1e300, "0.00", "1e+300"),
        (5551234, "000-0000", "5551234"),
        (datetime.datetime(2026, 3, 2), "d mmmm yyyy", "2 March 2026"),  # noqa: DTZ001
        (datetime.datetime(2026, 3, 2), "mm-dd-yy", "2026-03-02"),  # noqa: DTZ001
        (datetime.datetime(2026, 3, 2, 9, 30), "dd/mm/yyyy hh:mm", "2026-03-02 09:30"),  # noqa: DTZ001
        (datetime.timedelta(hours=30), "[h]:mm", "30:00"),
        (True, "General", "TRUE"),
    ],
)
def test_formats(value: object, code: str, text: str) -> None:
    assert shown(value, code) == text
