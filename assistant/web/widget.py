"""The script that puts the assistant on a page of another site, and the page on which a webmaster sets it up."""

import json
import re
from collections.abc import Sequence
from importlib.resources import files
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import APIRouter, HTTPException, Query, Response

from assistant.access.sites import origins
from assistant.web.speaking import Languages
from corpus.errors import UserError

PREFIX = "/widget"
CACHED = "public, max-age=3600"
_SITE_OF_A_PAGE = re.compile(r"^(https?://[^/?#]+)[/?#].*$", re.IGNORECASE | re.DOTALL)


def routes(sites: Sequence[str], languages: Languages) -> APIRouter:
    """``/widget.js``, which any page may load; what it shows is for ``sites`` only. ``/widget`` is for owners."""
    router = APIRouter(include_in_schema=False)
    texts = json.dumps(languages.for_widget(), ensure_ascii=False)
    widget = _static("widget.js").replace(b"/* texts */ {}", texts.encode())
    page = _static("builder.html").replace(b"%CODES%", " ".join(languages.codes).encode())

    @router.get(f"{PREFIX}.js")
    def script() -> Response:
        headers = {"Cache-Control": CACHED, "Cross-Origin-Resource-Policy": "cross-origin"}
        return Response(widget, media_type="text/javascript; charset=utf-8", headers=headers)

    @router.get(PREFIX)
    def builder() -> Response:
        headers = {"Cache-Control": "no-store"}
        return Response(page, media_type="text/html; charset=utf-8", headers=headers)

    @router.get(f"{PREFIX}/check")
    def check(site: Annotated[str, Query(max_length=300)]) -> dict[str, bool | str]:
        return verdict(site, sites)

    @router.get(f"{PREFIX}{{rest:path}}")
    def nothing() -> None:
        raise HTTPException(404, "There is nothing here.")

    return router


def verdict(site: str, sites: Sequence[str]) -> dict[str, bool | str]:
    """Whether pages of ``site`` may show the assistant, and one line that says why or why not."""
    try:
        (origin,) = origins([_SITE_OF_A_PAGE.sub(r"\1", site.strip())])
    except UserError:
        return {
            "allowed": False,
            "line": "That is no site: give the scheme and the host, such as https://intranet.example.",
        }
    if origin in sites:
        return {"allowed": True, "line": f"{origin} may show the assistant."}
    asked = urlsplit(origin)
    for other in sites:
        listed = urlsplit(other)
        differs = ""
        if listed.hostname == asked.hostname:
            differs = "the port differs" if listed.scheme == asked.scheme else "the scheme differs"
        elif listed.hostname in (f"www.{asked.hostname}", str(asked.hostname).removeprefix("www.")):
            differs = "the one has www, the other not"
        if differs:
            return {"allowed": False, "line": f"{origin} is not listed, only {other} is: {differs}."}
    return {"allowed": False, "line": f"{origin} is not listed: add it to allowed_sites and start the service again."}


def _static(name: str) -> bytes:
    return (files("assistant.web") / "static" / name).read_bytes()
