"""What holds of a model on this machine whatever runs it."""

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.models import Message, PromptTooLongError, complete_text
from assistant.models.embedded import EmbeddedModel
from assistant.models.in_process import InProcessModel
from assistant.models.preparing import prepared
from assistant.settings import default_home
from index.weights import path_of

LocalModel = EmbeddedModel | InProcessModel
NAME = "qwen2.5-coder-1.5b"
SYSTEM = Message("system", "You answer briefly.")
SKY = [SYSTEM, Message("user", "Is snow white? Answer yes or no.")]


@pytest.fixture(scope="module", params=["llama.cpp", "pytorch"])
def model(request: pytest.FixtureRequest) -> Iterator[LocalModel]:
    source = path_of(Path(os.environ.get("STRATEGY_ASSISTANT_HOME") or default_home()), NAME)
    opened: LocalModel
    if request.param == "pytorch":
        folder = prepared(source)
        if folder is None:
            pytest.skip("the weights are not prepared, because this processor is quicker with llama.cpp")
        opened = InProcessModel(folder, name=NAME, context=1024)
    else:
        opened = EmbeddedModel(source, name=NAME, context=1024)
    yield opened
    opened.close()


@pytest.mark.models
def test_the_same_prompt_gets_the_same_answer(model: LocalModel, capfd: pytest.CaptureFixture[str]) -> None:
    first = complete_text(model, SKY, max_tokens=8)
    assert first.strip()
    assert complete_text(model, SKY, max_tokens=8) == first
    assert capfd.readouterr() == ("", "")


@pytest.mark.models
def test_it_reports_the_tokens_of_a_whole_generation(model: LocalModel) -> None:
    before = model.usage.total
    pieces = list(model.complete(SKY, max_tokens=3))
    spent = model.usage.total - before
    assert spent.reports == 1
    assert 10 < spent.read < 60
    assert len(pieces) <= spent.written <= 3


@pytest.mark.models
def test_a_prompt_beyond_the_context_is_an_error_and_no_crash(model: LocalModel) -> None:
    for words in (2_000, 1_000_000):
        with pytest.raises(PromptTooLongError, match="ask a shorter question"):
            complete_text(model, [Message("user", "word " * words)], max_tokens=5)
    assert complete_text(model, SKY, max_tokens=2)


@pytest.mark.models
def test_closing_frees_the_model_for_the_next(model: LocalModel) -> None:
    pieces = model.complete([Message("user", "Write the numbers from one to five hundred.")], max_tokens=900)
    assert next(pieces).text
    pieces.close()  # type: ignore[attr-defined]
    assert list(pieces) == []
    assert complete_text(model, SKY, max_tokens=2)


@pytest.mark.models
def test_a_second_call_may_be_made_while_the_first_is_half_read(model: LocalModel) -> None:
    first = model.complete([Message("user", "Write the numbers from one to ten.")], max_tokens=20)
    begun = next(first).text
    assert complete_text(model, SKY, max_tokens=2)
    assert begun + "".join(piece.text for piece in first)


@pytest.mark.models
def test_callers_at_once_take_turns(model: LocalModel) -> None:
    said: list[str] = []
    callers = [threading.Thread(target=lambda: said.append(complete_text(model, SKY, max_tokens=4))) for _ in range(4)]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()
    assert len(said) == 4
    assert len(set(said)) == 1
