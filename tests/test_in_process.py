import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch

from assistant.contents import prompting
from assistant.contents.meanings import QUESTION, Remembered, embeds
from assistant.models import Message, complete_text, in_process, yes_probability
from assistant.models.beside import EmbeddingModel
from assistant.models.embedded import EmbeddedModel
from assistant.models.factory import embedder_of, judge_of, open_model
from assistant.models.in_process import InProcessModel
from assistant.models.local import INVOCATION
from assistant.models.preparing import prepared
from assistant.models.prompt_cache import KeyValueCache, PromptCache
from assistant.models.qwen2 import Qwen2
from assistant.settings import Settings, default_home
from corpus.errors import UserError
from index.weights import path_of

NAME = "qwen2.5-coder-1.5b"
SYSTEM = Message("system", "You answer briefly.")
SKY = [SYSTEM, Message("user", "Is snow white? Answer yes or no.")]
COPY = "The board pays for the central team, and every department names one contact person for it."
REPEAT = [SYSTEM, Message("user", f"Repeat this sentence word for word, twice: {COPY}")]


writes = pytest.mark.skipif(
    not in_process.quick_here(), reason="PyTorch writes slowly on this processor, where llama.cpp does it instead"
)


def source() -> Path:
    return path_of(Path(os.environ.get("STRATEGY_ASSISTANT_HOME") or default_home()), NAME)


@pytest.fixture(scope="module")
def model() -> Iterator[InProcessModel]:
    folder = prepared(source())
    if folder is None:
        pytest.skip("the weights are not prepared, because this processor has no instructions for them")
    opened = InProcessModel(folder, name=NAME, context=1024, adapter=judge_of(NAME), embedder=embedder_of(NAME))
    yield opened
    opened.close()


@writes
@pytest.mark.models
def test_most_tokens_and_strings_to_stop_at_hold(model: InProcessModel) -> None:
    assert len(list(model.complete(REPEAT, max_tokens=3))) <= 3
    whole = complete_text(model, REPEAT, max_tokens=40)
    assert whole.startswith(COPY)
    for stop in ("central team", ", and", "T"):
        assert complete_text(model, REPEAT, max_tokens=40, stop=["never said", stop]) == whole[: whole.index(stop)]


@writes
@pytest.mark.models
def test_what_is_guessed_from_the_prompt_changes_no_word(
    model: InProcessModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    passes: list[int] = []
    read = Qwen2.read

    def counting(computed: Qwen2, tokens: list[int], cache: KeyValueCache) -> torch.Tensor:
        passes.append(len(tokens))
        return read(computed, tokens, cache)

    monkeypatch.setattr(Qwen2, "read", counting)
    guessed = complete_text(model, REPEAT, max_tokens=40)
    quick = len(passes)
    passes.clear()
    monkeypatch.setattr(in_process, "_guess", lambda _: [])
    assert complete_text(model, REPEAT, max_tokens=40) == guessed
    assert quick < len(passes) / 2


@writes
@pytest.mark.models
def test_letters_of_several_bytes_come_whole(model: InProcessModel) -> None:
    asked = [SYSTEM, Message("user", "Repeat exactly, and nothing else: Zürich naïve 日本 😀 “ok”")]
    pieces = [piece.text for piece in model.complete(asked, max_tokens=30)]
    assert not any("\ufffd" in piece for piece in pieces)
    assert "日本" in "".join(pieces)


@pytest.mark.models
def test_a_first_word_that_takes_too_long_is_one_line(model: InProcessModel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model, "_timeout", 0.0)
    with pytest.raises(UserError, match="did not answer within 0 s: name a smaller model"):
        complete_text(model, [SYSTEM, Message("user", "word " * 300)], max_tokens=2)
    monkeypatch.undo()
    assert complete_text(model, SKY, max_tokens=2)


@pytest.mark.models
def test_the_judge_says_what_it_says_with_llama_cpp(model: InProcessModel) -> None:
    lines = ["The central team is paid by the executive board.", "Each department appoints one contact person."]
    asked = [
        _to_judge(lines, "Who pays for the central team?"),
        _to_judge(lines[:1], "Who pays for the contact persons?"),
        _to_judge(lines, "Who pays for the contact persons?"),
        _to_judge(lines[1:], f"{INVOCATION}: is there a contact person?"),
    ]
    here = [yes_probability(model, messages) for messages in asked]
    other = EmbeddedModel(source(), context=1024, adapter=judge_of(NAME))
    there = [yes_probability(other, messages) for messages in asked]
    other.close()
    assert here == pytest.approx(there, abs=0.1)
    assert here[0] is not None
    assert here[1] is not None
    assert here[2] is not None
    assert here[0] > 0.5 > here[1]
    assert here[0] > here[2]


@writes
@pytest.mark.models
def test_what_was_read_before_changes_no_judgement(model: InProcessModel) -> None:
    lines = ["The central team is paid by the executive board."]
    asked = _to_judge(lines, "Who pays for the central team?")
    system, user = asked
    write = [system, Message("user", user.text.replace(prompting.text("answerable"), prompting.text("write")))]
    model._before.clear()
    first, written = yes_probability(model, asked), complete_text(model, write, max_tokens=24)
    model._before.clear()
    assert complete_text(model, write, max_tokens=24) == written
    assert yes_probability(model, asked) == pytest.approx(first, abs=0.02)
    assert "board" in written


@writes
@pytest.mark.models
def test_what_is_forgotten_changes_no_digit(model: InProcessModel) -> None:
    asked = _to_judge(["The central team is paid by the executive board."], "Who pays for the central team?")
    model.forget()
    first = yes_probability(model, asked)
    yes_probability(model, asked)
    model.forget()
    assert yes_probability(model, asked) == first


@writes
@pytest.mark.models
def test_a_closed_model_says_so(model: InProcessModel) -> None:
    folder = prepared(source())
    assert folder is not None
    other = InProcessModel(folder, name=NAME, context=1024)
    begun = other.complete(REPEAT, max_tokens=400)
    assert next(begun).text
    other.close()
    other.close()
    assert len("".join(piece.text for piece in begun)) < len(COPY) * 2
    with pytest.raises(RuntimeError, match="closed"):
        complete_text(other, SKY, max_tokens=2)
    assert complete_text(model, SKY, max_tokens=2)


@writes
@pytest.mark.models
def test_a_program_may_end_while_it_generates(model: InProcessModel) -> None:
    del model
    program = (
        "import sys; from pathlib import Path; from assistant.models import Message;"
        "from assistant.models.in_process import InProcessModel;"
        "model = InProcessModel(Path(sys.argv[1]), name='m', context=1024);"
        "print(next(model.complete([Message('user', 'Count to two hundred.')], max_tokens=900)).text)"
    )
    folder = str(prepared(source()))
    ended = subprocess.run([sys.executable, "-c", program, folder], capture_output=True, text=True, timeout=120)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout.strip()


@pytest.mark.models
def test_the_runtime_is_the_one_that_is_set(model: InProcessModel) -> None:
    del model
    home = Path(os.environ.get("STRATEGY_ASSISTANT_HOME") or default_home())
    for runtime, kind in (("pytorch", InProcessModel), ("llama.cpp", EmbeddedModel)):
        opened = open_model(Settings(home=home, model=NAME, model_runtime=runtime))
        assert isinstance(opened, kind)
        assert opened.trained_judge
        opened.close()
    opened = open_model(Settings(home=home, model=NAME))
    assert isinstance(opened, InProcessModel if in_process.quick_here() else EmbeddingModel)
    assert embeds(opened)
    opened.close()


def read_until(length: int) -> KeyValueCache:
    """What a model of two layers has read; each number tells its place."""
    cache = KeyValueCache(2, 1, 40, 1)
    for layer in range(2):
        places = torch.arange(length).float().view(1, length, 1)
        cache.add(layer, places, -places)
    cache.length = length
    return cache


def test_what_was_read_is_found_by_its_longest_beginning() -> None:
    kept = PromptCache(limit=10)

    def found(tokens: list[int]) -> int:
        cache = read_until(0)
        kept.find(tokens, cache)
        assert cache.values[1].flatten().tolist()[: cache.length] == [-place for place in range(cache.length)]
        return cache.length

    assert found([1, 2, 3]) == 0
    kept.keep([1, 2, 3], read_until(5))
    kept.keep([1, 2, 4, 5], read_until(4))
    assert found([1, 2, 4, 9]) == 3
    assert found([1, 2, 3, 7, 7]) == 3
    kept.keep([1, 2, 4, 5, 6], read_until(5))
    assert found([1, 2, 3]) == 3
    kept.keep([9, 9, 9], read_until(3))
    assert found([1, 2, 3]) == 2
    assert found([1, 2, 4, 5, 6]) == 5
    kept.keep(list(range(20, 40)), read_until(20))
    assert found([9, 9, 9]) == 0
    assert found(list(range(20, 40))) == 20


def test_what_is_guessed_followed_the_same_tokens_last_time() -> None:
    assert in_process._guess([1, 2, 3, 4, 5, 1, 2, 3, 6, 7, 1, 2, 3]) == [6, 7, 1, 2, 3]
    assert in_process._guess([1, 2, 3, 4]) == []
    assert in_process._guess([1, 2]) == []
    assert in_process._guess([]) == []


def _to_judge(lines: list[str], question: str) -> list[Message]:
    asked = prompting.guidance(lines, question)
    return [
        Message("system", prompting.text("system")),
        Message("user", f"{asked}\n\n{prompting.text('answerable')}"),
    ]


@pytest.mark.models
def test_texts_of_like_meaning_stand_near_each_other(model: InProcessModel) -> None:
    able = embeds(model)
    assert able is not None
    texts = (
        "A substantial budget makes centralized teams possible.",
        "Organizations with a hierarchical culture lean toward top-down models.",
        "Adoption rises where workers shape the tools they use.",
    )
    asked = (
        "We're swimming in cash, what can we set up?",
        "in a company of ranks and orders, where does this drift by itself?",
        "do folks take to what they helped make?",
    )
    rows = able.embed(texts)
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1.0, atol=1e-4)
    near = able.embed([QUESTION.format(text) for text in asked]) @ rows.T
    assert near.argmax(axis=1).tolist() == [0, 1, 2]
    shipped = Remembered(ship=True).get("Culture: hierarchical or collaborative")
    assert shipped is not None
    assert float(shipped.astype(np.float32) @ able.embed(["Culture: hierarchical or collaborative"])[0]) > 0.99
    # What is read beside it changes nothing, nor does what comes after as much as is read.
    np.testing.assert_allclose(able.embed(texts[:1])[0], rows[0], atol=0.03)
    long = "Word after word is read. " * 200
    np.testing.assert_allclose(able.embed([long, f"{long} And more."])[0], able.embed([long])[0], atol=0.03)
    assert able.embed([]).shape == (0, rows.shape[1])
    assert complete_text(model, REPEAT, max_tokens=20).startswith(COPY[:40])


@pytest.mark.models
def test_beside_llama_cpp_texts_stand_where_they_stand_else(
    model: InProcessModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, embedder = prepared(source()), embedder_of(NAME)
    assert folder is not None
    assert embedder is not None
    texts = ["Wages are paid on Friday.", QUESTION.format("When is the money handed out?")]
    beside = EmbeddingModel(source(), folder=folder, embedder=embedder, name=NAME, context=1024)
    assert beside.embeds
    np.testing.assert_allclose(beside.embed(texts), model.embed(texts), atol=1e-4)
    beside.close()
    with pytest.raises(RuntimeError, match="closed"):
        beside.embed(texts)

    def none_free(name: str, size: int) -> None:
        raise UserError(f"{name} needs {size} bytes of memory")

    monkeypatch.setattr("assistant.models.in_process.check_memory", none_free)
    without = EmbeddingModel(source(), folder=folder, embedder=embedder, name=NAME, context=1024)
    assert embeds(without) is None
    assert complete_text(without, SKY, max_tokens=2)
    without.close()


@pytest.mark.models
def test_a_closed_model_embeds_no_more() -> None:
    folder = prepared(source())
    if folder is None:
        pytest.skip("the weights are not prepared, because this processor has no instructions for them")
    opened = InProcessModel(folder, name=NAME, context=64, embedder=embedder_of(NAME))
    opened.close()
    with pytest.raises(RuntimeError, match="closed"):
        opened.embed(["sky"])
    bare = InProcessModel(folder, name=NAME, context=64)
    assert embeds(bare) is None
    with pytest.raises(RuntimeError, match="embeds no texts"):
        bare.embed(["sky"])
    bare.close()
