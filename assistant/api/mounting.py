"""The API as part of the application."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from functools import partial

from fastapi import FastAPI, HTTPException

from assistant.access.door import Door
from assistant.api import completions, errors, health, native, reference, tools
from assistant.api.asking import Questions
from assistant.web.line import Line
from assistant.web.loading import Loading

Running = Callable[[], AbstractAsyncContextManager[None]]

PREFIXES = ("/v1/", "/api/", "/health/", tools.PATH)


def mount(app: FastAPI, loading: Loading, line: Line, door: Door) -> Running:
    """Adds the API's addresses to ``app``; its questions wait in ``line`` with the window's.

    ``door`` is described in its reference. What it returns must run for as long as the application is served.
    """
    questions = Questions(loading, line)
    app.include_router(completions.routes(questions))
    app.include_router(native.routes(questions))
    app.include_router(health.routes(loading, line))
    app.include_router(reference.routes(app))
    route, running = tools.mounted(tools.Tools(questions, loading))
    app.router.routes.append(route)
    others = [method for method in _METHODS if method != "POST"]
    app.add_api_route(tools.PATH, only_posted, methods=others, include_in_schema=False)
    for prefix in PREFIXES:
        # What is not there must not fall through to the page's own server.
        app.add_api_route(f"{prefix}{{rest:path}}", nothing, methods=list(_METHODS), include_in_schema=False)
    app.openapi = partial(reference.describe, app, door)  # type: ignore[method-assign]
    errors.install(app)
    return running


_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")


def only_posted() -> None:
    """The tools' address, asked for a stream or a session that it does not have."""
    raise HTTPException(405, "The tools are called by POST alone.", {"Allow": "POST"})


def nothing() -> None:
    """Every address that is none."""
    raise HTTPException(404, "There is nothing here; /api/docs lists what there is.")
