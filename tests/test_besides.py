"""What is asked besides a comparison."""

import pytest

import corpus
from assistant.advising.besides import comparison_and_more
from assistant.pipeline import Assistant
from assistant.records import Found, Written
from index import FakeEncoder, FakeSparseEncoder, memory_index


@pytest.fixture(scope="module")
def quoting():
    documents = corpus.load_all([corpus.shipped_guidance()]).documents
    passages = [passage for document in documents for passage in corpus.split(document)]
    return Assistant(memory_index(passages, FakeEncoder(), FakeSparseEncoder(), documents=documents))


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        (
            "How does the mill differ from the boat, and who orders lamp oil?",
            ("How does the mill differ from the boat", "Who orders lamp oil?"),
        ),
        (
            "Who orders lamp oil, and what is the difference between the mill and the boat?",
            ("Who orders lamp oil", "what is the difference between the mill and the boat?"),
        ),
        ("How does the mill differ from the boat, and who decides in each?", ()),
        ("How does the mill differ from the boat, and which one wins?", ()),
        ("How does the mill differ from the boat, and who pays for them?", ()),
        ("How does the mill differ from the boat?", ()),
        ("Who orders lamp oil, and who keeps the boat keys?", ()),
    ],
)
def test_a_question_beside_a_comparison_stands_for_itself(question, expected):
    found = comparison_and_more(question)
    assert tuple(part.lower().rstrip("?") for part in found) == tuple(part.lower().rstrip("?") for part in expected)


def test_both_are_answered_in_one(quoting):
    question = "What is the difference between top-down and bottom-up, and who supplies platforms and guardrails?"
    events = list(quoting.answer(question))
    answer = events[-1].answer
    assert answer.question == question
    assert (answer.status, answer.comparison is not None) == ("answered", True)
    assert "central IT function" in answer.sentences[-1].text
    written = [event.sentence for event in events if isinstance(event, Written)]
    assert list(answer.sentences) == [one for one in written if one in answer.sentences]
    shown = [event.passages for event in events if isinstance(event, Found)][-1]
    cells = [cell for row in answer.comparison.rows for cell in row.cells if cell]
    cited = {citation.passage for part in (*answer.sentences, *cells) for citation in part.citations}
    assert cited <= {passage.id for passage in answer.passages}
    assert {passage.id for passage in shown} <= {passage.id for passage in answer.passages}


def test_what_is_not_covered_beside_a_comparison_is_named(quoting):
    answer = quoting.ask("How do top-down and bottom-up differ, and what wage does a ferry captain earn?")
    assert (answer.status, answer.comparison is not None) == ("partial", True)
    assert "ferry captain" in answer.refusal.reason


def test_where_neither_is_covered_all_is_refused(quoting):
    answer = quoting.ask("How do ferries differ from barges, and what wage does a captain earn?")
    assert (answer.status, answer.sentences) == ("refused", ())
    assert answer.question == "How do ferries differ from barges, and what wage does a captain earn?"
