"""Headings are compared and shown without the numbers before them."""

import pytest

import corpus
from assistant.headings import unnumbered
from assistant.outline import Outline
from assistant.pipeline import Assistant
from index import FakeEncoder, FakeSparseEncoder, memory_index

NUMBERED = """# Heating

## 1. Central heating

One boiler heats the house.

### 1.1 Advantages

- One bill for all.

### 1.2 Disadvantages

- Long pipes.
- Nobody can choose.

## 2. Local heating

Each room has a stove.

### 2.1 Advantages

- Each room as warm as it is liked.

### 2.2 Disadvantages

- Much coal is carried.

## 3. Electric panels

Panels hang on the wall.

### 3.1 Advantages

- Nothing is burnt.

### 3.2 Disadvantages

- Power costs more.
"""


@pytest.fixture(scope="module")
def quoting(tmp_path_factory):
    path = tmp_path_factory.mktemp("numbered") / "heating.md"
    path.write_text(NUMBERED, encoding="utf-8")
    document = corpus.load(path)
    passages = corpus.split(document)
    return Assistant(memory_index(passages, FakeEncoder(), FakeSparseEncoder(), documents=[document]))


@pytest.mark.parametrize(
    ("heading", "name"),
    [
        ("1. Central heating", "Central heating"),
        ("2.1 Advantages", "Advantages"),
        ("(a) Coal", "Coal"),
        ("IV. Gas", "Gas"),
        ("Section 2: Duties", "Duties"),
        ("Option A: Build it", "Build it"),
        ("Option A", "Option A"),
        ("3.5 percent of staff", "3.5 percent of staff"),
        ("3 ways to win", "3 ways to win"),
        ("2024 budget", "2024 budget"),
        ("A stove", "A stove"),
    ],
)
def test_a_number_is_no_part_of_a_name(heading, name):
    assert unnumbered(heading) == name


def test_what_is_compared_has_no_numbers_and_citations_keep_them(quoting):
    answer = quoting.ask("Compare central and local heating.")
    assert answer.comparison.options == ("Central heating", "Local heating")
    assert [row.criterion for row in answer.comparison.rows] == ["What it is", "Advantages", "Disadvantages"]
    assert answer.comparison.rows[2].cells[0].citations[0].section == "1. Central heating > 1.2 Disadvantages"


def test_the_list_of_one_numbered_option_is_its_own(quoting):
    answer = quoting.ask("What are the disadvantages of local heating?")
    assert [sentence.text for sentence in answer.sentences] == ["Much coal is carried."]


def test_options_that_share_no_word_belong_together_by_the_sides_below_them(quoting):
    answer = quoting.ask("Compare the three models.")
    assert answer.comparison.options == ("Central heating", "Local heating", "Electric panels")


def test_the_question_that_is_offered_is_answered(quoting):
    offered = quoting.openings[0]
    assert offered == "Compare Central heating, Local heating and Electric panels."
    assert len(quoting.ask(offered).comparison.options) == 3


def test_options_are_known_by_their_labels(tmp_path):
    path = tmp_path / "ways.md"
    path.write_text("# Software\n\n## Option A: Build it\n\nWe write it.\n\n## Option B: Buy a product\n\nWe pay.\n")
    outline = Outline(corpus.split(corpus.load(path)))
    assert outline.groups[0].names == ("Build it", "Buy a product")
    assert [one.name for one in outline.groups[0].mentioned("Why option B?")] == ["Buy a product"]


def test_bare_numbers_go_where_they_count_the_headings(tmp_path):
    path = tmp_path / "ways.md"
    path.write_text("# Rollout\n\n## 1 Big rollout\n\nAll.\n\n## 2 Pilot rollout\n\nFew.\n\n## 7 days later\n\nSee.\n")
    outline = Outline(corpus.split(corpus.load(path)))
    assert [node.name for node in outline.nodes if node.path] == ["1 Big rollout", "2 Pilot rollout", "7 days later"]
    path.write_text("# Rollout\n\n## 1 Big rollout\n\nAll.\n\n## 2 Pilot rollout\n\nFew.\n")
    outline = Outline(corpus.split(corpus.load(path)))
    assert outline.groups[0].names == ("Big rollout", "Pilot rollout")
