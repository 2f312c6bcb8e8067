"""The reference of the API: its OpenAPI description, and the same as one page without a script or a request."""

import html
import json
from collections.abc import Iterator
from importlib.metadata import version
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.responses import HTMLResponse

SCHEMA_PATH = "/api/openapi.json"
PAGE_PATH = "/api/docs"
ABOUT = (
    "Answers from your own guidance, every sentence with the exact words that prove it. "
    "Errors are one sentence: in `detail`, and under `/v1` in `error.message`."
)
_STYLE = (
    ":root{color-scheme:light dark}body{max-width:56rem;margin:2rem auto;padding:0 1rem;font:16px/1.5 system-ui,"
    "sans-serif}pre{overflow:auto;padding:.8rem;border:1px solid #8886;border-radius:.4rem}h2{margin-top:2.5rem}"
)


def describe(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI description; an answer has exactly the fields of its JSON."""
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
        app.openapi_schema = schema
    return app.openapi_schema


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
        f'<meta name="viewport" content="width=device-width"><style>{_STYLE}</style>'
        f"<h1>{_text(schema['info']['title'])}: API</h1><p>{_text(schema['info']['description'])}</p>"
        '<p>The same for programs: <a href="openapi.json">openapi.json</a>.</p>'
    ]
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            parts += _operation(method.upper(), path, operation, schema["components"]["schemas"])
    return "".join(parts)


def _operation(method: str, path: str, operation: dict[str, Any], schemas: dict[str, Any]) -> Iterator[str]:
    yield f"<h2><code>{method} {_text(path)}</code></h2><p>{_text(operation.get('summary', ''))}.</p>"
    if operation.get("description"):
        yield f"<pre>{_text(operation['description'].strip())}</pre>"
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
    if body:
        shape = schemas[body["$ref"].rsplit("/", 1)[-1]]
        yield f"<p>For example</p><pre>{_text(json.dumps(shape['examples'][0], indent=2))}</pre><ul>"
        for name, field in shape["properties"].items():
            needed = " (needed)" if name in shape.get("required", ()) else ""
            yield f"<li><code>{_text(name)}</code>{needed} {_text(field.get('description', ''))}</li>"
        yield "</ul>"


def _say_errors(path: str, operation: dict[str, Any]) -> None:
    """What each address may answer besides; FastAPI only knows of its own kind of 422."""
    operation["responses"].pop("422", None)
    shape = "OpenAIRefused" if path.startswith("/v1/") else "Refused"
    content = {"application/json": {"schema": {"$ref": f"#/components/schemas/{shape}"}}}
    operation["responses"].setdefault("4XX", {"description": "Not answered, and why.", "content": content})
    if "requestBody" in operation:
        operation["responses"].setdefault("503", {"description": "The models are not loaded yet.", "content": content})
        operation["responses"].setdefault("502", {"description": "The language model failed.", "content": content})


def _text(words: str) -> str:
    return html.escape(words)
