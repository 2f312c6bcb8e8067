"""Statements within passages: what introduces the items of a list goes with them."""

import pytest

from assistant.contents import prompting
from assistant.contents.statements import Statement, quoted_after, split_statements
from corpus import Passage

RULES = """Lamps are lit at dusk.

The following is forbidden in the hall:
- lighting lamps by hand; it burns
- making films
  of guests

Ask the porter.
- He knows.

Note:
- nobody waits
"""


def statements(text: str = RULES) -> list[Statement]:
    return split_statements(Passage("id", "rules.md", "Rules", ("Hall",), text, 100, 100 + len(text)))


def test_items_of_a_list_know_what_introduces_it() -> None:
    found = {one.text: one.introduction for one in statements()}
    introduction = "The following is forbidden in the hall:"
    assert [text for text, introduced in found.items() if introduced == introduction]
    assert all(introduced in ("", introduction) for introduced in found.values())
    assert {"Lamps are lit at dusk.", introduction, "Ask the porter.", "He knows."} <= {
        text for text, introduced in found.items() if not introduced
    }


def test_an_item_is_read_and_told_with_its_introduction_once() -> None:
    films = next(one for one in statements() if one.text.startswith("making films"))
    assert prompting.line(films).startswith("Hall: The following is forbidden in the hall: making films")
    sentence = quoted_after(films, [])
    assert sentence.text.startswith("The following is forbidden in the hall: making films")
    assert [one.quote for one in sentence.citations] == ["The following is forbidden in the hall:", films.text]
    passage = films.passage
    assert all(passage.text[one.start - 100 : one.end - 100] == one.quote for one in sentence.citations)
    hand = next(one for one in statements() if one.text.startswith("lighting"))
    introduction = next(one for one in statements() if one.text.endswith(":") and "forbidden" in one.text)
    for said in (hand, introduction):
        assert quoted_after(films, [said]).text.startswith("making films")


NESTED = """You may use the tool for the following:
- drafting letters
- analysing figures, but never with these:
    - patient names
    - account numbers
- checking spelling

- Files stay in the ward.

1. Allowed in the ward are these:
- pens
2. Forbidden in the ward are these:
- lamps
3. The porter knows more.

The following holds for your badge:
- It must be worn.
- They are checked.
"""


def test_lists_within_lists_have_an_introduction_of_their_own() -> None:
    found = {one.text: one.introduction for one in statements(NESTED)}
    first = "You may use the tool for the following:"
    assert found["drafting letters"] == found["analysing figures, but never with these:"] == first
    never = f"{first} analysing figures, but never with these:"
    assert found["patient names"] == found["account numbers"] == never
    assert found["checking spelling"] == first
    assert found["Files stay in the ward."] == ""
    assert found["pens"].endswith("Allowed in the ward are these:")
    assert found["lamps"].endswith("Forbidden in the ward are these:")
    assert not any(text.endswith("knows more.") and introduced for text, introduced in found.items())


def test_what_forbids_the_outer_items_goes_with_the_inner_ones() -> None:
    text = "Staff must not do any of these:\n\n- share the following data:\n  - passwords\n- use private mail\n"
    inner, outer = (one for one in statements(text) if one.text in ("passwords", "use private mail"))
    said = quoted_after(inner, [])
    assert said.text == "Staff must not do any of these: share the following data: passwords"
    assert len(said.citations) == 3
    assert quoted_after(outer, [inner]).text == "Staff must not do any of these: use private mail"
    (short,) = (one for one in statements("Do not:\n- share passwords\n") if one.text == "share passwords")
    assert short.introduction == "Do not:"


def test_what_points_back_in_a_list_points_at_its_introduction() -> None:
    worn, checked = (one for one in statements(NESTED) if "badge" in one.introduction)
    assert quoted_after(worn, []).text == "The following holds for your badge: It must be worn."
    assert quoted_after(checked, []).text == "The following holds for your badge: They are checked."
    assert prompting.line(checked.whole) == "Hall: The following holds for your badge: They are checked."


@pytest.mark.parametrize(
    "text",
    [
        "The porter says:\n\nLamps are lit at dusk.\n",
        "The porter says so.\n\n- lamps are lit\n- doors are shut\n",
        "Lamps:\n\n- lit at dusk\n- out at dawn\n",
    ],
    ids=["no list", "no introduction", "a mere label"],
)
def test_nothing_else_is_introduced(text: str) -> None:
    assert not any(one.introduced for one in statements(text))
