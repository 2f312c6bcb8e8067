"""The answer and its parts: the contract that every face and every other program reads."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

Status = Literal["answered", "partial", "refused", "clarify", "chat"]
Support = Literal["supported", "partial", "unsupported"]


@dataclass(frozen=True, slots=True)
class Turn:
    """One message of a conversation."""

    role: Literal["user", "assistant"]
    text: str


@dataclass(frozen=True, slots=True)
class Citation:
    """Verbatim words of a document: ``quote`` stands in its extracted text at characters ``start`` to ``end``."""

    passage: str
    document: str
    title: str
    section: str
    page: int | None
    quote: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of an answer with the words that prove it.

    ``score`` is the estimated probability, 0 to 1, that the cited words state the sentence in full.
    """

    text: str
    support: Support
    score: float
    citations: tuple[Citation, ...] = ()


@dataclass(frozen=True, slots=True)
class Cell:
    """What the guidance says of one option under one criterion."""

    option: str
    text: str
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One criterion; ``cells`` stand in the order of the comparison's options, None where the guidance is silent."""

    criterion: str
    cells: tuple[Cell | None, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    options: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Factor:
    """A circumstance the guidance names; ``given`` is what was understood of it, empty where it is not known."""

    name: str
    given: str
    points_to: str
    citations: tuple[Citation, ...] = ()


@dataclass(frozen=True, slots=True)
class Advice:
    factors: tuple[Factor, ...]
    leans_to: str
    would_change_it: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """A section that exists."""

    document: str
    title: str
    section: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why there is no answer, or no whole one, and where the guidance comes nearest."""

    reason: str
    nearest: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class RetrievedPassage:
    """A passage as it was retrieved for a question; ``score`` is comparable within one question only."""

    id: str
    document: str
    title: str
    section: str
    page: int | None
    text: str
    score: float


@dataclass(frozen=True, slots=True)
class Timings:
    """Wall time of the stages, in milliseconds; ``first_text`` counts from the question to the first word shown."""

    rewrite: float = 0.0
    retrieve: float = 0.0
    first_text: float = 0.0
    generate: float = 0.0
    verify: float = 0.0
    total: float = 0.0


@dataclass(frozen=True, slots=True)
class Answer:
    """Everything there is to say to one question.

    ``answerable`` is the estimated probability, 0 to 1, that the passages answer the question; None where it was not
    estimated, as for a greeting. ``notice`` is a line the reader should see about how the answer came about, such as
    that a hosted model failed. Neither is part of the contract's JSON.
    """

    question: str
    standalone_question: str
    status: Status
    sentences: tuple[Sentence, ...] = ()
    comparison: Comparison | None = None
    advice: Advice | None = None
    refusal: Refusal | None = None
    follow_ups: tuple[str, ...] = ()
    passages: tuple[RetrievedPassage, ...] = ()
    model: str = ""
    index: str = ""
    timings_ms: Timings = field(default_factory=Timings)
    answerable: float | None = None
    notice: str = ""

    @property
    def text(self) -> str:
        """The sentences as running text."""
        return " ".join(sentence.text for sentence in self.sentences)

    def to_json(self) -> dict[str, Any]:
        """The answer as plain JSON values, with exactly the keys of the contract."""
        values = asdict(self)
        del values["answerable"], values["notice"]
        return values


# What a pipeline yields while it answers, in this order. A face that only wants the answer reads the last event.


@dataclass(frozen=True, slots=True)
class Stage:
    """A line for the reader on what is happening now, such as "Reading 6 passages"."""

    text: str


@dataclass(frozen=True, slots=True)
class Found:
    """The passages that bear on the question, best first, before any word of the answer."""

    standalone_question: str
    passages: tuple[RetrievedPassage, ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """Words of the sentence being written, not checked yet: the whole unfinished sentence so far.

    A draft is replaced by the next draft, or by the written sentence.
    """

    text: str


@dataclass(frozen=True, slots=True)
class Written:
    """A sentence that is finished and checked, with its citations."""

    sentence: Sentence


@dataclass(frozen=True, slots=True)
class Done:
    """The whole answer. Always the last event."""

    answer: Answer


Event = Stage | Found | Draft | Written | Done

History = tuple[Turn, ...]


def latest_answer(history: History) -> str:
    """What the assistant said last in a conversation; empty where it has said nothing."""
    return next((turn.text for turn in reversed(history) if turn.role == "assistant"), "")


def history_from_json(value: object) -> History:
    """A conversation from ``[["user", text], ...]`` or ``[{"role": ..., "content": ...}, ...]``.

    Raises ``ValueError`` with one line that names the first entry that is neither.
    """
    if not isinstance(value, list):
        raise ValueError("a history is a list of [role, text] pairs")
    turns: list[Turn] = []
    for number, entry in enumerate(value, 1):
        if isinstance(entry, Mapping):
            role, text = entry.get("role"), entry.get("content", entry.get("text"))
        elif isinstance(entry, list) and len(entry) == 2:
            role, text = entry
        else:
            role, text = None, None
        if role not in ("user", "assistant") or not isinstance(text, str):
            raise ValueError(f'history entry {number} is not ["user" or "assistant", text]')
        turns.append(Turn(role, text))
    return tuple(turns)
