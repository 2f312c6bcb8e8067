"""What files were read to: read again only where something of it has changed, and gone with its file."""

import datetime
import shutil
from pathlib import Path

import pytest
from test_corpus_scanned import PAGES, needs_tesseract, scan

from assistant.builder import open_configured
from assistant.configured import READINGS, index_folder
from assistant.settings import Settings
from corpus import Readings, load_all, readings
from corpus.apart import ReaderProcess
from corpus.blocks import Block, Extract
from corpus.errors import UserError
from corpus.recognition import traces
from index import versions

CONTENT = Extract(
    (Block("paragraph", "Pilots end \ud800 after ninety days.", 0, 2, ("Pilots",), ((7, 3),)),),
    title="Pilots",
    date=datetime.date(2026, 1, 31),
    language="en",
    author="The board",
    recognised=(2, 3),
    unread="page 4 is a scan and was not read: no text was recognised",
)


class Counting:
    """Reads every file to the same and tells how many were read."""

    def __init__(self, content: Extract = CONTENT) -> None:
        self.content = content
        self.read = 0

    def __call__(self, suffix: str, raw: bytes, language: str) -> Extract:
        self.read += 1
        return self.content


@pytest.fixture
def reader() -> Counting:
    return Counting()


def run(folder: Path, reader: Counting, *raws: bytes, suffix: str = ".pdf", language: str = "") -> int:
    """How many of the files were read anew."""
    kept, before = Readings(folder), reader.read
    extract = kept.over(reader)
    for raw in raws:
        assert extract(suffix, raw, language) == reader.content
    kept.tidy()
    return reader.read - before


def test_only_what_has_changed_is_read_again(tmp_path: Path, reader: Counting) -> None:
    assert run(tmp_path / "kept", reader, b"one", b"two") == 2
    assert run(tmp_path / "kept", reader, b"one", b"two") == 0
    assert run(tmp_path / "kept", reader, b"one", b"three") == 1


def test_what_is_read_in_another_way_is_read_again(
    tmp_path: Path, reader: Counting, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(tmp_path, reader, b"one")
    assert run(tmp_path, reader, b"one", language="de") == 1
    assert run(tmp_path, reader, b"one", suffix=".txt", language="de") == 1
    monkeypatch.setattr(readings, "traces", lambda: "another tesseract")
    assert run(tmp_path, reader, b"one", suffix=".txt", language="de") == 0
    assert run(tmp_path, reader, b"one") == 1
    assert run(tmp_path, reader, b"one") == 0
    monkeypatch.setattr(readings, "readers", lambda: "other libraries")
    assert run(tmp_path, reader, b"one") == 1


def test_what_was_not_used_is_thrown_away(tmp_path: Path, reader: Counting) -> None:
    run(tmp_path, reader, b"one", b"two")
    (tmp_path / "left.tmp").write_text("by a program that was killed")
    (tmp_path / "a").mkdir()
    run(tmp_path, reader, b"two")
    (kept,) = (path for path in tmp_path.iterdir() if path.is_file())
    assert run(tmp_path, reader, b"two") == 0
    assert kept.exists()


@pytest.mark.parametrize("damage", [b"", b"no digest", b"0" * 64 + b"\n{}"])
def test_a_damaged_one_is_read_anew(tmp_path: Path, reader: Counting, damage: bytes) -> None:
    run(tmp_path, reader, b"one")
    (path,) = tmp_path.iterdir()
    path.write_bytes(damage)
    assert run(tmp_path, reader, b"one") == 1
    assert run(tmp_path, reader, b"one") == 0


def test_a_sound_file_that_holds_something_else_is_read_anew(tmp_path: Path, reader: Counting) -> None:
    run(tmp_path, reader, b"one")
    (path,) = tmp_path.iterdir()
    for message in (b"[]", b'{"date": 5}', b"[" * 100_000):
        path.write_bytes(readings._digest(message) + b"\n" + message)
        assert run(tmp_path, reader, b"one") == 1


def test_where_nothing_can_be_written_all_is_read(tmp_path: Path, reader: Counting) -> None:
    (tmp_path / "kept").write_text("no folder")
    assert run(tmp_path / "kept", reader, b"one") == 1
    assert run(tmp_path / "kept", reader, b"one") == 1


def test_no_more_is_kept_than_there_is_room_for(
    tmp_path: Path, reader: Counting, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(tmp_path, reader, b"one")
    (path,) = tmp_path.iterdir()
    monkeypatch.setattr(readings, "MOST_KEPT", 2 * path.stat().st_size)
    for raws in ((b"one", b"two", b"three"), (b"four", b"one", b"two"), (b"five", b"four", b"one")):
        run(tmp_path, reader, *raws)
        assert len(list(tmp_path.iterdir())) == 2


def test_what_may_be_read_to_more_another_time_is_not_kept(tmp_path: Path) -> None:
    reader = Counting(Extract((), unread="page 2", final=False))
    assert run(tmp_path, reader, b"one") == 1
    assert run(tmp_path, reader, b"one") == 1

    def refuse(*_: object) -> Extract:
        raise UserError("takes too long")

    with pytest.raises(UserError, match="too long"):
        Readings(tmp_path).over(refuse)(".pdf", b"two", "")
    assert list(tmp_path.iterdir()) == []


def test_a_language_of_tesseract_that_becomes_another_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TESSDATA_PREFIX", str(tmp_path))
    (tmp_path / "deu.traineddata").write_bytes(b"fast")
    before = traces()
    (tmp_path / "deu.traineddata").write_bytes(b"better")
    assert traces() != before


@needs_tesseract
def test_pages_that_lacked_time_or_a_language_may_be_read_another_time(tmp_path: Path) -> None:
    raw = scan(tmp_path / "a.pdf", None, *PAGES).read_bytes()
    with ReaderProcess() as process:
        assert process.extract(".pdf", raw).final
        assert not process.extract(".pdf", raw, "tlh").final
    with ReaderProcess(recognising=0.0) as process:
        assert not process.extract(".pdf", raw).final


def test_two_that_share_a_folder_do_not_disturb_each_other(tmp_path: Path, reader: Counting) -> None:
    one, other = Readings(tmp_path), Readings(tmp_path)
    first, second = one.over(reader), other.over(reader)
    first(".pdf", b"one", "")
    second(".pdf", b"two", "")
    one.tidy()
    assert second(".pdf", b"two", "") == first(".pdf", b"one", "") == CONTENT
    other.tidy()
    assert run(tmp_path, reader, b"one", b"two") in (1, 2)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    folder = tmp_path / "guidance"
    folder.mkdir()
    (folder / "pilots.md").write_text("# Pilots\n\nEvery pilot ends after ninety days.\n")
    (folder / "budget.md").write_text("# Budget\n\nThe board decides about the budget.\n")
    return Settings(
        home=tmp_path / "home", embedding="fake", sparse="fake", shipped_guidance=False, documents=(folder,)
    )


def test_an_index_reads_only_the_changed_file_and_forgets_a_removed_one(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[bytes] = []
    extract = ReaderProcess.extract

    def noted(self: ReaderProcess, suffix: str, raw: bytes, language: str = "") -> Extract:
        read.append(raw)
        return extract(self, suffix, raw, language)

    monkeypatch.setattr(ReaderProcess, "extract", noted)
    open_configured(settings).index.close()
    assert len(read) == 2
    read.clear()
    changed = settings.documents[0] / "budget.md"
    changed.write_text("# Budget\n\nEach team decides about its own budget.\n")
    opened = open_configured(settings)
    assert read == [changed.read_bytes()]
    assert opened.index.documents["pilots.md"].text == load_all([settings.documents[0]]).documents[1].text
    opened.index.close()
    kept = index_folder(settings) / READINGS
    assert len(list(kept.iterdir())) == 2
    changed.unlink()
    open_configured(settings).index.close()
    assert [b"ninety days" in path.read_bytes() for path in kept.iterdir()] == [True]
    assert READINGS not in [version.name for version in versions.finished(index_folder(settings))]
    shutil.rmtree(kept)
    open_configured(settings).index.close()
