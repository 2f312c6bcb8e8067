"""Signing in by OpenID Connect: the provider's addresses and keys, and whom its answers name.

OpenID Connect Core 1.0, the authorization code flow, with PKCE (RFC 7636) and discovery.
"""

import threading
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from corpus.addresses import shown
from corpus.errors import UserError

ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
SCOPE = "openid profile email"
LEEWAY_S = 30
KEPT_S = 3600.0
SHORTEST_SECRET = 16
_TIMEOUT_S = 10.0
_LOOPBACK = ("127.0.0.1", "::1", "localhost")
_FETCHED_AGAIN_S = 60.0


class SigningInError(Exception):
    """Nobody is signed in; ``status`` and one ``line`` that says why."""

    def __init__(self, status: int, line: str) -> None:
        super().__init__(line)
        self.status = status
        self.line = line


@dataclass(frozen=True, slots=True)
class Begun:
    """What is remembered of a sign-in until the provider sends its reader back; ``url`` is where they are sent."""

    url: str
    state: str
    nonce: str
    verifier: str


class Provider:
    """``issuer`` as the provider calls itself, ``back`` the address it sends readers back to.

    ``claim`` is what a person is called by. Raises ``UserError`` for settings that cannot be meant.
    """

    def __init__(self, issuer: str, client_id: str, secret: str, back: str, claim: str = "sub") -> None:
        if not _safe(issuer):
            raise UserError(f"oidc_issuer: {shown(issuer)[:200]} is no https address")
        if not client_id or len(secret) < SHORTEST_SECRET:
            raise UserError(
                f"oidc_issuer needs oidc_client_id and oidc_client_secret, of {SHORTEST_SECRET} characters or more"
            )
        if not _safe(back):
            raise UserError("oidc_issuer needs public_url, the https address that people open the assistant at")
        self.issuer = issuer
        self._client_id = client_id
        self._secret = secret
        self._back = back
        self._claim = claim
        self._lock = threading.Lock()
        self._found: tuple[float, dict[str, Any]] = (0.0, {})
        self._keys: tuple[float, Any] = (0.0, None)

    def begin(self) -> Begun:
        """A new sign-in; raises ``SigningInError`` where the provider cannot be reached."""
        from authlib.common.security import generate_token

        address = self._discovered()["authorization_endpoint"]
        state, nonce, verifier = generate_token(32), generate_token(32), generate_token(64)
        with self._client() as client:
            url, _ = client.create_authorization_url(address, state=state, nonce=nonce, code_verifier=verifier)
        return Begun(str(url), state, nonce, verifier)

    def finish(self, begun: Begun, code: str) -> str:
        """The name of whoever ``code`` stands for; raises ``SigningInError`` where the provider vouches for nobody."""
        from authlib.integrations.base_client import OAuthError

        address = self._discovered()["token_endpoint"]
        try:
            with self._client() as client:
                given = client.fetch_token(address, code=code, code_verifier=begun.verifier)
        except OAuthError as error:
            raise SigningInError(403, "The provider did not accept this sign-in; try again.") from error
        except Exception as error:
            raise _away(error) from error
        token = given.get("id_token")
        if not isinstance(token, str):
            raise SigningInError(502, "The provider did not say who you are.")
        return self._name(self._claims(token, begun.nonce, given.get("access_token")))

    def _claims(self, token: str, nonce: str, access: object) -> dict[str, Any]:
        from authlib.oidc.core import CodeIDToken
        from joserfc import jwt
        from joserfc.errors import JoseError

        options = {
            "iss": {"essential": True, "value": self.issuer},
            "aud": {"essential": True, "value": self._client_id},
        }
        params = {"nonce": nonce, "client_id": self._client_id, "access_token": access}
        for fresh in (False, True):
            try:
                decoded = jwt.decode(token, self._keyset(fresh=fresh), algorithms=ALGORITHMS)
            except (JoseError, ValueError) as error:
                if fresh:
                    raise SigningInError(403, "What the provider says is not signed by it.") from error
                continue
            claims = CodeIDToken(decoded.claims, decoded.header, options, params)
            try:
                claims.validate(leeway=LEEWAY_S)
            except (JoseError, TypeError, ValueError) as error:
                raise SigningInError(
                    403, "What the provider says is not meant for this sign-in, or is over."
                ) from error
            return dict(claims)
        raise AssertionError("unreachable")

    def _name(self, claims: dict[str, Any]) -> str:
        name = claims.get(self._claim)
        # Some providers say it as text.
        unverified = self._claim == "email" and str(claims.get("email_verified", True)).lower() != "true"
        if not isinstance(name, str) or not 0 < len(name) <= 200 or not name.isprintable() or unverified:
            raise SigningInError(403, f"The provider does not say your {self._claim}.")
        return name

    def _client(self) -> Any:
        from authlib.integrations.httpx_client import OAuth2Client

        return OAuth2Client(
            self._client_id,
            self._secret,
            scope=SCOPE,
            redirect_uri=self._back,
            code_challenge_method="S256",
            timeout=_TIMEOUT_S,
        )

    def _discovered(self) -> dict[str, Any]:
        with self._lock:
            when, found = self._found
            if found and time.monotonic() - when < KEPT_S:
                return found
        found = _fetched(f"{self.issuer.rstrip('/')}/.well-known/openid-configuration")
        addresses = [found.get(name) for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")]
        if found.get("issuer") != self.issuer or not all(isinstance(a, str) and _safe(a) for a in addresses):
            raise SigningInError(502, "The provider describes itself as another than the one that is set up.")
        with self._lock:
            self._found = (time.monotonic(), found)
        return found

    def _keyset(self, *, fresh: bool) -> Any:
        """The provider's keys; ``fresh`` fetches them anew, since it may have changed them, though not all the time."""
        from joserfc.jwk import KeySet

        with self._lock:
            when, keys = self._keys
        age = time.monotonic() - when
        if keys is not None and age < (_FETCHED_AGAIN_S if fresh else KEPT_S):
            return keys
        keys = KeySet.import_key_set(_fetched(self._discovered()["jwks_uri"]))  # type: ignore[arg-type]
        with self._lock:
            self._keys = (time.monotonic(), keys)
        return keys


def _safe(address: str) -> bool:
    parts = urlsplit(address)
    return bool(parts.hostname) and (
        parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)
    )


def _fetched(address: str) -> dict[str, Any]:
    import httpx

    try:
        response = httpx.get(address, timeout=_TIMEOUT_S)
        response.raise_for_status()
        value = response.json()
    except (httpx.HTTPError, ValueError) as error:
        raise _away(error) from error
    if not isinstance(value, dict):
        raise SigningInError(502, "The provider does not describe itself.")
    return value


def _away(error: Exception) -> SigningInError:
    return SigningInError(
        503, f"The provider that signs people in does not answer ({type(error).__name__}); try again."
    )
