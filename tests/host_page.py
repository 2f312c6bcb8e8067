"""A page of another site, with a strict policy, that carries the widget."""

import contextlib
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from chromium import Watch, new_context, served
from playwright.sync_api import Browser, Page, expect
from scripted_window import ScriptedAssistant

from assistant.access.door import Door
from assistant.store import Store
from assistant.web.loading import Loading

PAGE = """<!doctype html><html lang="{lang}"><meta charset="utf-8"><title>Intranet</title>{head}
<main><h1>Intranet</h1><p>News of the day.</p><div id="here"></div></main>
<script src="{address}widget.js" {attributes}></script></html>"""


class Host:
    """A site of its own on this machine, by another name than the assistant's; ``html`` is its only page."""

    def __init__(self):
        host = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                body = host.html.encode() if self.path == "/" else b""
                self.send_response(200 if self.path == "/" else 204)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Security-Policy", host.policy)
                self.send_header("Referrer-Policy", host.referrer)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.html = self.policy = ""
        self.referrer = "no-referrer"
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.origin = f"http://localhost:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def shows(self, address, attributes="", lang="en", head=""):
        origin = address.rstrip("/")
        self.policy = (
            f"default-src 'none'; script-src {origin}; frame-src {origin}; base-uri 'none'; form-action 'none'; "
            "require-trusted-types-for 'script'"
        )
        attributes = attributes.replace("ADDRESS", address)
        self.html = PAGE.format(address=address, attributes=attributes, lang=lang, head=head)


@contextlib.contextmanager
def hosting() -> Iterator[Host]:
    """A host that serves until the end."""
    host = Host()
    try:
        yield host
    finally:
        host.server.shutdown()
        host.server.server_close()


@contextlib.contextmanager
def opening(browser: Browser, host: Host, folder: Path) -> Iterator[Callable[..., Page]]:
    """Opens the host's page with the widget on it; the page, with what it may not do noted in ``page.watch``."""
    with contextlib.ExitStack() as stack:

        def open_(
            attributes="",
            lang="en",
            allowed=True,
            width=1200,
            height=800,
            motion="no-preference",
            scheme="light",
            languages=None,
            line=32,
            head="",
            policy="",
            **doors,
        ):
            doors = {"sites": (host.origin,) if allowed else ("https://another.example",), **doors}
            store = Store(f"sqlite:///{folder / 'conversations.sqlite'}")
            assistant = ScriptedAssistant(pause=0.005)
            loading = Loading(lambda _: assistant)
            door = Door(**doors)
            address = stack.enter_context(served(loading, store, door=door, languages=languages, line=line))
            host.shows(address, attributes, lang, head)
            host.policy += policy

            def visit():
                view = {"width": width, "height": height}
                context = new_context(browser, viewport=view, reduced_motion=motion, color_scheme=scheme)
                stack.callback(context.close)
                page = context.new_page()
                page.watch = Watch(page, "http://")
                page.requested = []
                page.on("request", lambda request: page.requested.append(request.url))
                page.address = address
                page.history_of = lambda question: [
                    turn.text for asked, history in assistant.asked for turn in history if asked == question
                ]
                page.assistant = assistant
                page.somebody_else = visit
                page.goto(host.origin)
                return page

            return visit()

        yield open_


def inside(page):
    return page.frame_locator("strategy-assistant iframe")


def ask(page, question):
    frame = inside(page)
    turns = frame.locator("#transcript article.turn").count()
    frame.locator("#question textarea").fill(question)
    frame.get_by_role("button", name="Ask", exact=True).click()
    expect(frame.locator("#transcript article.turn")).to_have_count(turns + 1)
    expect(frame.locator("#transcript article.turn").last).to_have_attribute("data-state", "done")
    page.watch.settled()
    return frame.locator("#transcript article.turn").last
