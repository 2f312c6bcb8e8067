"""The addresses that OpenAI's clients use: chat completions and the list of models."""

import time
import uuid
from collections.abc import AsyncIterator, Sequence
from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Body, HTTPException, Request
from fastapi.responses import JSONResponse

from assistant.access.gate import ASKER
from assistant.api.asking import Asked, Questions
from assistant.api.errors import openai_error
from assistant.api.incoming import ChatRequest
from assistant.api.stream import EventStream, Quiet, event
from assistant.api.text import Writing, whole
from assistant.records import Answer, Citation, Done, Written

MODEL = "strategy-assistant"
EXTENDED = """
The answer to the last message, which is the user's; the messages before it are the conversation. Instructions to a
model (`system`, `developer`) are not followed, and what only steers one, such as `temperature`, has no effect: the
answer is the one that the chat window gives. Tools that are offered are not called. Beside the usual fields there are
`strategy_assistant`, the whole answer as `/api/ask` gives it, and `citations`, the words that the numbers in the
message stand for, in order. In a stream both come with the last chunk. No tokens are counted.
"""


def routes(questions: Questions) -> APIRouter:
    """The addresses under ``/v1``."""
    router = APIRouter(prefix="/v1", tags=["OpenAI"])
    model = {"id": MODEL, "object": "model", "created": int(time.time()), "owned_by": MODEL}

    @router.get("/models", summary="The models: one")
    def models() -> dict[str, Any]:
        return {"object": "list", "data": [model]}

    @router.get("/models/{name}", summary="One model")
    def one_model(name: str) -> dict[str, Any]:
        _known(name)
        return model

    @router.post("/chat/completions", summary="Answer as a chat model does", description=EXTENDED, response_model=None)
    async def completions(request: Request, chat: Annotated[ChatRequest, Body()]) -> JSONResponse | EventStream:
        _known(chat.model)
        asked = questions.begin(_question(chat), chat.history(), request.scope[ASKER])
        head = {"id": f"chatcmpl-{uuid.uuid4().hex}", "created": int(time.time()), "model": MODEL}
        if chat.stream:
            return EventStream(_chunks(questions, asked, request, head), asked.close)
        return JSONResponse(_completion(head, await questions.answer(asked, request)))

    return router


def _known(name: str) -> None:
    if name != MODEL:
        raise HTTPException(404, f"There is no such model here; the one there is, is called {MODEL}.")


def _question(chat: ChatRequest) -> str:
    question = chat.question()
    if question is None:
        raise HTTPException(400, "The last message must be the user's question.")
    if chat.n not in (None, 1):
        raise HTTPException(400, "There is one answer to a question: n must be 1.")
    if any(choice not in (None, "none", "auto") for choice in (chat.tool_choice, chat.function_call)):
        raise HTTPException(400, "No tools are called here: leave tool_choice out, or let it be none or auto.")
    if chat.modalities and chat.modalities != ["text"]:
        raise HTTPException(400, "The answer is text: leave modalities out.")
    if chat.response_format and chat.response_format.get("type", "text") != "text":
        raise HTTPException(
            400, "The answer is text; its parts are in strategy_assistant, whatever response_format is."
        )
    return question


def _completion(head: dict[str, Any], answer: Answer) -> dict[str, Any]:
    text, citations = whole(answer)
    message = {"role": "assistant", "content": text, "refusal": None}
    choice = {"index": 0, "message": message, "finish_reason": "stop", "logprobs": None}
    return {**head, "object": "chat.completion", "choices": [choice], **_extended(answer, citations)}


async def _chunks(questions: Questions, asked: Asked, request: Request, head: dict[str, Any]) -> AsyncIterator[str]:
    writing, quiet = Writing(), Quiet()

    def chunk(delta: dict[str, Any], ended: bool = False, extended: dict[str, Any] | None = None) -> str:
        choice = {"index": 0, "delta": delta, "finish_reason": "stop" if ended else None, "logprobs": None}
        return event({**head, "object": "chat.completion.chunk", "choices": [choice], **(extended or {})})

    yield chunk({"role": "assistant", "content": ""})
    try:
        async for happened in questions.follow(asked, request):
            match happened:
                case Written(sentence):
                    yield chunk({"content": writing.sentence(sentence)})
                case Done(answer):
                    rest = writing.rest(answer)
                    if rest:
                        yield chunk({"content": rest})
                    yield chunk({}, True, _extended(answer, writing.citations))
                    yield "data: [DONE]\n\n"
                case None:
                    yield quiet.beat()
    except HTTPException as error:
        yield event(openai_error(error.status_code, error.detail))


def _extended(answer: Answer, citations: Sequence[Citation]) -> dict[str, Any]:
    numbered = [{"number": number, **asdict(citation)} for number, citation in enumerate(citations, 1)]
    return {"strategy_assistant": answer.to_json(), "citations": numbered}
