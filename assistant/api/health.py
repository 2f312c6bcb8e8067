"""Whether the service lives and whether it can answer, for what watches over it."""

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from assistant.access.person import PERSON
from assistant.web.line import Line
from assistant.web.loading import Loading


def routes(loading: Loading, line: Line) -> APIRouter:
    """The addresses under ``/health``."""
    router = APIRouter(prefix="/health", tags=["Health"])

    @router.get("/live", summary="Whether the program runs")
    def live() -> dict[str, str]:
        return {"status": "live"}

    @router.get(
        "/ready",
        summary="Whether questions can be answered",
        responses={503: {"description": "The models or the guidance are not loaded, or the program is ending."}},
    )
    def ready(request: Request) -> JSONResponse:
        if line.ending:
            return JSONResponse({"status": "ending"}, 503)
        assistant = loading.assistant
        if PERSON not in request.scope:
            state = loading.state
            return JSONResponse({"status": state}, 200 if state == "ready" else 503)
        if assistant is None:
            return JSONResponse({"status": loading.state, "line": loading.line}, 503)
        return JSONResponse({"status": "ready", "model": assistant.model_name, "index": assistant.index_name})

    return router
