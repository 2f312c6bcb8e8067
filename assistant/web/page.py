"""The page: Gradio's composer and stream, dressed in the window's own frame."""

import json
import re
import uuid
from collections.abc import Iterator
from importlib.resources import files
from typing import Any, cast

from starlette.datastructures import MutableHeaders, QueryParams
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.access.gate import OVER_LIMIT
from assistant.access.person import PERSON
from assistant.store import Reader
from assistant.watching.requests import REQUEST
from assistant.web.asking import Desk, shortened
from assistant.web.quick_gradio import gradio as gr
from assistant.web.render import turn_html
from assistant.web.speaking import ENGLISH, Language, Languages, translated
from assistant.web.turn import Progress
from corpus.errors import UserError

TITLE = "Strategy Assistant"
IDENTITY = re.compile(r"[0-9a-f]{32}")
THREADS = 96
MOST_FACTORS, LONGEST_VALUE = 100, 1_000
LONGEST_CODE, LONGEST_PAGE = 20, 200


def build(desk: Desk, languages: Languages) -> gr.Blocks:
    """The Gradio part: a question, the buttons, and a hidden stream that the page's own script shows as it comes.

    ``context`` tells whose question it is: JSON with ``browser``, ``conversation`` and, for a question that is asked
    again, the turn it ``replaces``; ``advice``, the values of the form for advice; ``language``, that of the window;
    ``page``, what a page that has the window in a frame says of itself.
    """

    def ask(question: str, context: str, request: gr.Request) -> Iterator[tuple[str, Any]]:
        try:
            browser, conversation, replaces = context_of(context)
            values = values_of(context)
            language = languages[text_of(context, "language", LONGEST_CODE)]
            page = " ".join(text_of(context, "page", LONGEST_PAGE).split())
        except UserError as error:
            raise gr.Error(str(error), print_exception=False) from error
        assert request.request is not None  # noqa: S101 - every question comes by a request
        scope = request.request.scope
        over = scope.get(OVER_LIMIT, "")
        if over:
            yield turn_html(held_back(question or "", conversation, over), language), gr.skip()
            return
        field: Any = ""
        reader = Reader(browser, scope[PERSON].name)
        request_id = scope.get(REQUEST, "")
        for progress in desk.ask(reader, conversation, question or "", replaces, values, request_id, page):
            yield turn_html(progress, language), gr.skip() if progress.fleeting else field
            field = gr.skip()

    with gr.Blocks(title=TITLE, analytics_enabled=False, fill_width=True) as blocks:
        stream = gr.Markdown("", elem_id="stream", sanitize_html=False, latex_delimiters=[])
        with gr.Row(elem_id="composer"):
            question = gr.Textbox(
                lines=1,
                max_lines=8,
                max_length=200_000,
                label="Your question",
                placeholder="Ask about your guidance",
                show_label=False,
                container=False,
                scale=1,
                elem_id="question",
            )
            context = gr.Textbox(visible="hidden", label="Context", elem_id="context")
            send = gr.Button("Ask", variant="primary", scale=0, elem_id="send")
            gr.Button("Stop", scale=0, elem_id="stop")
        gr.on(
            [send.click, question.submit],
            ask,
            [question, context],
            [stream, question],
            show_progress="hidden",
            trigger_mode="once",
            api_visibility="private",
            concurrency_limit=THREADS // 2,
        )
    blocks.max_threads = THREADS
    blocks.queue(max_size=64, api_open=False)
    return cast(gr.Blocks, blocks)


def held_back(question: str, conversation: str, line: str) -> Progress:
    """The turn of a question that is not asked, with the line that says why; it stays in the field."""
    turn = Progress(shortened(question.strip()), id=uuid.uuid4().hex, conversation=conversation, fleeting=True)
    turn.fail(line)
    return turn


def context_of(text: str) -> tuple[str, str, str]:
    """Browser, conversation and replaced turn, or an empty text; raises ``UserError`` where that is not what it is."""
    try:
        values = json.loads(text)
        names = [values["browser"], values["conversation"], values.get("replaces") or ""]
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise UserError("The page has not finished loading; reload it and ask again.") from error
    if not all(isinstance(name, str) for name in names) or not all(map(IDENTITY.fullmatch, filter(None, names))):
        raise UserError("The page has not finished loading; reload it and ask again.")
    if not names[0] or not names[1]:
        raise UserError("The page has not finished loading; reload it and ask again.")
    return names[0], names[1], names[2]


def values_of(text: str) -> dict[str, str] | None:
    """The values of the form for advice, by factor; None where the question was typed. Raises ``UserError``."""
    values = json.loads(text).get("advice")
    if values is None:
        return None
    plain = isinstance(values, dict) and len(values) <= MOST_FACTORS
    if not plain or not all(isinstance(value, str) and len(value) <= LONGEST_VALUE for value in values.values()):
        raise UserError("The form for advice has not loaded whole; reload the page and try again.")
    return dict(values)


def text_of(context: str, name: str, longest: int) -> str:
    """The beginning of a text of the context; empty where it does not have it."""
    text = json.loads(context).get(name)
    return text[:longest] if isinstance(text, str) else ""


class Dress:
    """Puts the window's frame around Gradio's page, so that it is painted before any script has run."""

    def __init__(self, app: ASGIApp, languages: Languages) -> None:
        self._app = app
        self._languages = languages

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] != "/" or scope["method"] != "GET":
            await self._app(scope, receive, send)
            return
        plain = [(name, value) for name, value in scope["headers"] if name != b"accept-encoding"]
        language = self._languages[QueryParams(scope["query_string"]).get("language", "")]
        start: Message = {}
        body = b""

        async def collect(message: Message) -> None:
            nonlocal start, body
            if message["type"] == "http.response.start":
                start = message
            if message["type"] != "http.response.body":
                return
            body += message.get("body", b"")
            if not message.get("more_body"):
                page = dressed(body.decode(), language).encode() if start["status"] == 200 else body
                headers = MutableHeaders(scope=start)
                headers["content-length"] = str(len(page))
                headers["cache-control"] = "no-store"
                await send(start)
                await send({"type": "http.response.body", "body": page})

        await self._app({**scope, "headers": plain}, receive, collect)


def dressed(page: str, language: Language = ENGLISH) -> str:
    """Gradio's page with our head, frame and no mention of other hosts, in ``language``."""
    shell = (files("assistant.web") / "static" / "shell.html").read_text(encoding="utf-8")
    head, above, below = translated(shell, language).split("<!-- cut -->")
    page = re.sub(r"<html[^>]*>", f'<html lang="{language.code}" dir="{language.direction}">', page, count=1)
    page = re.sub(r'\s*<meta\s+(?:property="og:|name="twitter:)[^>]*>', "", page)
    page = re.sub(r'\s*<link rel="manifest"[^>]*>', "", page)
    page = page.replace("</head>", f"{head.strip()}</head>", 1)
    page = page.replace("<gradio-app", f"{above.strip()}<gradio-app", 1)
    return page.replace("</gradio-app>", f"</gradio-app>{below.strip()}", 1)
