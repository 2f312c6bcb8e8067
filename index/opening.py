"""Opening an index: the stored one where it fits the documents, and a new build where it does not."""

from __future__ import annotations

import errno
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePath

from filelock import Timeout

from corpus.errors import UserError
from corpus.records import Document
from corpus.splitting import Splitter
from index import history, versions
from index.building import Plan, Wanted, alike, build, plan, serving
from index.contents import checked_store, read_contents, read_documents
from index.encoders import Encoder, Reranker, SparseEncoder
from index.finding import Changes, Index
from index.progress import Progress, silent
from index.recipe import changes_between, recipe_of
from index.store import DamagedError, WriteError, translated


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
    fresh: bool = False,
    url: str = "",
) -> Index:
    """The index of exactly these documents, under ``home``/indexes/``name``.

    What is stored there serves if it was made from the same texts, with the same models and the same splitter, by this
    format, and is whole; otherwise a new version is built beside it and takes over, keeping the vectors of every text
    that has not changed. ``Index.changes`` says what happened and ``progress`` receives a line for each step. Only one
    process builds at a time; others wait and then use what it built.

    With ``url`` a Chroma server at that address holds the vectors, all else stays in the folder.

    Two things make it another index than that of the documents, and each is told: a version that was gone back to
    holds, and where a new one cannot be written the last good one goes on serving. With ``fresh`` neither does.

    Raises ``UserError`` where nothing can serve because the folder cannot be written, and where a model is missing.
    """
    wanted = wanted_of(documents, home, encoder, sparse, name=name, splitter=splitter, url=url)
    opening = _Opening(wanted.folder, encoder, sparse, splitter or Splitter(), reranker, progress, url)
    if not fresh:
        index = opening.held()
        if index is not None:
            return index
    try:
        return opening.updated(wanted)
    except (OSError, WriteError) as error:
        reason = _reason(error, wanted.folder)
        index = None if fresh else opening.last_good(reason)
        if index is None:
            raise UserError(reason) from error
        return index


def open_stored(
    home: Path,
    encoder: Encoder,
    sparse: SparseEncoder | None = None,
    *,
    name: str = "default",
    version: str = "",
    splitter: Splitter | None = None,
    reranker: Reranker | None = None,
    url: str = "",
) -> Index:
    """The version that serves, or the one named, with the documents it was made of; no file but its own is read.

    Raises ``DamagedError`` where there is none, it is not whole, or other models or another splitter made it.
    """
    folder = versions.folder_of(home, name)
    opening = _Opening(folder, encoder, sparse, splitter or Splitter(), reranker, silent, url)
    place = folder / version if version else versions.current(folder)
    if place is None:
        raise DamagedError("there is no index yet")
    return opening.stored(place)


def open_last_good(
    reason: str,
    home: Path,
    encoder: Encoder,
    sparse: SparseEncoder | None = None,
    *,
    name: str = "default",
    splitter: Splitter | None = None,
    reranker: Reranker | None = None,
    progress: Progress = silent,
    url: str = "",
) -> Index | None:
    """The version that serves, or else the newest that can, where for some ``reason`` no documents can be had.

    None where there is none. ``Index.problem`` says so and why.
    """
    folder = versions.folder_of(home, name)
    opening = _Opening(folder, encoder, sparse, splitter or Splitter(), reranker, progress, url)
    return opening.held() or opening.last_good(reason)


def plan_index(
    documents: Sequence[Document],
    home: Path,
    encoder: Encoder,
    sparse: SparseEncoder | None = None,
    *,
    name: str = "default",
    splitter: Splitter | None = None,
    url: str = "",
) -> Plan:
    """What ``open_index`` would do with ``fresh``; nothing is written and nothing embedded."""
    return plan(wanted_of(documents, home, encoder, sparse, name=name, splitter=splitter, url=url))


def wanted_of(
    documents: Sequence[Document],
    home: Path,
    encoder: Encoder,
    sparse: SparseEncoder | None,
    *,
    name: str,
    splitter: Splitter | None,
    url: str = "",
) -> Wanted:
    """What the index of ``documents`` is made of."""
    splitter = splitter or Splitter()
    distinct = _distinct(documents)
    passages = tuple(passage for document in distinct for passage in splitter.split(document))
    recipe = recipe_of(distinct, passages, encoder, sparse, splitter, on_server=bool(url))
    return Wanted(versions.folder_of(home, name), distinct, passages, encoder, sparse, recipe, url)


@dataclass(frozen=True, slots=True)
class _Opening:
    folder: Path
    encoder: Encoder
    sparse: SparseEncoder | None
    splitter: Splitter
    reranker: Reranker | None
    progress: Progress
    url: str = ""

    def held(self) -> Index | None:
        """The version that was gone back to, None where none was or it cannot serve."""
        name = history.held(self.folder)
        if not name:
            return None
        try:
            index = self.stored(self.folder / name)
        except DamagedError as error:
            self.progress(f"The version {name}, which was gone back to, cannot serve: {error}")
            return None
        index.problem = (
            f"Answering from the version {name}, which was gone back to, whatever the documents say now;"
            " strategy-assistant index ends that"
        )
        self.progress(index.problem)
        return index

    def last_good(self, reason: str) -> Index | None:
        """The newest version that can serve, with its own documents; None where there is none."""
        for place in self._by_age():
            try:
                index = self.stored(place)
            except DamagedError:
                continue
            made = versions.read_manifest(place).get("created", "")
            index.problem = f"The index could not be brought up to date, so that of {made} answers: {reason}"
            self.progress(index.problem)
            return index
        return None

    def _by_age(self) -> list[Path]:
        try:
            serving = versions.current(self.folder)
        except DamagedError:
            serving = None
        others = [place for place in versions.finished(self.folder) if place != serving]
        return [*([serving] if serving is not None else []), *others]

    def updated(self, wanted: Wanted) -> Index:
        """The index of just what is wanted, built where it is not there."""
        if not history.held(self.folder):
            index, _ = self._fitting(wanted)
            if index is not None:
                return index
        lock = versions.writing(self.folder)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            self.progress("Another process is building this index: waiting for it")
            lock.acquire()
        try:
            before = history.held(self.folder)
            index, problem = self._fitting(wanted)
            if index is None:
                index = self._revived(wanted)
            if index is None:
                index = self._built(wanted, problem)
            if before:
                history.let_go(self.folder)
                self.progress(f"The version {before}, which was gone back to, holds no longer")
            return index
        finally:
            lock.release()

    def _built(self, wanted: Wanted, problem: str) -> Index:
        version = self.folder
        # Where the files are what was written and the vectors are still not found, once more, from nothing.
        for _ in range(2):
            reason = f"the stored index is damaged or outdated: {problem}" if problem else ""
            version, changes = build(wanted, self.progress, reason)
            try:
                return self._open(version, wanted.documents, changes)
            except DamagedError as error:
                problem = str(error)
        raise UserError(f"the index in {version} cannot be read back ({problem}): check the disk")

    def _fitting(self, wanted: Wanted) -> tuple[Index | None, str]:
        """The serving version, or None where it does not fit; and what is damaged, where something is."""
        try:
            version = versions.current(self.folder)
            if version is None or versions.read_manifest(version)["recipe"] != wanted.recipe:
                return None, ""
            return self._open(version, wanted.documents, Changes()), ""
        except DamagedError as error:
            return None, str(error)

    def _revived(self, wanted: Wanted) -> Index | None:
        """An earlier version that was made of just what is wanted, serving again."""
        manifest, reason = serving(wanted)
        for version in alike(wanted):
            try:
                index = self._open(version, wanted.documents, changes_between(manifest, wanted.recipe, reason))
            except DamagedError:
                continue
            versions.point(self.folder, version.name)
            self.progress(f"{reason}; the version {version.name} was made of the same and serves again")
            return index
        return None

    def stored(self, version: Path) -> Index:
        """``version`` with its own documents. Raises ``DamagedError`` where it cannot serve with these models."""
        if not version.is_dir():
            raise DamagedError("it is not there")
        recipe = versions.read_manifest(version)["recipe"]
        if recipe.get("embedding") != self.encoder.fingerprint:
            raise DamagedError("another embedding model made it")
        if recipe.get("sparse") != ("" if self.sparse is None else self.sparse.fingerprint):
            raise DamagedError("another model of sparse vectors made it")
        if recipe.get("splitter") != repr(self.splitter):
            raise DamagedError("its documents are split another way")
        return self._open(version, None, Changes())

    def _open(self, version: Path, documents: tuple[Document, ...] | None, changes: Changes) -> Index:
        manifest = versions.read_manifest(version)
        in_use = versions.reading(version)
        try:
            versions.check_files(version, manifest)
            store = checked_store(version, manifest, manifest["counts"]["vectors"], self.url)
            try:
                with translated():
                    contents = read_contents(version, store, self.sparse is not None)
                    documents = documents or read_documents(version)
            except BaseException:
                if store is not None:
                    store.close()
                raise
        except BaseException:
            if in_use is not None:
                in_use.release()
            raise
        return Index(
            contents,
            {document.name: document for document in documents},
            self.encoder,
            self.sparse,
            reranker=self.reranker,
            name=version.name,
            changes=changes,
            on_close=() if in_use is None else (in_use,),
        )


def _reason(error: Exception, folder: Path) -> str:
    if isinstance(error, WriteError):
        return f"the vectors cannot be stored in {folder} ({error}): free some space or choose another data folder"
    number = error.errno if isinstance(error, OSError) else None
    if number in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return f"no space left for the index in {folder}: free some and try again"
    where = getattr(error, "filename", None) or folder
    return f"{where} cannot be written ({getattr(error, 'strerror', None) or error}): choose another data folder"


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
