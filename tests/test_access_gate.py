import base64
from contextlib import ExitStack, contextmanager

import pytest
from fastapi.testclient import TestClient
from scripted_window import ScriptedAssistant, answer_to

from assistant.access.door import Door, door_of
from assistant.access.limits import Limits
from assistant.access.people import People, line_for
from assistant.access.proxies import Proxies
from assistant.access.tokens import Tokens, mint
from assistant.settings import Settings
from assistant.store import Reader, Store
from assistant.web.loading import Loading
from assistant.web.server import create_app

SECRET, SITE = "s" * 32, "https://intranet.example"
QUESTION = {"question": "Should we lead from the top?"}
CHAT = {"messages": [{"role": "user", "content": "Should we lead from the top?"}]}
PROTECTED = [
    "/", "/config", "/api/me", "/api/docs", "/api/openapi.json", "/v1/models", "/window/state",
    "/window/conversations", "/window/source?document=x", "/window/page?document=x",
    "/gradio_api/startup-events", "/gradio_api/queue/data?session_hash=x",
]  # fmt: skip


@contextmanager
def served(folder, peer="127.0.0.1", **doors):
    loading = Loading(lambda _: ScriptedAssistant(pause=0))
    app = create_app(loading, Store(f"sqlite:///{folder / 'x.sqlite'}"), door=Door(**doors))
    with TestClient(app, base_url="http://127.0.0.1", client=(peer, 5000)) as client:
        assert loading.wait(30)
        yield client


@pytest.fixture
def serving(tmp_path):
    """Serves with a door made of what is given; a client of it."""
    with ExitStack() as opened:
        yield lambda **given: opened.enter_context(served(tmp_path, **given))


def people_in(folder):
    file = folder / "people.txt"
    file.write_text(f"{line_for('ann', 'ask', 'key of ann')}\n{line_for('ed', 'own', 'key of ed')}\n")
    return People(file)


@pytest.fixture
def known(tmp_path):
    return people_in(tmp_path)


@pytest.fixture(scope="module")
def standing(tmp_path_factory):
    """One service for the tests that get nowhere in it or only read."""
    folder = tmp_path_factory.mktemp("standing")
    with served(folder, people=people_in(folder), tokens=Tokens(SECRET), sites=(SITE,)) as client:
        yield client


def bearer(value):
    return {"Authorization": f"Bearer {value}"}


def basic(name, key):
    return {"Authorization": "Basic " + base64.b64encode(f"{name}:{key}".encode()).decode()}


def test_without_a_door_anybody_asks(serving):
    client = serving()
    assert client.post("/api/ask", json=QUESTION).status_code == 200
    assert client.get("/api/me").json() == {"name": "", "role": "own"}


def test_with_one_everything_but_code_is_closed(serving, known):
    client = serving(people=known)
    for path in PROTECTED:
        refused = client.get(path)
        assert refused.status_code == 401, path
        assert refused.headers["WWW-Authenticate"].startswith("Basic")
    for path in ("/api/ask", "/api/ask/stream", "/api/search", "/v1/chat/completions", "/gradio_api/queue/join"):
        assert client.post(path, json=QUESTION).status_code == 401, path
    for path in ("/health/live", "/window/static/chat.js"):
        assert client.get(path).status_code == 200


def test_what_watches_learns_that_it_is_ready_and_no_more(serving, known):
    client = serving(people=known)
    assert client.get("/health/ready").json() == {"status": "ready"}
    assert "model" in client.get("/health/ready", headers=bearer("ann:key of ann")).json()


def test_a_key_opens_it_for_programs_and_browsers(serving, known):
    client = serving(people=known)
    for headers in (bearer("ann:key of ann"), basic("ann", "key of ann")):
        assert client.get("/api/me", headers=headers).json() == {"name": "ann", "role": "ask"}
        assert client.post("/v1/chat/completions", json=CHAT, headers=headers).status_code == 200
        assert client.get("/", headers=headers).status_code == 200
    assert client.get("/api/me", headers=bearer("ed:key of ed")).json()["role"] == "own"


REFUSED = [
    "Bearer", "Bearer x", "Bearer ann", "Bearer ann:", "Bearer ann:wrong", "Basic !!", "Basic YW5u", "Digest x",
    "x" * 9000, "Bearer " + "ann:" * 5000, "Basic gA==", mint(SECRET, "ann"), "Bearer " + mint("t" * 32, "ann"),
]  # fmt: skip


@pytest.mark.parametrize(("number", "authorization"), list(enumerate(REFUSED)), ids=map(str, range(len(REFUSED))))
def test_anything_else_does_not(standing, number, authorization):
    # From an address of its own: one that guesses too often is told something else.
    client = TestClient(standing.app, base_url="http://127.0.0.1", client=(f"192.0.2.{number}", 5000))
    refused = client.get("/v1/models", headers={"Authorization": authorization})
    assert refused.status_code == 401
    assert refused.json()["error"]["code"] == "invalid_api_key"
    assert authorization not in refused.text


def test_the_webmasters_page_is_for_owners_and_its_script_for_everybody(serving, known):
    client = serving(people=known, sites=(SITE,))
    assert client.get("/widget.js").status_code == 200
    for path in ("/widget", "/widget/check?site=https://x.example"):
        assert client.get(path).status_code == 401
        assert client.get(path, headers=bearer("ann:key of ann")).status_code == 403
        page = client.get(path, headers=bearer("ed:key of ed"))
        assert page.status_code == 200
        assert page.headers["Content-Security-Policy"].endswith("frame-ancestors 'self'")
    assert client.get("/widget/x", headers=bearer("ed:key of ed")).status_code == 404


@pytest.mark.parametrize(
    ("site", "allowed", "words"),
    [
        (SITE, True, "may show"),
        (f"{SITE}/", True, "may show"),
        (f"{SITE}/news/today?page=2#top", True, "may show"),
        ("http://intranet.example", False, "the scheme differs"),
        (f"{SITE}:8443", False, "the port differs"),
        (SITE.replace("//", "//www."), False, "the one has www"),
        ("https://evil.example", False, "add it to allowed_sites"),
        ("*", False, "no site"),
        ("<script>", False, "no site"),
    ],
)
def test_a_webmaster_learns_why_a_site_is_refused(standing, site, allowed, words):
    told = standing.get("/widget/check", params={"site": site}, headers=bearer("ed:key of ed")).json()
    assert told["allowed"] is allowed
    assert words in told["line"]


def test_a_webmaster_and_whoever_is_refused_are_told_in_their_language(serving, known):
    client = serving(people=known, sites=(SITE,))
    owner, german = bearer("ed:key of ed"), {"Accept-Language": "de"}
    assert '<html lang="de" dir="ltr">' in client.get("/widget", headers={**owner, **german}).text
    assert "<h1>L’assistant sur votre page</h1>" in client.get("/widget?language=fr", headers={**owner, **german}).text
    assert "{{" not in client.get("/widget", headers=owner).text
    told = client.get("/widget/check", params={"site": f"{SITE}:8443", "language": "es"}, headers=owner).json()
    assert told["line"] == f"{SITE}:8443 no está en la lista, solo {SITE}: el puerto es distinto."
    page = client.get("/owner/", headers={**bearer("ann:key of ann"), **german, "Accept": "text/html"})
    assert (page.status_code, "Das darf nur sehen, wem der Inhalt gehört." in page.text) == (403, True)


def test_guessing_is_slowed_down(serving, known):
    client = serving(people=known)
    statuses = [client.get("/api/me", headers=bearer(f"ann:guess {n}")).status_code for n in range(11)]
    assert statuses == [401] * 10 + [429]


def test_tokens_let_ask(serving):
    client = serving(tokens=Tokens(SECRET))
    assert client.get("/api/me", headers=bearer(mint(SECRET, "ann"))).json() == {"name": "ann", "role": "ask"}
    assert client.get("/api/me", headers=bearer(mint("t" * 32, "ann"))).status_code == 401
    assert client.get("/?embed=1").status_code == 200
    assert client.get("/").status_code == 401
    assert client.get("/window/state?embed=1").status_code == 401


def test_a_proxys_word_counts_from_the_proxy_only(serving):
    door = {"proxies": Proxies(["10.0.0.5"]), "proxy_header": "X-Remote-User", "owners": frozenset({"ed"})}
    behind = serving(peer="10.0.0.5", **door)
    assert behind.get("/api/me", headers={"X-Remote-User": "ann"}).json() == {"name": "ann", "role": "ask"}
    assert behind.get("/api/me", headers={"X-Remote-User": "ed"}).json()["role"] == "own"
    assert behind.get("/api/me").status_code == 401
    assert behind.get("/api/me", headers=[("X-Remote-User", "ann"), ("X-Remote-User", "ed")]).status_code == 401
    forging = serving(peer="203.0.113.9", **door)
    headers = {"X-Remote-User": "ed", "X-Forwarded-For": "10.0.0.5"}
    assert forging.get("/api/me", headers=headers).status_code == 401


def test_of_several_lines_of_addresses_the_proxys_own_counts(serving):
    client = serving(peer="10.0.0.5", proxies=Proxies(["10.0.0.5"]), limits=Limits(per_address=1))

    def asked_from(claimed, real="203.0.113.9"):
        headers = [("X-Forwarded-For", claimed), ("X-Forwarded-For", real)]
        return client.post("/api/ask", json=QUESTION, headers=headers).status_code

    assert [asked_from("198.51.100.1"), asked_from("198.51.100.2")] == [200, 429]
    assert asked_from("198.51.100.1", "203.0.113.10") == 200


@pytest.fixture
def settings(tmp_path, known):
    def made(**more):
        return Settings(home=tmp_path, trusted_proxies=("10.0.0.5",), owners=("ed",), **more)

    return made


@pytest.mark.parametrize(
    ("given", "status"),
    [({}, 401), ({"proxy_user_header": ""}, 401), ({"proxy_user_header": "X-Remote-User"}, 200)],
)
def test_beside_keys_a_proxy_names_people_only_where_its_header_is_set(serving, settings, tmp_path, given, status):
    door = door_of(settings(people_file=tmp_path / "people.txt", **given))
    client = serving(peer="10.0.0.5", people=door.people, proxies=door.proxies, proxy_header=door.proxy_header)
    forged = {**basic("ed", "a wrong key"), "X-Remote-User": "ed"}
    assert client.get("/api/me", headers=forged).status_code == status
    assert client.get("/api/me", headers=basic("ann", "key of ann")).status_code == 200


def test_without_another_way_a_proxys_usual_header_names_people(settings):
    assert door_of(settings()).proxy_header == "X-Remote-User"
    nobody = door_of(settings(proxy_user_header=""))
    assert not nobody.guarded
    assert nobody.proxies.trusted("10.0.0.5")


def test_listed_sites_call_the_api_across_origins(serving):
    client = serving(sites=(SITE,))
    asked = client.post("/api/ask", json=QUESTION, headers={"Origin": SITE})
    assert (asked.status_code, asked.headers["Access-Control-Allow-Origin"]) == (200, SITE)
    wanted = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization,content-type"}
    assert client.options("/v1/chat/completions", headers={"Origin": SITE, **wanted}).status_code == 200
    assert "Access-Control-Allow-Credentials" not in asked.headers
    stainless = {
        "Access-Control-Request-Headers": "authorization,content-type,x-stainless-lang,x-stainless-retry-count"
    }
    asked = client.options("/v1/chat/completions", headers={"Origin": SITE, **wanted, **stainless})
    assert asked.status_code == 200, "as OpenAI's client asks in a browser"


NOT_LISTED = "This site is not among those allowed to call the assistant."


@pytest.mark.parametrize("origin", ["https://evil.example", "null", f"{SITE}:8443", "http://127.0.0.1:9"])
def test_a_page_of_a_site_that_is_not_listed_reads_why_and_nothing_else(serving, origin):
    client = serving(sites=(SITE,))
    for method, path, body in (
        ("POST", "/api/ask", QUESTION), ("POST", "/api/ask/stream", QUESTION), ("POST", "/api/search", QUESTION),
        ("POST", "/v1/chat/completions", CHAT), ("GET", "/v1/models", None), ("GET", "/api/me", None),
        ("GET", "/api/docs", None), ("GET", "/api/x", None), ("POST", "/mcp", {}), ("GET", "/mcp", None),
        ("GET", "/window/state", None),
    ):  # fmt: skip
        refused = client.request(method, path, json=body, headers={"Origin": origin})
        assert refused.status_code == 403
        told = refused.json()
        assert (told["error"]["message"] if path.startswith("/v1/") else told.pop("detail")) == NOT_LISTED
        assert told.keys() <= {"error"}
        assert refused.headers["Access-Control-Allow-Origin"] == "*"
        assert refused.headers["Cache-Control"] == "no-store"
        assert "Access-Control-Allow-Credentials" not in refused.headers
    for path in ("/api/ask", "/v1/chat/completions", "/mcp"):
        wanted = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization, x-y"}
        asked = client.options(path, headers={"Origin": origin, **wanted})
        assert (asked.status_code, asked.text) == (204, "")
        assert asked.headers["Access-Control-Allow-Headers"] == "authorization, x-y"
        assert "Access-Control-Allow-Credentials" not in asked.headers
        odd = {**wanted, "Access-Control-Request-Headers": "a\tb: <c>"}
        assert "Access-Control-Allow-Headers" not in client.options(path, headers={"Origin": origin, **odd}).headers
    assert client.get("/v1/models").status_code == 200, "programs say no origin"
    assert client.get("/v1/models", headers={"Origin": "http://127.0.0.1"}).status_code == 200


def test_nothing_but_the_api_is_read_across_origins(serving):
    client = serving(sites=(SITE,))
    for path in ("/", "/config", "/theme.css", "/window/state", "/widget.js", "/widget", "/owner/", "/health/ready"):
        for origin in ("https://elsewhere.example", SITE, "http://localhost:8099", "null"):
            for host in ("127.0.0.1", "assistant.example"):
                answer = client.get(path, headers={"Origin": origin, "Host": host})
                line = "Pages of other sites may call only the addresses under /v1/ and /api/."
                assert answer.status_code == 403
                assert answer.text.removeprefix('{"detail":"').removesuffix('"}') == (
                    line if origin == SITE else NOT_LISTED
                )


def test_what_is_refused_before_anything_is_read_has_the_shape_of_the_api(serving):
    client = serving()
    large = b"x" * 1_000_001
    for path, line in (
        ("/api/ask", lambda told: told["detail"]),
        ("/v1/chat/completions", lambda told: told["error"]["message"]),
        ("/mcp", lambda told: told["detail"]),
        ("/window/feedback", lambda told: told["detail"]),
    ):
        assert line(client.post(path, content=large).json()) == "That request is too large."
        endless = client.post(path, content=(part for part in (large,)))
        assert (endless.status_code, line(endless.json())) == (413, "That request is too large.")
        odd = client.post(path, headers={"Host": "a b"})
        assert (odd.status_code, line(odd.json())) == (421, "This server does not answer to that host name.")


def test_a_preflight_needs_no_key_but_the_request_does(serving, known):
    client = serving(people=known, sites=(SITE,))
    wanted = {"Origin": SITE, "Access-Control-Request-Method": "POST"}
    assert client.options("/api/ask", headers=wanted).status_code == 200
    refused = client.post("/api/ask", json=QUESTION, headers={"Origin": SITE})
    assert (refused.status_code, refused.headers["Access-Control-Allow-Origin"]) == (401, SITE)


def test_over_the_limit_is_429_with_a_sentence(serving):
    client = serving(limits=Limits(per_minute=2))
    assert client.post("/api/ask", json=QUESTION).status_code == 200
    assert client.post("/v1/chat/completions", json=CHAT).status_code == 200
    for path, body in (("/api/ask", QUESTION), ("/api/search", QUESTION), ("/v1/chat/completions", CHAT)):
        refused = client.post(path, json=body)
        assert refused.status_code == 429
        assert int(refused.headers["Retry-After"]) >= 1
        assert "limit of 2 questions in a minute" in refused.text
    assert client.get("/api/me").status_code == 200


def in_the_window(client, session, browser="a" * 32, headers=None):
    """What a question in the window is answered with."""
    context = f'{{"browser": "{browser}", "conversation": "{"c" * 32}"}}'
    config = client.get("/config").json()
    function = next(entry["id"] for entry in config["dependencies"] if len(entry["inputs"]) == 2)
    body = {"data": ["Should we?", context], "fn_index": function, "session_hash": session}
    assert client.post("/gradio_api/queue/join", json=body, headers=headers).status_code == 200
    with client.stream("GET", "/gradio_api/queue/data", params={"session_hash": session}) as response:
        return "".join(response.iter_text())


def test_over_the_limit_the_window_says_so(serving):
    client = serving(limits=Limits(per_minute=1))
    client.post("/api/ask", json=QUESTION)
    assert "limit of 1 questions in a minute" in in_the_window(client, "s1")


def test_browsers_at_one_address_have_each_their_own_limit_and_the_address_one_for_all(serving):
    client = serving(limits=Limits(per_minute=1, per_address=2))
    ann, ben, cay = ("a" * 32, "b" * 32, "c" * 32)

    def limits(session, browser):
        text = in_the_window(client, session, browser, {"X-Browser": browser})
        return "limit of 1 questions in a minute;" in text, "questions in a minute from one address" in text

    assert limits("s1", ann) == (False, False)
    assert limits("s2", ann) == (True, False)
    assert limits("s3", ben) == (False, False)
    assert limits("s4", cay) == (False, True)


def test_a_program_is_counted_by_its_address_whatever_it_calls_itself(serving):
    client = serving(limits=Limits(per_minute=1))
    asked = [client.post("/api/ask", json=QUESTION, headers={"X-Browser": one * 32}).status_code for one in "ab"]
    assert asked == [200, 429]


def test_conversations_are_those_of_who_signed_in_whatever_browser_they_claim_to_be(serving, tmp_path):
    store = Store(f"sqlite:///{tmp_path / 'x.sqlite'}")
    store.begin(Reader("a" * 32, "ann"), "c" * 32, "d" * 32, "Of Ann?")
    store.finish("d" * 32, "done", answer_to("Compare the two"))
    store.close()
    client = serving(tokens=Tokens(SECRET))

    def as_(name, browser="a" * 32):
        return {**bearer(mint(SECRET, name)), "X-Browser": browser}

    assert len(client.get("/window/conversations", headers=as_("ann", "f" * 32)).json()) == 1
    assert client.get("/window/conversations", headers=as_("ben")).json() == []
    assert client.get(f"/window/conversations/{'c' * 32}", headers=as_("ben")).json() == []
    assert client.delete(f"/window/conversations/{'c' * 32}", headers=as_("ben")).json() == {"deleted": False}
    assert client.get(f"/window/memo/{'c' * 32}/{'d' * 32}?form=md", headers=as_("ben")).status_code == 404
    verdict = {"turn": "d" * 32, "rating": "like"}
    assert client.post("/window/feedback", headers=as_("ben"), json=verdict).status_code == 404
    assert client.post("/window/feedback", headers=as_("ann"), json=verdict).status_code == 200
