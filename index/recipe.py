"""What an index was made of, and how one differs from another."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from corpus.records import Document, Passage
from corpus.splitting import Splitter
from index.encoders import Encoder, SparseEncoder
from index.finding import Changes


def recipe_of(
    documents: Sequence[Document],
    passages: Sequence[Passage],
    encoder: Encoder,
    sparse: SparseEncoder | None,
    splitter: Splitter,
) -> dict[str, Any]:
    """Everything an index depends on. Two equal recipes make the same index."""
    lines = hashlib.sha256()
    for passage in passages:
        lines.update(json.dumps(asdict(passage), ensure_ascii=False).encode())
    return {
        "embedding": encoder.fingerprint,
        "sparse": "" if sparse is None else sparse.fingerprint,
        "splitter": repr(splitter),
        "documents": {
            document.name: hashlib.sha256(f"{document.digest}\0{document.title}\0{document.text}".encode()).hexdigest()
            for document in documents
        },
        "passages": lines.hexdigest(),
    }


def difference(old: dict[str, Any], new: dict[str, Any]) -> str:
    if old.get("embedding") != new["embedding"] or old.get("sparse") != new["sparse"]:
        return "the models have changed"
    if old.get("splitter") != new["splitter"]:
        return "documents are split another way now"
    if old.get("documents") != new["documents"]:
        return "the documents have changed"
    return "passages are made another way now"


def changes_between(manifest: dict[str, Any] | None, recipe: dict[str, Any], reason: str) -> Changes:
    old = manifest["recipe"].get("documents", {}) if manifest else {}
    new = recipe["documents"]
    return Changes(
        added=tuple(sorted(new.keys() - old.keys())),
        changed=tuple(sorted(name for name in new.keys() & old.keys() if new[name] != old[name])),
        removed=tuple(sorted(old.keys() - new.keys())),
        reason=reason,
    )


def line(changes: Changes, documents: int, passages: int) -> str:
    counts = ", ".join(
        f"{len(names)} {what}"
        for what, names in (("added", changes.added), ("changed", changes.changed), ("removed", changes.removed))
        if names
    )
    start = f"Building the index of {documents} documents, {passages} passages: {changes.reason}"
    return f"{start} ({counts})" if counts else start
