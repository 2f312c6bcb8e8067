"""The lists of a guidance, read whole: which one answers a question for several things."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from assistant.contents.finder import StatementFinder
from assistant.contents.meanings import Meanings
from assistant.contents.outline import Outline
from assistant.contents.statements import Statement, split_statements
from assistant.contents.vectors import Vectors
from assistant.lists.enumerations import Enumerations, asks_for_points
from assistant.questions.documents_named import DocumentsNamed
from corpus import Passage, load_all, split
from index import FakeEncoder, Hit

VISITORS = """# House rules

## Guests

When a visitor comes, a porter has to:

- open the door
- take the coat
- light the lamp

Some never come back. Before a stranger leaves:

1. hand over the coat
2. wish a good night

## Wages

The purse is kept by two people.

- one counts
- one signs
"""
OFFICE = """# Office manual

## Callers

Whoever meets a visitor must:

- ask for the name
- write it down
"""


ABOUT = (("visitor", "guest", "caller"), ("stranger",), ("purse", "wage"))


class Embedding:
    """A model for which a text stands where the words of ``ABOUT`` in it say."""

    embeds = True

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        rows = [[float(any(word in text.lower() for word in words)) for words in ABOUT] for text in texts]
        found = np.array([[*row, 0.1] for row in rows], np.float32)
        return found / np.linalg.norm(found, axis=1, keepdims=True)


class Reader:
    """Says how surely a list answers by words in it, and keeps what it has read."""

    def __init__(self, **sure: float) -> None:
        self._sure = sure
        self.read: list[str] = []

    def __call__(self, question: str, statement: Statement) -> float:
        self.read.append(statement.text)
        return max((yes for word, yes in self._sure.items() if word in statement.text), default=0.0)


Answering = Callable[[str, Reader], list[str]]


@pytest.fixture(params=["all known", "known one by one"])
def answering(request, tmp_path: Path) -> Answering:
    (tmp_path / "house.md").write_text(VISITORS, "utf-8")
    (tmp_path / "office.md").write_text(OFFICE, "utf-8")
    passages = [passage for document in load_all([tmp_path]).documents for passage in split(document)]
    outline = Outline(passages)
    meanings = Meanings(Embedding(), passages, None, [node.heading for node in outline.nodes if node.path])
    if request.param == "all known":
        meanings.learn(lambda: False)
    assert meanings.known is (request.param == "all known")
    documents = DocumentsNamed(passages)
    finder = StatementFinder(Vectors(FakeEncoder().encode), passages, meanings=meanings, documents=documents)
    hits = hits_of(passages)
    lists = Enumerations(outline, finder)
    return lambda question, reader: [one.text for one in lists.answering(question, hits, reader)]


def hits_of(passages: Sequence[Passage]) -> list[Hit]:
    return [Hit(passage, 1.0) for passage in passages]


def test_the_list_that_is_said_to_answer_is_told_after_what_announces_it(answering: Answering) -> None:
    told = answering("Which things should one do when a visitor comes?", Reader(door=0.9, coat=0.3))
    assert told == ["When a visitor comes, a porter has to:", "open the door", "take the coat", "light the lamp"]
    told = answering("Which things should one do when a stranger goes?", Reader(night=0.9))
    assert told == ["Before a stranger leaves:", "1. hand over the coat", "2. wish a good night"]


def test_a_sentence_that_lists_things_itself_is_told_before_a_list_where_it_answers_as_surely(tmp_path: Path) -> None:
    rule = "A visitor leaves hats, coats, sticks and umbrellas at the door."
    (tmp_path / "house.md").write_text(f"{VISITORS}\n## Hall\n\n{rule}\n", "utf-8")
    passages = split(load_all([tmp_path]).documents[0])
    outline = Outline(passages)
    meanings = Meanings(Embedding(), passages, None, [node.heading for node in outline.nodes if node.path])
    lists = Enumerations(outline, StatementFinder(Vectors(FakeEncoder().encode), passages, meanings=meanings))
    (hall,) = (one for passage in passages for one in split_statements(passage) if one.text == rule)

    def told(**sure: float) -> list[str]:
        asked = "Which things should one do when a visitor comes?"
        return [one.text for one in lists.answering(asked, hits_of(passages), Reader(**sure), (hall,))]

    points = ["When a visitor comes, a porter has to:", "open the door", "take the coat", "light the lamp"]
    assert told(lamp=0.8, umbrellas=0.9) == [rule, *points]
    assert told(lamp=0.8, umbrellas=0.7) == points
    assert told(umbrellas=0.9) == []


TABLE = """# Visits

## Visitors

The porter decides who is let in. His duties are:

- he asks for the name
- he opens the door

A visitor is brought to a room.

| Visitor | Room |
| --- | --- |
| Uncle | Parlour |
| Stranger | Hall. Its fire is lit. |
| King | Ballroom |
"""


def test_a_table_is_told_as_a_list_of_its_rows_and_an_introduction_with_what_it_points_at(tmp_path: Path) -> None:
    (tmp_path / "visits.md").write_text(TABLE, "utf-8")
    passages = [passage for document in load_all([tmp_path]).documents for passage in split(document)]
    outline = Outline(passages)
    meanings = Meanings(Embedding(), passages, None, [node.heading for node in outline.nodes if node.path])
    lists = Enumerations(outline, StatementFinder(Vectors(FakeEncoder().encode), passages, meanings=meanings))
    asked, hits = "Which things should one know of a visitor?", hits_of(passages)
    told = [one.text for one in lists.answering(asked, hits, Reader(Ballroom=0.9))]
    assert told == [
        "Visitor: Uncle; Room: Parlour",
        "Visitor: Stranger; Room: Hall. Its fire is lit.",
        "Visitor: King; Room: Ballroom",
    ]
    told = [one.text for one in lists.answering(asked, hits, Reader(door=0.9))]
    assert told[0] == "The porter decides who is let in. His duties are:"
    assert told[1:] == ["he asks for the name", "he opens the door"]


def test_it_is_read_with_its_introduction(answering: Answering) -> None:
    reader = Reader()
    answering("Which things should one do when a visitor comes?", reader)
    assert "When a visitor comes, a porter has to: open the door; take the coat; light the lamp" in reader.read


def test_none_is_told_that_does_not_surely_answer(answering: Answering) -> None:
    assert answering("Which things should one do when a visitor comes?", Reader(door=0.6, name=0.64)) == []


def test_one_that_is_likelier_by_far_than_any_other_needs_less(answering: Answering) -> None:
    asked = "Which things should one do when a visitor comes?"
    assert answering(asked, Reader(door=0.4, name=0.1))[1:] == ["open the door", "take the coat", "light the lamp"]
    assert answering(asked, Reader(door=0.4, name=0.2)) == []
    assert answering(asked, Reader(door=0.3)) == []


def test_nothing_is_read_for_one_thing_or_where_no_list_is_near(answering: Answering) -> None:
    reader = Reader(open=0.9)
    assert answering("Who opens the door when a visitor comes?", reader) == []
    assert answering("Which animals should one keep?", reader) == []
    assert reader.read == []


def test_only_lists_of_a_document_that_is_named_are_read(answering: Answering) -> None:
    reader = Reader(door=0.9, name=0.7)
    told = answering("According to the office manual, which things should one do when a visitor comes?", reader)
    assert told == ["Whoever meets a visitor must:", "ask for the name", "write it down"]
    assert len(reader.read) == 1


def test_what_stands_under_an_option_has_sides_and_is_left_to_them(tmp_path: Path) -> None:
    under = "### Advantages\n\n- A visitor likes it.\n- It is cheap.\n\n### Drawbacks\n\n- It is slow.\n- It is loud.\n"
    text = f"# Ways\n\n## The northern way\n\n{under}\n## The southern way\n\n{under}"
    (tmp_path / "ways.md").write_text(text, "utf-8")
    passages = [passage for document in load_all([tmp_path]).documents for passage in split(document)]
    outline = Outline(passages)
    assert outline.options
    finder = StatementFinder(
        Vectors(FakeEncoder().encode), passages, meanings=Meanings(Embedding(), passages, None, [])
    )
    reader = Reader(visitor=0.9)
    asked = "Which things should a visitor know?"
    assert Enumerations(outline, finder).answering(asked, hits_of(passages), reader) == ()
    assert reader.read == []


@pytest.mark.parametrize(
    "question",
    [
        "At which points do we have to bring in the officer?",
        "What kinds of issues should the team be dealing with?",
        "Under what circumstances might we have to switch it off?",
        "Which security certificates can a supplier offer?",
        "How would I spot people who could grow into the role?",
        "What does the report after an incident have to contain?",
        "What should we be asking before we sign?",
        "What should new porters be taught in the first week?",
        "What are the drawbacks of it?",
        "What's completely forbidden for us?",
        "Give me the must-haves of any deal.",
        "Who all sits on the committee?",
        "Who is on the board?",
        "What does the yard rule out altogether?",
        "what did the pilot team recommend at the end",
        "What have we promised to leave alone?",
    ],
)
def test_a_question_that_points_of_a_list_may_answer(question: str) -> None:
    assert asks_for_points(question)


@pytest.mark.parametrize(
    "question",
    [
        "What happens if the pilot fails?",
        "What do you recommend?",
        "What did the excluded tools cost?",
        "What would the banned supplier have to pay?",
        "What does the board recommend for a small yard?",
        "What does it cost?",
        "Which team should lead?",
        "Who does this?",
        "What has this to do with us?",
        "Why do pilots fail?",
        "Tell me the price of a lamp.",
        "Give us the address.",
        "What share of guests has to come back?",
        "Who is in the best position to decide?",
        "Who is in the end responsible?",
    ],
)
def test_a_question_that_no_list_answers(question: str) -> None:
    assert not asks_for_points(question)
