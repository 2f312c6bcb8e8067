"""What a frame of the widget shows on a site that is not listed: nothing but that it is not."""

import base64
import hashlib
from collections.abc import Collection

from starlette.datastructures import QueryParams
from starlette.responses import HTMLResponse

from assistant.access.sites import host_of

LINE = "This site is not among those allowed to show the assistant."
# The widget around the frame says it in its own language; the message tells it no more than that.
_SCRIPT = 'parent.postMessage({ strategyAssistant: 1, type: "refused" }, "*");'
_HASH = base64.b64encode(hashlib.sha256(_SCRIPT.encode()).digest()).decode()
HEADERS = {
    "Content-Security-Policy": f"default-src 'none'; script-src 'sha256-{_HASH}'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors *",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
_PAGE = (
    '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="color-scheme" content="light dark">'
    f"<title>Strategy Assistant</title><p>{LINE}</p><script>{_SCRIPT}</script></html>"
)


def refused_frame(query: bytes, host: str, sites: Collection[str]) -> HTMLResponse | None:
    """The page for a frame whose widget names a site that is neither listed nor the service's own; else None.

    What a site says of itself opens nothing: the window itself is shown in frames of the listed sites alone,
    by its own headers.
    """
    site = QueryParams(query).get("embed", "")
    if site in ("", "1") or site in sites or host_of(site) == host:
        return None
    return HTMLResponse(_PAGE, 403, HEADERS)
