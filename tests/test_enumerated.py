"""Lists that no heading holds together."""

import pytest

import corpus
from assistant.contents.enumerated import announced, introduced, numbered, points
from assistant.contents.outline import Outline
from assistant.contents.statements import quoted, split_statements
from assistant.pipeline import Assistant
from assistant.questions.documents_named import DocumentsNamed
from index import FakeEncoder, FakeSparseEncoder, memory_index

PAGE = """# Painting

## Rules

Rule 1: Clean the wall.

Rule 2: Cover the floor.

Rule 3: Open a window.

## Phase 1: Preparing

Clean everything first.

## Phase 2: Painting

Start at the top.

## Phase 3: Cleaning up

Wash the brushes at once.

## Tools

Every painter should bring these tools:

- a brush with long bristles
- a roller for the walls
- a ladder that stands firmly

Gloves are optional.
"""


def passages(tmp_path):
    (tmp_path / "painting.md").write_text(PAGE, encoding="utf-8")
    return corpus.split(corpus.load(tmp_path / "painting.md"))


def announced_by_the_first(tmp_path, text):
    """What the first sentence of a text announces."""
    (tmp_path / "tins.md").write_text(f"# Tins\n\n{text}\n")
    found = corpus.split(corpus.load(tmp_path / "tins.md"))
    first = quoted(split_statements(found[0])[0])
    return announced(first, Outline(found), {passage.id: passage for passage in found})


def test_numbered_statements_are_a_list(tmp_path):
    found = numbered("What are the rules of painting?", Outline(passages(tmp_path)))
    assert [sentence.text for sentence in found] == [
        "Rule 1: Clean the wall.",
        "Rule 2: Cover the floor.",
        "Rule 3: Open a window.",
    ]


def test_what_a_quoted_sentence_announces_is_told_too(tmp_path):
    found = passages(tmp_path)
    outline = Outline(found)
    by_id = {passage.id: passage for passage in found}
    told = {one.text: quoted(one) for passage in found for one in split_statements(passage)}
    said = [one.text for one in announced(told["Every painter should bring these tools:"], outline, by_id)]
    assert said == ["a brush with long bristles", "a roller for the walls", "a ladder that stands firmly"]
    assert announced(told["Gloves are optional."], outline, by_id) == ()


@pytest.mark.parametrize(
    ("sentence", "points"),
    [
        ("Every tin must carry the following marks.", 2),
        ("What a tin has to carry is set out below.", 2),
        ("The following was seen on every tin: nothing at all.", 0),
        ("Tins below the stairs are full.", 0),
    ],
)
def test_a_sentence_announces_the_points_after_it_in_other_ways_than_by_a_colon(tmp_path, sentence, points):
    assert len(announced_by_the_first(tmp_path, f"{sentence}\n\n- its size\n- its colour")) == points


@pytest.mark.parametrize(
    ("sentence", "rows"),
    [
        ("Table 2: Kinds of tin", 2),
        ("Tins are sorted into two classes, shown in Table 2.", 2),
        ("Tins are sorted into classes, see Table 2.", 2),
        ("Table tops are sorted.", 0),
    ],
)
def test_a_caption_and_what_points_to_a_table_announce_its_rows(tmp_path, sentence, rows):
    between = "" if sentence.startswith("Table 2") else "Table 2: Kinds of tin\n\n"
    table = "| Class | Held |\n| --- | --- |\n| Red | Paint in tins |\n| Blue | Water in tins |"
    assert len(announced_by_the_first(tmp_path, f"{sentence}\n\n{between}{table}")) == rows


@pytest.mark.parametrize(
    ("text", "points"),
    [
        ("I make you two promises. No tin is sold open. And the label can be read. We are glad.", 2),
        (
            "The owner gave three reasons. First, tins rust. They did last year. Second, they leak. Third, they dent.",
            3,
        ),
        ("It ends with two pieces of advice. The first is to wait. The second is to count.", 2),
        ("Tins are kept for two weeks. They are sold. They are loved.", 0),
        ("Tins are kept for two weeks. Then they are sold. Nobody asks.", 0),
        ("We have two rules. They are old. They are good.", 0),
        ("We have three rules. Close every tin. Label every tin.", 0),
        ("There are three levels. Basic is a day. Expert is a week. Master is a year.", 3),
        ("There are three levels. They are old. Basic is a day. Expert is a week.", 0),
        ("Two rules are old. Close every tin. Label every tin.", 0),
        ("We have two rules.\n\nClose every tin. Label every tin.", 2),
        ("Two exceptions go with it.\n\nRed tins stay open. The reason is air. Blue tins may rust. This is old.", 2),
        ("Two exceptions go with it.\n\nRed tins stay open. Blue tins may rust. Green ones too.", 0),
        ("We have two rules. Close every tin. The reason is air. Label every tin.", 2),
        ("There are three rooms.\n\nLunch is at noon. Doors shut at six. Bring a badge.", 0),
        ("Read *Two Rules.*\n\nClose every tin. Label every tin.", 0),
        ("We have two rules.\n\n- Close every tin.\n- Label every tin.", 2),
        ("We have two rules.\n\n- Close every tin.\n- Label every tin.\n- Wait.", 0),
    ],
)
def test_a_sentence_that_says_how_many_come_next_announces_them(tmp_path, text, points):
    assert len(announced_by_the_first(tmp_path, text)) == points


def test_headings_below_a_sentence_that_announces_them_are_its_points(tmp_path):
    text = "Ask these:\n\n## Size\n\nHow large is it?\n\n## Colour\n\nWhich one is it? Is it red?"
    said = [one.text for one in announced_by_the_first(tmp_path, text)]
    assert said == ["Size: How large is it?", "Colour: Which one is it?"]


def test_numbered_headings_are_a_list_with_their_names(tmp_path):
    found = numbered("List the three phases.", Outline(passages(tmp_path)))
    assert [sentence.text for sentence in found][:2] == [
        "Phase 1: Preparing: Clean everything first.",
        "Phase 2: Painting: Start at the top.",
    ]
    assert all(sentence.citations[0].quote in sentence.text for sentence in found)


def test_what_is_not_numbered_is_no_such_list(tmp_path):
    assert numbered("What are the tools?", Outline(passages(tmp_path))) == ()


def test_an_introduction_brings_its_points(tmp_path):
    statements = [statement for passage in passages(tmp_path) for statement in split_statements(passage)]
    intro = [statement for statement in statements if statement.text.endswith(":")]
    outline = Outline(passages(tmp_path))
    found = introduced("Which tools should a painter bring?", intro, outline)
    assert len(found) == 4
    assert "ladder" in found[-1].text
    assert introduced("How high is the wall?", intro, outline) == ()


def test_an_introduction_brings_numbered_points(tmp_path):
    page = "# Painting\n\nA wall is painted in steps:\n\n1. Clean the wall.\n2. Cover the floor.\n\nThen it is done."
    (tmp_path / "wall.md").write_text(page, encoding="utf-8")
    (passage,) = corpus.split(corpus.load(tmp_path / "wall.md"))
    found = introduced("What are the steps to paint a wall?", split_statements(passage)[:1], Outline([passage]))
    assert [one.text for one in found][1:] == ["1. Clean the wall.", "2. Cover the floor."]


DUTIES = """# Data handbook

## Duties of the owner

- Names a deputy.
- Approves every purpose.
- Keeps the register.
- Answers requests.
- Reports breaches.
- Reviews access.
- Deletes old data.
- Trains colleagues.

## Duties of the steward

The steward has these duties:

1. Checks quality. Every week counts.
2. Documents fields.
3. Resolves duplicates.

Gloves are optional.

## Rules

The owner must:

- ask first
- write it down

The steward must:

- never guess
- never wait
"""


def test_bullets_and_numbers_under_a_heading_are_its_items(tmp_path):
    (tmp_path / "handbook.md").write_text(DUTIES, encoding="utf-8")
    document = corpus.load(tmp_path / "handbook.md")
    found = corpus.split(document)
    quoting = Assistant(memory_index(found, FakeEncoder(), FakeSparseEncoder(), documents=[document]))
    owner = quoting.ask("List all the duties of the owner.").sentences
    assert (len(owner), owner[-1].text) == (8, "Trains colleagues.")
    steward = [sentence.text for sentence in quoting.ask("What are the duties of the steward?").sentences]
    assert steward == ["1. Checks quality. Every week counts.", "2. Documents fields.", "3. Resolves duplicates."]


def test_points_may_be_numbered_with_a_letter_before(tmp_path):
    text = "# Report\n\n## Advice\n\nR1. Light the lamp at dusk.\n\nR2. Put it out at dawn.\n\nR-3) Keep oil.\n"
    (tmp_path / "report.txt").write_text(text, encoding="utf-8")
    (tmp_path / "report.md").write_text(text, encoding="utf-8")
    outline = Outline(corpus.split(corpus.load(tmp_path / "report.md")))
    advice = next(node for node in outline.nodes if node.name == "Advice")
    assert len(points(advice)) == 3


def test_of_several_lists_under_a_heading_the_introduced_one_is_meant(tmp_path):
    (tmp_path / "handbook.md").write_text(DUTIES, encoding="utf-8")
    found = corpus.split(corpus.load(tmp_path / "handbook.md"))
    outline = Outline(found)
    rules = next(node for node in outline.nodes if node.name == "Rules")
    assert points(rules) == []
    intro = [one for passage in rules.own for one in split_statements(passage) if "steward must" in one.text]
    assert [one.text for one in introduced("What must the steward do?", intro, outline)][1:] == [
        "never guess",
        "never wait",
    ]


def test_numbered_points_about_something_else_are_no_list(tmp_path):
    outline = Outline(passages(tmp_path))
    assert numbered("What are the rules for steering boats at night?", outline) == ()
    assert len(numbered("What are the three rules?", outline)) == 3


def test_numbered_points_of_another_document_than_the_question_names_are_not_meant(tmp_path):
    for name in ("Kiln handbook", "Barge charter"):
        points = "\n\n".join(f"Step {place}: {name} {place}." for place in (1, 2, 3))
        (tmp_path / f"{name.lower().replace(' ', '-')}.md").write_text(
            f"# {name}\n\n## How we start\n\n{points}\n", "utf-8"
        )
    (tmp_path / "lock-manual.md").write_text("# Lock manual\n\n## Gates\n\nThe gates are shut at night.\n", "utf-8")
    found = [one for file in sorted(tmp_path.glob("*.md")) for one in corpus.split(corpus.load(file))]
    outline, documents = Outline(found), DocumentsNamed(found)
    told = numbered("What are all the steps in the Barge charter?", outline, documents)
    assert [one.text for one in told] == [f"Step {place}: Barge charter {place}." for place in (1, 2, 3)]
    assert numbered("What are all the steps in the Lock manual?", outline, documents) == ()
