"""Whether the service lives and whether it can answer, for what watches over it."""

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from assistant.web.loading import Loading


def routes(loading: Loading) -> APIRouter:
    """The addresses under ``/health``."""
    router = APIRouter(prefix="/health", tags=["Health"])

    @router.get("/live", summary="Whether the program runs")
    def live() -> dict[str, str]:
        return {"status": "live"}

    @router.get(
        "/ready",
        summary="Whether questions can be answered",
        responses={503: {"description": "The models or the guidance are not loaded."}},
    )
    def ready() -> JSONResponse:
        assistant = loading.assistant
        if assistant is None:
            return JSONResponse({"status": loading.state, "line": loading.line}, 503)
        return JSONResponse({"status": "ready", "model": assistant.model_name, "index": assistant.index_name})

    return router
