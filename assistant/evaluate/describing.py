"""What run.json holds: everything that decides the answers of a run, and nothing that does not."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from importlib.metadata import version
from importlib.resources import files
from typing import Any

from assistant.evaluate.cases import Case
from assistant.evaluate.claims import Claim
from assistant.evaluate.journal import digest
from assistant.settings import Settings

_OF_THE_ANSWERS = {
    "documents", "shipped_guidance", "model", "model_url", "model_context", "embedding", "sparse", "reranker",
    "passages", "answerable_threshold", "mask_personal_data",
}  # fmt: skip


def describe(kind: str, content: Sequence[object], seed: int, about: Mapping[str, Any]) -> dict[str, Any]:
    """The description of a run, by which a resumed one is known to be the same.

    ``content`` is what is asked; cases are told apart by it and not by the file's name or place.
    """
    return {
        "kind": kind,
        "content": digest([repr(part) for part in _without_places(content)]),
        "count": len(content),
        "seed": seed,
        "version": version("strategy-assistant"),
        "prompts": prompts_digest(),
        **about,
    }


def described(settings: Settings) -> dict[str, Any]:
    """The settings that can change an answer, as plain values."""
    return settings.model_dump(mode="json", include=_OF_THE_ANSWERS)


def prompts_digest() -> str:
    """A short name for the prompts, the same for the same prompts."""
    folder = files("assistant").joinpath("prompts")
    prompts = sorted((entry.name, entry.read_text(encoding="utf-8")) for entry in folder.iterdir() if entry.is_file())
    return digest(prompts)


def _without_places(content: Sequence[object]) -> list[object]:
    return [replace(part, where="") if isinstance(part, (Case, Claim)) else part for part in content]
