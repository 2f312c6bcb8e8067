"""A real Chromium, a served window and axe, for the browser tests."""

import contextlib
import hashlib
import shutil
import subprocess
import sys
import tarfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from queue import Queue
from typing import Any

import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, Page, Request, expect, sync_playwright

from assistant.store import Store
from assistant.web.loading import Loading
from assistant.web.server import create_app

# What has to be there is waited for on a busy machine too; what is there at once costs no more.
_PATIENCE = 120_000
expect.set_options(timeout=_PATIENCE)

# What a Chromium started as root needs, and what keeps it from calling home.
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
AXE = "axe-core@4.14.1"
AXE_SHA256 = "e6b0ce02b84d892e2e33e403485e7f3d6c29e2be6df65daf44d89ba564139745"

# The shell is Chromium without its window, and opens pages in less time.
_BROWSERS = ("chromium", "chromium-browser", "google-chrome")
_SHELL = "chromium-headless-shell"


@contextlib.contextmanager
def chromium(whole: bool = False) -> Iterator[Browser]:
    """The machine's Chromium, its headless shell first unless ``whole``; skips the test where there is none."""
    names = _BROWSERS if whole else (_SHELL, *_BROWSERS)
    path = next(filter(None, map(shutil.which, names)), None)
    if path is None:
        pytest.skip("no Chromium on this machine: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        try:
            yield browser
        finally:
            browser.close()


def new_context(browser: Browser, **options: Any) -> BrowserContext:
    """A browser that was never here, with Playwright's ``options``, as patient as ``expect``."""
    context = browser.new_context(**options)
    context.set_default_timeout(_PATIENCE)
    return context


@contextlib.contextmanager
def served(loading: Loading, store: Store, **options: object) -> Iterator[str]:
    """The window on a free port of this machine; its address. ``options`` are those of ``create_app``."""
    servers: Queue[uvicorn.Server] = Queue()

    def run() -> None:  # Playwright runs an event loop in the test's own thread; the application wants one of its own.
        app = create_app(loading, store, hosts=("127.0.0.1",), **options)
        server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="warning", timeout_graceful_shutdown=1))
        servers.put(server)
        server.run()

    thread = threading.Thread(target=run)
    thread.start()
    server = servers.get(timeout=300)
    try:
        while not server.started:
            assert thread.is_alive(), "the server ended before it began"
            time.sleep(0.05)
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}/"
    finally:
        server.should_exit = True
        thread.join(30)


class Watch:
    """Notes what no page of ours may do: errors on the console, requests to other hosts, failed requests."""

    def __init__(self, page: Page, address: str) -> None:
        self.faults: list[str] = []
        self.expected: tuple[str, ...] = ()
        self._page = page
        self._streams: set[Request] = set()
        page.on("request", lambda request: "/queue/data" in request.url and self._streams.add(request))
        for over in ("requestfinished", "requestfailed"):
            page.on(over, lambda request: self._streams.discard(request))  # Playwright takes no built-in function.
        page.on("domcontentloaded", lambda _: self._streams.clear())
        page.on("console", lambda message: self._note(message.type in ("error", "warning"), f"console: {message.text}"))
        page.on("pageerror", lambda error: self._note(True, f"error: {error}"))
        page.on("request", lambda request: self._note(not request.url.startswith(address), f"foreign: {request.url}"))
        page.on("response", lambda answer: self._note(answer.status >= 400, f"{answer.status}: {answer.url}"))

    def settled(self) -> None:
        """Waits for the end of Gradio's stream, a moment after the answer stands.

        Until then Gradio takes no other question, and a page that is left complains of the stream it loses.
        """
        ends = time.monotonic() + 120
        while self._streams:
            assert time.monotonic() < ends, "the stream did not end"
            self._page.wait_for_timeout(20)

    def _note(self, fault: bool, line: str) -> None:
        local = line.startswith(("foreign: data:", "foreign: blob:"))
        if fault and not local and not any(words in line for words in self.expected):
            self.faults.append(line)


def axe_script() -> str:
    """axe-core from the npm registry, checked and kept in the virtual environment; skips where npm is missing."""
    archive = Path(sys.prefix) / f"{AXE.replace('@', '-')}.tgz"
    if not archive.is_file():
        if shutil.which("npm") is None:
            pytest.skip("axe-core comes by npm, which this machine has not")
        command = ["npm", "pack", AXE, "--silent", "--pack-destination", sys.prefix]
        subprocess.run(command, check=True, capture_output=True, timeout=120)
    assert hashlib.sha256(archive.read_bytes()).hexdigest() == AXE_SHA256, f"{archive} is not the axe-core expected"
    with tarfile.open(archive) as package:
        member = package.extractfile("package/axe.min.js")
        assert member is not None
        return member.read().decode()


def serious_faults(page: Page, script: str) -> list[str]:
    """What axe finds serious or critical on the page as it stands."""
    page.evaluate(script)
    result = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{fault['id']}: {node['html'][:200]}"
        for fault in result["violations"]
        if fault["impact"] in ("serious", "critical")
        for node in fault["nodes"]
    ]
