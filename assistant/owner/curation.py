"""The documents that the running assistant answers from: as they were read, and anew when they have changed."""

import gc
import logging
import threading
import weakref
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from assistant.owner import uploads
from assistant.settings import Settings
from assistant.web.loading import Loading, Report
from corpus import Document, Loaded
from corpus.errors import UserError
from corpus.loading import Refused

if TYPE_CHECKING:
    from assistant.owner.insight import Vectors
    from assistant.pipeline import Assistant

log = logging.getLogger(__name__)

_LINES = 40

Make = Callable[[Loaded, "Assistant | None", Report], "Assistant"]


@dataclass(frozen=True, slots=True)
class Work:
    """What a rebuild is at, or how the last one ended; ``lines`` are the latest ones of its progress."""

    running: bool = False
    failed: bool = False
    lines: tuple[str, ...] = ()

    @property
    def line(self) -> str:
        return self.lines[-1] if self.lines else ""


class Curation:
    """Builds the assistant behind the window, and again whenever an owner asks for it.

    ``make`` makes an assistant of what was read; it gets the one that serves, whose language model the new one takes
    over. Questions that are being answered go on with the assistant that they began with.
    """

    def __init__(self, settings: Settings, make: Make | None = None) -> None:
        self._settings = settings
        self._make = make or self._built
        self._loading = Loading(self._first)
        self._lock = threading.Lock()
        self._loaded = Loaded(())
        self._work = Work()
        self._again = False

    @property
    def loading(self) -> Loading:
        """What serves the assistant."""
        return self._loading

    @property
    def folder(self) -> Path | None:
        """Where uploads go; None where the settings leave no folder for them."""
        return self._settings.upload_folder

    @property
    def work(self) -> Work:
        """How far the rebuild is."""
        with self._lock:
            return self._work

    @property
    def documents(self) -> tuple[Document, ...]:
        """The documents that are answered from."""
        return self._loaded.documents

    @property
    def refused(self) -> tuple[Refused, ...]:
        """The files that were left out, and why."""
        return self._loaded.refused

    def passages(self) -> Mapping[str, int]:
        """How many passages each document has, by its name."""
        assistant = self._assistant
        return Counter(passage.document for passage in assistant.index.passages) if assistant else {}

    def encode(self, texts: Sequence[str]) -> "Vectors":
        """The embedding of texts, shape (len(texts), dim); raises ``UserError`` while the models are being loaded."""
        assistant = self._assistant
        if assistant is None:
            raise UserError("The assistant is still getting ready; try again in a moment.")
        return assistant.index.encode(texts)

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
        self.rebuild()
        return place

    def removable(self, path: str) -> bool:
        """Whether ``remove`` would take that file."""
        return self.folder is not None and uploads.own_file(self.folder, path) is not None

    def rebuild(self) -> None:
        """Reads the documents again and lets the assistant answer from them, in the background.

        While that is being done already, it is done once more afterwards: what came later is not left out.
        """
        with self._lock:
            if self._work.running:
                self._again = True
                return
            self._work = Work(running=True, lines=("Beginning to read the documents",))
        threading.Thread(target=self._rebuild, name="rebuild", daemon=True).start()

    @property
    def _assistant(self) -> "Assistant | None":
        from assistant.pipeline import Assistant

        assistant = self._loading.assistant
        return assistant if isinstance(assistant, Assistant) else None

    def _first(self, report: Report) -> "Assistant":
        return self._made(None, report)

    def _made(self, serving: "Assistant | None", report: Report) -> "Assistant":
        from assistant.builder import load_documents

        report("Reading the documents")
        loaded = load_documents(self._settings, report)
        made = self._make(loaded, serving, report)
        self._loaded = loaded
        return made

    def _built(self, loaded: Loaded, serving: "Assistant | None", report: Report) -> "Assistant":
        from assistant.builder import build

        report("Loading the models and the guidance")
        model = serving.model if serving else None
        return build(self._settings, documents=loaded.documents, model=model, progress=report)

    def _rebuild(self) -> None:
        while True:
            line, failed = self._rebuilt()
            with self._lock:
                again, self._again = self._again, False
                self._work = replace(
                    self._work, running=again, failed=failed, lines=(*self._work.lines, line)[-_LINES:]
                )
            if not again:
                return

    def _rebuilt(self) -> tuple[str, bool]:
        """The line on how it ended, and whether it failed. What served before goes on serving where it did."""
        serving = self._assistant
        try:
            made = self._made(serving, self._report)
        except UserError as error:
            return f"{error} What was read before still answers.", True
        except Exception:
            log.exception("The documents could not be read anew")
            return "Something went wrong; the log says what. What was read before still answers.", True
        if not self._loading.replace(made):
            made.index.close()
            return "The service is ending.", True
        if serving is not None:
            # Closed once nobody reads it any more: questions that are being answered hold on to it.
            weakref.finalize(serving, serving.index.close).atexit = False
            del serving
            gc.collect()
        count = len(self._loaded.documents)
        return f"Done: answers come from {count} document{'' if count == 1 else 's'}, index {made.index_name}.", False

    def _report(self, line: str) -> None:
        with self._lock:
            self._work = replace(self._work, lines=(*self._work.lines, line)[-_LINES:])
