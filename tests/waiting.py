"""Waiting for what comes to be in another thread or process, on a busy machine too."""

import time
from collections.abc import Callable


def until(true: Callable[[], bool]) -> None:
    """Returns when ``true`` gives True; fails the test where it does not within five minutes."""
    ends = time.monotonic() + 300
    while not true():
        assert time.monotonic() < ends
        time.sleep(0.02)
