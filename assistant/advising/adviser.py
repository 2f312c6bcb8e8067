"""Advice for a described organization, by the rules of the guidance alone: the same description, the same lean."""

import logging
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from assistant.advising import wording
from assistant.advising.asking import wants_advice
from assistant.advising.cues import Cue, compile_cues, spelled, stands
from assistant.advising.heard import Heard, Hearing
from assistant.advising.reading import Reader, Reading, Vectors, known
from assistant.advising.rules import FactorRule, Quote, Rules, Value
from assistant.advising.scope import denies
from assistant.conversation import elliptic
from assistant.notices import INFERRED
from assistant.options import OPTION_NOUNS
from assistant.question import kind
from assistant.records import Advice, Citation, Factor, History, Sentence
from assistant.vague import asks_of_another_subject
from assistant.words import content_set, in_sentences, words
from corpus import Document, Passage, UserError

log = logging.getLogger(__name__)
T = TypeVar("T")

_ANY_ORGANIZATION = content_set("organization organisation company dynamics availability factors factor")
_PIECES = re.compile(
    r"[.,;:!?()]+|\s[–—-]+\s|\b(?:and|or|versus|vs|than|as|but|while|whereas|between|from|mine|theirs|the other)\b",
    re.IGNORECASE,
)
_MOST_PIECES = 12
_LEADS = re.compile(
    r"^(?:(?:how|why|what|which|whether|should|do|does|did|is|are|can|would|will|so|and|but)\s+)+(?=\w)", re.IGNORECASE
)
"""What a piece of a question may begin with that is no part of a description."""
_PAIRED = re.compile(
    r"\b(?:differ\w*|same|both|each|versus|vs|compar\w+|than|between|whereas|while|unlike|respectively|two of us"
    r"|(?:what|which)(?: \w+){0,3} (?:suits?|fits?|for|goes with|belongs to) (?:which|what|whom|who)|the other)\b",
    re.IGNORECASE,
)
"""How a question sets organizations against each other."""
_COUNTERPARTS = re.compile(
    r"(?P<one>[^.,;:!?]{3,60}?)\s+(?:versus|vs\.?|as opposed to|compared (?:to|with)|unlike)\s+"
    r"(?P<other>[^.,;:!?]{3,60})"
    r"|\bone\b(?P<first>[^.;:!?]{3,80}?),? (?:and |but |while |whereas )?the other\b(?P<second>[^.;:!?]{3,80})",
    re.IGNORECASE,
)
"""Two that are set against each other in a few words each: "newcomer versus old hand", "one ..., the other ..."."""
_SEVERAL = 2
_PLAINLY = 2
"""How many factors make a description that asks for advice, where its words do not ask or are only like examples."""


@dataclass(frozen=True, slots=True)
class FormField:
    """One question of the short form: a factor, what to ask, and the values to choose from."""

    name: str
    question: str
    values: tuple[str, ...]


_OF_OTHERS = re.compile(
    r"\b(?:what|how|why|when|where|who) (?:do|does|did|can|could|must|would) (?:they|it|he|she)\b", re.IGNORECASE
)
"""Asks what others do or need, and no advice."""


class Adviser:
    """Weighs what is known of an organization by the rules.

    ``vectors`` gives unit vectors of texts by the embedding, shape (n, dim). ``documents`` are those the rules were
    loaded with, by name; a quote that does not stand where the rules found it raises ``UserError``. ``hearing`` is a
    language model that hears what cues and examples alone do not tell.
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
        self._called = [(option.name, compile_cues(option.called, {}, spelled)) for option in rules.options]
        self._citations = {quote: _citation(rules, quote, documents, passages) for quote in rules.quotes()}

    def read(self, text: str) -> Mapping[str, Reading]:
        """What a description says of the factors, by their names; those it says nothing of are left out."""
        return self._reader.read(text)

    def asks_for_advice(self, question: str, history: History = ()) -> bool:
        """Whether a message asks what to do and the asker's organization is described in it or earlier.

        A bare description asks for advice as well, once two factors or more are known. What to do about something else
        than the options is another question.
        """
        said = " ".join((*(turn.text + "." for turn in history if turn.role == "user"), question))
        elsewhere = asks_of_another_subject(question, self.option_stems)
        wants = not elsewhere and wants_advice(question)
        if wants and kind(question) == "advise":
            return True
        readings = self.read(said) if wants else {}
        if any(reading.how != "similar" for reading in readings.values()) or len(known(readings)) >= _PLAINLY:
            return True
        if self._hears_asking(said, question):
            return self.describes(said)
        describes = not elsewhere and not wants and self.only_describes(question)
        return describes and len(known(self.read(said))) >= _PLAINLY

    def _hears_asking(self, said: str, question: str) -> bool:
        """Whether a language model hears that more than one sentence ends in asking which option suits."""
        if self._heard is None or kind(question) not in ("direct", "advise") or not re.search(r"[.!?]\s+\w", said):
            return False
        if _OF_OTHERS.search(question) or elliptic(question):
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

    def only_describes(self, message: str) -> bool:
        """Whether a message describes the asker's organization and asks nothing."""
        return kind(message) == "direct" and "?" not in message and self.describes(message)

    def opposed(self, text: str) -> tuple[Sentence, ...]:
        """What the guidance says to each of several organizations that a text sets against each other.

        That is to each value of a factor of which it says several; empty where it says one at most.
        """
        if not _PAIRED.search(text) or not (kind(text) == "compare" or self.read(text)):
            return ()
        said: dict[str, dict[str, None]] = {}
        for piece in _PIECES.split(text)[:_MOST_PIECES]:
            for name, value in self._said_in(piece).items():
                said.setdefault(name, {})[value] = None
        if not any(len(values) >= _SEVERAL for values in said.values()):
            for name, value in self._opposites(text):
                said.setdefault(name, {})[value] = None
        return tuple(
            wording.where(factor, value, self._citations[value.quotes[0]])
            for factor in self._rules.factors
            if len(said.get(factor.name, ())) >= _SEVERAL
            for value in map(factor.value, said[factor.name])
            if value.points_to
        )

    def _said_in(self, piece: str) -> dict[str, str]:
        """The values that a piece of a question says, by factor."""
        return known(self.read(_LEADS.sub("", piece.strip())))

    def _opposites(self, text: str) -> Iterator[tuple[str, str]]:
        """Both values of a factor of which one of two counterparts says one, and the other nothing that is heard."""
        match = _COUNTERPARTS.search(text)
        if match is None:
            return
        pair = (match["one"] or match["first"], match["other"] or match["second"])
        if any(map(self.called, pair)):
            return
        one, other = map(self._said_in, pair)
        if bool(one) == bool(other):
            return
        for factor in self._rules.factors:
            if factor.name in (one or other) and len(factor.values) == _SEVERAL:
                yield from ((factor.name, value.name) for value in factor.values)

    def advise(self, text: str) -> Advice | None:
        """Advice for the organization that a text describes; None where it says nothing that the rules go by.

        ``text`` is what the asker said, in the order it was said, the question last.
        """
        return self._weigh(self.read(text))

    def advise_for(self, values: Mapping[str, str]) -> Advice | None:
        """Advice for values chosen in a form, by factor; raises ``UserError`` for a value that is not offered."""
        self._check(values)
        return self._weigh({name: Reading(value, ()) for name, value in values.items()})

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
        if not readings or self._weigh(readings) is not None:
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

    def option_called(self, own: frozenset[str]) -> str:
        """The name of the option that the guidance tells apart by these stems; empty for none."""
        return next((option.name for option in self._rules.options if own <= content_set(option.name)), "")

    def advise_otherwise(self, change: str, before: Sequence[str]) -> Advice | None:
        """Advice where a message changes what was said ``before``, latest first ("what if we were rich instead?").

        That holds but for the factors that are changed. None where it is not understood what changes.
        """
        changed = known(self.read(change))
        told = [one for text in reversed(before) for one in in_sentences(text)]
        kept = [one for one in told if changed.keys().isdisjoint(known(self.read(one)))]
        said = (text if text[-1] in ".?!" else f"{text}." for text in (*kept, change))
        return self.advise(" ".join(said)) if changed else None

    def called(self, text: str) -> tuple[str, ...]:
        """The options that a text speaks of in other words, by their names; what it combines it does not mean apart."""
        said = spelled(text)
        names = tuple(name for name, cues in self._called if stands(cues, said))
        combining = self._rules.combining
        if combining and combining.option in names and kind(text) != "compare":
            return (combining.option,)
        return names

    def beside(self, text: str, name: str) -> tuple[str, ...]:
        """The options besides the one called ``name`` of which a text names who or what makes them out.

        "Compared with when teams do" says of the teams alone what was said of others before.
        """
        said = spelled(text)
        named = ((one, [Cue(cue.parts[:1]) for cue in cues if cue.loose]) for one, cues in self._called if one != name)
        return tuple(one for one, cues in named if one != self.combining and stands(cues, said))

    @property
    def option_names(self) -> tuple[str, ...]:
        """The options, as sentences call them."""
        return tuple(option.name for option in self._rules.options)

    @property
    def combining(self) -> str:
        """The option that combines the others; empty where there is none."""
        return self._rules.combining.option if self._rules.combining else ""

    def meant(self, question: str) -> tuple[str, ...]:
        """The options, two or more, that a question sets against each other in words that no cue knows; else none."""
        return self._hear(lambda heard: heard.options(question, self._spoken_of), otherwise=())

    def _spoken_of(self, piece: str) -> tuple[str, ...]:
        """The options that a piece of a question calls by their names or by other words."""
        said = content_set(piece)
        named = (name for name in self.option_names if content_set(name) - OPTION_NOUNS <= said)
        return tuple(dict.fromkeys((*named, *self.called(piece))))

    def learn(self, ending: Callable[[], bool]) -> None:
        """Learns in how many ways people say so, while nobody asks."""
        if self._heard:
            self._heard.learn(ending)

    @property
    def notice(self) -> str:
        """A line that the reader of advice should see about the rules; empty for those that an owner wrote."""
        return INFERRED if self._rules.inferred else ""

    @property
    def option_stems(self) -> frozenset[str]:
        """The stems of the words that the options are called by."""
        return frozenset().union(*map(content_set, self.option_names))

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

    def _weigh(self, readings: Mapping[str, Reading]) -> Advice | None:
        values = known(readings)
        chosen = {
            factor.name: factor.value(values[factor.name]) for factor in self._rules.factors if factor.name in values
        }
        if not any(value.points_to for value in chosen.values()):
            return None
        factors = tuple(self._factor(factor, readings.get(factor.name)) for factor in self._rules.factors)
        return Advice(factors, lean(self._rules, chosen.values()), self._changes(readings, chosen))

    def _factor(self, rule: FactorRule, reading: Reading | None) -> Factor:
        if reading is None or not reading.value:
            return Factor(rule.name, "", "")
        value = rule.value(reading.value)
        return Factor(
            rule.name, wording.given(value, reading), value.points_to, tuple(self._citations[q] for q in value.quotes)
        )

    def _changes(self, readings: Mapping[str, Reading], chosen: Mapping[str, Value]) -> tuple[str, ...]:
        """What would lead to another lean: another value of a known factor, or a factor that is not known."""
        now = lean(self._rules, chosen.values())
        changes: list[str] = []
        for factor in self._rules.factors:
            if factor.name not in chosen:
                continue
            for other in factor.values:
                then = lean(self._rules, {**chosen, factor.name: other}.values())
                if other != chosen[factor.name] and other.points_to and then != now:
                    changes.append(wording.would_flip(factor, chosen[factor.name], other, then))
        if not changes:
            changes.append("No single one of the known factors, if it were otherwise, would change this.")
        for factor in self._rules.factors:
            if factor.name not in chosen:
                leans = {value.name: lean(self._rules, {**chosen, "": value}.values()) for value in factor.values}
                changing = {name: then for name, then in leans.items() if then != now}
                changes.append(wording.not_known(factor, readings.get(factor.name), changing))
        return tuple(changes)


def _about(factor: FactorRule) -> frozenset[str]:
    """The stems of what a factor is about."""
    return content_set(f"{factor.name} {factor.subject}") - _ANY_ORGANIZATION


def lean(rules: Rules, values: Iterable[Value]) -> str:
    """The option that these values lead to.

    What all of them point to; where they pull apart, what the guidance says of combining; where it says nothing of
    that, what more than half of them point to; else nothing, the empty string.
    """
    pointed = [value.points_to for value in values if value.points_to]
    distinct = set(pointed)
    if len(distinct) <= 1:
        return pointed[0] if pointed else ""
    if rules.combining:
        return rules.combining.option
    most = max(distinct, key=pointed.count)
    return most if pointed.count(most) * 2 > len(pointed) else ""


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
