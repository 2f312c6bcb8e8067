import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from misbehaving_server import WHOLE, ModelServer, chunk, model_server

from assistant.models import LanguageModel, Message, PromptTooLongError, complete_text, yes_probability
from assistant.models.factory import open_model
from assistant.models.usage import Tokens
from assistant.settings import Settings
from corpus.errors import UserError

KEY = "sk-very-secret-0123456789"
PROMPT = [Message("system", "Be brief."), Message("user", "How to begin?")]


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModelServer]:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    with model_server() as told:
        yield told


def connect(server: ModelServer, tmp_path: Path, **values: Any) -> LanguageModel:
    given = {"model": "openai:m", "model_url": server.address, "model_key": KEY, "model_timeout": 5, "model_retries": 0}
    model = open_model(Settings(home=tmp_path, **(given | values)))
    assert model is not None
    return model


def failure(model: LanguageModel) -> UserError:
    with pytest.raises(UserError) as caught:
        complete_text(model, PROMPT, max_tokens=50)
    line = str(caught.value)
    assert KEY not in line
    assert "\n" not in line
    assert len(line) < 400
    return caught.value


def test_text_arrives_piece_by_piece(server: ModelServer, tmp_path: Path) -> None:
    model = connect(server, tmp_path)
    pieces = list(model.complete(PROMPT, max_tokens=50, stop=["\n"]))
    assert [piece.text for piece in pieces] == ["Start ", "small."]
    request = server.requests[0]
    assert [message["role"] for message in request["messages"]] == ["system", "user"]
    assert request["temperature"] == 0
    assert request["stop"] == ["\n"]
    assert 50 in (request.get("max_tokens"), request.get("max_completion_tokens"))
    assert server.keys == [f"Bearer {KEY}"]
    assert model.name == "openai:m"
    assert KEY not in repr(model)


def test_tokens_are_counted_where_the_server_reports_them(server: ModelServer, tmp_path: Path) -> None:
    model = connect(server, tmp_path)
    assert complete_text(model, PROMPT, max_tokens=50) == "Start small."
    assert model.usage.total == Tokens()  # type: ignore[attr-defined]
    report = {"prompt_tokens": 12, "completion_tokens": 3, "total_tokens": 15}
    value = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [], "usage": report}
    server.body = WHOLE.replace("data: [DONE]", f"data: {json.dumps(value)}\n\ndata: [DONE]")
    for times in (1, 2):
        assert complete_text(model, PROMPT, max_tokens=50) == "Start small."
        assert model.usage.total == Tokens(12 * times, 3 * times, times)  # type: ignore[attr-defined]


def test_a_bare_name_with_an_address_is_openai_compatible(server: ModelServer, tmp_path: Path) -> None:
    model = connect(server, tmp_path, model="my-model:7b")
    assert complete_text(model, PROMPT, max_tokens=50) == "Start small."
    assert server.requests[0]["model"] == "my-model:7b"


def test_the_providers_own_key_is_not_sent_to_another_address(
    server: ModelServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-of-the-provider")
    complete_text(connect(server, tmp_path, model_key=None), PROMPT, max_tokens=50)
    assert server.keys == ["Bearer none"]


def test_alternatives_become_a_probability_of_yes(server: ModelServer, tmp_path: Path) -> None:
    top = [{"token": t, "logprob": p, "bytes": None} for t, p in (("Yes", -0.2231435), (" no", -1.6094379))]
    logprobs = {"content": [{"token": "Yes", "logprob": -0.2231435, "bytes": None, "top_logprobs": top}]}
    server.body = chunk("Yes", logprobs=logprobs) + chunk("", "length") + "data: [DONE]\n\n"
    assert yes_probability(connect(server, tmp_path), PROMPT) == pytest.approx(0.8)
    assert server.requests[0]["top_logprobs"] == 20


def test_without_alternatives_there_is_no_probability(server: ModelServer, tmp_path: Path) -> None:
    server.body = chunk("Yes") + chunk("", "length") + "data: [DONE]\n\n"
    assert yes_probability(connect(server, tmp_path), PROMPT) is None


@pytest.mark.parametrize("option", ["temperature", "logprobs"])
def test_an_option_the_model_does_not_know_is_left_out(server: ModelServer, tmp_path: Path, option: str) -> None:
    server.refuses = option
    model = connect(server, tmp_path)
    for _ in range(2):
        pieces = model.complete(PROMPT, max_tokens=5, alternatives=5)
        assert "".join(piece.text for piece in pieces) == "Start small."
    assert [option in request for request in server.requests] == [True, False, False]


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (401, "does not accept the key"),
        (403, "does not accept the key"),
        (404, "was not found"),
        (429, "takes no more requests"),
        (418, "refused the request"),
        (500, "a fault of its own"),
        (503, "a fault of its own"),
    ],
)
def test_a_refused_request_is_one_line(server: ModelServer, tmp_path: Path, status: int, words: str) -> None:
    server.status, server.kind = status, "application/json"
    server.body = json.dumps({"error": {"message": f"No, not with {KEY}\nand more", "type": "x", "code": "y"}})
    assert words in str(failure(connect(server, tmp_path)))


def test_a_prompt_beyond_the_context_is_its_own_error(server: ModelServer, tmp_path: Path) -> None:
    server.status, server.kind = 400, "application/json"
    server.body = json.dumps({"error": {"message": "maximum context length is 8192 tokens"}})
    assert isinstance(failure(connect(server, tmp_path)), PromptTooLongError)


def test_an_html_error_page_is_not_repeated(server: ModelServer, tmp_path: Path) -> None:
    server.status, server.kind, server.body = 502, "text/html", "<html><script>alert(1)</script>" * 50
    assert "<" not in str(failure(connect(server, tmp_path)))


@pytest.mark.parametrize(
    "body",
    [
        "",
        "<html><body>Welcome</body></html>",
        "data: [DONE]\n\n",
        "data: {}\n\n",
        "data: {not json\n\n",
        "data: [1, 2]\n\n",
        'data: {"choices": 5}\n\n',
        'data: {"choices": [{"delta": "text"}]}\n\n',
        'data: {"error": {"message": "out of memory"}}\n\n',
        '{"choices": [{"message": {"content": "not a stream"}}]}',
    ],
)
def test_nonsense_is_an_error_of_one_line(server: ModelServer, tmp_path: Path, body: str) -> None:
    server.body = body
    assert "openai:m" in str(failure(connect(server, tmp_path)))


def test_an_answer_that_breaks_off_is_not_taken_for_a_whole_one(server: ModelServer, tmp_path: Path) -> None:
    model = connect(server, tmp_path)
    server.body = chunk("Start ")
    assert "broke off" in str(failure(model))
    server.promised = 100
    pieces = model.complete(PROMPT, max_tokens=50)
    assert next(pieces).text == "Start "
    with pytest.raises(UserError, match="broke off"):
        next(pieces)


def test_a_model_that_does_not_stop_is_stopped(server: ModelServer, tmp_path: Path) -> None:
    server.body = chunk("word " * 1000) * 50
    assert len(complete_text(connect(server, tmp_path), PROMPT, max_tokens=10)) <= 240


def test_a_model_that_does_not_answer_is_given_up(server: ModelServer, tmp_path: Path) -> None:
    server.delay = 30
    assert "did not answer within 0.3 s" in str(failure(connect(server, tmp_path, model_timeout=0.3)))


def test_a_failed_request_is_tried_again_as_often_as_set(server: ModelServer, tmp_path: Path) -> None:
    server.status, server.kind, server.body = 500, "application/json", "{}"
    failure(connect(server, tmp_path, model_retries=1))
    assert len(server.requests) == 2


@pytest.mark.parametrize("model", ["openai:m", "ollama:m", "anthropic:m"])
def test_a_refused_connection_names_the_address(tmp_path: Path, model: str) -> None:
    with model_server() as server:
        address = server.address
    line = str(failure(connect(ModelServer(address=address), tmp_path, model=model)))
    assert "cannot be reached" in line
    assert address in line


@pytest.mark.parametrize("model", ["ollama:m", "anthropic:m"])
@pytest.mark.parametrize(("status", "words"), [(401, "key"), (404, "was not found"), (500, "a fault of its own")])
def test_other_providers_fail_in_the_same_words(
    server: ModelServer, tmp_path: Path, model: str, status: int, words: str
) -> None:
    server.status, server.kind, server.body = status, "application/json", '{"error": "model not found"}'
    assert words in str(failure(connect(server, tmp_path, model=model)))


@pytest.mark.parametrize("model", ["ollama:m", "anthropic:m"])
def test_other_providers_sending_nonsense(server: ModelServer, tmp_path: Path, model: str) -> None:
    server.kind, server.body = "text/html", "<html>hello</html>"
    failure(connect(server, tmp_path, model=model))


def test_ollama_streams(server: ModelServer, tmp_path: Path) -> None:
    server.kind = "application/x-ndjson"
    lines = [
        {"model": "m", "message": {"role": "assistant", "content": "Start small."}, "done": False},
        {"model": "m", "message": {"role": "assistant", "content": ""}, "done": True, "done_reason": "stop"},
    ]
    server.body = "".join(json.dumps(line) + "\n" for line in lines)
    model = connect(server, tmp_path, model="ollama:m")
    assert complete_text(model, PROMPT, max_tokens=50, stop=["\n"]) == "Start small."
    options = server.requests[0]["options"]
    assert options["num_predict"] == 50
    assert options["num_ctx"] == 4096
    assert options["stop"] == ["\n"]


def test_anthropic_streams(server: ModelServer, tmp_path: Path) -> None:
    events: list[dict[str, Any]] = [
        {
            "type": "message_start",
            "message": {
                "id": "1",
                "type": "message",
                "role": "assistant",
                "content": [],
                "model": "m",
                "stop_reason": None,
                "stop_sequence": None,
                "usage": {"input_tokens": 1, "output_tokens": 1},
            },
        },
        {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
        {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "Start small."}},
        {"type": "content_block_stop", "index": 0},
        {
            "type": "message_delta",
            "delta": {"stop_reason": "end_turn", "stop_sequence": None},
            "usage": {"output_tokens": 3},
        },
        {"type": "message_stop"},
    ]
    server.body = "".join(f"event: {event['type']}\ndata: {json.dumps(event)}\n\n" for event in events)
    server.address = server.address.removesuffix("/v1")
    model = connect(server, tmp_path, model="anthropic:m")
    assert complete_text(model, PROMPT, max_tokens=50) == "Start small."
    assert KEY in server.keys[0]
    assert model.usage.total.written >= 3  # type: ignore[attr-defined]


def test_closing_ends_the_request(server: ModelServer, tmp_path: Path) -> None:
    pieces = connect(server, tmp_path).complete(PROMPT, max_tokens=50)
    assert next(pieces).text == "Start "
    pieces.close()  # type: ignore[attr-defined]
    assert list(pieces) == []
