"""The project's own addresses: the answer as the contract has it, whole or as it comes, and passages."""

from collections.abc import AsyncIterator
from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Body, HTTPException, Request
from fastapi.responses import JSONResponse, StreamingResponse

from assistant.access.gate import ASKER
from assistant.access.person import PERSON
from assistant.api.asking import Asked, Questions, readable
from assistant.api.incoming import AskRequest, SearchRequest, bounded
from assistant.api.stream import EventStream, Quiet, event
from assistant.records import Answer, Done, Draft, Event, Found, RetrievedPassage, Stage, Written

EVENTS = """
Each event has a name and JSON as its data. They come in this order, and the last is `done` or `error`:

- `stage`: `{"text"}`, a line on what is happening;
- `found`: `{"standalone_question", "passages"}`;
- `draft`: `{"text"}`, the unfinished, unchecked sentence so far; the next `draft` or `sentence` replaces it;
- `sentence`: a sentence as it stands in the answer, checked, with its citations;
- `done`: the whole answer;
- `error`: `{"detail"}`, one line.
"""


def routes(questions: Questions) -> APIRouter:
    """The addresses under ``/api``."""
    router = APIRouter(prefix="/api", tags=["Answers"])

    @router.post("/ask", summary="Answer a question", response_model=Answer)
    async def ask(request: Request, asking: Annotated[AskRequest, Body()]) -> JSONResponse:
        answer = await questions.answer(_begin(questions, asking, request), request)
        return JSONResponse(answer.to_json())

    @router.post(
        "/ask/stream",
        summary="Answer a question, event by event",
        description=EVENTS,
        response_class=StreamingResponse,
        response_model=None,
        responses={200: {"content": {"text/event-stream": {"schema": {"type": "string"}}}}},
    )
    async def stream(request: Request, asking: Annotated[AskRequest, Body()]) -> EventStream:
        asked = _begin(questions, asking, request)
        return EventStream(_events(questions, asked, request), asked.close)

    @router.post("/search", summary="Find passages, without a language model")
    def search(wanted: Annotated[SearchRequest, Body()]) -> dict[str, str | list[RetrievedPassage]]:
        readable(wanted.question)
        return {"question": wanted.question, "passages": list(questions.ready().search(wanted.question, wanted.k))}

    @router.get("/me", summary="Who you are here, and your role")
    def me(request: Request) -> dict[str, str]:
        person = request.scope[PERSON]
        return {"name": person.name, "role": person.role}

    return router


def _begin(questions: Questions, asking: AskRequest, request: Request) -> Asked:
    history = bounded([(turn.role, turn.content) for turn in asking.history])
    return questions.begin(asking.question, history, request.scope[ASKER])


async def _events(questions: Questions, asked: Asked, request: Request) -> AsyncIterator[str]:
    quiet = Quiet()
    try:
        async for happened in questions.follow(asked, request):
            yield quiet.beat() if happened is None else event(*_named(happened))
    except HTTPException as error:
        yield event({"detail": error.detail}, "error")


def _named(happened: Event) -> tuple[Any, str]:
    match happened:
        case Stage(text):
            return {"text": text}, "stage"
        case Draft(text):
            return {"text": text}, "draft"
        case Found():
            return asdict(happened), "found"
        case Written(sentence):
            return asdict(sentence), "sentence"
        case Done(answer):
            return answer.to_json(), "done"
