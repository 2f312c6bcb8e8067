"""The few pages that are not the window: one sentence, and where to go from there."""

from collections.abc import Mapping
from html import escape

from starlette.datastructures import Headers
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.types import Scope

from assistant.web.speaking import ENGLISH, Language, spoken_in

_STYLE = (
    ":root{color-scheme:light dark;--paper:#f7f6f3;--surface:#fff;--line:#dedad2;--ink:#1b2126;"
    "--accent:#1d4e5f;--on:#fff}"
    "@media(prefers-color-scheme:dark){:root{--paper:#14181b;--surface:#1c2125;--line:#343b41;--ink:#e9e7e2;"
    "--accent:#8fc7d8;--on:#10262e}}"
    "*{box-sizing:border-box}body{display:grid;place-items:center;min-height:100vh;margin:0;padding:16px;"
    'background:var(--paper);color:var(--ink);font:17px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}'
    "main{width:min(30rem,100%);padding:28px 30px;border:1px solid var(--line);border-radius:14px;"
    "background:var(--surface)}h1{margin:0 0 8px;font-size:15px}p{margin:0 0 20px}"
    "a,button{display:inline-flex;align-items:center;min-height:44px;padding:0 18px;border:0;border-radius:10px;"
    "background:var(--accent);color:var(--on);font:inherit;font-weight:600;text-decoration:none;cursor:pointer}"
    ":focus-visible{outline:3px solid var(--accent);outline-offset:3px}"
)


def page(
    line: str, go: str = "", status: int = 200, headers: Mapping[str, str] | None = None, language: Language = ENGLISH
) -> HTMLResponse:
    """A page that says ``line`` in ``language``; ``go`` is HTML of the project's own, a link or a form."""
    line, name = escape(language.said(line)), escape(language.said("Strategy Assistant"))
    return HTMLResponse(
        f'<!doctype html><html lang="{language.code}" dir="{language.direction}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{line} {name}</title><style>{_STYLE}</style></head>'
        f"<body><main><h1>{name}</h1><p>{line}</p>{go}</main></body></html>",
        status,
        {"Cache-Control": "no-store", **(headers or {})},
    )


def said(line: str, status: int, scope: Scope, headers: Mapping[str, str] | None = None) -> Response:
    """A refusal: a page for whoever opens an address in a browser, the bare sentence for everything else."""
    if scope["method"] == "GET" and "text/html" in Headers(scope=scope).get("accept", ""):
        return page(line, status=status, headers=headers, language=spoken_in(scope))
    return PlainTextResponse(line, status, dict(headers or {}))
