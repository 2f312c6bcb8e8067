"""A model server on 127.0.0.1 that answers as it is told to, and mostly badly."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


def chunk(text: str, finish: str | None = None, logprobs: Any = None) -> str:
    choice = {"index": 0, "delta": {"role": "assistant", "content": text}, "finish_reason": finish}
    if logprobs:
        choice["logprobs"] = logprobs
    value = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [choice]}
    return f"data: {json.dumps(value)}\n\n"


WHOLE = chunk("Start ") + chunk("small.") + chunk("", "stop") + "data: [DONE]\n\n"


@dataclass
class ModelServer:
    """``status``, ``kind`` and ``body`` are what it sends; ``promised`` bytes more are announced and never come."""

    address: str = ""
    status: int = 200
    kind: str = "text/event-stream"
    body: str = WHOLE
    promised: int = 0
    delay: float = 0.0
    refuses: str = ""
    requests: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)


@contextmanager
def model_server() -> Iterator[ModelServer]:
    told = ModelServer()
    stopping = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            told.requests.append(request)
            told.keys.append(self.headers.get("Authorization", "") + self.headers.get("x-api-key", ""))
            status, kind, body = told.status, told.kind, told.body
            if told.refuses and told.refuses in request:
                message = f"Unsupported parameter: '{told.refuses}' is not supported with this model."
                status, kind, body = 400, "application/json", json.dumps({"error": {"message": message}})
            stopping.wait(told.delay)
            data = body.encode()
            try:
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(data) + told.promised))
                self.end_headers()
                self.wfile.write(data)
            except ConnectionError:
                pass  # The client no longer wanted it.
            self.close_connection = True

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    told.address = f"http://127.0.0.1:{server.server_address[1]}/v1"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield told
    finally:
        stopping.set()
        server.shutdown()
        thread.join()
        server.server_close()
