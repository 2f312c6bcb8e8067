"""Building a version of an index: only what is nowhere yet is embedded, and nothing is held that disk can hold."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from corpus.errors import UserError
from corpus.records import Document, Passage
from index import embedded, filed, history, served, versions
from index.contents import AROUND, sample, vectors_digest, write_keywords, write_sparse, write_texts
from index.encoders import Encoder, SparseEncoder
from index.finding import Changes, same_words
from index.keywords import Keywords
from index.progress import Progress, silent
from index.recipe import changes_between, difference, line
from index.rows import NOTHING, Before, Rows, digests_of, read_before
from index.store import DamagedError, write_chroma
from index.surroundings import largest, texts_of
from index.vectors import Matrix


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the index in ``folder`` is to be made of; ``url`` is the Chroma server for its vectors, empty without."""

    folder: Path
    documents: tuple[Document, ...]
    passages: tuple[Passage, ...]
    encoder: Encoder
    sparse: SparseEncoder | None
    recipe: dict[str, Any]
    url: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a build would do. ``texts`` is how many pieces of text it would embed."""

    changes: Changes
    documents: int
    passages: int
    texts: int


def plan(wanted: Wanted) -> Plan:
    """What ``build`` would do now; nothing is written."""
    manifest, reason = serving(wanted)
    changes = changes_between(manifest, wanted.recipe, reason)
    texts = 0
    if reason and next(alike(wanted), None) is None:
        digests, _ = digests_of(wanted.passages)
        with closing(_before(wanted)) as before:
            known = before.places if before.store is not None else {}
            texts = len({digest for digest in digests if digest not in known})
    return Plan(changes, len(wanted.documents), len(wanted.passages), texts)


def serving(wanted: Wanted) -> tuple[dict[str, Any] | None, str]:
    """The manifest of the version that serves, and why it is not the wanted one; empty where it is."""
    manifest = None
    try:
        version = versions.current(wanted.folder)
        if version is None:
            return None, "there is no index yet"
        manifest = versions.read_manifest(version)
        versions.check_files(version, manifest)
    except DamagedError as error:
        return manifest, f"the stored index is damaged or outdated: {error}"
    return manifest, "" if manifest["recipe"] == wanted.recipe else difference(manifest["recipe"], wanted.recipe)


def alike(wanted: Wanted) -> Iterator[Path]:
    """Versions other than the serving one that were made of just this, the newest first."""
    try:
        now = versions.current(wanted.folder)
    except DamagedError:
        now = None
    for version in versions.finished(wanted.folder):
        try:
            if version != now and versions.read_manifest(version)["recipe"] == wanted.recipe:
                yield version
        except DamagedError:
            continue


def build(wanted: Wanted, progress: Progress, reason: str = "") -> tuple[Path, Changes]:
    """Makes a new version of what is wanted and has it serve; needs the lock.

    ``reason`` says why, where that is more than what the files tell. Raises ``OSError`` and ``WriteError`` where it
    cannot be written; whatever is embedded by then is kept for the next build.
    """
    manifest, found = serving(wanted)
    changes = changes_between(manifest, wanted.recipe, reason or found)
    progress(line(changes, len(wanted.documents), len(wanted.passages)))
    digests, owners = digests_of(wanted.passages)
    with closing(_before(wanted, progress)) as before:
        try:
            version = _written(wanted, digests, owners, before, progress)
        except DamagedError:
            # What was kept of an earlier version turned out not to be readable.
            version = _written(wanted, digests, owners, NOTHING, progress)
    embedded.forget(wanted.folder)
    versions.tidy(wanted.folder, version.name, history.held(wanted.folder))
    if wanted.url:
        served.tidy(wanted.folder, wanted.url)
    return version, changes


def _written(wanted: Wanted, digests: list[bytes], owners: np.ndarray, before: Before, progress: Progress) -> Path:
    rows = Rows(wanted.folder, wanted.passages, digests, wanted.encoder, wanted.sparse, before)
    rows.fill(progress)
    progress("Writing the new version")
    with versions.building(wanted.folder) as place:
        write_keywords(place, Keywords.of(texts_of(wanted.passages)))
        write_texts(place, wanted.documents, wanted.passages)
        if wanted.sparse is not None:
            width = (wanted.sparse.encode([]) if before.sparse is None else before.sparse).shape[1]
            write_sparse(place, rows.sparse(), width)
            write_sparse(place, largest(rows.sparse(), wanted.passages, owners), width, AROUND)
        spread = Spread(wanted.encoder, len(digests))
        dense = filed.written(place, spread.watched(rows.dense()))
        held: dict[str, Any] = {}
        if digests and wanted.url:
            held = {"server": served.write(wanted.folder, wanted.url, dense)}
        elif digests:
            write_chroma(place / "chroma", dense)
        mean, moments = spread.result()
        np.savez(place / "statistics.npz", mean=mean, moments=moments, owners=owners, same=same_words(wanted.passages))
        (place / "rows.json").write_text(json.dumps([digest.hex() for digest in digests]), encoding="utf-8")
        created = datetime.now(UTC)
        described = {
            "recipe": wanted.recipe,
            "created": created.isoformat(timespec="seconds"),
            "counts": {
                "documents": len(wanted.documents),
                "passages": len(wanted.passages),
                "vectors": len(digests),
            },
            "vectors_digest": spread.digest(),
            **held,
        }
        digest = hashlib.sha256(json.dumps(wanted.recipe, sort_keys=True).encode()).hexdigest()[:8]
        return versions.finish(wanted.folder, place, described, f"{created:%Y%m%d-%H%M%S-%f}-{digest}")


def _before(wanted: Wanted, progress: Progress = silent) -> Before:
    """The vectors of the newest version that was made by the same models and can be read.

    A Chroma server that is being left need not answer any more.
    """
    embedding, sparse = wanted.recipe["embedding"], wanted.recipe["sparse"]
    try:
        first = versions.current(wanted.folder)
    except DamagedError:
        first = None
    others = [version for version in versions.finished(wanted.folder) if version != first]
    for version in [*([first] if first is not None else []), *others]:
        try:
            manifest = versions.read_manifest(version)
            if embedding == manifest["recipe"].get("embedding") or (
                sparse and sparse == manifest["recipe"].get("sparse")
            ):
                return read_before(version, manifest, embedding, sparse, wanted.url)
        except DamagedError:
            continue
        except UserError:
            if wanted.url:
                raise
            progress("The Chroma server of before does not answer, so everything is embedded again")
    return NOTHING


class Spread:
    """The mean of vectors, the mean of their outer products and a digest of a sample, taken as they pass."""

    def __init__(self, encoder: Encoder, count: int) -> None:
        self._encoder = encoder
        self._wanted = set(sample(count))
        self._sampled: list[Matrix] = []
        self._count = 0
        self._sum: np.ndarray | None = None
        self._outer: np.ndarray | None = None

    def watched(self, blocks: Iterable[Matrix]) -> Iterator[Matrix]:
        """The blocks as they come."""
        for block in blocks:
            wide = block.astype(np.float64)
            total, outer = wide.sum(axis=0), wide.T @ wide
            self._sum = total if self._sum is None else self._sum + total
            self._outer = outer if self._outer is None else self._outer + outer
            self._sampled.extend(row for place, row in enumerate(block, self._count) if place in self._wanted)
            self._count += len(block)
            yield block

    def result(self) -> tuple[Matrix, Matrix]:
        """The two means, as float32; zeros where nothing passed."""
        if self._sum is None or self._outer is None:
            dim = self._encoder.encode([]).shape[1]
            return np.zeros(dim, dtype=np.float32), np.zeros((dim, dim), dtype=np.float32)
        return (self._sum / self._count).astype(np.float32), (self._outer / self._count).astype(np.float32)

    def digest(self) -> str:
        """The digest of the sampled vectors, as ``contents.checked_store`` compares it."""
        return vectors_digest(np.stack(self._sampled) if self._sampled else np.zeros((0, 0), dtype=np.float32))
