"""What the assistant asks of a language model, whichever it is."""

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from typing import Literal, Protocol

from corpus.errors import UserError

_ALTERNATIVES = 20


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a prompt."""

    role: Literal["system", "user", "assistant"]
    text: str


@dataclass(frozen=True, slots=True)
class Piece:
    """Text as it is generated, usually one token.

    ``alternatives`` maps the tokens that could have stood here to their probabilities, 0 to 1, the likeliest first.
    It is empty unless alternatives were asked for and the model gives them.
    """

    text: str
    alternatives: Mapping[str, float] = field(default_factory=dict)


class PromptTooLongError(UserError):
    """The prompt does not fit into the model's context; fewer or shorter passages would."""


class ModelUnavailableError(UserError):
    """The model is set up, but does not answer now: it may do so later, and without any change here."""


class LanguageModel(Protocol):
    """A model that continues a conversation, always the same way for the same messages where it can."""

    @property
    def name(self) -> str:
        """The name shown to readers and written into answers."""

    def complete(
        self,
        messages: Sequence[Message],
        *,
        max_tokens: int,
        stop: Sequence[str] = (),
        grammar: str = "",
        alternatives: int = 0,
    ) -> Iterator[Piece]:
        """The next message, piece by piece.

        Generation ends at one of the ``stop`` strings, which is not part of the text, after ``max_tokens`` tokens, or
        when the model ends it. ``grammar`` (GBNF) restrains models that can be restrained; others ignore it.
        ``alternatives`` asks for that many alternatives of each token. Closing the iterator stops the generation.
        Raises ``ModelUnavailableError`` where the model cannot be reached, fails or breaks off, and ``UserError`` where
        it refuses.
        """

    def close(self) -> None:
        """Give the model's memory and connections back; the model is of no use afterwards."""


def turns(model: LanguageModel | None) -> AbstractContextManager[object]:
    """What is held while ``model`` writes: nothing where several answers at a time are as well as one."""
    return nullcontext() if model is None or getattr(model, "several_at_once", False) else threading.Lock()


def forget(model: object) -> None:
    """Have ``model`` begin as if it had read nothing, where it keeps what it read.

    What is computed beside what was kept differs in its last digits from what is computed whole, and so may an answer.
    """
    if (forgets := getattr(model, "forget", None)) is not None:
        forgets()


def complete_text(
    model: LanguageModel, messages: Sequence[Message], *, max_tokens: int, stop: Sequence[str] = (), grammar: str = ""
) -> str:
    """The whole next message as one string."""
    return "".join(piece.text for piece in model.complete(messages, max_tokens=max_tokens, stop=stop, grammar=grammar))


def yes_probability(model: LanguageModel, messages: Sequence[Message]) -> float | None:
    """How sure the model is of "yes" rather than "no": P(yes) / (P(yes) + P(no)) of the first token it would write.

    The messages should end in a question that asks for one of the two words. None where the model gives no
    alternatives or finds neither word likely.
    """
    pieces = list(model.complete(messages, max_tokens=1, alternatives=_ALTERNATIVES))
    if not pieces:
        return None
    yes = no = 0.0
    for token, probability in pieces[0].alternatives.items():
        word = token.strip(" \n\t\"'*.,:").lower()
        if word == "yes":
            yes += probability
        elif word == "no":
            no += probability
    return yes / (yes + no) if yes + no > 0 else None
