"""Threads that answer: a new one for each question would make its libraries set themselves up for it each time."""

import logging
import threading
from collections.abc import Callable
from queue import Empty, SimpleQueue

log = logging.getLogger(__name__)

IDLE_S = 60.0


class Worker:
    """Does jobs in ``threads`` of its own, which end when they have had nothing to do for a while.

    They keep no program from ending. What a job raises is logged; it keeps the next from nothing.
    """

    def __init__(self, threads: int = 1) -> None:
        self._threads = threads
        self._jobs: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self._lock = threading.Lock()
        self._running = 0
        self._unfinished = 0

    def submit(self, job: Callable[[], None]) -> None:
        """Has ``job`` begun when those before it are."""
        with self._lock:
            self._jobs.put(job)
            self._unfinished += 1
            if self._running < min(self._threads, self._unfinished):
                self._running += 1
                threading.Thread(target=self._run, name="answers", daemon=True).start()

    def _run(self) -> None:
        while True:
            try:
                job = self._jobs.get(timeout=IDLE_S)
            except Empty:
                with self._lock:
                    if self._jobs.empty():
                        self._running -= 1
                        return
                continue
            try:
                job()
            except Exception:
                log.exception("What came after an answer failed")
            # What it answered with may be closed once nobody holds it any more.
            del job
            with self._lock:
                self._unfinished -= 1
