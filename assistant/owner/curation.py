"""The documents behind the window as their owner sees them: what was read of them, uploads, rebuilds, versions."""

import threading
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from assistant.configured import configured_paths
from assistant.missing import is_missing
from assistant.owner import uploads
from assistant.owner.conflicts import Looked, Looking
from assistant.settings import Settings
from assistant.web.loading import Loading, Report
from corpus import Document, Refused
from corpus.counting import counted
from corpus.errors import UserError
from corpus.sources import FILE_NAME

if TYPE_CHECKING:
    from assistant.owner.insight import Vectors
    from assistant.serving.keeping import Kept
    from index.history import Version

Open = Callable[[Report], "Kept"]
_NOT_READY = "The assistant is still getting ready; try again in a moment."


@dataclass(frozen=True, slots=True)
class Work:
    """What a rebuild is at, or how the last one ended.

    ``done`` of ``total`` pieces of text are embedded; ``total`` is 0 while nothing is. ``problem`` says why answers do
    not come from the documents as they are now, and is empty where they do.
    """

    running: bool = False
    failed: bool = False
    line: str = ""
    done: int = 0
    total: int = 0
    problem: str = ""


class Curation:
    """What serves the window, kept up to date, and what its owner sees and changes of the documents.

    ``opened`` opens it; by default it is the assistant of ``settings``, which every face uses.
    """

    def __init__(self, settings: Settings, opened: Open | None = None) -> None:
        self._settings = settings
        self._open = opened or self._configured
        self._loading = Loading(self._first)
        self._lock = threading.Lock()
        self._kept: Kept | None = None
        self._asked = False
        self._looking = Looking()

    @property
    def loading(self) -> Loading:
        """What serves the assistant."""
        return self._loading

    @property
    def folder(self) -> Path | None:
        """Where uploads go; None where the settings leave no folder for them."""
        return self._settings.upload_folder

    @property
    def sources(self) -> Path | None:
        """The ``sources.toml`` of the folder for uploads; None where there is none."""
        path = self.folder and self.folder / FILE_NAME
        return path if path and path.is_file() else None

    @property
    def work(self) -> Work:
        """How far the rebuild is; while the service starts, how far that is."""
        kept = self._kept
        if kept is None:
            state = self._loading.state
            return Work(state != "failed", state == "failed", self._loading.line)
        rebuild, problem = kept.rebuilding, kept.problem
        line = rebuild.line
        if rebuild.state == "done" and rebuild.result is not None:
            count = rebuild.result["documents"]
            line = f"Done: answers come from {counted(count, 'document')}, index {rebuild.result['index']}."
        elif rebuild.state == "failed":
            line = f"{line.rstrip('.')}. What was read before still answers."
            problem = ""
        return Work(rebuild.state == "running", rebuild.state == "failed", line, rebuild.done, rebuild.total, problem)

    @property
    def documents(self) -> tuple[Document, ...]:
        """The documents that are answered from."""
        kept = self._kept
        return tuple(kept.current.index.documents.values()) if kept else ()

    @property
    def refused(self) -> tuple[Refused, ...]:
        """The files that were left out, and why."""
        return self._kept.refused if self._kept else ()

    def named(self, path: str) -> str:
        """A file as its documents are named: by its path from the folder of the settings that it lies in."""
        place = Path(path)
        folder = next((folder for folder in configured_paths(self._settings) if folder in place.parents), place.parent)
        return place.relative_to(folder).as_posix()

    def passages(self) -> Mapping[str, int]:
        """How many passages each document has, by its name."""
        kept = self._kept
        return Counter(passage.document for passage in kept.current.index.passages) if kept else {}

    def encode(self, texts: Sequence[str]) -> "Vectors":
        """The embedding of texts, shape (len(texts), dim); raises ``UserError`` while the models are being loaded."""
        if self._kept is None:
            raise UserError(_NOT_READY)
        return self._kept.current.vectors(texts)

    def conflicts(self, seconds: float = 0.0) -> Looked:
        """Where documents disagree; begins to look for it where that is not known of what answers now.

        Waits for it for so many ``seconds`` at most. Raises ``UserError`` while the models are being loaded.
        """
        if self._kept is None:
            raise UserError(_NOT_READY)
        return self._looking.at(self._kept, seconds)

    def versions(self) -> tuple["Version", ...]:
        """The versions of the index on disk, the newest first."""
        return self._kept.versions() if self._kept else ()

    def roll_back(self, version: str) -> None:
        """Has a version answer, whatever the documents say, until the next rebuild. Raises ``UserError``."""
        if self._kept is None:
            raise UserError(_NOT_READY)
        self._kept.roll_back(version)

    def upload(self, files: Sequence[tuple[str, BinaryIO]]) -> list[str]:
        """Keeps files and has them read; what is wrong with those that were not kept.

        Raises ``UserError`` where there is no folder for them.
        """
        if self.folder is None:
            raise UserError("There is no folder for uploads: name one in the setting documents.")
        faults = []
        for name, content in files:
            try:
                uploads.store(self.folder, name, content)
            except UserError as error:
                faults.append(str(error))
        if len(faults) < len(files):
            self.rebuild()
        return faults

    def remove(self, path: str) -> Path:
        """Takes a file out of the folder for uploads; where it is kept from now on. Raises ``UserError``."""
        if self.folder is None:
            raise UserError("There is no folder for uploads: name one in the setting documents.")
        place = uploads.remove(self.folder, path, self._settings.home / "removed")
        self.rebuild((Path(path),))
        return place

    def forget(self, path: str) -> None:
        """Has the documents of a folder not answer any more that are missing there. Raises ``UserError``."""
        if not any(is_missing(one) and one.path == path for one in self.refused):
            raise UserError("No documents are missing there any more.")
        self.rebuild((Path(path),))

    def removable(self, path: str) -> bool:
        """Whether ``remove`` would take that file."""
        return self.folder is not None and uploads.own_file(self.folder, path) is not None

    def rebuild(self, forget: tuple[Path, ...] = ()) -> None:
        """Reads the documents again and lets the assistant answer from them, in the background.

        Those at or below the paths to ``forget`` do not answer any more where they are missing. While
        that is being done already, it is done once more afterwards: what came later is not left out. A start that
        failed is tried again.
        """
        with self._lock:
            self._asked = self._kept is None
            kept = self._kept
        if kept is None:
            self._loading.start()
        else:
            kept.rebuild(forget)

    def _first(self, report: Report) -> "Kept":
        kept = self._open(report)
        with self._lock:
            self._kept, asked = kept, self._asked
            self._asked = False
        if asked:
            kept.rebuild()
        return kept

    def _configured(self, report: Report) -> "Kept":
        from assistant.serving.keeping import build_kept

        report("Loading the models and the guidance")
        return build_kept(self._settings, report)
