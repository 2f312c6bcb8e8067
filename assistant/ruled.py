"""Answers that rules alone give: advice, both sides of an option, a premise set right, a comparison, a list."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from assistant.advising import Adviser
from assistant.advising import Rules as FactorRules
from assistant.advising.asking import wants_advice
from assistant.advising.heard import Hearing
from assistant.balancing import apart, side_of
from assistant.claims import Claims
from assistant.comparing import Compared, Comparer, compared_sentences
from assistant.conversation import compares, earlier_questions, elliptic, puts_another_case, which_other
from assistant.criteria import COMPARING_WORDS, by_yardstick
from assistant.defining import all_options
from assistant.differing import things
from assistant.enumerated import numbered
from assistant.focusing import Read
from assistant.judgment import Judgment
from assistant.listing import find_list, items, strays, told_items, told_of
from assistant.naming import BETWEEN, WHETHER, Naming
from assistant.options import OPTION_NOUNS, Group, Option
from assistant.outline import Outline
from assistant.parting import parts
from assistant.polarity import UNLABELLED, speaks_for
from assistant.premises import attributed, not_said, premise
from assistant.question import Kind, asked_for, kind
from assistant.records import Advice, Citation, History, Sentence
from assistant.retrieving import Retriever
from assistant.sides import ADVANTAGES, SIDES, aspects
from assistant.statements import Statement, StatementFinder, split_statements
from assistant.suggesting import Suggestions
from assistant.suited import depends, suited
from assistant.support import SupportCheck
from assistant.vague import leaves_choice_open, names_no_subject, speaks_of_itself
from assistant.words import content_set, content_words
from index import Index

_READ_OF_CONVERSATION = 4
_TO_THE_POINT = 0.6
_UNHEADED = 8
"""How many statements about a thing without a heading are looked at; a language model may have to read each."""
_TITLES = 4
_WORTH_READING = 3
"""So many words, though none names a subject, may yet be answered, as a model finds that reads."""
_SEVERAL = 2
_OFFERED = 3

_ADVISED_ON = re.compile(
    r"\b(?:suggest|recommend|find)(?: me| us)? (?:an?|some|the) (?P<one>(?:[\w-]+ ){0,2}?[\w-]+)"
    r"(?= (?:in|for|to|near|that|with)\b|\W*$)"
    r"|\b(?:which|what) (?P<other>(?:[\w-]+ ){0,2}?[\w-]+) (?:should|do|would|could|can) (?:i|we|you)\b",
    re.IGNORECASE,
)
"""What somebody wants advice on, where they name it."""
_FOR_ORGANIZATION = re.compile(
    r"\bfor an? (?:[\w-]+ ){0,3}?(?:organi[sz]ation|company|firm|business|enterprise|start-?up|institution|agency"
    r"|authority|ministry|council|charity|bank|insurer|hospital|clinic|school|university|retailer|manufacturer|maker|producer|provider"
    r"|operator|carrier|airline|utility|chain|group|consultancy|practice)\b",
    re.IGNORECASE,
)
"""For whom advice is asked, where it is not the asker's own organization."""


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


@dataclass(frozen=True, slots=True)
class Listed:
    """The ``items`` of a list that is asked for, ``sure`` where its heading says all that the question says.

    Or ``points`` among which those that are asked for, drawbacks or advantages, are to be told apart, ``sure`` where
    they are those of what the question names; ``told`` are those that their words alone tell apart.
    """

    items: tuple[Statement, ...] = ()
    sure: bool = False
    points: tuple[Statement, ...] = ()
    told: tuple[Statement, ...] = ()


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
        self._finder = finder
        self._retriever = retriever
        self.adviser = (
            None if rules is None else Adviser(rules, finder.vectors, index.documents, index.passages, hearing)
        )
        """Advice by the rules that stand beside the documents; None where there are none."""
        self.naming = Naming(outline, finder, self.adviser)
        """Puts names of options into questions that mean them."""
        of_one = {passage.id for option in outline.options for passage in option.node.passages()}
        self._judgment = Judgment(finder, retriever, self.adviser, of_one)
        self._comparer = Comparer(outline, finder, retriever.passages, self._judgment)
        self._vocabulary = frozenset(outline.counts)
        self._common = outline.common
        self._claims = Claims(outline, finder, support, retriever, self._comparer, self._judgment, self._common)

    def ruled(self, asked: str, question: str, history: History, read: Read | None = None) -> Ruled:
        """What rules say to a question, as it was ``asked`` and as it stands alone (``question``).

        A model that can ``read`` is asked what bears on the aspect of a comparison.
        """
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
        advice = self._advice(asked, question, history)
        if advice is not None and self.adviser is not None:
            return self._advised(self.adviser.sentences(advice), advice, asked, read)
        undecided = self._undecided(asked, history)
        if undecided:
            return Ruled(undecided, asks=True)
        back = () if premise(asked) else self._asked_back(asked, history)
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
        alone = _own_kind(question) == "list" and len(parts(question)) == 1
        found = numbered(question, self._outline) if alone else ()
        return Ruled(found, otherwise=() if found else unclear or self._unadvised(asked, history))

    def listed(self, question: str) -> Listed:
        """The items of the list that the question asks for; empty where it asks for none or none is recognised."""
        told = told_of(question, self._outline) or self._grounds(suited, question)
        if told:
            return Listed(told, sure=True)
        if _own_kind(question) != "list":
            return Listed()
        asked = aspects(question) & SIDES
        option = self._claims.one_option(question)
        told = side_of(question, self._outline)
        if told:
            return Listed(told, sure=not strays(question, told, self._vocabulary))
        found = find_list(question, self._outline, self._finder)
        if found is None and len(asked) == 1:
            return self._unheaded(question) if option is None else _of_prose(option, asked)
        if found is None:
            told = self._grounds(depends, question)
            return Listed(told, sure=bool(told))
        statements = tuple(items(found.node) if found.mixed else told_items(found.node, self._outline))
        if not found.mixed:
            return Listed(statements, found.exact)
        parted = apart(found.node)
        told = () if parted is None else parted[0 if ADVANTAGES in asked else 1]
        return Listed(sure=found.exact, points=statements, told=told)

    def _grounds(
        self, asked_for: Callable[[str, Outline, Adviser], Sequence[Citation]], question: str
    ) -> tuple[Statement, ...]:
        """The statements in which the rules for advice find what a question asks them for."""
        cited = asked_for(question, self._outline, self.adviser) if self.adviser else ()
        by_id = self._retriever.by_id
        within = ((one, words) for words in cited for one in split_statements(by_id[words.passage]))
        found = [one for one, words in within if one.start <= words.start < one.end]
        return tuple({one.key: one for one in found}.values())

    def _unheaded(self, question: str) -> Listed:
        """The points of one side about a thing that has no heading of its own: among all that goes on about it."""
        side = self._comparer.unheaded(" ".join(word for word in question.split() if not aspects(word)))
        if side is None:
            return Listed()
        points = self._comparer.said_of(side)[:_UNHEADED]
        wanted = ADVANTAGES in aspects(question)
        told = tuple(point for point in points if speaks_for(point.text, least=UNLABELLED) is wanted)
        return Listed(sure=True, points=tuple(points), told=told) if told else Listed()

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

    def _compares_options(self, question: str, standalone: str) -> bool:
        """Whether options are set against each other for anybody: nothing is told of the asker's organization.

        Or no advice is wanted, and the question names them as it stands alone.
        """
        if kind(question) == "direct" and compares(question):
            return len(self._outline.named(standalone)) >= _SEVERAL
        if kind(question) != "compare":
            return False
        for_anybody = not speaks_of_itself(question) and len(self._outline.named(question)) >= _SEVERAL
        return for_anybody or (len(self._outline.named(standalone)) >= _SEVERAL and not wants_advice(question))

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

    def _advice(self, question: str, standalone: str, history: History) -> Advice | None:
        """Advice, by what was said in the conversation; a follow-up in full words says itself what it is about."""
        if self.adviser is None or self._compares_options(question, standalone):
            return None
        earlier = earlier_questions(history)
        again = bool(earlier) and not content_set(question)  # "Why?" after advice asks for its reasons.
        if not self.adviser.asks_for_advice(earlier[0] if again else question, history):
            return None
        if earlier and puts_another_case(question) and wants_advice(earlier[0]):
            return self.adviser.advise_otherwise(question, earlier[:_READ_OF_CONVERSATION])
        in_full = history and "(" not in standalone and standalone != asked_for(question)
        return self.adviser.advise(_said(standalone if in_full else question, history))

    def _undecided(self, asked: str, history: History) -> tuple[Sentence, ...]:
        """What to say where advice is asked for an organization of which nothing that is known points to an option."""
        adviser = self.adviser
        if adviser is None or kind(asked) != "advise" or not adviser.asks_for_advice(asked, history):
            return ()
        text = adviser.undecided(_said(asked, history))
        return (*self._judgment.sentences()[-1:], Sentence(text, "supported", 1.0)) if text else ()

    def _asked_back(self, asked: str, history: History) -> tuple[Sentence, ...]:
        """A question to ask back, after what the guidance says to anybody; empty where the question can be answered."""
        options = frozenset().union(*(option.own for option in self._outline.options))
        adviser = self.adviser
        if adviser is not None:
            options |= adviser.calling.stems
            describes = speaks_of_itself(asked) and adviser.only_describes(asked)
            if describes or leaves_choice_open(asked, self._common, options):
                return self._what_rules_go_by(adviser, asked, history, alone=describes)
        return ()

    def _without_subject(self, question: str) -> tuple[Sentence, ...]:
        """What to ask back where a question says nothing that it could be answered by; empty where it does."""
        headings = (node.heading for node in self._outline.nodes if node.path)
        if (
            self._outline.rivals(question)
            or self._outline.together(question)
            or not names_no_subject(question, self._common, headings)
        ):
            return ()
        titles = list(dict.fromkeys(root.title for root in self._outline.roots.values() if root.title))
        named = ", ".join(f"“{title}”" for title in titles[:_TITLES])
        more = f" and {len(titles) - _TITLES} more" if len(titles) > _TITLES else ""
        text = f"What would you like to know? The guidance holds {named}{more}."
        return (Sentence(text if named else "What would you like to know?", "supported", 1.0),)

    def _unadvised(self, asked: str, history: History) -> tuple[Sentence, ...]:
        """What to ask back where advice is asked for and nothing is known that the rules go by."""
        adviser = self.adviser
        if adviser is None:
            return ()
        of_other = _FOR_ORGANIZATION.search(asked) is not None and wants_advice(asked)
        if not of_other and (kind(asked) != "advise" or not adviser.asks_for_advice(asked, history)):
            return ()
        thing = _ADVISED_ON.search(asked)
        stems = content_set(thing["one"] or thing["other"]) if thing else frozenset()
        if stems - self._vocabulary and not stems & OPTION_NOUNS:
            return ()  # Something of which the guidance does not speak: "suggest a restaurant".
        return self._what_rules_go_by(adviser, asked, history, alone=False)

    def _what_rules_go_by(self, adviser: Adviser, asked: str, history: History, *, alone: bool) -> tuple[Sentence, ...]:
        """The question for what the rules go by, unless it is to stand ``alone`` after what holds for anybody."""
        back = Sentence(adviser.question(None, _said(asked, history)), "supported", 1.0)
        return (*(() if alone else self._judgment.sentences()[-1:]), back)

    def _compared(self, question: str, read: Read | None) -> Compared | None:
        group = self._outline.rivals(question)
        own = _own_kind(question)
        alike = own == "direct" and (
            _chosen_between(group, question) or _goes_on_comparing(question) or by_yardstick(question)
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
        told = [s for side in sides if side.node for p in side.node.passages() for s in split_statements(p)]
        asked = " ".join(word for word in question.split() if content_set(word) - COMPARING_WORDS)
        shared = frozenset().union(*(content_set(side.name) for side in sides))
        return None if strays(asked, told, self._vocabulary | shared) else compared


def _set_right(corrected: tuple[Sentence, ...]) -> Ruled:
    """What sets a premise right; where nothing of the guidance does, that it does not say so is why it is refused."""
    return Ruled(corrected) if corrected[0].citations else Ruled(refuses=corrected[0].text)


def _of_prose(option: Option, asked: frozenset[int]) -> Listed:
    """The points of one side in what is said of an option without headings; empty where its words do not tell."""
    parted = apart(option.node) if not option.node.children else None
    if parted is None:
        return Listed()
    points = [s for passage in option.node.own for s in split_statements(passage)][:_UNHEADED]
    return Listed(sure=True, points=tuple(points), told=parted[0 if ADVANTAGES in asked else 1])


def _own_kind(question: str) -> Kind:
    """The kind of a question; of a follow-up with the earlier one in brackets, that of its own words if it has any."""
    own, bracket, _ = question.partition(" (")
    asked = kind(own)
    if not bracket or asked != "direct":
        return asked
    return kind(question) if elliptic(own) else asked


def _chosen_between(group: Group | None, question: str) -> bool:
    """Whether a question sets two options side by side, or goes on with an earlier one that did."""
    own, _, _ = question.partition(" (")
    asked = question if compares(own) or elliptic(own) else own
    between = BETWEEN.search(asked) is not None and not WHETHER.search(asked)
    return group is not None and len(group.mentioned(question)) >= 2 and between


def _goes_on_comparing(question: str) -> bool:
    """Whether a follow-up asks which is more of something, of what the earlier question compares."""
    own, _, earlier = question.partition(" (")
    return compares(own) and kind(earlier) == "compare"


def _said(question: str, history: History) -> str:
    """The last messages of a conversation with the question, as one text."""
    said = (*reversed(earlier_questions(history)), question)[-_READ_OF_CONVERSATION:]
    return " ".join(text if text[-1] in ".?!" else f"{text}." for text in said)
