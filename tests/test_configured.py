"""Documents that cannot be had, all or one: what was last read of them answers, and what was removed does not."""

import io
import zipfile
from pathlib import Path

import pytest
from docx import Document as Word

from assistant.builder import open_configured
from assistant.settings import Settings
from corpus.errors import UserError


@pytest.fixture
def guidance(tmp_path: Path) -> Path:
    folder = tmp_path / "guidance"
    folder.mkdir()
    (folder / "pilots.md").write_text("# Pilots\n\nEvery pilot ends after ninety days.\n")
    return folder


def settings_for(guidance: Path, **values: object) -> Settings:
    given = {"embedding": "fake", "sparse": "fake", "shipped_guidance": False, "documents": (guidance,), **values}
    return Settings(home=guidance.parent / "home", **given)  # type: ignore[arg-type]


def opened(guidance: Path, *, fresh: bool = False, **values: object) -> tuple[set[str], str, dict[str, str]]:
    """The documents that answer, why they are not those of now, and the files left out with the reason."""
    got = open_configured(settings_for(guidance, **values), fresh=fresh)
    got.index.close()
    return set(got.index.documents), got.index.problem, {Path(one.path).name: one.reason for one in got.refused}


def word(*paragraphs: str) -> bytes:
    document, file = Word(), io.BytesIO()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    document.save(file)
    return file.getvalue()


def test_the_last_good_index_answers_while_the_folder_is_away(guidance: Path) -> None:
    opened(guidance)
    guidance.rename(guidance.with_name("away"))
    names, problem, _ = opened(guidance)
    assert names == {"pilots.md"}
    assert "does not exist" in problem
    with pytest.raises(UserError, match="does not exist"):
        opened(guidance, fresh=True)
    with pytest.raises(UserError, match="does not exist"):
        opened(guidance, documents=(guidance.with_name("misspelt"),))


def test_the_last_good_index_answers_while_sources_toml_is_broken(guidance: Path) -> None:
    opened(guidance)
    (guidance / "sources.toml").write_text("nonsense")
    names, problem, _ = opened(guidance)
    assert names == {"pilots.md"}
    assert "cannot be read as TOML" in problem
    (guidance / "sources.toml").write_text("a = " + 9000 * "[")
    assert "cannot be read as TOML" in opened(guidance)[1]
    (guidance / "sources.toml").unlink()
    assert opened(guidance)[1] == ""


def test_beside_the_guidance_that_ships_other_paths_are_no_reason_to_answer(guidance: Path) -> None:
    shipped = len(opened(guidance, shipped_guidance=True)[0])
    guidance.rename(guidance.with_name("away"))
    assert len(opened(guidance, shipped_guidance=True)[0]) == shipped
    with pytest.raises(UserError, match="misspelt does not exist"):
        opened(guidance, shipped_guidance=True, documents=(guidance.with_name("misspelt"),))


def test_a_file_that_is_damaged_in_place_keeps_what_was_last_read_of_it(guidance: Path) -> None:
    whole = word("Budgets are planned for one year.")
    (guidance / "budgets.docx").write_bytes(whole)
    opened(guidance)
    (guidance / "budgets.docx").write_bytes(whole[: len(whole) // 2])
    for _ in range(2):
        names, problem, refused = opened(guidance, fresh=True)
        assert names == {"pilots.md", "budgets.docx"}
        assert problem == ""
        assert refused["budgets.docx"].endswith("; what was last read of it still answers")
    # Something else is built meanwhile.
    (guidance / "more.md").write_text("# More\n\nMore of it.\n")
    assert opened(guidance)[0] == {"pilots.md", "budgets.docx", "more.md"}
    (guidance / "budgets.docx").write_bytes(word("Budgets are planned for two years."))
    got = open_configured(settings_for(guidance))
    got.index.close()
    assert "two years" in got.index.documents["budgets.docx"].text
    assert got.refused == ()


def test_what_was_removed_goes_at_once_and_stays_gone(guidance: Path) -> None:
    (guidance / "budgets.docx").write_bytes(word("Budgets are planned for one year."))
    opened(guidance)
    (guidance / "budgets.docx").write_bytes(b"PK")
    opened(guidance)
    (guidance / "budgets.docx").unlink()
    assert opened(guidance)[0] == {"pilots.md"}
    (guidance / "budgets.docx").write_bytes(b"PK")
    names, _, refused = opened(guidance)
    assert names == {"pilots.md"}
    assert "still answers" not in refused["budgets.docx"]


def test_what_is_read_from_another_file_now_is_not_kept_twice(guidance: Path) -> None:
    text = (guidance / "pilots.md").read_bytes()
    opened(guidance)
    (guidance / "pilots.md").write_bytes(b"")
    (guidance / "trials.md").write_bytes(text)
    names, _, refused = opened(guidance)
    assert names == {"trials.md"}
    assert "still answers" not in refused["pilots.md"]


def test_a_damaged_archive_keeps_what_was_in_it(guidance: Path) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("travel/trains.md", "# Trains\n\nTake the train.\n")
    (guidance / "rules.zip").write_bytes(file.getvalue())
    before, _, _ = opened(guidance)
    (guidance / "rules.zip").write_bytes(file.getvalue()[:-30])
    names, _, refused = opened(guidance)
    assert names == before == {"pilots.md", "rules.zip/travel/trains.md"}
    assert "still answers" in refused["rules.zip"]
