"""Numbers of another year than the one asked for."""

import pytest

from assistant.contents.statements import Statement, split_statements
from assistant.judging.years import of_another_year, spans_in
from corpus import Passage

ROW = "Line: B4; Purpose: Courses; Budget 2026-27 (EUR): 39000; Actual 2025-26 (EUR): 12700"


def statement(text: str, *path: str) -> Statement:
    (one,) = split_statements(Passage("id", "money.md", "Money", path, text, 0, len(text)))
    return one


@pytest.mark.parametrize(
    ("question", "another"),
    [
        ("How much have we got for courses in 2027-28?", True),
        ("How much have we got for courses in 2026-27?", False),
        ("How much have we got for courses in 2026?", False),
        ("How much did we spend on courses in 2023?", True),
        ("How much have we got for courses?", False),
        ("Who decides on courses in 2031?", False),
        ("How much do courses get in the 2031 plan?", False),
        ("What's set aside for courses in 2031?", True),
        ("What have we budgeted for courses in 2031?", True),
        ("What will courses come to in 2031?", True),
        ("What is set aside for courses in 2026?", False),
        ("What has been set aside as void in 2031?", False),
        ("What rules on courses were set aside in 2031?", False),
    ],
)
def test_a_row_answers_for_the_years_of_its_columns(question: str, another: bool) -> None:
    assert of_another_year(question, statement(ROW)) is another


@pytest.mark.parametrize(
    ("text", "another"),
    [
        ("In 2025 we had 38 tools.", True),
        ("From 2025 to 2028 we have 38 tools.", False),
        ("Since 2025 we have had 38 tools.", False),
        ("Until the end of 2029 there are 38 tools.", False),
        ("By 2025 there were 38 tools.", True),
        ("There are 38 tools.", False),
        ("There are 2,025 tools.", False),
        ("A tool costs £2025.", False),
        ("A tool costs EUR 2025.", False),
        ("Under the agreement signed in 2025, there are 38 tools.", False),
        ("Under the Tools Act 2025 there are 38 tools.", False),
        ("BS 9999:2025 asks for 38 tools.", False),
        ("Tools: 38; From: 2025; To: 2028", False),
    ],
)
def test_years_that_go_on_reach_the_one_asked_for(text: str, another: bool) -> None:
    assert of_another_year("How many tools have we in 2027?", statement(text)) is another


@pytest.mark.parametrize(
    "question",
    [
        "How much notice must I give if I joined in 2019?",
        "How often is a boiler fitted in 2019 serviced?",
        "How much does a permit cost for a car registered in 2019?",
        "What rate applies to a loan taken out in 2019?",
    ],
)
def test_the_year_of_an_event_is_not_the_one_that_is_asked_for(question: str) -> None:
    assert not of_another_year(question, statement(ROW))


def test_the_heading_says_the_year_of_a_row_that_names_none() -> None:
    text = "Kind: tools; Number: 38"
    assert of_another_year("How many tools have we in 2027?", statement(text, "Register 2025"))
    assert not of_another_year("How many tools have we in 2027?", statement("There are 38 tools.", "Register 2025"))
    assert not of_another_year("How many tools have we in 2027?", statement(text, "Handbook 2025"))
    assert not of_another_year("How many tools have we in 2027?", statement(text, "Register 2025", "Plan for 2027"))
    assert not of_another_year("How many tools have we in 2027?", statement(text, "Strategy 2026–2029"))


def test_so_many_of_something_is_no_year() -> None:
    assert not of_another_year("What is the fee for 2000 words?", statement("In 2026 the fee is 100 euros."))


def test_two_years_written_as_one_are_that_one_only() -> None:
    (fiscal,), (other,), (both,) = spans_in("2026-27"), spans_in("2027/28"), spans_in("2026 to 2027")
    assert not fiscal.meets(other)
    assert fiscal.meets(both)
    assert not spans_in("Release 12.2026.1, on 1-2026-5")
