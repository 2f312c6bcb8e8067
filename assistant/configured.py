"""The documents that the settings name, read, and what the index of them is called."""

import hashlib
import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from assistant.missing import with_missing
from assistant.settings import Settings
from corpus import Loaded, Readings, Refused, load_all, shipped_guidance
from corpus.errors import UserError
from corpus.formats import known_endings
from corpus.unpacking import file_of

Progress = Callable[[str], None]

READINGS = "readings.d"
"""The folder beside the versions of an index that holds what files were read to; no version can be called so."""

STILL_ANSWERS = "what was last read of it still answers"


def silent(line: str) -> None:
    """Progress nobody wants to see."""
    del line


def configured_paths(settings: Settings) -> tuple[Path, ...]:
    """The files and folders that the settings answer from."""
    paths = [*([shipped_guidance()] if settings.shipped_guidance else []), *settings.documents]
    uploads = settings.upload_folder
    if uploads is not None and uploads not in paths and uploads.is_dir():
        paths.append(uploads)
    return tuple(paths)


def named_paths(settings: Settings) -> tuple[str, ...]:
    """The documents of the settings as they are told from others: where they really lie, in no order of their own."""
    return tuple(sorted(os.path.realpath(path) for path in settings.documents))


def index_name(settings: Settings) -> str:
    """The folder of the index: one for what is configured, and one for each other set of documents."""
    if settings.shipped_guidance:
        return "default"
    paths = chr(0).join(named_paths(settings)).encode("utf-8", "surrogateescape")
    return f"documents-{hashlib.sha256(paths).hexdigest()[:12]}"


def index_folder(settings: Settings) -> Path:
    """Where that index is kept."""
    from index import versions

    return versions.folder_of(settings.home, index_name(settings))


def load_documents(
    settings: Settings, progress: Progress = silent, forget: Sequence[Path] = (), *, keep: bool = False
) -> Loaded:
    """The guidance that ships, unless the settings leave it out, and the documents that they name.

    A file that cannot be read is reported and left out, but for what the index still holds of it. So are the documents
    of a folder that has lost them all at once, unless they lie at or below one of the paths to ``forget``. A file that
    has not changed since it was last read with ``keep`` is not read again. Raises ``UserError`` where a path is missing
    or nothing could be read at all.
    """
    paths = configured_paths(settings)
    if not paths:
        raise UserError("There are no documents: name some in the setting documents, or set shipped_guidance = true")
    readings = Readings(index_folder(settings) / READINGS, writing=keep)
    loaded = _with_missing(with_last_read(load_all(paths, readings), settings), settings, forget)
    if not loaded.documents and len(loaded.refused) == 1:
        only = loaded.refused[0]
        raise UserError(f"No document could be read: {only.path} {only.reason}")
    tell_refused(loaded.refused, progress)
    if not loaded.documents:
        named = ", ".join(str(path) for path in paths)
        what = (
            f"all {len(loaded.refused)} files were left out; mend one of them or name others"
            if loaded.refused
            else f"name files or folders of {', '.join(known_endings())}"
        )
        raise UserError(f"No document could be read in {named}: {what}")
    return loaded


def with_last_read(loaded: Loaded, settings: Settings) -> Loaded:
    """``loaded`` with what the index holds of files and folders that are still there and can no longer be read.

    What was removed is not among them, nor what is now read from another file.
    """
    unreadable = {
        os.path.abspath(one.path)
        for one in loaded.refused
        if one.unreadable and os.path.lexists(file_of(Path(one.path)))
    }
    if not unreadable:
        return loaded
    from index import history

    known = {os.path.abspath(document.path) for document in loaded.documents}
    known |= {document.digest for document in loaded.documents}
    kept, answering = [], set()
    for document in history.read_last(index_folder(settings)):
        path = Path(os.path.abspath(document.path))
        # What cannot be read may be the folder or the archive that it lies in.
        place = next((str(place) for place in (path, *path.parents) if str(place) in unreadable), None)
        if place is not None and not known & {str(path), document.digest}:
            kept.append(document)
            answering.add(place)
    refused = tuple(
        replace(one, reason=f"{one.reason}; {STILL_ANSWERS}")
        if one.unreadable and os.path.abspath(one.path) in answering
        else one
        for one in loaded.refused
    )
    return Loaded((*loaded.documents, *kept), refused)


def _with_missing(loaded: Loaded, settings: Settings, forget: Sequence[Path]) -> Loaded:
    from index import history

    folder = index_folder(settings)
    # Where there is nothing else, that is an error, and the last good index answers as it is.
    if not loaded.documents or history.names_read_last(folder) <= {document.name for document in loaded.documents}:
        return loaded
    own = [path for path in configured_paths(settings) if path.is_dir() and path != shipped_guidance()]
    return with_missing(loaded, own, history.read_last(folder), forget)


def tell_refused(refused: Sequence[Refused], progress: Progress) -> None:
    """Tells each file that was left out, and why."""
    for one in refused:
        progress(f"Left out {one.path}: {one.reason}")
