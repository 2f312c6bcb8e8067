"""From the passages found to an answer: what rules say, what is asked besides that, or what statements say."""

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace

from assistant.advising.besides import besides_advice, comparison_and_more, in_one
from assistant.answering.composing import Composer
from assistant.answering.gathering import Gathered, Gatherer
from assistant.answering.learning import Learning
from assistant.answering.ruled import Rules
from assistant.answering.telling import Teller
from assistant.answering.understanding import Understanding
from assistant.clock import Clock
from assistant.contents.statements import Statement
from assistant.evidence.material import Judged
from assistant.evidence.retrieving import Retriever
from assistant.judging.verdicts import answers
from assistant.models.language_model import ModelUnavailableError
from assistant.questions.asked import asked_for
from assistant.records import Answer, Done, Event, Found, History, Written
from index import Hit

log = logging.getLogger(__name__)


class Answering:
    """Tries the kinds of answer in their order: what rules answer or ask back, then what is composed of statements.

    ``generating`` is held while a model reads.
    """

    def __init__(
        self,
        understanding: Understanding,
        retriever: Retriever,
        learning: Learning,
        rules: Rules,
        gatherer: Gatherer,
        composer: Composer,
        teller: Teller,
        generating: AbstractContextManager[object],
    ) -> None:
        self._understanding = understanding
        self._retriever = retriever
        self._learning = learning
        self._rules = rules
        self._gatherer = gatherer
        self._composer = composer
        self._teller = teller
        self._generating = generating

    def answer(
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
        """The events of an answer, of which ``base`` is known, from ``hits``, that were searched for ``since`` then."""
        if asked := () if history else comparison_and_more(asked_for(base.question)):
            yield from self._one_by_one(base, (), asked, clock, cancelled, writing=writing)
            return
        question = base.standalone_question
        found = self._retriever.shown(hits, ())
        yield Found(question, found)
        yield from self._learning.made_out(cancelled)
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
            advised = self._ruled(base, gathered)
            clock.first_text()
            yield from map(Written, advised.sentences)
            yield from self._one_by_one(base, (advised,), (besides,), clock, cancelled, writing=writing)
        elif gathered.ready:
            yield from self._teller.told(self._ruled(base, gathered), clock)
        else:
            yield from self._composer.composed(base, gathered.material, clock, cancelled, writing=writing)

    def _one_by_one(
        self,
        base: Answer,
        told: tuple[Answer, ...],
        asked: Sequence[str],
        clock: Clock,
        cancelled: Callable[[], bool],
        *,
        writing: bool,
    ) -> Iterator[Event]:
        """The answers to what is ``asked`` within the question of ``base``, after what was ``told`` to it."""
        for each in asked:
            since = time.perf_counter()
            question = self._understanding.standalone(each)
            hits = self._retriever.retrieve(question, asked_for(each))
            shown = [passage for one in told for passage in one.passages]
            for event in self.answer(
                Answer(each, question, "refused"), (), hits, since, clock, cancelled, writing=writing
            ):
                if isinstance(event, Done):
                    told = (*told, event.answer)
                elif isinstance(event, Found):
                    yield Found(
                        base.standalone_question, tuple({one.id: one for one in (*shown, *event.passages)}.values())
                    )
                else:
                    yield event
        yield Done(in_one(base, told))

    def _gathered(
        self, base: Answer, history: History, hits: list[Hit], clock: Clock, cancelled: Callable[[], bool]
    ) -> Gathered:
        """What the answer is made of; a model that judges says what bears on the aspect of a comparison."""
        judge = self._composer.judge

        def read(question: str, statement: Statement) -> float:
            if judge is None or cancelled():
                return 0.0
            with self._generating:
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
            instead = ruled.instead or self._teller.openings()[:3]
            return replace(base, status="clarify", sentences=ready, follow_ups=instead)
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
