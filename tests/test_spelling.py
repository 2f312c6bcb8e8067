"""Misspelt words of questions."""

from pathlib import Path

import pytest

from assistant.conversation.spelling import Spelling
from assistant.pipeline import Assistant
from assistant.records import Turn
from corpus import Passage, load, split
from index import FakeEncoder, FakeSparseEncoder, memory_index

GUIDANCE = """# Lamps

## Governance of lamps

Decentralized governance presents the steward with hybrid lamps. The porter approves oil.
"""
LANGUAGE = frozenset(
    "who what are the of with is there one prevent invented peck black adapt contract it in do we have oil".split()
)


@pytest.fixture
def passages(tmp_path: Path) -> list[Passage]:
    (tmp_path / "lamps.md").write_text(GUIDANCE)
    return split(load(tmp_path / "lamps.md"))


@pytest.mark.parametrize(
    ("question", "corrected"),
    [
        ("What are the drawbaks of govermance?", "What are the drawbacks of governance?"),
        ("who is the stewrad", "who is the steward"),
        ("the aproach of the hybird one?", "the approach of the hybrid one?"),
        ("Who is steward acc. to the contract?", "Who is steward according to the contract?"),
        ("Lamps vs. oil? In max. 2 years?", "Lamps vs oil? In max 2 years?"),
        ("what is it tho? do we have oil, pls", "what is it though? do we have oil, please"),
        ("What is it in a contract, the oil or the stewarrd?", "What is it in a contract, the oil or the steward?"),
    ],
    ids=["missing and exchanged", "places changed", "of asking", "in short", "in short twice", "in a hurry", "added"],
)
def test_a_word_one_slip_away_from_a_known_one_is_read_as_that(
    passages: list[Passage], question: str, corrected: str
) -> None:
    assert Spelling(passages, LANGUAGE.__contains__).corrected(question) == corrected


@pytest.mark.parametrize(
    "question",
    [
        "Do we prevent the invent of it in the pecking?",
        "Stewrad, is there a Lamqs of the Porker in it?",
        "What is the lamq of it?",
        "What are the porters of oil?",
        "Was sagt die Governanze der Hybird Lampen?",
        "What do we have with stewards' and portern't?",
        "Who is U.R. or PPL, with the thx.io of ppl@thru.org and a u-bend?",
    ],
    ids=["words of the language", "names", "short", "endings", "another language", "contractions", "no hurry"],
)
def test_other_words_stay(passages: list[Passage], question: str) -> None:
    assert Spelling(passages, LANGUAGE.__contains__).corrected(question) == question


@pytest.mark.parametrize(
    ("question", "corrected"),
    [
        ("how does decentralised govermance help the stewrad", "how does decentralised governance help the steward"),
        ("Can we pivot and ingest the throughput they prioritise?", None),
        ("needn't they realise what colour the facets are", None),
        ("Quels sont les avantags de la governanze?", None),
    ],
    ids=["misspelt", "words of the language", "British", "another language"],
)
def test_english_is_known(passages: list[Passage], question: str, corrected: str | None) -> None:
    assert Spelling(passages).corrected(question) == (corrected or question)


def test_a_question_is_answered_as_it_is_meant_and_kept_as_it_was_typed(passages: list[Passage]) -> None:
    index = memory_index(passages, FakeEncoder(), FakeSparseEncoder())
    assistant = Assistant(index, spelling=Spelling(passages, LANGUAGE.__contains__))
    answer = assistant.ask("Who is the stewrad?", (Turn("user", "What is the govermance of it?"),))
    assert answer.question == "Who is the stewrad?"
    assert answer.standalone_question == "Who is the steward? (What is the governance of it?)"
    assert "steward" in assistant.standalone("And the stewrad?", (Turn("user", "What is the govermance?"),))
