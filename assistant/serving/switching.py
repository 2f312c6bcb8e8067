"""One assistant in front of another: what comes next takes over without a question in flight being dropped."""

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from assistant.advising import FormField
from assistant.cancelling import never
from assistant.pipeline import Assistant
from assistant.records import Event, Found, History, Place, RetrievedPassage
from corpus import Document

_GIVING_WAY = 0.2
"""Seconds between two looks whether a question is still in flight."""


class Switching:
    """Answers with the assistant that was given last.

    A question goes on with the assistant it began with. That one's index is closed when its last question has ended.
    """

    def __init__(self, first: Assistant) -> None:
        self._lock = threading.Lock()
        self._current = first
        self._users: dict[Assistant, int] = {first: 0}
        self._closed = False
        self._background: list[threading.Thread] = []

    @property
    def current(self) -> Assistant:
        """The assistant that answers the next question."""
        with self._lock:
            return self._current

    @property
    def held_open(self) -> int:
        """How many assistants have an open index: the current one and those with a question in flight."""
        with self._lock:
            return len(self._users)

    @property
    def answering(self) -> bool:
        """Whether a question is in flight."""
        with self._lock:
            return any(self._users.values())

    def switch(self, following: Assistant) -> None:
        """Has ``following``, which shares the language model, answer from the next question on."""
        with self._lock:
            before, self._current = self._current, following
            self._users[following] = 0
            idle = self._forgotten(before)
        if idle:
            before.index.close()

    def meanwhile(self, name: str, work: Callable[[Assistant, Callable[[], bool]], object]) -> None:
        """Has ``work`` done with the current assistant in a thread, while nobody asks anything.

        It asks the function it is given before every step whether to end there: where that assistant answers no more.
        ``close`` waits for it, for a thread that still computes takes the process down with it.
        """
        with self._lock:
            assistant = self._current
            if self._closed:
                return

            def ending() -> bool:
                while self.answering and self._answers(assistant):
                    time.sleep(_GIVING_WAY)
                return not self._answers(assistant)

            thread = threading.Thread(target=work, args=(assistant, ending), name=name, daemon=True)
            self._background = [*(one for one in self._background if one.is_alive()), thread]
            thread.start()

    def close(self) -> None:
        """Gives back the model and, as soon as no question is in flight, every index."""
        with self._lock:
            self._closed = True
            last = self._current
            background, self._background = self._background, []
        for thread in background:
            thread.join()
        with self._lock:
            idle = self._forgotten(last)
        last.close_model()
        if idle:
            last.index.close()

    @property
    def model_name(self) -> str:
        return self.current.model_name

    @property
    def index_name(self) -> str:
        return self.current.index_name

    @property
    def openings(self) -> tuple[str, ...]:
        with self.in_use() as assistant:
            return assistant.openings

    def covers(self) -> tuple[Place, ...]:
        with self.in_use() as assistant:
            return assistant.covers()

    def document(self, name: str) -> Document | None:
        with self.in_use() as assistant:
            return assistant.document(name)

    def search(self, question: str, k: int = 10) -> tuple[RetrievedPassage, ...]:
        with self.in_use() as assistant:
            return assistant.search(question, k)

    def answer(self, question: str, history: History = (), cancelled: Callable[[], bool] = never) -> Iterator[Event]:
        with self.in_use() as assistant:
            yield from assistant.answer(question, history, cancelled)

    def ahead(self, question: str, history: History = ()) -> Found | None:
        with self.in_use() as assistant:
            return assistant.ahead(question, history)

    @property
    def advice_form(self) -> tuple[FormField, ...]:
        with self.in_use() as assistant:
            return assistant.advice_form

    def described(self, values: Mapping[str, str]) -> str:
        with self.in_use() as assistant:
            return assistant.described(values)

    def advise(self, values: Mapping[str, str]) -> Iterator[Event]:
        with self.in_use() as assistant:
            yield from assistant.advise(values)

    @contextmanager
    def in_use(self) -> Iterator[Assistant]:
        """The current assistant, whose index stays open for as long as this lasts."""
        with self._lock:
            assistant = self._current
            self._users[assistant] = self._users.get(assistant, 0) + 1
        try:
            yield assistant
        finally:
            with self._lock:
                self._users[assistant] -= 1
                idle = (assistant is not self._current or self._closed) and self._forgotten(assistant)
            if idle:
                assistant.index.close()

    def _answers(self, assistant: Assistant) -> bool:
        with self._lock:
            return self._current is assistant and not self._closed

    def _forgotten(self, assistant: Assistant) -> bool:
        """Whether nobody uses ``assistant`` any more, so that it is to be closed. Needs the lock."""
        if self._users.get(assistant) != 0:
            return False
        del self._users[assistant]
        return True
