"""An assistant for the window's tests: it answers by a script, slowly enough to be watched, without any model."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from assistant.advising import FormField
from assistant.records import (
    Advice,
    Answer,
    Cell,
    Citation,
    Comparison,
    Done,
    Draft,
    Event,
    Factor,
    Found,
    History,
    Place,
    Refusal,
    RetrievedPassage,
    Row,
    Sentence,
    Stage,
    Support,
    Written,
)
from corpus.errors import UserError
from corpus.records import Document, Section, Source

TOP = (
    "A central team decides first. It keeps the programme in line with the strategy and makes oversight simple.\n\n"
    "It can be slow: every idea waits for approval, and teams may feel that the programme is done to them."
)
BOTTOM = (
    "Teams try things out where the work is done. Good ideas surface early.\n\n"
    "- Fragmentation: efforts are repeated and tools do not fit together.\n"
    "- Uneven risk: each team judges privacy for itself."
)
EVIL = '<script>document.body.dataset.hacked = "yes"</script><img src=x onerror="document.body.dataset.hacked=1">'
EVIL_NAME = 'javascript:alert(1)"><b>.md'


def _document(name: str, title: str, *sections: tuple[tuple[str, ...], str]) -> Document:
    text, spans = "", []
    for path, body in sections:
        start = len(text)
        text += f"{path[-1]}\n\n{body}\n\n"
        spans.append(Section(path, start, len(text)))
    return Document(name, text, Source(title), tuple(spans), digest="0" * 64, pages=(0, 400))


APPROACHES = _document(
    "approaches.md",
    "Ways to lead an AI programme",
    (("Top-down", "Advantages and drawbacks of leading from the top"), TOP),
    (("Bottom-up", "Advantages and drawbacks of growing from the teams"), BOTTOM),
    (("Further reading",), "A long closing part that nobody cites.\n\n" * 40),
)
HOSTILE = _document(
    EVIL_NAME, f"Title {EVIL}", ((f"Heading {EVIL}",), f"Words {EVIL} [here](javascript:alert(1)) end.")
)


def cite(words: str, document: Document = APPROACHES) -> Citation:
    """A citation of ``words``, which the document holds."""
    start = document.text.index(words)
    section = next(section for section in document.sections if section.start <= start < section.end)
    page = document.page_at(start)
    return Citation(
        f"{document.name}#{start}", document.name, document.title, " > ".join(section.path), page, words, start,
        start + len(words),
    )  # fmt: skip


def sentence(text: str, *words: str, support: Support = "supported", document: Document = APPROACHES) -> Sentence:
    return Sentence(text, support, 0.9, tuple(cite(word, document) for word in words))


def passage(words: str, document: Document = APPROACHES) -> RetrievedPassage:
    found = cite(words, document)
    return RetrievedPassage(found.passage, found.document, found.title, found.section, found.page, words, 0.7)


PASSAGES = (
    passage(TOP.split("\n\n")[0]),
    passage(TOP.split("\n\n")[1]),
    passage(BOTTOM.split("\n\n")[0]),
    passage("- Fragmentation: efforts are repeated and tools do not fit together."),
)
SENTENCES = (
    sentence("Leading from the top keeps the programme in line with the strategy.", "in line with the strategy"),
    sentence("It makes oversight simple, at the price of speed.", "makes oversight simple", "It can be slow"),
    sentence("Most teams resent it.", "teams may feel that the programme is done to them", support="partial"),
    sentence("Every bank does it this way.", support="unsupported"),
)
FOLLOW_UPS = ("What are the drawbacks of growing from the teams?", "How do the two compare?")


def answer_to(question: str, history: History = ()) -> Answer:
    """The scripted answer, chosen by a word of the question."""
    common = {
        "question": question,
        "standalone_question": question,
        "passages": PASSAGES,
        "model": "Scripted model",
        "index": "scripted-1",
    }
    words = question.lower()
    if "weather" in words:
        nearest = tuple(Place(APPROACHES.name, APPROACHES.title, " > ".join(s.path)) for s in APPROACHES.sections[:2])
        refusal = Refusal("The guidance says nothing about the weather.", nearest)
        return Answer(status="refused", refusal=refusal, follow_ups=FOLLOW_UPS, **common)
    if "compare" in words:
        rows = (
            Row(
                "Oversight",
                (
                    Cell("Top-down", "Simple, in one place.", (cite("makes oversight simple"),)),
                    Cell("Bottom-up", "Each team judges privacy for itself.", (cite("each team judges privacy"),)),
                ),
            ),
            Row("Speed", (Cell("Top-down", "Every idea waits for approval.", (cite("every idea waits"),)), None)),
        )
        comparison = Comparison(("Top-down", "Bottom-up"), rows)
        verdict = (sentence("They trade oversight for early ideas.", "Good ideas surface early"),)
        return Answer(status="answered", sentences=verdict, comparison=comparison, follow_ups=FOLLOW_UPS[:1], **common)
    if "advise" in words:
        factors = (
            Factor("How decisions are made", "hierarchical", "Top-down", (cite("A central team decides first"),)),
            Factor("Experience with AI", "", "", ()),
        )
        advice = Advice(factors, "Top-down", ("Teams that already build tools of their own",))
        return Answer(status="answered", sentences=SENTENCES[:1], advice=advice, **common)
    if "vague" in words:
        return Answer(
            status="clarify", sentences=(Sentence("Which of the two do you mean?", "supported", 1.0),), **common
        )
    if "hostile" in words:
        bad = sentence(f"Model says {EVIL} [x](javascript:alert(1))", "Words <script>", document=HOSTILE)
        common["passages"] = (passage("Words <script>", HOSTILE),)
        return Answer(status="answered", sentences=(bad,), follow_ups=(EVIL,), **common)
    if "earlier" in words:
        said = f"Before this you asked {len(history) // 2} questions."
        return Answer(status="chat", sentences=(Sentence(said, "supported", 1.0),), **common)
    return Answer(status="answered", sentences=SENTENCES, follow_ups=FOLLOW_UPS, **common)


FORM = (
    FormField("Culture", "Is your culture hierarchical or collaborative?", ("hierarchical", "collaborative")),
    FormField("Experience", f"Is this new to you? {EVIL}", ("new to AI", f"old {EVIL}")),
)


class ScriptedAssistant:
    """``pause`` is the time between two words, in seconds; questions are answered by ``answer_to``.

    It knows two documents and those that are ``more``.

    A question with "fail" in it fails as a hosted model would; with "crash", as a mistake in the program would; with
    "forever" the writing never ends by itself.
    """

    model_name = "Scripted model"
    index_name = "scripted-1"
    openings = ("Should we lead from the top?", "How do the two compare?", "What does the weather say?")

    def __init__(self, pause: float = 0.02, more: Sequence[Document] = ()) -> None:
        self.pause = pause
        self.documents = {document.name: document for document in (APPROACHES, HOSTILE, *more)}
        self.asked: list[tuple[str, History]] = []
        self.ended = 0
        self.closed = False

    def answer(
        self, question: str, history: History = (), cancelled: Callable[[], bool] = lambda: False
    ) -> Iterator[Event]:
        self.asked.append((question, history))
        try:
            yield Stage("Searching the guidance")
            if "fail" in question.lower():
                raise UserError("The model server did not answer: check model_url and ask again.")
            if "crash" in question.lower():
                raise ValueError("a mistake")
            answer = answer_to(question, history)
            yield Found(question, answer.passages)
            yield Stage(f"Reading {len(answer.passages)} passages")
            time.sleep(self.pause * 5)
            while "forever" in question.lower() and not cancelled():
                yield Draft("This never comes to an end")
                time.sleep(0.02)
            for written in answer.sentences:
                words = written.text.split()
                for count in range(1, len(words) + 1):
                    if cancelled():
                        return
                    yield Draft(" ".join(words[:count]))
                    time.sleep(self.pause)
                yield Written(written)
            yield Done(answer)
        finally:
            self.ended += 1

    def ahead(self, question: str, history: History = ()) -> Found | None:
        answer = answer_to(question, history)
        return Found(question, answer.passages) if answer.passages else None

    @property
    def advice_form(self) -> tuple[FormField, ...]:
        return FORM

    def described(self, values: Mapping[str, str]) -> str:
        fields = {field.name: field.values for field in FORM}
        if any(value not in fields.get(name, ()) for name, value in values.items()):
            raise UserError("The form does not offer that.")
        return " ".join(["Which approach suits us?", *(f"{name}: {value}." for name, value in values.items())])

    def advise(self, values: Mapping[str, str]) -> Iterator[Event]:
        self.asked.append((dict(values), ()))
        yield Done(replace(answer_to("advise"), question=self.described(values)))

    def search(self, question: str, k: int = 10) -> tuple[RetrievedPassage, ...]:
        return PASSAGES[:k]

    def document(self, name: str) -> Document | None:
        return self.documents.get(name)

    def covers(self) -> tuple[Place, ...]:
        return tuple(Place(APPROACHES.name, APPROACHES.title, " > ".join(s.path)) for s in APPROACHES.sections)

    def close(self) -> None:
        self.closed = True
