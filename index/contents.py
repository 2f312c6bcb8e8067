"""The files of one version of an index: writing them, and reading them back only if they are what was written."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from corpus.records import Passage
from index.encoders import Matrix
from index.finding import Contents, spread
from index.keywords import Keywords
from index.store import DamagedError, MemoryStore, VectorStore, open_chroma, translated

if TYPE_CHECKING:
    from scipy.sparse import csr_array

_CHECKED = 2000
"""How many of the vectors are read back and compared at most when an index is opened."""


def read_contents(
    version: Path, passages: tuple[Passage, ...], owners: np.ndarray, store: VectorStore | None, with_sparse: bool
) -> Contents:
    from scipy.sparse import csr_array

    with np.load(version / "statistics.npz", allow_pickle=False) as saved:
        mean, moments = saved["mean"], saved["moments"]
    with np.load(version / "keywords.npz", allow_pickle=False) as saved:
        weights = csr_array((saved["data"], saved["indices"], saved["indptr"]), shape=tuple(saved["shape"]))
    vocabulary = json.loads((version / "vocabulary.json").read_text(encoding="utf-8"))
    return Contents(
        passages=passages,
        owners=owners,
        store=store or MemoryStore(np.zeros((0, len(mean)), dtype=np.float32)),
        mean=mean,
        moments=moments,
        keywords=Keywords(weights, vocabulary),
        sparse=load_sparse(version) if with_sparse else None,
    )


def write_rows(
    place: Path, digests: tuple[str, ...], dense: Matrix, sparse: csr_array | None, keywords: Keywords
) -> None:
    mean, moments = spread(dense)
    np.savez(place / "statistics.npz", mean=mean, moments=moments)
    if sparse is not None:
        _save_sparse(place / "sparse.npz", sparse)
    _save_sparse(place / "keywords.npz", keywords.weights)
    (place / "vocabulary.json").write_text(json.dumps(keywords.vocabulary, ensure_ascii=False), encoding="utf-8")
    (place / "rows.json").write_text(json.dumps(digests), encoding="utf-8")


def _save_sparse(path: Path, matrix: csr_array) -> None:
    np.savez_compressed(
        path, data=matrix.data, indices=matrix.indices, indptr=matrix.indptr, shape=np.array(matrix.shape)
    )


def load_sparse(version: Path) -> csr_array:
    from scipy.sparse import csr_array

    try:
        with np.load(version / "sparse.npz", allow_pickle=False) as saved:
            return csr_array((saved["data"], saved["indices"], saved["indptr"]), shape=tuple(saved["shape"]))
    except FileNotFoundError as error:
        raise DamagedError("sparse.npz is missing") from error


def checked_store(version: Path, manifest: dict[str, Any], count: int) -> VectorStore | None:
    """Opens the vectors and reads enough of them back to know that they are those that were written."""
    if count != manifest["counts"]["vectors"]:
        raise DamagedError("it holds another number of vectors")
    if not count:
        return None
    store = open_chroma(version / "chroma")
    try:
        with translated():
            rows = sample(count)
            vectors = store.vectors(rows)
            if store.count != count or vectors_digest(vectors) != manifest["vectors_digest"]:
                raise DamagedError("its vectors have been altered")
            if len(store.nearest(vectors[0], min(count, 100))) != min(count, 100):
                raise DamagedError("its vectors are not all found")
    except BaseException:
        store.close()
        raise
    return store


def sample(count: int) -> list[int]:
    return list(range(0, count, max(1, -(-count // _CHECKED))))


def vectors_digest(vectors: Matrix) -> str:
    return hashlib.sha256(np.ascontiguousarray(vectors, dtype="<f4").tobytes()).hexdigest()
