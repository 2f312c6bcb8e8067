"""Closed runs: each case over its own passages only, through the same pipeline as every answer."""

import argparse
import threading
from collections import OrderedDict
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.evaluate.asking import Entry, ask_all, entry_of
from assistant.evaluate.cases import Case, chosen, load_cases
from assistant.evaluate.describing import describe, described
from assistant.evaluate.gate import Requirement
from assistant.evaluate.journal import Journal
from assistant.evaluate.models import Encoders, open_encoders, open_language_model
from assistant.evaluate.results import Result
from assistant.evaluate.run import check_bars, finish, measured
from assistant.models.language_model import turns
from assistant.records import Answer, Done
from assistant.settings import Settings
from corpus.errors import UserError
from corpus.records import Document, Section, Source

if TYPE_CHECKING:
    from assistant.contents.vectors import Vectors
    from assistant.models import LanguageModel
    from assistant.pipeline import Assistant

_KEPT = 8


class ClosedAssistant:
    """Answers each case from an index in memory of that case's passages; the models are loaded once.

    The last few indexes are kept, for sets like SQuAD ask many questions of one passage, and so are vectors of texts.
    """

    def __init__(self, encoders: Encoders, model: "LanguageModel | None", settings: Settings) -> None:
        self._encoders, self._model, self._settings = encoders, model, settings
        self._vectors: Vectors | None = None
        self._kept: OrderedDict[tuple[str, ...], Assistant] = OrderedDict()
        self._lock = threading.Lock()
        self._generating = turns(model)
        self.model_name = "quotes" if model is None else model.name

    def entry(self, case: Case, writing: bool = True) -> Entry:
        """What the journal keeps of the case's answer; without ``writing`` only whether it would be answered."""
        assistant = self._over(case)
        if writing:
            return entry_of(assistant.ask(case.question, case.history))
        answer: Answer | None = None
        for event in assistant.answer(case.question, case.history, writing=False):
            if isinstance(event, Done):
                answer = event.answer
        if answer is None:
            raise RuntimeError("an answer ended without its last event")
        return entry_of(answer)

    def _over(self, case: Case) -> "Assistant":
        with self._lock:
            if case.passages in self._kept:
                self._kept.move_to_end(case.passages)
                return self._kept[case.passages]
        made = self._made(case)
        with self._lock:
            self._kept[case.passages] = made
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return made

    def _made(self, case: Case) -> "Assistant":
        from assistant.pipeline import Assistant, vectors_of
        from corpus import split
        from index import memory_index

        documents = documents_of(case)
        passages = [passage for document in documents for passage in split(document)]
        encoders = self._encoders
        index = memory_index(
            passages, encoders.dense, encoders.sparse, documents=documents, reranker=encoders.reranker, name="closed"
        )
        with self._lock:
            self._vectors = self._vectors or vectors_of(index)
        return Assistant(
            index,
            self._model,
            self.model_name,
            passages=self._settings.passages,
            answerable_threshold=self._settings.answerable_threshold,
            vectors=self._vectors,
            generating=self._generating,
        )


def documents_of(case: Case) -> list[Document]:
    """Each passage of a case as a document without headings."""
    return [
        Document(
            f"passage-{number}",
            text,
            Source(""),
            (Section((), 0, len(text)),),
            sha256(text.encode("utf-8", "surrogatepass")).hexdigest(),
        )
        for number, text in enumerate(case.passages, 1)
    ]


def run_closed(arguments: argparse.Namespace, settings: Settings, bars: Sequence[Requirement]) -> Result:
    """Answers each case from its own passages and measures the answers."""
    path: Path = arguments.closed
    cases = chosen(load_cases(path), arguments.limit, arguments.sample, arguments.seed)
    without = next((case for case in cases if not case.passages), None)
    if without is not None:
        raise UserError(f'{without.where}: a closed case needs "passages" to answer from')
    model = open_language_model(settings)
    try:
        closed = ClosedAssistant(open_encoders(settings), model, settings)
        writing = not arguments.no_writing
        about = {"model": closed.model_name, "writing": writing, "settings": described(settings)}
        run = describe("closed", cases, arguments.seed, about)
        check_bars(arguments, bars, measured(cases, {}))
        with Journal(arguments.out, run) as journal:
            ask_all(cases, lambda case: closed.entry(case, writing), journal, "Closed cases", arguments.workers)
    finally:
        if model is not None:
            model.close()
    return finish(arguments, measured(cases, journal.entries), run, f"Closed cases of {path.name}", bars)
