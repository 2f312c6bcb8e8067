"""Headings are compared and shown without the numbers before them."""

import pytest

import corpus
from assistant.contents.headings import unnumbered
from assistant.contents.outline import Outline
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


COUNTED = """# Three ways to keep a lamp

It is a question of who waits.

## A single lamplighter

One lights all of them. He is dear.

## Neighbours in turn

They take it week by week. They are cheap.

## A clockwork, wound on Sundays

It never sleeps.

## What I would do

I would ask the neighbours.
"""


@pytest.mark.parametrize(
    ("before", "after", "options"),
    [
        ("", "", 3),
        ("Three ways to keep a lamp", "Lamps", 0),
        ("Three ways to keep a lamp", "Lamps in two of the ways", 0),
        ("It is a question of who waits.", "There are two honest choices.", 3),
        (
            "# Three ways to keep a lamp\n\nIt is a question of who waits.",
            "# Lamps\n\nThere are two honest choices.",
            2,
        ),
        ("Three ways", "Five ways", 0),
    ],
)
def test_what_is_said_to_be_so_many_options_is(tmp_path, before, after, options):
    (tmp_path / "lamps.md").write_text(COUNTED.replace(before, after))
    groups = Outline(corpus.split(corpus.load(tmp_path / "lamps.md"))).groups
    assert [len(group.options) for group in groups] == ([options] if options else [])


def test_an_option_with_a_name_in_free_words_is_named_by_two_of_them(tmp_path):
    (tmp_path / "lamps.md").write_text(COUNTED)
    (group,) = Outline(corpus.split(corpus.load(tmp_path / "lamps.md"))).groups
    assert [one.name for one in group.mentioned("Is the clockwork that is wound by hand dearer?")] == [
        "Clockwork, wound on Sundays"
    ]
    assert group.mentioned("Who lights it on Sundays?") == ()


def test_options_are_known_by_their_labels(tmp_path):
    path = tmp_path / "ways.md"
    path.write_text("# Software\n\n## Option A: Build it\n\nWe write it.\n\n## Option B: Buy a product\n\nWe pay.\n")
    outline = Outline(corpus.split(corpus.load(path)))
    assert outline.groups[0].names == ("Build it", "Buy a product")
    assert [one.name for one in outline.groups[0].mentioned("Why option B?")] == ["Buy a product"]


def test_labels_after_a_number_are_labels_too(tmp_path):
    path = tmp_path / "ways.md"
    path.write_text(
        "# Software\n\n## 1. Why\n\nIt is old.\n\n## 2. Option A: Build it\n\nWe write it.\n\n"
        "## 3. Option B: Buy a product\n\nWe pay.\n\n## 4. What option we like\n\nNone.\n"
    )
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
