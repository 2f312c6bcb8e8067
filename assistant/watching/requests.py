"""Each request has an id, which its response and every line of the log about it carry."""

import logging
import re
import time
import uuid

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.access.proxies import Proxies
from assistant.logs import current
from assistant.watching.ended import Ended

log = logging.getLogger(__name__)
answers = logging.getLogger("assistant.answers")

HEADER = "X-Request-ID"
REQUEST = "strategy_assistant.request"

_SAFE = re.compile(r"[A-Za-z0-9._-]{1,64}")
# The numbers of browsers, conversations and answers are what opens them.
_IDENTITY = re.compile(r"[0-9a-f]{32}")


class Requests:
    """Gives each request its id, a trusted proxy's where it sends one, and logs how it was answered.

    The query, which may hold words of a document, and what was sent are not logged.
    """

    def __init__(self, app: ASGIApp, proxies: Proxies) -> None:
        self._app = app
        self._proxies = proxies

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = Headers(scope=scope).get(HEADER, "")
        peer = scope["client"][0] if scope.get("client") else ""
        known = self._proxies.trusted(peer) and _SAFE.fullmatch(given) is not None
        scope[REQUEST] = request = given if known else uuid.uuid4().hex
        token = current.set(request)
        since, status = time.perf_counter(), 0

        async def numbered(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)[HEADER] = request
            await send(message)

        try:
            await self._app(scope, receive, numbered)
        finally:
            took = round((time.perf_counter() - since) * 1000, 1)
            path = _IDENTITY.sub("*", scope["path"])[:200]
            fields = {"method": scope["method"], "path": path, "status": status, "ms": took}
            log.info("%s %s %d", fields["method"], ascii(path)[1:-1], status, extra={"fields": fields})
            current.reset(token)


def log_answer(ended: Ended, *, questions: bool) -> None:
    """Logs how a question ended; what was asked only where that may stand in the log."""
    fields: dict[str, object] = {
        "outcome": ended.outcome,
        "waited_ms": round(ended.waited * 1000, 1),
        "took_ms": round(ended.took * 1000, 1),
    }
    if ended.answer is not None:
        fields |= {"model": ended.answer.model, "index": ended.answer.index}
        if questions:
            fields["question"] = ended.answer.question
    answers.info("A question ended: %s", ended.outcome, extra={"fields": fields})
