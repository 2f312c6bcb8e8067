"""For whom an option is right, and what a choice depends on."""

import pytest

import corpus
from assistant.pipeline import Assistant
from index import FakeEncoder, FakeSparseEncoder, memory_index


@pytest.fixture(scope="module")
def quoting() -> Assistant:
    documents = corpus.load_all([corpus.shipped_guidance()]).documents
    passages = [passage for document in documents for passage in corpus.split(document)]
    return Assistant(memory_index(passages, FakeEncoder(), FakeSparseEncoder(), documents=documents))


@pytest.mark.parametrize(
    "question",
    [
        "What kinds of organisations are better off with a bottom-up approach?",
        "When does bottom-up make sense?",
        "Under which conditions is bottom-up the right choice? Name all of them.",
        "For whom is bottom-up best?",
    ],
)
def test_all_is_told_that_the_guidance_says_of_whom_an_option_suits(quoting: Assistant, question: str):
    answer = quoting.ask(question)
    assert [sentence.text.split(" ")[0] for sentence in answer.sentences] == [
        "Mature",
        "Sectors",
        "Organizations",
        "An",
    ]
    assert all(sentence.citations for sentence in answer.sentences)


@pytest.mark.parametrize(
    "question",
    [
        "When does bottom-up not make sense?",
        "Who chooses the use cases in the bottom-up approach?",
        "What are the advantages of the bottom-up approach?",
        "What speaks for bottom-up?",
    ],
)
def test_another_question_about_an_option_is_not_taken_for_that(quoting: Assistant, question: str):
    assert not any(sentence.text.startswith("Sectors that move") for sentence in quoting.ask(question).sentences)


def test_what_a_choice_depends_on_is_told_where_no_heading_lists_it(quoting: Assistant):
    answer = quoting.ask("Which things about us should tip the scales before we decide?")
    assert len(answer.sentences) >= 4
    assert any("heavy regulation" in sentence.text for sentence in answer.sentences)


@pytest.mark.parametrize(
    "question",
    [
        "Why does the guidance say that hierarchical organizations should go bottom-up?",
        "Since hierarchical organizations should go bottom-up, how do we begin?",
    ],
)
def test_an_option_taken_to_suit_others_than_the_guidance_says_is_set_right(quoting: Assistant, question: str):
    answer = quoting.ask(question)
    assert answer.sentences[0].text == (
        "The guidance does not say that hierarchical organizations should go bottom-up."
    )
    assert answer.sentences[1].text.startswith(
        "Organizations with a hierarchical culture lean naturally toward top-down"
    )


@pytest.mark.parametrize(
    "question",
    [
        "Why should a bank with a tight budget go top-down?",
        "Why does the guidance say that hierarchical organizations should go top-down?",
        "Why should hierarchical organizations not go bottom-up?",
    ],
)
def test_an_option_that_something_points_to_is_not_set_right(quoting: Assistant, question: str):
    assert not any("does not say that" in sentence.text for sentence in quoting.ask(question).sentences)
