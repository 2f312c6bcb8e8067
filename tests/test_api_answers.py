"""The API and a direct call give the same answers to real questions, from the real guidance."""

import httpx
import openai
import pytest
from api_server import api_server

from assistant.builder import build
from assistant.records import Turn
from assistant.settings import Settings

pytestmark = pytest.mark.models
QUESTIONS = [
    "What does fragmentation mean?",
    "Compare the top-down and the bottom-up approach",
    "What are the drawbacks of the bottom-up approach?",
    "We are a regulated bank that is new to AI. Which approach should we take?",
    "What is the capital of France?",
    "Hello",
]


@pytest.fixture(scope="module")
def quoting(home):
    return build(Settings(home=home, model="quotes"))


@pytest.fixture(scope="module")
def address(quoting, tmp_path_factory):
    with api_server(quoting, tmp_path_factory.mktemp("api")) as address:  # It closes the assistant at its end.
        yield address


def timeless(answer):
    assert answer["timings_ms"].pop("total") > 0
    del answer["timings_ms"]
    return answer


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_face_gives_the_direct_answer(quoting, address, question):
    direct = timeless(httpx.Response(200, json=quoting.ask(question).to_json()).json())
    native = httpx.post(f"{address}/api/ask", json={"question": question}, timeout=60).json()
    with openai.OpenAI(base_url=f"{address}/v1", api_key="none") as client:
        messages = [{"role": "user", "content": question}]
        whole = client.chat.completions.create(model="strategy-assistant", messages=messages)
        *_, last = client.chat.completions.create(model="strategy-assistant", messages=messages, stream=True)
    assert timeless(native) == direct
    assert timeless(whole.strategy_assistant) == direct
    assert timeless(last.strategy_assistant) == direct


def test_a_follow_up_is_understood_the_same(quoting, address):
    before = (Turn("user", "What is a bottom-up approach?"), Turn("assistant", "Teams begin."))
    direct = quoting.ask("And its drawbacks?", before)
    history = [{"role": turn.role, "content": turn.text} for turn in before]
    native = httpx.post(f"{address}/api/ask", json={"question": "And its drawbacks?", "history": history}, timeout=60)
    assert native.json()["standalone_question"] == direct.standalone_question
    assert native.json()["sentences"] == httpx.Response(200, json=direct.to_json()).json()["sentences"]


def test_passages_are_those_of_a_direct_search(quoting, address):
    found = httpx.post(f"{address}/api/search", json={"question": "quick wins", "k": 3}, timeout=60).json()
    assert [passage["id"] for passage in found["passages"]] == [p.id for p in quoting.search("quick wins", 3)]
