"""From a question to an answer: stand alone, find, decide, write, prove. The one way that every face goes."""

import time
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import AbstractContextManager, closing
from dataclasses import replace
from typing import TYPE_CHECKING

from assistant import refusing
from assistant.advising import FormField
from assistant.advising.inferring import rules_of
from assistant.answering.advice_form import AdviceForm
from assistant.answering.answers import Answering
from assistant.answering.composing import Composer
from assistant.answering.gathering import Gatherer
from assistant.answering.learning import Learning
from assistant.answering.ruled import Rules
from assistant.answering.telling import Teller
from assistant.answering.understanding import Understanding
from assistant.cancelling import never
from assistant.clock import Clock
from assistant.contents.finder import StatementFinder
from assistant.contents.meanings import Meanings, Remembered, embeds
from assistant.contents.suggesting import Suggestions
from assistant.contents.vectors import Vectors, vectors_by
from assistant.conversation.spelling import Spelling
from assistant.evidence.retrieving import Retriever, retrieved
from assistant.judging.hearing import ModelHearing
from assistant.models.language_model import forget, turns
from assistant.questions.asked import asked_for, only_overrides
from assistant.questions.documents_named import DocumentsNamed
from assistant.questions.foreign import Foreign
from assistant.questions.ordinals import by_pair
from assistant.questions.question import clean
from assistant.questions.smalltalk import reply, small_talk
from assistant.records import Answer, Done, Event, Found, History, Place, Refusal, RetrievedPassage
from assistant.support import SupportCheck
from corpus import Document
from index import Hit, Index
from index.progress import Progress, silent

if TYPE_CHECKING:
    from assistant.models.language_model import LanguageModel
    from assistant.models.usage import Meter

_OF_ENGLISH = ("all-minilm-l6-v2", "fake")
"""Embedding models that know one language; of others it is not known."""


class Assistant:
    """Answers questions from one index with one language model, or in verbatim quotes where ``model`` is None.

    ``passages`` is how many passages an answer is made from; ``answerable_threshold`` the estimated probability below
    which a question is refused, None for the calibrated one. ``generating`` is held while the model writes; several
    assistants of one model share it, as they may the ``vectors`` of the encoders of their indexes and what the model
    has ``remembered`` of statements. ``spelling`` corrects questions, None by the words of the index.
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
        spelling: Spelling | None = None,
    ) -> None:
        self.index = index
        self.model_name = model_name
        self.vectors = vectors or vectors_of(index)
        by_rules, self._outline = rules_of(list(index.documents.values()), index.passages)
        self.remembered = Remembered() if remembered is None else remembered
        able = embeds(model)
        headings = [node.heading for node in self._outline.nodes if node.path]
        meanings = Meanings(able, index.passages, self.remembered, headings) if able else None
        documents = DocumentsNamed(index.passages, self._outline.common)
        finder = StatementFinder(self.vectors, index.passages, self._outline.announces, meanings, documents)
        self._retriever = Retriever(index, passages, self._outline.rival_names, documents)
        check = SupportCheck(self.vectors, model)
        suggestions = Suggestions(self._outline)
        self._spelling = spelling or Spelling(index.passages)
        self.generating = generating or turns(model)
        hearing = ModelHearing(model, able, self.generating, self.remembered) if model and able else None
        rules = Rules(index, self._outline, finder, check, self._retriever, suggestions, by_rules, hearing)
        self._foreign = Foreign(index.passages, across=index.models[0].name not in _OF_ENGLISH)
        self._teller = Teller(index, model_name, self.vectors, self._outline, self._retriever, suggestions)
        composer = Composer(
            model,
            answerable_threshold,
            finder,
            check,
            self._outline.options_named,
            documents,
            self._retriever,
            self._teller,
            self.generating,
        )
        self._understanding = Understanding(self._outline, rules.naming, model, self.generating)
        self._learning = Learning(index.passages, finder, rules.adviser)
        self._form = AdviceForm(rules.adviser, self._retriever, self._teller)
        self._answering = Answering(
            self._understanding,
            self._retriever,
            self._learning,
            rules,
            Gatherer(rules, self._outline, finder, self._teller.disputes, reads=model is not None),
            composer,
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
        asked = self._spelling.corrected(clean(question))
        return tuple(retrieved(hit.passage, hit.score) for hit in self._retriever.search(asked, asked, k))

    def hits(self, question: str, history: History = (), k: int = 10) -> tuple[str, list[Hit]]:
        """A question as it stands alone, and the ``k`` passages that bear most on it in its conversation."""
        standalone = self.standalone(question, history)
        return standalone, self._retriever.search(standalone, asked_for(self._plain(question)), k)

    def standalone(self, question: str, history: History = ()) -> str:
        """The question as it is searched for: understood from the conversation, without a language model."""
        return self._understanding.standalone(self._plain(question), self._spelt(history))

    def ahead(self, question: str, history: History = ()) -> Found | None:
        """The passages for a question that has to wait for the language model.

        None where no model is waited for or nothing is searched. Raises ``UserError`` for an unreadable question.
        """
        asked = self._plain(clean(question))
        if self._model is None or small_talk(asked) is not None or not self.index.passages:
            return None
        standalone = self.standalone(asked, history)
        hits = self._retriever.retrieve(standalone, asked_for(asked))
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
        typed = clean(question)
        asked = self._plain(typed)
        with closing(self._answer(asked, self._spelt(history), cancelled, writing=writing)) as events:
            for event in events:
                # What is shown and kept is the question as it was typed.
                yield Done(replace(event.answer, question=typed)) if isinstance(event, Done) else event

    def _plain(self, question: str) -> str:
        """A question spelt right, with what it names in the places of "the former" and "the latter"."""
        return by_pair(self._spelling.corrected(question))

    def _spelt(self, history: History) -> History:
        """A conversation with the questions in it spelt right."""
        return tuple(
            replace(turn, text=self._spelling.corrected(turn.text)) if turn.role == "user" else turn for turn in history
        )

    def _answer(
        self, asked: str, history: History, cancelled: Callable[[], bool], *, writing: bool
    ) -> Generator[Event]:
        """The events of an answer to a question that is clean and spelt right."""
        clock = Clock()
        talk = small_talk(asked)
        if talk is not None:
            sentences = reply(talk, self.covers())
            yield from self._teller.told(Answer(asked, asked, "chat", sentences, follow_ups=self.openings[:3]), clock)
            return
        if only_overrides(asked):
            refused = Answer(asked, asked, "refused", refusal=Refusal(refusing.NOT_COVERED))
            yield from self._teller.told(replace(refused, follow_ups=self.openings[:2]), clock)
            return
        since = time.perf_counter()
        standalone = self._understanding.understood(asked, history)
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
        yield from self._answering.answer(base, history, hits, since, clock, cancelled, writing=writing)

    @property
    def advice_form(self) -> tuple[FormField, ...]:
        """What advice goes by, as the questions of a short form; empty where the guidance has no rules for it."""
        return self._form.fields

    def described(self, values: Mapping[str, str]) -> str:
        """The question that the values of a form stand for. Raises ``UserError`` for what the form does not offer."""
        return self._form.described(values)

    def advise(self, values: Mapping[str, str]) -> Iterator[Event]:
        """The events of advice for the values of a form, by factor: what the rules say, or what they need to know.

        Factors that are left out are not known. Raises ``UserError`` for what the form does not offer.
        """
        return self._form.advise(values)

    def learn(self, ending: Callable[[], bool] = never, progress: Progress = silent) -> bool:
        """Makes the vectors of all statements, in small steps, so that no question waits for those it needs.

        ``ending`` is asked before every step whether to end there. Does nothing where there are very many statements.
        Returns whether the language model has made out what all of them mean.
        """
        self._spelling.load()
        return self._learning.learn(ending, progress)

    @property
    def makes_out(self) -> bool:
        """Whether the language model can make out what statements mean."""
        return self._learning.makes_out

    def ready_for(self, questions: int, progress: Progress) -> None:
        """Has the model make out what all statements mean, where that is worth it for so many questions.

        Where there are more, the statements that come near to a question are made out with it.
        """
        self._learning.ready_for(questions, progress)

    def close_model(self) -> None:
        """Give back the model alone."""
        if self._model is not None:
            self._model.close()

    def close(self) -> None:
        """Give back the model and the index."""
        self.remembered.save()
        self.close_model()
        self.index.close()


def vectors_of(index: Index) -> Vectors:
    """Remembered vectors of statements by the encoders that an index is searched with."""
    encoder, sparse, _ = index.models
    return vectors_by(encoder, sparse)
