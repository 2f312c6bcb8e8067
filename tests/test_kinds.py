"""What kind of answer a question asks for."""

import pytest

from assistant.questions.kinds import kind


@pytest.mark.parametrize(
    "question",
    [
        "What are we supposed to do when the lamp fails?",
        "What are crews meant to sign?",
        "Name the person responsible for the harbour.",
        "Name the safety officer at the mill.",
    ],
)
def test_one_thing_is_no_list(question):
    assert kind(question) == "direct"


@pytest.mark.parametrize(
    "question", ["What are the duties of the keeper?", "Name the duties.", "Name every officer of the harbour."]
)
def test_several_things_are_a_list(question):
    assert kind(question) == "list"
