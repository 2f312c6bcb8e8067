"""Options that stand in tables are compared cell by cell."""

import docx
import pytest

import corpus
from assistant.pipeline import Assistant
from index import FakeEncoder, FakeSparseEncoder, memory_index

ROWS = (
    ("Option", "What it means", "Advantages", "Disadvantages", "Price"),
    ("Build", "We write it", "The source code is ours; full control", "Ties up engineers", "600,000"),
    ("Buy", "We license it", "Available at once", "Fees rise", "90,000"),
)
ACROSS = tuple(zip(*(row[:1] + row[2:] for row in ROWS), strict=True))


def asked(tmp_path, rows):
    document = docx.Document()
    document.add_heading("Sourcing", level=1)
    table = document.add_table(rows=0, cols=len(rows[0]))
    for row in rows:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    document.save(str(tmp_path / "sourcing.docx"))
    loaded = corpus.load(tmp_path / "sourcing.docx")
    passages = corpus.split(loaded)
    return loaded, Assistant(memory_index(passages, FakeEncoder(), FakeSparseEncoder(), documents=[loaded]))


@pytest.mark.parametrize("rows", [ROWS, ACROSS], ids=["options in rows", "options in columns"])
def test_cells_are_compared_and_cited_where_they_stand(tmp_path, rows):
    loaded, assistant = asked(tmp_path, rows)
    answer = assistant.ask("Compare build and buy.")
    found = {row.criterion: row.cells for row in answer.comparison.rows}
    assert found["Disadvantages"][0].text == "Ties up engineers"
    assert found["Advantages"][1].text == "Available at once"
    assert "90,000" in found["Price"][1].text
    assert [one.text for one in answer.sentences][-2:] == [
        f"{row.option}: {row.citations[0].quote}" for row in answer.comparison.rows[0].cells
    ]
    for cells in found.values():
        for citation in cells[0].citations:
            assert loaded.text[citation.start : citation.end] == citation.quote


def test_a_side_of_one_option_is_its_cell(tmp_path):
    _, assistant = asked(tmp_path, ROWS)
    answer = assistant.ask("What are the advantages of building?")
    assert [sentence.text for sentence in answer.sentences] == ["The source code is ours; full control"]


HOSTED = """# Minutes

The clerk presented three options for hosting.

| | Rented room | Own cellar | Box at the door |
|---|---|---|---|
| If the lights go out | Nothing works | The house carries on | All carry on |
| Yearly cost | 90 | 40 | 60 |
"""
HEADED = """# Growing

## Two ways to grow

### Garden way

Gardens grow many things.

### Farm way

Farms grow few things.

| Criterion | Garden way | Farm way |
|---|---|---|
| Yearly cost | 90 coins | 40 coins |
| Water | Little, by hand | Much, by machine |
"""


def loaded(tmp_path, text):
    (tmp_path / "text.md").write_text(text, encoding="utf-8")
    document = corpus.load(tmp_path / "text.md")
    index = memory_index(corpus.split(document), FakeEncoder(), FakeSparseEncoder(), documents=[document])
    return Assistant(index)


def test_a_table_with_an_empty_corner_has_the_options_in_its_columns_where_the_line_before_it_says_so(tmp_path):
    (group,) = loaded(tmp_path, HOSTED)._outline.groups
    assert group.names == ("Rented room", "Own cellar", "Box at the door")
    plain = HOSTED.replace("three options for hosting", "what he had seen")
    assert loaded(tmp_path, plain)._outline.groups == ()


def test_what_a_table_says_of_options_that_have_headings_is_compared_too(tmp_path):
    answer = loaded(tmp_path, HEADED).ask("Compare the garden way and the farm way.")
    rows = {row.criterion: [cell.text for cell in row.cells] for row in answer.comparison.rows}
    assert rows["What it is"] == ["Gardens grow many things.", "Farms grow few things."]
    assert rows["Yearly cost"] == ["90 coins", "40 coins"]
    assert rows["Water"] == ["Little, by hand", "Much, by machine"]


def test_a_table_of_other_things_sets_no_options_side_by_side(tmp_path):
    rows = (("Role", "Duty", "Room"), ("Lead", "Decides", "First floor"), ("Clerk", "Writes", "Cellar"))
    _, assistant = asked(tmp_path, rows)
    assert assistant._outline.groups == ()


MEETING = (
    ("Aspect", "Framework", "RPS"),
    ("Access", "Closed after the start", "Open at any time"),
    ("Buying", "Several ways", "Further competition only"),
)


def test_columns_that_meet_criteria_are_set_side_by_side_also_by_what_they_abbreviate(tmp_path):
    _, assistant = asked(tmp_path, MEETING)
    assert [group.names for group in assistant._outline.groups] == [("Framework", "RPS")]
    for name in ("RPS", "rapid purchasing system"):
        found = assistant.ask(f"What is the difference between a framework and a {name}?").comparison
        assert found.options == ("Framework", "RPS")
        assert [(row.criterion, [cell.text for cell in row.cells]) for row in found.rows] == [
            ("Access", ["Closed after the start", "Open at any time"]),
            ("Buying", ["Several ways", "Further competition only"]),
        ]


def test_columns_that_say_something_of_their_rows_are_not(tmp_path):
    rows = (("Category", "Requirement", "Owner"), ("Logs", "Kept a year", "Clerk"), ("Keys", "Changed", "Porter"))
    _, assistant = asked(tmp_path, rows)
    assert assistant._outline.groups == ()
