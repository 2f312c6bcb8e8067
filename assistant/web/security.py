"""What a browser, or another page in it, may do with the chat window: headers, hosts, sizes and paths."""

import re
from collections.abc import Mapping, Sequence
from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders, QueryParams
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.access.gate import refusal
from assistant.access.sites import host_of
from assistant.web.framing import refused_frame
from assistant.web.speaking import SPOKEN, Languages

LARGEST_BODY = 1_000_000
LOOPBACK = ("127.0.0.1", "localhost", "::1")

# Gradio's server offers much more: files of the machine, uploads, a proxy to other hosts, lists of its functions.
_GRADIO_PATHS = re.compile(
    r"/(assets/.+|static/.+|theme\.css|config/?|favicon\.ico|robots\.txt"
    r"|gradio_api/(queue/(join|data)|app_id|cancel|reset/?|startup-events|heartbeat/[A-Za-z0-9]+))?"
)

_STREAMS = "/gradio_api/"
_HOST = re.compile(r"[\w.:\[\]-]*")
_NAMES = re.compile(r"[\w-]+(, ?[\w-]+)*", re.ASCII)
TOO_LARGE = "That request is too large."
NOT_LISTED = "This site is not among those allowed to call the assistant."
API_ALONE = "Pages of other sites may call only the addresses under /v1/ and /api/."
_READABLE = {"Access-Control-Allow-Origin": "*", "Cache-Control": "no-store", "Vary": "Origin"}


def on_this_machine(host: str) -> bool:
    """Whether nobody else reaches what is served on that address or name."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


class Guard:
    """Stands before the whole application.

    ``hosts`` are the names that a request may be addressed to, so that a foreign name that resolves to this machine
    (DNS rebinding) gets nothing; empty means any. ``ours`` are the beginnings of paths that the project serves itself,
    ``shared`` of those that pages of ``sites`` may call. ``sites`` are the origins, besides our own, whose pages may
    show the window in a frame; other addresses are shown in none of theirs. ``plain`` are the beginnings of paths whose
    pages need no script or style in themselves and are shown in no frame at all. ``uploads`` says of which paths larger
    bodies are taken, and how large in bytes. ``languages`` are those of the few pages that are not the window.
    """

    def __init__(
        self,
        app: ASGIApp,
        hosts: Sequence[str] = (),
        ours: Sequence[str] = (),
        sites: Sequence[str] = (),
        shared: Sequence[str] = (),
        plain: Sequence[str] = (),
        uploads: Mapping[str, int] | None = None,
        languages: Languages | None = None,
    ) -> None:
        self._app = app
        self._hosts = frozenset(host.lower() for host in hosts)
        self._ours = tuple(ours)
        self._sites = frozenset(sites)
        self._shared = tuple(shared)
        self._plain = tuple(plain)
        self._uploads = dict(uploads or {})
        self._languages = languages or Languages()
        self._window_headers = security_headers(sites)
        self._headers = security_headers()
        # Gradio names these files by their content, so a browser need not ask for them again.
        self._lasting = {**self._headers, "Cache-Control": "public, max-age=31536000, immutable"}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        asked = QueryParams(scope["query_string"]).get("language", "")
        scope[SPOKEN] = self._languages.asked(asked, headers.get("accept-language", ""))
        refused = self._refusal(scope, headers)
        if refused is not None:
            await self._told(refused, scope, receive, send)
            return
        if scope["method"] == "HEAD" and not scope["path"].startswith(_STREAMS):
            # As what watches over services asks, of all that can be had; the server leaves out the body.
            scope = {**scope, "method": "GET"}
        if scope["method"] == "GET" and scope["path"] == "/":
            framed = refused_frame(scope, self._sites)
            if framed is not None:
                await framed(scope, receive, send)
                return
        if scope["method"] == "POST" and scope["path"] in self._uploads:
            # Too large to be held in memory; who may send it at all is found out before any of it is read.
            largest = self._uploads[scope["path"]]
            await self._app(scope, _counted(receive, largest), self._dressed(scope, send))
            return
        body = await _body(receive) if scope["method"] not in ("GET", "HEAD") else b""
        if body is None:
            await self._told(refusal(scope, 413, TOO_LARGE), scope, receive, send)
            return
        await self._app(scope, _replayed(body, receive), self._dressed(scope, send))

    def _refusal(self, scope: Scope, headers: Headers) -> Response | None:
        if len(headers.getlist("host")) > 1:
            return refusal(scope, 400, "A request is addressed to one host.")
        name = _host_name(headers.get("host", ""))
        if name is None or (self._hosts and name not in self._hosts):
            return refusal(scope, 421, "This server does not answer to that host name.")
        elsewhere = self._elsewhere(scope, headers)
        if elsewhere is not None:
            return elsewhere
        length = headers.get("content-length", "0")
        if not length.isdigit() or int(length) > self._uploads.get(scope["path"], LARGEST_BODY):
            return refusal(scope, 413, TOO_LARGE)
        path = scope["path"]
        if not path.startswith(self._ours) and not _GRADIO_PATHS.fullmatch(path):
            return refusal(scope, 404, "There is nothing here.")
        return None

    def _elsewhere(self, scope: Scope, headers: Headers) -> Response | None:
        """The refusal of what a page of another site sends or wants to read; None where it may."""
        origin, host = headers.get("origin"), headers.get("host", "")
        listed = origin in self._sites
        if origin is None or host_of(origin) == host != "" or (listed and scope["path"].startswith(self._shared)):
            return None
        if scope["method"] == "OPTIONS" and "access-control-request-method" in headers:
            # The page's browser asks whether to send it at all. It may: only then is the page told why it is refused.
            return Response(status_code=204, headers=_allowing(headers))
        return refusal(scope, 403, API_ALONE if listed else NOT_LISTED)

    async def _told(self, refused: Response, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuses a request, so that the page that sent it can read why: a refusal holds nothing else."""
        refused.headers.update(_READABLE if "origin" in Headers(scope=scope) else {})
        await refused(scope, receive, self._dressed(scope, send, shared=True))

    def _dressed(self, scope: Scope, send: Send, shared: bool = False) -> Send:
        headers = self._window_headers if scope["path"] == "/" else self._headers
        if scope["path"].startswith(self._plain):
            headers = PLAIN_HEADERS
        lasting = scope["path"].startswith("/assets/")
        shared = shared or scope["path"].startswith(self._shared)

        async def dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                found = lasting and message["status"] == 200
                sent = MutableHeaders(scope=message)
                # Gradio lets every site read its answers, with the reader's credentials.
                for name in [] if shared else [name for name in sent if name.startswith("access-control-")]:
                    del sent[name]
                sent.update(self._lasting if found else headers)
            await send(message)

        return dressed


def _allowing(headers: Headers) -> dict[str, str]:
    """The headers that let a page send what is refused then, without cookies."""
    wanted = headers.get("access-control-request-headers", "")
    allowed = {"Access-Control-Allow-Methods": "GET, POST"}
    return {**allowed, "Access-Control-Allow-Headers": wanted} if _NAMES.fullmatch(wanted) else allowed


def security_headers(frame_ancestors: Sequence[str] = ()) -> dict[str, str]:
    """The headers of every response. Gradio's page needs inline scripts and styles, and nothing from elsewhere."""
    policy = (
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        " ".join(("frame-ancestors 'self'", *frame_ancestors)),
    )
    return {
        "Content-Security-Policy": "; ".join(policy),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
        "Cross-Origin-Opener-Policy": "same-origin",
    }


# A form of such a page tells where it comes from, which "no-referrer" would keep it from.
PLAIN_HEADERS = {
    **security_headers(),
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
}


def _host_name(host: str) -> str | None:
    """The name in a Host header, without the port and an IPv6 address's brackets; None where it cannot be one."""
    try:
        parts = urlsplit(f"//{host}")
        name, _ = parts.hostname or "", parts.port
    except ValueError:
        return None
    return name if _HOST.fullmatch(host) else None


async def _body(receive: Receive) -> bytes | None:
    """The whole body, or None where it goes on beyond the limit, though its head did not say so."""
    body: bytes = b""
    while True:
        message = await receive()
        body += bytes(message.get("body", b""))
        if len(body) > LARGEST_BODY:
            return None
        if not message.get("more_body"):
            return body


def _counted(receive: Receive, largest: int) -> Receive:
    """Receives until more than ``largest`` bytes have come; then it is as if the sender had gone."""
    left = largest

    async def counted() -> Message:
        nonlocal left
        message = await receive()
        left -= len(message.get("body", b""))
        return message if left >= 0 else {"type": "http.disconnect"}

    return counted


def _replayed(body: bytes, receive: Receive) -> Receive:
    """Receives ``body`` first and then what ``receive`` has, such as that the reader has gone."""
    given = False

    async def replayed() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replayed
