from pathlib import Path
from typing import Any

import pytest

from assistant import builder
from assistant.configured import index_name, load_documents
from assistant.models.scripted import ScriptedModel
from assistant.settings import Settings
from corpus import load_all, split
from corpus.errors import UserError
from index import FakeEncoder, memory_index


@pytest.fixture
def guidance(tmp_path: Path) -> Path:
    folder = tmp_path / "guidance"
    folder.mkdir()
    (folder / "pilots.md").write_text("# Pilots\n\n## Start\n\nStart with a small pilot in one team.\n", "utf-8")
    return folder


@pytest.fixture(autouse=True)
def _index_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """The stored index has tests of its own and would need weights."""

    def opened(settings: Settings, documents: Any, progress: Any) -> Any:
        del settings, progress
        passages = [passage for document in documents for passage in split(document)]
        return memory_index(passages, FakeEncoder(), documents=documents)

    monkeypatch.setattr(builder, "open_documents_index", opened)


def settings_for(tmp_path: Path, guidance: Path, **values: Any) -> Settings:
    return Settings(home=tmp_path / "home", documents=(guidance,), shipped_guidance=False, **values)


def test_quotes_answer_without_a_model(tmp_path: Path, guidance: Path) -> None:
    assistant = builder.build(settings_for(tmp_path, guidance, model="quotes"))
    assert assistant.model_name == "quotes"
    assert assistant.document("pilots.md") is not None
    assert assistant.search("pilot")[0].document == "pilots.md"
    assistant.close()


def test_documents_and_model_can_be_handed_over(tmp_path: Path, guidance: Path) -> None:
    model = ScriptedModel(["Yes."])
    documents = load_all([guidance]).documents
    assistant = builder.build(Settings(home=tmp_path, model="quotes"), documents=documents, model=model)
    assert assistant.model_name == "scripted"
    assert list(assistant.index.documents) == ["pilots.md"]
    assistant.close()
    assert model.closed


def unavailable(*_: Any) -> Path:
    raise UserError("no network")


def test_a_default_model_that_cannot_be_had_leaves_quotes_and_says_so(
    tmp_path: Path, guidance: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(builder, "weights_of", unavailable)
    said: list[str] = []
    assistant = builder.build(settings_for(tmp_path, guidance), progress=said.append)
    assert assistant.model_name == "quotes"
    assert "no network" in said
    assert any("quotes" in line for line in said)
    assistant.close()


def test_a_model_asked_for_by_name_is_an_error_instead(
    tmp_path: Path, guidance: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(builder, "weights_of", unavailable)
    with pytest.raises(UserError, match="no network"):
        builder.build(settings_for(tmp_path, guidance, model="qwen2.5-coder-0.5b"))


def test_the_model_is_closed_where_the_index_cannot_be_had(
    tmp_path: Path, guidance: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(builder, "open_documents_index", unavailable)
    model = ScriptedModel(["Yes."])
    with pytest.raises(UserError, match="no network"):
        builder.build(settings_for(tmp_path, guidance), model=model)
    assert model.closed


def test_a_name_that_means_nothing_is_told_before_anything_is_loaded(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="Unknown model"):
        builder.build(Settings(home=tmp_path, documents=(tmp_path / "absent",), model="nonsense"))


def test_documents_that_cannot_be_read_are_reported(tmp_path: Path, guidance: Path) -> None:
    (guidance / "broken.md").write_bytes(b"")
    said: list[str] = []
    loaded = load_documents(settings_for(tmp_path, guidance), said.append)
    assert [document.name for document in loaded.documents] == ["pilots.md"]
    assert len(said) == 1
    assert "broken.md" in said[0]
    (guidance / "pilots.md").unlink()
    with pytest.raises(UserError, match=r"^No document could be read: .*broken\.md is empty; put text into it"):
        load_documents(settings_for(tmp_path, guidance), said.append)
    assert len(said) == 1, "told once"
    (guidance / "old.odt").write_bytes(b"PK")
    with pytest.raises(UserError, match=r"No document could be read in .*: all 2 files were left out; mend one"):
        load_documents(settings_for(tmp_path, guidance), said.append)
    assert [Path(line.split(": ")[0]).name for line in said[1:]] == ["broken.md", "old.odt"]
    for name in ("broken.md", "old.odt"):
        (guidance / name).unlink()
    with pytest.raises(UserError, match=r"No document could be read in .*: name files or folders of .*\.docx, "):
        load_documents(settings_for(tmp_path, guidance))
    with pytest.raises(UserError, match="no documents"):
        load_documents(Settings(home=tmp_path, shipped_guidance=False))


def test_each_set_of_documents_has_an_index_of_its_own(tmp_path: Path, guidance: Path) -> None:
    own = index_name(settings_for(tmp_path, guidance))
    other = index_name(Settings(home=tmp_path, documents=(tmp_path,), shipped_guidance=False))
    assert own != other
    assert index_name(Settings(home=tmp_path, documents=(guidance,))) == "default"


def test_a_folder_called_as_a_known_model_does_not_stand_in_its_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from index import weights

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(weights, "pull", lambda name, *_: Path("pulled", name))
    for folder in ("all-minilm-l6-v2", "mine"):
        (tmp_path / folder).mkdir()
    settings = Settings(home=tmp_path)
    assert builder.weights_of(settings, "all-minilm-l6-v2") == Path("pulled/all-minilm-l6-v2")
    assert builder.weights_of(settings, "./all-minilm-l6-v2") == Path("all-minilm-l6-v2")
    assert builder.weights_of(settings, "mine") == Path("mine")
