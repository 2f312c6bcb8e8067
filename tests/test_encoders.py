"""Real and fake encoders. Nothing here may reach for a network."""

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from corpus.errors import UserError
from index import FakeEncoder, FakeSparseEncoder, SentenceTransformerEncoder, SpladeEncoder
from index.bert import Bert
from index.encoders import encode_questions, open_encoder, open_reranker, open_sparse_encoder, plain_cosine
from index.model_folder import folder_fingerprint


@pytest.fixture
def models() -> Path:
    """The data folder that holds the pulled models."""
    from assistant.settings import read
    from index.weights import listed

    home = read().home
    missing = [model.name for model in listed(home)[:2] if model.state != "here"]
    if missing:
        pytest.fail(f"run: strategy-assistant models pull {missing[0]}")
    return home


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[object]]:
    """Every attempt to reach a host, each of which fails."""
    tried: list[object] = []

    def refuse(*args: object, **options: object) -> None:
        tried.append(args)
        raise OSError("no network in this test")

    monkeypatch.delenv("HF_HUB_OFFLINE", raising=False)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(socket.socket, "connect", refuse)
    return tried


TEXTS = ["Leaders fund one platform.", "", "Teams experiment.", "Leaders fund one platform."]


def test_fake_vectors_are_units_and_the_same_everywhere() -> None:
    vectors = FakeEncoder(8).encode(TEXTS)
    assert (vectors.shape, vectors.dtype) == ((4, 8), np.float32)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, rtol=1e-6)
    assert (vectors[0] == vectors[3]).all()
    assert not np.allclose(vectors[0], vectors[2])
    np.testing.assert_allclose(FakeEncoder(4).encode(["teams"])[0], [0, 0, 0, 1])


def test_fake_vectors_of_texts_that_share_words_are_nearer() -> None:
    asked, near, far = FakeEncoder(256).encode(["funding a platform", "one platform for funding", "small teams first"])
    assert asked @ near > asked @ far


def test_fake_sparse_vectors_count_shared_words() -> None:
    vectors = FakeSparseEncoder().encode(["one two three", "three, two!", ""])
    assert (vectors @ vectors.T).toarray().tolist() == [[3, 2, 0], [2, 2, 0], [0, 0, 0]]


def test_a_fingerprint_follows_the_weights(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}")
    weights = tmp_path / "model.safetensors"
    weights.write_bytes(bytes(300_000))
    before = folder_fingerprint(tmp_path)
    assert folder_fingerprint(tmp_path) == before
    (tmp_path / ".verified.json").write_text("{}")
    assert folder_fingerprint(tmp_path) == before
    weights.write_bytes(bytes(299_999) + b"1")
    assert folder_fingerprint(tmp_path) != before


def test_a_missing_model_says_what_to_do(tmp_path: Path) -> None:
    for opener in (open_encoder, open_sparse_encoder, open_reranker):
        with pytest.raises(UserError, match="strategy-assistant models pull minilm"):
            opener("minilm", tmp_path)
        with pytest.raises(UserError, match="name a folder"):
            opener("no such folder", tmp_path)
        with pytest.raises(UserError, match=r"no .*model in"):
            opener(str(tmp_path), tmp_path)


def test_a_folder_that_is_no_model_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text('{"model_type": "nothing-known"}')
    for encoder in (SentenceTransformerEncoder(tmp_path), SpladeEncoder(tmp_path)):
        with pytest.raises(UserError, match="does not load") as caught:
            encoder.encode(["x"])
        assert "\n" not in str(caught.value)


def test_nothing_named_is_nothing(tmp_path: Path) -> None:
    assert open_sparse_encoder("", tmp_path) is None
    assert open_reranker("", tmp_path) is None
    assert isinstance(open_encoder("fake", tmp_path), FakeEncoder)


@pytest.mark.models
def test_minilm_knows_meaning_without_a_network(models: Path, no_network: list[object]) -> None:
    encoder = open_encoder("minilm", models)
    vectors = encoder.encode(["Who leads?", "The executives are in charge.", "Bananas are yellow."])
    assert (vectors.shape, vectors.dtype) == ((3, 384), np.float32)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, rtol=1e-5)
    assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2] + 0.2
    assert encoder.encode([]).shape[0] == 0
    assert no_network == []
    assert "HF_HUB_OFFLINE" not in os.environ


@pytest.mark.models
def test_minilm_by_its_name_finds_passages_with_the_weights_that_ship(models: Path) -> None:
    from assistant.evaluate.cases import load_cases
    from assistant.evaluate.run import shipped_cases
    from corpus import load, shipped_guidance, split

    passages = [one for file in sorted(shipped_guidance().glob("*.md")) for one in split(load(file))]
    cases = [case for case in load_cases(shipped_cases()) if case.kind == "direct" and case.evidence]
    found = []
    for encoder in (SentenceTransformerEncoder(models / "models" / "minilm", "minilm"), open_encoder("minilm", models)):
        asked = encode_questions(encoder, [case.question for case in cases])
        scores = asked @ encoder.encode([passage.text for passage in passages]).T
        ranks = []
        for case, row in zip(cases, scores, strict=True):
            right = [at for at, p in enumerate(passages) if any(words in p.text for words in case.evidence[0])]
            ranks.append(int((row > row[right].max()).sum()))
        found.append(np.mean([1 / (1 + rank) for rank in ranks]))
    plain, adapted = found
    assert adapted > plain + 0.05


def test_a_cosine_is_its_own_without_an_adapter_and_is_put_to_that_scale_with_one(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}")
    adapter = tmp_path / "adapter.safetensors"
    assert plain_cosine(FakeEncoder(), 0.5) == 0.5
    assert plain_cosine(SentenceTransformerEncoder(tmp_path), 0.5) == 0.5
    assert plain_cosine(SentenceTransformerEncoder(tmp_path, "x", adapter), 0.5) == pytest.approx(0.524)


@pytest.mark.models
def test_an_adapter_adds_its_products_to_the_weights_and_marks_the_vectors(models: Path, tmp_path: Path) -> None:
    import torch
    from safetensors.torch import save_file

    folder, name = models / "models" / "minilm", "encoder.layer.0.output.dense"
    first, second = torch.rand(2, 1536), torch.rand(384, 2)
    adapter, other = tmp_path / "adapter.safetensors", tmp_path / "other.safetensors"
    save_file({f"{name}.lora_a": first, f"{name}.lora_b": second}, adapter)
    save_file({f"{name}.lora_a": first, f"{name}.lora_b": 2 * second}, other)
    plain = Bert(folder, 64)
    before = plain.tensors[f"{name}.weight"].clone()
    torch.testing.assert_close(plain.adapted(adapter).tensors[f"{name}.weight"], before + second @ first)
    torch.testing.assert_close(plain.tensors[f"{name}.weight"], before)
    assert len({SentenceTransformerEncoder(folder, "x", one).fingerprint for one in (None, adapter, other)}) == 3


@pytest.mark.models
def test_a_question_stands_between_where_it_stands_with_the_adapter_and_without(models: Path) -> None:
    adapted, plain = open_encoder("minilm", models), SentenceTransformerEncoder(models / "models" / "minilm", "minilm")
    question = ["Who decides what is bought?"]
    (with_it,), (without,), (asked,) = (
        adapted.encode(question),
        plain.encode(question),
        encode_questions(adapted, question),
    )
    assert with_it @ without < 0.98
    assert asked @ with_it == pytest.approx(asked @ without, abs=1e-5)
    np.testing.assert_allclose(np.linalg.norm(asked), 1, rtol=1e-5)
    np.testing.assert_array_equal(encode_questions(plain, question), plain.encode(question))


@pytest.mark.models
def test_an_adapter_that_is_damaged_is_one_line(models: Path, tmp_path: Path) -> None:
    adapter = tmp_path / "adapter.safetensors"
    adapter.write_bytes(b"nothing of the kind")
    encoder = SentenceTransformerEncoder(models / "models" / "minilm", "x", adapter)
    with pytest.raises(UserError, match=r"does not load: adapter\.safetensors: "):
        encode_questions(encoder, ["Who leads?"])


@pytest.mark.models
def test_minilm_gives_the_vectors_of_sentence_transformers(models: Path, no_network: list[object]) -> None:
    from sentence_transformers import SentenceTransformer

    texts = ["Who leads?", "The executives decide on the budget, and the teams on the work. " * 40, "", "naïve 日本"]
    reference = SentenceTransformer(str(models / "models" / "minilm"), device="cpu", local_files_only=True)
    expected = reference.encode(texts, normalize_embeddings=True, show_progress_bar=False)
    plain = SentenceTransformerEncoder(models / "models" / "minilm")
    np.testing.assert_allclose(plain.encode(texts), expected, atol=2e-6)
    assert no_network == []


@pytest.mark.models
def test_splade_gives_the_vectors_of_sentence_transformers(models: Path, no_network: list[object]) -> None:
    from sentence_transformers import SparseEncoder

    texts = ["Who leads?", "The executives decide on the budget, and the teams on the work. " * 40, "", "Bananas"]
    encoder = open_sparse_encoder("splade-tiny", models)
    assert encoder is not None
    reference = SparseEncoder(str(models / "models" / "splade-tiny"), device="cpu", local_files_only=True)
    reference.max_seq_length = 256
    expected = reference.encode(texts, convert_to_sparse_tensor=False, show_progress_bar=False).numpy()
    np.testing.assert_allclose(encoder.encode(texts).toarray(), expected, rtol=1e-4, atol=1e-5)
    assert no_network == []
