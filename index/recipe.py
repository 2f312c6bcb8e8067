"""What an index was made of, and how one differs from another."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from corpus.counting import counted
from corpus.records import Document, Passage
from corpus.splitting import Splitter
from index.contents import passage_line
from index.encoders import Encoder, SparseEncoder
from index.finding import Changes
from index.surroundings import STRETCH


def recipe_of(
    documents: Sequence[Document],
    passages: Sequence[Passage],
    encoder: Encoder,
    sparse: SparseEncoder | None,
    splitter: Splitter,
    *,
    on_server: bool = False,
) -> dict[str, Any]:
    """Everything an index depends on. Two equal recipes make the same index."""
    lines = hashlib.sha256()
    for passage in passages:
        lines.update(json.dumps(passage_line(passage), ensure_ascii=False).encode())
    return {
        # Named only where there is one.
        **({"vectors": "server"} if on_server else {}),
        "embedding": encoder.fingerprint,
        "sparse": "" if sparse is None else sparse.fingerprint,
        "splitter": repr(splitter),
        "stretch": STRETCH,
        "documents": {document.name: hashlib.sha256(_told(document).encode()).hexdigest() for document in documents},
        "files": {document.name: document.digest for document in documents},
        "places": _places(documents),
        "passages": lines.hexdigest(),
    }


def _told(document: Document) -> str:
    # What its owner should know is named only where there is something, as above.
    known = (document.recognised, document.unread, document.orders)
    return f"{document.digest}\0{document.title}\0{document.text}{f'{chr(0)}{known}' if any(known) else ''}"


def _places(documents: Sequence[Document]) -> str:
    """Where the files lie: beside them are the rules for advice and the questions to begin with."""
    places = {document.name: str(Path(document.path).resolve()) for document in documents if document.path}
    return hashlib.sha256(json.dumps(places, sort_keys=True).encode()).hexdigest()


def difference(old: dict[str, Any], new: dict[str, Any]) -> str:
    if old.get("embedding") != new["embedding"] or old.get("sparse") != new["sparse"]:
        return "the models have changed"
    if old.get("splitter") != new["splitter"]:
        return "documents are split another way now"
    if old.get("stretch") != new["stretch"]:
        return "passages are searched another way now"
    if old.get("vectors") != new.get("vectors"):
        return "vectors are kept elsewhere now"
    if old.get("documents") != new["documents"]:
        return "the documents have changed"
    if old.get("places") != new["places"]:
        return "the documents lie elsewhere now"
    return "passages are made another way now"


def changes_between(manifest: dict[str, Any] | None, recipe: dict[str, Any], reason: str) -> Changes:
    """What became of the documents of ``manifest`` in ``recipe``."""
    before = manifest["recipe"] if manifest else {}
    old, new = before.get("documents", {}), recipe["documents"]
    gone = {before.get("files", {}).get(name): name for name in sorted(old.keys() - new.keys(), reverse=True)}
    renamed = []
    for name in sorted(new.keys() - old.keys()):
        was = gone.pop(recipe["files"][name], None)
        if was is not None:
            renamed.append((was, name))
    moved = {name for pair in renamed for name in pair}
    return Changes(
        added=tuple(sorted(new.keys() - old.keys() - moved)),
        changed=tuple(sorted(name for name in new.keys() & old.keys() if new[name] != old[name])),
        removed=tuple(sorted(old.keys() - new.keys() - moved)),
        reason=reason,
        renamed=tuple(renamed),
    )


def line(changes: Changes, documents: int, passages: int) -> str:
    kinds = {
        "added": len(changes.added),
        "changed": len(changes.changed),
        "renamed": len(changes.renamed),
        "removed": len(changes.removed),
    }
    counts = ", ".join(f"{count} {what}" for what, count in kinds.items() if count)
    start = f"Building the index of {counted(documents, 'document')}, {counted(passages, 'passage')}: {changes.reason}"
    return f"{start} ({counts})" if counts else start
