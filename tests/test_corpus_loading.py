"""Files and folders, good and bad."""

import hashlib
import os
from pathlib import Path

import pytest

from corpus import UserError, load, load_all
from corpus.formats import LONGEST_LINE, known_endings
from corpus.members import MOST_BYTES

LOOP = "cannot be read: Too many levels of symbolic links; check the file and its permissions"


def reasons(folder: Path) -> dict[str, str]:
    return {Path(refused.path).name: refused.reason for refused in load_all([folder]).refused}


def test_a_document_knows_where_it_is_from(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    path = tmp_path / "sub" / "our_plan-2.md"
    path.write_bytes(b"Text.\r\n\r\n## A\r\n\r\nMore.\r\n")
    document = load(path, tmp_path)
    assert (document.name, document.title, document.path) == ("sub/our_plan-2.md", "Our plan 2", str(path))
    assert document.digest == hashlib.sha256(path.read_bytes()).hexdigest()
    assert [(section.path, document.text[section.start : section.end]) for section in document.sections] == [
        ((), "Text.\n\n"),
        (("A",), "A\n\nMore."),
    ]
    assert load(path).name == "our_plan-2.md"


def test_several_top_headings_are_sections_and_one_is_the_title(tmp_path: Path) -> None:
    path = tmp_path / "plan.md"
    path.write_text("# A\n\na\n\n# B\n\nb\n")
    assert (load(path).title, [section.path for section in load(path).sections]) == ("Plan", [("A",), ("B",)])
    path.write_text("# A\n\na\n\n## B\n\nb\n")
    assert (load(path).title, [section.path for section in load(path).sections]) == ("A", [(), ("B",)])


@pytest.mark.parametrize(
    ("name", "raw", "reason"),
    [
        ("a.md", b"", "is empty"),
        ("a.txt", b"\0" * 40 + b"\n", "is empty"),
        ("a.md", b"<!-- nothing -->", "holds no text"),
        ("a.md", b"%PDF-1.4 ...", "holds a PDF, not text"),
        ("a.txt", bytes(range(256)) * 20, "holds binary data"),
        ("a.txt", b"x" * (LONGEST_LINE + 1), "has a line of"),
        ("a.html", b"<i>" * 100_000 + b"x", "is nested too deeply"),
        ("a.exe", b"text", "is of no known format"),
        ("a.rtf", b"text", r"is of no known format \(.rtf\); save it as .docx$"),
    ],
)
def test_what_cannot_be_read_is_refused_in_one_line(tmp_path: Path, name: str, raw: bytes, reason: str) -> None:
    path = tmp_path / name
    path.write_bytes(raw)
    with pytest.raises(UserError, match=reason) as refused:
        load(path)
    assert str(refused.value).startswith(str(path))
    assert "\n" not in str(refused.value)


def test_a_file_over_the_limit_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    with path.open("wb") as file:
        file.truncate(MOST_BYTES + 1)
    with pytest.raises(UserError, match="larger than 20 MB"):
        load(path)


def test_a_bad_file_never_stops_the_others(tmp_path: Path) -> None:
    (tmp_path / "bad.md").write_bytes(b"")
    (tmp_path / "good.md").write_text("Text.")
    (tmp_path / ".hidden.md").write_text("Text of its own.")
    (tmp_path / ".git").mkdir()
    (tmp_path / "notes.xyz").write_text("Text.")
    (tmp_path / "old.XLS").write_text("Text.")
    (tmp_path / "same.md").write_text("Text.")
    os.mkfifo(tmp_path / "pipe.md")
    os.symlink("/etc/hostname", tmp_path / "out.txt")
    os.symlink(tmp_path / "good.md", tmp_path / "within.md")
    os.symlink(tmp_path / "nowhere.md", tmp_path / "broken.md")
    loaded = load_all([tmp_path])
    assert [document.name for document in loaded.documents] == ["good.md"]
    found = reasons(tmp_path)
    assert found["bad.md"].startswith("is empty")
    assert found[".hidden.md"] == "is a hidden file"
    assert found[".git"] == "is a hidden folder"
    assert found["notes.xyz"].startswith("is of no known format")
    assert found["old.XLS"] == "is of no known format (.XLS); save it as .xlsx"
    assert found["same.md"].startswith("holds the same bytes as")
    assert found["within.md"].startswith("holds the same bytes as")
    assert found["pipe.md"] == "is not a regular file"
    assert found["out.txt"] == "is a link that leads out of the folder"
    assert found["broken.md"].startswith("cannot be read")
    assert len(found) == 10


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may read everything")
def test_an_unreadable_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text("Text.")
    path.chmod(0)
    with pytest.raises(UserError, match="cannot be read: Permission denied"):
        load(path)


def test_names_are_unique(tmp_path: Path) -> None:
    for folder in ("one", "two", "deep/two"):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "plan.md").write_text(f"Text of {folder}.")
    loaded = load_all([tmp_path / "one", tmp_path / "two" / "plan.md", tmp_path / "deep" / "two"])
    assert [document.name for document in loaded.documents] == ["plan.md", "two/plan.md", "two/plan.md (2)"]


def test_a_missing_path_is_said(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="does not exist"):
        load_all([tmp_path / "nothing"])
    with pytest.raises(UserError, match="cannot be read: No such file"):
        load(tmp_path / "nothing.md")


def test_the_docs_name_every_format_and_every_limit() -> None:
    docs = (Path(__file__).parents[1] / "docs" / "guidance.md").read_text("utf-8")
    assert [ending for ending in known_endings() if f"`{ending}`" not in docs] == []
    assert f"larger than {MOST_BYTES // 1_000_000} MB" in docs
    assert f"{LONGEST_LINE:,} characters" in docs


def test_names_and_links_that_no_text_can_hold_stop_nothing(tmp_path: Path) -> None:
    (tmp_path / "good.md").write_text("# Good\n\nIts text.")
    (tmp_path / "loop.md").symlink_to("loop.md")
    try:
        (tmp_path / os.fsdecode(b"\xff odd\nname.md")).write_text("# Odd\n\nOther text.")
    except OSError:
        pytest.skip("this system has no such names")
    loaded = load_all([tmp_path])
    assert [document.name for document in loaded.documents] == ["good.md", "odd name.md"]
    assert [refused.reason for refused in loaded.refused] == [LOOP]
    for document in loaded.documents:
        document.path.encode()
    for name in ("loop.md", "a" * 5000):
        with pytest.raises(UserError, match="does not exist"):
            load_all([tmp_path / name])
