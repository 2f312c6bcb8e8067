"""What stands over against a statement, where a question sets two things apart."""

from pathlib import Path

import pytest

import corpus
from assistant.contents.apart import counterparts, sets_apart
from assistant.contents.outline import Outline
from assistant.contents.statements import split_statements

GUIDANCE = """# Ways of baking

## The early way

### How it goes

Dough is made at night. Bread is sold at six.

### Advantages

It is fresh.

### Drawbacks

Nobody sleeps.

## The late way

### How it goes

Dough is made at noon. Bread is sold at three.

### Advantages

Everybody sleeps.

### Drawbacks

It is stale.

## Flour

Rich houses buy white flour. Poor houses grind their own. Flour is kept dry.
"""


@pytest.mark.parametrize(
    ("question", "apart"),
    [
        ("Is it better early or late?", True),
        ("Should a rich house rather than a poor one buy flour?", True),
        ("Does the same flour suit both?", True),
        ("How do the two ways differ?", True),
        ("What is needed if we bake early, and what if we bake late?", True),
        ("Where is flour kept?", False),
        ("Where is flour kept? (Is it better early or late?)", False),
    ],
)
def test_a_question_sets_two_things_apart(question: str, apart: bool) -> None:
    assert sets_apart(question) is apart


def test_what_stands_beside_a_statement_and_the_nearest_under_other_options(tmp_path: Path) -> None:
    path = tmp_path / "baking.md"
    path.write_text(GUIDANCE, "utf-8")
    passages = corpus.split(corpus.load(path))
    options = Outline(passages).groups[0].options
    assert [option.name for option in options] == ["Early way", "Late way"]
    statements = {one.text: one for passage in passages for one in split_statements(passage)}

    def against(text: str) -> list[str]:
        order = ["It is stale.", "Bread is sold at three.", "It is fresh.", *statements]
        found = counterparts(statements[text], [statements[one] for one in order], options)
        return [one.text for one in found]

    assert against("Poor houses grind their own.") == ["Flour is kept dry.", "Rich houses buy white flour."]
    assert against("Rich houses buy white flour.") == ["Poor houses grind their own."]
    assert against("Dough is made at night.") == ["Bread is sold at six.", "It is stale."]
    assert against("Dough is made at noon.") == ["Bread is sold at three.", "It is fresh."]
    assert against("Nobody sleeps.") == ["It is stale."]
