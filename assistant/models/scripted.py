"""A model that says what it was told to say: for tests, demonstrations and machines without weights."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from assistant.models.language_model import Message, Piece

Reply = str | Mapping[str, float] | BaseException
"""Text to say; probabilities of the first token, whose likeliest is said; or an error to raise instead."""


class ScriptedModel:
    """Answers from a list, in turn and from its beginning again, or by a function of the messages.

    ``seen`` keeps the messages of every call. A reply that is an exception is raised after nothing was said.
    """

    def __init__(self, replies: Sequence[Reply] | Callable[[Sequence[Message]], Reply], name: str = "scripted") -> None:
        if not callable(replies) and not replies:
            raise ValueError("a scripted model needs at least one reply")
        self.name = name
        self.seen: list[tuple[Message, ...]] = []
        self.closed = False
        self._replies = replies

    def complete(
        self,
        messages: Sequence[Message],
        *,
        max_tokens: int,
        stop: Sequence[str] = (),
        grammar: str = "",  # noqa: ARG002
        alternatives: int = 0,
    ) -> Iterator[Piece]:
        """The reply word by word, a word counting as one token; ``grammar`` is ignored."""
        reply = (
            self._replies(messages) if callable(self._replies) else self._replies[len(self.seen) % len(self._replies)]
        )
        self.seen.append(tuple(messages))
        if isinstance(reply, BaseException):
            raise reply
        if isinstance(reply, Mapping):
            alternative = dict(sorted(reply.items(), key=lambda item: -item[1]))
            yield Piece(next(iter(alternative)), alternative if alternatives else {})
            return
        ends = [at for text in stop if (at := reply.find(text)) >= 0]
        reply = reply[: min(ends, default=len(reply))]
        for word in re.findall(r"\s*\S+|\s+$", reply)[:max_tokens]:
            yield Piece(word, {word: 1.0} if alternatives else {})

    def close(self) -> None:
        self.closed = True
