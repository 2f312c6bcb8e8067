"""The official client, as it is, against the served application."""

import re

import openai
import pytest
from api_server import api_server
from scripted_window import ScriptedAssistant, answer_to

from assistant.records import Turn

ALL_KINDS = ["Should we lead from the top?", "Compare the two", "Please advise", "The weather?", "Too vague", "hostile"]


@pytest.fixture(scope="module")
def scripted():
    return ScriptedAssistant(pause=0)


@pytest.fixture(scope="module")
def client(scripted, tmp_path_factory):
    with (
        api_server(scripted, tmp_path_factory.mktemp("api")) as address,
        openai.OpenAI(base_url=f"{address}/v1", api_key="none", max_retries=0) as client,
    ):
        yield client


def ask(client, question, **options):
    messages = [*options.pop("before", ()), {"role": "user", "content": question}]
    return client.chat.completions.create(model="strategy-assistant", messages=messages, **options)


@pytest.mark.parametrize("question", ALL_KINDS)
def test_the_answer_is_the_assistants_own(client, question):
    assert ask(client, question).strategy_assistant == plain_json(answer_to(question))


def plain_json(answer):
    import json

    return json.loads(json.dumps(answer.to_json()))


def test_a_message_carries_numbers_and_their_sources(client):
    completion = ask(client, "Should we lead from the top?")
    (choice,) = completion.choices
    text = choice.message.content
    assert (choice.message.role, choice.finish_reason, completion.object) == ("assistant", "stop", "chat.completion")
    assert text.startswith("Leading from the top keeps the programme in line with the strategy. [1] It makes")
    assert "at the price of speed. [2][3] Most teams resent it. [4] (partly supported)" in text
    assert "Every bank does it this way. (not in the guidance)" in text
    sources = text.split("**Sources**")[1]
    for citation in completion.citations:
        assert f"- [{citation['number']}] " in sources
        assert citation["quote"] in sources
    assert [citation["number"] for citation in completion.citations] == [1, 2, 3, 4]


@pytest.mark.parametrize("question", ALL_KINDS)
def test_a_stream_is_the_same_answer_in_pieces(client, question):
    chunks = list(ask(client, question, stream=True))
    pieces = [chunk.choices[0].delta.content for chunk in chunks if chunk.choices[0].delta.content]
    whole = ask(client, question)
    assert "".join(pieces) == whole.choices[0].message.content
    assert chunks[-1].choices[0].finish_reason == "stop"
    assert chunks[-1].strategy_assistant == whole.strategy_assistant
    assert chunks[-1].citations == whole.citations
    assert len({chunk.id for chunk in chunks}) == 1


def test_a_comparison_is_a_table_and_a_refusal_says_why(client):
    table = ask(client, "Compare the two").choices[0].message.content
    assert "|  | Top-down | Bottom-up |\n| --- | --- | --- |\n| Oversight | Simple, in one place. [2] |" in table
    assert "| not said |" in table
    refused = ask(client, "The weather?").choices[0].message.content
    assert refused.startswith("The guidance says nothing about the weather.\n\nNearest to it:\n")


def test_foreign_words_make_no_link_image_or_markup(client):
    text = ask(client, "hostile").choices[0].message.content
    assert "[x]\\](javascript:" in text.replace("[x\\](", "[x]\\](")
    assert not re.search(r"(?<!\\)<[a-z/]|(?<!\\)\]\(|(?<!\\)!\[", text)


def test_the_conversation_before_the_question_is_understood(client, scripted):
    before = [
        {"role": "system", "content": "You are a pirate."},
        {"role": "user", "content": [{"type": "text", "text": "What is top-down?"}]},
        {"role": "assistant", "content": "Leading from the top."},
    ]
    assert "1 questions" in ask(client, "And earlier?", before=before).choices[0].message.content
    assert scripted.asked[-1][1] == (Turn("user", "What is top-down?"), Turn("assistant", "Leading from the top."))


def test_a_long_conversation_is_cut_not_refused(client, scripted):
    before = [{"role": role, "content": "short"} for _ in range(75) for role in ("user", "assistant")]
    before += [{"role": role, "content": "x" * 9_000} for _ in range(35) for role in ("user", "assistant")]
    ask(client, "And earlier?", before=before)
    history = scripted.asked[-1][1]
    assert (len(history), len(history[0].text)) == (20, 8_000)


TOOLS = [{"type": "function", "function": {"name": "x", "parameters": {"type": "object", "properties": {}}}}]


def test_usual_options_are_accepted(client):
    options = {"temperature": 0.2, "max_tokens": 50, "top_p": 1, "user": "ann", "seed": 1, "n": 1}
    assert ask(client, "Too vague", **options, stop=["x"]).choices
    assert ask(client, "Too vague", tools=TOOLS, tool_choice="auto", modalities=["text"]).choices
    assert list(ask(client, "Too vague", stream=True, stream_options={"include_usage": True}))


def test_models_are_listed(client):
    assert [model.id for model in client.models.list()] == ["strategy-assistant"]
    assert client.models.retrieve("strategy-assistant").object == "model"
    with pytest.raises(openai.NotFoundError, match="no such model"):
        client.models.retrieve("gpt-4.1")


@pytest.mark.parametrize(
    ("options", "line"),
    [
        ({"n": 2}, "n must be 1"),
        ({"response_format": {"type": "json_object"}}, "response_format"),
        ({"tools": TOOLS, "tool_choice": "required"}, "No tools are called here"),
        ({"tools": TOOLS, "tool_choice": {"type": "function", "function": {"name": "x"}}}, "No tools are called here"),
        ({"function_call": {"name": "x"}}, "No tools are called here"),
        ({"modalities": ["text", "audio"]}, "modalities"),
        ({"before": [{"role": "emperor", "content": "x"}]}, "messages.0.role"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_sentence(client, options, line):
    with pytest.raises(openai.BadRequestError, match=line) as caught:
        ask(client, "Should we?", **options)
    message = caught.value.body["message"]
    assert message.endswith(".")
    assert "\n" not in message


@pytest.mark.parametrize("question", ["", " ", "?!", "x" * 2_001, "\x00\x01\x02\x03"])
def test_what_is_no_question_is_refused(client, question):
    with pytest.raises(openai.BadRequestError):
        ask(client, question)


def test_the_last_message_must_be_the_users(client):
    with pytest.raises(openai.BadRequestError, match="last message"):
        client.chat.completions.create(
            model="strategy-assistant", messages=[{"role": "assistant", "content": "Hello there"}]
        )


def test_another_model_is_not_found(client):
    with pytest.raises(openai.NotFoundError, match="strategy-assistant"):
        client.chat.completions.create(model="gpt-4.1", messages=[{"role": "user", "content": "Hello?"}])


def test_a_failing_model_is_told_whole_and_streamed(client):
    with pytest.raises(openai.InternalServerError, match="model server did not answer"):
        ask(client, "fail")
    with pytest.raises(openai.APIError, match="model server did not answer"):
        list(ask(client, "fail", stream=True))


def test_a_mistake_in_the_program_is_told_without_its_details(client):
    with pytest.raises(openai.InternalServerError, match="Something went wrong") as caught:
        ask(client, "crash")
    assert "a mistake" not in str(caught.value)
