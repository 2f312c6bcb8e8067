"""The short form by which somebody describes their organization, and the advice for what is chosen in it."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from assistant.advising import Adviser, FormField
from assistant.answering.telling import Teller
from assistant.clock import Clock
from assistant.evidence.retrieving import Retriever
from assistant.records import Answer, Event, Found, Sentence
from corpus.errors import UserError


class AdviceForm:
    """The form of an ``adviser``, who is None where the guidance has no rules for advice."""

    def __init__(self, adviser: Adviser | None, retriever: Retriever, teller: Teller) -> None:
        self._adviser = adviser
        self._retriever = retriever
        self._teller = teller

    @property
    def fields(self) -> tuple[FormField, ...]:
        """What advice goes by, as the questions of the form; empty where the guidance has no rules for it."""
        return self._adviser.form() if self._adviser else ()

    def described(self, values: Mapping[str, str]) -> str:
        """The question that the values of a form stand for. Raises ``UserError`` for what the form does not offer."""
        if self._adviser is None:
            raise UserError("This guidance has no rules for advice any more; reload the page.")
        return self._adviser.described(values)

    def advise(self, values: Mapping[str, str]) -> Iterator[Event]:
        """The events of advice for the values of a form, by factor: what the rules say, or what they need to know.

        Factors that are left out are not known. Raises ``UserError`` for what the form does not offer.
        """
        clock = Clock()
        question = self.described(values)
        adviser = self._adviser
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
