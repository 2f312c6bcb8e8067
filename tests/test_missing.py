"""Documents that are missing all at once go on answering until they are back or were removed on purpose."""

import shutil
from pathlib import Path

import pytest

from assistant.builder import open_configured
from assistant.cli import main
from assistant.missing import MANY
from assistant.settings import Settings


@pytest.fixture
def drive(tmp_path: Path) -> Path:
    folder = tmp_path / "drive"
    filled(folder)
    return folder


def filled(folder: Path, count: int = 2) -> None:
    folder.mkdir(exist_ok=True)
    for number in range(count):
        (folder / f"rule{number}.md").write_text(f"# Rule {number}\n\nEvery pilot number {number} ends in May.\n")


def opened(drive: Path, *others: Path, forget: tuple[Path, ...] = ()) -> tuple[set[str], dict[str, str]]:
    settings = Settings(
        home=drive.parent / "home",
        embedding="fake",
        sparse="fake",
        documents=(drive, *others),
        shipped_guidance=False,
    )
    got = open_configured(settings, fresh=True, forget=forget)
    got.index.close()
    return set(got.index.documents), {one.path: one.reason for one in got.refused}


def test_an_emptied_folder_answers_until_it_is_said_that_it_was_meant(drive: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    filled(other, 1)
    (other / "rule0.md").rename(other / "other.md")
    (other / "other.md").write_text("# Other\n\nAnother rule holds.\n")
    both, _ = opened(drive, other)
    shutil.rmtree(drive)
    drive.mkdir()
    (drive / ".hidden").write_text("x")
    (other / "new.md").write_text("# New\n\nWhat is new is read all the same.\n")
    for _ in range(2):
        names, refused = opened(drive, other)
        assert names == {*both, "new.md"}
        assert refused[str(drive)].startswith("holds no document any more, and 2 documents had been read in it;")
        assert "--forget-missing" in refused[str(drive)]
    (drive / ".hidden").unlink()
    filled(drive)
    assert opened(drive, other) == ({*both, "new.md"}, {})
    shutil.rmtree(drive)
    drive.mkdir()
    opened(drive, other)
    assert opened(drive, other, forget=(drive,)) == ({"other.md", "new.md"}, {})
    assert opened(drive, other) == ({"other.md", "new.md"}, {})


def test_what_is_removed_one_by_one_goes_at_once(drive: Path) -> None:
    opened(drive)
    (drive / "rule0.md").unlink()
    assert opened(drive) == ({"rule1.md"}, {})


def test_most_of_many_are_kept_too(drive: Path) -> None:
    filled(drive, MANY)
    everything, _ = opened(drive)
    for number in range(MANY // 2):
        (drive / f"rule{number}.md").unlink()
    left, refused = opened(drive)
    assert len(left) == MANY - MANY // 2
    assert refused == {}
    filled(drive, MANY)
    opened(drive)
    for number in range(MANY // 2 + 1):
        (drive / f"rule{number}.md").unlink()
    names, refused = opened(drive)
    assert names == everything
    assert refused[str(drive)].startswith(f"has lost {MANY // 2 + 1} of its {MANY} documents at once;")


def test_a_folder_moved_or_replaced_as_a_whole_is_followed(drive: Path, tmp_path: Path) -> None:
    opened(drive)
    for path in drive.iterdir():
        path.rename(drive / f"renamed-{path.name}")
    assert opened(drive) == ({"renamed-rule0.md", "renamed-rule1.md"}, {})
    other = tmp_path / "other"
    other.mkdir()
    opened(drive, other)
    for path in list(drive.iterdir()):
        path.rename(other / f"moved-{path.name}")
    assert opened(drive, other) == ({"moved-renamed-rule0.md", "moved-renamed-rule1.md"}, {})
    for path in other.iterdir():
        path.unlink()
    (other / "edition2.md").write_text("# Edition two\n\nThis replaces both.\n")
    assert opened(drive, other) == ({"edition2.md"}, {})


def test_the_command_line_says_it_and_takes_the_word(drive: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settings = drive.parent / "settings.toml"
    settings.write_text(
        f'home = "{drive.parent / "home"}"\ndocuments = ["{drive}"]\nembedding = "fake"\nsparse = "fake"\n'
    )
    command = ["index", "--settings", str(settings)]
    assert main(command) == 0
    shutil.rmtree(drive)
    drive.mkdir()
    capsys.readouterr()
    assert main(command) == 0
    told = capsys.readouterr()
    assert "unchanged" in told.out
    assert "2 documents had been read in it" in told.err
    assert main([*command, "--dry-run", "--forget-missing"]) == 0
    assert "removed  rule0.md" in capsys.readouterr().out
    assert main([*command, "--forget-missing"]) == 0
    assert "removed  rule1.md" in capsys.readouterr().out
    assert main(command) == 0
    assert "had been read" not in capsys.readouterr().err
