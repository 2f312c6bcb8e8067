"""What a question takes for granted, and what only says who asks or since when."""

import pytest

from assistant.questions.premises import premise


@pytest.mark.parametrize(
    "question",
    [
        "As a harbour lead, what do I sign?",
        "As team leads in the branches, what do we sign?",
        "As the person who runs the mill desk, what should I do?",
        "As someone who has a small crew, where do I begin?",
        "As head of costs, what do I see?",
        "As long as the lamp is approved, can I use it?",
        "As far as the board is concerned, what is due?",
        "Since last year, what has changed?",
        "Since the launch of our boats in May, what has been learned?",
        "Since when is the harbour rule in force, and who made it?",
    ],
)
def test_who_asks_and_since_when_claim_nothing(question):
    assert premise(question) is None


@pytest.mark.parametrize(
    ("question", "claim"),
    [
        ("Since guests light the lamps in the hall, who pays?", "guests light the lamps in the hall"),
        ("Since the chair decides alone, why is there a board?", "the chair decides alone"),
        ("Since last year nobody may sail at night, what now?", "last year nobody may sail at night"),
        ("As the mill costs nothing, should we start with it?", "the mill costs nothing"),
        ("If, as the guidance says, crews may buy lamps, who signs?", "crews may buy lamps"),
    ],
)
def test_what_follows_as_or_since_with_a_verb_is_a_claim(question, claim):
    found = premise(question)
    assert found is not None
    assert found.text == claim
