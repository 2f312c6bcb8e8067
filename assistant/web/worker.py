"""One thread that answers: a new one for each question would make its libraries set themselves up for it each time."""

import logging
import threading
from collections.abc import Callable
from queue import Empty, SimpleQueue

log = logging.getLogger(__name__)

IDLE_S = 60.0


class Worker:
    """Does one job after the other in a thread of its own, which ends when it has had nothing to do for a while.

    The thread keeps no program from ending. What a job raises is logged; it keeps the next from nothing.
    """

    def __init__(self) -> None:
        self._jobs: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self._lock = threading.Lock()
        self._running = False

    def submit(self, job: Callable[[], None]) -> None:
        """Has ``job`` done when those before it are."""
        with self._lock:
            self._jobs.put(job)
            if not self._running:
                self._running = True
                threading.Thread(target=self._run, name="answers", daemon=True).start()

    def _run(self) -> None:
        while True:
            try:
                job = self._jobs.get(timeout=IDLE_S)
            except Empty:
                with self._lock:
                    if self._jobs.empty():
                        self._running = False
                        return
                continue
            try:
                job()
            except Exception:
                log.exception("What came after an answer failed")
            # What it answered with may be closed once nobody holds it any more.
            del job
