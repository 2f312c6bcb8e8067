"""Builds, reuse and faults of the stored index, with real Chroma and encoders that need no weights."""

import json
import os
import shutil
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import numpy as np
import pytest

from corpus.errors import UserError
from corpus.records import Document, Section, Source
from index import FakeEncoder, FakeSparseEncoder, Index, filed, open_index, store
from index import versions as versions_module

TEXTS = {
    "first.md": "Leaders set one direction and pay for the shared platform.",
    "second.md": "Teams try small experiments close to their daily work.",
    "third.md": "A review board looks at risk before anything goes live.",
}


def document(name: str, text: str) -> Document:
    return Document(name, text, Source(name), (Section((), 0, len(text)),), digest=f"digest of {text}")


def documents(**changed: str) -> list[Document]:
    return [document(name, text) for name, text in {**TEXTS, **changed}.items() if text]


class CountingEncoder(FakeEncoder):
    """Remembers what it was asked to encode."""

    def __init__(self, dim: int = 64, name: str = "fake") -> None:
        super().__init__(dim, name)
        self.texts: list[str] = []

    def encode(self, texts):
        self.texts.extend(texts)
        return super().encode(texts)


def opened(home: Path, docs=None, encoder=None, **options) -> Index:
    return open_index(docs or documents(), home, encoder or FakeEncoder(), FakeSparseEncoder(), **options)


def serving(home: Path) -> Path:
    version = versions_module.current(home / "indexes" / "default")
    assert version is not None
    return version


def best(index: Index, question: str) -> str:
    return index.search(question, 1)[0].passage.document


def test_a_first_build_finds_the_words(tmp_path: Path) -> None:
    index = opened(tmp_path)
    assert best(index, "small experiments of teams") == "second.md"
    assert best(index, "review board risk") == "third.md"
    assert index.changes.added == tuple(TEXTS)
    index.close()


def test_what_fits_is_reused_without_encoding(tmp_path: Path) -> None:
    first = opened(tmp_path)
    first.close()
    encoder = CountingEncoder()
    lines: list[str] = []
    second = opened(tmp_path, encoder=encoder, progress=lines.append)
    assert second.name == first.name
    assert encoder.texts == []
    assert lines == []
    assert second.changes.reason == ""
    second.close()


def test_only_new_text_is_encoded_and_changes_are_named(tmp_path: Path) -> None:
    opened(tmp_path).close()
    encoder = CountingEncoder()
    docs = documents(**{"second.md": "Budgets are planned for a year.", "third.md": "", "fourth.md": "A new rule."})
    index = opened(tmp_path, docs, encoder)
    assert (index.changes.added, index.changes.changed, index.changes.removed) == (
        ("fourth.md",),
        ("second.md",),
        ("third.md",),
    )
    assert sorted(text.split("\n")[0] for text in encoder.texts) == ["fourth.md", "second.md"]
    assert best(index, "budgets planned") == "second.md"
    assert {hit.passage.document for hit in index.search("review board risk", 10)} == {
        "first.md",
        "second.md",
        "fourth.md",
    }
    fresh = open_index(docs, tmp_path / "other", FakeEncoder(), FakeSparseEncoder())
    for question in ("budgets", "a new rule", "one direction"):
        kept, built = index.search(question), fresh.search(question)
        assert [hit.passage for hit in kept] == [hit.passage for hit in built]
        np.testing.assert_allclose([hit.score for hit in kept], [hit.score for hit in built], rtol=1e-5, atol=1e-6)
    index.close()
    fresh.close()


def test_another_model_is_noticed(tmp_path: Path) -> None:
    opened(tmp_path).close()
    encoder = CountingEncoder(dim=32)
    index = opened(tmp_path, encoder=encoder)
    assert index.changes.reason == "the models have changed"
    assert len(encoder.texts) == 3
    assert index.encode(["x"]).shape == (1, 32)
    index.close()


def test_without_and_with_sparse_vectors(tmp_path: Path) -> None:
    opened(tmp_path).close()
    without = open_index(documents(), tmp_path, FakeEncoder())
    assert without.changes.reason == "the models have changed"
    assert best(without, "review board") == "third.md"
    assert all(hit.sparse == 0 for hit in without.search("review board"))
    without.close()


def truncate(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def garble(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[4096:] = bytes(byte ^ 0x5A for byte in content[4096:])
    path.write_bytes(content)


def remove_store(version: Path) -> None:
    shutil.rmtree(version / "chroma")


def altered_vectors(version: Path) -> None:
    """Another collection in the place of the right one, of the same size."""
    from index.store import write_chroma

    shutil.rmtree(version / "chroma")
    write_chroma(version / "chroma", [FakeEncoder().encode(["other", "texts", "altogether"])])


def newer_schema(version: Path) -> None:
    path = version / "manifest.json"
    manifest = json.loads(path.read_text())
    path.write_text(json.dumps({**manifest, "schema": manifest["schema"] + 1}))


DAMAGE = {
    "truncated Chroma": lambda version: truncate(version / "chroma" / "chroma.sqlite3"),
    "garbled Chroma": lambda version: garble(version / "chroma" / "chroma.sqlite3"),
    "emptied Chroma": lambda version: os.truncate(version / "chroma" / "chroma.sqlite3", 0),
    "missing Chroma": remove_store,
    "other vectors": altered_vectors,
    "missing sparse vectors": lambda version: (version / "sparse.npz").unlink(),
    "truncated sparse vectors": lambda version: truncate(version / "sparse.npz"),
    "truncated keywords": lambda version: truncate(version / "keywords.npz"),
    "truncated file of vectors": lambda version: truncate(version / filed.NAME),
    "missing file of vectors": lambda version: (version / filed.NAME).unlink(),
    "altered vocabulary": lambda version: (version / "vocabulary.json").write_text("[]"),
    "truncated passages": lambda version: truncate(version / "passages.jsonl"),
    "truncated manifest": lambda version: truncate(version / "manifest.json"),
    "a manifest that is something else": lambda version: (version / "manifest.json").write_text("[1]"),
    "missing manifest": lambda version: (version / "manifest.json").unlink(),
    "newer schema": newer_schema,
    "missing version": shutil.rmtree,
    "pointer to nowhere": lambda version: (version.parent / "current").write_text("../../elsewhere"),
    "empty pointer": lambda version: (version.parent / "current").write_text(""),
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
def test_what_is_damaged_is_built_anew_and_answers_rightly(tmp_path: Path, damage) -> None:
    first = opened(tmp_path)
    expected = [hit.passage for hit in first.search("experiments")]
    first.close()
    damage(serving(tmp_path))
    lines: list[str] = []
    index = opened(tmp_path, progress=lines.append)
    assert "damaged or outdated" in lines[0]
    # Where only the pointer is damaged, what it pointed to is whole.
    assert (index.name == first.name) == ("serves again" in lines[0])
    assert [hit.passage for hit in index.search("experiments")] == expected
    index.close()
    again = opened(tmp_path)
    assert again.name == index.name
    again.close()


BUILD = """
    import sys, time
    from pathlib import Path
    sys.path[:0] = [{tests!r}]
    from test_index_opening import *

    class SlowEncoder(FakeEncoder):
        def encode(self, texts):
            print("encoding", flush=True)
            time.sleep({pause})
            return super().encode(texts)

    index = open_index(documents(**{changed!r}), Path({home!r}), SlowEncoder(), FakeSparseEncoder())
    print("built", index.name, flush=True)
    index.close()
"""


def builder(home: Path, pause: float = 0.0, changed: dict[str, str] | None = None) -> subprocess.Popen[str]:
    code = textwrap.dedent(BUILD).format(
        tests=str(Path(__file__).parent), home=str(home), pause=pause, changed=changed or {}
    )
    return subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)


@pytest.mark.parametrize("after", [0.0, 0.05, 0.2, 0.4, 0.8])
def test_a_killed_build_leaves_what_was_there(tmp_path: Path, after: float) -> None:
    before = opened(tmp_path)
    name = before.name
    before.close()
    process = builder(tmp_path, changed={"fourth.md": "Killed while this was added."})
    assert process.stdout is not None
    assert process.stdout.readline() == "encoding\n"
    time.sleep(after)
    process.send_signal(signal.SIGKILL)
    rest = process.stdout.read()
    process.wait()
    process.stdout.close()
    index = opened(tmp_path)
    if "built" not in rest:
        assert index.name == name or index.changes.removed == ("fourth.md",)
    assert best(index, "small experiments of teams") == "second.md"
    index.close()
    final = opened(tmp_path, documents(**{"fourth.md": "Killed while this was added."}))
    assert best(final, "killed while added") == "fourth.md"
    assert not list((tmp_path / "indexes" / "default").glob(".building-*"))
    final.close()


def test_two_builders_make_one_version(tmp_path: Path) -> None:
    processes = [builder(tmp_path, pause=0.5), builder(tmp_path, pause=0.5)]
    said = [process.communicate(timeout=120)[0].splitlines() for process in processes]
    assert [process.returncode for process in processes] == [0, 0]
    assert len({lines[-1] for lines in said}) == 1
    assert sorted(len(lines) for lines in said) == [1, 2]


def test_a_reader_keeps_its_version_while_another_process_builds(tmp_path: Path) -> None:
    reader = opened(tmp_path)
    expected = [hit.passage.document for hit in reader.search("teams and leaders", 10)]
    for number in range(versions_module.KEPT):
        process = builder(tmp_path, changed={"changing.md": f"Version {number} of leaders and teams."})
        assert process.wait(timeout=120) == 0
        assert process.stdout is not None
        process.stdout.close()
        assert [hit.passage.document for hit in reader.search("teams and leaders", 10)] == expected
    folder = tmp_path / "indexes" / "default"
    assert (folder / reader.name).is_dir()
    reader.close()
    opened(tmp_path, documents(**{"changing.md": "Another."})).close()
    kept = [path for path in folder.iterdir() if path.is_dir()]
    assert len(kept) == versions_module.KEPT
    assert folder / reader.name not in kept


def test_two_processes_read_the_same_version(tmp_path: Path) -> None:
    reader = opened(tmp_path)
    process = builder(tmp_path)
    assert process.communicate(timeout=120)[0].split() == ["built", reader.name]
    assert best(reader, "review board") == "third.md"
    reader.close()


def test_many_processes_open_one_version_at_once(tmp_path: Path) -> None:
    first = opened(tmp_path)
    first.close()
    processes = [builder(tmp_path) for _ in range(3)]
    said = [process.communicate(timeout=120)[0].split() for process in processes]
    assert said == [["built", first.name]] * 3


def test_documents_of_the_same_name_are_both_found(tmp_path: Path) -> None:
    index = opened(tmp_path, [document("readme.md", "About budgets."), document("readme.md", "About experiments.")])
    assert set(index.documents) == {"readme.md", "readme (2).md"}
    for question in ("budgets", "experiments"):
        hit = index.search(question, 1)[0]
        assert question in hit.passage.text
        assert index.documents[hit.passage.document].text[hit.passage.start : hit.passage.end] == hit.passage.text
    index.close()


def test_no_documents(tmp_path: Path) -> None:
    index = open_index([], tmp_path, FakeEncoder(), FakeSparseEncoder())
    assert index.search("anything") == []
    index.close()
    again = open_index([], tmp_path, FakeEncoder(), FakeSparseEncoder())
    assert again.name == index.name
    again.close()


def test_names_keep_indexes_apart(tmp_path: Path) -> None:
    usual = opened(tmp_path)
    other = opened(tmp_path, [document("x.md", "Something else.")], name="../../other place")
    again = opened(tmp_path)
    assert again.name == usual.name
    assert sorted(path.parent for path in tmp_path.rglob("current")) == sorted((tmp_path / "indexes").iterdir())
    for index in (usual, other, again):
        index.close()


def no_rights(version: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.store._may_write", lambda folder: False)


def no_space(version: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Chroma opens nothing on the disk that the version is on."""

    def opens(folder: Path) -> object:
        if folder == version / "chroma":
            raise RuntimeError("database or disk is full")
        return folder_client(folder)

    folder_client = store._folder_client
    monkeypatch.setattr("index.store._folder_client", opens)


@pytest.mark.parametrize("hindered", [no_rights, no_space])
def test_a_folder_that_nothing_can_be_written_to_answers(tmp_path: Path, monkeypatch, hindered) -> None:
    opened(tmp_path).close()
    version = serving(tmp_path)
    hindered(version, monkeypatch)
    before = {path: path.stat().st_mtime_ns for path in (version / "chroma").rglob("*")}
    index = opened(tmp_path)
    assert index.name == version.name
    assert best(index, "review board risk") == "third.md"
    (copied,) = [Path(index._contents.store._store._copied.name)]
    index.close()
    assert not copied.exists()
    assert {path: path.stat().st_mtime_ns for path in (version / "chroma").rglob("*")} == before


def test_vectors_are_read_from_the_file_and_of_a_version_without_one_from_chroma(tmp_path: Path) -> None:
    index = opened(tmp_path)
    expected = index._contents.store.vectors()
    hits = index.search("review board risk")
    index.close()
    np.testing.assert_array_equal(np.fromfile(serving(tmp_path) / filed.NAME, "<f4").reshape(expected.shape), expected)
    (serving(tmp_path) / filed.NAME).unlink()
    manifest = json.loads((serving(tmp_path) / "manifest.json").read_text())
    del manifest["files"][filed.NAME]
    (serving(tmp_path) / "manifest.json").write_text(json.dumps(manifest))
    before = opened(tmp_path)
    assert before.name == index.name
    np.testing.assert_array_equal(before._contents.store.vectors([2, 0]), expected[[2, 0]])
    assert [hit.passage for hit in before.search("review board risk")] == [hit.passage for hit in hits]
    before.close()


def test_where_the_file_of_vectors_is_cut_short_while_it_serves_chroma_is_asked(tmp_path: Path) -> None:
    index = opened(tmp_path)
    hits = index.search("review board risk")
    os.truncate(serving(tmp_path) / filed.NAME, 0)
    assert index.search("review board risk") == hits
    index.close()


def test_a_folder_that_cannot_be_made_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "indexes").write_text("a file where the folder should be")
    with pytest.raises(UserError, match="indexes"):
        opened(tmp_path)
