"""Answers that are read and written: each judged, told as it is found, and completed in quotes where a model fails."""

import logging
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from functools import partial

from assistant.answering.direct import DirectWriter
from assistant.answering.reading import Reading, holds_no_longer
from assistant.answering.telling import Teller
from assistant.cancelling import always
from assistant.clock import Clock
from assistant.contents.finder import StatementFinder
from assistant.contents.statements import quoted
from assistant.evidence.material import Judged, Material
from assistant.evidence.retrieving import Retriever
from assistant.judging.answerability import Answerability
from assistant.models.factory import QUOTES
from assistant.models.language_model import LanguageModel, ModelUnavailableError
from assistant.models.opinion import is_trained_judge
from assistant.notices import PARTLY_QUOTED, QUOTED
from assistant.questions.asked import asked_for
from assistant.questions.documents_named import DocumentsNamed
from assistant.questions.granted import Granted, granted
from assistant.questions.kinds import asks_for_several, kind
from assistant.questions.question import untagged
from assistant.records import Answer, Event, Found, Sentence, Stage, Written
from assistant.support import SupportCheck

log = logging.getLogger(__name__)

_ON_PREMISE = 4
"""How many statements are read for whether something is so that a question takes for granted."""


class Composer:
    """Makes answers of material with one language model, or in verbatim quotes where ``model`` is None.

    ``threshold`` is the probability below which a question is refused, None for the calibrated one. ``check`` proves
    what the model writes. ``generating`` is held while the model reads and writes.
    """

    def __init__(
        self,
        model: LanguageModel | None,
        threshold: float | None,
        finder: StatementFinder,
        check: SupportCheck,
        options_named: Callable[[str], frozenset[str]],
        documents: DocumentsNamed,
        retriever: Retriever,
        teller: Teller,
        generating: AbstractContextManager[object],
    ) -> None:
        answerability = Answerability(finder.vectors)
        self.direct = DirectWriter(finder, check, answerability, model, threshold, options_named)
        self._quoting = DirectWriter(finder, SupportCheck(finder.vectors), answerability, None, threshold)
        self.judge = model if is_trained_judge(model) else None
        self.reading = (
            partial(Reading, self.judge, answerability, threshold, plain=documents.unnamed)
            if self.judge is not None
            else None
        )
        self._finder = finder
        self._documents = documents
        self._retriever = retriever
        self._teller = teller
        self._generating = generating

    def composed(
        self, base: Answer, material: Material, clock: Clock, cancelled: Callable[[], bool], *, writing: bool
    ) -> Iterator[Event]:
        """Judged, and written by the model or quoted; where a hosted model fails, what it had written is completed."""
        sentences: list[Sentence] = []
        with self._generating:
            try:
                yield from self._by(self.direct, base, material, clock, cancelled, sentences, writing=writing)
                return
            except ModelUnavailableError as error:
                log.warning("Answered in quotes: %s", error)
            notice = PARTLY_QUOTED if sentences else QUOTED
            yield Stage(notice)
            base = replace(base, model="" if sentences else QUOTES, notice=notice)
            material = replace(material, points=())
            yield from self._by(self._quoting, base, material, clock, cancelled, sentences, writing=writing)

    def _by(
        self,
        writer: DirectWriter,
        base: Answer,
        material: Material,
        clock: Clock,
        cancelled: Callable[[], bool],
        sentences: list[Sentence],
        *,
        writing: bool,
    ) -> Iterator[Event]:
        """Judged and written by ``writer``, a list that was recognised given whole; adds to ``sentences``."""
        question, asked = self._documents.unnamed(untagged(base.standalone_question)), kind(base.question)
        if writer.reads:
            count = len(material.chosen)
            several = f"Reading {count} statements from the guidance"
            yield Stage("Reading one statement from the guidance" if count == 1 else several)
        if writer is self.direct and self.reading and material.read_alone:
            follows = "(" not in base.question and base.standalone_question.startswith(f"{asked_for(base.question)} (")
            more = asks_for_several(base.question)
            reading = self.reading(
                question,
                material,
                cancelled,
                clock.add,
                several=more,
                follows=follows,
                own=base.question,
                off_subject=self._off_subject(base.standalone_question, base.question, material),
            )
            written: Iterable[Event] = reading.events()
            if material.disputed:
                answered = any(isinstance(event, Written) for event in written)
                written = map(Written, material.disputed if answered else ())
            yield from self._teller.telling(written, material, clock, sentences)
            judged = reading.judged
            unsure = not sentences or judged.doubtful
            if unsure and (on := granted(base.question)) and not cancelled():
                answered = bool(sentences)
                base, on_premise = yield from self._on_premise(base, on, judged, cancelled, clock, sentences)
                judged = judged if answered else on_premise
            yield from self._teller.ended(base, material, judged, clock, sentences, cancelled)
            return
        judged, material = yield from self._judged(writer, question, material, clock)
        if not judged.answerable and not sentences:
            if material.instead is not None:
                yield from self._by(writer, base, material.instead, clock, cancelled, sentences, writing=writing)
            else:
                yield from self._teller.refused(base, judged, material.passages, clock, material.otherwise)
            return
        written = (Written(quoted(statement)) for statement in material.listed)
        if not writing:
            written, cancelled = (), always
        elif material.disputed:
            written = map(Written, material.disputed)
        elif material.points:
            written = writer.of_side(question, material.points, cancelled, clock.add)
        elif not material.listed:
            by = self._quoting if self.reading and material.defined else writer
            covered = tuple(part for part in material.parts if part.asked not in judged.missing)
            written = by.write(question, asked, material.chosen, cancelled, clock.add, covered, material.evidence)
        yield from self._teller.telling(written, material, clock, sentences)
        if material.points and not sentences and material.instead is not None and writing and not cancelled():
            yield from self._by(writer, base, material.instead, clock, cancelled, sentences, writing=writing)
            return
        yield from self._teller.ended(base, material, judged, clock, sentences, cancelled)

    def _off_subject(self, question: str, own: str, material: Material) -> frozenset[str]:
        """The documents, of those in which what may be read stands, that are about another subject than a question.

        That is so for its ``own`` words too, for none of its parts, and not of what it names.
        """
        passages = (*material.passages, *(one.passage for one in material.evidence))
        questions = dict.fromkeys((question, own, *(part.text for part in material.parts)))
        off = self._retriever.off_subject(tuple(questions), (one.document for one in passages))
        return off.difference(self._documents.named_in(question), self._documents.named_in(own))

    def _on_premise(
        self,
        base: Answer,
        on: Granted,
        judged: Judged,
        cancelled: Callable[[], bool],
        clock: Clock,
        sentences: list[Sentence],
    ) -> Generator[Event, None, tuple[Answer, Judged]]:
        """What surely says whether a premise is so, where nothing answers what is asked on it; that stays uncovered."""
        hits = self._retriever.retrieve(on.whether, on.whether)
        evidence = self._finder.by_meaning(on.whether, self._finder.found((on.whether,), hits))
        material = Material(hits, chosen=tuple(evidence[:_ON_PREMISE]), evidence=tuple(evidence))
        assert self.reading is not None  # noqa: S101 - it has just read
        off = self._off_subject(on.whether, on.whether, material)
        reading = self.reading(on.whether, material, cancelled, clock.add, off_subject=off)
        said = {one.text for one in sentences}
        told = [one for one in reading.events() if isinstance(one, Written) and one.sentence.text not in said]
        if not reading.sure or not told:
            return base, judged
        shown = {passage.id: passage for passage in (*base.passages, *self._retriever.shown(hits, ()))}
        base = replace(base, passages=tuple(shown.values()))
        yield Found(base.standalone_question, base.passages)
        # What says that the first holds no longer goes with it.
        told = [*told[:1], *(one for one in told[1:2] if holds_no_longer(one.sentence.text))]
        yield from self._teller.telling(told, material, clock, sentences)
        return base, replace(reading.judged, missing=(on.asked,))

    def _judged(
        self, writer: DirectWriter, question: str, material: Material, clock: Clock
    ) -> Generator[Event, None, tuple[Judged, Material]]:
        """Whether statements read together answer, more of them where the first leave it open; and what was read."""
        if material.defined or (material.points and material.instead is None):
            return Judged(True, 1.0), material
        judged = writer.judge(question, material.parts, material.chosen, material.hits, clock.add)
        if judged.unsure and len(material.wider) > len(material.chosen):
            yield Stage(f"Looking further: reading {len(material.wider)} statements from the guidance")
            material = replace(material, chosen=material.wider)
            further = writer.judge(question, material.parts, material.chosen, material.hits, clock.add)
            judged = further.after(judged)
        return judged, material
