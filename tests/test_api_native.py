import json
import threading
import time

import httpx
import pytest
from api_server import api_server
from fastapi.testclient import TestClient
from scripted_window import PASSAGES, ScriptedAssistant, answer_to

from assistant.access.door import door_of
from assistant.access.people import line_for
from assistant.records import Turn
from assistant.settings import Settings
from assistant.store import Store
from assistant.web.loading import Loading
from assistant.web.server import create_app

QUESTION = "Should we lead from the top?"


@pytest.fixture(scope="module")
def scripted():
    return ScriptedAssistant(pause=0)


@pytest.fixture(scope="module")
def address(scripted, tmp_path_factory):
    with api_server(scripted, tmp_path_factory.mktemp("api")) as address:
        yield address


@pytest.fixture(scope="module")
def client(address):
    with httpx.Client(base_url=address, timeout=30) as client:
        yield client


def as_json(answer):
    return json.loads(json.dumps(answer.to_json()))


def events(lines):
    name = ""
    for line in lines:
        if line.startswith("event: "):
            name = line[7:]
        elif line.startswith("data: "):
            yield name, json.loads(line[6:])


def until(condition):
    for _ in range(500):
        if condition():
            return True
        time.sleep(0.02)
    return False


def test_an_answer_is_the_contracts(client):
    assert client.post("/api/ask", json={"question": QUESTION}).json() == as_json(answer_to(QUESTION))


def test_events_come_in_order_and_end_with_the_answer(client):
    with client.stream("POST", "/api/ask/stream", json={"question": QUESTION}) as response:
        assert response.headers["content-type"].startswith("text/event-stream")
        got = list(events(response.iter_lines()))
    names = list(dict.fromkeys(name for name, _ in got))
    assert names == ["stage", "found", "draft", "sentence", "done"]
    answer = as_json(answer_to(QUESTION))
    assert got[-1] == ("done", answer)
    assert [data for name, data in got if name == "sentence"] == answer["sentences"]
    assert next(data for name, data in got if name == "found")["passages"] == answer["passages"]


def test_a_failure_ends_the_events_with_a_line(client):
    with client.stream("POST", "/api/ask/stream", json={"question": "fail"}) as response:
        name, data = list(events(response.iter_lines()))[-1]
    assert (name, list(data)) == ("error", ["detail"])
    assert "model server" in data["detail"]
    refused = client.post("/api/ask", json={"question": "crash"})
    assert (refused.status_code, refused.json()["detail"][:20]) == (500, "Something went wrong")


def test_the_history_is_handed_on(client, scripted):
    history = [{"role": "user", "content": "What is top-down?"}, {"role": "assistant", "content": "Leading."}]
    client.post("/api/ask", json={"question": "And earlier?", "history": history})
    assert scripted.asked[-1] == ("And earlier?", (Turn("user", "What is top-down?"), Turn("assistant", "Leading.")))


def test_passages_are_searched(client):
    found = client.post("/api/search", json={"question": "oversight", "k": 2}).json()
    assert found["question"] == "oversight"
    assert [passage["id"] for passage in found["passages"]] == [passage.id for passage in PASSAGES[:2]]
    assert set(found["passages"][0]) == {"id", "document", "title", "section", "page", "text", "score"}


NONSENSE = [
    b"",
    b"null",
    b"[]",
    b'"x"',
    b"{",
    b"\xff\xfe\x00",
    b"[" * 100_000,
    b'{"question": null}',
    b'{"question": 5}',
    b'{"question": "\\ud800"}',
    b'{"question": "\\u0000"}',
    b'{"question": {"a": [1]}}',
    b'{"question": "x", "histroy": []}',
    b'{"question": "x", "history": [["user", "x"]]}',
    b'{"question": "x", "history": [{"role": "system", "content": "x"}]}',
    b'{"question": "x", "history": {"a": 1}}',
    b'{"question": "x", "k": 0}',
    b'{"question": "x", "k": 1e400}',
    b'{"question": "x", "k": NaN}',
    b'{"model": "strategy-assistant", "messages": []}',
    b'{"model": {}, "messages": [{"role": "user", "content": {"a": "b"}}]}',
    b'{"messages": [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "http://x"}}]}]}',
    b'{"messages": [{"role": "user", "content": "x"}], "stream": "perhaps"}',
]


@pytest.mark.parametrize("path", ["/api/ask", "/api/ask/stream", "/api/search", "/v1/chat/completions"])
@pytest.mark.parametrize("body", NONSENSE)
def test_nonsense_gets_one_sentence_and_never_a_500(client, path, body):
    response = client.post(path, content=body, headers={"Content-Type": "application/json"})
    assert 400 <= response.status_code < 500
    told = response.json()
    line = told["error"]["message"] if path.startswith("/v1/") else told["detail"]
    assert isinstance(line, str)
    assert 0 < len(line) < 300
    assert "\n" not in line


def test_large_bodies_are_refused(client):
    assert client.post("/api/ask", json={"question": "x" * 1_000_001}).status_code == 413


@pytest.mark.parametrize(
    "path", ["/api/", "/api/x", "/v1/x", "/v1/embeddings", "/health/x", "/api/ask/..%2f..%2fx", "/api/predict/"]
)
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE"])
def test_other_addresses_are_not_there(client, path, method):
    assert client.request(method, path).status_code == 404


def test_the_description_and_its_page_name_no_other_host(client):
    schema = client.get("/api/openapi.json").json()
    assert set(schema["paths"]) == {
        "/api/ask", "/api/ask/stream", "/api/search", "/api/me", "/health/live", "/health/ready",
        "/v1/chat/completions", "/v1/models", "/v1/models/{name}",
    }  # fmt: skip
    answer = as_json(answer_to(QUESTION))
    assert set(schema["components"]["schemas"]["Answer"]["properties"]) == set(answer)
    page = client.get("/api/docs")
    assert page.headers["content-type"].startswith("text/html")
    assert all(path in page.text for path in schema["paths"])
    assert "<script" not in page.text
    assert "//" not in page.text.replace("</", "")


def test_the_description_says_under_which_path_it_is_and_how_to_say_who_asks(tmp_path):
    people = tmp_path / "people.txt"
    people.write_text(line_for("ann", "ask", "key of ann"))
    door = door_of(Settings(home=tmp_path, people_file=people, public_url="https://intranet.example/assistant/"))
    app = create_app(
        Loading(lambda _: ScriptedAssistant(pause=0)), Store(f"sqlite:///{tmp_path / 'x.sqlite'}"), door=door
    )
    schema = app.openapi()
    assert schema["servers"] == [{"url": "/assistant"}]
    ways = schema["components"]["securitySchemes"]
    assert {name: way["scheme"] for name, way in ways.items()} == {"key": "bearer", "login": "basic"}
    assert schema["security"] == [{"key": []}, {"login": []}]
    assert schema["paths"]["/health/ready"]["get"]["security"] == []
    assert "security" not in schema["paths"]["/api/ask"]["post"]


def test_a_description_of_what_is_open_to_all_names_no_way_in(client):
    schema = client.get("/api/openapi.json").json()
    assert not {"servers", "security"} & set(schema)
    assert "securitySchemes" not in schema["components"]


@pytest.mark.parametrize("path", ["/api/ask", "/api/search", "/v1/chat/completions"])
def test_json_that_is_called_a_form_is_told_the_header(client, path):
    refused = client.post(
        path, content=b'{"question": "x"}', headers={"Content-Type": "application/x-www-form-urlencoded"}
    )
    assert refused.status_code in (400, 422)
    assert "Content-Type: application/json" in refused.text
    assert "Content-Type" not in client.post(path, content=b"[]", headers={"Content-Type": "application/json"}).text


def test_health(client):
    assert client.get("/health/live").json() == {"status": "live"}
    for path in ("/health/live", "/health/ready", "/widget.js", "/", "/api/docs"):
        assert client.head(path).status_code == 200, "as a load balancer or a webmaster asks"
    assert client.head("/api/x").status_code == 404
    assert client.get("/health/ready").json() == {"status": "ready", "model": "Scripted model", "index": "scripted-1"}


def test_before_the_models_are_there_it_says_so(tmp_path):
    go = threading.Event()

    def build(report):
        report("Loading the language model")
        go.wait(30)
        return ScriptedAssistant(pause=0)

    app = create_app(Loading(build), Store(f"sqlite:///{tmp_path / 'x.sqlite'}"))
    with TestClient(app, base_url="http://127.0.0.1") as client:
        assert client.get("/health/live").status_code == 200
        ready = client.get("/health/ready")
        assert (ready.status_code, ready.json()["status"]) == (503, "loading")
        for path in ("/api/ask", "/api/ask/stream", "/api/search"):
            early = client.post(path, json={"question": QUESTION})
            assert (early.status_code, "getting ready" in early.json()["detail"]) == (503, True)
        go.set()


def test_too_many_at_once_are_told_to_wait(tmp_path):
    slow = ScriptedAssistant(pause=0)
    with api_server(slow, tmp_path, line=0) as address, httpx.Client(base_url=address, timeout=30) as client:
        with client.stream("POST", "/api/ask/stream", json={"question": "forever"}) as busy:
            begun = busy.iter_lines()
            next(begun)
            refused = client.post("/api/ask", json={"question": QUESTION})
            assert (refused.status_code, refused.headers["Retry-After"]) == (429, "10")
            assert "too many questions" in refused.json()["detail"]
        assert until(lambda: slow.ended == 1), "a question goes on though its reader has gone"
        assert until(lambda: client.post("/api/ask", json={"question": QUESTION}).status_code == 200)


def test_an_answer_stops_when_whoever_asked_has_gone(tmp_path):
    slow = ScriptedAssistant(pause=0)
    with api_server(slow, tmp_path) as address:
        with pytest.raises(httpx.ReadTimeout), httpx.Client(base_url=address, timeout=0.5) as client:
            client.post("/api/ask", json={"question": "forever"})
        assert until(lambda: slow.ended == 1)


def test_questions_wait_in_the_line_and_hear_their_place(tmp_path):
    slow = ScriptedAssistant(pause=0)
    with (
        api_server(slow, tmp_path) as address,
        httpx.Client(base_url=address, timeout=30) as client,
        client.stream("POST", "/api/ask/stream", json={"question": "forever"}) as first,
    ):
        begun = first.iter_lines()
        next(begun)
        with client.stream("POST", "/api/ask/stream", json={"question": QUESTION}) as second:
            lines = second.iter_lines()
            assert next(events(lines)) == ("stage", {"text": "Number 2 in the line"})
            first.close()
            assert list(events(lines))[-1][0] == "done"
