"""Signing in by OpenID Connect, against a real provider on this machine, and against one that lies."""

import time
from urllib.parse import parse_qs, urlsplit

import httpx
import jwt
import pytest
from fastapi.testclient import TestClient
from joserfc.jwk import ECKey, RSAKey
from oidc_provider import CLIENT, SECRET, oidc_provider
from scripted_window import ScriptedAssistant

from assistant.access.door import door_of
from assistant.access.sessions import BEGUN_COOKIE, COOKIE, Sessions
from assistant.access.signing_in import own_path
from assistant.settings import Settings
from assistant.store import Store
from assistant.web.loading import Loading
from assistant.web.server import create_app
from corpus.errors import UserError

HTML = {"Accept": "text/html"}


@pytest.fixture
def provider():
    with oidc_provider() as provider:
        yield provider


@pytest.fixture
def client(provider, tmp_path):
    with browser(provider, tmp_path) as client:
        yield client


@pytest.fixture(scope="module")
def lasting(tmp_path_factory):
    with oidc_provider() as provider, browser(provider, tmp_path_factory.mktemp("lasting")) as client:
        yield client, provider


@pytest.fixture
def standing(lasting):
    """One client and provider for the tests that need neither new: nobody is signed in and the provider is honest."""
    client, provider = lasting
    client.cookies.clear()
    provider.claims, provider.algorithm = {}, "RS256"
    return client, provider


def settings_of(provider, home, **more):
    given = {"oidc_issuer": provider.issuer, "oidc_client_id": CLIENT, "oidc_client_secret": SECRET,
             "public_url": "http://127.0.0.1", "oidc_claim": "email"}  # fmt: skip
    return Settings(home=home, **{**given, **more})


def browser(provider, home, **more):
    door = door_of(settings_of(provider, home, **more))
    app = create_app(Loading(lambda _: ScriptedAssistant(pause=0)), Store(f"sqlite:///{home / 'x.sqlite'}"), door=door)
    return TestClient(app, base_url="http://127.0.0.1", client=("127.0.0.1", 5000), follow_redirects=False)


def sent_back(client, to="/"):
    """Where the provider sends the reader back to, having been sent there."""
    begun = client.get("/sign-in", params={"to": to})
    assert begun.status_code == 303
    return httpx.get(begun.headers["Location"]).headers["Location"]


def signed_in(client, to="/"):
    return client.get(sent_back(client, to))


def test_a_reader_signs_in_asks_and_signs_out(client, provider):
    first = client.get("/", headers=HTML)
    assert (first.status_code, first.headers["Location"]) == (303, "/sign-in?to=%2F")
    assert client.get("/api/me").status_code == 401
    back = signed_in(client)
    assert (back.status_code, back.headers["Location"]) == (303, "/")
    kept = next(header for header in back.headers.get_list("set-cookie") if header.startswith(f"{COOKIE}="))
    assert all(word in kept for word in ("HttpOnly", "SameSite=lax", "Path=/"))
    assert client.get("/api/me").json() == {"name": "ann@example.org", "role": "ask"}
    assert client.get("/", headers=HTML).status_code == 200
    assert client.post("/api/ask", json={"question": "Should we?"}).status_code == 200
    assert client.get("/owner/").status_code == 403
    refused = client.get("/owner/", headers=HTML)
    assert refused.headers["Content-Type"].startswith("text/html")
    assert "Only who owns the content may see this." in refused.text
    state = client.get("/window/state", headers={"X-Browser": "a" * 32}).json()
    assert (state["name"], state["owner"], state["sign_out"]) == ("ann@example.org", False, True)
    assert '<form method="post">' in client.get("/sign-out").text
    foreign = client.post("/api/ask", json={"question": "Should we?"}, headers={"Origin": "https://evil.example"})
    assert foreign.status_code == 403
    german = {"Accept-Language": "de"}
    assert "<button>Abmelden</button>" in client.get("/sign-out", headers=german).text
    assert "nicht hier begonnen" in client.get("/sign-in/back?state=x", headers=german).text
    out = client.post("/sign-out")
    assert (out.status_code, '<a href="/">Sign in again</a>' in out.text) == (200, True)
    assert client.get("/api/me").status_code == 401


def test_who_opens_the_window_in_a_language_comes_back_to_it_in_that_language(client):
    first = client.get("/?language=de", headers=HTML)
    assert first.headers["Location"] == "/sign-in?to=%2F%3Flanguage%3Dde"
    assert signed_in(client, "/?language=de").headers["Location"] == "/?language=de"
    client.cookies.clear()
    assert client.get(f"/?x={'y' * 300}", headers=HTML).headers["Location"] == "/sign-in?to=%2F"


def test_owners_are_those_that_the_settings_name(provider, tmp_path):
    with browser(provider, tmp_path, owners=("ann@example.org",)) as client:
        signed_in(client)
        assert client.get("/api/me").json()["role"] == "own"


def test_a_cookie_is_only_sent_by_https_where_the_service_is_reached_so(provider, tmp_path):
    with browser(provider, tmp_path, public_url="https://assistant.example/help/") as client:
        begun = client.get("/sign-in")
        assert "Secure" in begun.headers["set-cookie"]
        assert "Path=/help" in begun.headers["set-cookie"]
        asked = parse_qs(urlsplit(begun.headers["Location"]).query)
        assert asked["redirect_uri"] == ["https://assistant.example/help/sign-in/back"]
        assert client.get("/", headers=HTML).headers["Location"] == "/help/sign-in?to=%2F"


def test_a_code_serves_once_and_only_with_its_state_and_cookie(client, provider):
    back = sent_back(client)
    code, state = (parse_qs(urlsplit(back).query)[name][0] for name in ("code", "state"))
    kept = client.cookies[BEGUN_COOKIE]
    assert client.get("/sign-in/back", params={"code": code, "state": "other"}).status_code == 400
    client.cookies.clear()
    assert client.get(back).status_code == 400
    for forged in ("", "x.y.z", jwt.encode({"state": state, "aud": BEGUN_COOKIE, "exp": time.time() + 60}, "k" * 32)):
        assert client.get(back, headers={"Cookie": f"{BEGUN_COOKIE}={forged}"}).status_code == 400
    assert client.get(back, headers={"Cookie": f"{BEGUN_COOKIE}={kept}"}).status_code == 303
    again = client.get(back, headers={"Cookie": f"{BEGUN_COOKIE}={kept}"})
    assert (again.status_code, "did not accept" in again.text) == (403, True)


def test_another_sign_ins_code_is_not_taken(standing):
    client, _ = standing
    stolen = parse_qs(urlsplit(sent_back(client)).query)["code"][0]
    own = parse_qs(urlsplit(sent_back(client)).query)["state"][0]
    refused = client.get("/sign-in/back", params={"code": stolen, "state": own})
    assert (refused.status_code, "did not accept" in refused.text) == (403, True), "the verifier is not that code's"


LIES = {
    "another nonce": {"nonce": "x"},
    "no nonce": {"nonce": None},
    "another issuer": {"iss": "https://evil.example"},
    "another client": {"aud": "other"},
    "a list with another party": {"aud": [CLIENT, "other"], "azp": "other"},
    "over": {"exp": 1_000_000_000},
    "not yet": {"nbf": 9_999_999_999},
    "no name": {"email": None},
    "no text": {"email": ["ann@example.org"]},
    "unverified": {"email_verified": False},
    "unverified as text": {"email_verified": "false"},
    "odd": {"email": "ann\n@example.org"},
    "no subject": {"sub": None},
}


@pytest.mark.parametrize("claims", LIES.values(), ids=LIES.keys())
def test_what_the_provider_says_must_be_right(standing, claims):
    client, provider = standing
    provider.claims = claims
    assert signed_in(client).status_code == 403
    assert client.get("/api/me").status_code == 401


@pytest.mark.parametrize("algorithm", ["none", "HS256"])
def test_a_token_that_its_key_did_not_sign_is_refused(standing, algorithm):
    client, provider = standing
    provider.algorithm = algorithm
    assert signed_in(client).status_code == 403


@pytest.mark.parametrize("claims", [{"email_verified": True}, {"email_verified": "true"}, {}])
def test_a_verified_address_is_taken(standing, claims):
    client, provider = standing
    provider.claims = claims
    assert signed_in(client).status_code == 303


@pytest.mark.parametrize("algorithm", ["PS384", "PS512", "ES512"])
def test_tokens_may_be_signed_by_the_longer_hashes_too(client, provider, algorithm):
    kind, size = (ECKey, "P-521") if algorithm == "ES512" else (RSAKey, 2048)
    provider.key, provider.algorithm = kind.generate_key(size, {"kid": "one"}), algorithm
    assert signed_in(client).status_code == 303


def test_a_key_of_somebody_else_is_refused(client, provider):
    provider.published = RSAKey.generate_key(2048, {"kid": "one"})
    assert signed_in(client).status_code == 403


def test_addresses_of_somebody_else_are_not_followed(client, provider):
    for lie in ({"issuer": "https://evil.example"}, {"token_endpoint": "http://169.254.169.254/"}, {"jwks_uri": 5}):
        provider.discovery = lie
        refused = client.get("/sign-in")
        assert (refused.status_code, "another" in refused.text) == (502, True)


def test_a_provider_that_is_away_is_told_and_tried_again(provider, tmp_path):
    with browser(provider, tmp_path, oidc_issuer="http://127.0.0.1:9") as client:
        away = client.get("/sign-in")
        assert (away.status_code, "does not answer" in away.text) == (503, True)
        assert SECRET not in away.text


@pytest.mark.parametrize("cookie", ["", "x", "x.y.z", jwt.encode({"sub": "ann", "aud": COOKIE, "exp": 9e9}, "s" * 32)])
def test_a_forged_cookie_signs_nobody_in(standing, cookie):
    client, _ = standing
    assert client.get("/api/me", headers={"Cookie": f"{COOKIE}={cookie}"}).status_code == 401


def test_a_cookie_of_one_kind_does_not_serve_as_another_nor_when_it_is_over(standing):
    client, _ = standing
    sessions = Sessions(SECRET, secure=False)
    for cookie in (sessions.made(BEGUN_COOKIE, 60, sub="ann"), sessions.made(COOKIE, -60, sub="ann")):
        assert client.get("/api/me", headers={"Cookie": f"{COOKIE}={cookie}"}).status_code == 401
    good = sessions.made(COOKIE, 60, sub="ann")
    assert client.get("/api/me", headers={"Cookie": f"{COOKIE}={good}"}).json()["name"] == "ann"


@pytest.mark.parametrize(
    "to",
    ["//evil.example", "https://evil.example", "/\\evil.example", "/\t/evil.example", "javascript:x", "", "x", "/é"],
)
def test_nobody_is_led_elsewhere(standing, to):
    client, _ = standing
    assert own_path(to) == "/"
    assert signed_in(client, to).headers["Location"] == "/"


def test_a_page_of_ones_own_is_led_back_to(standing):
    client, _ = standing
    assert signed_in(client, "/owner/questions").headers["Location"] == "/owner/questions"


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"oidc_issuer": "http://login.example"}, "oidc_issuer"),
        ({"oidc_client_id": ""}, "oidc_client_id"),
        ({"oidc_client_secret": "short"}, "16 characters"),
        ({"public_url": ""}, "public_url"),
        ({"public_url": "http://assistant.example"}, "public_url"),
    ],
)
def test_settings_that_cannot_be_meant_are_told(provider, tmp_path, given, words):
    with pytest.raises(UserError, match=words):
        door_of(settings_of(provider, tmp_path, **given))
