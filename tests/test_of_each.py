"""A question for several options at once."""

from pathlib import Path

import pytest

from assistant.comparing.comparer import Comparer
from assistant.contents.of_each import asks_of_each, without_options
from assistant.contents.options import Group
from assistant.contents.outline import Outline
from assistant.contents.statements import Statement
from assistant.pipeline import Assistant
from corpus import load, split
from index import FakeEncoder, FakeSparseEncoder, memory_index

GUIDE = """# Growing

## The garden approach

Gardens grow many things. The gardener waters them.

## The farm approach

Farms grow few things. A machine waters them.

## The forest approach

Forests grow by themselves. Nobody waters them.
"""


@pytest.fixture
def group(tmp_path: Path) -> Group:
    (tmp_path / "growing.md").write_text(GUIDE, encoding="utf-8")
    return Outline(split(load(tmp_path / "growing.md"))).groups[0]


@pytest.mark.parametrize(
    ("question", "label"),
    [
        ("Who waters in each of the three approaches?", "Who waters"),
        ("Who waters under all three models?", "Who waters"),
        ("Who waters in the garden approach and who in the forest approach?", "Who waters"),
        ("Who waters in each of the two dry extremes?", "Who waters"),
        ("Across the three approaches, who waters?", "who waters"),
        ("What do both approaches need from us?", "What need from us"),
    ],
)
def test_a_question_for_all_says_what_is_asked_of_each(group: Group, question: str, label: str):
    assert asks_of_each(question, group)
    assert without_options(question, group) == label


def test_what_is_told_before_a_question_that_asks_hardly_anything_is_asked_of_each(group: Group):
    question = "The pump breaks. What happens under each of the three approaches?"
    assert without_options(question, group) == "The pump breaks. What happens"


NAMED = "(the garden approach, the forest approach)"


@pytest.mark.parametrize(
    "question",
    [
        f"Where is water saved: behind a hedge, or under the trees? {NAMED}",
        f"A hedge versus the trees: where is water saved? {NAMED}",
        f"Where is water saved, behind a hedge or under the trees? {NAMED}",
        f"Where is water saved? {NAMED}",
        f"Where is water saved? Our neighbours would like to know. {NAMED}",
    ],
)
def test_options_called_by_other_words_are_no_part_of_what_is_asked_of_each(group: Group, question: str):
    assert without_options(question, group).casefold() == "where is water saved"


@pytest.mark.parametrize(
    "question",
    [
        "Who waters in the garden approach?",
        "Is a farm a garden?",
        "Who waters each day?",
        "Which is greener, farm or garden?",
    ],
)
def test_a_question_for_one_or_between_two_is_not_for_each(group: Group, question: str):
    assert not asks_of_each(question, group)


def test_each_option_is_told_by_what_a_model_says_to_answer_its_question(tmp_path: Path):
    (tmp_path / "growing.md").write_text(GUIDE, encoding="utf-8")
    passages = split(load(tmp_path / "growing.md"))
    assistant = Assistant(memory_index(passages, FakeEncoder(), FakeSparseEncoder()))
    comparer: Comparer = assistant._answering._rules._comparer
    asked: list[str] = []

    def read(question: str, statement: Statement) -> float:
        asked.append(question)
        return 0.9 if "waters" in statement.text and "Nobody" not in statement.text else 0.01

    found = comparer.of_each("Who waters in each of the three approaches?", read)
    assert found is not None
    told = {cell.option: cell.text for cell in found.comparison.rows[0].cells if cell}
    assert told == {"Garden approach": "The gardener waters them.", "Farm approach": "A machine waters them."}
    assert found.comparison.rows[0].criterion == "Who waters?"
    assert "What does the guidance say about this of the Forest approach: Who waters?" in asked
    assert comparer.of_each("Who waters in each of the three approaches?", lambda _, statement: 0.01) is None
    assert comparer.of_each("Who waters in the farm approach?", read) is None


def test_where_nothing_is_asked_of_each_nothing_is_told(tmp_path: Path):
    (tmp_path / "growing.md").write_text(GUIDE, encoding="utf-8")
    passages = split(load(tmp_path / "growing.md"))
    assistant = Assistant(memory_index(passages, FakeEncoder(), FakeSparseEncoder()))
    comparer: Comparer = assistant._answering._rules._comparer
    assert comparer.of_each("### every approach ###", lambda *_: 0.9) is None
