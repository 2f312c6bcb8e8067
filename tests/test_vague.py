"""Questions that name no subject are asked back; advice without anything to go by as well."""

from pathlib import Path

import pytest

import corpus
from assistant.pipeline import Assistant
from assistant.questions.vague import asks_of_another_subject, names_no_subject
from assistant.records import Turn
from index import FakeEncoder, FakeSparseEncoder, memory_index


def assistant(documents):
    passages = [passage for document in documents for passage in corpus.split(document)]
    return Assistant(memory_index(passages, FakeEncoder(), FakeSparseEncoder(), documents=documents))


@pytest.fixture(scope="module")
def quoting():
    return assistant(corpus.load_all([corpus.shipped_guidance()]).documents)


@pytest.mark.parametrize(
    ("question", "vague"),
    [
        ("Is it good?", True),
        ("What about it?", True),
        ("Help us with paint", True),
        ("What is paint?", False),
        ("How do we start?", False),
        ("How do we begin?", True),
        ("Is lead in it?", False),
    ],
)
def test_a_question_without_a_subject_is_vague(question, vague):
    assert names_no_subject(question, frozenset({"paint"}), ["Starting to paint"]) is vague


def test_what_to_do_about_something_else_is_no_choice():
    options = frozenset({"top", "down"})
    assert asks_of_another_subject("How should we handle data protection?", options)
    assert not asks_of_another_subject("Should we avoid top-down?", options)


@pytest.mark.parametrize(
    "question", ["Which way should we go?", "What should we do?", "We are a big retailer. What fits?"]
)
def test_advice_without_anything_to_go_by_is_asked_back(quoting, question):
    answer = quoting.ask(question)
    assert answer.status == "clarify"
    assert answer.sentences[-1].text.endswith(".")
    assert "budget" in answer.sentences[-1].text
    assert answer.follow_ups


def test_a_description_bit_by_bit_leads_to_advice(quoting):
    first = quoting.ask("We are a bank")
    assert first.status == "clarify"
    history = (Turn("user", "We are a bank"), Turn("assistant", first.text))
    assert quoting.ask("with a big budget", history).advice.leans_to == "the top-down approach"


def test_a_vague_question_to_guidance_without_rules_names_what_there_is(tmp_path: Path):
    (tmp_path / "paint.md").write_text(
        "# Paint\n\n## Lead\n\nLead is poisonous. Paint without lead is safe.\n", "utf-8"
    )
    answer = assistant(corpus.load_all([tmp_path]).documents).ask("Can you help?")
    assert answer.status in ("clarify", "chat")
    answer = assistant(corpus.load_all([tmp_path]).documents).ask("Is it any good?")
    assert answer.status == "clarify"
    assert "Paint" in answer.text


BANK = (
    Turn("user", "We are a regulated bank, new to AI: top-down or bottom-up?"),
    Turn("assistant", "The guidance leans to the top-down approach here."),
)


@pytest.mark.parametrize(
    ("question", "advised"),
    [
        ("What budget should we give our AI programme next year?", False),
        ("Which vendor should we buy from?", False),
        ("How many people should we hire?", False),
        ("When should we start?", False),
        ("How much should we spend?", False),
        ("How should we handle AI?", True),
        ("What AI strategy should we follow?", True),
        ("Which approach should we take?", True),
        ("So what would you recommend?", True),
    ],
)
def test_a_described_organization_is_advised_only_where_the_choice_is_asked_for(quoting, question, advised):
    assert (quoting.ask(question, BANK).advice is not None) is advised


def test_a_follow_up_that_compares_nothing_is_no_comparison_because_the_question_before_was_one(quoting):
    assert quoting.ask("And which tools should we buy for that?", BANK).comparison is None
    assert quoting.ask("Which is faster?", BANK).comparison is not None
