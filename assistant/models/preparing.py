"""A model's GGUF file made ready for PyTorch, once: every weight a whole number of eight bits, a scale for each row.

llama.cpp's prebuilt package counts with instructions that every processor has. PyTorch multiplies whole numbers with
those of the newer ones, and reads a prompt several times as fast there. The eight-bit weights come from the very file
that was verified, and lie in a folder beside it.
"""

import json
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from corpus.errors import UserError
from index.catalogue import File
from index.fetching import made, whole
from index.weights import Progress

if TYPE_CHECKING:
    from torch import Tensor

ARCHITECTURE = "qwen2"
FOLDER = "int8"
WEIGHTS, RECORD = "model.safetensors", "prepared.json"
CONFIG, TOKENIZER, TEMPLATE = "config.json", "tokenizer.json", "chat_template.jinja"
"""As transformers calls the files of a model and a tokenizer that it saves."""
SCALE = "_scale"
"""What the name of a weight's row scales adds to its own."""
_FORMAT = 1
LARGEST = 127
"""The largest whole number of eight bits that is used, as far from zero as the smallest."""
_SPARE = 200 << 20
_CONTROL, _OF_USERS = 3, 4
"""The kinds of token that GGUF calls control tokens and user-defined ones."""
LINEAR = {
    "attn_q": "self_attn.q_proj",
    "attn_k": "self_attn.k_proj",
    "attn_v": "self_attn.v_proj",
    "attn_output": "self_attn.o_proj",
    "ffn_gate": "mlp.gate_proj",
    "ffn_up": "mlp.up_proj",
    "ffn_down": "mlp.down_proj",
}
"""The linear layers by their names in a GGUF file, and what transformers calls them."""
_MODULES = {**LINEAR, "attn_norm": "input_layernorm", "ffn_norm": "post_attention_layernorm"}
_IN_FILES = {there: here for here, there in LINEAR.items()}
_OUTER = {"token_embd": "model.embed_tokens", "output_norm": "model.norm", "output": "lm_head"}


def prepared(source: Path) -> Path | None:
    """The folder that was made from the file, if it is whole; None where there is none.

    As with what is pulled, the weights are compared with their SHA-256, which is remembered by size and time of change.
    """
    folder = source.parent / FOLDER
    try:
        record = json.loads((folder / RECORD).read_text(encoding="utf-8"))
        weights = File(WEIGHTS, int(record["size"]), str(record["sha256"]), ())
        made_of_it = (record["format"], record["source"]) == (_FORMAT, source.stat().st_size)
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return folder if made_of_it and whole(weights, folder) else None


def prepare(source: Path, progress: Progress) -> Path:
    """The folder for ``source``, made where it is missing: about a minute and twice the file's size on disk.

    Raises ``UserError`` where it cannot be written, or where the file is of another architecture than `ARCHITECTURE`.
    """
    from filelock import FileLock

    folder = prepared(source)
    if folder is not None:
        return folder
    try:
        with FileLock(source.parent / f".{FOLDER}.lock"):
            folder = prepared(source)
            return folder if folder is not None else _make(source, progress)
    except OSError as error:
        raise UserError(
            f"{source.name} cannot be prepared for this processor ({error.strerror or error}): it needs "
            f"{_disk(source) / 1e9:.1f} GB of disk in {source.parent}, or model_runtime = "
            '"llama.cpp", which answers more slowly'
        ) from error


def _make(source: Path, progress: Progress) -> Path:
    folder = source.parent / FOLDER
    partial = source.parent / f".{FOLDER}.partial"
    shutil.rmtree(partial, ignore_errors=True)
    free = shutil.disk_usage(source.parent).free
    if free < _disk(source):
        raise OSError(f"{free / 1e9:.1f} GB are free")
    progress(f"Preparing {source.stem} for this processor, which takes about a minute and is done once")
    partial.mkdir()
    try:
        _write(source, partial)
        weights = made(WEIGHTS, partial)
        record = {
            "format": _FORMAT,
            "source": source.stat().st_size,
            "size": weights.size,
            "sha256": weights.sha256,
        }
        (partial / RECORD).write_text(json.dumps(record), encoding="utf-8")
        shutil.rmtree(folder, ignore_errors=True)
        partial.rename(folder)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return folder


def _disk(source: Path) -> int:
    """Bytes that have to be free for what is made of ``source``."""
    return 2 * source.stat().st_size + _SPARE


def _write(source: Path, folder: Path) -> None:
    from gguf import GGUFReader
    from safetensors.torch import save_file

    reader = GGUFReader(source)

    def value(name: str) -> Any:
        return reader.fields[name].contents()

    if value("general.architecture") != ARCHITECTURE:
        raise UserError(f'{source.name} is no {ARCHITECTURE} model: it runs with model_runtime = "llama.cpp"')
    weights: dict[str, Tensor] = {}
    with ThreadPoolExecutor(max_workers=2) as workers:
        for tensors in workers.map(_whole_numbers, reader.tensors):
            weights |= tensors
    _config(value, "lm_head.weight" not in weights).save_pretrained(folder)
    _tokenizer(value).save_pretrained(folder)
    save_file(weights, folder / WEIGHTS)
    (folder / WEIGHTS).chmod(source.stat().st_mode & 0o777)


def _config(value: Callable[[str], Any], tied: bool) -> Any:
    from transformers import Qwen2Config

    return Qwen2Config(
        vocab_size=len(value("tokenizer.ggml.tokens")),
        hidden_size=value("qwen2.embedding_length"),
        intermediate_size=value("qwen2.feed_forward_length"),
        num_hidden_layers=value("qwen2.block_count"),
        num_attention_heads=value("qwen2.attention.head_count"),
        num_key_value_heads=value("qwen2.attention.head_count_kv"),
        max_position_embeddings=value("qwen2.context_length"),
        rms_norm_eps=value("qwen2.attention.layer_norm_rms_epsilon"),
        rope_parameters={"rope_type": "default", "rope_theta": value("qwen2.rope.freq_base")},
        eos_token_id=value("tokenizer.ggml.eos_token_id"),
        tie_word_embeddings=tied,
    )


def _tokenizer(value: Callable[[str], Any]) -> Any:
    from tokenizers import AddedToken
    from transformers import Qwen2Tokenizer

    tokens, kinds = value("tokenizer.ggml.tokens"), value("tokenizer.ggml.token_type")
    # The annotation asks for strings, which are not split into their two halves.
    merges: Any = [tuple(merge.split(" ")) for merge in value("tokenizer.ggml.merges")]
    tokenizer = Qwen2Tokenizer(vocab={token: place for place, token in enumerate(tokens)}, merges=merges)
    tokenizer.add_tokens(
        [
            AddedToken(token, special=kind == _CONTROL, normalized=False)
            for token, kind in zip(tokens, kinds, strict=True)
            if kind in (_CONTROL, _OF_USERS)
        ]
    )
    tokenizer.chat_template = value("tokenizer.chat_template")
    return tokenizer


def _whole_numbers(tensor: Any) -> "dict[str, Tensor]":
    """A tensor by PyTorch's name; a matrix with the scale of each of its rows beside it."""
    import torch
    from gguf.quants import dequantize

    values = torch.from_numpy(np.array(dequantize(tensor.data, tensor.tensor_type)))
    name = _named(tensor.name)
    if values.ndim == 1:
        return {name: values.float()}
    scale = values.abs().amax(dim=1, keepdim=True).clamp(min=1e-12) / LARGEST
    return {name: torch.round(values / scale).to(torch.int8), name + SCALE: scale[:, 0].float()}


def _named(name: str) -> str:
    """What transformers calls a tensor of a GGUF file."""
    stem, _, kind = name.rpartition(".")
    if stem in _OUTER:
        return f"{_OUTER[stem]}.{kind}"
    _, layer, module = stem.split(".")
    return f"model.layers.{layer}.{_MODULES[module]}.{kind}"


def adapter_name(layer: int, module: str) -> str:
    """What a GGUF file of low-rank weights calls the module of a layer that transformers calls ``module``."""
    return f"blk.{layer}.{_IN_FILES[module]}.weight"
