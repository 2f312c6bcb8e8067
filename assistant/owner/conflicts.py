"""Conflicts between the documents that answer now: looked for in the background, once for each version of the index."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.contents.contradictions import Search, search

if TYPE_CHECKING:
    from assistant.pipeline import Assistant
    from assistant.serving.switching import Switching

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Looked:
    """What was found; None while it is being looked for, and where that ``failed``."""

    found: Search | None = None
    failed: bool = False


class Looking:
    """Looks for conflicts while nobody asks anything, and keeps what it found until another version answers."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._of: Assistant | None = None
        self._looked = Looked()

    def at(self, switching: "Switching", seconds: float = 0.0) -> Looked:
        """What is known of the version that answers now, after waiting for it for so many ``seconds`` at most.

        The first call for a version begins to look.
        """
        assistant = switching.current
        with self._changed:
            if self._of is not assistant:
                self._of, self._looked = assistant, Looked()
                switching.meanwhile("conflicts", self._look)
            self._changed.wait_for(lambda: self._of is not assistant or self._looked != Looked(), seconds)
            return self._looked if self._of is assistant else Looked()

    def _look(self, assistant: "Assistant", ending: Callable[[], bool]) -> None:
        try:
            found = search(assistant.index.passages, assistant.vectors, assistant.index.documents, ending)
        except Exception:
            # A mistake here must neither be looked for for ever nor pass unseen.
            log.exception("Looking for conflicts between documents failed")
            found = None
        with self._changed:
            if self._of is assistant:
                self._looked = Looked(found, failed=found is None)
                self._changed.notify_all()
