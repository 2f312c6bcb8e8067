"""A language model that another program or company serves, through langchain's chat models."""

import math
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from assistant.models.hosted_errors import explain, reads_as_unsupported
from assistant.models.language_model import Message, ModelUnavailableError, Piece
from assistant.models.usage import Meter
from corpus.addresses import shown
from corpus.errors import UserError

_SEED = 20
_CHARACTERS_PER_TOKEN = 24
_ROLES = {"system": "system", "user": "human", "assistant": "ai"}
_OPTIONAL = ("logprobs", "seed", "stop", "temperature")


class HostedModel:
    """A langchain chat model under the assistant's protocol.

    ``provider`` is langchain's name for it, ``address`` is named in errors, ``secrets`` are cut out of them.
    ``context`` is the number of tokens an Ollama model is to hold; others know their own.
    An answer that takes more than four times ``timeout`` seconds is given up. Options that the model turns out not to
    know (such as a temperature) are left out from then on.
    """

    several_at_once = True

    def __init__(
        self,
        chat: Any,
        name: str,
        *,
        provider: str,
        address: str = "",
        context: int = 4096,
        timeout: float = 120.0,
        secrets: Sequence[str] = (),
    ) -> None:
        self.name = name
        self.usage = Meter()
        self._chat = chat
        self._provider = provider
        self._address = address
        self._context = context
        self._timeout = timeout
        self._secrets = tuple(secret for secret in secrets if secret)
        self._unsupported: set[str] = set()
        if provider == "anthropic":
            self._unsupported |= {"logprobs", "seed"}

    def __repr__(self) -> str:
        return f"HostedModel({self.name!r})"

    def complete(
        self,
        messages: Sequence[Message],
        *,
        max_tokens: int,
        stop: Sequence[str] = (),
        grammar: str = "",  # noqa: ARG002
        alternatives: int = 0,
    ) -> Iterator[Piece]:
        """See ``LanguageModel.complete``; ``grammar`` is ignored, alternatives are given where the provider does."""
        prompt = [(_ROLES[message.role], message.text) for message in messages]
        while True:
            begun = False
            options = self._options(max_tokens, stop, alternatives)
            try:
                for piece in self._stream(prompt, options, max_tokens):
                    begun = True
                    yield piece
                return
            except UserError:
                raise
            except Exception as error:
                unsupported = None if begun else self._refused_option(error, options)
                if unsupported is None:
                    raise explain(error, self.name, self._address, self._timeout, self._secrets, begun) from error
                self._unsupported.add(unsupported)

    def close(self) -> None:
        """Nothing is held between two calls but connections, which close by themselves."""

    def _options(self, max_tokens: int, stop: Sequence[str], alternatives: int) -> dict[str, Any]:
        wanted: dict[str, Any] = {"temperature": 0.0, "seed": _SEED}
        if stop:
            wanted["stop"] = list(stop)
        wanted = {name: value for name, value in wanted.items() if name not in self._unsupported}
        if self._provider == "ollama":
            options: dict[str, Any] = {"options": {**wanted, "num_predict": max_tokens, "num_ctx": self._context}}
        else:
            options = {**wanted, "max_tokens": max_tokens}
        if alternatives and "logprobs" not in self._unsupported:
            options |= {"logprobs": True, "top_logprobs": min(alternatives, 20)}
        return options

    def _refused_option(self, error: Exception, options: Mapping[str, Any]) -> str | None:
        """The option that the provider says it does not know, if that is what went wrong."""
        given = {*options, *options.get("options", {})}
        return next((name for name in _OPTIONAL if name in given and reads_as_unsupported(error, name)), None)

    def _stream(self, prompt: list[tuple[str, str]], options: dict[str, Any], max_tokens: int) -> Iterator[Piece]:
        ends = time.monotonic() + 4 * self._timeout
        left = max_tokens * _CHARACTERS_PER_TOKEN
        written = finished = False
        read = answered = reports = 0
        stream = self._chat.stream(prompt, **options)
        try:
            for chunk in stream:
                text = str(chunk.text)[:left]
                left -= len(text)
                if usage := getattr(chunk, "usage_metadata", None):
                    # Providers report in parts that add up.
                    read, answered = read + usage["input_tokens"], answered + usage["output_tokens"]
                    reports += 1
                chances = _alternatives(chunk.response_metadata) if "logprobs" in options else {}
                if any(chunk.response_metadata.get(key) for key in ("finish_reason", "stop_reason", "done_reason")):
                    finished = True
                if text or chances:
                    written = True
                    yield Piece(text, chances)
                if left <= 0:
                    return
                if time.monotonic() > ends:
                    raise ModelUnavailableError(
                        f"{self.name} took too long and was stopped: ask again or use another model"
                    )
        finally:
            stream.close()
            if reports:
                self.usage.add(read, answered)
        if not finished:
            if written:
                raise ModelUnavailableError(f"{self.name} broke off in the middle of its answer: ask again")
            raise UserError(
                f"{self.name} sent nothing that is an answer: check that {shown(self._address) or 'its address'} "
                "is the address of a chat model (docs/settings.md, model_url)"
            )


def _alternatives(metadata: Mapping[str, Any]) -> dict[str, float]:
    """Probabilities of the alternatives of a chunk's first token, as OpenAI and Ollama report them."""
    reported = metadata.get("logprobs")
    tokens = reported.get("content") if isinstance(reported, Mapping) else reported
    if not isinstance(tokens, Sequence) or not tokens or not isinstance(tokens[0], Mapping):
        return {}
    chances: dict[str, float] = {}
    for other in tokens[0].get("top_logprobs") or ():
        token, chance = other.get("token"), other.get("logprob")
        if isinstance(token, str) and isinstance(chance, int | float) and chance <= 0:
            chances[token] = chances.get(token, 0.0) + math.exp(chance)
    return chances
