import math

import pytest

from assistant.models import Message, complete_text, yes_probability
from assistant.models.scripted import ScriptedModel
from corpus.errors import UserError

PROMPT = [Message("user", "Is it stated? Answer yes or no.")]


def test_yes_is_weighed_against_no_in_every_spelling() -> None:
    model = ScriptedModel([{"Yes": 0.3, " yes": 0.1, "NO.": 0.1, "perhaps": 0.5}])
    assert yes_probability(model, PROMPT) == pytest.approx(0.8)


@pytest.mark.parametrize("reply", ["", {"perhaps": 1.0}])
def test_there_is_no_probability_without_either_word(reply: object) -> None:
    assert yes_probability(ScriptedModel([reply]), PROMPT) is None  # type: ignore[list-item]


def test_certainty_is_no_division_by_zero() -> None:
    assert yes_probability(ScriptedModel([{"no": 1.0}]), PROMPT) == 0.0
    chance = yes_probability(ScriptedModel([{"yes": 1e-12}]), PROMPT)
    assert chance is not None
    assert math.isclose(chance, 1.0)


def test_a_script_is_said_in_turn_and_remembered() -> None:
    model = ScriptedModel(["one two three", "four"])
    assert complete_text(model, PROMPT, max_tokens=9) == "one two three"
    assert complete_text(model, PROMPT, max_tokens=9) == "four"
    assert complete_text(model, PROMPT, max_tokens=2) == "one two"
    assert model.seen == [tuple(PROMPT)] * 3
    model.close()
    assert model.closed


def test_a_script_stops_where_it_is_told() -> None:
    assert complete_text(ScriptedModel(lambda messages: messages[0].text), PROMPT, max_tokens=99, stop=["?"]) == (
        "Is it stated"
    )


def test_a_script_can_fail() -> None:
    with pytest.raises(UserError, match="gone"):
        complete_text(ScriptedModel([UserError("gone")]), PROMPT, max_tokens=1)


def test_an_empty_script_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="at least one"):
        ScriptedModel([])
