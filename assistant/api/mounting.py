"""The API as part of the application."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from types import MethodType

from fastapi import FastAPI, HTTPException

from assistant.api import completions, errors, health, native, reference, tools
from assistant.api.asking import Questions
from assistant.web.line import Line
from assistant.web.loading import Loading

Running = Callable[[], AbstractAsyncContextManager[None]]

PREFIXES = ("/v1/", "/api/", "/health/", tools.PATH)


def mount(app: FastAPI, loading: Loading, line: Line) -> Running:
    """Adds the API's addresses to ``app``; its questions wait in ``line`` with the window's.

    What it returns must run for as long as the application is served.
    """
    questions = Questions(loading, line)
    app.include_router(completions.routes(questions))
    app.include_router(native.routes(questions))
    app.include_router(health.routes(loading, line))
    app.include_router(reference.routes(app))
    route, running = tools.mounted(tools.Tools(questions, loading))
    app.router.routes.append(route)
    for prefix in PREFIXES:
        # What is not there must not fall through to the page's own server.
        app.add_api_route(f"{prefix}{{rest:path}}", nothing, methods=list(_METHODS), include_in_schema=False)
    app.openapi = MethodType(reference.describe, app)  # type: ignore[method-assign]
    errors.install(app)
    return running


_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")


def nothing() -> None:
    """Every address that is none."""
    raise HTTPException(404, "There is nothing here; /api/docs lists what there is.")
