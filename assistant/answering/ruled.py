"""Answers that rules alone give: advice, both sides of an option, a premise set right, a comparison, a list."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.advising import Adviser
from assistant.advising import Rules as FactorRules
from assistant.advising.heard import Hearing
from assistant.advising.judgment import Judgment
from assistant.advising.naming import BETWEEN, WHETHER, Naming
from assistant.answering.consulting import Consultation
from assistant.comparing.claims import Claims
from assistant.comparing.comparer import Compared, Comparer, compared_sentences
from assistant.comparing.focusing import Read
from assistant.contents.defining import all_options
from assistant.contents.differing import things
from assistant.contents.enumerated import numbered
from assistant.contents.finder import StatementFinder
from assistant.contents.listing import strays
from assistant.contents.options import Group
from assistant.contents.outline import Outline
from assistant.contents.sides import SIDE_WORDS, SIDES, aspects
from assistant.contents.statements import Statement, split_statements
from assistant.contents.suggesting import Suggestions
from assistant.conversation.follow_up import goes_on_comparing, own_kind
from assistant.conversation.standing_alone import compares, earlier_questions, elliptic, which_other
from assistant.evidence.retrieving import Retriever
from assistant.lists.asked_for import Lists
from assistant.questions.criteria import COMPARING_WORDS, by_yardstick
from assistant.questions.kinds import kind
from assistant.questions.orders import NOTHING_ASKED, only_orders
from assistant.questions.parting import parts
from assistant.questions.premises import attributed, not_said, premise
from assistant.questions.vague import names_no_subject, speaks_of_itself
from assistant.records import Advice, History, Sentence
from assistant.support import SupportCheck
from assistant.words import content_set, content_words
from index import Index

_TITLES = 4
_WORTH_READING = 3
"""So many words, though none names a subject, may yet be answered, as a model finds that reads."""
_SEVERAL = 2
_AGAINST = re.compile(r"\b(?:against|versus|vs|next to|beside|alongside|compared (?:to|with))\b", re.IGNORECASE)
_OFFERED = 3


@dataclass(frozen=True, slots=True)
class Ruled:
    """What rules make of a question; without ``sentences`` they make nothing of it.

    ``asks`` is a question to ask back, which then is the last of the sentences, and ``instead`` are questions that it
    offers. ``otherwise`` are such sentences for where nothing else answers. ``section`` is told as it stands: what is
    under the heading that is asked for by its exact words, or what each of the options is. ``refuses`` is why the
    question is refused.
    """

    sentences: tuple[Sentence, ...] = ()
    advice: Advice | None = None
    compared: Compared | None = None
    asks: bool = False
    instead: tuple[str, ...] = ()
    otherwise: tuple[Sentence, ...] = ()
    section: tuple[Statement, ...] = ()
    refuses: str = ""

    def cited(self) -> Iterator[str]:
        """The ids of the passages that it cites."""
        rows = self.compared.comparison.rows if self.compared else ()
        cited = [sentence.citations for sentence in self.sentences]
        cited += [cell.citations for row in rows for cell in row.cells if cell]
        for citations in cited:
            yield from (citation.passage for citation in citations)


class Rules:
    """Answers from ``index`` by rules."""

    def __init__(
        self,
        index: Index,
        outline: Outline,
        finder: StatementFinder,
        support: SupportCheck,
        retriever: Retriever,
        suggestions: Suggestions,
        rules: FactorRules | None = None,
        hearing: Hearing | None = None,
    ) -> None:
        self._suggestions = suggestions
        self._outline = outline
        self._documents = finder.documents
        self.adviser = (
            None if rules is None else Adviser(rules, finder.vectors, index.documents, index.passages, hearing)
        )
        """Advice by the rules that stand beside the documents; None where there are none."""
        self.naming = Naming(outline, finder, self.adviser)
        """Puts names of options into questions that mean them."""
        of_one = {passage.id for option in outline.options for passage in option.node.passages()}
        self._judgment = Judgment(finder, retriever, self.adviser, of_one)
        self._comparer = Comparer(outline, finder, retriever.passages, self._judgment)
        self._claims = Claims(outline, finder, support, retriever, self._comparer, self._judgment, outline.common)
        self._consultation = Consultation(outline, self.adviser, self._judgment)
        self.lists = Lists(outline, finder, retriever, self._claims, self._comparer, self.adviser)
        """The lists that questions ask for."""

    def ruled(self, asked: str, question: str, history: History, read: Read | None = None) -> Ruled:
        """What rules say to a question, as it was ``asked`` and as it stands alone (``question``).

        A model that can ``read`` is asked what bears on the aspect of a comparison.
        """
        if only_orders(asked):
            return Ruled(refuses=NOTHING_ASKED)
        section = self._suggestions.section(question) or all_options(question, self._outline)
        if section:
            return Ruled(section=section)
        misplaced = self._misplaced(asked)
        if misplaced:
            return Ruled(misplaced)
        quotes = attributed(asked)
        corrected = self._claims.corrected(asked, question) if quotes else ()
        if corrected:
            return _set_right(corrected)
        others = self._others(asked, history)
        if others:
            named = [f"“{name}”" for name in others]
            text = f"Which one do you mean: {', '.join(named[:-1])} or {named[-1]}?"
            return Ruled((Sentence(text, "supported", 1.0),), asks=True, instead=tuple(others.values())[:_OFFERED])
        opposed = self._opposed(asked, question)
        if opposed:
            return Ruled((*opposed, *self._judgment.sentences()[:1]))
        advice = self._consultation.advice(asked, question, history)
        if advice is not None and self.adviser is not None:
            return self._advised(self.adviser.sentences(advice), advice, asked, read)
        undecided = self._consultation.undecided(asked, history)
        if undecided:
            return Ruled(undecided, asks=True)
        back = () if premise(asked) else self._consultation.asked_back(asked, history)
        if back:
            return Ruled(back, asks=True)
        unclear = () if premise(asked) else self._without_subject(question)
        worth_reading = read and not speaks_of_itself(asked) and len(content_words(asked)) >= _WORTH_READING
        if unclear and not worth_reading:
            return Ruled(unclear, asks=True)
        balanced = self._claims.balanced(question)
        if balanced:
            return Ruled(balanced)
        corrected = () if quotes else self._claims.corrected(asked, question)
        if corrected:
            return _set_right(corrected)
        compared = self._compared(question, read)
        if compared:
            return Ruled(compared_sentences(compared), compared=compared)
        alone = own_kind(question) == "list" and len(parts(question)) == 1
        found = numbered(question, self._outline, self._documents) if alone else ()
        return Ruled(found, otherwise=() if found else unclear or self._consultation.unadvised(asked, history))

    def _others(self, asked: str, history: History) -> dict[str, str]:
        """What "the other one" may mean where there are several, each with the question for it."""
        group = self._outline.rivals(" ".join((*earlier_questions(history), asked)))
        return which_other(asked, history, group.names) if group else {}

    def _advised(self, sentences: tuple[Sentence, ...], advice: Advice, asked: str, read: Read | None) -> Ruled:
        """Advice; with the comparison that another part of the question asks for."""
        wanted = [part for part in parts(asked) if kind(part) == "compare"]
        compared = self._compared(wanted[0], read) if wanted and wanted[0] != asked else None
        cited = {citation for sentence in sentences for citation in sentence.citations}
        besides = compared_sentences(compared) if compared else ()
        besides = tuple(one for one in besides if not cited.issuperset(one.citations))
        return Ruled((*besides, *sentences), advice, compared)

    def _misplaced(self, asked: str) -> tuple[Sentence, ...]:
        """What sets right that a question takes an option to suit those of whom the guidance says another one does."""
        found = premise(asked)
        option = self._claims.one_option(found.text) if found else None
        if found is None or option is None or self.adviser is None:
            return ()
        called = self.adviser.calling.told_apart(option.own)
        told = self.adviser.against(found.text, called) if called else ()
        shared = frozenset().union(*(group.shared for group in self._outline.groups[:1]))
        return (not_said(found.text, option.own | shared, [told[0].citations[0]]), *told) if told else ()

    def _opposed(self, asked: str, question: str) -> tuple[Sentence, ...]:
        """What the guidance says to each of two organizations or more that a question sets against each other."""
        if self.adviser is None or len(self._outline.named(question)) >= _SEVERAL:
            return ()
        return self.adviser.opposed(asked)

    def _without_subject(self, question: str) -> tuple[Sentence, ...]:
        """What to ask back where a question says nothing that it could be answered by; empty where it does."""
        headings = (node.heading for node in self._outline.nodes if node.path)
        if (
            self._outline.rivals(question)
            or self._outline.together(question)
            or not names_no_subject(question, self._outline.common, headings)
        ):
            return ()
        titles = list(dict.fromkeys(root.title for root in self._outline.roots.values() if root.title))
        named = ", ".join(f"“{title}”" for title in titles[:_TITLES])
        more = f" and {len(titles) - _TITLES} more" if len(titles) > _TITLES else ""
        text = f"What would you like to know? The guidance holds {named}{more}."
        return (Sentence(text if named else "What would you like to know?", "supported", 1.0),)

    def _compared(self, question: str, read: Read | None) -> Compared | None:
        group = self._outline.rivals(question)
        own = own_kind(question)
        alike = own == "direct" and (
            _chosen_between(group, question) or goes_on_comparing(question) or by_yardstick(question)
        )
        if own == "list" and (several := self._sides_of_several(question)):
            return several
        if own != "compare" and not alike:
            alone = own in ("direct", "list") and len(parts(question)) == 1
            return self._comparer.of_each(question, read) if alone and read else None
        sides = self._comparer.sides(question)
        if read and things(question) and not any(side.node for side in sides):
            return None  # A model says what each of two things is that only stand in sentences.
        if not sides:
            return None
        compared = self._comparer.compare(question, sides, read=read)
        if compared and not compared.missed:
            if read and not compared.focused and self._comparer.asks_more(question):
                return self._comparer.of_each(question, read, always=True) or compared
            return compared
        # Which is cheaper is no question for all that is said of both; nor is any aspect, where a model has read that.
        if read:
            return self._comparer.of_each(question, read, always=True)
        return None if own == "direct" else compared

    def _sides_of_several(self, question: str) -> Compared | None:
        """What speaks for several options or against them, side by side; None where more than that is asked for."""
        by = aspects(question) & SIDES
        sides = self._comparer.several(question) if by else ()
        compared = self._comparer.compare(question, sides, by) if sides else None
        if compared is None:
            return None
        if _each_against_other(question):
            return compared
        told = [s for side in sides if side.node for p in side.node.passages() for s in split_statements(p)]
        asked = " ".join(word for word in question.split() if content_set(word) - COMPARING_WORDS)
        shared = frozenset().union(*(content_set(side.name) for side in sides))
        return None if strays(asked, told, self._outline.vocabulary | shared) else compared


def _set_right(corrected: tuple[Sentence, ...]) -> Ruled:
    """What sets a premise right; where nothing of the guidance does, that it does not say so is why it is refused."""
    return Ruled(corrected) if corrected[0].citations else Ruled(refuses=corrected[0].text)


def _each_against_other(question: str) -> bool:
    """Whether a question sets the sides of two things against each other ("pros of this against pros of that")."""
    sides = [word for word in question.split() if content_set(word) & SIDE_WORDS]
    return _AGAINST.search(question) is not None and len(sides) >= _SEVERAL


def _chosen_between(group: Group | None, question: str) -> bool:
    """Whether a question sets two options side by side, or goes on with an earlier one that did."""
    own, _, _ = question.partition(" (")
    asked = question if compares(own) or elliptic(own) else own
    between = BETWEEN.search(asked) is not None and not WHETHER.search(asked)
    return group is not None and len(group.mentioned(question)) >= 2 and between
