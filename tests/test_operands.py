"""What a question sets side by side."""

import pytest

from assistant.questions.operands import operands


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("What is the difference between a lamp and a torch, and who pays for them?", ("a lamp", "a torch")),
        ("How does the mill differ from the boat, and which one wins?", ("the mill", "the boat")),
        ("Compare mill crews and boat crews, and tell me who decides in each.", ("mill crews", "boat crews")),
        ("Is it better to buy than to build?", ("to buy", "to build")),
        ("How much better is the boat than the mill?", ("the boat", "the mill")),
        ("Compare what the mill does and what the crews do", ("what the mill does", "what the crews do")),
        ("What has changed compared to the old harbour rule?", ()),
    ],
)
def test_what_is_compared_ends_where_another_question_begins(question, expected):
    assert operands(question) == expected
