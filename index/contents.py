"""The files of one version of an index: writing them, and reading them back only if they are what was written."""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from corpus.records import Document, Passage, Section, Source
from index import filed
from index.finding import Contents
from index.keywords import Keywords
from index.store import DamagedError, MemoryStore, VectorStore, open_chroma, open_server, translated
from index.vectors import Matrix

if TYPE_CHECKING:
    from scipy.sparse import csr_array

SPARSE, AROUND = "sparse", "around"
"""The names of the learned sparse vectors of windows and of stretches."""

_CHECKED = 2000
"""How many of the vectors are read back and compared at most when an index is opened."""


_PASSAGE = tuple(field.name for field in fields(Passage))


def read_contents(version: Path, store: VectorStore | None, with_sparse: bool) -> Contents:
    """Everything that ``version`` is searched by; its files have been checked."""
    from scipy.sparse import csr_array

    with np.load(version / "statistics.npz", allow_pickle=False) as saved:
        mean, moments, owners, same = saved["mean"], saved["moments"], saved["owners"], saved["same"]
    with np.load(version / "keywords.npz", allow_pickle=False) as saved:
        weights = csr_array((saved["data"], saved["indices"], saved["indptr"]), shape=tuple(saved["shape"]))
    vocabulary = json.loads((version / "vocabulary.json").read_text(encoding="utf-8"))
    contents = Contents(
        passages=read_passages(version),
        owners=owners,
        store=store or MemoryStore(np.zeros((0, len(mean)), dtype=np.float32)),
        mean=mean,
        moments=moments,
        keywords=Keywords(weights, vocabulary),
        sparse=load_sparse(version) if with_sparse else None,
        around=load_sparse(version, AROUND) if with_sparse else None,
        same=same,
    )
    if weights.shape[0] != contents.stretches.max(initial=-1) + 1:
        raise DamagedError("it was made by an earlier version of this program")
    return contents


def write_keywords(place: Path, keywords: Keywords) -> None:
    _save_matrix(place / "keywords.npz", keywords.weights)
    (place / "vocabulary.json").write_text(json.dumps(keywords.vocabulary, ensure_ascii=False), encoding="utf-8")


def write_sparse(place: Path, rows: Iterable[tuple[np.ndarray, np.ndarray]], width: int, name: str = SPARSE) -> None:
    """Writes rows of columns and weights, over a vocabulary of ``width``, without holding more than one of them."""
    columns, weights = place / "sparse.columns", place / "sparse.weights"
    ends = [0]
    with columns.open("wb") as columns_file, weights.open("wb") as weights_file:
        for indices, data in rows:
            columns_file.write(np.ascontiguousarray(indices, dtype="<i4").tobytes())
            weights_file.write(np.ascontiguousarray(data, dtype="<f4").tobytes())
            ends.append(ends[-1] + len(indices))
    np.savez(
        place / f"{name}.npz",
        data=_mapped(weights, "<f4"),
        indices=_mapped(columns, "<i4"),
        indptr=np.array(ends, dtype=np.int64),
        shape=np.array((len(ends) - 1, width)),
    )
    columns.unlink()
    weights.unlink()


def _mapped(path: Path, kind: str) -> np.ndarray:
    return np.memmap(path, dtype=kind, mode="r") if path.stat().st_size else np.zeros(0, dtype=kind)


def _save_matrix(path: Path, matrix: csr_array) -> None:
    np.savez(path, data=matrix.data, indices=matrix.indices, indptr=matrix.indptr, shape=np.array(matrix.shape))


def load_sparse(version: Path, name: str = SPARSE) -> csr_array:
    """The learned sparse vectors of ``version``, one row for each window or stretch. Raises ``DamagedError``."""
    from scipy.sparse import csr_array

    try:
        with np.load(version / f"{name}.npz", allow_pickle=False) as saved:
            return csr_array((saved["data"], saved["indices"], saved["indptr"]), shape=tuple(saved["shape"]))
    except FileNotFoundError as error:
        raise DamagedError(f"{name}.npz is missing") from error


def write_texts(place: Path, documents: Iterable[Document], passages: Iterable[Passage]) -> None:
    """Writes the documents and passages as lines of JSON."""
    with (place / "documents.jsonl").open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(_document_line(document), ensure_ascii=False) + "\n" for document in documents)
    with (place / "passages.jsonl").open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(passage_line(passage), ensure_ascii=False) + "\n" for passage in passages)


def passage_line(passage: Passage) -> list[Any]:
    """All of a passage, in the order of its fields."""
    return [getattr(passage, name) for name in _PASSAGE]


def _document_line(document: Document) -> dict[str, Any]:
    values = asdict(document)
    if values["source"]["date"] is not None:
        values["source"]["date"] = values["source"]["date"].isoformat()
    return values


def read_passages(version: Path) -> tuple[Passage, ...]:
    """The passages of ``version``; its files have been checked."""
    titles: dict[str, str] = {}
    paths: dict[tuple[str, ...], tuple[str, ...]] = {}
    passages = []
    with (version / "passages.jsonl").open(encoding="utf-8") as file:
        for line in file:
            key, document, title, path, *rest = json.loads(line)
            # Many passages share these; each is kept once.
            document, title = titles.setdefault(document, document), titles.setdefault(title, title)
            path = paths.setdefault(tuple(path), tuple(path))
            passages.append(Passage(key, document, title, path, *rest))
    return tuple(passages)


def read_documents(version: Path) -> tuple[Document, ...]:
    """The documents of ``version``; its files have been checked."""
    documents = []
    with (version / "documents.jsonl").open(encoding="utf-8") as file:
        for line in file:
            values = json.loads(line)
            source, sections = values.pop("source"), values.pop("sections")
            if source["date"] is not None:
                source["date"] = datetime.date.fromisoformat(source["date"])
            documents.append(
                Document(
                    **{**values, **{name: tuple(values.get(name, ())) for name in ("pages", "recognised", "orders")}},
                    source=Source(**source),
                    sections=tuple(Section(tuple(part["path"]), part["start"], part["end"]) for part in sections),
                )
            )
    return tuple(documents)


def checked_store(version: Path, manifest: dict[str, Any], count: int, url: str = "") -> VectorStore | None:
    """Opens the vectors and reads enough of them back to know that they are those that were written.

    Those that a Chroma server holds are asked for at ``url``, or without one where they were written.
    """
    if count != manifest["counts"]["vectors"]:
        raise DamagedError("it holds another number of vectors")
    if not count:
        return None
    held = manifest.get("server")
    store = open_server(url or held["url"], held["collection"]) if held else open_chroma(version / "chroma")
    try:
        with translated():
            rows = sample(count)
            vectors = store.vectors(rows)
            if store.count != count or vectors_digest(vectors) != manifest["vectors_digest"]:
                raise DamagedError("its vectors have been altered")
            if len(store.nearest(vectors[0], min(count, 100))) != min(count, 100):
                raise DamagedError("its vectors are not all found")
            # Versions of before have no such file.
            return filed.FiledStore(version, store) if (version / filed.NAME).is_file() else store
    except BaseException:
        store.close()
        raise


def sample(count: int) -> list[int]:
    return list(range(0, count, max(1, -(-count // _CHECKED))))


def vectors_digest(vectors: Matrix) -> str:
    return hashlib.sha256(np.ascontiguousarray(vectors, dtype="<f4").tobytes()).hexdigest()
