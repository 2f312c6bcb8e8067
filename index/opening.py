"""Opening an index: the stored one where it fits the documents, and a new build where it does not."""

from __future__ import annotations

import errno
import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any

import numpy as np
from filelock import Timeout

from corpus.errors import UserError
from corpus.records import Document, Passage
from corpus.splitting import Splitter
from index import versions
from index.contents import checked_store, load_sparse, read_contents, sample, vectors_digest, write_rows
from index.encoders import Encoder, Matrix, Reranker, SparseEncoder
from index.finding import Changes, Index, window_rows
from index.keywords import Keywords
from index.recipe import changes_between, difference, line, recipe_of
from index.store import DamagedError, VectorStore, translated, write_chroma

if TYPE_CHECKING:
    from scipy.sparse import csr_array

Progress = Callable[[str], None]


def silent(_: str) -> None:
    """Tells nobody."""


_BATCH = 64


@dataclass(frozen=True, slots=True)
class _Rows:
    """The encoded windows of a version: the digest of each text with its vectors."""

    digests: tuple[str, ...]
    dense: Matrix | None
    sparse: csr_array | None


def open_index(
    documents: Sequence[Document],
    home: Path,
    encoder: Encoder,
    sparse: SparseEncoder | None = None,
    *,
    name: str = "default",
    splitter: Splitter | None = None,
    reranker: Reranker | None = None,
    progress: Progress = silent,
) -> Index:
    """The index of exactly these documents, under ``home``/indexes/``name``.

    What is stored there serves if it was made from the same texts, with the same models and the same splitter, by this
    format, and is whole; otherwise a new version is built beside it and takes over, keeping the vectors of every text
    that has not changed. ``Index.changes`` says what happened and ``progress`` receives a line for each step. Only one
    process builds at a time; others wait and then use what it built.

    Raises ``UserError`` where the folder cannot be written and a model is missing.
    """
    documents = _distinct(documents)
    splitter = splitter or Splitter()
    passages = tuple(passage for document in documents for passage in splitter.split(document))
    recipe = recipe_of(documents, passages, encoder, sparse, splitter)
    folder = versions.folder_of(home, name)
    opening = _Opening(folder, documents, passages, encoder, sparse, reranker, recipe, progress)
    try:
        return opening.stored() or opening.build()
    except (PermissionError, NotADirectoryError, FileExistsError) as error:
        raise UserError(
            f"{error.filename or folder} cannot be written ({error.strerror}): choose another data folder"
        ) from error
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise UserError(f"no space left for the index in {folder}: free some and try again") from error
        raise


@dataclass(frozen=True, slots=True)
class _Opening:
    folder: Path
    documents: tuple[Document, ...]
    passages: tuple[Passage, ...]
    encoder: Encoder
    sparse: SparseEncoder | None
    reranker: Reranker | None
    recipe: dict[str, Any]
    progress: Progress

    def stored(self, changes: Changes | None = None) -> Index | None:
        """The serving version, None where it does not fit or is not whole."""
        try:
            version = versions.current(self.folder)
            if version is None or versions.read_manifest(version)["recipe"] != self.recipe:
                return None
            return self._open(version, changes or Changes())
        except DamagedError:
            return None

    def build(self) -> Index:
        """A new version, with what can be kept of the one before."""
        lock = versions.writing(self.folder)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            self.progress("Another process is building this index: waiting for it")
            lock.acquire()
        try:
            return self.stored() or self._build()
        finally:
            lock.release()

    def _build(self) -> Index:
        before, manifest, reason = self._before()
        changes = changes_between(manifest, self.recipe, reason)
        self.progress(line(changes, len(self.documents), len(self.passages)))
        texts, _ = window_rows(self.passages)
        digests = tuple(hashlib.sha256(text.encode()).hexdigest() for text in texts)
        dense = self._encoded_dense(texts, digests, before)
        sparse = self._encoded_sparse(texts, digests, before)
        keywords = Keywords.of([passage.searched_text for passage in self.passages])
        with versions.building(self.folder) as place:
            write_rows(place, digests, dense, sparse, keywords)
            _write_lines(place / "passages.jsonl", [asdict(passage) for passage in self.passages])
            _write_lines(place / "documents.jsonl", [_document_line(document) for document in self.documents])
            if len(dense):
                write_chroma(place / "chroma", dense)
            created = datetime.now(UTC)
            described = {
                "recipe": self.recipe,
                "created": created.isoformat(timespec="seconds"),
                "counts": {"documents": len(self.documents), "passages": len(self.passages), "vectors": len(texts)},
                "vectors_digest": vectors_digest(dense[sample(len(dense))]),
            }
            digest = hashlib.sha256(json.dumps(self.recipe, sort_keys=True).encode()).hexdigest()[:8]
            name = f"{created:%Y%m%d-%H%M%S-%f}-{digest}"
            version = versions.finish(self.folder, place, described, name)
        versions.tidy(self.folder, version)
        try:
            return self._open(version, changes)
        except DamagedError as error:
            raise UserError(f"the index in {version} cannot be read back ({error}): check the disk") from error

    def _before(self) -> tuple[_Rows | None, dict[str, Any] | None, str]:
        """What the serving version holds, as far as it can be read, and why it does not serve."""
        manifest = None
        try:
            version = versions.current(self.folder)
            if version is None:
                return None, None, "there is no index yet"
            manifest = versions.read_manifest(version)
            versions.check_files(version, manifest)
            rows, store = self._read(version, manifest)
            if store is not None:
                store.close()
        except DamagedError as error:
            return None, manifest, f"the stored index is damaged or outdated: {error}"
        return rows, manifest, difference(manifest["recipe"], self.recipe)

    def _read(self, version: Path, manifest: dict[str, Any]) -> tuple[_Rows, VectorStore | None]:
        """The vectors of ``version``, checked. ``dense`` and ``sparse`` are None where other models made them."""
        recipe = manifest["recipe"]
        digests = tuple(json.loads((version / "rows.json").read_text(encoding="utf-8")))
        store = checked_store(version, manifest, len(digests))
        same_dense = recipe.get("embedding") == self.recipe["embedding"]
        same_sparse = recipe.get("sparse") == self.recipe["sparse"] and self.sparse is not None
        with translated():
            dense = store.vectors() if same_dense and store is not None else None
        return _Rows(digests, dense, load_sparse(version) if same_sparse else None), store

    def _open(self, version: Path, changes: Changes) -> Index:
        manifest = versions.read_manifest(version)
        in_use = versions.reading(version)
        try:
            versions.check_files(version, manifest)
            texts_owners = window_rows(self.passages)[1]
            store = checked_store(version, manifest, len(texts_owners))
            contents = read_contents(version, self.passages, texts_owners, store, self.sparse is not None)
        except BaseException:
            in_use.release()
            raise
        named = {document.name: document for document in self.documents}
        return Index(
            contents,
            named,
            self.encoder,
            self.sparse,
            reranker=self.reranker,
            name=version.name,
            changes=changes,
            on_close=(in_use,),
        )

    def _encoded_dense(self, texts: list[str], digests: tuple[str, ...], before: _Rows | None) -> Matrix:
        known = {} if before is None or before.dense is None else _places(before.digests)
        missing = [row for row, digest in enumerate(digests) if digest not in known]
        fresh = []
        for start in range(0, len(missing), _BATCH):
            self.progress(f"Embedding {start} of {len(missing)} new passages")
            fresh.append(self.encoder.encode([texts[row] for row in missing[start : start + _BATCH]]))
        if before is None or before.dense is None or not known:
            return np.concatenate(fresh) if fresh else self.encoder.encode([])
        dim = before.dense.shape[1]
        vectors = np.zeros((len(texts), dim), dtype=np.float32)
        kept = [row for row, digest in enumerate(digests) if digest in known]
        vectors[kept] = before.dense[[known[digests[row]] for row in kept]]
        if missing:
            vectors[missing] = np.concatenate(fresh)
        return vectors

    def _encoded_sparse(self, texts: list[str], digests: tuple[str, ...], before: _Rows | None) -> csr_array | None:
        if self.sparse is None:
            return None
        from scipy.sparse import vstack

        known = {} if before is None or before.sparse is None else _places(before.digests)
        missing = [row for row, digest in enumerate(digests) if digest not in known]
        blocks = [] if before is None or before.sparse is None else [before.sparse]
        places = {row: known[digest] for row, digest in enumerate(digests) if digest in known}
        offset = 0 if before is None or before.sparse is None else before.sparse.shape[0]
        for start in range(0, len(missing), _BATCH):
            self.progress(f"Weighing the words of {start} of {len(missing)} new passages")
            part = missing[start : start + _BATCH]
            blocks.append(self.sparse.encode([texts[row] for row in part]))
            places.update({row: offset + start + position for position, row in enumerate(part)})
        if not blocks:
            return self.sparse.encode([])
        stacked = vstack(blocks, format="csr")
        chosen: csr_array = stacked[np.array([places[row] for row in range(len(texts))], dtype=np.int64)]
        return chosen


def _write_lines(path: Path, lines: Sequence[dict[str, Any]]) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)


def _document_line(document: Document) -> dict[str, Any]:
    values = asdict(document)
    if values["source"]["date"] is not None:
        values["source"]["date"] = values["source"]["date"].isoformat()
    return values


def _distinct(documents: Sequence[Document]) -> tuple[Document, ...]:
    """The documents in the order of their names, each under a name of its own."""
    taken: set[str] = set()
    named = []
    for document in sorted(documents, key=lambda document: (document.name, document.path, document.digest)):
        name, number = document.name, 2
        while name in taken:
            path = PurePath(document.name)
            name = str(path.with_name(f"{path.stem} ({number}){path.suffix}")).replace("\\", "/")
            number += 1
        taken.add(name)
        named.append(document if name == document.name else replace(document, name=name))
    return tuple(named)


def _places(digests: Sequence[str]) -> dict[str, int]:
    return {digest: row for row, digest in enumerate(digests)}
