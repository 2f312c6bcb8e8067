"""The gate before every address: who asks, how much, and from which site."""

import re
from collections.abc import Sequence
from functools import partial
from urllib.parse import urlencode

from starlette.datastructures import Headers
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from assistant.access.door import Door, Refused, sent_here
from assistant.access.pages import said
from assistant.access.person import PERSON
from assistant.access.signing_in import BACK, LONGEST_TO, SIGN_IN, SIGN_OUT
from assistant.api.errors import answered

API = ("/v1/", "/api/")
# Code and pictures without anybody's words in them, and whether the program runs.
PUBLIC = ("/window/static/", "/assets/", "/static/", "/health/live")
# Anybody may know whether it is so, and only those who are let in, of what.
READY = "/health/ready"
PUBLIC_FILES = ("/widget.js", "/favicon.ico", "/robots.txt", "/theme.css")
ASKING = ("/api/ask", "/api/ask/stream", "/api/search", "/v1/chat/completions")
WINDOW_ASKS = "/gradio_api/queue/join"
OWN = ("/widget", "/owner", "/metrics")
TOOLS = "/mcp"
# Beside the usual ones, those that OpenAI's client sends from a page.
HEADERS_OF_PAGES = (
    "Authorization",
    "Content-Type",
    "User-Agent",
    "OpenAI-Organization",
    "OpenAI-Project",
    "Idempotency-Key",
    *(
        f"X-Stainless-{name}"
        for name in (
            "Arch", "Custom-Poll-Interval", "Helper-Method", "Lang", "OS", "Package-Version", "Poll-Helper",
            "Retry-Count", "Runtime", "Runtime-Version", "Timeout",
        )
    ),
)  # fmt: skip
_BROWSER = re.compile(r"[0-9a-f]{32}")
# What the gate tells the application of a request: the line on a limit that is reached, who takes a turn in the line,
# and how to count a question where a request need not be one.
OVER_LIMIT = "strategy_assistant.over_limit"
ASKER = "strategy_assistant.asker"
COUNT = "strategy_assistant.count"


class Gate:
    """Lets requests through that ``door`` knows, within its limits. Pages of the listed sites may call the API.

    ``here`` are addresses that programs on this machine may read, whoever they are.
    """

    def __init__(self, app: ASGIApp, door: Door, here: Sequence[str] = ()) -> None:
        self._app = app
        self._door = door
        self._here = tuple(here)
        self._shared = CORSMiddleware(
            self._checked,
            allow_origins=door.sites,
            allow_methods=("GET", "POST"),
            allow_headers=HEADERS_OF_PAGES,
            expose_headers=("Retry-After",),
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
        elif scope["path"].startswith(API):
            await self._shared(scope, receive, send)
        else:
            await self._checked(scope, receive, send)

    async def _checked(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope)
        path = scope["path"]
        peer = scope["client"][0] if scope.get("client") else ""
        # A proxy may add a line of its own below what it was sent; the last is the nearest proxy's.
        address = self._door.proxies.origin(peer, ",".join(headers.getlist("x-forwarded-for")))
        if self._door.proxies.trusted(peer) and headers.getlist("x-forwarded-proto")[-1:] == ["https"]:
            scope["scheme"] = "https"
        if not self._public(scope) and not (path in self._here and sent_here(headers, peer)):
            try:
                person = await self._door.person(headers, peer, address)
                if path.startswith(OWN) and not person.may("own"):
                    raise Refused(403, "Only who owns the content may see this.")
            except Refused as refused:
                if path == READY:
                    await self._app(scope, receive, send)
                    return
                await self._refusal(scope, headers, refused)(scope, receive, send)
                return
            scope[PERSON] = person
            scope[ASKER] = f"name {person.name}" if person.name else f"address {address}"
            scope[COUNT] = partial(self._door.limits.ask, _counted_as(scope, headers), address)
            over = self._over_limit(scope)
            if over is not None and path != WINDOW_ASKS:
                await answered(path, 429, over[0], {"Retry-After": str(over[1])})(scope, receive, send)
                return
            scope[OVER_LIMIT] = over[0] if over else ""
        await self._app(scope, receive, send)

    def _over_limit(self, scope: Scope) -> tuple[str, int] | None:
        if scope["method"] != "POST" or scope["path"] not in (*ASKING, WINDOW_ASKS):
            return None
        over: tuple[str, int] | None = scope[COUNT]()
        return over

    def _public(self, scope: Scope) -> bool:
        path: str = scope["path"]
        # A frame learns its token from the page around it, after it has loaded; the page itself holds nobody's words.
        framed = path == "/" and scope["query_string"].startswith(b"embed=") and self._door.tokens is not None
        if self._door.provider is not None and path in (SIGN_IN, BACK, SIGN_OUT):
            return True
        return framed or path.startswith(PUBLIC) or path in PUBLIC_FILES

    def _refusal(self, scope: Scope, sent: Headers, refused: Refused) -> Response:
        headers: dict[str, str] = {}
        opened = scope["method"] == "GET" and "text/html" in sent.get("accept", "")
        if refused.status == 401 and opened and self._door.provider is not None and "authorization" not in sent:
            return RedirectResponse(f"{self._door.prefix}{SIGN_IN}?{urlencode({'to': _asked_for(scope)})}", 303)
        if refused.status == 401 and self._door.people is not None:
            headers["WWW-Authenticate"] = 'Basic realm="Strategy Assistant", charset="UTF-8"'
        return refusal(scope, refused.status, refused.line, headers)


def _asked_for(scope: Scope) -> str:
    """The path and, where it is no longer than any of ours, the query: where who has signed in comes back to."""
    query = scope["query_string"].decode("latin-1")
    whole = f"{scope['path']}?{query}" if query else str(scope["path"])
    return whole if len(whole) <= LONGEST_TO else str(scope["path"])[:LONGEST_TO]


def refusal(scope: Scope, status: int, line: str, headers: dict[str, str] | None = None) -> Response:
    """What is answered in place of what was asked for: the API's own shape, a page, or the bare ``line``."""
    if scope["path"].startswith((*API, "/window/", TOOLS)):
        return answered(scope["path"], status, line, headers)
    return said(line, status, scope, headers)


def _counted_as(scope: Scope, headers: Headers) -> str:
    """Whose question counts towards a person's limits: where nobody signs in, in the window, the browser's.

    A browser can call itself anything; what one address may ask holds nevertheless.
    """
    browser = headers.get("x-browser", "")
    if scope[PERSON].name or scope["path"] != WINDOW_ASKS or not _BROWSER.fullmatch(browser):
        return str(scope[ASKER])
    return f"browser {browser}"
