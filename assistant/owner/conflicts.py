"""Conflicts between the documents that answer now: looked for in the background, once for each version of the index."""

import logging
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.contradictions import Search, search

if TYPE_CHECKING:
    from assistant.pipeline import Assistant
    from assistant.switching import Switching

log = logging.getLogger(__name__)

_GIVING_WAY = 0.2


@dataclass(frozen=True, slots=True)
class Looked:
    """What was found; None while it is being looked for, and where that ``failed``."""

    found: Search | None = None
    failed: bool = False


class Looking:
    """Looks for conflicts while nobody asks anything, and keeps what it found until another version answers."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._of: Assistant | None = None
        self._looked = Looked()

    def at(self, switching: "Switching") -> Looked:
        """What is known of the version that answers now; the first call for a version begins to look, and returns."""
        assistant = switching.current
        with self._lock:
            if self._of is assistant:
                return self._looked
            self._of, self._looked = assistant, Looked()
        threading.Thread(target=self._look, args=(switching, assistant), name="conflicts", daemon=True).start()
        return Looked()

    def _look(self, switching: "Switching", assistant: "Assistant") -> None:
        def ending() -> bool:
            while switching.answering and switching.current is assistant:
                time.sleep(_GIVING_WAY)
            return switching.current is not assistant

        try:
            found = search(assistant.index.passages, assistant.vectors, assistant.index.documents, ending)
        except Exception:
            # A mistake here must neither be looked for for ever nor pass unseen.
            log.exception("Looking for conflicts between documents failed")
            found = None
        with self._lock:
            if self._of is assistant:
                self._looked = Looked(found, failed=found is None)
