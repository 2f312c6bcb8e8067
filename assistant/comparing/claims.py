"""Questions that take a side or something for granted: both sides of what they name, or what the guidance does say."""

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.advising.judgment import NO_ONE_ANSWER, Judgment
from assistant.comparing.comparer import Comparer
from assistant.comparing.exchanged import Exchanges
from assistant.contents.balancing import (
    Balance,
    asked_besides,
    balance,
    chooses_for_all,
    denies_drawbacks,
    proposes,
    sways,
    takes_sides,
    without_sides,
)
from assistant.contents.finder import StatementFinder
from assistant.contents.options import Option
from assistant.contents.outline import Outline
from assistant.contents.polarity import UNLABELLED, speaks_for
from assistant.contents.statements import Statement, quoted, split_statements
from assistant.evidence.retrieving import Retriever
from assistant.questions.kinds import kind
from assistant.questions.premises import attributed, not_said, premise
from assistant.records import Sentence
from assistant.support import SupportCheck
from assistant.words import content_set, coverage, stem, words
from corpus import Passage

_ABSOLUTE = frozenset(
    """
    always never only all every everyone everybody nobody none no best worst better worse must guarantees guaranteed
    proven impossible certain certainly right ideal perfect requires required mandatory demands mandates forbids
    forbidden bans banned prohibits prohibited abolished cheapest fastest safest superior inferior
    """.split()
)
_CHOICE = frozenset("best worst right every everyone superior inferior ideal perfect".split())
_COMPARED = frozenset("better worse always never".split())
"""Absolute words that claim one choice for all: what guidance says against any single choice bears on them."""
_CLAIMED = re.compile(
    r"^(?:does|do|did) .*?\b(?P<verb>guarantee|require|demand|mandate|forbid|ban|prohibit|abolish)\b", re.IGNORECASE
)
_WHY = re.compile(r"(?:so |and |but )*why\b", re.IGNORECASE)
_COPULA = re.compile(r"(?:is|are|was|were|be|been|will|would)$", re.IGNORECASE)
_ITSELF = content_set("guidance guide document paper policy strategy text")
_FOR_ALL = frozenset("everybody everyone every all always nobody none".split())
_SELDOM = frozenset("seldom rarely hardly scarcely few never nobody none neither except excepting excluding".split())
"""Words by which guidance denies what is claimed of all, though in other words than the claim's."""
_UNIVERSAL = frozenset(
    "whichever whatever wherever every everyone everybody any all always regardless both each".split()
)
"""Words by which guidance says of all what is claimed of some only."""
_NEAR = 0.45
_OF_MEANING = 1.3
"""How much nearness in meaning counts for what meets a claim: what is near may tell of its subject alone."""
_CARRIED = 0.6
_DENIES, _NEARLY = 0.35, 0.2
"""The least score of a statement that denies what is claimed of all, and how far below the best it may score."""
_TO_THE_POINT = 0.6
_TELLING = 2
"""How many words a claim must have beside its option to be searched for without it."""
_SPEAKS_OF = 0.34
"""The least share of a claim's own words that statements have which speak of it at all."""
_CLEARLY = 0.05
"""How much nearer to a claim a point of the other side must be than those of the claim's own side."""


class Claims:
    """Sets right what questions claim; ``common`` are the stems that most passages hold."""

    def __init__(
        self,
        outline: Outline,
        finder: StatementFinder,
        support: SupportCheck,
        retriever: Retriever,
        comparer: Comparer,
        judgment: Judgment,
        common: frozenset[str],
    ) -> None:
        self._outline = outline
        self._finder = finder
        self._support = support
        self._retriever = retriever
        self._comparer = comparer
        self._judgment = judgment
        self._common = common
        self._exchanges = Exchanges(finder, support, retriever)

    def balanced(self, question: str) -> tuple[Sentence, ...]:
        """Both sides of the one option that a question praises, condemns or urges, the same however it is put."""
        takes = takes_sides(question)
        if kind(question) == "compare" or not (takes or proposes(question) or sways(question)):
            return ()
        option = self.one_option(question)
        if option is None:
            return self._balanced_unheaded(question) if takes else ()
        both = balance(option.node)
        if both is None:
            return ()
        judgment = self._judgment.sentences()
        found = premise(re.sub(r" \([^()]*\)$", "", question))
        met = self._met(found.text, option, both) if found else None
        first = self._to_the_point(question, option, {other.key for other in both.brief}) or ([met] if met else [])
        said = {statement.key: quoted(statement) for statement in (*first, *both.brief)}
        lead: tuple[Sentence, ...] = ()
        if found is not None:
            named = option.own | self._shared(option)
            against = self._judgment.against_one() if chooses_for_all(found.text) else ()
            nearest = [first[0].citation()] if met and first else [one.citations[0] for one in against]
            lead = (not_said(found.text, named, nearest),) if nearest else ()
        return (*lead, *said.values(), *judgment)

    def corrected(self, asked: str, question: str) -> tuple[Sentence, ...]:
        """A false premise set right; the words nearest to it are searched for with and without the option it names.

        ``question`` is the one that was ``asked`` as it stands alone, where it may say which option it means.
        """
        found = premise(asked)
        if found is None:
            return ()
        # What a plain question for reasons takes for granted may well be so.
        plain = _absolutes(found.text) & (_CHOICE | _COMPARED) or _WHY.match(asked)
        against = () if plain else self._against(found.text, question)
        if against:
            return against
        group = self._outline.rivals(found.text)
        named = group.mentioned(found.text) if group else ()
        own = frozenset().union(*(option.own for option in named))
        if _WHY.match(asked) and not own and _absolutes(found.text) <= _FOR_ALL and not attributed(asked):
            return ()  # "Why does everyone have to know it?" may be answered by what is said of a whole organization.
        shared = group.shared if group and named else frozenset()
        others = [option.own for option in group.options if option not in named] if group else []
        general = " ".join(word for word in found.text.split() if not content_set(word) & own)
        if (
            group
            and len(named) == 1
            and (other := self._exchanges.said_of_another(found.text, general, named[0], group))
        ):
            return not_said(found.text, own | group.shared, [other.citation()]), quoted(other)
        telling = content_set(general) - _ITSELF - {stem(word) for word in _absolutes(found.text)}
        wordings = list(dict.fromkeys((general if len(telling) >= _TELLING else found.text, found.text)))
        passages = self._retriever.passages_of_all([NO_ONE_ANSWER, *wordings])
        pool = [passage for passage in passages if not _of_other(passage.path, passage.title, own, others)]
        # Options that the claim calls by other words are known only as the question stands alone.
        meant = group if named or question == asked else self._outline.rivals(question)
        of_choice = meant is not None and meant == self._outline.groups[0] and bool(named or meant.mentioned(question))
        return self._correct(asked, found.text, wordings, pool, own, shared, of_choice=of_choice)

    def one_option(self, question: str) -> Option | None:
        """The option that a question names, where it names one."""
        named = self._outline.named(question)
        return named[0] if len(named) == 1 else None

    def _shared(self, option: Option) -> frozenset[str]:
        return frozenset().union(*(group.shared for group in self._outline.groups if option in group.options))

    def _correct(
        self,
        question: str,
        claim: str,
        wordings: Sequence[str],
        pool: Sequence[Passage],
        option: frozenset[str],
        shared: frozenset[str],
        *,
        of_choice: bool,
    ) -> tuple[Sentence, ...]:
        """What sets a claim right, in the words nearest to it; empty where it is not found false.

        ``option`` holds the stems of the options that the claim is about; the passages of the ``pool`` are of no other.
        ``of_choice`` says that they are those that an organization chooses between.

        A claim counts as false where it puts words into the guidance's mouth that the check does not find there, or
        where it is absolute ("always", "the best") and no statement near it is.
        """
        claim = claim.rstrip(" ?.!")
        absolutes = _absolutes(claim)
        choice = absolutes & (_CHOICE | _COMPARED) if of_choice else frozenset()
        asked = (NO_ONE_ANSWER, *wordings) if choice or claim.startswith("there is ") else tuple(wordings)
        deniers = _SELDOM if not option and absolutes & _FOR_ALL else _UNIVERSAL if "only" in absolutes else frozenset()
        firsts = [self._nearest(wording, pool, deniers) for wording in asked]
        nearest = list({s.key: s for first in firsts for s in first}.values())[:3]
        if not nearest:
            return ()
        carried = [
            s
            for s in nearest
            if {stem(word) for word in absolutes} <= {stem(word) for word in words(s.text)}
            and coverage(content_set(claim), content_set(s.with_headings)) >= _CARRIED
        ]
        verdict = self._support.score(claim, [s.with_headings for s in nearest])
        overreaches = bool(absolutes) and not carried
        misquoted = attributed(question) and verdict.support == "unsupported" and not carried
        if not overreaches and not misquoted:
            return ()
        # That no statement near it holds the absolute word is seen and not estimated.
        score = 1.0 if overreaches else 1 - verdict.score
        named = option | shared if option else option
        if misquoted and not choice and self._speaks_not_of(claim, named, absolutes, nearest):
            return (not_said(claim, named, (), score),)
        lead = not_said(claim, named, [nearest[0].citation()], score)
        return lead, *(Sentence(s.text, "supported", 1.0, (s.citation(),)) for s in nearest)

    def _speaks_not_of(
        self, claim: str, named: frozenset[str], absolutes: frozenset[str], statements: Sequence[Statement]
    ) -> bool:
        """Whether statements have hardly any word of what a claim says of the options ``named``."""
        told = content_set(claim) - named - self._common - _ITSELF - {stem(word) for word in absolutes}
        said = frozenset().union(*(content_set(one.with_headings) for one in statements))
        return bool(told) and coverage(told, said) < _SPEAKS_OF

    def _nearest(self, wording: str, pool: Sequence[Passage], deniers: frozenset[str]) -> list[Statement]:
        """The statements nearest to a claim, or one nearly as near that has a word of the ``deniers``."""
        best = self._finder.best((wording,), pool)
        if wording != NO_ONE_ANSWER:
            keys = {one.key for one in best}
            best = [one for one in self._finder.by_meaning(wording, best, _OF_MEANING) if one.key in keys]
        if deniers and best:
            denying = [s for s in best if deniers & frozenset(words(s.text))][:1]
            if denying and denying[0].score >= max(_DENIES, best[0].score - _NEARLY):
                return denying
        return [s for s in best[: 2 if wording == NO_ONE_ANSWER else 1] if s.score >= _NEAR]

    def _against(self, claim: str, question: str) -> tuple[Sentence, ...]:
        """The point of an option against what a question takes for granted of it; empty without one."""
        option = self.one_option(question)
        both = balance(option.node) if option else None
        met = self._met(claim, option, both) if option and both else None
        if option is None or met is None:
            return ()
        return not_said(claim, option.own | self._shared(option), [met.citation()]), quoted(met)

    def _met(self, claim: str, option: Option, both: Balance) -> Statement | None:
        """The point of the other side that is nearest to a claim, and clearly nearer than those of its own side."""
        value = True if denies_drawbacks(claim) else speaks_for(claim)
        if value is None:
            return None
        sides = (both.advantages, both.drawbacks) if value else (both.drawbacks, both.advantages)
        own, other = (_with_what_follows(side) for side in sides)
        named = option.own | self._shared(option)
        said = " ".join(word for word in claim.split() if not content_set(word) & named and not _COPULA.match(word))
        points = {s.key: s for s in (*own, *other)}
        near = self._finder.nearest((said,), [_under_last_heading(s) for s in points.values()])
        scores = {s.key: s.score for s in near}
        best = max(other, key=lambda s: scores[s.key])
        if denies_drawbacks(claim):
            return best
        rival = max((scores[s.key] for s in own), default=0.0)
        return best if scores[best.key] >= max(_NEAR, rival + _CLEARLY) else None

    def _to_the_point(self, question: str, option: Option, told: set[tuple[str, int]]) -> list[Statement]:
        """The statement, not yet ``told``, that answers what a question asks beside the option itself, if one does."""
        besides = asked_besides(question, option.own)
        group = self._outline.rivals(question)
        others = [one.own for one in group.options if one != option] if group else []
        passages = self._retriever.passages_of_all([question, besides])
        pool = [passage for passage in passages if not _of_other(passage.path, passage.title, option.own, others)]
        best = self._finder.best((besides,), pool)[:1]
        asked = content_set(without_sides(question)) - option.own - content_set(option.name) - self._common
        return [
            s for s in best if s.key not in told and s.score >= _TO_THE_POINT and asked & content_set(s.with_headings)
        ]

    def _balanced_unheaded(self, question: str) -> tuple[Sentence, ...]:
        """Both sides of a thing without a heading of its own, where the guidance plainly gives both."""
        side = self._comparer.unheaded(without_sides(question)) if self._outline.groups else None
        said = self._comparer.said_of(side) if side and not self._outline.rivals(question) else []
        points = [(one, speaks_for(one.text, least=UNLABELLED)) for one in said]
        told = [[one for one, value in points if value is wanted][:2] for wanted in (True, False)]
        judgment = self._judgment.sentences()
        if not all(told) or not judgment:
            return ()
        return (*(quoted(one) for one in (*told[0], *told[1])), *judgment)


def _absolutes(claim: str) -> frozenset[str]:
    """The words of a claim that leave nothing open."""
    verb = _CLAIMED.match(claim)
    return (_ABSOLUTE & frozenset(words(claim))) | (frozenset({verb["verb"].lower()}) if verb else frozenset())


def _with_what_follows(points: Sequence[Statement]) -> list[Statement]:
    """Points with all that stands in their passages, each statement once."""
    every = [*points, *(one for point in points for one in split_statements(point.passage))]
    return list({one.key: one for one in every}.values())


def _under_last_heading(statement: Statement) -> Statement:
    """The statement as if only its last heading stood over it: those above name the option."""
    return replace(statement, passage=replace(statement.passage, path=statement.passage.path[-1:]))


def _of_other(path: Sequence[str], title: str, option: frozenset[str], others: Sequence[frozenset[str]]) -> bool:
    """Whether a passage stands under headings that name another option and not this one."""
    over = content_set(" ".join((title, *path)))
    return bool(option) and not option <= over and any(other <= over for other in others)
