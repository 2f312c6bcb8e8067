"""Rows of a table by the numbers in their columns."""

import pytest

from assistant.lists.measuring import measured


def table(columns: str, *rows: str) -> list[dict[str, str]]:
    names = columns.split(" | ")
    return [dict(zip(names, row.split(" | "), strict=True)) for row in rows]


LAMPS = table(
    "No. | Lamp | Budget 2026 (EUR) | Budget 2027 (EUR) | Guests",
    "1 | Otter | 1,200 | 900 | 40 people",
    "2 | Finch | € 300 | 300 | 55 people",
    "3 | Heron | 150.5 | 2 000 | none yet",
    "4 | Robin | 700 | 650 | 7 people",
    "5 | Stork | 500 | 500 | 9 people",
    "6 | Total | 2,850.5 | 4350 | 111 people",
)
WARDS = table(
    "Ward | Code | Beds 2024 | Beds 2025 | Falls 2024 | Falls 2025 | Stay in days",
    "Oak | 900 | 20 | 24 | 9 | 3 | 7",
    "Elm | 100 | 18 | 18 | 4 | 8 | 21",
    "Ash | 200 | 30 | 28 | 5 | 7 | 30",
)
COSTS = table("Supplier | Kind | Annual cost", "A | x | €1.2m", "B | x | €800k", "C | x | €95.000", "D | x | €2.1m")
MIXED = table("Data | Kind | Kept", "A | x | 30 days", "B | x | 7 years", "C | x | 6 months", "D | x | for ever")


@pytest.mark.parametrize(
    ("question", "rows", "column", "named"),
    [
        ("Which lamps have a budget over 500 euros for 2026?", LAMPS, "Budget 2026 (EUR)", "Otter Robin"),
        ("Which lamps have a budget of at least 500 euros for 2026?", LAMPS, "Budget 2026 (EUR)", "Otter Robin Stork"),
        ("Which lamps cost more than 500 in 2026?", LAMPS, "Budget 2026 (EUR)", "Otter Robin"),
        ("Which lamps get less than 500 euros in 2027?", LAMPS, "Budget 2027 (EUR)", "Finch"),
        ("Which budgets are less in 2027 than in 2026?", LAMPS, "Budget 2027 (EUR)", "Otter Robin"),
        ("Which lamps get more money in 2027 than they did in 2026?", LAMPS, "Budget 2027 (EUR)", "Heron"),
        ("Which lamp costs the most in 2026?", LAMPS, "Budget 2026 (EUR)", "Otter"),
        ("Which lamp is the cheapest in 2027?", LAMPS, "Budget 2027 (EUR)", "Finch"),
        ("Which lamp has the most guests?", LAMPS, "Guests", "Finch"),
        ("Which wards had more falls in 2025 than in 2024?", WARDS, "Falls 2025", "Elm Ash"),
        ("Which wards have fewer beds in 2025 than in 2024?", WARDS, "Beds 2025", "Ash"),
        ("Which wards have a stay of over 2 weeks?", WARDS, "Stay in days", "Elm Ash"),
        ("Which supplier has the highest annual cost?", COSTS, "Annual cost", "D"),
        ("Which suppliers cost less than 100k?", COSTS, "Annual cost", "C"),
        ("Which data are kept for less than 60 days?", MIXED[:3], "Kept", "A"),
    ],
)
def test_rows_are_told_by_their_numbers(question: str, rows: list[dict[str, str]], column: str, named: str) -> None:
    found = measured(question, rows)
    assert found is not None
    names = [next(value for value in rows[at].values() if not value.isdigit()) for at in found.places]
    assert (found.column, names) == (column, named.split())


@pytest.mark.parametrize(
    ("question", "rows"),
    [
        ("Which lamps are there?", LAMPS),
        ("What matters most at night?", LAMPS),
        ("Which lamps burn for over 5 hours?", LAMPS),
        ("More in 2031 than in 2030?", LAMPS),
        ("What is the most important cost of a lamp?", LAMPS),
        ("What costs do most guests forget?", LAMPS),
        ("Who is the highest authority on budgets?", LAMPS),
        ("Which countries had more breaches in 2025 than in 2024?", WARDS),
        ("Which ward has the highest code?", WARDS),
        ("Which data are kept for less than 60 days?", MIXED[:1] + MIXED[3:]),
        ("Which costs the most?", []),
    ],
)
def test_nothing_is_measured_that_no_column_of_numbers_tells(question: str, rows: list[dict[str, str]]) -> None:
    assert measured(question, rows) is None
