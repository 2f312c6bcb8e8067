"""A language model in this process: llama.cpp's own server, started by ``xllamacpp`` and spoken to over 127.0.0.1.

The server gives what in-process calls do not: a generation that stops while the prompt is still being read, and one
prompt cache between calls. It listens on a random port and wants a key that only this object knows.
"""

import contextlib
import json
import math
import queue
import secrets
import socket
import threading
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import httpx

from assistant.models.language_model import Message, Piece
from assistant.models.local import (
    SMALLER,
    Arrived,
    as_text,
    check_length,
    check_memory,
    default_threads,
    handed_over,
    invoked_by_others,
    too_long,
)
from assistant.models.usage import Meter
from corpus.errors import UserError

_SEED = 20
_BATCH = 128


class EmbeddedModel:
    """A GGUF file, loaded when the object is made; one generation at a time, further callers wait their turn.

    ``context`` is the number of tokens that prompt and answer may have together, ``threads`` the number of cores
    (0: those there are). A first word that does not come within ``timeout`` seconds is an error. ``adapter`` is a file
    of low-rank weights, trained for judging with this very model: they act in a prompt from its last ``Judge strictly``
    on, so that everything before it stays in the cache for other tasks (arXiv 2504.12397). Raises ``UserError`` where
    the file is missing, damaged, no language model, or larger than the memory there is.
    """

    def __init__(
        self,
        path: Path,
        *,
        name: str = "",
        context: int = 4096,
        threads: int = 0,
        timeout: float = 120.0,
        adapter: Path | None = None,
        verbose: bool = False,
    ) -> None:
        self.name = name or path.stem
        self.trained_judge = adapter is not None
        self.context = context
        self.usage = Meter()
        self._timeout = timeout
        self._turn = threading.Lock()
        self._forgotten = False
        check_file(path)
        key = secrets.token_urlsafe(24)
        self._server: Any = _start(path, key, context, threads or default_threads(), adapter, verbose)
        self.address: str = self._server.listening_address
        """Where the server listens; an OpenAI-compatible interface is under ``/v1``."""
        self.key = key
        # The machine's proxy settings are not for 127.0.0.1.
        self._client = httpx.Client(
            base_url=self.address,
            headers={"Authorization": f"Bearer {key}"},
            timeout=httpx.Timeout(timeout, connect=10.0),
            trust_env=False,
        )

    def __repr__(self) -> str:
        return f"EmbeddedModel({self.name!r})"

    def complete(
        self,
        messages: Sequence[Message],
        *,
        max_tokens: int,
        stop: Sequence[str] = (),
        grammar: str = "",
        alternatives: int = 0,
    ) -> Iterator[Piece]:
        """See ``LanguageModel.complete``. Every token's alternatives are given where they are asked for.

        Raises ``PromptTooLongError`` where the messages have more tokens than the context. What is generated before
        it is asked for is kept, so a second call may be made, and waits, while this one is half read.
        """
        check_length(self.name, self.context, messages)
        body: dict[str, Any] = {
            "messages": [{"role": message.role, "content": as_text(message.text)} for message in messages],
            "max_tokens": max(1, min(max_tokens, self.context)),
            "stop": list(stop),
            "stream": True,
            "temperature": 0.0,
            "seed": _SEED,
            "cache_prompt": not self._forgotten,
            "stream_options": {"include_usage": True},
        }
        self._forgotten = False
        if grammar:
            body["grammar"] = grammar
        if alternatives:
            body |= {"logprobs": True, "top_logprobs": alternatives}
        if self.trained_judge and invoked_by_others(messages):
            # Switching the adapter off empties the cache; a prompt without its words leaves it off by itself.
            body["lora"] = [{"id": 0, "scale": 0.0}]
        return self._pieces(body)

    def warm(self, messages: Sequence[Message]) -> None:
        """Read ``messages`` now, so that the first prompt that begins with them need not."""
        for _ in self.complete(messages, max_tokens=1):
            pass

    def forget(self) -> None:
        """See ``forget``: the next prompt is read whole."""
        self._forgotten = True

    def close(self) -> None:
        if self._server is not None:
            self._client.close()
            self._server = None

    def _pieces(self, body: dict[str, Any]) -> Iterator[Piece]:
        if self._server is None:
            raise RuntimeError("the model is closed")
        generation = _Generation(self, body)
        yield from handed_over(generation.arrived, generation.stop)

    def _refusal(self, status: int, text: str) -> UserError:
        """What the server's own error means to the user."""
        try:
            error = json.loads(text)["error"]
            kind, message = str(error.get("type", "")), str(error.get("message", ""))
        except (ValueError, KeyError, TypeError, AttributeError):
            kind, message = "", text
        if kind == "exceed_context_size_error" or "context size" in message:
            return too_long(self.name, self.context, "its prompt does not fit")
        return UserError(f"{self.name} could not continue ({status}: {_line(message)}): ask again")


class _Generation:
    """One request, read by a thread of its own, so that a caller who stops reading holds nobody up."""

    def __init__(self, model: EmbeddedModel, body: dict[str, Any]) -> None:
        self.arrived: Arrived = queue.SimpleQueue()
        self._model = model
        self._body = body
        self._stopped = threading.Event()
        self._socket: socket.socket | None = None
        threading.Thread(target=self._read, name="generation", daemon=True).start()

    def stop(self) -> None:
        """End the generation: the server sees the connection close and stops computing."""
        self._stopped.set()
        if self._socket is not None:
            with contextlib.suppress(OSError):  # It may have ended by itself.
                self._socket.shutdown(socket.SHUT_RDWR)

    def _read(self) -> None:
        try:
            with self._model._turn:
                if not self._stopped.is_set():
                    self._request()
        except httpx.TimeoutException:
            self._fail(f"{self._model.name} did not answer within {self._model._timeout:.0f} s: {SMALLER}")
        except httpx.TransportError as error:
            self._fail(f"{self._model.name} stopped working ({_line(str(error))}): start again")
        except BaseException as error:  # noqa: BLE001  Handed over to the caller, who raises it.
            self.arrived.put(error)
        finally:
            self.arrived.put(None)

    def _fail(self, line: str) -> None:
        if not self._stopped.is_set():
            self.arrived.put(UserError(line))

    def _request(self) -> None:
        # A connection of its own for each generation: shutting a shared one down could hit the next request.
        headers = {"Connection": "close"}
        with self._model._client.stream("POST", "/v1/chat/completions", json=self._body, headers=headers) as response:
            self._socket = response.extensions["network_stream"].get_extra_info("socket")
            if self._stopped.is_set():
                return
            if response.status_code != 200:
                response.read()
                raise self._model._refusal(response.status_code, response.text)
            for line in response.iter_lines():
                if line.startswith("data:") and line[5:].strip() != "[DONE]":
                    self._receive(json.loads(line[5:]))
                elif line.startswith("error:"):
                    raise self._model._refusal(500, line[6:])

    def _receive(self, event: Mapping[str, Any]) -> None:
        if "error" in event:
            raise self._model._refusal(500, json.dumps(event))
        if isinstance(usage := event.get("usage"), Mapping):
            self._model.usage.add(usage.get("prompt_tokens"), usage.get("completion_tokens"))
        for choice in event.get("choices", ()):
            text = choice["delta"].get("content") or ""
            tokens = (choice.get("logprobs") or {}).get("content") or ()
            alternatives: dict[str, float] = {}
            for token in tokens[:1]:
                for other in token["top_logprobs"]:
                    alternatives[other["token"]] = alternatives.get(other["token"], 0.0) + math.exp(other["logprob"])
            if text or alternatives:
                self.arrived.put(Piece(text, alternatives))


def check_file(path: Path) -> None:
    """Raises ``UserError`` for a file that is no model, or too large a one for the memory that is free."""
    try:
        with path.open("rb") as file:
            magic = file.read(4)
        size = path.stat().st_size
    except OSError as error:
        raise UserError(f"The model file {path} cannot be read ({error.strerror}): check the path") from error
    if magic != b"GGUF":
        raise UserError(f"{path} is not a GGUF model file: name one that is, or pull a model with 'models pull'")
    check_memory(path.name, size)


def _start(path: Path, key: str, context: int, threads: int, adapter: Path | None, verbose: bool) -> Any:
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = str(path)
    params.verbosity = 3 if verbose else 0
    params.hostnames = ["127.0.0.1"]
    params.port = 0
    params.api_keys = [key]
    params.ui = False
    params.endpoint_slots = False
    params.n_ctx = context
    params.fit_params = False
    params.n_parallel = 1
    # A generation can be stopped between two batches only, and a larger one reads no faster on a few cores.
    params.n_batch = _BATCH
    params.n_ubatch = _BATCH
    params.cpuparams.n_threads = threads
    params.cpuparams_batch.n_threads = threads
    # Nothing but the last prompt is kept: what ``forget`` takes away would come back from there, for no time saved.
    params.cache_ram_mib = 0
    # Answers keep to the words of the passages: what followed the same words there is guessed and checked at once.
    params.speculative.types = [xllamacpp.common_speculative_type.COMMON_SPECULATIVE_TYPE_NGRAM_SIMPLE]
    params.warmup = False
    if adapter is not None:
        low_rank = xllamacpp.CommonAdapterLoraInfo()
        low_rank.path = str(adapter)
        low_rank.scale = 1.0
        params.lora_adapters = [low_rank]
    try:
        return xllamacpp.Server(params)
    except (RuntimeError, ValueError, OSError, MemoryError) as error:
        raise UserError(
            f"The model file {path} could not be loaded ({_line(str(error))}): it may be damaged or of an unknown "
            "kind; pull it again with 'models pull' or name another"
        ) from error


def _line(text: str, limit: int = 160) -> str:
    line = " ".join(text.split())
    return line if len(line) <= limit else line[: limit - 1] + "…"
