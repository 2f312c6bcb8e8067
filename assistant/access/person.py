"""Who asks, and what they may do."""

from dataclasses import dataclass
from typing import Literal

Role = Literal["ask", "own"]

# Where a request's scope says who asks.
PERSON = "strategy_assistant.person"


@dataclass(frozen=True, slots=True)
class Person:
    """``name`` is empty where nobody has to sign in. Who owns the content may ask too."""

    name: str
    role: Role

    def may(self, role: Role) -> bool:
        return role == "ask" or self.role == "own"
