"""How an answer is told: its sentences one after another, its end, and a refusal where there are none."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from assistant import refusing
from assistant.clock import Clock
from assistant.contents.conflicting import Disputes
from assistant.contents.enumerated import announced
from assistant.contents.openings import openings
from assistant.contents.outline import Outline
from assistant.contents.statements import Statement
from assistant.contents.suggesting import Suggestions
from assistant.contents.vectors import Vectors
from assistant.evidence.material import Judged, Material
from assistant.evidence.retrieving import Retriever
from assistant.notices import NEAREST
from assistant.records import Answer, Done, Event, Place, Sentence, Stage, Written
from corpus import Passage
from index import Index


class Teller:
    """Tells answers from one index by the name of one model, and finds what to ask next."""

    def __init__(
        self,
        index: Index,
        model_name: str,
        vectors: Vectors,
        outline: Outline,
        retriever: Retriever,
        suggestions: Suggestions,
    ) -> None:
        self._index = index
        self._model_name = model_name
        self._vectors = vectors
        self._outline = outline
        self._retriever = retriever
        self._suggestions = suggestions

    def openings(self) -> tuple[str, ...]:
        """Questions to begin with, which this guidance answers."""
        return openings(self._outline, self._suggestions, self._index.documents)

    def told(self, answer: Answer, clock: Clock) -> Iterator[Event]:
        """An answer that is ready at once."""
        clock.first_text()
        for sentence in answer.sentences:
            yield Written(sentence)
        yield Done(self._finished(answer, clock))

    def telling(
        self, written: Iterable[Event], material: Material, clock: Clock, sentences: list[Sentence]
    ) -> Iterator[Event]:
        """What is written, each sentence with what documents say otherwise, nothing twice; adds to ``sentences``."""
        said = _places(sentences)
        disputes = self.disputes((*material.evidence, *material.listed))
        for event in written:
            told: tuple[Event, ...] = (event,)
            if isinstance(event, Written):
                if not said.isdisjoint(_places([event.sentence])):
                    continue
                with_others = (event.sentence,) if material.disputed else disputes.beside(event.sentence)
                points = self._announced(event.sentence, sentences)
                said |= _places(points)
                with_others = (*with_others, *points)
                sentences += with_others
                told = tuple(map(Written, with_others))
            for one in told:
                if not isinstance(one, Stage):
                    clock.first_text()
                yield one

    def _announced(self, sentence: Sentence, told: Sequence[Sentence]) -> list[Sentence]:
        """The points that a sentence announces, those that are not ``told`` yet."""
        known = _places(told)
        points = announced(sentence, self._outline, self._retriever.by_id)
        return [point for point in points if known.isdisjoint(_places([point]))]

    def ended(
        self,
        base: Answer,
        material: Material,
        judged: Judged,
        clock: Clock,
        sentences: Sequence[Sentence],
        cancelled: Callable[[], bool],
    ) -> Iterator[Event]:
        """The end of an answer of ``sentences``, or a refusal without any."""
        passages = material.passages
        if not sentences and not cancelled():
            otherwise = () if judged.answerable else material.otherwise
            yield from self.refused(base, judged, passages, clock, otherwise)
            return
        missing = refusing.refusal(refusing.not_covered(judged.missing), passages) if judged.missing else None
        answer = replace(
            base,
            status="partial" if missing else "answered",
            sentences=tuple(sentences),
            refusal=missing,
            follow_ups=self.follow_ups(passages, sentences),
            answerable=judged.probability,
            notice=base.notice or (NEAREST if judged.doubtful else ""),
        )
        yield Done(self._finished(answer, clock))

    def refused(
        self,
        base: Answer,
        judged: Judged,
        passages: Sequence[Passage],
        clock: Clock,
        otherwise: Sequence[Sentence] = (),
        reason: str = refusing.NOT_COVERED,
    ) -> Iterator[Event]:
        """A refusal for a ``reason``; where there is something to ask back, that ``otherwise``."""
        if otherwise:
            asked = replace(base, status="clarify", sentences=tuple(otherwise), follow_ups=self.openings()[:3])
            shown = self._retriever.shown((), (c.passage for one in otherwise for c in one.citations))
            known = {passage.id for passage in base.passages}
            added = tuple(passage for passage in shown if passage.id not in known)
            yield from self.told(replace(asked, passages=(*base.passages, *added)), clock)
            return
        refusal = refusing.refusal(reason, passages)
        answer = replace(
            base,
            refusal=refusal,
            follow_ups=self._suggestions.follow_ups(passages, (), 2),
            answerable=judged.probability,
        )
        yield from self.told(answer, clock)

    def _finished(self, answer: Answer, clock: Clock) -> Answer:
        others = tuple(question for question in answer.follow_ups if question != answer.question)
        model = answer.model or self._model_name
        return replace(answer, follow_ups=others, model=model, index=self._index.name, timings_ms=clock.timings())

    def disputes(self, statements: Sequence[Statement]) -> Disputes:
        """What documents say otherwise among statements."""
        return Disputes(statements, self._vectors, self._index.documents)

    def follow_ups(self, passages: Sequence[Passage], sentences: Sequence[Sentence]) -> tuple[str, ...]:
        used = {Place(c.document, c.title, c.section) for sentence in sentences for c in sentence.citations}
        return self._suggestions.follow_ups(passages, used)


def _places(sentences: Iterable[Sentence]) -> set[tuple[str, int]]:
    """Where the words stand that sentences cite."""
    return {(citation.document, citation.start) for sentence in sentences for citation in sentence.citations}
