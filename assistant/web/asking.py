"""Asking a question in the window: the line, the model that loads, the stream of events, stopping and keeping."""

import logging
import threading
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from queue import Empty, SimpleQueue

from assistant.conversation.standing_alone import leans_on_history
from assistant.logs import current
from assistant.questions.question import clean
from assistant.records import Answer, Done, Draft, Event, History, Turn
from assistant.store import Reader, Store
from assistant.watching.ended import Outcome
from assistant.web.line import Line, Ticket
from assistant.web.loading import Answering, Loading
from assistant.web.turn import SEARCHING, Progress, history_of
from corpus.errors import UserError

log = logging.getLogger(__name__)

MOST_ODD = 0.05
POLL_S = 0.2
FRAME_S = 0.05

Message = Event | Exception | None


class Desk:
    """Takes questions in, one answer at a time, and keeps what came of them."""

    def __init__(self, loading: Loading, store: Store, line: Line) -> None:
        self._loading = loading
        self._store = store
        self._line = line
        self._running: dict[tuple[Reader, str], threading.Event] = {}
        self._lock = threading.Lock()

    def ask(
        self,
        reader: Reader,
        conversation: str,
        question: str,
        replaces: str = "",
        values: Mapping[str, str] | None = None,
        request: str = "",
        page: str = "",
    ) -> Iterator[Progress]:
        """Yields the turn as it grows, the same object each time; the last state is not "asking".

        ``replaces`` is the turn that is asked again. Closing the iterator stops the generation; ``stop`` does so from
        elsewhere. ``values`` are those of the form for advice; the question is then the one that they stand for.
        ``request`` is the id of the request that asks, for the log. ``page`` is what the page around the window is
        about, for questions that lean on it. Nothing is raised for the reader's or the model's faults: they are the
        turn's ``note``.
        """
        progress = Progress(question.strip(), id=uuid.uuid4().hex, conversation=conversation)
        line = ""
        if values is not None:
            line, progress.question = self._described(values)
        line = line or fault(progress.question)
        if line:
            progress.question, progress.fleeting = shortened(progress.question), True
            progress.fail(line)
            yield progress
            return
        stopped = self._register(reader, conversation)
        kept = False
        try:
            yield progress
            history, kept = self._begin(reader, conversation, progress, replaces)
            if page and leans_on_history(progress.question):
                history = (Turn("user", page), *history)
            for _ in self._answer(reader, request, progress, history, stopped, values):
                yield progress
            self._finish(progress, kept)
            yield progress
        finally:
            stopped.set()
            if progress.state == "asking":
                progress.stop()
                self._finish(progress, kept)
            self._forget(reader, conversation, stopped)

    def stop(self, reader: Reader, conversation: str) -> bool:
        """Stops what is being answered in that conversation; whether there was anything."""
        with self._lock:
            stopped = self._running.get((reader, conversation))
        if stopped is None:
            return False
        stopped.set()
        return True

    def _register(self, reader: Reader, conversation: str) -> threading.Event:
        """A new question stops the one that its conversation was still busy with, as after a reload of the page."""
        stopped = threading.Event()
        with self._lock:
            earlier = self._running.get((reader, conversation))
            self._running[reader, conversation] = stopped
        if earlier is not None:
            earlier.set()
        return stopped

    def _forget(self, reader: Reader, conversation: str, stopped: threading.Event) -> None:
        with self._lock:
            if self._running.get((reader, conversation)) is stopped:
                del self._running[reader, conversation]

    def _begin(self, reader: Reader, conversation: str, progress: Progress, replaces: str) -> tuple[History, bool]:
        """Keeps the question; the conversation before it, and whether there is a store to keep things in."""
        try:
            self._store.begin(reader, conversation, progress.id, progress.question, replaces)
            return history_of(self._store.turns(reader, conversation)), True
        except UserError as error:
            log.warning("%s", error)
            progress.note = f"{error} The answer is shown but not kept."
            return (), False

    def _finish(self, progress: Progress, kept: bool) -> None:
        if not kept:
            return
        state = "stopped" if progress.state == "asking" else progress.state
        answer = progress.kept() if progress.sentences or progress.passages or progress.answer else None
        try:
            self._store.finish(progress.id, state, answer, progress.note)
        except UserError as error:
            log.warning("%s", error)
            progress.note = f"{error} The answer is shown but not kept."

    def _described(self, values: Mapping[str, str]) -> tuple[str, str]:
        """Why the form cannot be answered, or the question that its values stand for."""
        assistant = self._loading.assistant
        if assistant is None:
            return "The assistant is still getting ready; try again in a moment.", ""
        try:
            return "", assistant.described(values)
        except UserError as error:
            return str(error), ""

    def _answer(
        self,
        reader: Reader,
        request: str,
        progress: Progress,
        history: History,
        stopped: threading.Event,
        values: Mapping[str, str] | None,
    ) -> Iterator[None]:
        """Advances ``progress`` until it has ended; yields whenever there is something new to show."""
        try:
            asker = f"name {reader.person}" if reader.person else f"browser {reader.browser}"
            ticket = self._line.join(asker, request)
        except UserError as error:
            progress.fail(str(error))
            return
        handed_over = False
        try:
            yield from self._wait(progress, ticket, stopped, history if values is None else None)
            assistant = self._loading.assistant
            if stopped.is_set():
                progress.stop()
            elif assistant is None:
                progress.fail(self._loading.line)
            else:
                progress.stage = SEARCHING
                messages: SimpleQueue[Message] = SimpleQueue()
                events = (
                    partial(assistant.answer, progress.question, history, stopped.is_set)
                    if values is None
                    else partial(assistant.advise, values)
                )
                ticket.answer(partial(generate, events, stopped.is_set, messages, ticket))
                handed_over = True
                yield from _follow(progress, messages, stopped)
        finally:
            if not handed_over:
                ticket.leave()

    def _wait(
        self, progress: Progress, ticket: Ticket, stopped: threading.Event, history: History | None
    ) -> Iterator[None]:
        """Until it is this question's turn and the models are there, telling the reader what is waited for.

        Who has to wait for the turn sees the passages meanwhile, unless ``history`` is None: then nothing is searched.
        """
        self._loading.start()
        while not stopped.is_set():
            if not ticket.wait(POLL_S):
                place = ticket.place
                before = "One question is" if place == 1 else f"{place} questions are"
                stage = f"{before} before yours. Yours is number {place + 1} in the line."
                if history is not None and (assistant := self._loading.assistant) is not None:
                    _look_ahead(assistant, progress, history)
                    history = None
            elif not self._loading.wait(POLL_S):
                stage = f"The assistant is getting ready: {self._loading.line}"
            else:
                return
            if stage != progress.stage:
                progress.stage = stage
                yield


def _look_ahead(assistant: Answering, progress: Progress, history: History) -> None:
    """Shows the passages for a question that waits; where that fails, it is told when the question's turn comes."""
    try:
        found = assistant.ahead(progress.question, history)
    except Exception:
        log.exception("Nothing was found ahead of an answer")
        return
    if found is not None:
        progress.apply(found)


def fault(question: str) -> str:
    """What keeps ``question`` from being asked, as one line for the reader; empty when nothing does."""
    odd = sum(not (character.isprintable() or character.isspace()) or character == "\ufffd" for character in question)
    if odd > MOST_ODD * len(question):
        return "That is not text but binary data; ask the question in words."
    try:
        clean(question)
    except UserError as error:
        return str(error)
    return ""


def shortened(text: str, length: int = 300) -> str:
    """The beginning of a text that is too long to be shown."""
    return text if len(text) <= length else text[:length].rstrip() + "…"


def generate(
    begin: Callable[[], Iterator[Event]],
    cancelled: Callable[[], bool],
    messages: "SimpleQueue[Message]",
    ticket: Ticket,
) -> None:
    """Runs the pipeline that ``begin`` begins in a thread of its own, so that a stop shows whatever the model is at.

    The place in the line is held until the pipeline has really ended.
    """
    outcome: Outcome = "failed"
    answer: Answer | None = None
    current.set(ticket.request)
    ticket.begin()
    try:
        events = begin()
        for event in events:
            messages.put(event)
            if isinstance(event, Done):
                answer, outcome = event.answer, event.answer.status
            if cancelled():
                break
        close = getattr(events, "close", None)
        if close is not None:
            close()
        if answer is None and cancelled():
            outcome = "stopped"
        messages.put(None)
    except UserError as error:
        messages.put(error)
    except Exception as error:
        log.exception("Answering failed")
        messages.put(error)
    finally:
        ticket.leave()
        ticket.end(outcome, answer)


def _follow(progress: Progress, messages: "SimpleQueue[Message]", stopped: threading.Event) -> Iterator[None]:
    """Applies what the pipeline says, several drafts at once when they come faster than a screen is drawn."""
    shown, waiting = 0.0, False
    while progress.state == "asking":
        if stopped.is_set():
            progress.stop()
            return
        try:
            message = messages.get(timeout=FRAME_S if waiting else POLL_S)
        except Empty:
            if not waiting:
                continue
        else:
            _take(progress, message, stopped)
            waiting = isinstance(message, Draft) and time.monotonic() - shown < FRAME_S
            if waiting:
                continue
        shown, waiting = time.monotonic(), False
        yield


def _take(progress: Progress, message: Message, stopped: threading.Event) -> None:
    if message is None:
        if stopped.is_set():
            progress.stop()
        else:
            progress.fail("The answer broke off; ask again.")
    elif isinstance(message, UserError):
        progress.fail(str(message))
    elif isinstance(message, Exception):
        progress.fail("Something went wrong while answering. Your question is kept; try again.")
    else:
        progress.apply(message)
