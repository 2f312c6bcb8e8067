import json
import os
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from gguf import GGMLQuantizationType, GGUFWriter, TokenType
from gguf.quants import dequantize, quantize

from assistant.models import preparing
from assistant.models.int8 import Activations, Adapter, Int8Linear
from assistant.models.preparing import FOLDER, RECORD, WEIGHTS, adapter_name, prepare, prepared
from assistant.models.qwen2 import Qwen2
from corpus.errors import UserError

WIDTH, INNER, LAYERS, HEADS, GROUPS = 64, 96, 2, 4, 2
LETTERS = [*"abcdefgh", "Ġ"]
TOKENS = [*LETTERS, "ab", "<|im_start|>", "<|im_end|>"]
LOUD = 8.0
"""One column of the inputs is as much larger than the others as it is in real models."""


def written(path: Path, architecture: str = "qwen2") -> dict[str, np.ndarray[Any, Any]]:
    """A small model as a GGUF file with random weights, some of eight bits; what its tensors hold."""
    random = np.random.default_rng(3)
    writer = GGUFWriter(path, architecture)
    writer.add_block_count(LAYERS)
    writer.add_context_length(128)
    writer.add_embedding_length(WIDTH)
    writer.add_feed_forward_length(INNER)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(GROUPS)
    writer.add_rope_freq_base(10_000.0)
    writer.add_layer_norm_rms_eps(1e-6)
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("qwen2")
    writer.add_token_list(TOKENS)
    writer.add_token_types([TokenType.NORMAL] * (len(TOKENS) - 2) + [TokenType.CONTROL] * 2)
    writer.add_token_merges(["a b"])
    writer.add_eos_token_id(len(TOKENS) - 1)
    writer.add_chat_template("{% for m in messages %}<|im_start|>{{ m.content }}<|im_end|>{% endfor %}<|im_start|>")
    held: dict[str, np.ndarray[Any, Any]] = {}

    def add(name: str, *shape: int, quantized: bool = False) -> None:
        values = random.normal(size=shape).astype(np.float32) / shape[-1] ** 0.5
        if name.endswith("norm.weight"):
            values = np.ones(shape, dtype=np.float32)
            values[3] = LOUD
        if quantized:
            packed = quantize(values, GGMLQuantizationType.Q8_0)
            held[name] = dequantize(packed, GGMLQuantizationType.Q8_0)
            writer.add_tensor(name, packed, raw_dtype=GGMLQuantizationType.Q8_0)
        else:
            held[name] = values
            writer.add_tensor(name, values)

    add("token_embd.weight", len(TOKENS), WIDTH)
    for layer in range(LAYERS):
        block = f"blk.{layer}"
        groups = WIDTH // HEADS * GROUPS
        for name, rows in (("attn_q", WIDTH), ("attn_k", groups), ("attn_v", groups)):
            add(f"{block}.{name}.weight", rows, WIDTH, quantized=True)
            add(f"{block}.{name}.bias", rows)
        add(f"{block}.attn_output.weight", WIDTH, WIDTH)
        add(f"{block}.ffn_gate.weight", INNER, WIDTH)
        add(f"{block}.ffn_up.weight", INNER, WIDTH)
        add(f"{block}.ffn_down.weight", WIDTH, INNER, quantized=True)
        add(f"{block}.attn_norm.weight", WIDTH)
        add(f"{block}.ffn_norm.weight", WIDTH)
    add("output_norm.weight", WIDTH)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return held


def scores(model: Qwen2, *parts: list[int]) -> torch.Tensor:
    """The logits after each token of the parts, which are read one after the other."""
    cache = model.cache(sum(map(len, parts)))
    return torch.cat([model.scores(model.read(part, cache)) for part in parts])


def test_the_prepared_model_computes_what_the_file_does(tmp_path: Path) -> None:
    from transformers import Qwen2Config, Qwen2ForCausalLM

    source = tmp_path / "small.gguf"
    held = written(source)
    said: list[str] = []
    folder = prepare(source, said.append)
    assert "about a minute" in said[0]
    whole = Qwen2ForCausalLM(Qwen2Config.from_pretrained(folder)).eval()
    state = {preparing._named(name): torch.from_numpy(np.array(values)) for name, values in held.items()}
    state["lm_head.weight"] = state["model.embed_tokens.weight"]
    assert not whole.load_state_dict(state, strict=False).unexpected_keys
    model = Qwen2(folder, Adapter())
    tokens = [0, 3, 5, 1, 9, 2, 2, 7, 8]

    with torch.inference_mode():
        expected, found = whole(torch.tensor([tokens])).logits[0], scores(model, tokens)
        in_parts = scores(model, tokens[:4], tokens[4:6], tokens[6:])
        one_by_one = torch.stack([scores(model, tokens[: end + 1])[-1] for end in range(len(tokens))])
    assert found.shape == expected.shape == (9, len(TOKENS))
    assert torch.nn.functional.cosine_similarity(found, expected).min() > 0.995
    assert (found.argmax(-1) == expected.argmax(-1)).all()
    assert torch.allclose(in_parts, found, atol=1e-4)
    # The single token of the first row is computed in another way than several are.
    assert torch.allclose(one_by_one[1:], found[1:], atol=1e-4)
    assert torch.allclose(one_by_one[0], found[0], atol=0.1)


def test_texts_that_are_read_side_by_side_do_not_see_each_other(tmp_path: Path) -> None:
    from transformers import Qwen2Config

    written(tmp_path / "small.gguf")
    folder = prepare(tmp_path / "small.gguf", lambda _: None)
    adapter = Adapter()
    assert adapter.layers == 0
    assert adapter.tensor("projection") is None
    model = Qwen2(folder, adapter)
    layers = Qwen2Config.from_pretrained(folder).num_hidden_layers
    texts = [[0, 3, 5, 1], [9, 2], [2, 7, 8, 4, 1, 1]]
    with torch.inference_mode():
        together = model.means(texts, layers)
        alone = torch.cat([model.means([text], layers) for text in texts])
        first = model.means(texts, 1)
    assert together.shape == (3, WIDTH)
    assert torch.allclose(together, alone, atol=1e-3)
    assert not torch.allclose(together[0], together[1], atol=0.1)
    assert layers > 1
    assert not torch.allclose(first, together, atol=0.1)


def test_its_tokens_are_those_of_the_file(tmp_path: Path) -> None:
    from transformers import AutoTokenizer

    written(tmp_path / "small.gguf")
    tokenizer = AutoTokenizer.from_pretrained(prepare(tmp_path / "small.gguf", lambda _: None))
    assert tokenizer("abc ab").input_ids == [TOKENS.index(token) for token in ("ab", "c", "Ġ", "ab")]
    asked = tokenizer.apply_chat_template(
        [{"role": "user", "content": "ab"}], add_generation_prompt=True, return_dict=False
    )
    assert [TOKENS[token] for token in asked] == ["<|im_start|>", "ab", "<|im_end|>", "<|im_start|>"]


def test_it_is_made_once_and_anew_for_what_has_changed(tmp_path: Path) -> None:
    source = tmp_path / "small.gguf"
    written(source)
    said: list[str] = []
    assert prepared(source) is None
    folder = prepare(source, said.append)
    assert prepare(source, said.append) == folder == prepared(source) == tmp_path / FOLDER
    assert len(said) == 1
    with (folder / WEIGHTS).open("r+b") as weights:
        weights.seek(-20, os.SEEK_END)
        weights.write(b"x")
    assert prepared(source) is None
    assert prepare(source, said.append) == prepared(source)
    (folder / RECORD).write_text("{")
    assert prepared(source) is None
    prepare(source, said.append)
    source.write_bytes(source.read_bytes() + bytes(32))
    assert prepared(source) is None
    assert len(said) == 3


def test_what_was_just_made_is_not_read_once_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = tmp_path / "small.gguf"
    written(source)
    folder = prepare(source, lambda _: None)
    monkeypatch.setattr("index.fetching._sha256", lambda path: pytest.fail(f"{path} is read again"))
    assert prepared(source) == folder


def test_a_copy_of_it_is_as_good(tmp_path: Path) -> None:
    source = tmp_path / "here" / "small.gguf"
    source.parent.mkdir()
    written(source)
    prepare(source, lambda _: None)
    shutil.copytree(source.parent, tmp_path / "there", copy_function=shutil.copyfile)
    assert prepared(tmp_path / "there" / "small.gguf") == tmp_path / "there" / FOLDER


def test_what_a_killed_preparation_left_is_cleared_away(tmp_path: Path) -> None:
    source = tmp_path / "small.gguf"
    written(source)
    left = tmp_path / f".{FOLDER}.partial"
    left.mkdir()
    (left / WEIGHTS).write_bytes(b"half")
    assert prepared(source) is None
    assert prepare(source, lambda _: None) == prepared(source)
    assert not left.exists()


def test_too_little_disk_is_one_line_and_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = tmp_path / "small.gguf"
    written(source)
    usage = shutil.disk_usage(tmp_path)._replace(free=1_000)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    with pytest.raises(UserError, match=r"needs 0\.2 GB of disk in .* model_runtime") as raised:
        prepare(source, lambda _: None)
    assert "\n" not in str(raised.value)
    assert sorted(path.name for path in tmp_path.iterdir() if path.suffix != ".lock") == ["small.gguf"]


def test_another_architecture_is_refused_by_name(tmp_path: Path) -> None:
    source = tmp_path / "other.gguf"
    written(source, "llama")
    with pytest.raises(UserError, match=r"other\.gguf is no qwen2 model"):
        prepare(source, lambda _: None)
    assert prepared(source) is None


def test_the_record_says_what_was_made_of_what(tmp_path: Path) -> None:
    source = tmp_path / "small.gguf"
    written(source)
    folder = prepare(source, lambda _: None)
    record = json.loads((folder / RECORD).read_text())
    assert record["source"] == source.stat().st_size
    assert record["size"] == (folder / WEIGHTS).stat().st_size


def test_low_rank_weights_act_from_their_row_on(tmp_path: Path) -> None:
    source = tmp_path / "small.gguf"
    written(source)
    folder = prepare(source, lambda _: None)
    name = adapter_name(0, "self_attn.o_proj")
    assert name == "blk.0.attn_output.weight"
    path = tmp_path / "adapter.gguf"
    writer = GGUFWriter(path, "qwen2")
    writer.add_float32("adapter.lora.alpha", 4.0)
    writer.add_array("adapter.alora.invocation_tokens", [2, 7])
    random = np.random.default_rng(5)
    writer.add_tensor(f"{name}.lora_a", random.normal(size=(2, WIDTH)).astype(np.float16))
    writer.add_tensor(f"{name}.lora_b", random.normal(size=(WIDTH, 2)).astype(np.float16))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    adapter = Adapter(path)
    assert adapter.layers == 1
    assert adapter.invocation == (2, 7)
    assert adapter.begins([2, 7, 1, 2, 7, 3]) == 3
    assert adapter.begins([2, 1, 7]) == 3
    assert Adapter().begins([2, 7]) == 2
    model = Qwen2(folder, adapter)
    tokens = [0, 3, 5, 2, 7, 1]
    with torch.inference_mode():
        bare = scores(model, tokens)
        adapter.first = 3
        changed = scores(model, tokens)
        adapter.first = None
        assert torch.equal(scores(model, tokens), bare)
    assert torch.equal(changed[:3], bare[:3])
    assert not torch.allclose(changed[3], bare[3], atol=0.01)
    first, second = adapter.of(name) or (torch.empty(0), torch.empty(0))
    assert second.shape == (WIDTH, 2)
    assert first.shape == (2, WIDTH)


def test_two_whole_numbers_hold_what_one_rounds_away() -> None:
    random = torch.Generator().manual_seed(4)
    weight = torch.randint(-127, 128, (24, 64), generator=random, dtype=torch.int8)
    scale = torch.rand(24, generator=random) / 100
    rows = torch.randn(5, 64, generator=random)
    rows[:, 3] *= 40
    expected = rows @ (weight.float() * scale[:, None]).t()

    def wrong(fine: bool, given: torch.Tensor, whole: bool = True) -> float:
        layer = Int8Linear(weight, scale, None, Activations(), (), fine, whole)
        return float((layer(given) - expected[: len(given)]).abs().max())

    assert wrong(True, rows[:1]) < wrong(False, rows[:1]) / 10
    assert wrong(True, rows[:1]) < wrong(False, rows) / 100
    # Without eight-bit products a fine layer makes its results of all 32 bits, and no layer rounds to eight.
    assert wrong(True, rows, whole=False) < wrong(False, rows, whole=False) / 1000
    assert wrong(False, rows, whole=False) < wrong(False, rows)


def test_of_many_results_the_largest_are_exact(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.models.int8._EXACT", 3)
    random = torch.Generator().manual_seed(5)
    weight = torch.randint(-127, 128, (40, 64), generator=random, dtype=torch.int8)
    scale = torch.rand(40, generator=random) / 100
    rows = torch.randn(4, 64, generator=random)
    expected = rows @ (weight.float() * scale[:, None]).t()
    found = Int8Linear(weight, scale, None, Activations(), (), True, whole=False)(rows)
    assert torch.allclose(found.topk(2).values, expected.topk(2).values, atol=1e-5)
    assert torch.equal(found.argmax(dim=1), expected.argmax(dim=1))
    assert torch.allclose(found, expected, atol=0.06)
