"""Advice for a described organization, by the rules of the guidance alone: the same description, the same lean."""

import logging
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from assistant.advising import wording
from assistant.advising.asking import wants_advice
from assistant.advising.calling import Calling
from assistant.advising.heard import Heard, Hearing
from assistant.advising.opposing import Opposing
from assistant.advising.reading import Reader, Reading, Vectors, known
from assistant.advising.rules import FactorRule, Quote, Rules
from assistant.advising.scope import denies
from assistant.advising.weighing import Weighing
from assistant.conversation.standing_alone import elliptic
from assistant.notices import INFERRED
from assistant.questions.kinds import kind
from assistant.questions.vague import asks_of_another_subject
from assistant.records import Advice, Citation, History, Sentence
from assistant.words import content_set, in_sentences, words
from corpus import Document, Passage, UserError

log = logging.getLogger(__name__)
T = TypeVar("T")

_ANY_ORGANIZATION = content_set("organization organisation company dynamics availability factors factor")
_PLAINLY = 2
"""How many factors make a description that asks for advice, where its words do not ask or are only like examples."""


@dataclass(frozen=True, slots=True)
class FormField:
    """One question of the short form: a factor, what to ask, and the values to choose from."""

    name: str
    question: str
    values: tuple[str, ...]


_OF_GUIDANCE = re.compile(
    r"\b(?:do|does|did|would|is|are) (?:the|your|this|our) (?:[\w-]+ )?"
    r"(?:guidance|guide|documents?|papers?|policy|playbook)\b[^.?!]*\?\W*$",
    re.IGNORECASE,
)
"""Ends in asking what the guidance does: "does your guidance back me up?"."""
_OF_OTHERS = re.compile(
    r"\b(?:what|how|why|when|where|who) (?:do|does|did|can|could|must|would) (?:they|it|he|she)\b", re.IGNORECASE
)
"""Asks what others do or need, and no advice."""


_ASKS = re.compile(
    r"^(?:(?:please|so|now|and|but|then|ok(?:ay)?),? )*"
    r"(?:explain|tell|give|show|list|describe|summari[sz]e|name|outline|write|draft|help|convince|persuade|argue)\b"
    r"|(?:^|[,.;:!–-] )(?:(?:so|and|but) )?(?:what|how|why|who (?:should|does|do|is|can|would|pays)"
    r"|which [\w-]+ (?:should|does|do|is|are|can|would))\b"
    r"|\b(?:does (?:it|that|this|he|she|they|we|i|the \w+)|do (?:they|we|i|you)|did (?:it|they|we|i|he|she|you)|is it"
    r"|are (?:they|we|you)|(?:can|could|will|would|should|must) (?:it|they|we|i|he|she|you))\b(?!['’]|\s*(?:$|[,.;]))",
    re.IGNORECASE,
)
"""Asks for something, question mark or not."""


class Adviser:
    """Weighs what is known of an organization by the rules.

    ``vectors`` gives unit vectors of texts by the embedding, shape (n, dim). ``documents`` are those the rules were
    loaded with, by name; a quote that does not stand where the rules found it raises ``UserError``. ``hearing`` is a
    language model that hears what cues and examples alone do not tell. ``calling`` tells which options a text means.
    """

    def __init__(
        self,
        rules: Rules,
        vectors: Vectors,
        documents: Mapping[str, Document],
        passages: Sequence[Passage],
        hearing: Hearing | None = None,
    ) -> None:
        self._rules = rules
        self._heard = Heard(rules, hearing) if hearing else None
        self._reader = Reader(rules, vectors, self._heard)
        self._citations = {quote: _citation(rules, quote, documents, passages) for quote in rules.quotes()}
        self._weighing = Weighing(rules, self._citations)
        self.calling = Calling(
            rules, lambda text, named: self._hear(lambda heard: heard.options(text, named), otherwise=())
        )
        self._opposing = Opposing(rules, self.read, self.calling.called)

    def read(self, text: str) -> Mapping[str, Reading]:
        """What a description says of the factors, by their names; those it says nothing of are left out."""
        return self._reader.read(text)

    def asks_for_advice(self, question: str, history: History = ()) -> bool:
        """Whether a message asks what to do and the asker's organization is described in it or earlier.

        A bare description asks for advice as well, once two factors or more are known. What to do about something else
        than the options is another question.
        """
        said = " ".join((*(turn.text + "." for turn in history if turn.role == "user"), question))
        elsewhere = asks_of_another_subject(question, self.calling.stems)
        wants = not elsewhere and wants_advice(question)
        if wants and kind(question) == "advise":
            return True
        readings = self.read(said) if wants else {}
        if any(reading.how != "similar" for reading in readings.values()) or len(known(readings)) >= _PLAINLY:
            return True
        if self._hears_asking(said, question):
            return self.describes(said)
        describes = not elsewhere and not wants and self.only_describes(question)
        return describes and self.describes_plainly(said)

    def _hears_asking(self, said: str, question: str) -> bool:
        """Whether a language model hears that more than one sentence ends in asking which option suits."""
        if self._heard is None or kind(question) not in ("direct", "advise") or not re.search(r"[.!?]\s+\w", said):
            return False
        if _OF_OTHERS.search(question) or _OF_GUIDANCE.search(question) or elliptic(question):
            return False
        return self._hear(lambda heard: heard.asks(question), otherwise=False)

    def _hear(self, hear: Callable[[Heard], T], *, otherwise: T) -> T:
        """What is heard in a question; ``otherwise`` without a language model, or where it fails."""
        try:
            return hear(self._heard) if self._heard else otherwise
        except UserError as error:
            log.warning("A question was read without the language model: %s", error)
            return otherwise

    def describes(self, text: str) -> bool:
        """Whether a text says something of an organization that the rules go by."""
        return bool(known(self.read(text)))

    def describes_plainly(self, text: str) -> bool:
        """Whether a text says several things of an organization that the rules go by."""
        return len(known(self.read(text))) >= _PLAINLY

    def only_describes(self, message: str) -> bool:
        """Whether a message describes the asker's organization and asks nothing."""
        asks = "?" in message or _ASKS.search(message)
        return kind(message) == "direct" and not asks and self.describes(message)

    def opposed(self, text: str) -> tuple[Sentence, ...]:
        """What the guidance says to each of several organizations that a text sets against each other.

        That is to each value of a factor of which it says several; empty where it says one at most.
        """
        values = self._opposing.opposed(text)
        return tuple(wording.where(factor, value, self._citations[value.quotes[0]]) for factor, value in values)

    def advise(self, text: str) -> Advice | None:
        """Advice for the organization that a text describes; None where it says nothing that the rules go by.

        ``text`` is what the asker said, in the order it was said, the question last.
        """
        return self._weighing.advice(self.read(text))

    def advise_for(self, values: Mapping[str, str]) -> Advice | None:
        """Advice for values chosen in a form, by factor; raises ``UserError`` for a value that is not offered."""
        self._check(values)
        return self._weighing.advice({name: Reading(value, ()) for name, value in values.items()})

    def described(self, values: Mapping[str, str]) -> str:
        """The values of a form as the question of a person who describes their organization so."""
        self._check(values)
        return wording.described(self._rules, values)

    def form(self) -> tuple[FormField, ...]:
        """The factors as a short form."""
        return tuple(
            FormField(factor.name, factor.question, tuple(value.name for value in factor.values))
            for factor in self._rules.factors
        )

    def question(self, advice: Advice | None, text: str = "") -> str:
        """The one question to ask back.

        Without advice it asks for what the rules go by, and for what contradicts itself in ``text``, what the asker
        said; with advice it asks for the first factor that is not known, and is empty where all are.
        """
        if advice is not None:
            missing = [factor.name for factor in advice.factors if not factor.given]
            return self._rules.factor(missing[0]).question if missing else ""
        readings = self.read(text)
        unclear = [(name, reading) for name, reading in readings.items() if not reading.value]
        if unclear:
            return wording.unclear(self._rules.factor(unclear[0][0]), unclear[0][1])
        values = known(readings)
        if len(values) == len(self._rules.factors):
            return wording.silent(self._rules, values)
        return wording.ask(self._rules, values)

    def undecided(self, text: str) -> str:
        """What to say of a description that leaves the choice open: that it points nowhere, or what is unclear in it.

        Empty where the text says nothing that the rules go by, or what points to an option.
        """
        readings = self.read(text)
        values = known(readings)
        if not readings or self._weighing.advice(readings) is not None:
            return ""
        return wording.silent(self._rules, values) if len(values) == len(readings) else self.question(None, text)

    def judgment(self) -> tuple[Sentence, ...]:
        """What the guidance says of combining the options, in its words; empty where the rules have no such quote."""
        combining = self._rules.combining
        quotes = combining.quotes[:1] if combining else ()
        return self._told(quotes)

    def conditional(self, document: str, start: int, end: int) -> bool:
        """Whether words of a document, from ``start`` to ``end``, hold what is said for one value of a factor."""
        quotes = (quote for factor in self._rules.factors for value in factor.values for quote in value.quotes)
        return any(quote.document == document and quote.start < end and start < quote.end for quote in quotes)

    def against(self, claim: str, option: str) -> tuple[Sentence, ...]:
        """What the guidance says of the organizations that a claim gives an ``option``, where it all points elsewhere.

        Empty where nothing is known of them, or where the claim denies something.
        """
        if denies(words(claim)):
            return ()
        values = [self._rules.factor(name).value(value) for name, value in known(self.read(claim)).items()]
        pointing = [value for value in values if value.points_to]
        if any(value.points_to == option for value in pointing):
            return ()
        return self._told(value.quotes[0] for value in pointing)

    def _told(self, quotes: Iterable[Quote]) -> tuple[Sentence, ...]:
        return tuple(Sentence(quote.text, "supported", 1.0, (self._citations[quote],)) for quote in quotes)

    def grounds(self, question: str, option: str = "") -> tuple[Citation, ...]:
        """What the guidance says of who does well with which option, or with that ``option`` alone, by its name.

        A question that names what some of the factors are about ("which industries ...") is told of those.
        """
        named = [factor for factor in self._rules.factors if content_set(question) & _about(factor)]
        return tuple(
            dict.fromkeys(
                self._citations[value.quotes[0]]
                for factor in named or self._rules.factors
                for value in factor.values
                if value.points_to and (not option or option == value.points_to)
            )
        )

    def advise_otherwise(self, change: str, before: Sequence[str]) -> Advice | None:
        """Advice where a message changes what was said ``before``, latest first ("what if we were rich instead?").

        That holds but for the factors that are changed. None where it is not understood what changes.
        """
        changed = self.read(change)
        told = [one for text in reversed(before) for one in in_sentences(text)]
        kept = [one for one in told if known(changed).keys().isdisjoint(known(self.read(one)))]
        said = " ".join(text if text[-1] in ".?!" else f"{text}." for text in kept)
        return self._weighing.advice({**self.read(said), **changed}) if known(changed) else None

    def learn(self, ending: Callable[[], bool]) -> None:
        """Learns in how many ways people say so, while nobody asks."""
        if self._heard:
            self._heard.learn(ending)

    @property
    def notice(self) -> str:
        """A line that the reader of advice should see about the rules; empty for those that an owner wrote."""
        return INFERRED if self._rules.inferred else ""

    def sentences(self, advice: Advice) -> tuple[Sentence, ...]:
        """The advice in two to five plain sentences, each with the words it rests on."""
        return wording.sentences(self._rules, advice, self._citations)

    def _check(self, values: Mapping[str, str]) -> None:
        fields = {field.name: field.values for field in self.form()}
        for factor, value in values.items():
            if factor not in fields:
                raise UserError(f'"{factor[:80]}" is no factor of the guidance any more; reload the page')
            if value not in fields[factor]:
                offered = ", ".join(fields[factor])
                raise UserError(f'"{value[:80]}" is no value of the factor "{factor}"; choose one of {offered}')


def _about(factor: FactorRule) -> frozenset[str]:
    """The stems of what a factor is about."""
    return content_set(f"{factor.name} {factor.subject}") - _ANY_ORGANIZATION


def _citation(rules: Rules, quote: Quote, documents: Mapping[str, Document], passages: Sequence[Passage]) -> Citation:
    document = documents.get(quote.document)
    if document is None or document.text[quote.start : quote.end] != quote.text:
        raise UserError(f"{rules.path} was read for another version of {quote.document}; index the documents anew")
    own = [passage for passage in passages if passage.document == quote.document]
    within = [passage for passage in own if passage.start <= quote.start < passage.end]
    if not within:
        raise UserError(
            f'{rules.path}: the quote "{quote.text[:60]}" stands in a heading of {quote.document}; quote a sentence'
        )
    passage = max(within, key=lambda passage: min(passage.end, quote.end))
    page = document.page_at(quote.start)
    return Citation(
        passage.id, quote.document, passage.title, passage.section, page, quote.text, quote.start, quote.end
    )
