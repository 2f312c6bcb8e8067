"""Questions that count what the last answer listed."""

from assistant.questions.ordinals import by_ordinal
from assistant.records import Turn


def after(told: str) -> tuple[Turn, ...]:
    return (Turn("user", "What may crews do?"), Turn("assistant", told))


def test_a_named_item_stands_in_the_place_of_its_number():
    history = after("Crews may use:\n- the mill boat\n- the harbour lamp\n- the net")
    assert by_ordinal("Who keeps the second one?", history, "What may crews use?") == "Who keeps the harbour lamp?"


def test_a_whole_sentence_stands_beside_the_question():
    history = after("Crews may sail. Guests may light the lamps in the hall only after the keeper has agreed.")
    asked = "Who checks the second one?"
    said = "Guests may light the lamps in the hall only after the keeper has agreed"
    assert by_ordinal(asked, history, "What may crews do?") == f"{asked} ({said})"
