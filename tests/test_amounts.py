"""Amounts in questions, and the step of a scale that holds for them."""

from dataclasses import replace

import pytest

from assistant.contents.statements import Statement, split_statements
from assistant.judging.amounts import Amounts, bounds, with_steps
from corpus import Passage

INF = float("inf")
SCALE = (
    "Below €4,000 one offer is enough. From €4,000 to €40,000 we ask for three. Above €40,000 the board is asked first."
)


def statements(text: str) -> list[Statement]:
    return split_statements(Passage("id", "rules.md", "Rules", ("Buying",), text, 0, len(text)))


@pytest.mark.parametrize(
    ("text", "unit", "low", "high"),
    [
        ("Below €4,000 one offer is enough.", "money", -INF, 4000),
        ("From EUR 4,000 to EUR 40,000 three are asked for.", "money", 4000, 40000),
        ("Between 2 and 5 per cent of the sum is kept.", "percent", 2, 5),
        ("5–10 people sit on it.", "peopl", 5, 10),
        ("It lasts no longer than three months.", "days", -INF, 91.2),
        ("Contracts longer than eleven months need a signature.", "days", 334.4, INF),
        ("EUR 10,000 or more goes to the board.", "money", 10000, INF),
        ("12 000 EUR at most.", "money", -INF, 12000),
        ("No more than 1.5 million euros in all.", "money", -INF, 1.5e6),
        ("A tool with 30 users or fewer is small.", "user", -INF, 30),
        ("Loans of not less than £50,000 go to the committee.", "money", 50000, INF),
        ("Leave of up to twenty-five days is granted.", "days", -INF, 25),
        ("Below two hundred and fifty pounds the clerk signs.", "money", -INF, 250),
        ("€2.500,00 or less is petty cash.", "money", -INF, 2500),
        ("Up to £1,000 a year the team lead signs.", "money a year", -INF, 1000),
        ("Total: Above 40,000 and up to 1.5 million crowns; Who decides: The board", "crown", 40000, 1.5e6),
        ("It takes from 2 to 3 weeks.", "days", 14, 21),
        ("Fees of up to 0.125% are waived.", "percent", -INF, 0.125),
        ("Up to EUR 1'000'000 is free.", "money", -INF, 1e6),
    ],
)
def test_how_far_something_goes(text: str, unit: str, low: float, high: float) -> None:
    (bound,) = bounds(text)
    assert (bound.unit, bound.low, bound.high) == (unit, pytest.approx(low), pytest.approx(high))


@pytest.mark.parametrize(
    "text",
    [
        "It cost €4,000.",
        "Rules 4.1 and 5.2 hold.",
        "Adopted in 2026.",
        "Up to now nobody has.",
        "From rule 3 on.",
        "Fences of up to 3m height are fine.",
        "For children under 12 years old.",
        "Total cost over three years.",
        "From 20 February to 10 March.",
    ],
)
def test_a_plain_amount_bounds_nothing(text: str) -> None:
    assert not [bound for bound in bounds(text) if bound.unit in ("money", "days", "percent", "march")]


@pytest.mark.parametrize(
    ("question", "holds"),
    [
        ("How many offers do we need for something that costs around 25k?", "From"),
        ("How many offers do we need for 3,999 euros?", "Below"),
        ("How many offers do we need for one and a half thousand euros?", "Below"),
        ("How many offers do we need for over 40,000 euros?", "Above"),
        ("How many offers do we need? (It costs 60 grand)", "Above"),
    ],
)
def test_the_step_of_a_scale_that_holds_is_read_in_place_of_the_others(question: str, holds: str) -> None:
    amounts, steps = Amounts(question), statements(SCALE)
    assert [one.text.split()[0] for one in steps if amounts.holds(one)] == [holds]
    assert [one.text.split()[0] for one in steps if not amounts.passed_over(one)] == [holds]
    for step in steps:
        assert with_steps(amounts, (step,))[0].text.startswith(holds)
    (held,) = (one for one in steps if amounts.holds(one))
    assert len(amounts.others(held)) == 2


def test_who_asks_yes_or_no_of_one_step_is_told_that_one_too() -> None:
    first = statements(SCALE)[0]
    assert not Amounts("May we order for 25,000 euros with one offer?").passed_over(first)
    assert Amounts("We order for 25,000 euros. How many offers?").passed_over(first)


@pytest.mark.parametrize(
    "question",
    ["How many offers do we need?", "How many offers for 12 laptops?", "Who decides within 14 days?", "What of 2027?"],
)
def test_other_amounts_and_none_leave_the_steps_as_they_are(question: str) -> None:
    amounts, steps = Amounts(question), statements(SCALE)
    assert all(amounts.holds(one) is None and not amounts.passed_over(one) for one in steps)
    assert list(with_steps(amounts, steps)) == steps


@pytest.mark.parametrize(
    ("question", "text"),
    [
        (
            "Whom must I tell within 30 days of a breach?",
            "Report a breach within 72 hours. Inform the board within 60 days. Keep the notice for at least 5 years.",
        ),
        (
            "My son is 12 years old and was ill today. Whom do I tell?",
            "Ill for up to 3 days: tell the office. Ill for more than 3 days: bring a note.",
        ),
        ("How much of a bill of £300 is paid?", "A room is paid up to £120. Bills above £50 come with a receipt."),
        (
            "Who signs for a tool that costs £900 a month?",
            "Up to £1,000 a year the team lead signs. Above £1,000 a year the director signs.",
        ),
    ],
    ids=["no scale", "age", "two rules", "another rate"],
)
def test_what_is_no_scale_stays_as_it_is(question: str, text: str) -> None:
    amounts, said = Amounts(question), statements(text)
    assert not any(amounts.passed_over(one) or amounts.others(one) for one in said)
    assert list(with_steps(amounts, said)) == said


def test_a_step_that_takes_the_place_of_another_is_worth_as_much() -> None:
    below, between, above = statements(SCALE)
    amounts = Amounts("How many offers do we need for 25k?")
    near = replace(above, score=0.8, meaning=0.4)
    assert [(one.text[:5], one.score, one.meaning) for one in with_steps(amounts, (near,))] == [
        ("From ", 0.8, 0.4),
        ("Above", 0.8, 0.4),
    ]
    own = replace(between, score=0.9)
    assert [one.score for one in with_steps(amounts, (near, own, below))] == [0.9, 0.8, 0.0]


def test_the_steps_of_a_scale_may_stand_in_several_passages_under_one_heading() -> None:
    texts = ("Level A: up to 40,000 crowns.", "Level B: above 40,000 crowns.", "Level C: above 40,000 crowns.")
    paths = (("Levels",), ("Levels",), ("Others",))
    passages = [
        Passage(str(at), "a.md", "A", path, text, 50 * at, 90)
        for at, (text, path) in enumerate(zip(texts, paths, strict=True))
    ]
    first = split_statements(passages[0])[0]
    (other,) = Amounts("Who signs for 60,000 crowns?", passages).instead(first)
    assert other.text == texts[1]
    assert Amounts("Who signs for 60,000 crowns?").instead(first) == ()


def test_a_bound_that_has_no_other_step_beside_it_is_told() -> None:
    (one,) = statements("A site may approve up to €4,000.")
    assert not Amounts("Who approves 30,000 euros?").passed_over(one)
