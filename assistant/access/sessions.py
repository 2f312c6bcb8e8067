"""Who has signed in: a signed cookie that any process of the service understands."""

import hashlib
import hmac
import time
from typing import Any

import jwt

COOKIE = "strategy-assistant"
BEGUN_COOKIE = "strategy-assistant-sign-in"
LIFE_S = 8 * 3600
BEGUN_LIFE_S = 600


class Sessions:
    """Signs with a key that is derived from ``secret``; ``secure`` says whether the service is reached by https."""

    def __init__(self, secret: str, *, secure: bool, path: str = "/") -> None:
        self._key = hmac.digest(secret.encode(), b"strategy-assistant session", hashlib.sha256)
        self.options: dict[str, Any] = {"httponly": True, "secure": secure, "samesite": "lax", "path": path or "/"}

    def made(self, kind: str, life_s: int, **values: str) -> str:
        """``values`` signed, for the cookie of that kind."""
        return jwt.encode({**values, "aud": kind, "exp": int(time.time()) + life_s}, self._key, algorithm="HS256")

    def read(self, kind: str, cookie: str) -> dict[str, Any] | None:
        """What ``made`` signed; None where it is forged, over or of another kind."""
        try:
            options: Any = {"require": ["exp", "aud"]}
            values: dict[str, Any] = jwt.decode(cookie, self._key, algorithms=["HS256"], audience=kind, options=options)
        except (jwt.PyJWTError, ValueError, RecursionError):
            return None
        return values
