"""Items of a list that are asked for by their place."""

import pytest

import corpus
from assistant.contents.outline import Outline
from assistant.contents.placed import placed
from assistant.contents.statements import split_statements

PAGE = """# Painting

## Painting a wall

A wall is painted in three steps:

1. Clean the wall. Use warm water.
2. Cover the floor:
   - with paper
   - with cloth
3. Paint from the top.

## Tools

Bring these tools in this order:

- a brush
- a roller

## Stages of a ladder check

1. Look at the feet.
2. Look at the steps.

A check takes two steps of time.
"""


def asked(tmp_path, question):
    (tmp_path / "painting.md").write_text(PAGE, encoding="utf-8")
    passages = corpus.split(corpus.load(tmp_path / "painting.md"))
    statements = [statement for passage in passages for statement in split_statements(passage)]
    found, sure = placed(question, statements, Outline(passages))
    return [one.text for one in found], sure


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("What is the first step of painting a wall?", ["1. Clean the wall.", "Use warm water."]),
        ("What is step 3 of painting a wall?", ["3. Paint from the top."]),
        ("Which step comes last when painting a wall?", ["3. Paint from the top."]),
        ("What is the second step in painting a wall?", ["2. Cover the floor:", "with paper", "with cloth"]),
        ("What is the second tool?", ["a roller"]),
        ("What is the second stage of a ladder check?", ["2. Look at the steps."]),
    ],
)
def test_the_item_at_a_place_is_found(tmp_path, question, words):
    assert asked(tmp_path, question) == (words, True)


@pytest.mark.parametrize(
    "question",
    [
        "What is the fourth step of painting a wall?",
        "What is the first step of buying a house?",
        "What is the first coat of painting a wall?",
        "How is a wall painted?",
    ],
)
def test_what_no_list_has_is_no_item(tmp_path, question):
    assert asked(tmp_path, question)[0] == []
