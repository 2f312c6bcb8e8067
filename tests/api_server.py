"""The whole application on a real port, over an assistant that a test gives."""

import contextlib
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import uvicorn

from assistant.store import Store
from assistant.web.loading import Answering, Loading
from assistant.web.server import create_app


@contextlib.contextmanager
def api_server(assistant: Answering, home: Path, **options: object) -> Iterator[str]:
    """Its address, once the assistant is there; ``options`` are those of ``create_app``."""
    loading = Loading(lambda _: assistant)
    app = create_app(loading, Store(f"sqlite:///{home / 'conversations.sqlite'}"), **options)
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="warning", timeout_graceful_shutdown=1, http="h11"))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            assert thread.is_alive(), "the server ended before it began"
            time.sleep(0.02)
        assert loading.wait(30)
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(30)
