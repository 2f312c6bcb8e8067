"""What the store gives back."""

from dataclasses import dataclass
from typing import Literal

from assistant.records import Answer

State = Literal["asked", "done", "stopped", "failed"]
Rating = Literal["like", "dislike"]


@dataclass(frozen=True, slots=True)
class Reader:
    """Whose conversations: those of the ``person`` who has signed in or, where nobody does, of the ``browser``.

    ``browser`` is the random identity that a browser keeps for itself: whoever does not know it can neither list, read,
    rate nor delete its conversations. A person's are theirs in every browser, and nobody else's in any.
    """

    browser: str
    person: str = ""


@dataclass(frozen=True, slots=True)
class ConversationLine:
    """One line of the list of earlier conversations; ``updated`` is an ISO 8601 time in UTC."""

    id: str
    title: str
    updated: str


@dataclass(frozen=True, slots=True)
class StoredTurn:
    """A question and what came of it; ``note`` is the line shown when it failed or came with a warning."""

    id: str
    question: str
    answer: Answer | None
    state: State
    note: str = ""
    rating: Rating | None = None


@dataclass(frozen=True, slots=True)
class Feedback:
    """A reader's verdict on one answer, with the answer as it was; ``given`` is an ISO 8601 time in UTC."""

    message: str
    rating: Rating
    reason: str
    question: str
    answer: Answer
    given: str


@dataclass(frozen=True, slots=True)
class Gap:
    """A question the guidance did not answer, or not whole; ``nearest`` are the sections that came nearest."""

    question: str
    standalone_question: str
    status: str
    reason: str
    nearest: tuple[str, ...]
    asked: str


@dataclass(frozen=True, slots=True)
class Deleted:
    """How much was deleted."""

    conversations: int
    feedback: int
    gaps: int
