import json
import re
from collections.abc import Callable
from pathlib import Path
from zipfile import ZipFile

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


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("a.csv", "question,answerable\nWho?,yes\nWho pays, and why?,yes\n", 'a.csv:3: "yes" stands under no column'),
        ("a.csv", 'question,kind\nWho?,x\n"Who pays?,x\nWhy?,x\nHow?,x\n', "a.csv:3: not CSV, a quote may be missing"),
        ("a.csv", 'question,kind\n"Who pays?,x\n"Why?",x\n', "a.csv:2: not CSV"),
        ("a.csv", "question,kind,Question\nWho?,x,Why?\n", 'a.csv:1: two columns are called "question"'),
        ("a.jsonl", '{"question": "A"}\n{"question": "Q", "anserable": true}\n', 'a.jsonl:2: "anserable" is nothing'),
        ("a.jsonl", '{"question": "Q", "question": "R"}\n', 'a.jsonl:1: not JSON ("question" stands in it twice)'),
        ("a.jsonl", '{"question": "Q \\ud800"}\n', "a.jsonl:1: holds half a character"),
        ("a.xls", "x", "save it as .xlsx"),
        ("a.xlsm", "x", "save it as .xlsx"),
    ],
)
def test_what_would_be_lost_in_silence_is_told_by_file_and_line(
    tmp_path: Path, name: str, text: str, said: str
) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(UserError) as caught:
        load_cases(tmp_path / name)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_notes_and_where_a_case_comes_from_are_no_fault(tmp_path: Path) -> None:
    more = {"note": "n", "comment": "c", "source": "s", "document": "d.pdf", "pages": [1], "accept": None}
    (case,) = load_cases(lines(tmp_path / "a.jsonl", {"question": "Q", **more, "accept": True}))
    assert case.question == "Q"
    (tmp_path / "a.csv").write_text("question,comment,\nQ,hello,\n", encoding="utf-8")
    assert len(load_cases(tmp_path / "a.csv")) == 1


def test_a_kind_is_the_same_in_other_letters(tmp_path: Path) -> None:
    kinds = ("Near miss", "near  miss ", "other")
    cases = load_cases(lines(tmp_path / "a.jsonl", *({"question": "Q", "kind": kind} for kind in kinds)))
    assert [case.kind for case in cases] == ["Near miss", "Near miss", "other"]


def rewritten(path: Path, change: Callable[[str, bytes], bytes | None]) -> Path:
    """The spreadsheet with its parts as ``change`` gives them; a part that becomes None is left out."""
    with ZipFile(path) as old:
        parts = [(name, change(name, old.read(name))) for name in old.namelist()]
    with ZipFile(path, "w") as new:
        for name, content in parts:
            if content is not None:
                new.writestr(name, content)
    return path


def sheet_of(path: Path) -> Path:
    book = Workbook()
    book.worksheets[0].append(["question", "kind"])
    book.worksheets[0].append(["Who?", "x"])
    book.worksheets[0].append(["Why?", "y"])
    book.save(path)
    return path


def test_a_sheet_that_tells_a_wrong_size_is_read_whole(tmp_path: Path) -> None:
    path = rewritten(sheet_of(tmp_path / "a.xlsx"), lambda _, text: text.replace(b'ref="A1:B3"', b'ref="A1:A2"'))
    assert [(case.question, case.kind) for case in load_cases(path)] == [("Who?", "x"), ("Why?", "y")]


@pytest.mark.parametrize(
    "change",
    [
        lambda name, text: text[: len(text) // 2] if "sheet1" in name else text,
        lambda name, text: re.sub(rb"<sheets>.*</sheets>", b"<sheets/>", text) if name == "xl/workbook.xml" else text,
        lambda name, text: None if "sheet1" in name else text,
    ],
)
def test_a_damaged_spreadsheet_is_one_line(tmp_path: Path, change: Callable[[str, bytes], bytes | None]) -> None:
    path = rewritten(sheet_of(tmp_path / "a.xlsx"), change)
    with pytest.raises(UserError, match=r"a.xlsx: not a readable .xlsx file"):
        load_cases(path)


def test_a_workbook_as_people_keep_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    book = Workbook()
    notes = book.worksheets[0]
    notes.title = "Notes"
    notes.append(["Ask Ann before changing anything", "#REF!"])
    direct = book.create_sheet("Direct")
    direct.append([None, None, None])
    direct.append(["Our questions, 2026"])
    direct.append(["Question ", "Kind", "Evidence", "Answerable"])
    direct.append(["Who pays, and why?", "Money", "The board pays.", True])
    direct.append([None, None, "It decides. || It rules."])
    direct.append([None] * 4)
    direct.append(["Who leads?", None, "Teams lead.", True])
    direct.append(["Who cooks?", "Food", None, False])
    direct.merge_cells("A2:D2")
    direct.merge_cells("A4:A5")
    direct.merge_cells("D4:D5")
    direct.merge_cells("B4:B7")
    more = book.create_sheet("More")
    more.append(["question"])
    more.append(["Who else?"])
    book.create_sheet("Old").append(["question"])
    book["Old"].append(["Who was it?"])
    book["Old"].sheet_state = "hidden"
    path = tmp_path / "cases.xlsx"
    book.save(path)
    pays, leads, cooks, other = load_cases(path)
    assert (pays.question, pays.kind, pays.answerable) == ("Who pays, and why?", "Money", True)
    assert pays.evidence == (("The board pays.",), ("It decides.", "It rules."))
    assert (leads.kind, leads.evidence, leads.id) == ("Money", (("Teams lead.",),), "line-7")
    assert (cooks.kind, cooks.answerable) == ("Food", False)
    assert (other.question, other.id, other.where) == ("Who else?", "More line-2", f"{path}:More:2")
    assert 'the sheet "Notes" has no column "question" and is left out' in capsys.readouterr().err
    direct.unmerge_cells("D4:D5")
    direct["D5"] = False
    book.save(path)
    with pytest.raises(UserError, match=r'cases.xlsx:5: another "answerable" for the "question" that reaches over'):
        load_cases(path)


@pytest.mark.parametrize(("cell", "said"), [("=B1", "a formula without its result"), ("#REF!", "the error #REF!")])
def test_what_a_formula_did_not_give_is_told(tmp_path: Path, cell: str, said: str) -> None:
    book = Workbook()
    book.worksheets[0].append(["question", "kind"])
    book.worksheets[0].append(["Who?", "x"])
    book.worksheets[0].append([cell, None])
    book.save(tmp_path / "a.xlsx")
    with pytest.raises(UserError, match=f"a.xlsx:3: .*{said}"):
        load_cases(tmp_path / "a.xlsx")


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("question;answerable\r\nWas kostet es, und für wen?;WAHR\r\n", "cp1252"),
        ("question;answerable\r\nWas kostet es, und für wen?;ja\r\n", "utf-8-sig"),
        ("question\tanswerable\r\nWas kostet es, und für wen?\tyes\r\n", "utf-16"),
        ("sep=;\r\nquestion;answerable\r\nWas kostet es, und für wen?;true\r\n", "utf-8"),
        ("Fragen, Stand Mai, von Anna;\r\n;\r\nQuestion;Answerable\r\nWas kostet es, und für wen?;y\r\n", "utf-8"),
    ],
)
def test_csv_of_another_country(tmp_path: Path, text: str, encoding: str) -> None:
    path = tmp_path / "fragen.csv"
    path.write_bytes(text.encode(encoding))
    (case,) = load_cases(path)
    assert (case.question, case.answerable) == ("Was kostet es, und für wen?", True)
    assert case.where == f"{path}:{len(text.splitlines())}"


def test_a_table_that_is_none_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"\x00\x01\x02" * 100)
    with pytest.raises(UserError, match=r"a.csv: holds binary data"):
        load_cases(tmp_path / "a.csv")
    (tmp_path / "b.csv").write_text("\n\n", encoding="utf-8")
    with pytest.raises(UserError, match=r"b.csv: is empty"):
        load_cases(tmp_path / "b.csv")
