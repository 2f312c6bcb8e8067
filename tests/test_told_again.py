"""What the last answer told is no answer to why."""

from dataclasses import replace

import pytest

import corpus
from assistant.contents.statements import split_statements
from assistant.conversation.told_again import after_told, told_last, told_less
from assistant.records import Turn

GUIDANCE = """# Lamps

The steward lights the lamps of the house. He has the keys to every room. Whoever is ill is excused.
"""
HISTORY = (
    Turn("user", "Who lights the lamps?"),
    Turn("assistant", "Yes. It is the steward who lights the lamps of the house."),
)


@pytest.fixture
def statements(tmp_path):
    (tmp_path / "lamps.md").write_text(GUIDANCE)
    return [one for passage in corpus.split(corpus.load(tmp_path / "lamps.md")) for one in split_statements(passage)]


@pytest.mark.parametrize("asked", ["Why?", "And why is that?", "OK, so why him?", "What else?", "Anything else?"])
def test_what_was_told_comes_last_where_reasons_or_more_are_asked_for(statements, asked):
    assert told_last(asked, HISTORY, statements) == [*statements[1:], statements[0]]


@pytest.mark.parametrize("asked", ["Who else?", "Does he light them every night?", "The reason why is unclear?"])
def test_elsewhere_it_may_be_told_again(statements, asked):
    assert told_last(asked, HISTORY, statements) == statements


def test_without_an_answer_before_nothing_was_told(statements):
    assert told_last("Why?", HISTORY[:1], statements) == statements


@pytest.mark.parametrize(
    ("asked", "first"),
    [
        ("And whoever is ill?", False),
        ("And when is it lit?", False),
        ("How do we make sure that they are lit?", False),
        ("Is it really the steward?", True),
        ("Could you say that again?", True),
        ("Who has the keys to the cellar of the house?", True),
    ],
    ids=["goes on", "asks of it", "of making sure", "is checked", "is asked again", "leans on nothing"],
)
def test_in_a_follow_up_what_was_told_counts_less_unless_it_is_come_back_to(statements, asked, first):
    scored = [replace(one, score=1.0 - 0.1 * place) for place, one in enumerate(statements)]
    order = [one.text for one in told_less(asked, HISTORY, scored)]
    assert (order[0] == statements[0].text) is first
    assert sorted(order) == sorted(one.text for one in statements)


def test_what_stands_right_after_what_was_told_is_read_for_a_follow_up(statements):
    told = [one.text for one in after_told("And whoever is ill?", HISTORY, statements[:1])]
    assert told == ["He has the keys to every room.", "Whoever is ill is excused."]
    shorter = (HISTORY[0], Turn("assistant", "The steward lights the lamps."))
    assert len(after_told("And whoever is ill?", shorter, statements[:1])) == 2, "told in fewer words"
    assert after_told("And whoever is ill?", HISTORY, statements[2:]) == []
    assert after_told("Who has the keys to the cellar of the house?", HISTORY, statements) == []
