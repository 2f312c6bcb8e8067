"""The assistant behind the window, built in the background so that the page is there at once."""

import logging
import threading
from collections.abc import Callable, Iterator, Mapping
from typing import Literal, Protocol

from assistant.advising import FormField
from assistant.records import Event, Found, History, Place, RetrievedPassage
from corpus.errors import UserError
from corpus.records import Document

log = logging.getLogger(__name__)

Report = Callable[[str], None]


class Answering(Protocol):
    """What the window needs of an assistant."""

    @property
    def model_name(self) -> str: ...
    @property
    def index_name(self) -> str: ...
    @property
    def openings(self) -> tuple[str, ...]: ...
    def answer(self, question: str, history: History = (), cancelled: Callable[[], bool] = ...) -> Iterator[Event]: ...
    def ahead(self, question: str, history: History = ()) -> Found | None: ...
    def search(self, question: str, k: int = ...) -> tuple[RetrievedPassage, ...]: ...
    def document(self, name: str) -> Document | None: ...
    @property
    def advice_form(self) -> tuple[FormField, ...]: ...
    def described(self, values: Mapping[str, str]) -> str: ...
    def advise(self, values: Mapping[str, str]) -> Iterator[Event]: ...
    def covers(self) -> tuple[Place, ...]: ...
    def close(self) -> None: ...


class Loading:
    """Builds an assistant in a thread and says how far it is.

    ``build`` gets a function to report what it does, one line at a time.
    """

    def __init__(self, build: Callable[[Report], Answering]) -> None:
        self._build = build
        self._changed = threading.Condition()
        self._assistant: Answering | None = None
        self._failure = ""
        self._line = "Starting"
        self._running = False

    def start(self) -> None:
        """Begins to build, unless that is under way or done. A build that failed is tried again."""
        with self._changed:
            if self._running or self._assistant is not None:
                return
            self._running, self._failure = True, ""
        threading.Thread(target=self._run, name="loading", daemon=True).start()

    @property
    def state(self) -> Literal["loading", "ready", "failed"]:
        """How far it is."""
        with self._changed:
            if self._assistant is not None:
                return "ready"
            return "failed" if self._failure else "loading"

    @property
    def line(self) -> str:
        """What is being done, or why it failed; one line."""
        with self._changed:
            return self._failure or self._line

    @property
    def assistant(self) -> Answering | None:
        """The assistant once it is ready."""
        with self._changed:
            return self._assistant

    def wait(self, seconds: float) -> bool:
        """Waits until the assistant is ready or has failed, at most ``seconds``; whether that is so."""
        with self._changed:
            return self._changed.wait_for(lambda: self._assistant is not None or bool(self._failure), seconds)

    def close(self) -> None:
        """Closes the assistant, if there is one."""
        with self._changed:
            assistant, self._assistant = self._assistant, None
            self._failure = "The assistant has been closed."
        if assistant is not None:
            assistant.close()

    def _report(self, line: str) -> None:
        with self._changed:
            self._line = line

    def _run(self) -> None:
        assistant: Answering | None = None
        failure = ""
        try:
            assistant = self._build(self._report)
        except UserError as error:
            failure = str(error)
            log.warning("%s", failure)
        except Exception:
            log.exception("The assistant could not be built")
            failure = "The assistant could not be started; the terminal it runs in says why."
        with self._changed:
            self._assistant, self._failure, self._running = assistant, failure, False
            self._changed.notify_all()
