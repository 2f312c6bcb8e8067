"""What an answer is made of: the list that one part of a question asks for."""

import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.models.scripted import ScriptedModel
from assistant.pipeline import Assistant
from assistant.records import Answer
from corpus import load, split
from index import FakeEncoder, FakeSparseEncoder, memory_index

HOUSE = """# House rules

## Board

The board decides on lamps. Its members are:

- the steward
- the porter

The board meets every Monday to look at lamps.
"""


class Judge(ScriptedModel):
    """Says yes to what has one of these words, and places texts by the words of the guidance."""

    trained_judge = True
    embeds = True

    def __init__(self, *sure: str) -> None:
        self._sure = sure
        super().__init__(self._reply)

    def _reply(self, messages):  # type: ignore[no-untyped-def]
        read = re.search(r"^\[1\] (.+)$", messages[-1].text, re.MULTILINE)
        yes = 0.9 if read and any(word in read.group(1) for word in self._sure) else 0.05
        return {"yes": yes, "no": 1 - yes}

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return FakeEncoder().encode(texts)


def asked(tmp_path: Path, question: str, *sure: str) -> Answer:
    (tmp_path / "house.md").write_text(HOUSE, "utf-8")
    passages = split(load(tmp_path / "house.md"))
    assistant = Assistant(memory_index(passages, FakeEncoder(), FakeSparseEncoder()), Judge(*sure), "judge")
    return assistant.ask(question)


LIST = ["The board decides on lamps. Its members are:", "the steward", "the porter"]


def test_a_part_that_asks_for_several_gets_the_whole_list_and_the_next_part_its_own_answer(tmp_path: Path) -> None:
    answer = asked(tmp_path, "Who is on the board, and when does the board meet to look at lamps?", "steward", "Monday")
    assert [one.text for one in answer.sentences] == [*LIST, "The board meets every Monday to look at lamps."]
    assert answer.status == "answered"


def test_a_part_that_asks_for_one_thing_is_not_answered_by_the_list_of_the_part_before(tmp_path: Path) -> None:
    answer = asked(tmp_path, "Which members does the board have, and who checks them?", "steward")
    assert [one.text for one in answer.sentences] == LIST
    assert answer.status == "partial"
