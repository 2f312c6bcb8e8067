"""A small OpenID Connect provider on 127.0.0.1 that signs everybody in as whom a test says, and can be told to lie."""

import base64
import hashlib
import hmac
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT, SECRET = "assistant", "a secret of the client"


@dataclass
class Provider:
    """``claims`` stand in place of those that are right; ``codes`` are what was asked for with each code."""

    issuer: str = ""
    claims: dict[str, Any] = field(default_factory=dict)
    discovery: dict[str, Any] = field(default_factory=dict)
    key: Any = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "one"}))
    published: RSAKey | None = None
    algorithm: str = "RS256"
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def token(self, request: dict[str, str]) -> str:
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": CLIENT, "sub": "u-1", "email": "ann@example.org", "iat": now,
                  "exp": now + 300, "nonce": request["nonce"]} | self.claims  # fmt: skip
        claims = {name: value for name, value in claims.items() if value is not None}
        if self.algorithm in ("none", "HS256"):
            head = {"alg": self.algorithm, "kid": "one"}
            signed = b".".join(
                base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=") for part in (head, claims)
            )
            # With HS256 by the public key, as if that were a shared secret.
            mac = hmac.digest(self.key.as_pem(private=False), signed, hashlib.sha256) if head["alg"] == "HS256" else b""
            return (signed + b"." + base64.urlsafe_b64encode(mac).rstrip(b"=")).decode()
        return jwt.encode({"alg": self.algorithm, "kid": self.key.kid}, claims, self.key, algorithms=[self.algorithm])


@contextmanager
def oidc_provider() -> Iterator[Provider]:
    told = Provider()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            url = urlsplit(self.path)
            told.asked.append(url.path)
            if url.path == "/.well-known/openid-configuration":
                self.give(200, {
                    "issuer": told.issuer, "authorization_endpoint": f"{told.issuer}/authorize",
                    "token_endpoint": f"{told.issuer}/token", "jwks_uri": f"{told.issuer}/keys",
                } | told.discovery)  # fmt: skip
            elif url.path == "/keys":
                self.give(200, {"keys": [(told.published or told.key).as_dict(private=False)]})
            elif url.path == "/authorize":
                request = {name: values[0] for name, values in parse_qs(url.query).items()}
                assert (request["client_id"], request["response_type"]) == (CLIENT, "code")
                assert request["code_challenge_method"] == "S256"
                assert "openid" in request["scope"].split()
                code = secrets.token_hex(8)
                told.codes[code] = request
                self.send_response(302)
                self.send_header(
                    "Location", f"{request['redirect_uri']}?" + urlencode({"code": code, "state": request["state"]})
                )
                self.end_headers()
            else:
                self.give(404, {})

        def do_POST(self) -> None:
            form = {n: v[0] for n, v in parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode()).items()}
            known = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
            request = told.codes.pop(form.get("code", ""), None)
            digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
            challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
            if self.headers.get("Authorization") != f"Basic {known}":
                self.give(401, {"error": "invalid_client"})
            elif (
                request is None
                or request["redirect_uri"] != form["redirect_uri"]
                or request["code_challenge"] != challenge
            ):
                self.give(400, {"error": "invalid_grant"})
            else:
                self.give(200, {"access_token": "x", "token_type": "Bearer", "id_token": told.token(request)})

        def give(self, status: int, value: dict[str, Any]) -> None:
            body = json.dumps(value).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    told.issuer = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield told
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
