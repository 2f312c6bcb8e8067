"""A language model in this process, counted by PyTorch in whole numbers of eight bits.

It does what `EmbeddedModel` does with llama.cpp, and reads a prompt several times as fast on a processor with
instructions for eight-bit products (VNNI). One thread generates. Where the answer repeats words of the prompt, the next
ones are guessed from there and checked all at once (prompt lookup decoding), so quoted words come several at a time.
"""

import atexit
import queue
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn.functional import normalize

from assistant.models.int8 import Adapter, multiplies
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
from assistant.models.preparing import TEMPLATE, TOKENIZER, WEIGHTS
from assistant.models.prompt_cache import KeyValueCache, PromptCache
from assistant.models.qwen2 import Qwen2
from assistant.models.usage import Meter
from corpus.errors import UserError

if TYPE_CHECKING:
    from jinja2 import Template

_BATCH, _AT_ONCE = 64, 96
"""Tokens read at once, and how many left are read as one: as quick as more, and a generation can stop in between."""
_EMBEDDED = 1024
"""Tokens of texts that are embedded at once without eight-bit products: twice as fast as few."""
_REMEMBERED = 2048
"""Tokens of earlier prompts that are kept, 57 kB each with 1.5 billion weights."""
_OF_TEXT = 128
"""Tokens of a text that are embedded, as many as the adapter was trained on."""
_END = "<|endoftext|>"
"""What a text that is embedded ends with."""
_ALIKE, _GUESSED = 3, 7
"""Tokens that have to stand somewhere before, and how many after them are guessed: eight cost little more than one."""


def quick_here() -> bool:
    """Whether this processor has instructions for eight-bit products, without which llama.cpp is quicker."""
    return multiplies()


def embeds_here() -> bool:
    """Whether PyTorch has instructions of this processor to embed with in bearable time."""
    return multiplies() or bool(torch.cpu.get_capabilities().get("avx2"))


class InProcessModel:
    """The weights in ``folder`` (see ``preparing``); one generation at a time, further callers wait their turn.

    ``context``, ``threads``, ``timeout`` and ``adapter`` are as for ``EmbeddedModel``; with ``embedder``, a file of
    low-rank weights trained for that, it embeds texts. Raises ``UserError`` where the weights need more memory than
    there is.
    """

    def __init__(
        self,
        folder: Path,
        *,
        name: str,
        context: int = 4096,
        threads: int = 0,
        timeout: float = 120.0,
        adapter: Path | None = None,
        embedder: Path | None = None,
    ) -> None:
        from tokenizers import Tokenizer

        self.name = name
        self.trained_judge = adapter is not None
        self.context = context
        self.usage = Meter()
        self._threads = threads or default_threads()
        self._timeout = timeout
        check_memory(name, (folder / WEIGHTS).stat().st_size)
        self._adapter, self._embedder = Adapter(adapter), Adapter(embedder)
        self._projection = self._embedder.tensor("projection")
        # The tokenizer of transformers around it takes two seconds more to open, and may not be shared by threads.
        self._tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
        self._template = _template((folder / TEMPLATE).read_text(encoding="utf-8"))
        self._before = PromptCache(_REMEMBERED)
        self._waiting: queue.SimpleQueue[_Generation | _Embedding | None] = queue.SimpleQueue()
        self._closed, self._forgotten = threading.Event(), threading.Event()
        self._worker = threading.Thread(
            target=self._work, args=[Qwen2(folder, self._adapter, self._embedder)], name="generation", daemon=True
        )
        self._worker.start()
        # A thread that is still computing when the interpreter ends takes the process down with it.
        atexit.register(self.close)

    def __repr__(self) -> str:
        return f"InProcessModel({self.name!r})"

    def complete(
        self,
        messages: Sequence[Message],
        *,
        max_tokens: int,
        stop: Sequence[str] = (),
        grammar: str = "",  # noqa: ARG002  It cannot be restrained.
        alternatives: int = 0,
    ) -> Iterator[Piece]:
        """See ``LanguageModel.complete``. Every token's alternatives are given where they are asked for.

        Raises ``PromptTooLongError`` where the messages have more tokens than the context. What is generated before
        it is asked for is kept, so a second call may be made, and waits, while this one is half read.
        """
        tokens = self._tokens(messages)
        own = len(tokens) if invoked_by_others(messages) else self._adapter.begins(tokens)
        most = max(1, min(max_tokens, self.context - len(tokens)))
        return self._pieces(_Generation(tokens, own, most, tuple(stop), alternatives))

    @property
    def embeds(self) -> bool:
        """Whether it can say where texts stand."""
        return self._projection is not None

    @property
    def embeds_quickly(self) -> bool:
        """Whether it does so for some fifteen texts a second and not for one or two."""
        return multiplies()

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Where texts stand that mean something like each other, (texts, width), each of length 1.

        Raises ``RuntimeError`` where it cannot tell, or was closed while it read.
        """
        if self._projection is None:
            raise RuntimeError(f"{self.name} embeds no texts")
        embedding = _Embedding([self._of_text(text) for text in texts], self._projection)
        for _ in self._pieces(embedding):
            pass
        if len(embedding.found) < len(texts):
            raise RuntimeError("the model was closed while it read")
        return np.stack(embedding.found) if embedding.found else np.zeros((0, len(self._projection)), np.float32)

    def warm(self, messages: Sequence[Message]) -> None:
        """Read ``messages`` now, so that the first prompt that begins with them need not."""
        for _ in self.complete(messages, max_tokens=1):
            pass

    def forget(self) -> None:
        """See ``forget``: the next prompt is read whole."""
        self._forgotten.set()

    def close(self) -> None:
        """End what is being generated, and give the memory back."""
        atexit.unregister(self.close)
        self._closed.set()
        self._waiting.put(None)
        self._worker.join()

    def _of_text(self, text: str) -> list[int]:
        encode = self._tokenizer.encode
        return [*encode(as_text(text), add_special_tokens=False).ids[:_OF_TEXT], *encode(_END).ids]

    def _tokens(self, messages: Sequence[Message]) -> list[int]:
        check_length(self.name, self.context, messages)
        tokens: list[int] = self._tokenizer.encode(self._chat(messages), add_special_tokens=False).ids
        if len(tokens) >= self.context:
            raise too_long(self.name, self.context, f"{len(tokens):,} tokens")
        return tokens

    def _chat(self, messages: Sequence[Message]) -> str:
        """The messages as the model was taught to read them, up to where its own begins."""
        chat = [{"role": message.role, "content": as_text(message.text)} for message in messages]
        return self._template.render(messages=chat, add_generation_prompt=True)

    def _pieces(self, generation: "_Generation | _Embedding") -> Iterator[Piece]:
        if self._closed.is_set():
            raise RuntimeError("the model is closed")
        self._waiting.put(generation)
        if self._closed.is_set():
            generation.arrived.put(None)  # The worker may have gone before it came.
        yield from handed_over(generation.arrived, generation.stopped.set)

    def _work(self, model: Qwen2) -> None:
        while (generation := self._waiting.get()) is not None:
            try:
                # Others in this process count with as many threads as suit them.
                torch.set_num_threads(self._threads)
                with torch.inference_mode():
                    if isinstance(generation, _Embedding):
                        self._embed(model, generation)
                    else:
                        self._generate(model, generation)
            except BaseException as error:  # noqa: BLE001  Handed over to the caller, who raises it.
                generation.arrived.put(error)
            finally:
                self._adapter.first = self._embedder.first = None
                generation.arrived.put(None)
        self._before.clear()

    def _embed(self, model: Qwen2, embedding: "_Embedding") -> None:
        self._embedder.first = 0
        for texts in _packed(embedding.texts, _AT_ONCE if multiplies() else _EMBEDDED):
            if embedding.stopped.is_set() or self._closed.is_set():
                return
            found = model.means(texts, self._embedder.layers) @ embedding.projection.t()
            embedding.found.extend(normalize(found).numpy())

    def _generate(self, model: Qwen2, generation: "_Generation") -> None:
        begun = time.monotonic()
        tokens, own = generation.tokens, generation.own
        if self._forgotten.is_set():
            self._forgotten.clear()
            self._before.clear()
        cache = model.cache(len(tokens) + generation.most)
        # The last token is always read: what comes after it is what was asked for.
        self._before.find(tokens[: min(own, len(tokens) - 1)], cache)
        hidden = torch.empty(0)
        while cache.length < len(tokens):
            if self._ended(generation):
                return
            if time.monotonic() - begun > self._timeout:
                raise UserError(f"{self.name} did not answer within {self._timeout:.0f} s: {SMALLER}")
            read = cache.length
            until = _read_until(read, len(tokens))
            self._adapter.first = max(0, own - read) if until > own else None
            hidden = model.read(tokens[read:until], cache)
        self._adapter.first = None if own == len(tokens) else 0
        if own < len(tokens):
            self._before.keep(tokens[:own], cache)
        written = self._write(model, generation, cache, model.scores(hidden[-1:])[0])
        if own == len(tokens):
            known = [*tokens, *written]
            self._before.keep(known[: cache.length], cache)
        if not self._ended(generation):
            self.usage.add(len(tokens), len(written))

    def _write(self, model: Qwen2, generation: "_Generation", cache: KeyValueCache, scores: Tensor) -> list[int]:
        """The tokens of the answer, each handed over as it is found; ``scores`` are those of the first one."""
        text = _Text(self._tokenizer, generation)
        written: list[int] = []

        def ends(found: int, scores: Tensor) -> bool:
            if found == model.end:
                return True
            written.append(found)
            return text.add(found, scores) or len(written) == generation.most

        found = int(scores.argmax())
        while not ends(found, scores) and not self._ended(generation):
            known = [*generation.tokens, *written]
            guessed = _guess(known)[: generation.most - len(written)]
            after = model.scores(model.read([found, *guessed], cache))
            right = 0
            while right < len(guessed) and int(after[right].argmax()) == guessed[right]:
                right += 1
            if any(ends(guess, after[place]) for place, guess in enumerate(guessed[:right])):
                break
            cache.length -= len(guessed) - right
            found, scores = int(after[right].argmax()), after[right]
        text.close()
        return written

    def _ended(self, generation: "_Generation") -> bool:
        return generation.stopped.is_set() or self._closed.is_set()


@dataclass(slots=True)
class _Embedding:
    """One request for the embeddings of texts, which are ``found`` one after another."""

    texts: list[list[int]]
    projection: Tensor
    found: list[NDArray[np.float32]] = field(default_factory=list)
    arrived: Arrived = field(default_factory=queue.SimpleQueue)
    stopped: threading.Event = field(default_factory=threading.Event)


@dataclass(slots=True)
class _Generation:
    """One request. The judge's weights act from the token ``own`` on; ``most`` tokens are written."""

    tokens: list[int]
    own: int
    most: int
    stop: tuple[str, ...]
    alternatives: int
    arrived: Arrived = field(default_factory=queue.SimpleQueue)
    stopped: threading.Event = field(default_factory=threading.Event)


class _Text:
    """Tokens put together to text, which is held back while it may still become one of the strings to stop at."""

    def __init__(self, tokenizer: Any, generation: _Generation) -> None:
        from tokenizers.decoders import DecodeStream

        self._tokenizer = tokenizer
        self._generation = generation
        self._stream = DecodeStream(skip_special_tokens=True)
        self._held = ""
        self._longest = max((len(stop) for stop in generation.stop), default=1) - 1

    def add(self, token: int, scores: Tensor) -> bool:
        """Hand over what the token adds; whether the text ends here."""
        self._held += self._stream.step(self._tokenizer, token) or ""
        at = min((at for stop in self._generation.stop if (at := self._held.find(stop)) >= 0), default=-1)
        ready = at if at >= 0 else max(0, len(self._held) - self._longest)
        self._hand_over(ready, self._likely(scores))
        if at >= 0:
            self._held = ""
        return at >= 0

    def close(self) -> None:
        self._hand_over(len(self._held), {})

    def _hand_over(self, ready: int, alternatives: dict[str, float]) -> None:
        if ready or alternatives:
            self._generation.arrived.put(Piece(self._held[:ready], alternatives))
            self._held = self._held[ready:]

    def _likely(self, scores: Tensor) -> dict[str, float]:
        if not self._generation.alternatives:
            return {}
        best = scores.softmax(dim=-1).topk(self._generation.alternatives)
        likely: dict[str, float] = {}
        for token, probability in zip(best.indices.tolist(), best.values.tolist(), strict=True):
            text = self._tokenizer.decode([token], skip_special_tokens=False)
            likely[text] = likely.get(text, 0.0) + probability
        return likely


def _template(source: str) -> "Template":
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    # As transformers compiles the templates that models bring.
    return ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True).from_string(source)


def _packed(texts: Sequence[list[int]], most: int) -> Iterator[list[list[int]]]:
    """The texts in order, as many together as have no more than ``most`` tokens; one always."""
    part: list[list[int]] = []
    for text in texts:
        if part and sum(map(len, part)) + len(text) > most:
            yield part
            part = []
        part.append(text)
    if part:
        yield part


def _read_until(read: int, every: int) -> int:
    """Up to which of ``every`` token the next ones are read at once, after those that were ``read``."""
    return every if every - read <= _AT_ONCE else read + _BATCH


def _guess(known: Sequence[int]) -> list[int]:
    """What followed the last tokens where they stood before; the latest such place counts."""
    last = list(known[-_ALIKE:])
    for at in range(len(known) - _ALIKE - 1, -1, -1):
        if list(known[at : at + _ALIKE]) == last:
            return list(known[at + _ALIKE : at + _ALIKE + _GUESSED])
    return []
