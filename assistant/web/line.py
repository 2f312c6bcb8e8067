"""The waiting line in front of what answers: a question or a few at a time, askers in turn, of bounded length."""

import threading
import time
from collections import deque
from collections.abc import Callable

from assistant.records import Answer
from assistant.watching.ended import Ended, Outcome, Told
from assistant.web.worker import Worker
from corpus.errors import UserError


class EndingError(UserError):
    """No question is taken any more."""

    def __init__(self) -> None:
        super().__init__("The assistant is being stopped or restarted: ask again in a minute.")


class Line:
    """Whoever asks joins, waits for the front and leaves when the generation has really ended.

    Those who ask take turns: one with many questions lets everybody else's next question in between.
    """

    def __init__(self, size: int = 32, at_once: int = 1) -> None:
        """``size`` is how many may wait behind those being served, ``at_once`` of them."""
        self._size = size
        self._at_once = at_once
        self._ending = False
        self._served: set[Ticket] = set()
        # Whose turn comes next stands first; a dictionary keeps the order.
        self._waiting: dict[str, deque[Ticket]] = {}
        self._moved = threading.Condition(threading.RLock())
        self._told: list[Told] = []
        self._worker = Worker(at_once)

    def answer(self, job: Callable[[], None]) -> None:
        """Has the question at the front answered by ``job``, after whatever was to be done before."""
        self._worker.submit(job)

    def tell(self, told: Told) -> None:
        """Has ``told`` be told of every question that ends."""
        self._told.append(told)

    def ended(self, ended: Ended) -> None:
        """Tells everybody who wants to know."""
        for told in self._told:
            told(ended)

    def join(self, asker: str = "", request: str = "") -> "Ticket":
        """A place among the questions of others and behind the asker's own; ``request`` is the id of its request.

        Raises ``UserError`` when the line is full and ``EndingError`` when it takes nobody any more.
        """
        with self._moved:
            if self._ending:
                raise EndingError
            busy = len(self._served) >= self._at_once
            if busy and self.length >= self._size:
                self.ended(Ended("busy", request=request))
                raise UserError(
                    f"The assistant is busy: {self._size} questions are waiting. Yours is kept; try again in a minute."
                )
            ticket = Ticket(self, asker, request)
            if busy:
                self._waiting.setdefault(asker, deque()).append(ticket)
            else:
                self._serve(ticket)
            return ticket

    @property
    def length(self) -> int:
        """How many wait behind those being served."""
        with self._moved:
            return sum(map(len, self._waiting.values()))

    @property
    def ending(self) -> bool:
        """Whether no question is taken any more."""
        return self._ending

    def end(self) -> None:
        """Takes no question any more; those that wait are answered."""
        with self._moved:
            self._ending = True

    def wait_until_idle(self, seconds: float) -> bool:
        """Waits until nobody is served and nobody waits; whether it is so."""
        with self._moved:
            return self._moved.wait_for(lambda: not self._served, timeout=seconds)

    def place(self, ticket: "Ticket") -> int:
        """How many questions come before that one; 0 at the front and after leaving."""
        with self._moved:
            own = self._waiting.get(ticket.asker, ())
            if ticket not in own:
                return 0
            before, turn = len(self._served), own.index(ticket)
            earlier = True
            for asker, tickets in self._waiting.items():
                earlier = earlier and asker != ticket.asker
                before += turn if asker == ticket.asker else min(len(tickets), turn + earlier)
            return before

    def leave(self, ticket: "Ticket") -> None:
        """Gives the place up; harmless when done twice."""
        with self._moved:
            if ticket in self._served:
                self._served.remove(ticket)
                following = self._next()
                if following is not None:
                    self._serve(following)
                self._moved.notify_all()
            elif ticket in self._waiting.get(ticket.asker, ()):
                self._waiting[ticket.asker].remove(ticket)
                if not self._waiting[ticket.asker]:
                    del self._waiting[ticket.asker]
                ticket.front.set()
                self.ended(Ended("left", ticket.age, request=ticket.request))

    def _serve(self, ticket: "Ticket") -> None:
        self._served.add(ticket)
        ticket.front.set()

    def _next(self) -> "Ticket | None":
        for asker in self._waiting:
            tickets = self._waiting.pop(asker)
            following = tickets.popleft()
            if tickets:
                self._waiting[asker] = tickets
            return following
        return None


class Ticket:
    """A place in the line."""

    def __init__(self, line: Line, asker: str, request: str) -> None:
        self._line = line
        self._joined = self._begun = time.monotonic()
        self.asker = asker
        self.request = request
        # Only who comes to the front is woken: everybody else in the line would be, for every question.
        self.front = threading.Event()

    @property
    def age(self) -> float:
        """Seconds since it joined the line."""
        return time.monotonic() - self._joined

    def answer(self, job: Callable[[], None]) -> None:
        """Has the question, which is at the front, answered by ``job``, in one of the threads that do nothing else."""
        self._line.answer(job)

    def begin(self) -> None:
        """Its turn has come and the answering begins."""
        self._begun = time.monotonic()

    def end(self, outcome: Outcome, answer: Answer | None) -> None:
        """The answering has ended so."""
        took = time.monotonic() - self._begun
        self._line.ended(Ended(outcome, self._begun - self._joined, took, answer, self.request))

    @property
    def place(self) -> int:
        """How many questions come before this one; 0 at the front and after leaving."""
        return self._line.place(self)

    def wait(self, seconds: float) -> bool:
        """Waits until this ticket is at the front, at most ``seconds``; whether it is."""
        return self.front.wait(seconds)

    def leave(self) -> None:
        """Gives the place up; harmless when done twice."""
        self._line.leave(self)
