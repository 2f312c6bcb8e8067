"""Lists that no heading holds together."""

import corpus
from assistant.enumerated import introduced, numbered
from assistant.outline import Outline
from assistant.statements import split_statements

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


def test_numbered_statements_are_a_list(tmp_path):
    found = numbered("What are the rules of painting?", Outline(passages(tmp_path)))
    assert [sentence.text for sentence in found] == [
        "Rule 1: Clean the wall.",
        "Rule 2: Cover the floor.",
        "Rule 3: Open a window.",
    ]


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
