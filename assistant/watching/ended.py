"""How a question ended: what measures, log and traces are made of."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from assistant.records import Answer, Status

Outcome = Status | Literal["stopped", "failed", "left", "busy"]
"""The answer's status; stopped or failed while it was being answered; left while it waited; or found the queue full."""


@dataclass(frozen=True, slots=True)
class Ended:
    """``waited`` and ``took`` are seconds in the queue and after it; ``request`` is the id of its request."""

    outcome: Outcome
    waited: float = 0.0
    took: float = 0.0
    answer: Answer | None = None
    request: str = ""


Told = Callable[[Ended], None]


def all_told(watching: Sequence[Told]) -> Told:
    """Tells each of them."""

    def told(ended: Ended) -> None:
        for one in watching:
            one(ended)

    return told
