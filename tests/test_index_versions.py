"""What becomes of an index over time: renamed and removed documents, going back, resuming, a full disk."""

import os
import shutil
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from test_index_opening import TEXTS, CountingEncoder, best, document, documents, opened, serving

from corpus.errors import UserError
from corpus.records import Source
from index import FakeEncoder, FakeSparseEncoder, history, open_index, open_stored, plan_index
from index import versions as versions_module
from index.progress import Step
from index.store import DamagedError


def folder(home: Path) -> Path:
    return home / "indexes" / "default"


def titled(name: str, text: str, title: str = "A title of its own"):
    return replace(document(name, text), source=Source(title))


def test_a_renamed_file_keeps_its_vectors_and_its_old_name_is_gone(tmp_path: Path) -> None:
    opened(
        tmp_path, [titled("old.md", "Leaders set one direction."), titled("same.md", "Something else.", "B")]
    ).close()
    encoder = CountingEncoder()
    index = opened(
        tmp_path, [titled("new.md", "Leaders set one direction."), titled("same.md", "Something else.", "B")], encoder
    )
    assert index.changes.renamed == (("old.md", "new.md"),)
    assert (index.changes.added, index.changes.changed, index.changes.removed) == ((), (), ())
    assert encoder.texts == []
    assert {hit.passage.document for hit in index.search("leaders direction old", 10)} == {"new.md", "same.md"}
    assert set(index.documents) == {"new.md", "same.md"}
    index.close()


def test_a_removed_document_is_found_no_more(tmp_path: Path) -> None:
    opened(tmp_path).close()
    encoder = CountingEncoder()
    index = opened(tmp_path, documents(**{"third.md": ""}), encoder)
    assert index.changes.removed == ("third.md",)
    assert encoder.texts == []
    for question in ("review board risk", TEXTS["third.md"]):
        assert "third.md" not in {hit.passage.document for hit in index.search(question, 10)}
    assert "third.md" not in index.documents
    index.close()


def test_documents_that_lie_elsewhere_now_are_known_there(tmp_path: Path) -> None:
    def lying(place: str):
        return [replace(document("same.md", "Leaders set one direction."), path=str(tmp_path / place / "same.md"))]

    opened(tmp_path, lying("before")).close()
    encoder = CountingEncoder()
    index = opened(tmp_path, lying("after"), encoder)
    assert index.changes.reason == "the documents lie elsewhere now"
    assert encoder.texts == []
    index.close()
    with closing(open_stored(tmp_path, CountingEncoder(), FakeSparseEncoder())) as stored:
        assert [one.path for one in stored.documents.values()] == [str(tmp_path / "after" / "same.md")]
    with closing(opened(tmp_path, lying("after"))) as again:
        assert not again.changes.reason


class DyingEncoder(CountingEncoder):
    """Fails after some batches, as a killed process would: nothing after it runs."""

    def __init__(self, batches: int) -> None:
        super().__init__()
        self._batches = batches

    def encode(self, texts):
        if self._batches == 0:
            raise KeyboardInterrupt
        self._batches -= 1
        return super().encode(texts)


def many(count: int):
    return [
        document(f"{number:03}.md", f"Statement number {number} about topic {number % 7}.") for number in range(count)
    ]


def test_what_an_interrupted_build_embedded_is_not_embedded_again(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        opened(tmp_path, many(200), DyingEncoder(2))
    encoder = CountingEncoder()
    opened(tmp_path, many(200), encoder).close()
    assert len(encoder.texts) == 200 - 2 * 64
    assert not list(folder(tmp_path).glob("embedded-*"))


def test_a_torn_record_of_what_was_embedded_is_embedded_again(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        opened(tmp_path, many(200), DyingEncoder(2))
    log = next(folder(tmp_path).glob("embedded-*"))
    content = bytearray(log.read_bytes())
    content[len(content) // 2] ^= 0x5A
    log.write_bytes(content)
    encoder = CountingEncoder()
    index = opened(tmp_path, many(200), encoder)
    fresh = opened(tmp_path / "other", many(200))
    assert 200 - 2 * 64 < len(encoder.texts) < 200
    assert index.search("statement about topic 3") == fresh.search("statement about topic 3")
    index.close()
    fresh.close()


def test_progress_says_how_far_it_is(tmp_path: Path) -> None:
    lines: list[str] = []
    opened(tmp_path, many(130), progress=lines.append).close()
    steps = [line for line in lines if isinstance(line, Step) and line.startswith("Embedding")]
    assert (steps[-1].done, steps[-1].total) == (130, 130)
    assert str(steps[-1]) == "Embedding new passages: 130 of 130"


def plan(home: Path, docs):
    return plan_index(docs, home, FakeEncoder(), FakeSparseEncoder())


def test_a_plan_says_what_a_build_would_do_and_writes_nothing(tmp_path: Path) -> None:
    assert plan(tmp_path, documents()).texts == 3
    assert not (tmp_path / "indexes").exists()
    opened(tmp_path).close()
    before = sorted(path for path in tmp_path.rglob("*") if not path.name.startswith("reader-"))
    docs = documents(**{"second.md": "Budgets are planned for a year.", "third.md": "", "fourth.md": "A new rule."})
    planned = plan(tmp_path, docs)
    assert sorted(path for path in tmp_path.rglob("*") if not path.name.startswith("reader-")) == before
    encoder = CountingEncoder()
    index = opened(tmp_path, docs, encoder)
    assert planned.changes == index.changes
    assert planned.texts == len(encoder.texts) == 2
    assert planned.passages == len(index.passages)
    index.close()
    assert plan(tmp_path, docs).changes.reason == ""


def test_history_and_going_back(tmp_path: Path) -> None:
    first = opened(tmp_path)
    first.close()
    second = opened(tmp_path, documents(**{"third.md": ""}))
    second.close()
    there = history.history(folder(tmp_path))
    assert [version.name for version in there] == [second.name, first.name]
    assert [version.current for version in there] == [True, False]
    assert [len(version.documents) for version in there] == [2, 3]
    assert history.roll_back(folder(tmp_path)).name == first.name
    assert [(version.current, version.held) for version in history.history(folder(tmp_path))] == [
        (False, False),
        (True, True),
    ]
    lines: list[str] = []
    held = opened(tmp_path, documents(**{"third.md": "", "fourth.md": "A new rule."}), progress=lines.append)
    assert held.name == first.name
    assert set(held.documents) == set(TEXTS)
    assert best(held, "review board risk") == "third.md"
    assert "was gone back to" in lines[0]
    held.close()
    encoder = CountingEncoder()
    new = opened(tmp_path, documents(**{"third.md": "", "fourth.md": "A new rule."}), encoder, fresh=True)
    assert new.name not in (first.name, second.name)
    assert len(encoder.texts) == 1
    new.close()
    assert history.held(folder(tmp_path)) == ""
    again = opened(tmp_path, documents(**{"third.md": "", "fourth.md": "A new rule."}))
    assert again.name == new.name
    again.close()


def test_after_going_back_the_newest_version_serves_again_without_a_build(tmp_path: Path) -> None:
    opened(tmp_path).close()
    second = opened(tmp_path, documents(**{"third.md": ""}))
    second.close()
    history.roll_back(folder(tmp_path))
    encoder = CountingEncoder()
    index = opened(tmp_path, documents(**{"third.md": ""}), encoder, fresh=True)
    assert index.name == second.name
    assert encoder.texts == []
    index.close()


def test_a_version_that_was_gone_back_to_is_never_tidied_away(tmp_path: Path) -> None:
    first = opened(tmp_path)
    first.close()
    opened(tmp_path, documents(**{"third.md": ""})).close()
    history.roll_back(folder(tmp_path))
    for number in range(versions_module.KEPT + 1):
        # Another set of documents in the same place, built over and over by someone who asks for it.
        opened(tmp_path, [document("x.md", f"Number {number}")], fresh=True).close()
        versions_module.replace_text(folder(tmp_path) / "held", first.name)
    assert (folder(tmp_path) / first.name).is_dir()


def test_going_back_to_nothing_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no earlier version"):
        history.roll_back(folder(tmp_path))
    first = opened(tmp_path)
    first.close()
    opened(tmp_path, documents(**{"third.md": ""})).close()
    with pytest.raises(UserError, match="no version"):
        history.roll_back(folder(tmp_path), "../../elsewhere")
    (folder(tmp_path) / first.name / "keywords.npz").write_bytes(b"")
    with pytest.raises(UserError, match="cannot serve"):
        history.roll_back(folder(tmp_path), first.name)


def test_a_damaged_version_that_was_gone_back_to_is_told_and_the_documents_are_read_anew(tmp_path: Path) -> None:
    first = opened(tmp_path)
    first.close()
    opened(tmp_path, documents(**{"third.md": ""})).close()
    history.roll_back(folder(tmp_path))
    shutil.rmtree(folder(tmp_path) / first.name / "chroma")
    lines: list[str] = []
    index = opened(tmp_path, documents(**{"third.md": ""}), progress=lines.append)
    assert "cannot serve" in lines[0]
    assert set(index.documents) == {"first.md", "second.md"}
    index.close()


def test_a_stored_index_opens_without_its_documents(tmp_path: Path) -> None:
    first = opened(tmp_path)
    stored = open_stored(tmp_path, FakeEncoder(), FakeSparseEncoder())
    assert stored.documents == first.documents
    assert stored.passages == first.passages
    assert stored.search("review board") == first.search("review board")
    first.close()
    stored.close()
    for encoder, sparse in ((FakeEncoder(32), FakeSparseEncoder()), (FakeEncoder(), None)):
        with pytest.raises(DamagedError, match="made it"):
            open_stored(tmp_path, encoder, sparse)


def test_a_build_that_cannot_be_written_leaves_the_last_good_index_answering(tmp_path: Path, monkeypatch) -> None:
    first = opened(tmp_path)
    first.close()

    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("index.building.write_texts", full)
    lines: list[str] = []
    docs = documents(**{"fourth.md": "A new rule."})
    index = opened(tmp_path, docs, progress=lines.append)
    assert index.name == first.name
    assert set(index.documents) == set(TEXTS)
    assert "no space left" in lines[-1]
    assert not list(folder(tmp_path).glob(".building-*"))
    index.close()
    with pytest.raises(UserError, match="no space left"):
        opened(tmp_path, docs, fresh=True)
    with pytest.raises(UserError, match="no space left"):
        open_index(docs, tmp_path / "new", FakeEncoder(), FakeSparseEncoder())
    monkeypatch.undo()
    assert serving(tmp_path).name == first.name
    index = opened(tmp_path, docs)
    assert best(index, "new rule") == "fourth.md"
    index.close()


def test_what_was_read_is_remembered(tmp_path: Path) -> None:
    index = opened(tmp_path)
    index.close()
    read = history.Read(index.name, ("a/path",), "a signature", (("x.doc", "is of no known format"),))
    history.remember_read(folder(tmp_path), read)
    assert history.remembered_read(folder(tmp_path)) == read
    assert history.left_out(folder(tmp_path), index.name) == read.refused
    assert history.left_out(folder(tmp_path), "another") == ()
    assert set(history.read_last(folder(tmp_path))) == set(index.documents.values())
    history.remember_read(folder(tmp_path), history.Read("../elsewhere", (), "a signature"))
    assert history.read_last(folder(tmp_path)) == ()
    os.truncate(folder(tmp_path) / "read.json", 10)
    assert history.remembered_read(folder(tmp_path)) is None
    assert history.read_last(folder(tmp_path)) == ()


def renewed(home: Path, *gone: str) -> str:
    """The version of all documents but those that are ``gone``."""
    index = opened(home, documents(**dict.fromkeys(gone, "")), fresh=True)
    index.close()
    return index.name


def test_going_back_goes_to_what_served_before_whenever_it_was_made(tmp_path: Path) -> None:
    first = renewed(tmp_path)
    second = renewed(tmp_path, "third.md")
    assert renewed(tmp_path) == first
    assert history.roll_back(folder(tmp_path)).name == second
    assert history.roll_back(folder(tmp_path)).name == first
    with pytest.raises(UserError, match="no earlier version"):
        history.roll_back(folder(tmp_path))
    renewed(tmp_path, "second.md")
    assert history.chosen(folder(tmp_path)).name == first
    assert history.roll_back(folder(tmp_path), second).name == second
    assert history.chosen(folder(tmp_path)).name == first


@pytest.mark.parametrize("damage", [b"", b"\xff\x00../nowhere\n" * 9, None])
def test_a_damaged_order_of_serving_leaves_that_of_making(tmp_path: Path, damage: bytes | None) -> None:
    made = [renewed(tmp_path), renewed(tmp_path, "third.md"), renewed(tmp_path, "second.md")]
    order = folder(tmp_path) / "order"
    order.unlink()
    if damage is not None:
        order.write_bytes(damage)
    assert versions_module.served(folder(tmp_path)) == made[-1:]
    assert history.chosen(folder(tmp_path)).name == made[1]
    assert history.roll_back(folder(tmp_path)).name == made[1]
    assert history.roll_back(folder(tmp_path)).name == made[0]


def test_the_order_of_serving_is_bounded_and_needs_no_room(tmp_path: Path, monkeypatch) -> None:
    made = [renewed(tmp_path), renewed(tmp_path, "third.md")]
    for number in range(120):
        versions_module.point(folder(tmp_path), made[number % 2])
    assert len((folder(tmp_path) / "order").read_text().split()) == 50
    replace_text = versions_module.replace_text

    def full(path: Path, text: str) -> None:
        if path.name == "order":
            raise OSError(28, "No space left on device")
        replace_text(path, text)

    monkeypatch.setattr(versions_module, "replace_text", full)
    third = renewed(tmp_path, "second.md")
    assert versions_module.served(folder(tmp_path))[-2:] == [made[1], third]


def test_what_served_last_is_kept_however_old_it_is(tmp_path: Path) -> None:
    first = renewed(tmp_path)
    renewed(tmp_path, "third.md")
    renewed(tmp_path, "second.md")
    assert renewed(tmp_path) == first
    renewed(tmp_path, "first.md")
    assert history.chosen(folder(tmp_path)).name == first
