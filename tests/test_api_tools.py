"""The official client of the Model Context Protocol, unchanged, against the tools: over HTTP and over a pipe."""

import os
import sys

import anyio
import httpx2
import pytest
from api_server import api_server
from mcp import Client, StdioServerParameters
from mcp.client.streamable_http import streamable_http_client
from scripted_window import PASSAGES, ScriptedAssistant, answer_to
from test_api_native import QUESTION, as_json, until

from assistant.access.door import Door
from assistant.access.limits import Limits
from assistant.access.tokens import Tokens, mint
from assistant.api.text import whole

SECRET = "s" * 32
MODES = ["auto", "legacy"]


@pytest.fixture
def scripted():
    return ScriptedAssistant(pause=0)


@pytest.fixture
def address(scripted, tmp_path):
    with api_server(scripted, tmp_path) as address:
        yield f"{address}/mcp"


def talk(server, act, **options):
    """What ``act`` makes of a client of that server."""

    async def spoken():
        async with Client(server, **options) as client:
            return await act(client)

    return anyio.run(spoken)


def calling(name, **arguments):
    return lambda client: client.call_tool(name, arguments)


@pytest.mark.parametrize("mode", MODES)
def test_the_tools_are_listed(address, mode):
    listed = talk(address, lambda client: client.list_tools(), mode=mode)
    assert [tool.name for tool in listed.tools] == ["ask", "search"]
    assert listed.tools[0].input_schema["required"] == ["question"]
    assert listed.tools[1].input_schema["properties"]["k"]["maximum"] == 100


@pytest.mark.parametrize("mode", MODES)
def test_ask_gives_the_answer_of_every_face(address, mode):
    result = talk(address, calling("ask", question=QUESTION), mode=mode)
    assert not result.is_error
    assert result.structured_content == as_json(answer_to(QUESTION))
    assert result.content[0].text == whole(answer_to(QUESTION))[0]


def test_search_gives_passages(address):
    result = talk(address, calling("search", question="oversight", k=2))
    assert [p["id"] for p in result.structured_content["passages"]] == [p.id for p in PASSAGES[:2]]
    assert result.content[0].text.count("**") == 4


def test_the_history_goes_along(address, scripted):
    history = [{"role": "user", "content": "First?"}, {"role": "assistant", "content": "Yes."}]
    talk(address, calling("ask", question="And earlier?", history=history))
    assert [turn.text for turn in scripted.asked[-1][1]] == ["First?", "Yes."]


@pytest.mark.parametrize(
    ("name", "arguments", "words"),
    [
        ("ask", {}, "question"),
        ("ask", {"question": 5}, "question"),
        ("ask", {"question": "???"}, "no words"),
        ("ask", {"question": "x", "histroy": []}, "histroy"),
        ("search", {"question": "x", "k": 0}, "k"),
        ("search", {"question": "a" * 3000}, "3,000 characters"),
        ("ask", {"question": "fail"}, "model server"),
        ("ask", {"question": "crash"}, "Something went wrong"),
        ("delete", {"question": "x"}, "no such tool"),
    ],
)
def test_what_cannot_be_answered_is_told_in_a_line(address, name, arguments, words):
    result = talk(address, calling(name, **arguments))
    assert result.is_error
    assert words in result.content[0].text
    assert "\n" not in result.content[0].text


def test_who_waits_is_told_the_place_and_whose_call_is_off_is_dropped(address, scripted):
    told = []

    async def two():
        async with Client(address) as first, Client(address) as second, anyio.create_task_group() as group:
            group.start_soon(lambda: first.call_tool("ask", {"question": "forever"}))
            while not scripted.asked:
                await anyio.sleep(0.02)
            with anyio.move_on_after(60) as scope:

                async def gone_once_told(_, __, message):
                    told.append(message)
                    scope.cancel()

                await second.call_tool("ask", {"question": QUESTION}, progress_callback=gone_once_told)
            # The second gave its place up if nothing begins when the first ends.
            await anyio.sleep(2)
            group.cancel_scope.cancel()

    anyio.run(two)
    assert told == ["Number 2 in the line"]
    assert until(lambda: scripted.ended == 1), "the first goes on though its caller has gone"
    assert talk(address, calling("ask", question=QUESTION)).structured_content["status"] == "answered"
    assert [asked[0] for asked in scripted.asked] == ["forever", QUESTION], "the one that was called off began"


def test_the_door_is_that_of_the_api(scripted, tmp_path):
    door = Door(tokens=Tokens(SECRET), limits=Limits(per_minute=1))
    with api_server(scripted, tmp_path, door=door) as address:
        assert httpx2.post(f"{address}/mcp", json={}).status_code == 401
        headers = {"Authorization": f"Bearer {mint(SECRET, 'ann')}"}
        foreign = httpx2.post(f"{address}/mcp", json={}, headers={**headers, "Origin": "https://evil.example"})
        assert foreign.status_code == 403

        async def asked_twice():
            async with (
                httpx2.AsyncClient(headers=headers, timeout=30) as http,
                Client(streamable_http_client(f"{address}/mcp", http_client=http)) as client,
            ):
                return [await client.call_tool("search", {"question": QUESTION}) for _ in range(2)]

        first, second = anyio.run(asked_twice)
        assert (first.is_error, second.is_error) == (False, True)
        assert "limit of 1 questions in a minute" in second.content[0].text


@pytest.mark.parametrize(
    ("method", "body"), [("GET", b""), ("DELETE", b""), ("POST", b"{"), ("POST", b"[]"), ("POST", b"\xff" * 1000)]
)
def test_anything_else_at_its_address_is_refused(address, method, body):
    headers = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"}
    refused = httpx2.request(method, address, content=body, headers=headers)
    assert 400 <= refused.status_code < 500
    if method != "POST":
        assert (refused.status_code, refused.headers["Allow"]) == (405, "POST")


def test_over_a_pipe_it_answers_from_the_documents_that_are_named(tmp_path):
    note = tmp_path / "note.md"
    note.write_text("# Canteen\n\nThe canteen opens at noon and closes at three.\n")
    environment = {
        **os.environ,
        "STRATEGY_ASSISTANT_HOME": str(tmp_path / "home"),
        "STRATEGY_ASSISTANT_EMBEDDING": "fake",
        "STRATEGY_ASSISTANT_SPARSE": "fake",
    }
    arguments = ["-m", "assistant", "mcp", "--model", "quotes", "--documents", str(note)]
    server = StdioServerParameters(command=sys.executable, args=arguments, env=environment)
    result = talk(server, calling("search", question="When does the canteen open?", k=1))
    assert result.structured_content["passages"][0]["text"] == "The canteen opens at noon and closes at three."
