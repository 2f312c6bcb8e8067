"""What is wrong with a request, in one sentence: ``detail``, or under ``/v1`` the shape that OpenAI's clients read."""

import logging
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from corpus.errors import within_line

log = logging.getLogger(__name__)

_CODES = {
    401: ("authentication_error", "invalid_api_key"),
    403: ("permission_error", None),
    429: ("rate_limit_error", "rate_limit_exceeded"),
}
NOT_JSON = "The body must be JSON, and the request must say so by the header Content-Type: application/json."


def install(app: FastAPI) -> None:
    """Has the application answer its errors so."""

    async def refused(request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, HTTPException)  # noqa: S101
        return answered(request.url.path, error.status_code, str(error.detail), dict(error.headers or {}))

    async def malformed(request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, RequestValidationError)  # noqa: S101
        sent = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        # FastAPI reads a body as JSON only where it is called so; `curl -d` calls it a form.
        if error.errors()[0]["loc"] == ("body",) and sent != "application/json" and not sent.endswith("+json"):
            return answered(request.url.path, 422, NOT_JSON)
        return answered(request.url.path, 422, sentence(error))

    async def broken(request: Request, error: Exception) -> JSONResponse:
        log.error("A request to %s failed: %s", request.url.path, type(error).__name__)
        return answered(request.url.path, 500, "Something went wrong here; try again.")

    app.add_exception_handler(HTTPException, refused)
    app.add_exception_handler(RequestValidationError, malformed)
    app.add_exception_handler(Exception, broken)


def answered(path: str, status: int, line: str, headers: dict[str, str] | None = None) -> JSONResponse:
    """The response to a request for ``path`` that is not answered, with the ``line`` that says why."""
    if path.startswith("/v1/"):
        # The clients take any other 4xx for a mistake of their own library's user too, but know 400 by name.
        status = 400 if status == 422 else status
        return JSONResponse(openai_error(status, line), status, headers)
    return JSONResponse({"detail": line}, status, headers)


def openai_error(status: int, line: str) -> dict[str, Any]:
    """An error in OpenAI's shape."""
    kind, code = _CODES.get(status, ("server_error" if status >= 500 else "invalid_request_error", None))
    return {"error": {"message": line, "type": kind, "param": None, "code": code}}


def sentence(error: RequestValidationError) -> str:
    """The first thing that does not fit, and where; never what was sent."""
    first = error.errors()[0]
    if first["type"] == "json_invalid":
        return "The body is not valid JSON."
    where = ".".join(str(part) for part in first["loc"][1:] if isinstance(part, int) or str(part).isidentifier())
    line = within_line(str(first["msg"]))
    return f"{where[:100]}: {line}." if where else f"The request does not fit: {line}."
