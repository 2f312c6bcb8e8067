"""From a question to an answer: stand alone, find, decide, write, prove. The one way that every face goes."""

import logging
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import TYPE_CHECKING

from assistant import refusing
from assistant.advising import FormField
from assistant.besides import besides_advice, together
from assistant.clock import Clock
from assistant.composing import Composer
from assistant.conversation import earlier_questions, elliptic, stand_alone
from assistant.documents_named import DocumentsNamed
from assistant.foreign import Foreign
from assistant.gathering import Gathered, Gatherer
from assistant.hearing import ModelHearing
from assistant.inferring import rules_of
from assistant.learning import learn
from assistant.material import Judged
from assistant.meanings import Meanings, Remembered, embeds
from assistant.models.language_model import ModelUnavailableError, forget, turns
from assistant.question import asked_for, clean, only_orders, small_talk
from assistant.reading import answers
from assistant.records import (
    Answer,
    Done,
    Event,
    Found,
    History,
    Place,
    Refusal,
    RetrievedPassage,
    Sentence,
    Stage,
    Written,
)
from assistant.retrieving import Retriever, retrieved
from assistant.rewriting import rewritten
from assistant.ruled import Rules
from assistant.smalltalk import reply
from assistant.statements import Statement, StatementFinder
from assistant.suggesting import Suggestions
from assistant.support import SupportCheck
from assistant.telling import Teller
from assistant.vectors import Vectors, vectors_by
from corpus import Document
from corpus.errors import UserError
from index import Hit, Index
from index.progress import Progress, silent

if TYPE_CHECKING:
    from assistant.models.language_model import LanguageModel
    from assistant.models.usage import Meter

log = logging.getLogger(__name__)

_OF_ENGLISH = ("all-minilm-l6-v2", "fake")
"""Embedding models that know one language; of others it is not known."""


def never() -> bool:
    """Nobody has cancelled."""
    return False


class Assistant:
    """Answers questions from one index with one language model, or in verbatim quotes where ``model`` is None.

    ``passages`` is how many passages an answer is made from; ``answerable_threshold`` the estimated probability below
    which a question is refused, None for the calibrated one. ``generating`` is held while the model writes; several
    assistants of one model share it, as they may the ``vectors`` of the encoders of their indexes and what the model
    has ``remembered`` of statements.
    """

    def __init__(
        self,
        index: Index,
        model: "LanguageModel | None" = None,
        model_name: str = "quotes",
        *,
        passages: int = 10,
        answerable_threshold: float | None = None,
        generating: AbstractContextManager[object] | None = None,
        vectors: Vectors | None = None,
        remembered: Remembered | None = None,
    ) -> None:
        self.index = index
        self.model_name = model_name
        self.vectors = vectors or vectors_of(index)
        rules, self._outline = rules_of(list(index.documents.values()), index.passages)
        self.remembered = Remembered() if remembered is None else remembered
        able = embeds(model)
        headings = [node.heading for node in self._outline.nodes if node.path]
        self._meanings = Meanings(able, index.passages, self.remembered, headings) if able else None
        documents = DocumentsNamed(index.passages, self._outline.common)
        self._finder = StatementFinder(self.vectors, index.passages, self._outline.announces, self._meanings, documents)
        self._retriever = Retriever(index, passages, self._outline.rival_names, documents)
        check = SupportCheck(self.vectors, model)
        suggestions = Suggestions(self._outline)
        self.generating = generating or turns(model)
        hearing = ModelHearing(model, able, self.generating, self.remembered) if model and able else None
        self._rules = Rules(index, self._outline, self._finder, check, self._retriever, suggestions, rules, hearing)
        self._foreign = Foreign(index.passages, across=index.models[0].name not in _OF_ENGLISH)
        self._teller = Teller(index, model_name, self.vectors, self._outline, self._retriever, suggestions)
        self._gatherer = Gatherer(
            self._rules, self._outline, self._finder, self._teller.disputes, reads=model is not None
        )
        self._composer = Composer(
            model,
            answerable_threshold,
            self._finder,
            check,
            self._outline.options_named,
            documents,
            self._retriever,
            self._teller,
            self.generating,
        )
        self._model = model

    @property
    def index_name(self) -> str:
        return self.index.name

    @property
    def model(self) -> "LanguageModel | None":
        """The language model, which another assistant may take over; None without one."""
        return self._model

    @property
    def usage(self) -> "Meter | None":
        """What the language model has read and written so far; None without one, or where it keeps no count."""
        return getattr(self._model, "usage", None)

    def forget(self) -> None:
        """What comes does not depend on what was asked before, in no digit of what a language model computes."""
        forget(self._model)

    @property
    def openings(self) -> tuple[str, ...]:
        """Questions to begin with, which this guidance answers."""
        return self._teller.openings()

    def covers(self) -> tuple[Place, ...]:
        """Every section of the guidance, in order."""
        return tuple(place for place in self._outline.places() if place.section)

    def document(self, name: str) -> Document | None:
        return self.index.documents.get(name)

    def search(self, question: str, k: int = 10) -> tuple[RetrievedPassage, ...]:
        """The ``k`` passages nearest to a question, best first. Raises ``UserError`` for an unreadable question."""
        asked = clean(question)
        return tuple(retrieved(hit.passage, hit.score) for hit in self._retriever.search(asked, asked, k))

    def hits(self, question: str, history: History = (), k: int = 10) -> tuple[str, list[Hit]]:
        """A question as it stands alone, and the ``k`` passages that bear most on it in its conversation."""
        standalone = self.standalone(question, history)
        return standalone, self._retriever.search(standalone, asked_for(question), k)

    def standalone(self, question: str, history: History = ()) -> str:
        """The question as it is searched for: understood from the conversation, without a language model."""
        names = self._outline.rival_names(" ".join((*earlier_questions(history), question)))
        alone = stand_alone(question, history, names)
        return self._rules.naming.named(asked_for(question) if self._rules.naming.turns(question, alone) else alone)

    def ahead(self, question: str, history: History = ()) -> Found | None:
        """The passages for a question that has to wait for the language model.

        None where no model is waited for or nothing is searched. Raises ``UserError`` for an unreadable question.
        """
        asked = clean(question)
        if self._model is None or small_talk(asked) is not None or not self.index.passages:
            return None
        standalone, hits = self._found(asked, history)
        if self._foreign.reason(asked, [hit.passage for hit in hits]):
            return None
        return Found(standalone, self._retriever.shown(hits, ()))

    def ask(self, question: str, history: History = ()) -> Answer:
        """The whole answer. Raises ``UserError`` for an unreadable question or a model that fails."""
        answer = None
        for event in self.answer(question, history):
            if isinstance(event, Done):
                answer = event.answer
        if answer is None:
            raise RuntimeError("an answer ended without its last event")
        return answer

    def answer(
        self, question: str, history: History = (), cancelled: Callable[[], bool] = never, *, writing: bool = True
    ) -> Iterator[Event]:
        """The events of an answer as they happen; closing the iterator or ``cancelled`` stops the writing.

        Without ``writing`` it is only judged whether the guidance answers, as far as that is done apart.
        """
        clock = Clock()
        asked = clean(question)
        talk = small_talk(asked)
        if talk is not None:
            sentences = reply(talk, self.covers())
            yield from self._teller.told(Answer(asked, asked, "chat", sentences, follow_ups=self.openings[:3]), clock)
            return
        if only_orders(asked):
            refused = Answer(asked, asked, "refused", refusal=Refusal(refusing.NOT_COVERED))
            yield from self._teller.told(replace(refused, follow_ups=self.openings[:2]), clock)
            return
        since = time.perf_counter()
        standalone = self._rewritten(asked, self.standalone(asked, history), history)
        clock.add("rewrite", since)
        base = Answer(asked, standalone, "refused")
        if not self.index.passages:
            yield from self._teller.told(replace(base, refusal=Refusal(refusing.NOTHING_THERE)), clock)
            return
        since = time.perf_counter()
        hits = self._retriever.retrieve(standalone, asked_for(asked))
        found = [hit.passage for hit in hits]
        foreign = self._foreign.reason(asked, found)
        if foreign:
            clock.add("retrieve", since)
            places = refusing.refusal(foreign, found)
            yield from self._teller.told(replace(base, refusal=places, follow_ups=self.openings[:2]), clock)
            return
        yield from self._answer(base, history, hits, since, clock, cancelled, writing=writing)

    @property
    def advice_form(self) -> tuple[FormField, ...]:
        """What advice goes by, as the questions of a short form; empty where the guidance has no rules for it."""
        adviser = self._rules.adviser
        return adviser.form() if adviser else ()

    def described(self, values: Mapping[str, str]) -> str:
        """The question that the values of a form stand for. Raises ``UserError`` for what the form does not offer."""
        if self._rules.adviser is None:
            raise UserError("This guidance has no rules for advice any more; reload the page.")
        return self._rules.adviser.described(values)

    def advise(self, values: Mapping[str, str]) -> Iterator[Event]:
        """The events of advice for the values of a form, by factor: what the rules say, or what they need to know.

        Factors that are left out are not known. Raises ``UserError`` for what the form does not offer.
        """
        clock = Clock()
        question = self.described(values)
        adviser = self._rules.adviser
        assert adviser is not None  # noqa: S101 - otherwise there is no question
        advice = adviser.advise_for(values)
        base = Answer(question, question, "clarify")
        if advice is None:
            asked = Sentence(adviser.question(None), "supported", 1.0)
            yield from self._teller.told(replace(base, sentences=(asked,)), clock)
            return
        sentences = adviser.sentences(advice)
        shown = self._retriever.shown((), (c.passage for sentence in sentences for c in sentence.citations))
        shown = tuple(replace(passage, score=1.0) for passage in shown)
        yield Found(question, shown)
        by_id = self._retriever.by_id
        follow_ups = self._teller.follow_ups([by_id[passage.id] for passage in shown], sentences)
        answered = replace(
            base, status="answered", sentences=sentences, advice=advice, notice=adviser.notice, answerable=1.0
        )
        yield from self._teller.told(replace(answered, passages=shown, follow_ups=follow_ups), clock)

    def learn(self, ending: Callable[[], bool] = never, progress: Progress = silent) -> bool:
        """Makes the vectors of all statements, in small steps, so that no question waits for those it needs.

        ``ending`` is asked before every step whether to end there. Does nothing where there are very many statements.
        Returns whether the language model has made out what all of them mean.
        """
        learn(self.index.passages, self._finder, ending)
        if self._meanings:
            self._meanings.learn(ending, progress=progress, undisturbed=ending is never)
        if self._rules.adviser:
            self._rules.adviser.learn(ending)
        return self._meanings is not None and self._meanings.known

    @property
    def makes_out(self) -> bool:
        """Whether the language model can make out what statements mean."""
        return self._meanings is not None

    def ready_for(self, questions: int, progress: Progress) -> None:
        """Has the model make out what all statements mean, where that is worth it for so many questions.

        Where there are more, the statements that come near to a question are made out with it.
        """
        if self._meanings is None:
            return
        pace = self._meanings.pace
        most = max(pace.at_once, pace.per_question * questions)
        self._meanings.learn(never, most, progress, undisturbed=True)

    def close_model(self) -> None:
        """Give back the model alone."""
        if self._model is not None:
            self._model.close()

    def close(self) -> None:
        """Give back the model and the index."""
        self.remembered.save()
        self.close_model()
        self.index.close()

    # The kinds of answer, in the order in which they are tried.

    def _answer(
        self,
        base: Answer,
        history: History,
        hits: list[Hit],
        since: float,
        clock: Clock,
        cancelled: Callable[[], bool],
        *,
        writing: bool,
    ) -> Iterator[Event]:
        question = base.standalone_question
        found = self._retriever.shown(hits, ())
        yield Found(question, found)
        yield from self._made_out(cancelled)
        meant = self._rules.naming.meant(question)
        if meant != question:
            question, base = meant, replace(base, standalone_question=meant)
            hits = self._retriever.retrieve(question, asked_for(base.question))
            found = self._retriever.shown(hits, ())
            yield Found(question, found)
        gathered = self._gathered(base, history, hits, clock, cancelled)
        shown = self._retriever.shown(hits, gathered.cited())
        clock.add("retrieve", since + clock.marks.get("verify", 0.0) / 1000)
        if len(shown) > len(found):
            yield Found(question, shown)
        base = replace(base, passages=shown)
        if gathered.ruled.refuses:
            passages, reason = gathered.material.passages, gathered.ruled.refuses
            yield from self._teller.refused(
                base, Judged(answerable=False, probability=0.0), passages, clock, reason=reason
            )
            return
        adviser = self._rules.adviser if gathered.ruled.advice else None
        besides = besides_advice(base.question, adviser.describes) if adviser else ""
        if besides:
            yield from self._besides(self._ruled(base, gathered), besides, clock, cancelled, writing=writing)
        elif gathered.ready:
            yield from self._teller.told(self._ruled(base, gathered), clock)
        else:
            yield from self._composer.composed(base, gathered.material, clock, cancelled, writing=writing)

    def _besides(
        self, advised: Answer, besides: str, clock: Clock, cancelled: Callable[[], bool], *, writing: bool
    ) -> Iterator[Event]:
        """Advice, told at once, and then the answer to what is asked ``besides``."""
        clock.first_text()
        yield from map(Written, advised.sentences)
        since = time.perf_counter()
        question, hits = self._found(besides)
        other = Answer(besides, question, "refused")
        for event in self._answer(other, (), hits, since, clock, cancelled, writing=writing):
            if isinstance(event, Done):
                yield Done(together(advised, event.answer))
            elif isinstance(event, Found):
                yield replace(event, passages=(*advised.passages, *event.passages))
            else:
                yield event

    def _found(self, asked: str, history: History = ()) -> tuple[str, list[Hit]]:
        """A question as it stands alone, and the passages for it and its parts."""
        standalone = self.standalone(asked, history)
        return standalone, self._retriever.retrieve(standalone, asked_for(asked))

    def _rewritten(self, asked: str, standalone: str, history: History) -> str:
        """A follow-up that only has the earlier question beside it, in the model's words where those are sure.

        One that leaves out what it asks ("what about money?") small models put together wrongly.
        """
        plain = asked_for(asked)
        beside = standalone.startswith(f"{plain} (")
        if self._model is None or not history or not beside or elliptic(plain):
            return standalone
        try:
            with self.generating:
                written = rewritten(self._model, plain, history)
        except UserError as error:
            log.warning("Understood by rules alone: %s", error)
            return standalone
        return self._rules.naming.named(written) if written else standalone

    def _made_out(self, cancelled: Callable[[], bool]) -> Iterator[Event]:
        """Has the model make out what all statements mean, where they are few and that has not been done yet."""
        if self._meanings is None:
            return
        at_once = self._meanings.pace.at_once
        if missing := self._meanings.missing(at_once):
            yield Stage(f"Reading the guidance for the first time: {missing} statements")
        try:
            self._meanings.learn(cancelled, at_once)
        except UserError as error:
            log.warning("Answered without what statements mean: %s", error)

    def _gathered(
        self, base: Answer, history: History, hits: list[Hit], clock: Clock, cancelled: Callable[[], bool]
    ) -> Gathered:
        """What the answer is made of; a model that judges says what bears on the aspect of a comparison."""
        judge = self._composer.judge

        def read(question: str, statement: Statement) -> float:
            if judge is None or cancelled():
                return 0.0
            with self.generating:
                return answers(judge, question, (statement,), clock.add)

        asked, standalone = base.question, base.standalone_question
        try:
            return self._gatherer.gather(asked, standalone, history, hits, read if judge else None)
        except ModelUnavailableError as error:
            log.warning("Compared by words and vectors alone: %s", error)
            return self._gatherer.gather(asked, standalone, history, hits)

    def _ruled(self, base: Answer, gathered: Gathered) -> Answer:
        """What rules answer or ask back."""
        ruled, ready, passages = gathered.ruled, gathered.ready, gathered.material.passages
        if ruled.asks:
            return replace(base, status="clarify", sentences=ready, follow_ups=ruled.instead or self.openings[:3])
        return replace(
            base,
            status="answered",
            sentences=ready,
            comparison=ruled.compared.comparison if ruled.compared else None,
            advice=ruled.advice,
            notice=self._rules.adviser.notice if ruled.advice and self._rules.adviser else "",
            follow_ups=self._teller.follow_ups(passages, ready),
            answerable=1.0,
        )


def vectors_of(index: Index) -> Vectors:
    """Remembered vectors of statements by the encoders that an index is searched with."""
    encoder, sparse, _ = index.models
    return vectors_by(encoder, sparse)
