"""Ending the service without cutting anybody's answer off."""

import signal
import threading
from types import FrameType

import uvicorn

from assistant.web.line import Line


class Server(uvicorn.Server):
    """Ends, told to by SIGTERM, when the questions in ``line`` are answered, after ``seconds`` at the latest.

    Meanwhile no other question is taken. A second signal, and Ctrl+C, ends it at once.
    """

    def __init__(self, config: uvicorn.Config, line: Line, seconds: float) -> None:
        super().__init__(config)
        self._line = line
        self._seconds = seconds
        self._ending = False

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """What a signal does; called by uvicorn."""
        if sig != signal.SIGTERM or self._ending:
            super().handle_exit(sig, frame)
            return
        self._ending = True
        # Not here: a signal may come while the line is locked.
        threading.Thread(target=self._end, name="ending", daemon=True).start()

    def _end(self) -> None:
        self._line.end()
        self._line.wait_until_idle(self._seconds)
        self.should_exit = True
