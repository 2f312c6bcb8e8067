"""Who stands at the door: by key, token or cookie, by a proxy's word, or anybody where nobody has to sign in."""

import base64
import binascii
from dataclasses import dataclass, field
from ipaddress import ip_address
from urllib.parse import urlsplit

from anyio import to_thread
from starlette.datastructures import Headers
from starlette.requests import cookie_parser

from assistant.access.limits import Limits
from assistant.access.people import NAME, People
from assistant.access.person import Person
from assistant.access.provider import Provider
from assistant.access.proxies import Proxies
from assistant.access.sessions import COOKIE, Sessions
from assistant.access.signing_in import BACK
from assistant.access.sites import origins
from assistant.access.tokens import Tokens
from assistant.settings import Settings

LONGEST_CREDENTIAL = 4_000
_PASSED_ON = ("forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-real-ip")


class Refused(Exception):  # noqa: N818
    """Not let in: ``status`` and one ``line`` that says why."""

    def __init__(self, status: int, line: str) -> None:
        super().__init__(line)
        self.status = status
        self.line = line


@dataclass(frozen=True, slots=True)
class Door:
    """What the settings say of who may ask, and from where."""

    people: People | None = None
    tokens: Tokens | None = None
    proxies: Proxies = field(default_factory=lambda: Proxies(()))
    proxy_header: str = ""
    owners: frozenset[str] = frozenset()
    provider: Provider | None = None
    sessions: Sessions | None = None
    prefix: str = ""
    sites: tuple[str, ...] = ()
    limits: Limits = field(default_factory=Limits)

    @property
    def guarded(self) -> bool:
        """Whether anybody has to sign in."""
        return any((self.people, self.tokens, self.proxy_header, self.sessions))

    async def person(self, headers: Headers, peer: str, address: str) -> Person:
        """Who asks; raises ``Refused`` where that must be known and is not."""
        if not self.guarded:
            return Person("", "own" if sent_here(headers, peer) else "ask")
        if self.proxy_header and self.proxies.trusted(peer):
            named = headers.getlist(self.proxy_header)
            if len(named) == 1 and 0 < len(named[0]) <= 200:
                return self._named(named[0])
        credential = headers.get("authorization", "")
        if not credential and self.sessions is not None:
            signed_in = self.sessions.read(COOKIE, cookie_parser(headers.get("cookie", "")[:8_000]).get(COOKIE, ""))
            if signed_in is not None:
                return self._named(signed_in["sub"])
        if not credential:
            raise Refused(401, "Sign in to use this assistant.")
        person = await self._credited(credential, address)
        if person is None:
            raise Refused(401, "That key or token is not valid, or no longer.")
        return person

    def _named(self, name: str) -> Person:
        return Person(name, "own" if name in self.owners else "ask")

    async def _credited(self, credential: str, address: str) -> Person | None:
        kind, _, value = credential.partition(" ")
        value = value.strip()
        if len(value) > LONGEST_CREDENTIAL:
            return None
        if kind.lower() == "bearer" and self.tokens is not None and value.count(".") == 2:
            person = self.tokens.person(value)
            if person is not None:
                return person
        if self.people is None:
            return None
        name, key = (
            _basic(value) if kind.lower() == "basic" else _bearer(value) if kind.lower() == "bearer" else ("", "")
        )
        if not NAME.fullmatch(name):
            return None
        person = self.people.known(name, key)
        if person is not None:
            return person
        if not self.limits.may_try(address):
            raise Refused(429, "Too many wrong keys came from your address; wait a minute.")
        person = await to_thread.run_sync(self.people.check, name, key)
        if person is None:
            self.limits.wrong_key(address)
        return person


def sent_here(headers: Headers, peer: str) -> bool:
    """Whether a request was sent on this machine, and not passed on from elsewhere."""
    try:
        local = ip_address(peer.partition("%")[0]).is_loopback
    except ValueError:
        return False
    return local and not any(name in headers for name in _PASSED_ON)


def door_of(settings: Settings) -> Door:
    """The door of the settings; raises ``UserError`` for what cannot be used in them."""
    secret = settings.token_secret_text
    prefix = urlsplit(settings.public_url).path.rstrip("/")
    provider = sessions = None
    if settings.oidc_issuer:
        back = f"{settings.public_url.rstrip('/')}{BACK}"
        key = settings.oidc_secret_text
        provider = Provider(settings.oidc_issuer, settings.oidc_client_id, key, back, settings.oidc_claim)
        sessions = Sessions(key, secure=settings.public_url.startswith("https:"), path=prefix)
    return Door(
        provider=provider,
        sessions=sessions,
        prefix=prefix,
        people=People(settings.people_file) if settings.people_file else None,
        tokens=Tokens(secret) if secret else None,
        proxies=Proxies(settings.trusted_proxies),
        proxy_header=_header_of(settings),
        owners=frozenset(settings.owners),
        sites=origins(settings.allowed_sites),
        limits=Limits(settings.questions_per_minute, settings.questions_per_address, settings.questions_per_day),
    )


def _header_of(settings: Settings) -> str:
    """The header in which a trusted proxy says who asks, empty where none does.

    Beside another way to sign in, a proxy need not be one that signs people in: then the header has to be named.
    """
    others = settings.people_file or settings.oidc_issuer or settings.token_secret_text
    named = "proxy_user_header" in settings.model_fields_set
    return settings.proxy_user_header if settings.trusted_proxies and (named or not others) else ""


def _basic(value: str) -> tuple[str, str]:
    try:
        name, _, key = base64.b64decode(value, validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        return "", ""
    return name, key


def _bearer(value: str) -> tuple[str, str]:
    """An API key is a name and a key with a colon between them."""
    name, _, key = value.partition(":")
    return name, key
