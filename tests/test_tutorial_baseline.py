"""The plain pipeline that is measured beside ours, without weights."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from assistant.models.scripted import ScriptedModel
from assistant.records import Turn
from corpus import load
from index import FakeEncoder

SCRIPT = Path(__file__).parent.parent / "benchmarks" / "tutorial_baseline.py"


@pytest.fixture(scope="module")
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("tutorial_baseline", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_pieces_are_cut_at_1000_characters_and_the_four_found_are_the_sources(
    script: ModuleType, tmp_path: Path
) -> None:
    path = tmp_path / "guide.md"
    text = "# Guide\n\n" + "The board pays for the central team. " * 60 + "\n\n" + "Teams lead the work. " * 150
    path.write_text(text, encoding="utf-8")
    document = load(path)
    model = ScriptedModel(["The board pays. Nobody knows {more}."], "tiny")
    tutorial = script.Tutorial([document], FakeEncoder(), model)
    answer = tutorial.ask("Who pays for the {central} team?", (Turn("user", "Hello"),))
    assert len(answer.passages) == 4
    assert all(passage.text in document.text and len(passage.text) <= 1000 for passage in answer.passages)
    assert "".join(piece for _, piece in tutorial._pieces.values()) == document.text
    prompt = model.seen[0]
    assert [sentence.text for sentence in answer.sentences] == ["The board pays.", "Nobody knows {more}."]
    for sentence in answer.sentences:
        assert [citation.quote for citation in sentence.citations] == [passage.text for passage in answer.passages]
    assert prompt[0].text == "Hello"
    assert "Who pays for the {central} team?" in prompt[1].text
    assert all(passage.text in prompt[1].text for passage in answer.passages)
    assert (answer.status, answer.model) == ("answered", "tiny")


def test_not_knowing_is_a_refusal(script: ModuleType, tmp_path: Path) -> None:
    path = tmp_path / "guide.md"
    path.write_text("# Guide\n\nThe board pays.\n", encoding="utf-8")
    tutorial = script.Tutorial([load(path)], FakeEncoder(), ScriptedModel(["I do not know."]))
    assert tutorial.ask("What does it cost?").status == "refused"
