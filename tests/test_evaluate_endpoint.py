"""Another product's chat, by a small server of our own."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any, ClassVar

import pytest

from assistant.evaluate.endpoint import Endpoint, answer_from, passages_in
from assistant.evaluate.measures.evidence import quotes
from assistant.records import Turn
from corpus.errors import UserError


class Chat(BaseHTTPRequestHandler):
    asked: ClassVar[list[tuple[str, str, dict[str, Any]]]] = []
    reply: ClassVar[tuple[int, bytes]] = (200, b"")

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.asked.append((self.path, self.headers.get("Authorization", ""), body))
        self.send_response(self.reply[0])
        self.send_header("Content-Length", str(len(self.reply[1])))
        self.end_headers()
        self.wfile.write(self.reply[1])

    def log_message(self, *parts: object) -> None:
        pass


@pytest.fixture
def url() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), Chat)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    Chat.asked.clear()
    yield f"http://127.0.0.1:{server.server_port}/v1"
    server.shutdown()
    thread.join()
    server.server_close()


def test_it_asks_with_the_conversation_and_reads_passages(url: str) -> None:
    values = {
        "choices": [{"message": {"content": "The board pays [2]. Teams lead."}}],
        "passages": ["First.", {"text": "The board pays for it.", "title": "Guide"}],
    }
    Chat.reply = (200, json.dumps(values).encode())
    endpoint = Endpoint(url, "other-model", "secret")
    answer = endpoint.ask("Who pays?", (Turn("user", "Hello"), Turn("assistant", "Hi")))
    endpoint.close()
    ((path, key, body),) = Chat.asked
    assert (path, key) == ("/v1/chat/completions", "Bearer secret")
    assert [message["content"] for message in body["messages"]] == ["Hello", "Hi", "Who pays?"]
    assert (body["model"], body["temperature"]) == ("other-model", 0)
    assert (answer.status, len(answer.sentences)) == ("answered", 2)
    assert quotes(answer.to_json()) == ["The board pays for it."]
    assert answer.timings_ms.total > 0
    assert answer.answerable is None


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("", "refused"),
        ("I don't know.", "refused"),
        ("I'm sorry, but I cannot find this in the documents.", "refused"),
        ("The guidance does not mention costs.", "refused"),
        ("This is not covered by the guidance.", "refused"),
        ("There is no information on salaries.", "refused"),
        ("Executives do not always understand operations.", "answered"),
        ("A single team often lacks the budget.", "answered"),
    ],
)
def test_refusals_of_others_are_recognised(text: str, status: str) -> None:
    assert answer_from("Q?", text, (), 1.0, "m").status == status


def test_passages_are_found_where_products_put_them() -> None:
    entry = {"content": "Text.", "title": "T"}
    assert passages_in({}, {"context": {"citations": [entry]}})[0].text == "Text."
    assert passages_in({"sources": [entry]}, {})[0].title == "T"
    assert passages_in({"sources": []}, {"content": "x"}) == ()
    assert passages_in({"sources": [5, "x"]}, {})[0].text == "x"


@pytest.mark.parametrize(
    ("status", "body", "said"),
    [
        (500, b"{}", "status 500"),
        (200, b"no json", "OpenAI-compatible"),
        (200, b'{"choices": []}', "OpenAI-compatible"),
    ],
)
def test_faults_are_one_line(url: str, status: int, body: bytes, said: str) -> None:
    Chat.reply = (status, body)
    endpoint = Endpoint(url)
    with pytest.raises(UserError, match=said):
        endpoint.ask("Q?")
    endpoint.close()


def test_an_address_that_is_none_is_refused() -> None:
    with pytest.raises(UserError, match="--endpoint"):
        Endpoint("localhost")
