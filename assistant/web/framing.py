"""What a frame shows on a site that is not listed: nothing but that it is not."""

import base64
import hashlib
from collections.abc import Collection
from urllib.parse import urlsplit

from starlette.datastructures import Headers, QueryParams
from starlette.responses import HTMLResponse
from starlette.types import Scope

from assistant.access.sites import host_of
from assistant.web.speaking import WIDGET, spoken_in, translated

# The widget around the frame says it in its own language; the message tells it no more than that. A page on the way,
# such as one that signs people in, is not the page around the frame: then the window is asked for again from here.
_SCRIPT = (
    'parent.postMessage({ strategyAssistant: 1, type: "refused" }, "*");'
    "const around = location.ancestorOrigins?.[0];"
    "if (around && document.referrer && !document.referrer.startsWith(`${around}/`)) location.replace(location.href);"
)
_HASH = base64.b64encode(hashlib.sha256(_SCRIPT.encode()).digest()).decode()
HEADERS = {
    "Content-Security-Policy": f"default-src 'none'; script-src 'sha256-{_HASH}'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors *",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
_PAGE = (
    '<!doctype html><html lang="%LANGUAGE%" dir="%DIRECTION%"><meta charset="utf-8">'
    '<meta name="color-scheme" content="light dark"><title>{{Strategy Assistant}}</title>'
    f"<p>{{{{{WIDGET['refused']}}}}}</p><script>{_SCRIPT}</script></html>"
)


_FRAMES = ("iframe", "frame", "embed", "object")


def refused_frame(scope: Scope, sites: Collection[str]) -> HTMLResponse | None:
    """The page for a frame in a page of a site that is neither listed nor the service's own; None for any other.

    A widget names the site that it stands on; around a plain frame it is the one that the browser says it comes from.
    What a site or a browser says opens nothing: the window itself is shown in frames of the listed sites alone, by its
    own headers.
    """
    query, headers = QueryParams(scope["query_string"]), Headers(scope=scope)
    site = query.get("embed", "")
    if site in ("", "1"):
        site = _around(query, headers)
    if not site or site in sites or host_of(site) == headers.get("host", ""):
        return None
    return HTMLResponse(translated(_PAGE, spoken_in(scope)), 403, HEADERS)


def _around(query: QueryParams, headers: Headers) -> str:
    """The site around a plain frame; empty where that is not said, or it is no frame."""
    # Without HTTPS browsers do not say what they load; the addresses of frames have `embed` in them.
    kind = headers.get("sec-fetch-dest", "iframe" if "embed" in query else "")
    try:
        referrer = urlsplit(headers.get("referer", ""))
    except ValueError:
        return ""
    return f"{referrer.scheme}://{referrer.netloc}" if kind in _FRAMES and referrer.netloc else ""
