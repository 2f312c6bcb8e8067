"""Direct answers: the statements chosen, whether they answer, the writing, and each sentence proved or replaced."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from assistant.answering.writing import carrier, keeps_to, speaks_of_another, stream, tidy
from assistant.contents import prompting
from assistant.contents.finder import StatementFinder
from assistant.contents.sides import DRAWBACKS, aspects
from assistant.contents.statements import Statement, quoted, quoted_after
from assistant.evidence.material import Judged
from assistant.evidence.subquestions import EACH_PART, SubQuestion, unanswered, with_earlier
from assistant.judging.answer_kind import LACKING, lacks_kind_of_answer
from assistant.judging.answerability import Answerability, task
from assistant.models import LanguageModel, yes_probability
from assistant.models.calibrated import Opinion
from assistant.models.opinion import is_trained_judge, opinion_of
from assistant.questions.kinds import Kind, kind
from assistant.records import Draft, Event, Sentence, Written
from assistant.support import SupportCheck
from assistant.words import content_set, coverage
from corpus import Passage
from index import Hit

_EVEN = 0.5
_COPIED = 0.7
_SURE = 0.6
"""The least probability with which a sentence is shown as supported: the judge alone is content with less."""
_COPIED_TOKENS = 220
_QUOTED = {"direct": 3, "advise": 4, "list": 5, "compare": 4}
_MEANT = 2
"""How many of the written sentences that the guidance does not state are replaced by its words."""
_SHARES = (0.7, 0.3)
"""How much the question and what was written count for which words are quoted instead."""
_EVEN_SCORE = 0.05
_ADDED, _BESIDE = 2, 2
"""How many words of a sentence another statement must hold that those before do not, and how many such are quoted."""
_NEAR_BEST = 0.2
"""How far below the best statement another may score and still be quoted beside it."""

AddTime = Callable[[str, float], None]


class DirectWriter:
    """Writes answers from statements, with a language model or by quoting."""

    def __init__(
        self,
        finder: StatementFinder,
        support: SupportCheck,
        answerability: Answerability,
        model: LanguageModel | None,
        threshold: float | None,
        options_named: Callable[[str], frozenset[str]] = lambda _: frozenset(),
    ) -> None:
        self._finder = finder
        self._support = support
        self._answerability = answerability
        self._model = model
        self._threshold = threshold
        self._options_named = options_named

    @property
    def reads(self) -> bool:
        """Whether a language model reads the statements, which takes a while."""
        return self._model is not None

    def judge(
        self,
        question: str,
        asked: Sequence[SubQuestion],
        chosen: Sequence[Statement],
        hits: Sequence[Hit],
        add: AddTime,
    ) -> Judged:
        """Whether the statements answer the question, and which of its parts, where it has several, they do not."""
        since = time.perf_counter()
        passages = [hit.passage for hit in hits]
        if asked:
            judged = self._judge_parts(asked, chosen, passages)
            add("verify", since)
            return judged
        cosine = max((hit.dense for hit in hits), default=0.0)
        lacking = lacks_kind_of_answer(question, [passage.searched_text for passage in passages])
        opinion = None
        if self._model and chosen and not lacking and not self._answerability.hopeless(question, passages, cosine):
            opinion = opinion_of(self._model, prompting.messages(chosen, question, task()))
        answerable, probability = self._verdict(question, passages, opinion, cosine, lacking=lacking)
        add("verify", since)
        return Judged(answerable, round(probability, 4), (), opinion is not None)

    def _verdict(
        self,
        question: str,
        passages: Sequence[Passage],
        opinion: Opinion | None,
        cosine: float | None = None,
        *,
        lacking: bool,
    ) -> tuple[bool, float]:
        """Whether passages answer a question, and how probably; not where they are ``lacking`` what it is for."""
        judgement = self._answerability.score(question, passages, opinion, cosine)
        if lacking:
            return False, min(judgement.probability, LACKING)
        if self._threshold is None:
            return judgement.answerable, judgement.probability
        return judgement.probability >= self._threshold, judgement.probability

    def _judge_parts(
        self, asked: Sequence[SubQuestion], chosen: Sequence[Statement], passages: Sequence[Passage]
    ) -> Judged:
        """Each part judged for itself, the language model reading the same statements for all; the best counts."""
        texts = [passage.searched_text for passage in passages]
        missing: list[str] = []
        best, read = 0.0, False
        for place, part in enumerate(asked):
            if part.listed:
                best = 1.0
                continue
            text = with_earlier(part, asked[place - 1]) if place else part.text
            lacking = lacks_kind_of_answer(part.text, texts) or self._answerability.hopeless(part.text, passages)
            opinion = None
            if self._model and chosen and not lacking:
                opinion = opinion_of(self._model, prompting.messages(chosen, text, task()))
                read = True
            answerable, probability = self._verdict(part.text, passages, opinion, lacking=lacking)
            best = max(best, probability)
            if not answerable:
                missing.append(part.asked)
        return Judged(len(missing) < len(asked), round(best, 4), tuple(missing), read)

    def write(
        self,
        question: str,
        asked: Kind,
        chosen: Sequence[Statement],
        cancelled: Callable[[], bool],
        add: AddTime,
        in_parts: Sequence[SubQuestion] = (),
        evidence: Sequence[Statement] = (),
    ) -> Iterator[Event]:
        """Drafts and proved sentences. What the check does not find in the guidance is replaced by its words.

        Those words are looked for in ``evidence``. Every part of a question in parts gets its list, or its best
        statement where nothing written carries one: the nearest to it and to what was written and not proved.
        """
        since = time.perf_counter()
        limit = _QUOTED[asked]
        said: list[Statement] = []
        unproved: list[str] = []
        if in_parts:
            written = [part.text for part in in_parts if not part.listed]
            if self._model is not None and written:
                question = " ".join(written) if len(written) < len(in_parts) else question
                yield from self._composed(self._model, question, chosen, said, unproved, cancelled, add)
            for part in () if cancelled() else unanswered(in_parts, said):
                wanted = len(part.listed) or EACH_PART[kind(part.asked)]
                found: Sequence[Statement] = part.statements
                if unproved and evidence and not part.listed and not part.defined:
                    found = self._finder.nearest((part.text, " ".join(unproved)), evidence, _SHARES)
                if not part.listed:
                    found = [one for one in found if one not in said]
                yield from self._quote(found, said, len(said) + wanted)
            add("generate", since)
            return
        if self._model is None:
            yield from self._quote(chosen, said, limit)
        elif asked == "list":
            yield from self._copied(self._model, question, chosen, said, cancelled)
        else:
            yield from self._composed(self._model, question, chosen, said, unproved, cancelled, add)
        if unproved and not cancelled():
            yield from self._meant(question, unproved, evidence or chosen, said)
        elif not cancelled():
            yield from self._quote(chosen[:1] if said else chosen[:2], said, len(said) + 1)
        add("generate", since)

    def _meant(
        self, question: str, unproved: Sequence[str], evidence: Sequence[Statement], said: list[Statement]
    ) -> Iterator[Event]:
        """The guidance's own words, those nearest to the question and them, in place of sentences it does not state.

        A sentence that tells several things gets more statements for the words that the first one does not hold, any
        other the next best where that is hardly worse.
        """
        asked = content_set(question)
        for text in unproved[:_MEANT]:
            near = self._finder.nearest((question, text), evidence, _SHARES)
            if not near:
                return
            first = near[0]
            near = [one for one in near if one.score >= first.score - _NEAR_BEST]
            also = _covering(content_set(text) - asked - content_set(first.text), near[1:])
            even = [one for one in near[1:2] if one.score >= first.score - _EVEN_SCORE]
            yield from self._quote((first, *(also or even)), said, len(said) + 1 + _BESIDE)

    def of_side(
        self, question: str, points: Sequence[Statement], cancelled: Callable[[], bool], add: AddTime
    ) -> Iterator[Event]:
        """Of points in order, the drawbacks or the advantages, whichever is asked for, in their own words.

        The language model says of each whether it is a drawback or, if not, an advantage; without one nothing comes.
        """
        if self._model is None:
            return
        wanted = DRAWBACKS in aspects(question)
        for point in points:
            if cancelled():
                return
            since = time.perf_counter()
            against = yes_probability(self._model, prompting.about(point, prompting.text("drawback"))) or 0.0
            fits = against > _EVEN
            if not wanted and not fits:
                # What speaks against nothing may speak for nothing either.
                speaks_for = yes_probability(self._model, prompting.about(point, prompting.text("advantage"))) or 0.0
                fits = speaks_for > against
            elif not wanted:
                fits = False
            add("verify", since)
            if fits:
                yield Written(quoted(point))

    def _quote(self, chosen: Sequence[Statement], said: list[Statement], limit: int) -> Iterator[Event]:
        """Statements in their own words, those near to the best and not said yet."""
        for statement in chosen:
            if len(said) >= limit:
                return
            near = statement.score >= chosen[0].score - _NEAR_BEST
            if near and all(statement.key != other.key for other in said):
                sentence = quoted_after(statement, said)
                said.append(statement)
                yield Written(sentence)

    def _copied(
        self,
        model: LanguageModel,
        question: str,
        chosen: Sequence[Statement],
        said: list[Statement],
        cancelled: Callable[[], bool],
    ) -> Iterator[Event]:
        """The model picks by copying; what stands in the answer is the guidance's own statement, not the copy."""
        messages = prompting.messages(chosen, question, prompting.text("copy"))
        for fragment in stream(model, messages, cancelled, max_tokens=_COPIED_TOKENS):
            if not fragment.finished:
                yield Draft(fragment.text)
                continue
            stems = content_set(fragment.text)
            best = max(chosen, key=lambda s: coverage(stems, content_set(f"{s.label} {s.text}")))
            if coverage(stems, content_set(f"{best.label} {best.text}")) >= _COPIED and best not in said:
                said.append(best)
                yield Written(quoted(best))

    def _composed(
        self,
        model: LanguageModel,
        question: str,
        chosen: Sequence[Statement],
        said: list[Statement],
        unproved: list[str],
        cancelled: Callable[[], bool],
        add: AddTime,
    ) -> Iterator[Event]:
        """Sentences of the model's own, each checked against the statements that carry its words.

        A sentence whose check is unclear waits for the end of the writing, for the model cannot judge while it writes.
        Those that the statements do not carry are added to ``unproved``.
        """
        messages = prompting.messages(chosen, question, prompting.text("write"))
        waiting: list[str] = []
        for fragment in stream(model, messages, cancelled):
            if not fragment.finished:
                yield Draft(fragment.text)
                continue
            if fragment.text[-1] not in ".!?":  # A title or a keyword, and no sentence.
                unproved.append(fragment.text)
                continue
            since = time.perf_counter()
            proof = self.prove(fragment.text, chosen)
            add("verify", since)
            if waiting or (proof is not None and proof.unclear):
                waiting.append(fragment.text)
            elif proof is not None:
                yield from _said(proof, said)
            else:
                unproved.append(fragment.text)
        for text in waiting:
            if cancelled():
                return
            since = time.perf_counter()
            proof = self.prove(text, chosen, ask_model=True)
            add("verify", since)
            if proof is not None:
                yield from _said(proof, said)
            else:
                unproved.append(text)

    def prove(self, text: str, chosen: Sequence[Statement], *, ask_model: bool = False) -> "Proof | None":
        """The sentence with its citation; None where no one statement carries its words or it does not state it.

        Without ``ask_model`` the proof may be unclear: then it is the language model's to say, when it is free.
        """
        statement = carrier(tidy(text), chosen, self._finder)
        if statement is None:
            return None
        named = self._options_named(text)
        if (named and self._options_named(statement.text) - named) or not keeps_to(text, statement):
            # Of a statement about several options a small model may say of one what is said of another.
            return None
        evidence = [statement.with_headings]
        other = is_trained_judge(self._model) and speaks_of_another(text, statement)
        if ask_model:
            verdict = self._support.judge_claim(text, evidence, always=other)
        else:
            verdict = self._support.score(text, evidence)
        open_to_model = verdict.needs_model or (other and verdict.score < 1.0)
        if not ask_model and open_to_model and self._model is not None:
            return Proof(Sentence(text, "unsupported", 0.0), statement, unclear=True)
        if verdict.support != "supported" or verdict.score < _SURE:
            return None
        return Proof(Sentence(text, "supported", round(verdict.score, 3), (statement.citation(),)), statement)


def _covering(wanted: frozenset[str], statements: Sequence[Statement]) -> list[Statement]:
    """The statements that hold most of the words that are left over, one after the other."""
    chosen: list[Statement] = []
    while statements and len(chosen) < _BESIDE:
        best = max(statements, key=lambda one: len(content_set(one.text) & wanted))
        if len(content_set(best.text) & wanted) < _ADDED:
            break
        chosen.append(best)
        wanted -= content_set(best.text)
    return chosen


@dataclass(frozen=True, slots=True)
class Proof:
    """A sentence with the statement that carries it."""

    sentence: Sentence
    carrying: Statement
    unclear: bool = False


def _said(proof: Proof, said: list[Statement]) -> Iterator[Event]:
    if proof.carrying not in said:
        said.append(proof.carrying)
    yield Written(proof.sentence)
