import json
from pathlib import Path

import pytest
from openpyxl import Workbook

from assistant.evaluate.cases import Case, chosen, load_cases
from assistant.records import Turn
from corpus.errors import UserError


def lines(path: Path, *values: object) -> Path:
    path.write_text("".join(json.dumps(value) + "\n" for value in values), encoding="utf-8")
    return path


def test_json_lines(tmp_path: Path) -> None:
    path = lines(
        tmp_path / "cases.jsonl",
        {
            "id": "a",
            "question": "Why?",
            "answerable": True,
            "evidence": [["x", "y"], ["z"]],
            "history": [["user", "Hi"]],
        },
        {"question": "What?", "kind": "near miss", "answerable": False, "passages": ["One.", "Two."]},
    )
    first, second = load_cases(path)
    assert (first.id, first.evidence, first.history) == ("a", (("x", "y"), ("z",)), (Turn("user", "Hi"),))
    assert (second.id, second.kind, second.answerable, second.passages) == (
        "line-2",
        "near miss",
        False,
        ("One.", "Two."),
    )
    assert second.where == f"{path}:2"


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ({"id": "a"}, '"question"'),
        ({"question": " "}, '"question"'),
        ({"question": "Q", "answerable": "yes"}, '"answerable"'),
        ({"question": "Q", "evidence": "x"}, '"evidence"'),
        ({"question": "Q", "evidence": [[]]}, '"evidence"'),
        ({"question": "Q", "evidence": [[" "]]}, '"evidence"'),
        ({"question": "Q", "answerable": False, "evidence": [["x"]]}, "evidence is given"),
        ({"question": "Q", "history": [["robot", "x"]]}, "history entry 1"),
        ({"question": "Q", "passages": "x"}, '"passages"'),
        ({"question": "Q", "reference": 1}, '"reference"'),
        ([1], "one JSON object"),
    ],
)
def test_a_malformed_case_is_named_by_file_and_line(tmp_path: Path, value: object, said: str) -> None:
    path = lines(tmp_path / "cases.jsonl", {"question": "Fine?"}, value)
    with pytest.raises(UserError, match=r"cases.jsonl:2: ") as caught:
        load_cases(path)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_broken_json_and_repeated_ids_are_named(tmp_path: Path) -> None:
    path = tmp_path / "cases.jsonl"
    path.write_text('{"question": "A"}\n{"question": \n', encoding="utf-8")
    with pytest.raises(UserError, match=":2: not JSON"):
        load_cases(path)
    lines(path, {"id": "a", "question": "A"}, {"id": "a", "question": "B"})
    with pytest.raises(UserError, match=":2: the id"):
        load_cases(path)


def test_missing_empty_and_binary_files(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no such file"):
        load_cases(tmp_path / "none.jsonl")
    (tmp_path / "empty.jsonl").touch()
    with pytest.raises(UserError, match="holds no case"):
        load_cases(tmp_path / "empty.jsonl")
    (tmp_path / "binary.jsonl").write_bytes(b"\xff\xfe\x00\x01")
    with pytest.raises(UserError, match="UTF-8"):
        load_cases(tmp_path / "binary.jsonl")
    (tmp_path / "not.xlsx").write_bytes(b"not a zip")
    with pytest.raises(UserError, match="xlsx"):
        load_cases(tmp_path / "not.xlsx")


EXPECTED = Case(
    "7",
    "Who pays, and why?",
    True,
    (("the board", "the executives"), ("they decide",)),
    kind="multi-part",
    history=(Turn("user", "Hello"), Turn("assistant", "Good day: ask")),
    passages=("The board pays.", "It has two lines\nhere."),
)
CELLS = {
    "id": "7",
    "question": "Who pays, and why?",
    "answerable": "Yes",
    "evidence": "the board || the executives\nthey decide",
    "kind": "multi-part",
    "history": "user: Hello\nassistant: Good day: ask",
    "passages": "The board pays.\n---\nIt has two lines\nhere.",
}


@pytest.mark.parametrize("delimiter", [",", ";"])
def test_csv_as_spreadsheet_programs_write_it(tmp_path: Path, delimiter: str) -> None:
    path = tmp_path / "cases.csv"
    rows = (CELLS.keys(), CELLS.values())
    text = "\r\n".join(delimiter.join(f'"{cell}"' for cell in row) for row in rows)
    path.write_text("\ufeff" + text, encoding="utf-8")
    (case,) = load_cases(path)
    assert case == Case(
        **{name: getattr(EXPECTED, name) for name in Case.__slots__ if name != "where"}, where=f"{path}:2"
    )


def test_xlsx(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(list(CELLS))
    sheet.append([7, *list(CELLS.values())[1:]])
    sheet.append([None] * len(CELLS))
    sheet.append(["8", "Bad?", "perhaps"])
    path = tmp_path / "cases.xlsx"
    book.save(path)
    with pytest.raises(UserError, match=r'cases.xlsx:4: column "answerable" must be yes or no'):
        load_cases(path)
    sheet.delete_rows(4)
    book.save(path)
    (case,) = load_cases(path)
    assert (case.id, case.evidence, case.history) == (EXPECTED.id, EXPECTED.evidence, EXPECTED.history)


def test_columns_are_checked(tmp_path: Path) -> None:
    path = tmp_path / "cases.csv"
    path.write_text("question,anwser\nQ,x\n", encoding="utf-8")
    with pytest.raises(UserError, match='unknown column "anwser"'):
        load_cases(path)
    path.write_text("id\n1\n", encoding="utf-8")
    with pytest.raises(UserError, match='one called "question"'):
        load_cases(path)


def test_a_sample_is_the_same_for_the_same_seed_and_keeps_the_order() -> None:
    cases = [Case(str(number), "Q") for number in range(50)]
    drawn = chosen(cases, sample=10, seed=3)
    assert drawn == chosen(cases, sample=10, seed=3) != chosen(cases, sample=10, seed=4)
    assert [int(case.id) for case in drawn] == sorted(int(case.id) for case in drawn)
    assert chosen(cases, limit=3, sample=10, seed=3) == drawn[:3]
    assert chosen(cases, sample=80) == cases
