"""Rows of tables, read by the columns that a question names."""

import pytest

from assistant.contents.cells import lacks_column_named, of_columns_named
from assistant.contents.statements import Statement
from corpus import Passage

ROW = "Feature: Price of a seat; Oak Desk: on request; Pine Desk: $19 a month; Elm: free"


def row(text: str = ROW) -> Statement:
    passage = Passage("id", "table.md", "Desks", (), text, 0, len(text))
    return Statement(passage, text, 0, len(text))


def test_only_the_columns_that_are_named_are_read_with_the_first() -> None:
    read = of_columns_named("What does a seat at the Oak Desk cost?", row())
    assert read.text == "Feature: Price of a seat; Oak Desk: on request"
    read = of_columns_named("Is an Elm or a pine desk cheaper?", row())
    assert read.text == "Feature: Price of a seat; Pine Desk: $19 a month; Elm: free"


def test_after_a_number_the_cell_is_read_that_says_what_the_row_is_of() -> None:
    said = row(
        "Line: F4; Purpose: Desk stewards, two days; Amount: 225000; Who pays: half the house; Notes: none; or few"
    )
    read = of_columns_named("Who pays for the stewards?", said)
    assert read.text == "Line: F4; Purpose: Desk stewards, two days; Who pays: half the house"


def test_a_row_of_which_no_column_is_named_stays_whole() -> None:
    assert of_columns_named("What does a seat cost?", row()) == row()
    assert of_columns_named("What do the oak desk, the pine desk and the elm cost?", row()) == row()


def test_what_is_no_row_stays_whole() -> None:
    said = row("Decide first; then act: the Oak Desk waits; nobody knows: why")
    assert of_columns_named("What about the Oak Desk?", said) == said
    two = row("Feature: Price; Oak Desk: on request")
    assert of_columns_named("What about the oak desk?", two) == two


TABLE = """Desk: Oak; Yearly cost: EUR 300; Paid from: the common fund; Remarks: none
Desk: Elm; Paid from: the common fund; Remarks: the price is being agreed"""


def test_a_row_without_the_column_that_is_asked_for_answers_nothing() -> None:
    passage = Passage("id", "table.md", "Desks", (), TABLE, 0, len(TABLE))
    oak, elm = (Statement(passage, line, TABLE.index(line), 0) for line in TABLE.split("\n"))
    assert lacks_column_named("What does the Elm cost us per year?", elm)
    assert not lacks_column_named("What does the Oak cost us per year?", oak)
    assert not lacks_column_named("What is the Elm paid from?", elm)
    assert not lacks_column_named("What is said of the Elm?", elm)
    assert not lacks_column_named("What is the yearly cost of a desk, and what remarks are there?", elm)
    assert not lacks_column_named("What does it cost per year?", row("The elm is dear; the oak is not."))


@pytest.mark.parametrize(
    ("question", "own"),
    [
        ("Does Elm need approval?", "Desk: Elm; Status: may be used without approval; Owner: the porter"),
        ("What is the yearly cost of Elm?", "Desk: Elm; Paid from: fund; Remarks: the yearly cost is EUR 200"),
        ("Which desk has no yearly cost?", "Desk: Elm; Paid from: fund; Remarks: given to us"),
        ("What does Elm cost without discount?", "Desk: Elm; Price: EUR 9; Paid from: fund"),
    ],
)
def test_what_a_cell_of_the_row_says_of_it_or_is_not_there_may_answer(question: str, own: str) -> None:
    text = f"Desk: Oak; Yearly cost: EUR 300; Approval: yes; Discount: none\n{own}"
    passage = Passage("id", "table.md", "Desks", (), text, 0, len(text))
    assert not lacks_column_named(question, Statement(passage, own, text.index(own), len(text)))
