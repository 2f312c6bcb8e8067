"""The one way to an assistant: every face builds it here, so that no two can answer differently."""

import hashlib
import logging
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.configured import (
    Progress,
    configured_paths,
    index_folder,
    index_name,
    load_documents,
    named_paths,
    silent,
    tell_refused,
)
from assistant.models.factory import QUOTES, check_model, make_ready, needed_weights, open_model
from assistant.models.language_model import Message
from assistant.settings import Settings
from corpus import Document, Refused, signature
from corpus.errors import UserError

if TYPE_CHECKING:
    from assistant.contents.meanings import Remembered
    from assistant.models import LanguageModel
    from assistant.pipeline import Assistant
    from index import Encoder, Index, Reranker, SparseEncoder
    from index.building import Plan

log = logging.getLogger(__name__)

FAKE = "fake"
"""The encoders that need no weights and know nothing of meaning, for tests."""


def build(
    settings: Settings,
    *,
    documents: Sequence[Document] | None = None,
    model: "LanguageModel | None" = None,
    progress: Progress = silent,
) -> "Assistant":
    """The assistant that the settings describe, ready to answer.

    ``documents`` stand in for those of the settings, ``model`` for its language model; both are for callers that have
    them already. Weights that are missing are pulled. ``progress`` is told each step and each warning in one line.
    Where the language model is the default one and cannot be had, the assistant answers in quotes and says so; a model
    that was asked for by name is an error instead. Raises ``UserError`` for everything a user can mend.
    """
    return build_opened(settings, documents=documents, model=model, progress=progress)[0]


def build_opened(
    settings: Settings,
    *,
    documents: Sequence[Document] | None = None,
    model: "LanguageModel | None" = None,
    progress: Progress = silent,
) -> tuple["Assistant", tuple[Refused, ...]]:
    """What ``build`` makes, and the files of the settings that were left out of it."""
    refused: tuple[Refused, ...] = ()
    if model is None:
        check_model(settings)
    with ThreadPoolExecutor(1, "language-model") as loading:
        # Loading weights and importing the embedding's libraries take seconds each and different cores.
        waiting = loading.submit(_language_model, settings, model, progress)
        try:
            if documents is None:
                opened = open_configured(settings, progress)
                index, refused = opened.index, opened.refused
            else:
                index = open_documents_index(settings, documents, progress)
        except BaseException:
            _discard(waiting)
            raise
        try:
            written_by = waiting.result()
        except BaseException:
            index.close()
            raise
    try:
        return assembled(settings, index, written_by), refused
    except BaseException:
        index.close()
        if written_by is not None:
            written_by.close()
        raise


def assembled(
    settings: Settings, index: "Index", model: "LanguageModel | None", before: "Assistant | None" = None
) -> "Assistant":
    """The assistant over an index and a model that are open already; it closes both.

    It shares with the one ``before`` it whose turn it is to write and the vectors that are known.
    """
    from assistant.pipeline import Assistant

    return Assistant(
        index,
        model,
        QUOTES if model is None else model.name,
        passages=settings.passages,
        answerable_threshold=settings.answerable_threshold,
        generating=None if before is None else before.generating,
        vectors=None if before is None else before.vectors,
        remembered=_remembered(settings, model) if before is None else before.remembered,
    )


def _remembered(settings: Settings, model: "LanguageModel | None") -> "Remembered":
    """What the model has made of statements before, on this machine."""
    from assistant.contents.meanings import Remembered, embeds
    from assistant.models.factory import embedder_of

    weights = None if model is None or embeds(model) is None else embedder_of(model.name)
    if model is None or weights is None:
        return Remembered()
    # Other weights mean something else by the same numbers.
    version = hashlib.sha256(weights.read_bytes()).hexdigest()[:8]
    return Remembered(settings.home / "meanings" / f"{model.name}-{version}.npz", ship=True)


@dataclass(frozen=True, slots=True)
class Opened:
    """An index with the files that were left out of it, and the signature of the files it was made of.

    ``signature`` is empty where the index is not that of the files as they were when it was opened.
    """

    index: "Index"
    refused: tuple[Refused, ...]
    signature: str


def open_configured(
    settings: Settings, progress: Progress = silent, *, fresh: bool = False, forget: Sequence[Path] = ()
) -> Opened:
    """The index of the documents that the settings name; where no file has changed since, none is read.

    Documents that are missing all at once answer all the same, but for those at or below the paths to ``forget``.
    Where they cannot be had, such as from a drive that is away, the last good index of just these paths answers;
    ``Index.problem`` and ``progress`` say so. With ``fresh`` it is that of the documents as they are now or an error.
    Raises ``UserError``.
    """
    from index import history, versions
    from index.store import DamagedError

    paths = configured_paths(settings)
    folder = index_folder(settings)
    # Taken before anything is read, so that what changes meanwhile is noticed.
    seen = signature(paths)
    # An index is another one where its vectors are kept elsewhere.
    read = f"{seen} on a server" if settings.index_url else seen
    told = history.remembered_read(folder) if paths else None
    if told is not None and told.signature == read and not forget and not history.held(folder):
        try:
            opened = Opened(
                open_version(settings, told.version, progress), tuple(Refused(*one) for one in told.refused), seen
            )
            if versions.current(folder) == folder / told.version:
                tell_refused(opened.refused, progress)
                return opened
            opened.index.close()
        except DamagedError:
            pass  # It is built anew from the documents, which is told there.
    try:
        loaded = load_documents(settings, progress, forget, keep=True)
    except UserError as error:
        last = None if fresh else _last_good(settings, str(error), progress)
        if last is None:
            raise
        return last
    options = {"fresh": True} if fresh else {}
    index = open_documents_index(settings, loaded.documents, progress, **options)
    if index.problem:
        return Opened(index, loaded.refused, "")
    refused = tuple((one.path, one.reason) for one in loaded.refused)
    history.remember_read(folder, history.Read(index.name, named_paths(settings), read, refused))
    return Opened(index, loaded.refused, seen)


def _last_good(settings: Settings, reason: str, progress: Progress) -> Opened | None:
    """The index that was last made of the paths of the settings; None where there is none."""
    from index import history, open_last_good, versions

    folder = index_folder(settings)
    told = history.remembered_read(folder)
    # What is configured beside the guidance that ships may have been something else when that index was made.
    if not versions.finished(folder) or (
        settings.shipped_guidance and (told is None or told.paths != named_paths(settings))
    ):
        return None
    encoder, sparse, reranker = open_encoders(settings, progress)
    index = open_last_good(
        reason,
        settings.home,
        encoder,
        sparse,
        reranker=reranker,
        name=index_name(settings),
        progress=progress,
        url=settings.index_url,
    )
    if index is None:
        return None
    return Opened(index, tuple(Refused(*one) for one in history.left_out(folder, index.name)), "")


def open_version(
    settings: Settings, version: str = "", progress: Progress = silent, *, like: "Index | None" = None
) -> "Index":
    """A stored version of the configured index, the serving one by default, with the documents it was made of.

    It is searched with the models of ``like``, where that is given, and so takes no memory for its own. Raises
    ``DamagedError`` where it cannot serve with the models of the settings.
    """
    from index import open_stored

    encoder, sparse, reranker = open_encoders(settings, progress) if like is None else like.models
    return open_stored(
        settings.home,
        encoder,
        sparse,
        name=index_name(settings),
        version=version,
        reranker=reranker,
        url=settings.index_url,
    )


def open_documents_index(
    settings: Settings, documents: Sequence[Document], progress: Progress = silent, *, fresh: bool = False
) -> "Index":
    """The index of these documents with the models of the settings, built where it is missing or outdated."""
    from index import open_index

    encoder, sparse, reranker = open_encoders(settings, progress)
    return open_index(
        documents,
        settings.home,
        encoder,
        sparse,
        reranker=reranker,
        name=index_name(settings),
        progress=progress,
        fresh=fresh,
        url=settings.index_url,
    )


def plan_documents_index(settings: Settings, documents: Sequence[Document], progress: Progress = silent) -> "Plan":
    """What building the index of these documents would do."""
    from index import plan_index

    encoder, sparse, _ = open_encoders(settings, progress)
    return plan_index(documents, settings.home, encoder, sparse, name=index_name(settings), url=settings.index_url)


def open_encoders(
    settings: Settings, progress: Progress = silent
) -> "tuple[Encoder, SparseEncoder | None, Reranker | None]":
    """Embedding, learned sparse vectors and reranker of the settings; weights that are missing are pulled."""
    from index import CrossEncoderReranker, FakeEncoder, FakeSparseEncoder, SpladeEncoder, encoder_in

    def weights(name: str) -> Path:
        return weights_of(settings, name, progress)

    embedding, sparse, reranker = settings.embedding, settings.sparse, settings.reranker
    return (
        FakeEncoder() if embedding == FAKE else encoder_in(weights(embedding), embedding),
        FakeSparseEncoder() if sparse == FAKE else SpladeEncoder(weights(sparse), sparse) if sparse else None,
        CrossEncoderReranker(weights(reranker), reranker) if reranker else None,
    )


def _language_model(settings: Settings, model: "LanguageModel | None", progress: Progress) -> "LanguageModel | None":
    if model is not None:
        return model
    if settings.model == QUOTES:
        return None
    try:
        fetch_model(settings, progress)
        progress(f"Loading the language model {settings.model}")
        opened = open_model(settings)
        warm = getattr(opened, "warm", None)
        if warm is not None:
            from assistant.contents import prompting

            # Every prompt begins like this; read once, it is not read again with the first question.
            warm((Message("system", prompting.text("system")), Message("user", "Guidance:\n")))
        return opened
    except UserError as error:
        if "model" in settings.model_fields_set:
            raise
        progress(f"{error}")
        progress("Answering in verbatim quotes, because the language model could not be loaded")
        log.warning("The language model could not be loaded: %s", error)
        return None


def fetch_model(settings: Settings, progress: Progress = silent) -> None:
    """Pull the language model of the settings where it is one that ships, and make it ready for this processor."""
    name = needed_weights(settings.model)
    if name is not None:
        make_ready(settings, weights_of(settings, name, progress), progress)


def _discard(waiting: "Future[LanguageModel | None]") -> None:
    try:
        model = waiting.result()
    except UserError:
        return  # The index failed first, and that is what is reported.
    if model is not None:
        model.close()


def weights_of(settings: Settings, name: str, progress: Progress = silent) -> Path:
    """The folder or file of a model: a path as it is, or a model that ships, pulled where it is missing.

    A folder that happens to be called as a model that ships is meant only where it is named with its path.
    """
    from index import weights

    folder = Path(name).expanduser()
    if folder.is_dir() and (folder.name != name or not weights.is_known(name)):
        return folder
    return weights.pull(name, settings.home, progress)
