"""Questions in parts, and definitions."""

from pathlib import Path

from assistant.defining import defining
from assistant.outline import Outline
from assistant.parting import parts
from assistant.premises import premise
from assistant.subquestions import asked_in_parts
from corpus import load, split

NAMES = ("The garden approach", "The farm approach")

GUIDE = """# Growing

Two ways of growing are known.

## The garden approach

Gardens grow many things. They are small.

### Drawbacks

Gardens need much work by hand.

## The farm approach

Farms grow few things.
"""


def named(_: str) -> tuple[str, ...]:
    return NAMES


def outline(tmp_path: Path) -> Outline:
    (tmp_path / "growing.md").write_text(GUIDE, encoding="utf-8")
    return Outline(split(load(tmp_path / "growing.md")))


def test_a_part_that_points_back_takes_the_part_before_along():
    asked = asked_in_parts(
        "What is the garden approach, and what are its drawbacks?",
        "What is the garden approach, and what are its drawbacks?",
        named,
    )
    assert [part.asked for part in asked] == ["What is the garden approach", "what are its drawbacks?"]
    assert "garden" in asked[1].text


def test_a_part_with_a_subject_of_its_own_stays_as_it_is():
    question = "Who waters the beds, and how are potatoes stored in winter cellars?"
    assert asked_in_parts(question, question, named)[1].text == "how are potatoes stored in winter cellars?"


def test_an_earlier_question_in_brackets_is_no_part():
    asked = asked_in_parts("And its drawbacks?", "And its drawbacks? (What is the farm approach?)", named)
    assert len(asked) == 1
    assert "farm" in asked[0].text


def test_an_enumeration_of_questions_is_parted_at_its_commas():
    assert parts("Who digs, what is sown, and who waters?") == ("Who digs", "what is sown", "who waters?")
    assert parts("If it rains, what is sown?") == ("If it rains, what is sown?",)


def test_a_definition_is_what_stands_first_under_its_heading(tmp_path: Path):
    texts = [statement.text for statement in defining("What is the garden approach?", outline(tmp_path))]
    assert texts == ["Gardens grow many things.", "They are small."]


def test_what_no_heading_names_is_no_definition(tmp_path: Path):
    assert defining("What is the orchard approach?", outline(tmp_path)) == ()
    assert defining("Who runs the garden approach?", outline(tmp_path)) == ()


def test_as_without_a_verb_describes_and_presumes_nothing():
    assert premise("As a small farm with strict rules, should we sow?") is None
    found = premise("As farms are always better, how do we begin?")
    assert found is not None
    assert found.text == "farms are always better"


def test_a_question_for_one_thing_that_is_right_for_all_claims_that_there_is():
    found = premise("Is there one way that suits everybody?")
    assert found is not None
    assert found.text == "there is one way that suits everybody"
    assert premise("Are there any drawbacks for every company?") is None
    assert premise("Is there a budget for training?") is None


def test_a_leading_question_claims_what_it_says():
    for question in ("Surely farms are always right, aren't they?", "Farms are always right, aren't they?"):
        found = premise(question)
        assert found is not None
        assert found.text.lower() == "farms are always right"
