import sys
from pathlib import Path
from typing import Any

import pytest

from assistant.models.factory import EMBEDDED, check_name, make_ready, needed_weights, open_model
from assistant.settings import Settings
from corpus.errors import UserError


def line(tmp_path: Path, **values: Any) -> str:
    with pytest.raises(UserError) as caught:
        open_model(Settings(home=tmp_path, **values))
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_quotes_is_no_model(tmp_path: Path) -> None:
    assert open_model(Settings(home=tmp_path, model="quotes")) is None
    assert needed_weights("quotes") is None
    assert needed_weights(EMBEDDED[0]) == EMBEDDED[0]


def test_an_unknown_name_lists_what_there_is(tmp_path: Path) -> None:
    said = line(tmp_path, model="quote")
    assert "did you mean quotes?" in said
    assert all(name in said for name in (*EMBEDDED, "openai:NAME", "anthropic:NAME", "ollama:NAME", ".gguf"))
    for name in ("openai:", "mystery:x", "gpt-4"):
        with pytest.raises(UserError, match="Unknown model"):
            check_name(name)
        assert "Unknown model" in line(tmp_path, model=name)
    check_name("gpt-4", "http://127.0.0.1:1/v1")
    check_name("ollama:x")


def test_weights_that_were_not_pulled_are_asked_for(tmp_path: Path) -> None:
    assert "models pull" in line(tmp_path, model=EMBEDDED[1])


def test_a_file_that_is_no_model_is_one_line(tmp_path: Path) -> None:
    assert "cannot be read" in line(tmp_path, model=str(tmp_path / "absent.gguf"))
    (tmp_path / "text.gguf").write_text("hello")
    assert "not a GGUF" in line(tmp_path, model=str(tmp_path / "text.gguf"))
    (tmp_path / "folder.gguf").mkdir()
    assert "cannot be read" in line(tmp_path, model=str(tmp_path / "folder.gguf"))


def test_a_damaged_model_is_one_line(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "damaged.gguf").write_bytes(b"GGUF\x03\x00\x00\x00" + b"\x7f" * 1000)
    assert "could not be loaded" in line(tmp_path, model=str(tmp_path / "damaged.gguf"))
    assert capfd.readouterr().out == ""


def test_too_little_memory_is_said_before_loading(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from assistant.models import local

    (tmp_path / "big.gguf").write_bytes(b"GGUF")
    monkeypatch.setattr(local, "available_bytes", lambda: 100_000_000)
    said = line(tmp_path, model=str(tmp_path / "big.gguf"))
    assert "0.5 GB of memory and 0.1 GB are free" in said


@pytest.mark.parametrize(("model", "variable"), [("openai:m", "OPENAI_API_KEY"), ("anthropic:m", "ANTHROPIC_API_KEY")])
def test_a_missing_key_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, model: str, variable: str) -> None:
    monkeypatch.delenv(variable, raising=False)
    assert variable in line(tmp_path, model=model)


@pytest.mark.parametrize(
    ("provider", "package"), [("anthropic", "langchain_anthropic"), ("ollama", "langchain_ollama")]
)
def test_a_missing_extra_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, provider: str, package: str
) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    said = line(tmp_path, model=f"{provider}:not-{provider}", model_key="k")
    assert f"pip install 'strategy-assistant[{provider}]'" in said


def test_an_address_that_is_none_is_one_line(tmp_path: Path) -> None:
    assert "begins with http" in line(tmp_path, model="m", model_url="localhost:8000")


def test_where_weights_cannot_be_prepared_llama_cpp_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(source: Path, progress: object) -> Path:
        raise UserError(f"{source.name} cannot be prepared for this processor (no space left)")

    monkeypatch.setattr("assistant.models.preparing.prepare", full)
    monkeypatch.setattr("assistant.models.in_process.quick_here", lambda: True)
    said: list[str] = []
    make_ready(Settings(home=tmp_path), tmp_path / "model.gguf", said.append)
    assert said == ["model.gguf cannot be prepared for this processor (no space left); going on with llama.cpp"]
    with pytest.raises(UserError, match="no space left"):
        make_ready(Settings(home=tmp_path, model_runtime="pytorch"), tmp_path / "model.gguf", said.append)
    monkeypatch.setattr("assistant.models.in_process.quick_here", lambda: False)
    monkeypatch.setattr("assistant.models.in_process.embeds_here", lambda: True)
    make_ready(Settings(home=tmp_path), tmp_path / "model.gguf", said.append)
    assert len(said) == 2  # For embedding.
    said.pop()
    make_ready(Settings(home=tmp_path, model=EMBEDDED[1]), tmp_path / "model.gguf", said.append)
    monkeypatch.setattr("assistant.models.in_process.embeds_here", lambda: False)
    make_ready(Settings(home=tmp_path), tmp_path / "model.gguf", said.append)
    make_ready(Settings(home=tmp_path, model_runtime="llama.cpp"), tmp_path / "model.gguf", said.append)
    assert len(said) == 1
