"""What a comparison compares by."""

import pytest

import corpus
from assistant.pipeline import Assistant
from assistant.records import Turn
from index import FakeEncoder, FakeSparseEncoder, memory_index


@pytest.fixture(scope="module")
def quoting():
    documents = corpus.load_all([corpus.shipped_guidance()]).documents
    passages = [passage for document in documents for passage in corpus.split(document)]
    return Assistant(memory_index(passages, FakeEncoder(), FakeSparseEncoder(), documents=documents))


@pytest.mark.parametrize(
    "question", ["Compare all three approaches on budget.", "What sets the approaches apart in a comparison of budget?"]
)
def test_options_are_meant_together_by_the_word_they_share(quoting, question):
    assert len(quoting.ask(question).comparison.options) == 3


def test_the_table_keeps_to_what_is_asked_for(quoting):
    answer = quoting.ask("Compare top-down and bottom-up on drawbacks and innovation.")
    criteria = [row.criterion for row in answer.comparison.rows]
    assert criteria == ["Drawbacks", "Innovation"]


def test_better_than_is_a_comparison(quoting):
    answer = quoting.ask("Is top-down better than bottom-up for innovation?")
    assert answer.comparison is not None
    assert "innovation" in answer.sentences[0].text


def test_other_words_for_the_options_are_understood(quoting):
    answer = quoting.ask("How do centralised and decentralised AI differ on innovation?")
    assert answer.comparison.options == ("Bottom-up approach to AI", "Top-down approach to AI")


def test_a_new_question_after_a_comparison_is_no_comparison(quoting):
    history = (Turn("user", "Compare top-down and bottom-up."), Turn("assistant", "It depends."))
    assert quoting.ask("Which factors decide?", history).comparison is None
    added = quoting.ask("What about hybrid?", history)
    assert len(added.comparison.options) == 3


def test_an_aspect_keeps_its_verb(quoting):
    answer = quoting.ask("Is top-down better than bottom-up for getting staff on board?")
    assert [row.criterion for row in answer.comparison.rows] == ["Getting staff on board"]


def test_an_aspect_that_holds_a_word_for_drawbacks_is_more_than_that(quoting):
    answer = quoting.ask("How do top-down and bottom-up compare on how well solutions fit the problem?")
    assert "Drawbacks" not in [row.criterion for row in answer.comparison.rows]


def test_what_is_compared_of_each_of_two_is_the_aspect(quoting):
    answer = quoting.ask("Compare duplication of work under central and under decentralised AI.")
    assert answer.comparison.options == ("Bottom-up approach to AI", "Top-down approach to AI")
    assert answer.comparison.rows[0].criterion == "Duplication of work"
