"""The waiting line in front of a language model: one question at a time, first come first served, of bounded length."""

import threading
from collections import deque

from corpus.errors import UserError


class Line:
    """Whoever asks joins at the end, waits for the front and leaves when the generation has really ended."""

    def __init__(self, size: int = 32) -> None:
        """``size`` is how many may wait behind the one being served."""
        self._size = size
        self._tickets: deque[Ticket] = deque()
        self._moved = threading.Condition(threading.RLock())

    def join(self) -> "Ticket":
        """A place at the end; raises ``UserError`` when too many wait already."""
        with self._moved:
            if len(self._tickets) > self._size:
                raise UserError(
                    f"The assistant is busy: {self._size} questions are waiting. Yours is kept; try again in a minute."
                )
            ticket = Ticket(self, self._moved, self._tickets)
            self._tickets.append(ticket)
            return ticket


class Ticket:
    """A place in the line."""

    def __init__(self, line: Line, moved: threading.Condition, tickets: "deque[Ticket]") -> None:
        self._line = line
        self._moved = moved
        self._tickets = tickets

    @property
    def place(self) -> int:
        """How many questions come before this one; 0 at the front and after leaving."""
        with self._moved:
            return self._tickets.index(self) if self in self._tickets else 0

    def wait(self, seconds: float) -> bool:
        """Waits until this ticket is at the front or has moved up, at most ``seconds``; whether it is at the front."""
        with self._moved:
            place = self.place
            self._moved.wait_for(lambda: self.place == 0 or self.place < place, timeout=seconds)
            return self.place == 0

    def leave(self) -> None:
        """Gives the place up; harmless when done twice."""
        with self._moved:
            if self in self._tickets:
                self._tickets.remove(self)
                self._moved.notify_all()
