"""The reference of the API: its OpenAPI description, and the same as one page without a script or a request."""

import html
import json
import re
from collections.abc import Iterator
from importlib.metadata import version
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.responses import HTMLResponse

from assistant.access.door import Door
from assistant.access.sessions import COOKIE

_OPEN = "/health/"
SCHEMA_PATH = "/api/openapi.json"
PAGE_PATH = "/api/docs"
ABOUT = (
    "Answers from your own guidance, every sentence with the exact words that prove it. "
    "Errors are one sentence: in `detail`, and under `/v1` in `error.message`."
)
_STYLE = (
    ":root{color-scheme:light dark;--paper:#f7f6f3;--surface:#fff;--line:#dedad2;--ink:#1b2126;--soft:#565c61;"
    "--accent:#1d4e5f}@media(prefers-color-scheme:dark){:root{--paper:#14181b;--surface:#1c2125;--line:#343b41;"
    "--ink:#e9e7e2;--soft:#a9b0b5;--accent:#8fc7d8}}body{max-width:56rem;margin:2rem auto;padding:0 1rem 3rem;"
    'background:var(--paper);color:var(--ink);font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}'
    "a{color:var(--accent)}pre,code{font:14.5px/1.5 ui-monospace,Consolas,Menlo,monospace}"
    "section{margin-top:1.5rem;padding:1rem 1.25rem;border:1px solid var(--line);border-radius:12px;"
    "background:var(--surface)}pre{overflow:auto;padding:.7rem .9rem;border:1px solid var(--line);border-radius:8px;"
    "background:var(--paper)}h2{margin:0;font-size:1.1rem;overflow-wrap:anywhere}h2 b{display:inline-block;"
    "min-width:3.2rem;color:var(--accent)}h3{margin:1rem 0 .3rem;font-size:.95rem;color:var(--soft)}"
    "dl{display:grid;grid-template-columns:minmax(7rem,max-content) 1fr;gap:.3rem 1rem;margin:0}dd{margin:0}"
    "@media(max-width:520px){dl{grid-template-columns:1fr}dd{margin-bottom:.5rem}}"
)
_CODE = re.compile(r"`([^`]+)`")


def describe(app: FastAPI, door: Door) -> dict[str, Any]:
    """The OpenAPI description; an answer has exactly the fields of its JSON.

    Of ``door`` it has the path that the service is reached under, and how programs and browsers say who asks.
    """
    if app.openapi_schema is None:
        schema = get_openapi(
            title="Strategy Assistant", version=version("strategy-assistant"), description=ABOUT, routes=app.routes
        )
        schemas = schema["components"]["schemas"]
        for left_out in ("answerable", "notice"):
            schemas["Answer"]["properties"].pop(left_out, None)
        for name in ("HTTPValidationError", "ValidationError"):
            schemas.pop(name, None)
        schemas["Refused"] = {"type": "object", "properties": {"detail": {"type": "string"}}, "required": ["detail"]}
        schemas["OpenAIRefused"] = {"type": "object", "properties": {"error": {"type": "object"}}}
        for path, methods in schema["paths"].items():
            for operation in methods.values():
                _say_errors(path, operation)
                if path.startswith(_OPEN) and door.guarded:
                    operation["security"] = []
        if door.prefix:
            schema["servers"] = [{"url": door.prefix}]
        if door.guarded:
            ways = schema["components"]["securitySchemes"] = _ways_in(door)
            schema["security"] = [{name: []} for name in ways]
        app.openapi_schema = schema
    return app.openapi_schema


def _ways_in(door: Door) -> dict[str, dict[str, str]]:
    """The ways to say who asks, as OpenAPI has them."""
    ways: dict[str, dict[str, str]] = {}
    if door.people is not None or door.tokens is not None:
        what = " or ".join(filter(None, ["NAME:KEY" if door.people else "", "a token" if door.tokens else ""]))
        ways["key"] = {"type": "http", "scheme": "bearer", "description": f"{what}, as the API key."}
    if door.people is not None:
        ways["login"] = {"type": "http", "scheme": "basic"}
    if door.sessions is not None:
        ways["session"] = {"type": "apiKey", "in": "cookie", "name": COOKIE, "description": "Of a browser."}
    if door.proxy_header:
        ways["proxy"] = {"type": "apiKey", "in": "header", "name": door.proxy_header, "description": "A proxy's alone."}
    return ways


def routes(app: FastAPI) -> APIRouter:
    """The page at ``/api/docs``."""
    router = APIRouter(include_in_schema=False)

    @router.get(PAGE_PATH)
    def docs() -> HTMLResponse:
        return HTMLResponse(page(app.openapi()))

    return router


def page(schema: dict[str, Any]) -> str:
    """The description as HTML."""
    parts = [
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{_text(schema["info"]["title"])}: API</title>'
        f'<meta name="viewport" content="width=device-width"><style>{_STYLE}</style><main>'
        f"<h1>{_text(schema['info']['title'])}: API</h1><p>{_prose(schema['info']['description'])}</p>"
        '<p>The same for programs: <a href="openapi.json">openapi.json</a>.</p>'
    ]
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            parts += _operation(method.upper(), path, operation, schema["components"]["schemas"])
    return "".join((*parts, "</main></html>"))


def _operation(method: str, path: str, operation: dict[str, Any], schemas: dict[str, Any]) -> Iterator[str]:
    yield f"<section><h2><code><b>{method}</b> {_text(path)}</code></h2><p>{_text(operation.get('summary', ''))}.</p>"
    for paragraph in filter(None, operation.get("description", "").strip().split("\n\n")):
        yield f"<p>{_prose(paragraph)}</p>"
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
    if body:
        shape = schemas[body["$ref"].rsplit("/", 1)[-1]]
        yield "<h3>Takes</h3><dl>"
        for name, field in shape["properties"].items():
            needed = " (needed)" if name in shape.get("required", ()) else ""
            yield f"<dt><code>{_text(name)}</code>{needed}</dt><dd>{_prose(field.get('description', ''))}</dd>"
        # A long line can be scrolled to by the keyboard, too.
        example = _text(json.dumps(shape["examples"][0], indent=2))
        yield f'</dl><h3>For example</h3><pre tabindex="0">{example}</pre>'
    yield "</section>"


def _say_errors(path: str, operation: dict[str, Any]) -> None:
    """What each address may answer besides; FastAPI only knows of its own kind of 422."""
    operation["responses"].pop("422", None)
    shape = "OpenAIRefused" if path.startswith("/v1/") else "Refused"
    content = {"application/json": {"schema": {"$ref": f"#/components/schemas/{shape}"}}}
    operation["responses"].setdefault("4XX", {"description": "Not answered, and why.", "content": content})
    if "requestBody" in operation:
        operation["responses"].setdefault("503", {"description": "The models are not loaded yet.", "content": content})
        operation["responses"].setdefault("502", {"description": "The language model failed.", "content": content})


def _prose(words: str) -> str:
    """Words with what stands between backquotes as code."""
    return _CODE.sub(r"<code>\1</code>", _text(words))


def _text(words: str) -> str:
    return html.escape(words)
