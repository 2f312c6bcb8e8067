"""How many tokens a language model has read and written, as far as it reports them."""

import threading
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tokens:
    """Tokens of prompts (those found in a cache included) and of replies, over ``reports`` reported generations."""

    read: int = 0
    written: int = 0
    reports: int = 0

    def __sub__(self, earlier: "Tokens") -> "Tokens":
        return Tokens(self.read - earlier.read, self.written - earlier.written, self.reports - earlier.reports)


class Meter:
    """Adds up what a model reports; a generation that was stopped before its end is usually not reported."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._total = Tokens()

    @property
    def total(self) -> Tokens:
        return self._total

    def add(self, read: object, written: object) -> None:
        """One report; what is not a pair of whole numbers of 0 or more is not one."""
        if not all(isinstance(n, int) and not isinstance(n, bool) and n >= 0 for n in (read, written)):
            return
        with self._lock:
            last = self._total
            self._total = Tokens(last.read + int(str(read)), last.written + int(str(written)), last.reports + 1)
