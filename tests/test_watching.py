"""What whoever runs the service learns, and what not: measures, the log, traces."""

import json
import logging
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest
from api_server import api_server
from fastapi.testclient import TestClient
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from prometheus_client.parser import text_string_to_metric_families
from scripted_window import ScriptedAssistant
from test_access_gate import basic
from test_api_native import QUESTION, events, until

from assistant.access.door import Door
from assistant.access.people import People, line_for
from assistant.access.proxies import Proxies
from assistant.logs import Discreet, Lines
from assistant.store import Reader, Store
from assistant.watching.routes import Watching
from assistant.watching.traces import Traces
from assistant.web.loading import Loading
from assistant.web.server import create_app

SECRET = "Should we dismiss Ms Example?"


def measured(text):
    return {
        (sample.name, *sorted(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


@pytest.fixture
def lines():
    """The log as the program writes it, one object a record."""
    got = []

    class Collecting(logging.Handler):
        def emit(self, record):
            got.append(json.loads(self.format(record)))

    handler = Collecting()
    handler.setFormatter(Lines(Discreet()))
    log = logging.getLogger("assistant")
    before = log.level
    log.addHandler(handler)
    log.setLevel("INFO")
    yield got
    log.removeHandler(handler)
    log.setLevel(before)


def test_measures_count_every_way_a_question_ends(tmp_path):
    slow = ScriptedAssistant(pause=0)
    with api_server(slow, tmp_path, line=1) as address, httpx.Client(base_url=address, timeout=30) as client:
        for question in (QUESTION, "weather", "fail", "crash", QUESTION):
            client.post("/api/ask", json={"question": question})
        with client.stream("POST", "/api/ask/stream", json={"question": "forever"}) as busy:
            begun = events(busy.iter_lines())
            next(begun)
            with client.stream("POST", "/api/ask/stream", json={"question": "leaves"}) as waiting:
                waits = events(waiting.iter_lines())
                assert next(waits) == ("stage", {"text": "Number 2 in the line"})
                assert measured(client.get("/metrics").text)["strategy_assistant_queue_length",] == 1
                assert client.post("/api/ask", json={"question": "one too many"}).status_code == 429
            assert until(lambda: measured(client.get("/metrics").text)["strategy_assistant_queue_length",] == 0)
        assert until(lambda: slow.ended == 6), "the reader of the first has gone"
        assert until(lambda: "stopped" in client.get("/metrics").text)
        got = measured(client.get("/metrics").text)
    ended = {key[1]: value for key, value in got.items() if key[0] == "strategy_assistant_questions_total"}
    assert ended == {"answered": 2, "refused": 1, "failed": 2, "stopped": 1, "left": 1, "busy": 1}
    assert got["strategy_assistant_stage_seconds_count", "total"] == 3
    assert got["strategy_assistant_queue_seconds_count",] == 7
    assert got["strategy_assistant_serving_info", "Scripted model", "scripted-1"] == 1
    assert got["strategy_assistant_ready",] == 1
    assert got["process_resident_memory_bytes",] > 1_000_000


@pytest.fixture
def client_of(tmp_path):
    def serve(watching=None, peer="127.0.0.1", **door):
        loading = Loading(lambda _: ScriptedAssistant(pause=0))
        store = Store(f"sqlite:///{tmp_path / 'x.sqlite'}")
        app = create_app(loading, store, door=Door(**door), watching=watching)
        return TestClient(app, base_url="http://127.0.0.1", client=(peer, 5000))

    return serve


@pytest.mark.parametrize(
    ("metrics", "peer", "headers", "status"),
    [
        ("owners", "127.0.0.1", {}, 401),
        ("owners", "127.0.0.1", basic("ann", "key of ann"), 403),
        ("owners", "10.0.0.9", basic("ed", "key of ed"), 200),
        ("local", "127.0.0.1", {}, 200),
        ("local", "10.0.0.9", {}, 401),
        ("local", "127.0.0.1", {"X-Forwarded-For": "10.0.0.9"}, 401),
        ("off", "127.0.0.1", basic("ed", "key of ed"), 404),
    ],
)
def test_measures_are_for_whom_the_settings_say(client_of, tmp_path, metrics, peer, headers, status):
    file = tmp_path / "people.txt"
    file.write_text(f"{line_for('ann', 'ask', 'key of ann')}\n{line_for('ed', 'own', 'key of ed')}\n")
    with client_of(Watching(metrics), peer, people=People(file)) as client:
        assert client.get("/metrics", headers=headers).status_code == status


def test_a_request_has_an_id_in_its_response_and_in_every_line_about_it(client_of, lines):
    with client_of() as client:
        response = client.post("/api/ask?about=hidden", json={"question": SECRET}, headers={"X-Request-ID": "mine"})
        client.get("/window/conversations/" + "a" * 32, headers={"X-Browser": "b" * 32})
        client.post("/api/ask", json={"question": f"crash {SECRET}"})
    request = response.headers["X-Request-ID"]
    assert request != "mine"
    about = [line for line in lines if line.get("request") == request]
    assert {line["logger"] for line in about} == {"assistant.answers", "assistant.watching.requests"}
    answered = next(line for line in about if line["logger"] == "assistant.answers")
    assert (answered["outcome"], answered["model"], answered["index"]) == ("answered", "Scripted model", "scripted-1")
    requested = next(line for line in about if line["logger"] != "assistant.answers")
    assert (requested["method"], requested["path"], requested["status"]) == ("POST", "/api/ask", 200)
    failed = next(line for line in lines if line["level"] == "error")
    assert "ValueError" in failed["error"]
    assert failed["request"]
    told = json.dumps(lines)
    assert all(word not in told for word in ("dismiss", "hidden", "a" * 32, "b" * 32))


def test_questions_stand_in_the_log_only_where_that_is_wanted(client_of, lines):
    with client_of(Watching(log_questions=True)) as client:
        client.post("/api/ask", json={"question": SECRET})
    assert SECRET in [line.get("question") for line in lines]


def test_the_id_of_a_trusted_proxy_is_kept_unless_it_is_odd(client_of):
    with client_of(proxies=Proxies(["127.0.0.1"])) as client:
        for given, kept in (("abc-1", True), ("x" * 65, False), ("a b", False), ('"}', False)):
            got = client.get("/health/live", headers={"X-Request-ID": given}).headers["X-Request-ID"]
            assert (got == given) is kept


def test_the_window_s_questions_carry_their_request_too(tmp_path, lines):
    from assistant.web.asking import Desk
    from assistant.web.line import Line

    store, line = Store(f"sqlite:///{tmp_path / 'x.sqlite'}"), Line()
    told = []
    line.tell(told.append)
    desk = Desk(Loading(lambda _: ScriptedAssistant(pause=0)), store, line)
    list(desk.ask(Reader("a" * 32), "c" * 32, "Please crash", request="r1"))
    assert until(lambda: told)
    store.close()
    assert (told[0].outcome, told[0].request) == ("failed", "r1")
    assert [line["request"] for line in lines if line["level"] == "error"] == ["r1"]


def test_a_trace_goes_to_the_collector_without_a_word_of_the_question(client_of):
    got = []

    class Collector(BaseHTTPRequestHandler):
        def do_POST(self):
            got.append((self.path, self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Collector) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}).start()
        traces = Traces(f"http://127.0.0.1:{server.server_address[1]}")
        with client_of(Watching(traces=traces)) as client:
            response = client.post("/api/ask", json={"question": SECRET})
        server.shutdown()
    assert {path for path, _ in got} == {"/v1/traces"}
    spans = [
        span
        for _, body in got
        for resource in ExportTraceServiceRequest.FromString(body).resource_spans
        for scope in resource.scope_spans
        for span in scope.spans
    ]
    assert {span.name for span in spans} == {"question", "queue", "rewrite", "retrieve", "write and verify"}
    whole = next(span for span in spans if span.name == "question")
    about = {attribute.key: attribute.value.string_value for attribute in whole.attributes}
    assert (about["outcome"], about["request"]) == ("answered", response.headers["X-Request-ID"])
    assert all(span.parent_span_id == whole.span_id for span in spans if span is not whole)
    assert all(whole.start_time_unix_nano <= s.start_time_unix_nano <= s.end_time_unix_nano for s in spans)
    assert all(b"dismiss" not in body for _, body in got)
