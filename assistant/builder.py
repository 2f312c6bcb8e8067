"""The one way to an assistant: every face builds it here, so that no two can answer differently."""

import hashlib
import logging
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.models.factory import QUOTES, check_name, needed_weights, open_model
from assistant.models.language_model import Message
from assistant.settings import Settings
from corpus import Document, Loaded, load_all, shipped_guidance
from corpus.errors import UserError

if TYPE_CHECKING:
    from assistant.advising import Adviser
    from assistant.models import LanguageModel
    from assistant.pipeline import Assistant
    from index import Index

log = logging.getLogger(__name__)

Progress = Callable[[str], None]


def silent(line: str) -> None:
    """Progress nobody wants to see."""
    del line


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
    from assistant.pipeline import Assistant

    if model is None:
        check_name(settings.model, settings.model_url)
    if documents is None:
        documents = load_documents(settings, progress).documents
    with ThreadPoolExecutor(1, "language-model") as loading:
        # Loading weights and importing the embedding's libraries take seconds each and different cores.
        waiting = loading.submit(_language_model, settings, model, progress)
        try:
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
        return Assistant(
            index,
            written_by,
            QUOTES if written_by is None else written_by.name,
            passages=settings.passages,
            answerable_threshold=settings.answerable_threshold,
            adviser=_adviser(documents, index),
        )
    except BaseException:
        index.close()
        if written_by is not None:
            written_by.close()
        raise


def _adviser(documents: Sequence[Document], index: "Index") -> "Adviser | None":
    """Advice by the rules that stand beside the documents; None where there are none."""
    from assistant.advising import Adviser, load_rules

    rules = load_rules(documents)
    return None if rules is None else Adviser(rules, index.encode, index.documents, index.passages)


def load_documents(settings: Settings, progress: Progress = silent) -> Loaded:
    """The guidance that ships, unless the settings leave it out, and the documents that they name.

    A file that cannot be read is reported and left out. Raises ``UserError`` where a path is missing or nothing could
    be read at all.
    """
    paths = [*([shipped_guidance()] if settings.shipped_guidance else []), *settings.documents]
    uploads = settings.upload_folder
    if uploads is not None and uploads not in paths and uploads.is_dir():
        paths.append(uploads)
    if not paths:
        raise UserError("There are no documents: name some in the setting documents, or set shipped_guidance = true")
    loaded = load_all(paths)
    for refused in loaded.refused:
        progress(f"Left out {refused.path}: {refused.reason}")
    if not loaded.documents:
        named = ", ".join(str(path) for path in paths)
        raise UserError(f"No document could be read in {named}: name a folder with Markdown, text or HTML files")
    return loaded


def open_documents_index(settings: Settings, documents: Sequence[Document], progress: Progress = silent) -> "Index":
    """The index of these documents with the models of the settings, built where it is missing or outdated."""
    embedding = _weights(settings, settings.embedding, progress)
    sparse = _weights(settings, settings.sparse, progress) if settings.sparse else None
    reranker = _weights(settings, settings.reranker, progress) if settings.reranker else None
    from index import CrossEncoderReranker, SentenceTransformerEncoder, SpladeEncoder, open_index

    return open_index(
        documents,
        settings.home,
        SentenceTransformerEncoder(embedding, settings.embedding),
        SpladeEncoder(sparse, settings.sparse) if sparse else None,
        reranker=CrossEncoderReranker(reranker, settings.reranker) if reranker else None,
        name=index_name(settings),
        progress=progress,
    )


def index_name(settings: Settings) -> str:
    """The folder of the index: one for what is configured, and one for each other set of documents."""
    if settings.shipped_guidance:
        return "default"
    paths = sorted(str(path.resolve()) for path in settings.documents)
    return f"documents-{hashlib.sha256(chr(0).join(paths).encode('utf-8', 'surrogateescape')).hexdigest()[:12]}"


def _language_model(settings: Settings, model: "LanguageModel | None", progress: Progress) -> "LanguageModel | None":
    if model is not None:
        return model
    if settings.model == QUOTES:
        return None
    try:
        weights = needed_weights(settings.model)
        if weights is not None:
            _weights(settings, weights, progress)
        progress(f"Loading the language model {settings.model}")
        opened = open_model(settings)
        warm = getattr(opened, "warm", None)
        if warm is not None:
            from assistant import prompting

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


def _discard(waiting: "Future[LanguageModel | None]") -> None:
    try:
        model = waiting.result()
    except UserError:
        return  # The index failed first, and that is what is reported.
    if model is not None:
        model.close()


def _weights(settings: Settings, name: str, progress: Progress) -> Path:
    """The folder or file of a model: a path as it is, or a model that ships, pulled where it is missing."""
    folder = Path(name).expanduser()
    if folder.is_dir():
        return folder
    from index import weights

    return weights.pull(name, settings.home, progress)
