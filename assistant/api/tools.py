"""The answers as tools of the Model Context Protocol, for assistants and editors that call tools.

The library is imported when a server is made, not before: nothing else needs it.
"""

import json
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import asdict
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, TypeVar

from anyio import sleep, to_thread
from fastapi import HTTPException
from pydantic import BaseModel, ValidationError
from starlette.requests import Request
from starlette.routing import Route

from assistant.access.gate import ASKER, COUNT
from assistant.api.asking import BEAT_S, READER_GONE, Questions, readable
from assistant.api.incoming import AskRequest, SearchRequest, bounded
from assistant.api.text import plain, where, whole
from assistant.records import Answer, Done, RetrievedPassage, Stage
from assistant.web.loading import Loading
from corpus.errors import UserError, within_line

if TYPE_CHECKING:
    from mcp.server import Server, ServerRequestContext
    from mcp_types import CallToolRequestParams, CallToolResult

Shape = TypeVar("Shape", bound=BaseModel)

PATH = "/mcp"
ABOUT = (
    "Answers from the organisation's own guidance, every sentence with the exact words that prove it. "
    "What the guidance does not say is refused: pass that on as it is, and do not fill it in."
)
ASK = "Answer a question from the guidance. The answer comes with the words that prove each sentence, or is refused."
SEARCH = "Find the passages of the guidance that bear on a question, best first."


class Staying:
    """A caller on a pipe, whose going cancels the call."""

    async def is_disconnected(self) -> bool:
        return False


class Tools:
    """``ask`` and ``search`` over the same questions that every other face asks."""

    def __init__(self, questions: Questions, loading: Loading) -> None:
        self._questions = questions
        self._loading = loading

    def server(self) -> "Server[Any]":
        """A server of the protocol that offers them."""
        from mcp.server import Server
        from mcp_types import ListToolsResult, Tool, ToolAnnotations

        reads = ToolAnnotations(read_only_hint=True, open_world_hint=False)
        offered = [
            Tool(name=name, description=about, input_schema=shape.model_json_schema(), annotations=reads)
            for name, about, shape in (("ask", ASK, AskRequest), ("search", SEARCH, SearchRequest))
        ]

        async def listed(*_: Any) -> ListToolsResult:
            return ListToolsResult(tools=offered)

        return Server(
            "strategy-assistant",
            title="Strategy Assistant",
            version=version("strategy-assistant"),
            instructions=ABOUT,
            on_list_tools=listed,
            on_call_tool=self._called,
        )

    async def _called(
        self, context: "ServerRequestContext[Any, Any]", call: "CallToolRequestParams"
    ) -> "CallToolResult":
        from mcp_types import CallToolResult, TextContent

        try:
            text, values = await self._result(context, call.name, call.arguments or {})
        except (HTTPException, UserError) as error:
            line = str(error.detail if isinstance(error, HTTPException) else error)
            return CallToolResult(content=[TextContent(type="text", text=line)], is_error=True)
        return CallToolResult(content=[TextContent(type="text", text=text)], structured_content=values)

    async def _result(
        self, context: "ServerRequestContext[Any, Any]", name: str, given: dict[str, Any]
    ) -> tuple[str, dict[str, Any]]:
        if name not in ("ask", "search"):
            raise UserError("There is no such tool; there are ask and search.")
        request = context.request if isinstance(context.request, Request) else None
        if name == "ask":
            asking = _read(AskRequest, given)
            readable(asking.question)
            _count(request)
            await self._loaded(context)
            answer = await self._answer(context, asking, request)
            return whole(answer)[0], _plain_json(answer.to_json())
        wanted = _read(SearchRequest, given)
        readable(wanted.question)
        _count(request)
        await self._loaded(context)
        found = await to_thread.run_sync(self._questions.ready().search, wanted.question, wanted.k)
        values = {"question": wanted.question, "passages": [asdict(passage) for passage in found]}
        return "\n\n".join(map(_shown, found)) or "Nothing was found.", _plain_json(values)

    async def _loaded(self, context: "ServerRequestContext[Any, Any]") -> None:
        """Waits for the models and the guidance, telling what is waited for."""
        self._loading.start()
        told = ""
        while self._loading.state == "loading":
            line = f"The assistant is getting ready: {self._loading.line}"
            if line != told:
                told = line
                await context.session.report_progress(0, message=line)
            await sleep(BEAT_S)

    async def _answer(
        self, context: "ServerRequestContext[Any, Any]", asking: AskRequest, request: Request | None
    ) -> Answer:
        history = bounded([(turn.role, turn.content) for turn in asking.history])
        asked = self._questions.begin(asking.question, history, request.scope[ASKER] if request else "")
        steps = 0
        try:
            async for event in self._questions.follow(asked, request or Staying()):
                if isinstance(event, Done):
                    return event.answer
                if isinstance(event, Stage):
                    steps += 1
                    await context.session.report_progress(steps, message=event.text)
        finally:
            asked.close()
        raise HTTPException(READER_GONE, "Whoever asked has gone.")


def mounted(tools: Tools) -> tuple[Route, Callable[[], AbstractAsyncContextManager[None]]]:
    """The address of the tools over HTTP, and what must run for as long as it is served.

    Every request stands for itself, so that it does not matter which of several processes answers it.
    """
    from mcp.server.streamable_http_manager import StreamableHTTPASGIApp, StreamableHTTPSessionManager

    manager = StreamableHTTPSessionManager(tools.server(), stateless=True)

    @asynccontextmanager
    async def running() -> AsyncIterator[None]:
        async with manager.run():
            yield

    return Route(PATH, endpoint=StreamableHTTPASGIApp(manager), methods=["POST"]), running


async def serve_stdio(tools: Tools) -> None:
    """Serves on standard input and output until the input ends."""
    from mcp.server.stdio import stdio_server

    server = tools.server()
    async with stdio_server() as (reading, writing):
        await server.run(reading, writing, server.create_initialization_options())


def _count(request: Request | None) -> None:
    """One question more of whoever asks; raises ``HTTPException`` 429 where that is one too many."""
    over = request.scope[COUNT]() if request is not None else None
    if over is not None:
        raise HTTPException(429, over[0])


def _read(shape: type[Shape], given: dict[str, Any]) -> Shape:
    try:
        return shape.model_validate(given)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"])[:100]
        raise UserError(f"{where}: {within_line(first['msg'])}") from None


def _plain_json(values: dict[str, Any]) -> dict[str, Any]:
    plain_values: dict[str, Any] = json.loads(json.dumps(values))
    return plain_values


def _shown(passage: RetrievedPassage) -> str:
    return f"**{where(passage.title, passage.section)}**\n{plain(passage.text)}"
