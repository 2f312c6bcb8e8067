"""Plain text and what its layout says."""

from pathlib import Path

import pytest

from corpus import Document, load

POLICY = """DATA RETENTION POLICY

Version 3, approved by the board

1. Purpose

This policy sets out how long records are kept by each department, and who may
decide that a record is kept for longer. It applies to every record in whatever
form it is held.

2. Scope
2.1 Records covered
All records made or received in the course of business are covered, including
e-mail, minutes of meetings, and top-
down instructions from the executive.

2.2 Records not covered

Personal notes are not covered.

3. Duties of departments

Each department must:
  1. keep a list of its records;
  2. review the list once a year, with help from the records team where the
     department has none of its own.

Departments may ask for advice.

ANNEX A: RETENTION PERIODS

Contracts are kept for six years after they end.
"""
HANDBOOK = """Security Handbook
=================

Passwords
---------

Use the password manager. Do not reuse a password
that you use anywhere else, even for small services.

Devices
-------
* Lock the screen when you leave.
* Report a lost device within one hour, even at the
  weekend.
"""
OFFICES = """Remote work at the company

We want people to do their best work wherever they are. This page says what that means in practice for all teams.

Equipment

Everyone gets a laptop, a screen and a chair. Requests go to the service desk and are answered within two days.

Shared open space changes how teams work. The effects that we see most often are these.
Faster answers: People who sit together ask each other questions without having to set up a meeting first.
Noise: Calls and conversations nearby make it hard for others to concentrate for long.
Cost of space: Desks that stand empty for half the week are paid for all the same.
Managers should weigh those effects before they decide, and they should ask their teams as well.
"""


@pytest.fixture
def loaded(tmp_path: Path):
    def of(text: str) -> Document:
        path = tmp_path / "some-notes.txt"
        path.write_text(text, "utf-8")
        return load(path)

    return of


def paths(document: Document) -> list[tuple[str, ...]]:
    return [section.path for section in document.sections]


def test_numbered_sections(loaded) -> None:
    document = loaded(POLICY)
    assert document.title == "DATA RETENTION POLICY"
    assert paths(document) == [
        (),
        ("1. Purpose",),
        ("2. Scope",),
        ("2. Scope", "2.1 Records covered"),
        ("2. Scope", "2.2 Records not covered"),
        ("3. Duties of departments",),
        ("ANNEX A: RETENTION PERIODS",),
    ]
    assert "kept for longer. It applies to every record in whatever form it is held." in document.text
    assert "and top-down instructions" in document.text
    assert "must:\n  1. keep a list of its records;\n  2. review" in document.text


def test_underlined_headings(loaded) -> None:
    document = loaded(HANDBOOK)
    assert document.title == "Security Handbook"
    assert paths(document) == [(), ("Passwords",), ("Devices",)]
    assert "- Report a lost device within one hour, even at the weekend." in document.text
    assert "---" not in document.text


def test_short_lines_over_paragraphs_are_headings_and_labels_are_sections(loaded) -> None:
    document = loaded(OFFICES)
    assert document.title == "Remote work at the company"
    assert paths(document) == [
        (),
        ("Equipment",),
        ("Equipment", "Shared open space"),
        ("Equipment", "Shared open space", "Faster answers"),
        ("Equipment", "Shared open space", "Noise"),
        ("Equipment", "Shared open space", "Cost of space"),
        ("Equipment",),
    ]


def test_wiki_headings_nest(loaded) -> None:
    document = loaded("= The plan =\nIt has parts.\n\n== First part ==\nText of it.\n\n=== Detail ===\nMore text.\n")
    assert document.title == "The plan"
    assert paths(document) == [(), ("First part",), ("First part", "Detail")]


def test_text_written_as_markdown_is_read_as_such(loaded) -> None:
    document = loaded("# The plan\n\nText with *stress*.\n\n## Cost\n\nLow.\n")
    assert paths(document) == [(), ("Cost",)]
    assert "with stress." in document.text


def test_a_conversation_is_no_run_of_labels(loaded) -> None:
    turns = "Anna: What did you learn from the pilot?\nBen: That people need time to try it.\n" * 3
    assert paths(loaded(turns)) == [()]


def test_a_numbered_list_is_a_list(loaded) -> None:
    document = loaded(
        "Steps to take before the launch of the service:\n1. Plan\n2. Build\n3. Test\n\nThen launch it for all.\n"
    )
    assert paths(document) == [()]
    assert "launch of the service:\n1. Plan\n2. Build\n3. Test\n\nThen" in document.text


def test_the_number_of_a_heading_is_not_counted_on_by_the_list_below_it(loaded) -> None:
    document = loaded(
        "THE MILL\n\n7. WHAT IT COST\n\nIt cost more than we had thought, by a third.\n\n8. WHAT WE ADVISE\n\n"
        "  1. Keep the stone.\n  2. Sell the wheel.\n  3. Ask the smith.\n\n9. LAST WORDS\n\nWe thank the smith.\n"
    )
    assert ("8. WHAT WE ADVISE",) in paths(document)
    assert "1. Keep the stone.\n  2. Sell the wheel." in document.text
    document = loaded("THE MILL\n\n1. WHAT WE ADVISE\n\n1. Keep the stone.\n2. Sell the wheel.\n")
    assert ("1. WHAT WE ADVISE",) in paths(document)


@pytest.mark.parametrize(
    ("first", "title"),
    [
        ("webmaster42The Long Plan Every team that starts with new tools asks the same...", "The Long Plan"),
        ("The Long Plan Every team that starts with new tools…", "The Long Plan"),
        ("Every team that starts with new tools asks the same...", "Some notes"),
        ("Every team that starts with new tools asks the same questions first.", "Some notes"),
    ],
)
def test_a_garbled_first_line_leaves_its_title_only(loaded, first: str, title: str) -> None:
    text = "Every team that starts with new tools asks the same questions first. Few write the answers down."
    document = loaded(f"{first}\n{text}\nA second paragraph says what they should do in place of that.\n")
    assert document.title == title
    assert document.text.count("Every team that starts") == 1


def test_an_honest_first_line_stays(loaded) -> None:
    document = loaded("iPhone rules for staff\n\nStaff may use their own telephones at work if they lock them well.\n")
    assert document.title == "iPhone rules for staff"


def test_marks_between_pages_and_running_heads_go(tmp_path: Path) -> None:
    rules = [f"The {name} rule says what {name} people do." for name in ("first", "second", "third", "fourth", "fifth")]
    pages = [
        f"---- Page {page} ----\n\nHandbook of rules\n\n{rule}\n\nIssue 7, page {page}\n"
        for page, rule in enumerate(rules)
    ]
    (tmp_path / "a.txt").write_text("\n".join(pages))
    assert load(tmp_path / "a.txt").text == "\n\n".join(rules)
    (tmp_path / "b.txt").write_text("See these.\n\nPage 4\n\nMore is there.\n\nPage 9\n\nAnd there.\n")
    assert "Page 4" in load(tmp_path / "b.txt").text


def test_bare_numbers_that_count_through_the_text_are_headings(loaded) -> None:
    text = "ROLLOUT\n\n" + "\n\n".join(
        f"{number} {name}\n\nThis section of the text speaks of one thing and no other."
        for number, name in enumerate(("Purpose", "Scope", "Duties"), 1)
    )
    assert paths(loaded(text))[1:] == [("1 Purpose",), ("2 Scope",), ("3 Duties",)]


@pytest.mark.parametrize(
    "text",
    [
        "1 Purpose\n\n2 Scope\n\n3 Duties\n\nThis text has a table of contents and speaks of one thing.",
        "3 Men in a boat\n\nThey row, and they speak of it.\n\n1 Dog\n\nIt barks, and they hear it.",
        "1 Purpose\n\nThis section speaks of it.\n\n2 Scope\n\nThis section speaks of it too.",
    ],
)
def test_other_lines_that_begin_with_a_number_are_none(loaded, text: str) -> None:
    assert paths(loaded(text)) in ([()], [(), ()])
