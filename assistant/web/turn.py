"""One question and what has come of it so far: what the window shows while an answer is being written, and after."""

from dataclasses import dataclass, field
from typing import Literal

from assistant.records import Answer, Done, Draft, Event, Found, RetrievedPassage, Sentence, Stage, Turn, Written
from assistant.store import Rating, StoredTurn

State = Literal["asking", "done", "stopped", "failed"]
SEARCHING = "Searching the guidance"
READING = "Reading the passages found"


@dataclass(slots=True)
class Progress:
    """A turn of the conversation as it stands.

    ``stage`` is the line on what is happening now, ``draft`` the unfinished sentence, ``note`` the line on what went
    wrong. A ``fleeting`` turn is one whose question could not be asked: it goes when the next one comes. ``answer`` is
    set at the end; what was written before a stop stands in ``sentences``.
    """

    question: str
    id: str = ""
    conversation: str = ""
    state: State = "asking"
    stage: str = ""
    standalone_question: str = ""
    passages: tuple[RetrievedPassage, ...] = ()
    sentences: list[Sentence] = field(default_factory=list)
    draft: str = ""
    answer: Answer | None = None
    note: str = ""
    rating: Rating | None = None
    fleeting: bool = False

    def apply(self, event: Event) -> None:
        """Takes in what the pipeline said next."""
        match event:
            case Stage(text):
                self.stage = text
            case Found(standalone_question, passages):
                self.standalone_question, self.passages = standalone_question, passages
                self.stage = READING if self.stage == SEARCHING else self.stage
            case Draft(text):
                self.draft, self.stage = text, ""
            case Written(sentence):
                self.sentences.append(sentence)
                self.draft, self.stage = "", ""
            case Done(answer):
                self.answer, self.state = answer, "done"
                self.passages = answer.passages or self.passages
                self.sentences = list(answer.sentences)
                self.draft, self.stage = "", ""

    def stop(self) -> None:
        """Ends the turn where it is, keeping what was written."""
        self.state, self.stage = "stopped", ""

    def fail(self, line: str) -> None:
        """Ends the turn with the line that says why."""
        self.state, self.stage, self.note = "failed", "", line

    def kept(self) -> Answer:
        """The answer to keep: the whole one, or as much as there is."""
        if self.answer is not None:
            return self.answer
        return Answer(
            question=self.question,
            standalone_question=self.standalone_question or self.question,
            status="answered",
            sentences=tuple(self.sentences),
            passages=self.passages,
        )


def progress_of(stored: StoredTurn, conversation: str) -> Progress:
    """A stored turn as it is shown again; one that was still being answered when the server went is a stopped one."""
    state: State = "stopped" if stored.state == "asked" else stored.state
    answer = stored.answer
    return Progress(
        question=stored.question,
        id=stored.id,
        conversation=conversation,
        state=state,
        standalone_question=answer.standalone_question if answer else "",
        passages=answer.passages if answer else (),
        sentences=list(answer.sentences) if answer else [],
        answer=answer if state == "done" else None,
        note=stored.note,
        rating=stored.rating,
    )


def history_of(turns: tuple[StoredTurn, ...]) -> tuple[Turn, ...]:
    """The conversation as the pipeline takes it: questions that were answered, with their answers."""
    history: list[Turn] = []
    for turn in turns:
        answer = turn.answer
        text = "" if answer is None else answer.text or (answer.refusal.reason if answer.refusal else "")
        if text:
            history += [Turn("user", turn.question), Turn("assistant", text)]
    return tuple(history)
