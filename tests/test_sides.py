"""The sides of a thing that words ask for."""

import pytest

from assistant.contents.sides import ADVANTAGES, DRAWBACKS, aspects


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("What are the risks of outsourcing?", {DRAWBACKS}),
        ("What does it say about the drawbacks?", {DRAWBACKS}),
        ("Which risks does outsourcing reduce?", {DRAWBACKS}),
        ("How do we overcome the limitations of outsourcing?", set()),
        ("What are others doing about the main risks?", set()),
        ("How can we mitigate its dangers, and what are its benefits?", {ADVANTAGES}),
    ],
)
def test_what_something_is_done_about_is_not_asked_for(text, expected):
    assert aspects(text) == expected
