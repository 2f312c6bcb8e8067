"""Both sides of an option, however a question leans; points told apart by their words."""

from pathlib import Path

import pytest

import corpus
from assistant.contents.balancing import sways, takes_sides
from assistant.contents.polarity import speaks_for
from assistant.pipeline import Assistant
from index import FakeEncoder, FakeSparseEncoder, memory_index

UNLABELLED = """# Ways of painting

## The brush approach

A brush has bristles.

### Precision

A brush reaches accurate edges.

### Slow progress

A brush delays the work.

## The roller approach

A roller turns.

### Speed

A roller covers walls quickly.

### Waste

A roller wastes paint on small parts.
"""


def assistant(documents):
    passages = [passage for document in documents for passage in corpus.split(document)]
    return Assistant(memory_index(passages, FakeEncoder(), FakeSparseEncoder(), documents=documents))


@pytest.fixture(scope="module")
def quoting():
    return assistant(corpus.load_all([corpus.shipped_guidance()]).documents)


@pytest.fixture(scope="module")
def seedlike(tmp_path_factory):
    folder: Path = tmp_path_factory.mktemp("unlabelled")
    (folder / "painting.md").write_text(UNLABELLED, encoding="utf-8")
    return assistant(corpus.load_all([folder]).documents)


@pytest.mark.parametrize(
    "question",
    [
        "Why is bottom-up a bad idea?",
        "Why is bottom-up so good?",
        "Convince me that bottom-up is the way to go.",
        "Bottom-up is wrong, isn't it?",
    ],
)
def test_a_leading_question_gets_both_sides_in_the_same_words(quoting, question):
    answer = quoting.ask(question)
    text = answer.text
    assert "The advantages of the bottom-up approach are" in text
    assert "The drawbacks of the bottom-up approach are" in text
    assert "thoughtful mix" in text
    assert all(sentence.citations for sentence in answer.sentences)


def test_a_question_that_only_asks_takes_no_side():
    assert not takes_sides("What is the best way to begin with a roller?")
    assert not takes_sides("How can we avoid waste with a roller?")
    assert not takes_sides("Bad paint, useless brushes: why do the tools turn out like this?")
    assert takes_sides("The roller: why is it the best tool of them all?")
    assert takes_sides("Letting everyone roll has nothing but disadvantages, right?")
    assert takes_sides("You'll agree with me on the roller, won't you?")
    assert not takes_sides("Do painters have a legal right to a roller?")
    assert not takes_sides("Painters will need no training for a roller, right?")
    assert not takes_sides("What good does it do to know both?")
    assert not takes_sides("If a roller goes wrong, how far does the paint spread?")
    assert not takes_sides("If one roller fails, how far does the paint spread?")
    assert not takes_sides("The roller was the wrong tool for us. Who should clean up the paint now?")
    assert takes_sides("Everyone says that a roller is best. Do you agree?")
    assert not takes_sides("Any tricks for getting better walls out of a roller?")
    assert not takes_sides("If the steward hands down a roller, do painters have to use it?")
    assert not takes_sides("Why would painters building their own roller end up with several?")
    assert takes_sides("Why would anyone buy a brush?")
    assert not takes_sides("Does the foreman have to agree before a roller is bought?")
    assert takes_sides("Isn't a roller simply better because it is faster?")
    assert takes_sides("Why is a roller better?")
    assert takes_sides("Why is a roller the better choice?")
    assert takes_sides("Tell me why a roller beats everything else hands down.")
    assert not takes_sides("Does a roller beat a brush?")
    assert takes_sides("Is it right to use a roller?")
    assert takes_sides("Why is a roller best?")


def test_one_best_choice_is_set_right(quoting):
    answer = quoting.ask("Why is top-down best?")
    assert answer.sentences[0].text == "The guidance does not say that top-down is best."


@pytest.mark.parametrize(
    ("text", "label", "expected"),
    [
        ("Without coordination, units build incompatible systems.", "Fragmentation", False),
        ("Shared parts prevent duplicate work.", "Efficiency", True),
        ("Speed: a roller covers walls quickly.", "", True),
        ("A roller is a tool.", "", None),
    ],
)
def test_points_are_told_apart_by_their_words(text, label, expected):
    assert speaks_for(text, label) is expected


def test_headings_that_say_the_side_are_not_told_apart_by_words(tmp_path):
    halves = "\n\n### Pros\n\nIt is quick.\n\n### Cons\n\nIt is slow to learn.\n\n"
    text = f"# Painting\n\n## The brush approach{halves}## The roller approach{halves}"
    (tmp_path / "painting.md").write_text(text, encoding="utf-8")
    answer = assistant(corpus.load_all([tmp_path]).documents).ask("Compare the brush approach and the roller approach.")
    assert [row.criterion for row in answer.comparison.rows] == ["Pros", "Cons"]


def test_strengths_and_weaknesses_of_one_option_come_together(quoting):
    answer = quoting.ask("What are the strengths and weaknesses of the hybrid approach?")
    sections = [sentence.citations[0].section for sentence in answer.sentences]
    assert any(section.startswith("Advantages") for section in sections)
    assert any(section.startswith("Drawbacks") for section in sections)


def test_a_table_has_both_sides_where_no_heading_says_which_is_which(seedlike):
    answer = seedlike.ask("Compare the brush approach and the roller approach.")
    rows = {row.criterion: [cell.text if cell else "" for cell in row.cells] for row in answer.comparison.rows}
    assert "accurate" in rows["What speaks for it"][0]
    assert "wastes" in rows["What speaks against it"][1]


def test_who_asks_for_all_that_speaks_for_something_wants_the_list():
    assert sways("Give me arguments for the roller.")
    assert not sways("Give me the full set of arguments for the roller.")
