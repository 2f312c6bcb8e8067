"""What the models that run on this machine have in common, whatever runs them."""

import os
import queue
import re
from collections.abc import Callable, Iterator, Sequence

from assistant.models.language_model import Message, Piece, PromptTooLongError
from assistant.models.memory import available_bytes
from corpus.errors import UserError

INVOCATION = "Judge strictly"
"""The words from which on the judge's weights act: they were trained on tokens of just these."""
SMALLER = "name a smaller model, such as qwen2.5-coder-0.5b, or answer without one: --model quotes"
_WORKING_MEMORY = 500_000_000
_CONTROL = re.compile(r"<\|(?=\w+\|>)")
_CHARACTERS_A_TOKEN = 12

Arrived = queue.SimpleQueue[Piece | BaseException | None]
"""What a generation has found: pieces, or the error that ended it, and None at its end."""


def default_threads() -> int:
    """The cores this process may use, at most 8: beyond that memory is the bound."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(cores, 8)


def as_text(text: str) -> str:
    """A text in which nothing can pass for the model's own control tokens, such as the end of a message."""
    return _CONTROL.sub("< |", text)


def invoked_by_others(messages: Sequence[Message]) -> bool:
    """Whether the words that invoke the adapter stand in the material, and not only before the task at the end."""
    task = messages[-1].text.rpartition("\n\n")[2] if messages else ""
    return any(INVOCATION in message.text for message in messages) and not task.startswith(INVOCATION)


def too_long(name: str, context: int, size: str) -> PromptTooLongError:
    """What a prompt of that size means to the user of a model that reads ``context`` tokens."""
    return PromptTooLongError(
        f"The question and its passages are too long for {name} ({size}; it reads {context:,} tokens): "
        "ask a shorter question or start a new conversation"
    )


def check_length(name: str, context: int, messages: Sequence[Message]) -> None:
    """Raises ``PromptTooLongError`` for messages so long that their tokens need not be counted."""
    characters = sum(len(message.text) for message in messages)
    if characters > context * _CHARACTERS_A_TOKEN:
        raise too_long(name, context, f"{characters:,} characters")


def check_memory(name: str, size: int) -> None:
    """Raises ``UserError`` where there is no room for weights of ``size`` bytes and the work with them."""
    free, needed = available_bytes(), size + _WORKING_MEMORY
    if free is not None and free < needed:
        raise UserError(f"{name} needs {needed / 1e9:.1f} GB of memory and {free / 1e9:.1f} GB are free: {SMALLER}")


def handed_over(arrived: Arrived, stop: Callable[[], None]) -> Iterator[Piece]:
    """The pieces of a generation as they arrive; whoever stops reading them calls ``stop``."""
    try:
        while (found := arrived.get()) is not None:
            if isinstance(found, BaseException):
                raise found
            yield found
    finally:
        stop()
