"""Rows of a table that a question asks for by what stands in them."""

from dataclasses import replace
from pathlib import Path

import pytest

from assistant.contents.finder import StatementFinder
from assistant.contents.outline import Outline
from assistant.contents.statements import Statement
from assistant.contents.vectors import Vectors
from assistant.lists.selecting import Selecting
from corpus import load, split
from index import FakeEncoder, Hit

REGISTER = """# Register

## Lamps

| Lamp | What it does | Cost | Keeper | Stage |
|------|--------------|------|--------|-------|
| Otter | Lights the gate; never the yard | 1,200 | Night watch | Service |
| Finch | Lights the stairs | 300 | Porter | Trial |
| Heron | Lights the yard in rain | 150 | Night watch | Trial, made smaller |
| Robin | Lit the cellar | 20 | Porter | Paused |
| Stork | Would light the roof | 0 | Cook | Idea |
| Swift | Would light the moat | 600 | Cook | Not paused |

## Wages

The porter is paid by the week.
"""


@pytest.fixture
def selecting(tmp_path: Path) -> tuple[Selecting, list[Hit], list[tuple[str, str]]]:
    (tmp_path / "register.md").write_text(REGISTER, encoding="utf-8")
    passages = split(load(tmp_path / "register.md"))
    hits = [Hit(passage, 1.0, 0.5) for passage in passages]
    return Selecting(Outline(passages), StatementFinder(Vectors(FakeEncoder()))), hits, []


def reads(read: list[tuple[str, str]], **yes: float):
    """A model that says ``yes`` by the last cell of what it reads, and .9 to any other."""

    def says(question: str, statement: Statement) -> float:
        read.append((question, statement.text))
        return yes.get(statement.text.rpartition(": ")[2].split(",")[0].replace(" ", "_"), 0.9)

    return says


def names(rows: tuple[Statement, ...]) -> list[str]:
    return [one.text.split(";")[0].removeprefix("Lamp: ") for one in rows]


def test_rows_with_the_value_that_is_asked_for(selecting) -> None:
    select, hits, read = selecting
    rows = select.rows(
        "Which lamps are in trial?", hits, reads(read, Paused=0.3, Idea=0.2, Service=0.1, Not_paused=0.1)
    )
    assert names(rows) == ["Finch", "Heron"]
    assert (
        "Which lamps are in trial?",
        "Lamp: Heron; What it does: Lights the yard in rain; Stage: Trial, made smaller",
    ) in read


def test_a_value_that_is_called_otherwise_is_known_by_the_model(selecting) -> None:
    select, hits, read = selecting
    model = reads(read, Trial=0.4, Idea=0.2, Service=0.1, Paused=0.9, Not_paused=0.1)
    assert names(select.rows("Which lamps are paused?", hits, model)) == ["Robin"]
    model = reads(read, Trial=0.9, Idea=0.2, Service=0.1, Paused=0.9, Not_paused=0.1)
    assert names(select.rows("Which lamps are in trial or on hold?", hits, model)) == ["Finch", "Heron", "Robin"]


def test_one_row_of_each_value_is_read_and_of_many_tables_not_all(selecting) -> None:
    select, hits, read = selecting
    table = [one for hit in hits for one in _rows(hit)]
    many = [replace(one, start=one.start + 1000 * at) for at in range(20) for one in table]
    model = reads(read, Service=0.1, Paused=0.1, Idea=0.1, Not_paused=0.1)
    assert len(select.rows("List the lamps in trial.", [], model, lambda: [many])) == 20
    assert len(read) == 6
    read.clear()
    tables = [[replace(one, start=one.start + 1000 * at) for one in table] for at in range(20)]
    assert select.rows("List the lamps in trial or at dusk.", [], reads(read, Trial=0.4), lambda: tables) == ()
    assert len(read) <= 12


def test_two_columns_are_met_at_once(selecting) -> None:
    select, hits, read = selecting
    assert names(select.rows("Which lamps of the night watch are in trial?", hits, reads(read))) == ["Heron"]


def test_a_row_that_the_model_denies_is_left_out(selecting) -> None:
    select, hits, _ = selecting
    model = lambda _, row: 0.1 if "Heron" in row.text else 0.9 if "Trial" in row.text else 0.2  # noqa: E731
    assert names(select.rows("Which lamps are in trial?", hits, model)) == ["Finch"]


def test_a_row_that_is_named_is_the_only_one(selecting) -> None:
    select, hits, read = selecting
    assert names(select.rows("What does the porter do with the Robin?", hits, reads(read))) == ["Robin"]
    assert select.rows("What does the cook do with the Robin?", hits, reads(read)) == ()


def test_no_more_rows_are_read_than_show_that_the_model_is_not_sure(selecting) -> None:
    select, hits, read = selecting
    model = reads(read, Porter=0.4, Night_watch=0.4, Cook=0.4)
    assert select.rows("What do the porter, the cook and the night watch get?", hits, model) == ()
    assert len(read) <= 3


def test_a_value_with_a_semicolon_is_one_cell(selecting) -> None:
    select, hits, read = selecting
    model = reads(read, Porter=0.1, Cook=0.1)
    assert names(select.rows("What does the night watch keep?", hits, model)) == ["Otter", "Heron"]


@pytest.mark.parametrize(
    "question",
    [
        "Which lamps are not in trial?",
        "Who pays the porter?",
        "Is a lamp or a candle better for a trial than daylight?",
        "Which lamps are on trial in other guidance than ours, except Finch?",
    ],
)
def test_nothing_is_selected_where_no_value_tells(selecting, question: str) -> None:
    select, hits, read = selecting
    assert select.rows(question, hits, reads(read, Porter=0.1)) == ()


def test_a_value_in_other_words_is_told_where_it_stands_out(selecting) -> None:
    select, hits, read = selecting
    model = reads(
        read, Trial=0.3, Idea=0.2, Service=0.1, Paused=0.9, Not_paused=0.2, Porter=0.3, Cook=0.4, Night_watch=0.4
    )
    assert names(select.rows("Which lamps have been put on hold?", hits, model)) == ["Robin"]
    assert names(select.rows("What did we put on hold so far?", hits, model)) == ["Robin"]
    assert select.rows("What did we put on hold?", hits, model) == ()
    assert select.rows("Which lamps are there?", hits, lambda *_: 0.9) == ()


def test_numbers_are_measured_where_the_model_does_not_deny_what_they_are_of(selecting) -> None:
    select, hits, _ = selecting
    asked = "Which lamps cost over 500 euros?"
    assert names(select.rows(asked, hits, lambda *_: 0.5)) == ["Otter", "Swift"]
    assert select.rows(asked, hits, lambda *_: 0.1) == ()


def test_numbers_and_what_is_only_expected_name_no_kind(selecting) -> None:
    _, hits, _ = selecting
    table = [
        replace(one, text=one.text.replace("Not paused", "Yet to start").replace("Idea", "Started"))
        for hit in hits
        for one in _rows(hit)
    ]
    select = selecting[0]
    assert names(select.among("Which lamps have started?", table, lambda *_: 0.1)) == ["Stork"]
    assert names(select.among("What are the top 20 lamps?", table, lambda *_: 0.1)) == names(tuple(table))


def test_tables_near_to_a_question_for_several_things_are_looked_at_too(selecting) -> None:
    select, hits, read = selecting
    table = [one for hit in hits for one in _rows(hit)]
    assert select.rows("Which lamps are in trial?", [], reads(read)) == ()
    model = reads(read, Paused=0.3, Idea=0.2, Service=0.1, Not_paused=0.1)
    assert names(select.rows("List the lamps in trial.", [], model, lambda: [table])) == ["Finch", "Heron"]


def test_the_model_has_to_agree(selecting) -> None:
    select, hits, read = selecting
    assert select.rows("Which lamps are in trial?", hits, lambda *_: 0.5) == ()
    assert read == []


def test_of_a_table_that_answers_the_rows_are_taken_without_asking_again(selecting) -> None:
    select, hits, _ = selecting
    table = [one for hit in hits for one in _rows(hit)]
    assert names(select.among("What are all the lamps in service?", table, lambda *_: 0.1)) == ["Otter"]
    assert names(select.among("What are all the lamps?", table, lambda *_: 0.1)) == names(tuple(table))


def _rows(hit: Hit) -> list[Statement]:
    from assistant.contents.statements import split_statements

    return [one for one in split_statements(hit.passage) if one.text.startswith("Lamp: ")]
