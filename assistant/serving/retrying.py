"""When to try again what failed and may not fail for ever, such as a build on a disk that was full."""

import time

FIRST = 60.0
"""Seconds to the first time it is tried again; each further pause is twice as long."""
LAST = 3600.0
"""The longest pause, in seconds."""

_NEVER = float("inf")


class Retrying:
    """Nothing is to be tried again until something has ``failed``. To be used by one thread."""

    def __init__(self) -> None:
        self._pause = FIRST
        self._at = _NEVER

    @property
    def due(self) -> bool:
        """Whether the pause is over."""
        return time.monotonic() >= self._at

    def failed(self) -> None:
        """It is to be tried again after a pause, a longer one each time."""
        self._at = time.monotonic() + self._pause
        self._pause = min(LAST, 2 * self._pause)

    def soon(self) -> None:
        """It is to be tried again at once, or after a pause where it has failed before."""
        self._at = min(self._at, time.monotonic() + self._pause - FIRST)

    def succeeded(self) -> None:
        """Nothing is to be tried again, and the next pause is the first."""
        self._at, self._pause = _NEVER, FIRST
