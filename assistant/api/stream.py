"""Server-sent events."""

import json
from collections.abc import AsyncIterator, Callable
from typing import Any

from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

QUIET = ": waiting\n\n"
BEATS_OF_QUIET = 20


class EventStream(StreamingResponse):
    """A response of server-sent events; ``close`` is called when it has ended, however it ended."""

    media_type = "text/event-stream"

    def __init__(self, parts: AsyncIterator[str], close: Callable[[], None]) -> None:
        # Proxies otherwise keep the beginning back until they have a few kilobytes.
        super().__init__(parts, headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"})
        self._close = close

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._close()


class Quiet:
    """A comment now and then while there is nothing to say, so that no proxy takes the connection for a dead one."""

    def __init__(self) -> None:
        self._beats = 0

    def beat(self) -> str:
        self._beats += 1
        return QUIET if self._beats % BEATS_OF_QUIET == 0 else ""


def event(data: Any, name: str = "") -> str:
    """One event; ``data`` is sent as JSON on a single line."""
    head = f"event: {name}\n" if name else ""
    return f"{head}data: {json.dumps(data, ensure_ascii=False, separators=(',', ':'))}\n\n"
