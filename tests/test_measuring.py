"""Rows of a table by the numbers in their columns."""

import pytest

from assistant.measuring import measured

ROWS = [
    {"No.": "1", "Lamp": "Otter", "Budget 2026 (EUR)": "1,200", "Budget 2027 (EUR)": "900", "Guests": "40 people"},
    {"No.": "2", "Lamp": "Finch", "Budget 2026 (EUR)": "€ 300", "Budget 2027 (EUR)": "300", "Guests": "55 people"},
    {"No.": "3", "Lamp": "Heron", "Budget 2026 (EUR)": "150.5", "Budget 2027 (EUR)": "2 000", "Guests": "none yet"},
    {"No.": "4", "Lamp": "Robin", "Budget 2026 (EUR)": "700", "Budget 2027 (EUR)": "650", "Guests": "7 people"},
    {"No.": "5", "Lamp": "Total", "Budget 2026 (EUR)": "2,350.5", "Budget 2027 (EUR)": "3850", "Guests": "102 people"},
]


@pytest.mark.parametrize(
    ("question", "column", "lamps"),
    [
        ("Which lamps have a budget over 500 euros for 2026?", "Budget 2026 (EUR)", ["Otter", "Robin"]),
        ("Which lamps get less than 500 euros in 2027?", "Budget 2027 (EUR)", ["Finch"]),
        ("Which lamps get less in 2027 than in 2026?", "Budget 2027 (EUR)", ["Otter", "Robin"]),
        ("Which lamps get more money in 2027 than they did in 2026?", "Budget 2027 (EUR)", ["Heron"]),
        ("Which lamp costs the most in 2026?", "Budget 2026 (EUR)", ["Otter"]),
        ("Which lamp is the cheapest in 2027?", "Budget 2027 (EUR)", ["Finch"]),
        ("Which lamp has the most guests?", "Guests", ["Finch"]),
    ],
)
def test_rows_are_told_by_their_numbers(question: str, column: str | None, lamps: list[str]) -> None:
    found = measured(question, ROWS)
    assert (found and found.column, [ROWS[at]["Lamp"] for at in found.places] if found else []) == (column, lamps)


@pytest.mark.parametrize(
    "question",
    [
        "Which lamps are there?",
        "What matters most at night?",
        "Which lamps burn for over 5 hours?",
        "More in 2031 than in 2030?",
    ],
)
def test_nothing_is_measured_that_no_column_of_numbers_tells(question: str) -> None:
    assert measured(question, ROWS) is None
    assert measured("Which costs the most?", []) is None
