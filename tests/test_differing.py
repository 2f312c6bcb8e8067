"""The difference between two things that have no table: what each of them is."""

import pytest

import corpus
from assistant.contents.differing import things
from assistant.models.scripted import ScriptedModel
from assistant.pipeline import Assistant
from index import FakeEncoder, FakeSparseEncoder, memory_index

HOUSE = """# Lights

A lamp and a lantern are both lit at dusk.

A lamp is fixed to the wall.

Oil is bought in spring.

A lantern is carried by hand.
"""


class Scripted(ScriptedModel):
    """A judge that replies as it is told."""

    trained_judge = True


def assistant(folder, judge):
    """Answers from the documents of a folder, as a judge says."""
    documents = corpus.load_all([folder]).documents
    passages = [passage for document in documents for passage in corpus.split(document)]
    index = memory_index(passages, FakeEncoder(), FakeSparseEncoder(), documents=documents)
    return Assistant(index, judge, "scripted")


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("What is the difference between a lamp and a lantern?", ["lamp", "lantern"]),
        ("What's a lamp as opposed to a lantern?", ["lamp", "lantern"]),
        ("How does a wall lamp differ from a lantern?", ["wall lamp", "lantern"]),
        ("What is the difference between early and late signs in the handbook?", ["early signs", "late signs"]),
        ("What is a lamp?", []),
    ],
)
def test_two_things_are_asked_for_one_by_one(question, asked):
    assert [one.asked for one in things(question)] == [f"What is meant by {name}?" for name in asked]


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("A lamp or a lantern: who lights it?", ["A lamp: who lights it?", "A lantern: who lights it?"]),
        (
            "wall lamps / lanterns - what's the difference in what they burn?",
            ["Wall lamps: what they burn?", "Lanterns: what they burn?"],
        ),
        ("Lamp vs lantern, whose job is it in each case?", ["Lamp: whose job is it?", "Lantern: whose job is it?"]),
        ("Which is cheaper, a lamp or a lantern?", ["A lamp: which is cheaper?", "A lantern: which is cheaper?"]),
        (
            "Who may carry the lamp as opposed to the lantern?",
            ["The lamp: who may carry?", "The lantern: who may carry?"],
        ),
        ("weekly wage painter vs carpenter?", ["weekly wage painter?", "weekly wage carpenter?"]),
        ("price for members vs non members??", ["price for members?", "price for non members?"]),
        ("cost of a lamp versus cost of a lantern?", ["cost of a lamp?", "cost of a lantern?"]),
        ("oil this year / next year?", ["oil this year?", "oil next year?"]),
        ("rules for the hall lamp vs the lantern?", ["rules for the hall lamp?", "rules for the lantern?"]),
        ("oil and / or wax here?", []),
        ("Lamp vs lantern?", []),
        ("As a guard or a guest, what do I carry?", []),
        ("Is it true or not, who says so?", []),
        ("What happens if a lamp or lantern breaks?", []),
    ],
)
def test_what_is_asked_of_two_things_is_asked_of_each(question, asked):
    found = things(question)
    assert [one.asked for one in found] == asked
    assert all(one.compared for one in found)


@pytest.mark.parametrize(
    "question",
    [
        "On storms, how does a lamp compare with carrying a lantern?",
        "How would a lamp fare against carrying a lantern when it comes to storms?",
    ],
)
def test_of_two_things_that_are_compared_by_something_it_is_asked_what_each_means_for_it(question):
    asked = [one.asked for one in things(question)]
    assert asked == ["What would a lamp mean for storms?", "What would carrying a lantern mean for storms?"]


def test_what_each_means_for_it_is_told_where_the_judge_surely_says_so(tmp_path):
    (tmp_path / "lights.md").write_text(
        f"{HOUSE}\nNo storm puts it out there.\n\nStorms kill a flame that one is carrying.\n", "utf-8"
    )
    sure = {"a lamp mean for storms": "fixed to the wall", "a lantern mean for storms": "Storms kill"}

    def reply(messages):
        asked = messages[-1].text
        yes = 0.9 if any(question in asked and words in asked for question, words in sure.items()) else 0.01
        return {"yes": yes, "no": 1 - yes}

    judge = Scripted(reply)
    answer = assistant(tmp_path, judge).ask("On storms, how does a lamp compare with carrying a lantern?")
    assert [one.text for one in answer.sentences] == [
        "A lamp is fixed to the wall.",
        "Storms kill a flame that one is carrying.",
    ]


@pytest.mark.parametrize(("lamp", "lantern", "told"), [(0.12, 0.3, 2), (0.05, 0.3, 0), (0.12, 0.15, 0)])
def test_of_what_is_compared_both_have_to_be_said_something_of(tmp_path, lamp, lantern, told):
    (tmp_path / "lights.md").write_text(f"{HOUSE}\nStorms kill a flame that one is carrying.\n", "utf-8")

    def reply(messages):
        asked = messages[-1].text
        of_lamp = "fixed to the wall" in asked and "a lamp mean for storms" in asked
        of_lantern = "Storms kill" in asked and "a lantern mean for storms" in asked
        yes = lamp if of_lamp else lantern if of_lantern else 0.01
        return {"yes": yes, "no": 1 - yes}

    made = assistant(tmp_path, Scripted(reply))
    answer = made.ask("On storms, how does a lamp compare with carrying a lantern?")
    both = ["A lamp is fixed to the wall.", "Storms kill a flame that one is carrying."]
    assert [one.text for one in answer.sentences if one.text in both] == both[:told]


class Judge(ScriptedModel):
    """Says yes to what says something of both, and of one of them where that alone is asked for."""

    trained_judge = True

    def __init__(self):
        super().__init__(self._reply)

    def _reply(self, messages):
        asked = messages[-1].text
        both = "lamp and a lantern are" in asked and "opposed" in asked
        of_lamp = "fixed to the wall" in asked and "meant by lamp" in asked
        of_lantern = "carried by hand" in asked and "meant by lantern" in asked
        yes = 0.9 if both or of_lamp or of_lantern else 0.01
        return {"yes": yes, "no": 1 - yes}


def test_what_each_of_them_is_stands_beside_what_is_said_of_both(tmp_path):
    (tmp_path / "lights.md").write_text(HOUSE, encoding="utf-8")
    answer = assistant(tmp_path, Judge()).ask("What's a lamp as opposed to a lantern?")
    assert [one.text for one in answer.sentences] == [
        "A lamp and a lantern are both lit at dusk.",
        "A lamp is fixed to the wall.",
        "A lantern is carried by hand.",
    ]
