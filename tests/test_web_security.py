import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from assistant.web.security import LARGEST_BODY, LOOPBACK, Guard, on_this_machine, security_headers


async def echo(request: Request) -> PlainTextResponse:
    return PlainTextResponse(str(len(await request.body())))


SITE = "https://intranet.example"


@pytest.fixture
def client():
    routes = [Route("/{path:path}", echo, methods=["GET", "POST", "DELETE"])]
    ours, shared = ("/window/", "/api/"), ("/api/",)
    app = Guard(Starlette(routes=routes), hosts=LOOPBACK, ours=ours, sites=(SITE,), shared=shared)
    return TestClient(app, base_url="http://127.0.0.1:7860")


@pytest.mark.parametrize("host", ["127.0.0.1:7860", "localhost:7860", "LOCALHOST", "[::1]:7860"])
def test_this_machines_names_are_answered(client, host):
    assert client.get("/", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "127.0.0.1.evil.example",
        "evil.example:7860",
        "",
        "localhost@evil",
        "a b",
        "[",
        "[::1",
        "localhost:x",
    ],
)
def test_other_names_that_lead_here_are_not(client, host):
    assert client.get("/", headers={"Host": host}).status_code == 421


def test_any_name_is_answered_where_none_is_given():
    client = TestClient(Guard(Starlette(routes=[Route("/", echo)])), base_url="http://intranet.example")
    assert client.get("/").status_code == 200
    for none in ("[", "a b", "intranet.example:x"):
        refused = client.get("/", headers={"Host": none})
        assert refused.status_code == 421
        assert "Content-Security-Policy" in refused.headers


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        ("http://127.0.0.1:7860", 200),
        ("http://evil.example", 403),
        ("null", 403),
        ("http://127.0.0.1:9999", 403),
        ("http://[", 403),
    ],
)
def test_other_sites_cannot_post(client, origin, status):
    assert client.post("/window/stop", headers={"Origin": origin}).status_code == status


def test_large_requests_are_cut_off(client):
    assert client.post("/window/stop", content=b"x" * LARGEST_BODY).text == str(LARGEST_BODY)
    assert client.post("/window/stop", content=b"x" * (LARGEST_BODY + 1)).status_code == 413

    def endless():
        for _ in range(30):
            yield b"x" * 100_000

    assert client.post("/window/stop", content=endless()).status_code == 413


@pytest.mark.parametrize(
    "path",
    [
        "/gradio_api/file=/etc/passwd",
        "/gradio_api/file/etc/passwd",
        "/gradio_api/proxy=http://evil.example/",
        "/gradio_api/upload",
        "/gradio_api/info",
        "/gradio_api/openapi.json",
        "/gradio_api/call/ask",
        "/gradio_api/run/ask",
        "/gradio_api/component_server",
        "/gradio_api/vibe-code",
        "/gradio_api/deep_link",
        "/gradio_api/runs",
        "/monitoring",
        "/docs",
        "/openapi.json",
        "/svelte/x",
        "/login",
        "/windows",
    ],
)
def test_what_the_window_does_not_use_is_not_there(client, path):
    assert client.get(path).status_code == 404


def test_every_response_carries_the_headers(client):
    for response in (client.get("/"), client.get("/docs"), client.get("/", headers={"Host": "evil.example"})):
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["Referrer-Policy"] == "no-referrer"
        assert "unsafe-eval" not in response.headers["Content-Security-Policy"]
        assert "default-src 'self'" in response.headers["Content-Security-Policy"]


def test_pages_that_may_frame_the_window_are_named():
    policy = security_headers(["https://intranet.example"])["Content-Security-Policy"]
    assert policy.endswith("frame-ancestors 'self' https://intranet.example")


def test_a_listed_site_may_post_to_the_api_only(client):
    assert client.post("/api/ask", headers={"Origin": SITE}).status_code == 200
    assert client.post("/window/stop", headers={"Origin": SITE}).status_code == 403
    for other in ("http://intranet.example", "https://intranet.example.evil.example", f"{SITE}:8443", "null"):
        assert client.post("/api/ask", headers={"Origin": other}).status_code == 403


@pytest.mark.parametrize(
    "site", ["https://evil.example", "null", "<script>", "https://[", f"{SITE}.evil.example", f"{SITE}:8443"]
)
def test_a_frame_on_a_site_that_is_not_listed_says_so_and_holds_nothing_else(client, site):
    told = client.get("/", params={"embed": site})
    assert told.status_code == 403
    assert "not among those allowed" in told.text
    assert site not in told.text.replace("<script>parent", "")
    policy = told.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    for shown in ("", "1", SITE, str(client.base_url).rstrip("/")):
        assert client.get("/", params={"embed": shown}).status_code == 200
    assert client.get("/", params={"embed": site}, headers={"Host": "evil.example"}).status_code == 421


@pytest.mark.parametrize("query", ["?embed=1", "?embed=", "?embed", ""])
def test_a_plain_frame_on_a_site_that_is_not_listed_says_so_too(client, query):
    def status(referrer, kind="iframe", **headers):
        told = client.get(f"/{query}", headers={"Referer": referrer, "Sec-Fetch-Dest": kind, **headers})
        assert (told.status_code == 403) == ("frame-ancestors *" in told.headers["Content-Security-Policy"])
        assert (told.status_code == 403) == ("not among those allowed" in told.text)
        return told.status_code

    for site in ("https://evil.example/", f"{SITE}:8443/", f"{SITE}.evil.example/", "http://intranet.example/a?b"):
        assert [status(site, kind) for kind in ("iframe", "frame", "embed", "object")] == [403] * 4
        assert status(site, "document") == 200, "a link in a page of another site"
        without = client.get(f"/{query}", headers={"Referer": site})
        assert without.status_code == (403 if "embed" in query else 200)
    for site in (f"{SITE}/news", f"{SITE}/", f"{client.base_url}/", "", "http://[", "about:blank"):
        assert status(site) == 200


def test_that_a_site_is_not_listed_and_that_nothing_is_there_is_said_in_the_readers_language(client):
    told = client.get("/", params={"embed": "https://evil.example"}, headers={"Accept-Language": "de-CH, en;q=0.5"})
    assert "gehört nicht zu denen, die den Assistenten zeigen dürfen" in told.text
    assert '<html lang="de" dir="ltr">' in told.text
    nothing = client.get("/docs", headers={"Accept": "text/html", "Accept-Language": "fr"})
    assert "<h1>Assistant stratégique</h1><p>Il n’y a rien ici.</p>" in nothing.text
    assert client.get("/docs", headers={"Accept-Language": "fr"}).text == "There is nothing here."


def test_only_the_window_is_shown_on_a_listed_site(client):
    assert client.get("/").headers["Content-Security-Policy"].endswith(f"frame-ancestors 'self' {SITE}")
    assert client.get("/api/docs").headers["Content-Security-Policy"].endswith("frame-ancestors 'self'")


def test_every_address_of_the_loopback_is_this_machines():
    assert all(map(on_this_machine, ("127.0.0.1", "127.0.0.2", "::1", "localhost")))
    assert not any(map(on_this_machine, ("0.0.0.0", "::", "10.0.0.1", "localhost.example", "")))
