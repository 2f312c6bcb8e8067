"""Tokens that a host page's server mints for its signed-in user: JSON Web Tokens (RFC 7519), HS256, short-lived."""

import time

import jwt

from assistant.access.person import Person
from corpus.errors import UserError

AUDIENCE = "strategy-assistant"
LONGEST_LIFE_S = 3600
SHORTEST_SECRET = 32
LEEWAY_S = 30


class Tokens:
    """Checks tokens signed with ``secret``, at least ``SHORTEST_SECRET`` characters."""

    def __init__(self, secret: str) -> None:
        if len(secret) < SHORTEST_SECRET:
            raise UserError(f"token_secret is too short: use {SHORTEST_SECRET} random characters or more")
        self._secret = secret

    def person(self, token: str) -> Person | None:
        """Whom the token names; None where it is forged, over, meant for others or made to live too long."""
        try:
            claims = jwt.decode(
                token,
                self._secret,
                algorithms=["HS256"],
                audience=AUDIENCE,
                leeway=LEEWAY_S,
                options={"require": ["sub", "iat", "exp", "aud"]},
            )
        except (jwt.PyJWTError, ValueError, RecursionError):
            return None
        name = claims["sub"]
        if claims["exp"] - claims["iat"] > LONGEST_LIFE_S or not isinstance(name, str) or not 0 < len(name) <= 200:
            return None
        return Person(name, "ask")


def mint(secret: str, name: str, life_s: int = 600) -> str:
    """A token for ``name`` that is good for ``life_s`` seconds, as a host page's server makes it."""
    now = int(time.time())
    return jwt.encode({"sub": name, "aud": AUDIENCE, "iat": now, "exp": now + life_s}, secret, algorithm="HS256")
