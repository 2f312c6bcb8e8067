"""The few pages that are not the window: one sentence, and where to go from there."""

from collections.abc import Mapping
from html import escape

from starlette.datastructures import Headers
from starlette.responses import HTMLResponse, PlainTextResponse, Response

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


def page(line: str, go: str = "", status: int = 200, headers: Mapping[str, str] | None = None) -> HTMLResponse:
    """A page that says ``line``; ``go`` is HTML of the project's own, a link or a form."""
    return HTMLResponse(
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>{escape(line)} Strategy Assistant</title><style>{_STYLE}</style></head>"
        f"<body><main><h1>Strategy Assistant</h1><p>{escape(line)}</p>{go}</main></body></html>",
        status,
        {"Cache-Control": "no-store", **(headers or {})},
    )


def said(line: str, status: int, sent: Headers, method: str, headers: Mapping[str, str] | None = None) -> Response:
    """A refusal: a page for whoever opens an address in a browser, the bare sentence for everything else."""
    if method == "GET" and "text/html" in sent.get("accept", ""):
        return page(line, status=status, headers=headers)
    return PlainTextResponse(line, status, dict(headers or {}))
