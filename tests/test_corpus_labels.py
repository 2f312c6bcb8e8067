"""Run-in labels and the subject that names what they are about."""

import pytest

from corpus.blocks import Block
from corpus.labels import find_labels, subject


@pytest.mark.parametrize(
    ("paragraph", "name"),
    [
        ("Central procurement begins with one contract. It then grows.", "Central procurement"),
        ("Our data platform has three parts.", "Our data platform"),
        ("The choice depends on several things:", "The choice depends on several things"),
        ("Managers weigh both.", "Managers weigh both"),
        (
            "When the first results of all the many pilots in our departments arrived we looked at them together.",
            "When the first results of all the many pilots in our…",
        ),
    ],
)
def test_a_paragraph_is_named_by_its_subject(paragraph: str, name: str) -> None:
    assert subject(paragraph) == name


def named(*texts: str) -> list[tuple[str, ...]]:
    return [block.names for block in find_labels([Block("paragraph", text) for text in texts])]


def test_a_run_belongs_to_the_paragraph_before_it() -> None:
    found = named(
        "An opening paragraph.",
        "The shared platform has effects.",
        "Lower cost: One contract is cheaper than ten.",
        "Slow change – Every wish has to wait its turn.",
        "A closing paragraph.",
    )
    platform = "The shared platform"
    assert found == [(), (platform,), (platform, "Lower cost"), (platform, "Slow change"), ()]


def test_one_label_alone_or_short_fields_are_no_run() -> None:
    assert named("Note: This is only a remark to the reader.", "Other text follows here.") == [(), ()]
    assert named("Author: The board", "Version: 3", "Status: approved") == [(), (), ()]


def test_items_stay_with_their_label() -> None:
    blocks = [
        Block("heading", "Effects", 1),
        Block("paragraph", "Lower cost: There are three reasons for it:"),
        Block("item", "- one"),
        Block("paragraph", "Slow change: Every wish waits its turn."),
    ]
    assert [block.names for block in find_labels(blocks)] == [(), ("Lower cost",), ("Lower cost",), ("Slow change",)]


def test_another_sort_that_follows_without_labels_has_a_section_of_its_own():
    found = named(
        "A shared fleet serves everybody.",
        "Lower cost: One contract is cheaper than ten.",
        "Slow change: Every wish has to wait its turn.",
        "Tired of both, many firms now turn to pooled models that share some cars among neighbours.",
        "In this model, neighbours agree on the cars.",
        "This arrangement needs patience and clear hours.",
        "Whatever you choose, cars need care.",
    )
    fleet, pooled = "A shared fleet", ("Pooled models",)
    assert found == [(fleet,), (fleet, "Lower cost"), (fleet, "Slow change"), *[pooled] * 3, ()]


@pytest.mark.parametrize(
    ("brings_up", "goes_on"),
    [
        ("Many firms now turn to pooled models that share some cars.", "Neighbours agree on the cars."),
        ("Many firms now weigh different models that share some cars.", "In this model, neighbours agree."),
        ("Many firms now share some cars.", "In this model, neighbours agree."),
    ],
)
def test_what_brings_up_no_sort_or_does_not_go_on_about_it_has_no_name(brings_up, goes_on):
    labels = ("Lower cost: One contract is cheaper than ten.", "Slow change: Every wish has to wait its turn.")
    assert named("A shared fleet serves everybody.", *labels, brings_up, goes_on)[3:] == [(), ()]
