"""What an owner says of documents in sources.toml."""

import datetime
from pathlib import Path

import pytest

from corpus import UserError, load, load_all


def folder(tmp_path: Path, toml: str) -> Path:
    (tmp_path / "a.md").write_text("---\ntitle: Own\ndate: 2020-01-01\n---\n# Heading\n\nText.\n")
    (tmp_path / "sources.toml").write_text(toml)
    return tmp_path


def test_an_entry_speaks_over_the_file(tmp_path: Path) -> None:
    toml = '["a.md"]\ntitle = "The plan"\norigin = "Board"\ndate = 2026-02-03\n'
    toml += 'precedence = 5\nlanguage = "de"\nauthor = "B"\n'
    document = load(folder(tmp_path, toml) / "a.md")
    source = document.source
    assert (source.title, source.origin, source.precedence, source.language, source.author) == (
        "The plan",
        "Board",
        5,
        "de",
        "B",
    )
    assert source.date == datetime.date(2026, 2, 3)
    assert document.sections[-1].path == ("Heading",)


def test_what_is_left_out_comes_from_the_file(tmp_path: Path) -> None:
    source = load(folder(tmp_path, '["a.md"]\norigin = "Board"\n') / "a.md").source
    assert (source.title, source.date, source.origin) == ("Own", datetime.date(2020, 1, 1), "Board")


def test_a_folder_above_can_name_a_file_below(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "b.md").write_text("Text.")
    folder(tmp_path, '["sub/b.md"]\ntitle = "Below"\n')
    assert load(tmp_path / "sub" / "b.md", tmp_path).title == "Below"
    assert [document.title for document in load_all([tmp_path]).documents] == ["Own", "Below"]


@pytest.mark.parametrize(
    ("toml", "says"),
    [
        ('["a.md"]\ntitel = "x"\n', 'unknown key "titel"'),
        ('["a.md"]\nprecedence = "high"\n', '"precedence" must be a whole number'),
        ('["a.md"]\ntitle = 3\n', '"title" must be text'),
        ('["a.md"]\ndate = "soon"\n', '"date" must be a date'),
        ('title = "x"\n', "must be a table"),
        ('["a.md"\n', "cannot be read as TOML"),
    ],
)
def test_a_slip_is_named_with_its_file_and_key(tmp_path: Path, toml: str, says: str) -> None:
    with pytest.raises(UserError, match=says) as error:
        load_all([folder(tmp_path, toml)])
    assert str(tmp_path / "sources.toml") in str(error.value)
    assert "\n" not in str(error.value)


def test_an_entry_for_no_file_is_said(tmp_path: Path) -> None:
    refused = load_all([folder(tmp_path, '["b.md"]\ntitle = "x"\n')]).refused
    assert [item.reason for item in refused] == ['names "b.md", which is not there']


def test_a_file_that_would_take_all_memory_is_refused(tmp_path):
    for text in (40_000 * "a." + "a = 1", "#" * 1_000_001, "a = " + 9_000 * "["):
        with pytest.raises(UserError, match=r"sources\.toml (has a line|is larger|cannot be read)"):
            load_all([folder(tmp_path, text)])
