"""From a question to an answer: stand alone, find, decide, write, prove. The one way that every face goes."""

import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from assistant import refusing
from assistant.advising import Adviser, FormField, load_rules
from assistant.answerability import Answerability
from assistant.clock import Clock
from assistant.comparing import Compared, Comparer, compared_sentences
from assistant.conversation import earlier_questions, stand_alone
from assistant.direct import DirectWriter, Judged
from assistant.listing import find_list, items
from assistant.models.language_model import ModelUnavailableError
from assistant.openings import openings
from assistant.outline import Outline
from assistant.premises import NO_ONE_ANSWER, correct
from assistant.question import clauses, clean, foreign_script, kind, letter_scripts, premise, small_talk
from assistant.records import (
    Advice,
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
from assistant.smalltalk import reply
from assistant.statements import Statement, StatementFinder, quoted
from assistant.subquestions import SubQuestion, asked_in_parts, with_statements
from assistant.support import SupportCheck
from assistant.words import content_set
from corpus import Document, Passage
from corpus.errors import UserError
from index import Hit, Index

if TYPE_CHECKING:
    from assistant.models.language_model import LanguageModel
    from assistant.models.usage import Meter

log = logging.getLogger(__name__)

QUOTES = "quotes"
QUOTED = "The language model does not answer just now, so this answer is made of the guidance's own words."
PARTLY_QUOTED = "The language model broke off; what was missing is given in the guidance's own words."
_SCRIPT_SAMPLE = 4_000
_SHOWN = 10
_CHARACTERS = 2_400


def never() -> bool:
    """Nobody has cancelled."""
    return False


class Assistant:
    """Answers questions from one index with one language model, or in verbatim quotes where ``model`` is None.

    ``passages`` is how many passages an answer is made from; ``answerable_threshold`` the estimated probability below
    which a question is refused, None for the calibrated one. ``generating`` is held while the model writes; several
    assistants of one model share it.
    """

    def __init__(
        self,
        index: Index,
        model: "LanguageModel | None" = None,
        model_name: str = "quotes",
        *,
        passages: int = 6,
        answerable_threshold: float | None = None,
        adviser: Adviser | None = None,
        generating: "threading.Lock | None" = None,
    ) -> None:
        self.index = index
        self.model_name = model_name
        self._passages = passages
        self._finder = StatementFinder(index.encode, index.encode_sparse)
        self._support = SupportCheck(index.encode, model)
        self._outline = Outline(index.passages)
        self._comparer = Comparer(self._outline, self._finder, self._find_passages)
        self._adviser = adviser or self._read_rules()
        self._scripts = frozenset(
            letter_scripts("".join(passage.text for passage in index.passages[:20])[:_SCRIPT_SAMPLE])
        )
        self._direct = DirectWriter(
            self._finder, self._support, Answerability(index.encode), model, answerable_threshold
        )
        self._quoting = DirectWriter(
            self._finder, SupportCheck(index.encode), Answerability(index.encode), None, answerable_threshold
        )
        self._model = model
        self.generating = generating or threading.Lock()

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

    @property
    def openings(self) -> tuple[str, ...]:
        """Questions to begin with, which this guidance answers."""
        return openings(self._outline, self.index.documents)

    def covers(self) -> tuple[Place, ...]:
        """Every section of the guidance, in order."""
        return tuple(place for place in self._outline.places() if place.section)

    def document(self, name: str) -> Document | None:
        return self.index.documents.get(name)

    def search(self, question: str, k: int = 10) -> tuple[RetrievedPassage, ...]:
        """The ``k`` passages nearest to a question, best first. Raises ``UserError`` for an unreadable question."""
        return tuple(_retrieved(hit.passage, hit.score) for hit in self.index.search(clean(question), k))

    def standalone(self, question: str, history: History = ()) -> str:
        """The question as it is searched for: understood from the conversation, without a language model."""
        return stand_alone(question, history, self._names(" ".join((*earlier_questions(history), question))))

    def ask(self, question: str, history: History = ()) -> Answer:
        """The whole answer. Raises ``UserError`` for an unreadable question or a model that fails."""
        answer = None
        for event in self.answer(question, history):
            if isinstance(event, Done):
                answer = event.answer
        if answer is None:
            raise RuntimeError("an answer ended without its last event")
        return answer

    def answer(self, question: str, history: History = (), cancelled: Callable[[], bool] = never) -> Iterator[Event]:
        """The events of an answer as they happen; closing the iterator or ``cancelled`` stops the writing."""
        clock = Clock()
        asked = clean(question)
        talk = small_talk(asked)
        if talk is not None:
            sentences = reply(talk, self.covers())
            yield from self._told(Answer(asked, asked, "chat", sentences, follow_ups=self.openings[:3]), clock)
            return
        since = time.perf_counter()
        standalone = self.standalone(asked, history)
        clock.add("rewrite", since)
        base = Answer(asked, standalone, "refused")
        if not self.index.passages:
            yield from self._told(replace(base, refusal=Refusal(refusing.NOTHING_THERE)), clock)
            return
        since = time.perf_counter()
        hits = self._retrieve(standalone, asked)
        found = [hit.passage for hit in hits]
        script = foreign_script(asked, self._scripts)
        if script is not None:
            clock.add("retrieve", since)
            places = refusing.refusal(refusing.OTHER_SCRIPT, found)
            yield from self._told(replace(base, refusal=places, follow_ups=self.openings[:2]), clock)
            return
        yield from self._answer(base, history, hits, since, clock, cancelled)

    @property
    def advice_form(self) -> tuple[FormField, ...]:
        """What advice goes by, as the questions of a short form; empty where the guidance has no rules for it."""
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
        assert self._adviser is not None  # noqa: S101 - otherwise there is no question
        advice = self._adviser.advise_for(values)
        base = Answer(question, question, "clarify")
        if advice is None:
            asked = Sentence(self._adviser.question(None), "supported", 1.0)
            yield from self._told(replace(base, sentences=(asked,)), clock)
            return
        sentences = self._adviser.sentences(advice)
        cited = [citation.passage for sentence in sentences for citation in sentence.citations]
        by_id = self._by_id
        shown = tuple(_retrieved(by_id[passage], 1.0) for passage in dict.fromkeys(cited))
        yield Found(question, shown)
        follow_ups = self._follow_ups([by_id[passage] for passage in dict.fromkeys(cited)], sentences)
        answered = replace(base, status="answered", sentences=sentences, advice=advice, answerable=1.0)
        yield from self._told(replace(answered, passages=shown, follow_ups=follow_ups), clock)

    def close_model(self) -> None:
        """Give back the model alone."""
        if self._model is not None:
            self._model.close()

    def close(self) -> None:
        """Give back the model and the index."""
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
    ) -> Iterator[Event]:
        question = base.standalone_question
        passages = [hit.passage for hit in hits]
        evidence = self._finder.best(self._wordings(base), passages)
        corrected = self._corrected(base.question)
        advice = None if corrected else self._advice(base.question, history)
        compared = None if corrected or advice else self._compared(question)
        ruled = corrected or advice or compared
        asked = () if ruled else self._in_parts(base, evidence)
        listed, sure = ((), False) if ruled or asked else self._listed(question)
        ready = self._ready(corrected, advice, compared, listed if sure else ())
        shown = self._shown(hits, ready, compared, listed)
        clock.add("retrieve", since)
        yield Found(question, shown)
        base = replace(base, passages=shown)
        if ready:
            answer = replace(
                base,
                status="answered",
                sentences=ready,
                comparison=compared.comparison if compared else None,
                advice=advice,
                follow_ups=self._follow_ups(passages, ready),
                answerable=1.0,
            )
            yield from self._told(answer, clock)
            return
        yield from self._written(base, asked, listed, hits, evidence, clock, cancelled)

    def _written(
        self,
        base: Answer,
        asked: Sequence[SubQuestion],
        listed: Sequence[Statement],
        hits: Sequence[Hit],
        evidence: Sequence[Statement],
        clock: Clock,
        cancelled: Callable[[], bool],
    ) -> Iterator[Event]:
        """Judged, and written by the model or quoted; where a hosted model fails, what it had written is completed."""
        question = base.standalone_question
        chosen = listed or self._direct.choose(question, kind(base.question), evidence, self._outline, asked)
        sentences: list[Sentence] = []
        with self.generating:
            try:
                yield from self._by(self._direct, base, asked, listed, chosen, hits, clock, cancelled, sentences)
                return
            except ModelUnavailableError as error:
                log.warning("Answered in quotes: %s", error)
            notice = PARTLY_QUOTED if sentences else QUOTED
            yield Stage(notice)
            base = replace(base, model="" if sentences else QUOTES, notice=notice)
            yield from self._by(self._quoting, base, asked, listed, chosen, hits, clock, cancelled, sentences)

    def _by(
        self,
        writer: DirectWriter,
        base: Answer,
        asked: Sequence[SubQuestion],
        listed: Sequence[Statement],
        chosen: Sequence[Statement],
        hits: Sequence[Hit],
        clock: Clock,
        cancelled: Callable[[], bool],
        sentences: list[Sentence],
    ) -> Iterator[Event]:
        """Judged and written by ``writer``, a list that was recognised given whole; adds to ``sentences``."""
        question = base.standalone_question
        passages = [hit.passage for hit in hits]
        if writer.reads:
            yield Stage(f"Reading {len(chosen)} statements from the guidance")
        judged = writer.judge(question, asked, chosen, hits, clock.add)
        if not judged.answerable and not sentences:
            yield from self._refused(base, judged, passages, clock)
            return
        said = {(citation.document, citation.start) for sentence in sentences for citation in sentence.citations}
        written = (
            (Written(quoted(statement)) for statement in listed)
            if listed
            else writer.write(question, kind(base.question), chosen, cancelled, clock.add, asked)
        )
        for event in written:
            if isinstance(event, Written):
                if any((citation.document, citation.start) in said for citation in event.sentence.citations):
                    continue
                sentences.append(event.sentence)
            clock.first_text()
            yield event
        if not sentences and not cancelled():
            yield from self._refused(base, judged, passages, clock)
            return
        missing = refusing.refusal(refusing.not_covered(judged.missing), passages) if judged.missing else None
        answer = replace(
            base,
            status="partial" if missing else "answered",
            sentences=tuple(sentences),
            refusal=missing,
            follow_ups=self._follow_ups(passages, sentences),
            answerable=judged.probability,
        )
        yield Done(self._finished(answer, clock))

    def _refused(self, base: Answer, judged: Judged, passages: Sequence[Passage], clock: Clock) -> Iterator[Event]:
        refusal = refusing.refusal(refusing.NOT_COVERED, passages)
        answer = replace(
            base, refusal=refusal, follow_ups=refusing.follow_ups(passages, (), 2), answerable=judged.probability
        )
        yield from self._told(answer, clock)

    def _told(self, answer: Answer, clock: Clock) -> Iterator[Event]:
        """An answer that is ready at once."""
        clock.first_text()
        for sentence in answer.sentences:
            yield Written(sentence)
        yield Done(self._finished(answer, clock))

    def _finished(self, answer: Answer, clock: Clock) -> Answer:
        return replace(answer, model=answer.model or self.model_name, index=self.index.name, timings_ms=clock.timings())

    # What each kind is made of.

    def _read_rules(self) -> Adviser | None:
        """The adviser of the rules beside the documents; None where there are none."""
        rules = load_rules(list(self.index.documents.values()))
        if rules is None:
            return None
        return Adviser(rules, self._finder.vectors, self.index.documents, self.index.passages)

    def _advice(self, question: str, history: History) -> Advice | None:
        if self._adviser is None or not self._adviser.asks_for_advice(question, history):
            return None
        said = (*reversed(earlier_questions(history)), question)
        return self._adviser.advise(" ".join(text if text[-1] in ".?!" else f"{text}." for text in said[-4:]))

    def _corrected(self, question: str) -> tuple[Sentence, ...]:
        """A false premise set right; the words nearest to it are searched for with and without the option it names."""
        found = premise(question)
        if found is None:
            return ()
        group = self._outline.rivals(found.text)
        own = frozenset().union(*(option.own for option in group.mentioned(found.text))) if group else frozenset()
        general = " ".join(word for word in found.text.split() if not content_set(word) & own)
        wordings = list(dict.fromkeys((general or found.text, found.text)))
        ranked = self.index.search_all([NO_ONE_ANSWER, *wordings], self._passages)
        passages = [hit.passage for hits in ranked for hit in hits]
        return correct(question, wordings, passages, self._finder, self._support, names_option=bool(own))

    def _wordings(self, base: Answer) -> tuple[str, ...]:
        """The question as understood and, where a follow-up has a subject of its own, as it was asked."""
        if base.standalone_question == base.question or not content_set(base.question):
            return (base.standalone_question,)
        return base.standalone_question, base.question

    def _compared(self, question: str) -> Compared | None:
        group = self._outline.rivals(question)
        chosen_between = group is not None and len(group.mentioned(question)) >= 2 and " or " in f" {question.lower()} "
        if kind(question) != "compare" and not (chosen_between and kind(question) == "direct"):
            return None
        sides = self._comparer.sides(question)
        return self._comparer.compare(question, sides) if sides else None

    def _in_parts(self, base: Answer, evidence: Sequence[Statement]) -> tuple[SubQuestion, ...]:
        """The parts of a question that has several, each with its statements; empty for one question."""
        if kind(base.question) in ("advise", "compare"):
            return ()
        asked = asked_in_parts(base.question, base.standalone_question, self._names)
        if len(asked) < 2:
            return ()
        return tuple(with_statements(part, evidence, self._outline, self._finder) for part in asked)

    def _names(self, subject: str) -> tuple[str, ...]:
        """What the guidance sets side by side and these words name."""
        group = self._outline.rivals(subject)
        return group.names if group else ()

    def _listed(self, question: str) -> tuple[tuple[Statement, ...], bool]:
        """The items of the list asked for, and whether its heading says all that the question says."""
        found = find_list(question, self._outline, self._finder) if kind(question) == "list" else None
        return (tuple(items(found.node)), found.exact) if found else ((), False)

    def _ready(
        self,
        corrected: tuple[Sentence, ...],
        advice: Advice | None,
        compared: Compared | None,
        listed: Sequence[Statement],
    ) -> tuple[Sentence, ...]:
        """The sentences of an answer that rules alone give; empty where a direct answer is to be written."""
        if corrected:
            return corrected
        if advice is not None and self._adviser is not None:
            return self._adviser.sentences(advice)
        if compared is not None:
            return compared_sentences(compared)
        return tuple(quoted(statement) for statement in listed)

    def _follow_ups(self, passages: Sequence[Passage], sentences: Sequence[Sentence]) -> tuple[str, ...]:
        used = {Place(c.document, c.title, c.section) for sentence in sentences for c in sentence.citations}
        return refusing.follow_ups(passages, used)

    def _shown(
        self, hits: Sequence[Hit], ready: Sequence[Sentence], compared: Compared | None, listed: Sequence[Statement]
    ) -> tuple[RetrievedPassage, ...]:
        """The passages of the answer: those found, and those that its citations stand in."""
        shown = {hit.passage.id: _retrieved(hit.passage, hit.score) for hit in hits}
        cited = [citation.passage for sentence in ready for citation in sentence.citations]
        cited += [statement.passage.id for statement in listed]
        if compared is not None:
            cells = [cell for row in compared.comparison.rows for cell in row.cells if cell]
            cited += [citation.passage for cell in cells for citation in cell.citations]
        least = min((hit.score for hit in hits), default=0.0)
        by_id = self._by_id if any(passage not in shown for passage in cited) else {}
        for passage in dict.fromkeys(cited):
            if passage not in shown and passage in by_id:
                shown[passage] = _retrieved(by_id[passage], least)
        return tuple(shown.values())

    @property
    def _by_id(self) -> dict[str, Passage]:
        return {passage.id: passage for passage in self.index.passages}

    def _retrieve(self, question: str, asked: str) -> list[Hit]:
        """Passages for the whole question, then for its parts and the clauses of a description, each once."""
        texts = [part.text for part in asked_in_parts(asked, question, self._names)]
        queries = [question, *(part for part in texts if part != question)]
        if kind(question) == "advise":
            queries += [clause for clause in clauses(question) if clause not in queries]
        ranked = self.index.search_all(queries, _SHOWN)
        best: dict[str, Hit] = {hit.passage.id: hit for hit in self._enough(ranked[0])}
        for hits in ranked[1:]:
            for hit in hits[:3]:
                best.setdefault(hit.passage.id, hit)
        return list(best.values())

    def _enough(self, hits: Sequence[Hit]) -> list[Hit]:
        """The first passages: as many as the settings say, and more of them where they are short."""
        kept: list[Hit] = []
        characters = 0
        for hit in hits:
            characters += len(hit.passage.text)
            if len(kept) >= self._passages and characters > _CHARACTERS:
                break
            kept.append(hit)
        return kept

    def _find_passages(self, query: str) -> list[Passage]:
        return [hit.passage for hit in self.index.search(query, self._passages)]


def _retrieved(passage: Passage, score: float) -> RetrievedPassage:
    return RetrievedPassage(
        passage.id, passage.document, passage.title, passage.section, passage.page, passage.text, round(float(score), 4)
    )
