"""The addresses at which people sign in by OpenID Connect, and out."""

import hmac
from html import escape
from typing import Annotated

from fastapi import APIRouter, Cookie, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from assistant.access.pages import page
from assistant.access.provider import Begun, Provider, SigningInError
from assistant.access.sessions import BEGUN_COOKIE, BEGUN_LIFE_S, COOKIE, LIFE_S, Sessions
from assistant.web.speaking import spoken_in

SIGN_IN = "/sign-in"
BACK = "/sign-in/back"
SIGN_OUT = "/sign-out"
LONGEST_TO = 200


def routes(provider: Provider, sessions: Sessions, prefix: str) -> APIRouter:
    """``prefix`` is the path under which the service is reached, empty for none."""
    router = APIRouter(include_in_schema=False)

    def told(request: Request, line: str, status: int = 200) -> HTMLResponse:
        language = spoken_in(request.scope)
        again = f'<a href="{escape(prefix)}/">{escape(language.said("Sign in again"))}</a>'
        return page(line, again, status, language=language)

    @router.get(SIGN_IN)
    def begin(request: Request, to: Annotated[str, Query(max_length=LONGEST_TO)] = "/") -> Response:
        try:
            begun = provider.begin()
        except SigningInError as error:
            return told(request, error.line, error.status)
        values = {"state": begun.state, "nonce": begun.nonce, "verifier": begun.verifier, "to": own_path(to)}
        response = RedirectResponse(begun.url, 303, {"Cache-Control": "no-store"})
        cookie = sessions.made(BEGUN_COOKIE, BEGUN_LIFE_S, **values)
        response.set_cookie(BEGUN_COOKIE, cookie, max_age=BEGUN_LIFE_S, **sessions.options)
        return response

    @router.get(BACK)
    def back(
        request: Request,
        state: Annotated[str, Query(max_length=200)] = "",
        code: Annotated[str, Query(max_length=4000)] = "",
        iss: Annotated[str, Query(max_length=500)] = "",
        remembered: Annotated[str, Cookie(alias=BEGUN_COOKIE, max_length=4000)] = "",
    ) -> Response:
        begun = sessions.read(BEGUN_COOKIE, remembered)
        try:
            if begun is None or not hmac.compare_digest(begun["state"].encode(), state.encode()):
                raise SigningInError(
                    400, "This sign-in was not begun here, or took too long; open the assistant again."
                )
            if not code or iss not in ("", provider.issuer):
                raise SigningInError(403, "The provider did not sign you in.")
            name = provider.finish(Begun("", begun["state"], begun["nonce"], begun["verifier"]), code)
        except SigningInError as error:
            refused = told(request, error.line, error.status)
            refused.delete_cookie(BEGUN_COOKIE, **sessions.options)
            return refused
        response = RedirectResponse(f"{prefix}{own_path(begun['to'])}", 303, {"Cache-Control": "no-store"})
        response.delete_cookie(BEGUN_COOKIE, **sessions.options)
        response.set_cookie(COOKIE, sessions.made(COOKIE, LIFE_S, sub=name), max_age=LIFE_S, **sessions.options)
        return response

    @router.get(SIGN_OUT)
    def ask_out(request: Request) -> HTMLResponse:
        language = spoken_in(request.scope)
        form = f'<form method="post"><button>{escape(language.said("Sign out"))}</button></form>'
        return page("Sign out of the assistant on this device?", form, language=language)

    @router.post(SIGN_OUT)
    def out(request: Request) -> Response:
        response = told(request, "You are signed out of the assistant.")
        response.delete_cookie(COOKIE, **sessions.options)
        return response

    return router


def own_path(path: str) -> str:
    """A path of the service itself; anything that a browser could take for another place becomes the beginning."""
    plain = path.isascii() and path.isprintable() and "\\" not in path
    return path if plain and path.startswith("/") and not path.startswith("//") else "/"
