"""What a question claims: how it is told that the guidance does not say so, and what is said against it."""

from pathlib import Path

import pytest

import corpus
from assistant.contents.balancing import denies_drawbacks, proposes, sways
from assistant.pipeline import Assistant
from assistant.questions.premises import not_said, premise
from assistant.words import content_set
from index import FakeEncoder, FakeSparseEncoder, memory_index

PAINTING = """# Ways of painting

## The brush approach

A brush has bristles.

### Pros

- A brush reaches edges.
- Brushes are cheap to buy.

### Cons

- Dried bristles waste plenty of paint.
- Walls take long.

## The roller approach

A roller turns.

### Pros

- Walls are covered quickly.

### Cons

- Rollers cannot reach edges.
"""


@pytest.fixture(scope="module")
def painting(tmp_path_factory):
    folder: Path = tmp_path_factory.mktemp("painting")
    (folder / "painting.md").write_text(PAINTING, encoding="utf-8")
    documents = corpus.load_all([folder]).documents
    passages = [passage for document in documents for passage in corpus.split(document)]
    return Assistant(memory_index(passages, FakeEncoder(), FakeSparseEncoder(), documents=documents))


@pytest.mark.parametrize(
    ("question", "named", "told"),
    [
        ("Why is red paint best?", "red paint", "red paint is best"),
        ("Why does red paint guarantee success?", "red paint", "red paint guarantees success"),
        ("Why does red always carry the day?", "red", "red always carries the day"),
        ("Why does the guidance forbid red paint?", "red", "it forbids red paint"),
        ("Why does the guidance say that red paint is best?", "red", "red paint is best"),
        ("Why do rollers always waste paint?", "roller", "rollers always waste paint"),
        ("Surely the guidance demands red paint?", "red", "it demands red paint"),
        ("Surely red paint is the only sensible one. Tell me why!", "red", "red paint is the only sensible one"),
    ],
)
def test_a_claim_is_told_as_a_statement(question, named, told):
    claim = premise(question)
    assert claim is not None
    assert not_said(claim.text, content_set(named), ()).text == f"The guidance does not say that {told}."


def test_a_claim_that_cannot_be_turned_round_is_not_told():
    text = not_said("does everybody fail with red", content_set("red"), ()).text
    assert text == "The guidance does not say what the question takes for granted."


def test_what_a_question_wants_shows_in_its_words():
    assert denies_drawbacks("The roller has no real drawbacks")
    assert not denies_drawbacks("Is there no risk management?")
    assert proposes("Should we paint?")
    assert not proposes("What should we paint?")
    assert sways("How can I persuade my boss that red is right?")
    assert sways("Give me two reasons against red.")
    assert not sways("How do we paint a wall?")


def test_a_claim_is_met_by_the_point_against_it(painting):
    answer = painting.ask("Since the brush approach saves plenty of paint, how do we begin?")
    assert [sentence.text for sentence in answer.sentences] == [
        "The guidance does not say that the brush approach saves plenty of paint.",
        "Dried bristles waste plenty of paint.",
    ]


def test_a_claim_that_the_guidance_bears_out_is_left(painting):
    answer = painting.ask("Since the brush approach is cheap, how do we begin?")
    assert not any("does not say" in sentence.text for sentence in answer.sentences)


@pytest.mark.parametrize(
    "question",
    [
        "The brush approach has no drawbacks, right?",
        "Should we use the brush approach?",
        "How can I convince my boss that the brush approach is right?",
        "Give me reasons against the brush approach.",
    ],
)
def test_both_sides_are_told_however_it_is_put(painting, question):
    text = painting.ask(question).text
    assert "A brush reaches edges." in text
    assert "Walls take long." in text


def test_what_is_said_of_all_meets_a_claim_of_some_only(tmp_path):
    text = "# Walls\n\n## Primer\n\nRed walls need a primer. All red walls and others need a primer.\n"
    (tmp_path / "walls.md").write_text(text, encoding="utf-8")
    documents = corpus.load_all([tmp_path]).documents
    passages = [passage for document in documents for passage in corpus.split(document)]
    assistant = Assistant(memory_index(passages, FakeEncoder(), FakeSparseEncoder(), documents=documents))
    answer = assistant.ask("Since only red walls need a primer, can we skip it for others?")
    assert [sentence.text for sentence in answer.sentences] == [
        "The guidance does not say that only red walls need a primer.",
        "All red walls and others need a primer.",
    ]
