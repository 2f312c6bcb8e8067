"""A program's question: its place in the line that the window's questions wait in too, its answer, its end."""

import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from functools import partial
from queue import Empty, SimpleQueue
from typing import Protocol

from anyio import CapacityLimiter, to_thread
from fastapi import HTTPException

from assistant.logs import current
from assistant.records import Answer, Done, Event, History, Stage
from assistant.web.asking import Message, fault, generate
from assistant.web.line import EndingError, Line, Ticket
from assistant.web.loading import Answering, Loading
from corpus.errors import UserError

BEAT_S = 0.25
LINE_BEAT_S = 1.0
"""Seconds between two looks whether somebody who waits in the line is still there."""
SECONDS_TO_RETRY = "10"
READER_GONE = 499


Take = Callable[[Iterator[Event | None], object], object]


class Caller(Protocol):
    """Whoever waits for the answer, such as a request."""

    async def is_disconnected(self) -> bool: ...


class Questions:
    """Takes questions in. The window's assistant and line serve them; nothing is kept of them."""

    def __init__(self, loading: Loading, line: Line) -> None:
        self._loading = loading
        self._line = line
        # Waiting holds a thread each; they must not be those that everything else is answered with.
        self._threads = CapacityLimiter(128)

    def ready(self) -> Answering:
        """The assistant; ``HTTPException`` 503 while it is not there."""
        assistant = self._loading.assistant
        if assistant is None:
            self._loading.start()
            line = self._loading.line
            why = f"The assistant is getting ready: {line}" if self._loading.state == "loading" else line
            raise HTTPException(503, why, {"Retry-After": SECONDS_TO_RETRY})
        return assistant

    def begin(self, question: str, history: History, asker: str = "") -> "Asked":
        """A place in the line; ``HTTPException`` where the question cannot be asked or not now.

        ``asker`` says whose question it is: those who ask take turns.
        """
        readable(question)
        assistant = self.ready()
        try:
            ticket = self._line.join(asker, current.get())
        except EndingError as error:
            raise HTTPException(503, str(error), {"Retry-After": SECONDS_TO_RETRY}) from error
        except UserError as error:
            busy = "The assistant is busy: too many questions are waiting. Ask again in a moment."
            raise HTTPException(429, busy, {"Retry-After": SECONDS_TO_RETRY}) from error
        return Asked(assistant, question, history, ticket)

    async def follow(self, asked: "Asked", caller: Caller, take: "Take | None" = None) -> AsyncIterator[Event | None]:
        """The events of an answer, None now and then while there is nothing new; it stops when its reader has gone.

        ``take`` takes the next event that is wanted, by default each. Raises ``HTTPException`` 502 where the model
        fails and 500 where the program does.
        """
        events = asked.events()
        ended = object()
        looked = time.monotonic()
        try:
            while True:
                event = await to_thread.run_sync(take or next, events, ended, limiter=self._threads)
                if event is ended:
                    return
                if time.monotonic() - looked > BEAT_S:
                    looked = time.monotonic()
                    if await caller.is_disconnected():
                        return
                yield event  # type: ignore[misc]
        finally:
            asked.close()

    async def answer(self, asked: "Asked", caller: Caller) -> Answer:
        """The whole answer; raises as ``follow`` does."""
        async for event in self.follow(asked, caller, _last):
            if isinstance(event, Done):
                return event.answer
        raise HTTPException(READER_GONE, "Whoever asked has gone.")


class Asked:
    """One question that has its place in the line."""

    def __init__(self, assistant: Answering, question: str, history: History, ticket: Ticket) -> None:
        self._assistant = assistant
        self._question = question
        self._history = history
        self._ticket = ticket
        self._stopped = threading.Event()
        self._handed_over = False

    def events(self) -> Iterator[Event | None]:
        """What happens, None now and then where nothing does."""
        place = -1
        while not self._ticket.wait(LINE_BEAT_S if place >= 0 else 0):
            if self._stopped.is_set():
                return
            moved, place = self._ticket.place != place, self._ticket.place
            yield Stage(f"Number {place + 1} in the line") if moved else None
        if self._stopped.is_set():
            return
        messages: SimpleQueue[Message] = SimpleQueue()
        begin = partial(self._assistant.answer, self._question, self._history, self._stopped.is_set)
        self._handed_over = True
        self._ticket.answer(partial(generate, begin, self._stopped.is_set, messages, self._ticket))
        while not self._stopped.is_set():
            try:
                message = messages.get(timeout=BEAT_S)
            except Empty:
                yield None
                continue
            if isinstance(message, Exception):
                raise _failure(message)
            if message is None:
                raise HTTPException(500, "The answer broke off; ask again.")
            yield message
            if isinstance(message, Done):
                return

    def close(self) -> None:
        """Stops the writing and gives the place in the line up; harmless when done twice."""
        self._stopped.set()
        if not self._handed_over:
            self._ticket.leave()


def _last(events: Iterator[Event | None], ended: object) -> object:
    """The event that ends an answer, or None after ``BEAT_S``: to hear of each event costs two changes of thread."""
    until = time.monotonic() + BEAT_S
    for event in events:
        if event is None or isinstance(event, Done):
            return event
        if time.monotonic() > until:
            return None
    return ended


def readable(question: str) -> None:
    """``HTTPException`` 422 with the reason where that is no question."""
    line = fault(question)
    if line:
        raise HTTPException(422, line)


def _failure(error: Exception) -> HTTPException:
    """What the asker is told; the details of a mistake in the program stay in the log."""
    if isinstance(error, UserError):
        return HTTPException(502, str(error))
    return HTTPException(500, "Something went wrong while answering; ask again.")
