"""What statements mean: a scripted model that knows what a text is about, and the real one."""

import threading
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from assistant.advising import load_rules
from assistant.advising.heard import Heard
from assistant.contents.finder import StatementFinder
from assistant.contents.listing import find_list
from assistant.contents.meanings import QUICK, SLOW, Meanings, Remembered, embeds
from assistant.contents.outline import Outline
from assistant.contents.statements import split_statements
from assistant.contents.vectors import Vectors
from assistant.judging.hearing import ModelHearing
from assistant.models.scripted import ScriptedModel
from corpus import Passage, load_all, shipped_guidance, split
from index import FakeEncoder, Hit

ABOUT = {
    "money": ("wages", "purse", "budget"),
    "light": ("lamp", "dusk", "glow"),
    "guests": ("visitor", "welcome", "stranger"),
    "gains": ("gains",),
    "losses": ("costs it",),
}
GUIDANCE = """# House

## Rooms

The lamp in the hall is lit.
A visitor is led in by the porter.
All wages are paid on Friday.

## Evenings

### Gains of an evening

- The hall is warm.
- Everybody is at home.

### What an evening costs it

- Oil is burnt.
- Nobody works.
"""


class Embedding:
    """A model for which a text stands where the words of ``ABOUT`` in it say."""

    embeds = True

    def __init__(self) -> None:
        self.embedded: list[str] = []

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.embedded.extend(texts)
        rows = [[float(sum(word in text.lower() for word in words)) for words in ABOUT.values()] for text in texts]
        found = np.array([[*row, 0.1] for row in rows], np.float32)
        return found / np.linalg.norm(found, axis=1, keepdims=True)


@pytest.fixture
def passages(tmp_path: Path) -> list[Passage]:
    (tmp_path / "house.md").write_text(GUIDANCE, "utf-8")
    return [passage for document in load_all([tmp_path]).documents for passage in split(document)]


def texts_of(passages: Sequence[Passage]) -> set[str]:
    return {one.text for passage in passages for one in split_statements(passage)}


def learnt(passages: Sequence[Passage], remembered: Remembered | None = None) -> tuple[Meanings, Embedding]:
    model = Embedding()
    found = Meanings(model, passages, remembered, [node.heading for node in Outline(passages).nodes if node.path])
    found.learn(lambda: False)
    return found, model


def test_a_statement_is_found_by_what_it_means_whatever_the_words(passages: list[Passage]) -> None:
    found, _ = learnt(passages)
    assert found.nearest("What is in the purse?", 1)[0].text == "All wages are paid on Friday."
    assert found.nearest("How is a stranger met?", 1)[0].text == "A visitor is led in by the porter."


def test_it_moves_scored_statements_and_brings_others(passages: list[Passage]) -> None:
    found, _ = learnt(passages)
    finder = StatementFinder(Vectors(FakeEncoder().encode), passages, meanings=found)
    hall = [one for passage in passages for one in split_statements(passage) if "hall is lit" in one.text]
    scored = finder.score("Is the purse full?", hall)
    best = finder.by_meaning("Is the purse full?", scored)
    assert best[0].text == "All wages are paid on Friday."
    assert {one.text for one in scored} < {one.text for one in best}
    without = StatementFinder(Vectors(FakeEncoder().encode), passages)
    assert without.by_meaning("Is the purse full?", scored) == scored


def test_the_heading_of_a_list_is_found_by_what_it_means(passages: list[Passage]) -> None:
    found, _ = learnt(passages)
    finder = StatementFinder(Vectors(FakeEncoder().encode), passages, meanings=found)
    outline = Outline(passages)
    for asked, heading in (("gains", "Gains of an evening"), ("costs it", "What an evening costs it")):
        listed = find_list(f"Name whatever {asked} somebody who stays in", outline, finder)
        assert listed is not None
        assert listed.node.heading == heading


def test_nothing_is_embedded_twice_not_even_after_a_new_start(passages: list[Passage], tmp_path: Path) -> None:
    file = tmp_path / "kept" / "meanings.npz"
    first, model = learnt(passages, Remembered(file))
    assert len(model.embedded) > len(passages)
    again, another = learnt(passages, Remembered(file))
    assert another.embedded == []
    asked = "What is in the purse?"
    assert [one.text for one in again.nearest(asked, 9)] == [one.text for one in first.nearest(asked, 9)]
    again.nearest(asked, 1)
    assert len(another.embedded) == 1  # The question, once.
    assert asked.encode() not in file.read_bytes()


@pytest.mark.parametrize("broken", [b"", b"no archive", b"PK\x03\x04 half of one"])
def test_a_damaged_file_is_made_anew(passages: list[Passage], tmp_path: Path, broken: bytes) -> None:
    file = tmp_path / "meanings.npz"
    file.write_bytes(broken)
    found, model = learnt(passages, Remembered(file))
    assert model.embedded
    assert found.nearest("What is in the purse?", 1)
    assert learnt(passages, Remembered(file))[1].embedded == []


def test_a_folder_that_cannot_be_written_costs_nothing_but_time(passages: list[Passage], tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder", "utf-8")
    found, _ = learnt(passages, Remembered(tmp_path / "file" / "meanings.npz"))
    assert found.nearest("What is in the purse?", 1)


def test_it_ends_when_nobody_waits_and_goes_on_where_it_was(passages: list[Passage]) -> None:
    model = Embedding()
    found = Meanings(model, passages)
    every = found.missing(QUICK.at_once)
    found.learn(lambda: len(model.embedded) >= 2)
    assert len(model.embedded) == 6
    assert found.missing(QUICK.at_once) == every - 6
    assert not found.known
    known = {one for text in model.embedded for one in texts_of(passages) if text.endswith(one)}
    assert {one.text for one in found.nearest("What is in the purse?", 99)} == known  # Of the rest nothing is known.
    found.learn(lambda: False)
    assert found.known
    assert found.missing(QUICK.at_once) == 0
    assert len(found.nearest("What is in the purse?", 3)) == 3
    assert len(set(model.embedded)) == len(model.embedded)


def test_a_question_does_not_wait_for_work_that_waits_for_questions(passages: list[Passage]) -> None:
    found, answered = Meanings(Embedding(), passages), threading.Event()

    def giving_way() -> bool:
        answered.wait()
        return False

    background = threading.Thread(target=found.learn, args=[giving_way], daemon=True)
    background.start()
    asking = threading.Thread(target=found.learn, args=[lambda: False], daemon=True)
    asking.start()
    asking.join(20)
    assert not asking.is_alive()
    assert found.nearest("What is in the purse?", 1)
    answered.set()
    background.join(20)
    assert not background.is_alive()


def test_a_large_guidance_is_not_embedded_while_somebody_waits(tmp_path: Path) -> None:
    lines = "\n".join(f"- Rule {number} holds in room {number}." for number in range(QUICK.at_once + 1))
    (tmp_path / "rules.md").write_text(f"# Rules\n\n{lines}\n", "utf-8")
    passages = [passage for document in load_all([tmp_path]).documents for passage in split(document)]
    model = Embedding()
    found = Meanings(model, passages)
    assert found.missing(QUICK.at_once) == 0
    found.learn(lambda: False, QUICK.at_once)
    assert model.embedded == []
    found.learn(lambda: False)
    assert len(model.embedded) >= QUICK.at_once


def test_where_embedding_is_slow_fewer_are_embedded_while_somebody_waits(tmp_path: Path) -> None:
    lines = "\n".join(f"- Rule {number} holds in room {number}." for number in range(SLOW.at_once + 1))
    (tmp_path / "rules.md").write_text(f"# Rules\n\n{lines}\n", "utf-8")
    passages = [passage for document in load_all([tmp_path]).documents for passage in split(document)]
    quick, slow = Embedding(), Embedding()
    slow.embeds_quickly = False  # type: ignore[attr-defined]
    for model, embedded in ((quick, QUICK.compared), (slow, SLOW.compared)):
        found = Meanings(model, passages)
        found.learn(lambda: False, found.pace.at_once)
        assert (model.embedded == []) == (model is slow)
        found = Meanings(model, passages, Remembered())
        model.embedded.clear()
        every = [one for passage in passages for one in split_statements(passage)]
        found.nearness_of_first("Which rule?", every)
        assert len(model.embedded) == embedded + 1


def test_of_very_many_headings_the_first_are_compared(tmp_path: Path) -> None:
    sections = "\n".join(f"## Room {number}\n\nIt has a door. It has a lamp {number}.\n" for number in range(450))
    (tmp_path / "rooms.md").write_text(f"# Rooms\n\n{sections}", "utf-8")
    passages = [passage for document in load_all([tmp_path]).documents for passage in split(document)]
    found, _ = learnt(passages)
    finder = StatementFinder(Vectors(FakeEncoder().encode), passages, meanings=found)
    assert find_list("Name whatever is given to a stranger", Outline(passages), finder) is None


def test_of_a_guidance_that_is_not_known_yet_the_best_statements_are_compared(tmp_path: Path) -> None:
    lines = "\n".join(f"- Rule {number} holds in room {number}." for number in range(60))
    (tmp_path / "rules.md").write_text(f"# Rules\n\n- Wages are paid here.\n{lines}\n", "utf-8")
    passages = [passage for document in load_all([tmp_path]).documents for passage in split(document)]
    model = Embedding()
    found = Meanings(model, passages)
    finder = StatementFinder(Vectors(FakeEncoder().encode), passages, meanings=found)
    every = [one for passage in passages for one in split_statements(passage)]
    assert found.nearness("What is in the purse?", every) is None
    best = finder.by_meaning("What is in the purse?", every)
    assert best[0].text == "Wages are paid here."
    assert len(best) == len(every)
    compared = len(model.embedded)
    assert compared < len(every) / 1.5
    finder.by_meaning("Whose purse is it?", every)
    assert len(model.embedded) > compared + 1  # The next ones, and the question.
    assert len(set(model.embedded)) == len(model.embedded)


def test_only_a_model_that_says_so_embeds() -> None:
    assert embeds(None) is None
    assert embeds(ScriptedModel(["A reply."])) is None
    assert embeds(Embedding()) is not None  # type: ignore[arg-type]


def test_the_guidance_that_ships_is_known_from_the_beginning() -> None:
    """Where this fails, what ships was changed: run benchmarks/meaning.py with --write."""
    documents = load_all([shipped_guidance()]).documents
    passages = [passage for document in documents for passage in split(document)]
    model = Embedding()
    headings = [node.heading for node in Outline(passages).nodes if node.path]
    found = Meanings(model, passages, Remembered(ship=True), headings)
    assert found.missing(QUICK.at_once) == 0
    assert Meanings(model, passages, Remembered(), headings).missing(QUICK.at_once) > 0
    rules = load_rules(documents)
    assert rules is not None
    hearing = ModelHearing(ScriptedModel(["yes"]), model, nullcontext(), Remembered(ship=True))
    Heard(rules, hearing).learn(lambda: False)
    assert model.embedded == []
    Heard(rules, ModelHearing(ScriptedModel(["yes"]), model, nullcontext(), Remembered())).learn(lambda: False)
    assert len(model.embedded) > 1_000


def test_a_statement_counts_more_in_a_passage_that_stands_out():
    first, second = (Passage(f"p{n}", "a.md", "", (), f"Lamp {n} is lit.", 0, 14) for n in range(2))
    finder = StatementFinder(Vectors(FakeEncoder().encode))
    for worth in (3.0, 9.0):
        hits = [Hit(first, worth), Hit(second, 1.0)]
        found = {one.passage.id: one for one in finder.found(("Which lamp is lit?",), hits)}
        raised = {one.passage.id: one for one in finder.by_meaning("Which lamp is lit?", list(found.values()))}
        gain = raised["p0"].score - found["p0"].score
        assert gain == pytest.approx(max(0.0, 0.2 * (worth - 3.5)))
        assert raised["p1"].score == found["p1"].score
