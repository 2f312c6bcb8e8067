"""The vectors of a build, in order, from wherever each is: the versions before, or what was embedded just now."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from corpus.records import Passage
from index import embedded, versions
from index.contents import checked_store, load_sparse
from index.embedded import Embedded
from index.encoders import Encoder, SparseEncoder
from index.progress import Meter, Progress
from index.store import VectorStore, translated
from index.vectors import Matrix
from index.windows import windows

if TYPE_CHECKING:
    from scipy.sparse import csr_array

BATCH = 64
"""How many texts are encoded at once."""

CHUNK = 2000
"""How many vectors are held at once on their way into the new version."""


@dataclass(frozen=True, slots=True)
class Before:
    """A version's vectors as they may be used again. ``places`` gives the row of each text's digest."""

    places: dict[bytes, int]
    store: VectorStore | None
    sparse: csr_array | None

    def close(self) -> None:
        if self.store is not None:
            self.store.close()


NOTHING = Before({}, None, None)


def read_before(version: Path, manifest: dict[str, Any], embedding: str, sparse: str, url: str = "") -> Before:
    """The vectors of ``version`` that were made by the models with these fingerprints. Raises ``DamagedError``."""
    versions.check_files(version, manifest)
    with translated():
        digests = json.loads((version / "rows.json").read_text(encoding="utf-8"))
        places = {bytes.fromhex(digest): row for row, digest in enumerate(digests)}
    recipe = manifest["recipe"]
    store = checked_store(version, manifest, len(digests), url)
    if recipe.get("embedding") != embedding and store is not None:
        store.close()
        store = None
    try:
        return Before(places, store, load_sparse(version) if sparse and recipe.get("sparse") == sparse else None)
    except BaseException:
        if store is not None:
            store.close()
        raise


def digests_of(passages: Sequence[Passage]) -> tuple[list[bytes], np.ndarray]:
    """The digest of every window of the passages, in order, and the number of the passage of each."""
    digests: list[bytes] = []
    owners: list[int] = []
    for number, passage in enumerate(passages):
        for text in windows(passage):
            digests.append(hashlib.sha256(text.encode()).digest())
            owners.append(number)
    return digests, np.array(owners, dtype=np.int64)


class Rows:
    """The vectors that a version of ``passages`` needs. ``fill`` makes those that are nowhere yet."""

    def __init__(
        self,
        folder: Path,
        passages: Sequence[Passage],
        digests: Sequence[bytes],
        encoder: Encoder,
        sparse: SparseEncoder | None,
        before: Before,
    ) -> None:
        self._folder = folder
        self._passages = passages
        self._digests = digests
        self._encoder = encoder
        self._sparse = sparse
        self._before = before

    def fill(self, progress: Progress) -> None:
        """Embeds what has to be, a batch at a time; each batch is kept on disk before the next begins."""

        def dense(texts: list[str]) -> list[bytes]:
            return embedded.dense_values(self._encoder.encode(texts))

        known = self._before.places if self._before.store is not None else {}
        self._fill(self._encoder.fingerprint, known, dense, "Embedding new passages:", progress)
        weigh = self._sparse
        if weigh is None:
            return

        def sparse(texts: list[str]) -> list[bytes]:
            return embedded.sparse_values(weigh.encode(texts))

        known = self._before.places if self._before.sparse is not None else {}
        self._fill(weigh.fingerprint, known, sparse, "Weighing the words of new passages:", progress)

    def _fill(
        self,
        fingerprint: str,
        known: Mapping[bytes, int],
        encode: Callable[[list[str]], list[bytes]],
        what: str,
        progress: Progress,
    ) -> None:
        with Embedded(self._folder, fingerprint) as log:
            missing = {digest for digest in self._digests if digest not in known and digest not in log}
            meter, total = Meter(what, len(missing), progress), len(missing)
            digests: list[bytes] = []
            texts: list[str] = []
            for digest, text in zip(self._digests, self._texts(), strict=True):
                if digest in missing:
                    missing.discard(digest)
                    digests.append(digest)
                    texts.append(text)
                if len(texts) == BATCH or (texts and not missing):
                    log.add(digests, encode(texts))
                    digests, texts = [], []
                    meter.reached(total - len(missing))
                if not missing:
                    break

    def dense(self) -> Iterator[Matrix]:
        """All vectors in order, ``CHUNK`` at a time at most."""
        with Embedded(self._folder, self._encoder.fingerprint) as log:
            for start in range(0, len(self._digests), CHUNK):
                part = self._digests[start : start + CHUNK]
                fresh = {
                    place: embedded.dense_row(log.read(digest)) for place, digest in enumerate(part) if digest in log
                }
                kept = [place for place in range(len(part)) if place not in fresh]
                old = self._kept([self._before.places[part[place]] for place in kept])
                rows = dict(zip(kept, old, strict=True)) | fresh
                yield np.stack([rows[place] for place in range(len(part))])

    def sparse(self) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """The columns and weights of every sparse row in order."""
        if self._sparse is None:
            return
        before = self._before.sparse
        with Embedded(self._folder, self._sparse.fingerprint) as log:
            for digest in self._digests:
                if digest in log:
                    yield embedded.sparse_row(log.read(digest))
                elif before is not None:
                    row = self._before.places[digest]
                    start, end = before.indptr[row], before.indptr[row + 1]
                    yield before.indices[start:end], before.data[start:end]

    def _kept(self, rows: list[int]) -> Matrix:
        if not rows or self._before.store is None:
            return np.zeros((0, 0), dtype=np.float32)
        once, places = np.unique(rows, return_inverse=True)
        with translated():
            return self._before.store.vectors([int(row) for row in once])[places]

    def _texts(self) -> Iterator[str]:
        for passage in self._passages:
            yield from windows(passage)
