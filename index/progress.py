"""How far a long piece of work is, told in lines that people and programs both understand."""

from __future__ import annotations

import time
from collections.abc import Callable

Progress = Callable[[str], None]

_EVERY = 0.5


def silent(_: str) -> None:
    """Tells nobody."""


class Step(str):
    """A line of progress that also holds how far the work is: ``done`` of ``total``.

    ``seconds`` is how long the rest is likely to take, None while that cannot be told.
    """

    done: int
    total: int
    seconds: float | None

    def __new__(cls, line: str, done: int, total: int, seconds: float | None = None) -> Step:
        step = super().__new__(cls, line)
        step.done, step.total, step.seconds = done, total, seconds
        return step


class Meter:
    """Tells how much of a known amount is done, twice a second at most, with the time left."""

    def __init__(self, what: str, total: int, progress: Progress) -> None:
        self._what = what
        self._total = total
        self._progress = progress
        self._since = time.monotonic()
        self._told = -_EVERY

    def reached(self, done: int) -> None:
        """``done`` of the whole is done now."""
        spent = time.monotonic() - self._since
        if spent - self._told < _EVERY and done < self._total:
            return
        self._told = spent
        seconds = spent / done * (self._total - done) if done and spent > 1 else None
        left = "" if seconds is None or done >= self._total else f", {_spoken(seconds)} left"
        self._progress(Step(f"{self._what} {done:,} of {self._total:,}{left}", done, self._total, seconds))


def _spoken(seconds: float) -> str:
    if seconds < 90:
        return f"about {max(1, round(seconds))} s"
    return f"about {round(seconds / 60)} min"
