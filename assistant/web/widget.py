"""The script that puts the assistant on a page of another site, and the page on which a webmaster sets it up."""

import json
import re
from collections.abc import Sequence
from importlib.resources import files
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import APIRouter, HTTPException, Query, Request, Response

from assistant.access.sites import origins
from assistant.web.speaking import ENGLISH, Language, Languages, spoken_in, translated
from corpus.errors import UserError

PREFIX = "/widget"
PORT = "{site} is not listed, only {other} is: the port differs."
SCHEME = "{site} is not listed, only {other} is: the scheme differs."
WWW = "{site} is not listed, only {other} is: the one has www, the other not."
CACHED = "public, max-age=3600"
_SITE_OF_A_PAGE = re.compile(r"^(https?://[^/?#]+)[/?#].*$", re.IGNORECASE | re.DOTALL)


def routes(sites: Sequence[str], languages: Languages) -> APIRouter:
    """``/widget.js``, which any page may load; what it shows is for ``sites`` only. ``/widget`` is for owners."""
    router = APIRouter(include_in_schema=False)
    texts = json.dumps(languages.for_widget(), ensure_ascii=False)
    widget = _static("widget.js").replace(b"/* texts */ {}", texts.encode())
    page = _static("builder.html").decode().replace("%CODES%", " ".join(languages.codes))

    @router.get(f"{PREFIX}.js")
    def script() -> Response:
        headers = {"Cache-Control": CACHED, "Cross-Origin-Resource-Policy": "cross-origin"}
        return Response(widget, media_type="text/javascript; charset=utf-8", headers=headers)

    @router.get(PREFIX)
    def builder(request: Request) -> Response:
        headers = {"Cache-Control": "no-store"}
        return Response(
            translated(page, spoken_in(request.scope)), media_type="text/html; charset=utf-8", headers=headers
        )

    @router.get(f"{PREFIX}/check")
    def check(request: Request, site: Annotated[str, Query(max_length=300)]) -> dict[str, bool | str]:
        return verdict(site, sites, spoken_in(request.scope))

    @router.get(f"{PREFIX}{{rest:path}}")
    def nothing() -> None:
        raise HTTPException(404, "There is nothing here.")

    return router


def verdict(site: str, sites: Sequence[str], language: Language = ENGLISH) -> dict[str, bool | str]:
    """Whether pages of ``site`` may show the assistant, and one line that says why or why not."""
    try:
        (origin,) = origins([_SITE_OF_A_PAGE.sub(r"\1", site.strip())])
    except UserError:
        return _verdict(language, "That is no site: give the scheme and the host, such as https://intranet.example.")
    if origin in sites:
        return _verdict(language, "{site} may show the assistant.", origin, allowed=True)
    asked = urlsplit(origin)
    for other in sites:
        listed = urlsplit(other)
        differs = ""
        if listed.hostname == asked.hostname:
            differs = PORT if listed.scheme == asked.scheme else SCHEME
        elif listed.hostname in (f"www.{asked.hostname}", str(asked.hostname).removeprefix("www.")):
            differs = WWW
        if differs:
            return _verdict(language, differs, origin, other)
    line = "{site} is not listed: add it to allowed_sites and start the service again."
    return _verdict(language, line, origin)


def _verdict(
    language: Language, line: str, site: str = "", other: str = "", allowed: bool = False
) -> dict[str, bool | str]:
    return {"allowed": allowed, "line": language.said(line).replace("{other}", other).replace("{site}", site)}


def _static(name: str) -> bytes:
    return (files("assistant.web") / "static" / name).read_bytes()
