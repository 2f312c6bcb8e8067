"""Tables in plain text, and what looks like one and is none."""

from pathlib import Path

import pytest

from corpus import load

ROWS = [
    "Grade: Manager; Hotel limit: 120 euros; Approver: Director of finance",
    "Grade: Director; Hotel limit: 200 euros; Approver: Board",
]
TABLES = {
    "tabs": "Grade\tHotel limit\tApprover\nManager\t120 euros\tDirector of finance\nDirector\t\t200 euros\tBoard",
    "bars": "| Grade | Hotel limit | Approver |\n|---|---|---|\n| Manager | 120 euros | Director of finance |\n"
    "| Director | 200 euros | Board |",
    "a frame": "+---------+\n| Grade | Hotel limit | Approver |\n+=====+===+\n"
    "| Manager | 120 euros | Director of finance |\n+-----+\n| Director | 200 euros | Board |\n+----+",
    "blanks": "Grade     Hotel limit  Approver\nManager     120 euros  Director of\n                       finance\n"
    "Director    200 euros  Board",
}


def text_of(path: Path, body: str) -> str:
    path.write_text(f"Travel policy\n\nThe limits differ by grade, as this says.\n\n{body}\n\nThat is all there is.\n")
    return load(path).text


@pytest.mark.parametrize("kind", TABLES)
def test_a_table_is_read_row_by_row(tmp_path: Path, kind: str) -> None:
    assert "\n".join(ROWS) in text_of(tmp_path / "a.txt", TABLES[kind])


def test_two_columns_are_a_table_where_the_second_is_counted(tmp_path: Path) -> None:
    text = text_of(tmp_path / "a.txt", "Grade     Limit\nManager   120 euros\nDirector  200 euros")
    assert "Grade: Manager; Limit: 120 euros\nGrade: Director; Limit: 200 euros" in text


@pytest.mark.parametrize(
    "prose",
    [
        "Whoever travels  asks first and then  books the\ntrain by  himself, so that  nobody has\nto do it for him.",
        "1.\tAsk the office first.\n2.\tBook the train then.\n3.\tKeep the ticket.",
        "Ann    Is this a table now?\nBob    Not that I know.\nAnn    So it is none.",
        "Owner:    Finance\nReviewed: 2 May\nNumber:   17",
        "Introduction\t3\nWho decides\t5\nHow it is told\t9",
        "The left column begins here and goes    while the right one has words of its\n"
        "on for some lines before it comes to    own, which are never to be mixed into\n"
        "its end, which is some lines below.     the others, for nobody could read it.",
    ],
    ids=["double blanks", "a list", "speech", "fields", "contents", "two columns of prose"],
)
def test_prose_stays_prose(tmp_path: Path, prose: str) -> None:
    text = " ".join(text_of(tmp_path / "a.txt", prose).split())
    assert " ".join(prose.split()) in text
