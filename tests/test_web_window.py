import re
import threading

import pytest
from fastapi.testclient import TestClient
from scripted_window import APPROACHES, EVIL_NAME, ScriptedAssistant, answer_to

from assistant.store import Reader, Store
from assistant.web.loading import Loading
from assistant.web.server import create_app

ANN, BEN, TALK, TURN = "a" * 32, "b" * 32, "c" * 32, "d" * 32
AS_ANN = {"X-Browser": ANN}


@pytest.fixture
def store(tmp_path):
    return Store(f"sqlite:///{tmp_path / 'conversations.sqlite'}")


@pytest.fixture
def client(store):
    loading = Loading(lambda _: ScriptedAssistant(pause=0))
    app = create_app(loading, store, hosts=("127.0.0.1",))
    with TestClient(app, base_url="http://127.0.0.1") as client:
        assert loading.wait(30)
        yield client


@pytest.fixture
def asked(store):
    store.begin(Reader(ANN), TALK, TURN, "Compare the two")
    store.finish(TURN, "done", answer_to("Compare the two"))


def test_the_state_names_model_index_and_openings(client):
    state = client.get("/window/state").json()
    assert (state["state"], state["model"], state["index"]) == ("ready", "Scripted model", "scripted-1")
    assert len(state["openings"]) == 3


def test_the_page_is_there_while_the_models_load(store):
    go = threading.Event()

    def build(report):
        report("Loading the language model.")
        go.wait(30)
        return ScriptedAssistant()

    with TestClient(create_app(Loading(build), store), base_url="http://127.0.0.1") as client:
        assert "Strategy Assistant" in client.get("/").text
        assert client.get("/window/state").json()["state"] == "loading"
        assert "still being loaded" in client.get("/window/source", params={"document": "x"}).json()["detail"]
        go.set()


def test_the_page_is_dressed_and_names_no_other_host(client):
    page = client.get("/").text
    assert page.index('id="top"') < page.index("<gradio-app") < page.index('id="colophon"') < page.index('id="source"')
    for name in ("chat.css", "icons.css", "chat.js", "mark.svg"):
        assert f"window/static/{name}" in page
    lasting = client.get("/" + re.findall(r"assets/[\w.-]+\.js", page)[0])
    assert (lasting.status_code, "immutable" in lasting.headers["Cache-Control"]) == (200, True)
    assert "immutable" not in client.get("/window/static/chat.js").headers["Cache-Control"]
    assert "Cache-Control" not in client.get("/assets/nothing-12345678.js").headers
    head = page[: page.index("window.gradio_config")]
    assert "http://" not in head
    assert "https://" not in head
    assert "og:" not in head


def test_conversations_are_listed_opened_and_deleted_by_their_own_browser_only(client, asked):
    assert [line["title"] for line in client.get("/window/conversations", headers=AS_ANN).json()] == ["Compare the two"]
    (html,) = client.get(f"/window/conversations/{TALK}", headers=AS_ANN).json()
    assert 'class="comparison"' in html
    other = {"X-Browser": BEN}
    assert client.get("/window/conversations", headers=other).json() == []
    assert client.get(f"/window/conversations/{TALK}", headers=other).json() == []
    assert client.delete(f"/window/conversations/{TALK}", headers=other).json() == {"deleted": False}
    assert client.delete(f"/window/conversations/{TALK}", headers=AS_ANN).json() == {"deleted": True}
    assert client.get("/window/conversations", headers=AS_ANN).json() == []


@pytest.mark.parametrize("browser", [None, "", "short", "g" * 32, "A" * 32, "a" * 33])
def test_without_an_identity_there_is_nothing(client, browser):
    headers = {} if browser is None else {"X-Browser": browser}
    assert client.get("/window/conversations", headers=headers).status_code == 422
    assert client.post("/window/stop", headers=headers, json={"conversation": TALK}).status_code == 422


def test_a_verdict_is_kept_and_one_on_nothing_is_not(client, asked, store):
    verdict = {"turn": TURN, "rating": "dislike", "reason": " Incomplete "}
    assert client.post("/window/feedback", headers=AS_ANN, json=verdict).json() == {"kept": True}
    assert [(entry.rating, entry.reason) for entry in store.feedback()] == [("dislike", "Incomplete")]
    assert client.post("/window/feedback", headers={"X-Browser": BEN}, json=verdict).status_code == 404
    for wrong in ({"rating": "meh"}, {"reason": "x" * 3000}, {"turn": "x"}, {"more": 1}):
        assert client.post("/window/feedback", headers=AS_ANN, json={**verdict, **wrong}).status_code == 422


def test_a_source_is_shown_by_citation_passage_and_section(client):
    start = APPROACHES.text.index("It can be slow")
    by_citation = client.get("/window/source", params={"document": APPROACHES.name, "start": start, "end": start + 14})
    assert '<mark id="cited" tabindex="-1">It can be slow</mark>' in by_citation.json()["html"]
    assert by_citation.json()["where"].startswith("Top-down › Advantages")
    by_words = client.get(
        "/window/source", params={"document": APPROACHES.name, "words": "It can", "length": 14}
    ).json()
    assert by_words["html"] == by_citation.json()["html"]
    section = client.get("/window/source", params={"document": APPROACHES.name, "section": "Further reading"}).json()
    assert section["section"] == "Further reading"


def test_a_document_of_a_hostile_name_is_text_and_others_are_not_found(client):
    html = client.get("/window/source", params={"document": EVIL_NAME, "start": 0, "end": 5}).json()["html"]
    assert "<script" not in html
    assert "<img" not in html
    for name in ("/etc/passwd", "../../etc/passwd", "nothing.md"):
        response = client.get("/window/source", params={"document": name})
        assert (response.status_code, response.json()["detail"]) == (409, "That document is no longer in the guidance.")


def test_only_our_own_files_are_served(client):
    assert client.get("/window/static/chat.js").headers["content-type"].startswith("text/javascript")
    for name in ("../window.py", "%2e%2e%2fwindow.py", "shell.html", "nothing.css", "..%5cpage.py", "__init__.py"):
        assert client.get(f"/window/static/{name}").status_code == 404


def test_gradios_file_and_api_addresses_are_closed(client):
    for path in ("gradio_api/file=/etc/passwd", "gradio_api/info", "gradio_api/upload", "docs", "openapi.json"):
        assert client.get(f"/{path}").status_code == 404


def test_a_store_that_cannot_be_read_gives_one_line(client, store):
    with store._database.engine.begin() as connection:
        connection.exec_driver_sql("drop table message")
        connection.exec_driver_sql("drop table conversation")
    response = client.get("/window/conversations", headers=AS_ANN)
    assert response.status_code == 409
    assert response.json()["detail"].startswith("Conversations cannot be read")


@pytest.mark.parametrize("form", ["md", "docx"])
def test_an_answer_is_saved_as_a_memo_by_its_own_browser_only(client, asked, form):
    address = f"/window/memo/{TALK}/{TURN}"
    saved = client.get(address, params={"form": form}, headers=AS_ANN)
    assert saved.headers["Content-Disposition"] == f'attachment; filename="memo-compare-the-two.{form}"'
    assert saved.headers["X-Content-Type-Options"] == "nosniff"
    if form == "md":
        assert "They trade oversight for early ideas" in saved.text
    else:
        assert saved.content[:2] == b"PK"
    for wrong in (
        client.get(address, params={"form": form}, headers={"X-Browser": BEN}),
        client.get(f"/window/memo/{TALK}/{BEN}", params={"form": form}, headers=AS_ANN),
    ):
        assert wrong.status_code == 404
        assert "no memo" in wrong.json()["detail"]
    assert client.get(address, params={"form": "pdf"}, headers=AS_ANN).status_code == 422
    assert client.get(address, params={"form": form}).status_code == 422


def test_there_is_no_memo_of_small_talk(client, store):
    store.begin(Reader(ANN), TALK, TURN, "vague")
    store.finish(TURN, "done", answer_to("vague"))
    refused = client.get(f"/window/memo/{TALK}/{TURN}", params={"form": "md"}, headers=AS_ANN)
    assert refused.status_code == 409
    assert "no answer from the guidance" in refused.json()["detail"]
