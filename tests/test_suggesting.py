"""What is suggested is answered: by the section whose heading it was made from."""

from pathlib import Path

import pytest

import corpus
from assistant.pipeline import Assistant
from index import FakeEncoder, FakeSparseEncoder, memory_index

FLEET = """# Fleet

## Owned cars

The company buys its cars.

### Pros

- Low cost over six years.

### Cons

- Resale value is uncertain.

## Leased cars

A leasing firm owns the cars.

### Pros

- New cars every three years.

### Cons

- Damage at return is expensive.

## How to decide

Buy what is driven far. Lease the rest.

## Who signs?

The head of fleet signs.
"""
LEASING = """# Fleet

## Drawbacks of leasing

It has two.

### Damage

Damage at return is expensive.

### Mileage

Mileage beyond the contract is charged.

## Advantages of leasing

Leased cars are new.

## Who signs

The head of fleet signs leases.
"""
SHORT = "# House rules\n\nVisitors must wear a badge. The lift is closed at night. They wait at the door.\n"


def assistant(folder: Path, text: str) -> Assistant:
    (folder / "text.md").write_text(text, encoding="utf-8")
    documents = corpus.load_all([folder]).documents
    passages = [passage for document in documents for passage in corpus.split(document)]
    return Assistant(memory_index(passages, FakeEncoder(), FakeSparseEncoder(), documents=documents))


@pytest.fixture(scope="module")
def fleet(tmp_path_factory) -> Assistant:
    return assistant(tmp_path_factory.mktemp("fleet"), FLEET)


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("What does the guidance say about “How to decide”?", ["Buy what is driven far.", "Lease the rest."]),
        ("What does the guidance say about how to decide?", ["Buy what is driven far.", "Lease the rest."]),
        ("What does the guidance say about “Leased cars: Pros”?", ["New cars every three years."]),
        ("Can you say more about how to decide?", ["Buy what is driven far.", "Lease the rest."]),
        ("Elaborate on “How to decide”.", ["Buy what is driven far.", "Lease the rest."]),
        ("Who signs?", ["The head of fleet signs."]),
        (
            "What does the guidance say about “Owned cars”?",
            ["The company buys its cars.", "Low cost over six years.", "Resale value is uncertain."],
        ),
    ],
)
def test_a_heading_that_is_asked_for_gives_its_section(fleet, question, told):
    answer = fleet.ask(question)
    assert answer.status == "answered"
    assert [sentence.text for sentence in answer.sentences] == told


def test_the_words_before_the_colon_of_a_heading_are_enough_to_ask_for_it(tmp_path):
    told = assistant(
        tmp_path, "# Cars\n\n## Colour: light or dark\n\nLight cars are cool.\n\n## Size\n\nSmall cars fit.\n"
    )
    answer = told.ask("Tell me more about colour.")
    assert [sentence.text for sentence in answer.sentences] == ["Light cars are cool."]


def test_whatever_is_suggested_is_answered(fleet):
    suggested = {*fleet.openings, *fleet.ask("What is the capital of France?").follow_ups}
    for place in fleet.covers():
        suggested.update(fleet.ask(f"What does the guidance say about “{place.section}”?").follow_ups)
    assert len(suggested) > 4
    assert not [question for question in suggested if "“Pros”" in question or "“Cons”" in question]
    assert {fleet.ask(question).status for question in suggested} == {"answered"}


def test_a_section_of_which_everything_has_been_told_is_not_offered_again(tmp_path):
    answer = assistant(tmp_path, LEASING).ask("What are the drawbacks of leasing?")
    assert "expensive" in answer.text
    assert "charged" in answer.text
    assert answer.follow_ups
    assert not [question for question in answer.follow_ups if "Drawbacks" in question]


def test_a_document_of_one_section_has_several_questions(tmp_path):
    asking = assistant(tmp_path, SHORT)
    refused = asking.ask("What is the capital of France?")
    assert refused.status == "refused"
    assert "What does the guidance say about “Visitors”?" in {*refused.follow_ups, *asking.openings}
    assert len(refused.follow_ups) == 2
    assert len(asking.openings) >= 2
    for question in (*refused.follow_ups, *asking.openings):
        assert asking.ask(question).status == "answered"
    assert asking.ask("What does the guidance say about “The lift”?").text == "The lift is closed at night."
