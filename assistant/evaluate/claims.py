"""The support check alone: claims, the texts they cite, and whether those state them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.evaluate.cases import json_lines
from assistant.evaluate.outcomes import Outcome
from corpus.errors import UserError


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim with the texts it cites; ``supported`` is what people judged."""

    id: str
    claim: str
    evidence: tuple[str, ...]
    supported: bool | None = None
    source: str = ""
    where: str = ""


def load_claims(path: Path) -> list[Claim]:
    """The claims of a JSON lines file. Raises ``UserError`` that names the first malformed line."""
    if not path.is_file():
        raise UserError(f"{path}: no such file; name a file of claims (.jsonl)")
    claims: list[Claim] = []
    seen: set[str] = set()
    for number, values in json_lines(path):
        where = f"{path}:{number}"
        claim, evidence, supported = values.get("claim"), values.get("evidence"), values.get("supported")
        if not isinstance(claim, str) or not claim.strip():
            raise UserError(f'{where}: "claim" must be a text that is not empty')
        if not isinstance(evidence, list) or not all(isinstance(text, str) for text in evidence):
            raise UserError(f'{where}: "evidence" must be a list of texts')
        if supported is not None and not isinstance(supported, bool):
            raise UserError(f'{where}: "supported" must be true or false')
        name = str(values.get("id") or f"line-{number}")
        if name in seen:
            raise UserError(f'{where}: the id "{name}" is used twice; give each claim its own')
        seen.add(name)
        claims.append(Claim(name, claim, tuple(evidence), supported, str(values.get("source") or ""), where))
    if not claims:
        raise UserError(f"{path}: holds no claim")
    return claims


def outcome_of_claim(claim: Claim, entry: Mapping[str, Any] | None) -> Outcome:
    """Measures one verdict; ``entry`` has ``score`` (0 to 1) and ``support``, or the ``error`` the check ended in."""
    slices = (claim.source,) if claim.source else ()
    content = (list(claim.evidence), claim.supported)
    if entry is None or "error" in entry:
        error = (entry or {}).get("error", "no verdict")
        return Outcome(claim.id, claim.claim, parts={"failed": (1.0, 1.0)}, slices=slices, content=content, error=error)
    return Outcome(
        claim.id,
        claim.claim,
        line={
            "id": claim.id,
            "claim": claim.claim,
            "support": entry["support"],
            "score": entry["score"],
            "supported": claim.supported,
            "source": claim.source,
        },
        parts={"failed": (0.0, 1.0)},
        milliseconds={"verify": entry["ms"]} if entry.get("ms") else {},
        texts=tuple((f"Cited text {number}", text) for number, text in enumerate(claim.evidence, 1)),
        truth=claim.supported,
        score=entry["score"],
        verdict=entry["support"] == "supported",
        slices=slices,
        content=content,
    )


def outcomes_of_claims(claims: Sequence[Claim], done: Mapping[str, Mapping[str, Any]]) -> list[Outcome]:
    return [outcome_of_claim(claim, done.get(claim.id)) for claim in claims]
