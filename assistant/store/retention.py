"""How long what people said is kept: older conversations, verdicts and gaps are deleted, at the start and every day."""

import logging
import threading
from datetime import UTC, datetime, timedelta

from assistant.store.conversations import Store
from corpus.errors import UserError

log = logging.getLogger(__name__)

DAY_S = 86_400.0


class Retention:
    """Deletes from ``store`` what is older than ``days``, in a thread of its own; 0 days delete nothing."""

    def __init__(self, store: Store, days: int, every_s: float = DAY_S) -> None:
        self._store = store
        self._days = days
        self._every_s = every_s
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="retention", daemon=True)

    def start(self) -> None:
        """Begins, with a first look at once."""
        if self._days:
            self._thread.start()

    def close(self) -> None:
        """Ends, after what it is at."""
        self._ended.set()
        if self._thread.is_alive():
            self._thread.join()

    def apply(self, now: datetime) -> None:
        """Deletes what is too old at ``now``; a database that cannot be written is tried again the next day."""
        try:
            deleted = self._store.forget(now - timedelta(days=self._days))
        except UserError as error:
            log.error("%s", error)
            return
        if deleted.conversations or deleted.feedback or deleted.gaps:
            log.info(
                "Deleted what is older than %d days: %d conversations, %d verdicts, %d questions without an answer",
                self._days, deleted.conversations, deleted.feedback, deleted.gaps,
            )  # fmt: skip

    def _run(self) -> None:
        while not self._ended.is_set():
            self.apply(datetime.now(UTC))
            self._ended.wait(self._every_s)
