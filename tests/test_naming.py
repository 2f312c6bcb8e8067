"""Which options a question means that it does not call by their names."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.advising.naming import WHETHER
from assistant.pipeline import Assistant
from corpus import load_all, shipped_guidance, split
from index import FakeEncoder, FakeSparseEncoder, memory_index

TWO = """# Two ways to run the mill

## 1. Option A: a shared mill for the valley

### Benefits

- One stone grinds for all.

### Drawbacks

- Everybody waits in line.

## 2. Option B: farms run their own

### Benefits

- Nobody waits.

### Drawbacks

- Ten stones cost more.
"""


def assistant_over(paths: list[Path]) -> Assistant:
    documents = load_all(paths).documents
    passages = [passage for document in documents for passage in split(document)]
    index = memory_index(passages, FakeEncoder(), FakeSparseEncoder(), documents=documents)
    return Assistant(index)


@pytest.fixture(scope="module")
def shipped() -> Iterator[Assistant]:
    assistant = assistant_over([shipped_guidance()])
    yield assistant
    assistant.close()


@pytest.fixture
def mill(tmp_path: Path) -> Iterator[Assistant]:
    (tmp_path / "mill.md").write_text(TWO, "utf-8")
    assistant = assistant_over([tmp_path])
    yield assistant
    assistant.close()


def named(assistant: Assistant, question: str) -> str:
    """What is added to a question."""
    return assistant.standalone(question).removeprefix(question)


@pytest.mark.parametrize(
    ("question", "added"),
    [
        ("Top-down or leaving it to the teams: which is quicker?", " (the bottom-up approach)"),
        ("Is bottom-up cheaper than having the executives run it?", " (the top-down approach)"),
        ("Compare hybrid with letting departments do their own thing.", " (the bottom-up approach)"),
        ("Is the top-down approach better than the alternatives?", ""),
        ("What does the top-down approach ask of teams that run pilots?", ""),
        ("Do boards think enough about whether executives lead AI or teams start it?", ""),
        (
            "If I have to choose one, is leading by executives or by teams faster?",
            " (the top-down approach, the bottom-up approach)",
        ),
        ("Do we have to plump for the teams or the executives?", ""),
        ("Does it change anything whichever way we go, led by executives or started by teams?", ""),
        (
            "Is it every department for itself, or do executives decide?",
            " (the top-down approach, the bottom-up approach)",
        ),
    ],
)
def test_beside_an_option_that_is_named_the_other_may_be_called_by_other_words(
    shipped: Assistant, question: str, added: str
) -> None:
    assert named(shipped, question) == added


def test_an_option_in_other_words_beside_a_named_one_is_compared_with_it(shipped: Assistant) -> None:
    answer = shipped.ask("Compare the top-down approach with letting departments do their own thing.")
    assert answer.comparison is not None
    assert len(answer.comparison.options) == 2


@pytest.mark.parametrize(
    ("question", "added"),
    [
        ("Is a shared mill for the valley cheaper than one at every house?", " (Farms run their own)"),
        ("A shared mill for the valley or a stone at home: what speaks for each?", " (Farms run their own)"),
        ("What speaks against a shared mill for the valley?", ""),
        (
            "A shared mill or every house for itself - what are the pluses of each?",
            " (Shared mill for the valley, Farms run their own)",
        ),
        ("valley vs farms: who waits?", " (Shared mill for the valley, Farms run their own)"),
        ("Is a shared lunch at noon better than a private one?", ""),
        ("Compare a tax on flour with a tax on the mill's bread.", ""),
    ],
)
def test_what_is_set_against_one_of_two_options_is_the_other(mill: Assistant, question: str, added: str) -> None:
    assert named(mill, question) == added


@pytest.mark.parametrize(
    ("question", "of_choice"),
    [
        ("Who feels the consequences of choosing top-down or bottom-up?", True),
        ("It doesn't matter whether we go top-down or bottom-up, does it?", True),
        ("What are the costs of choosing top-down or bottom-up?", False),
        ("Which is dearer, top-down or bottom-up?", False),
    ],
)
def test_who_asks_of_the_choice_itself_compares_nothing(question: str, of_choice: bool) -> None:
    assert (WHETHER.search(question) is not None) is of_choice
