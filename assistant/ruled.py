"""Answers that rules alone give: a premise set right, advice, a comparison, a list."""

from collections.abc import Iterator
from dataclasses import dataclass

from assistant.advising import Adviser, load_rules
from assistant.comparing import Compared, Comparer, compared_sentences
from assistant.conversation import earlier_questions
from assistant.listing import find_list, items
from assistant.outline import Outline
from assistant.premises import NO_ONE_ANSWER, correct
from assistant.question import kind, premise
from assistant.records import Advice, History, Sentence
from assistant.retrieving import Retriever
from assistant.statements import Statement, StatementFinder
from assistant.support import SupportCheck
from assistant.words import content_set
from index import Index

_READ_OF_CONVERSATION = 4


@dataclass(frozen=True, slots=True)
class Ruled:
    """What rules make of a question; without ``sentences`` they make nothing of it."""

    sentences: tuple[Sentence, ...] = ()
    advice: Advice | None = None
    compared: Compared | None = None

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

    Or ``points`` among which those that are asked for, drawbacks or advantages, are to be told apart.
    """

    items: tuple[Statement, ...] = ()
    sure: bool = False
    points: tuple[Statement, ...] = ()


class Rules:
    """Answers from ``index`` by rules."""

    def __init__(
        self,
        index: Index,
        outline: Outline,
        finder: StatementFinder,
        support: SupportCheck,
        retriever: Retriever,
    ) -> None:
        self._outline = outline
        self._finder = finder
        self._support = support
        self._retriever = retriever
        self._comparer = Comparer(outline, finder, retriever.passages)
        rules = load_rules(list(index.documents.values()))
        self.adviser = None if rules is None else Adviser(rules, finder.vectors, index.documents, index.passages)
        """Advice by the rules that stand beside the documents; None where there are none."""

    def ruled(self, asked: str, question: str, history: History) -> Ruled:
        """A false premise set right, or advice, or a comparison. ``question`` is the one that stands alone."""
        corrected = self._corrected(asked)
        if corrected:
            return Ruled(corrected)
        advice = self._advice(asked, history)
        if advice is not None and self.adviser is not None:
            return Ruled(self.adviser.sentences(advice), advice)
        compared = self._compared(question)
        return Ruled(compared_sentences(compared), compared=compared) if compared else Ruled()

    def listed(self, question: str) -> Listed:
        """The items of the list that the question asks for; empty where it asks for none or none is recognised."""
        found = find_list(question, self._outline, self._finder) if kind(question) == "list" else None
        if found is None:
            return Listed()
        statements = tuple(items(found.node))
        return Listed(points=statements) if found.mixed else Listed(statements, found.exact)

    def _advice(self, question: str, history: History) -> Advice | None:
        if self.adviser is None or not self.adviser.asks_for_advice(question, history):
            return None
        said = (*reversed(earlier_questions(history)), question)[-_READ_OF_CONVERSATION:]
        return self.adviser.advise(" ".join(text if text[-1] in ".?!" else f"{text}." for text in said))

    def _corrected(self, question: str) -> tuple[Sentence, ...]:
        """A false premise set right; the words nearest to it are searched for with and without the option it names."""
        found = premise(question)
        if found is None:
            return ()
        group = self._outline.rivals(found.text)
        own = frozenset().union(*(option.own for option in group.mentioned(found.text))) if group else frozenset()
        general = " ".join(word for word in found.text.split() if not content_set(word) & own)
        wordings = list(dict.fromkeys((general or found.text, found.text)))
        passages = self._retriever.passages_of_all([NO_ONE_ANSWER, *wordings])
        return correct(question, wordings, passages, self._finder, self._support, names_option=bool(own))

    def _compared(self, question: str) -> Compared | None:
        group = self._outline.rivals(question)
        chosen_between = group is not None and len(group.mentioned(question)) >= 2 and " or " in f" {question.lower()} "
        if kind(question) != "compare" and not (chosen_between and kind(question) == "direct"):
            return None
        sides = self._comparer.sides(question)
        return self._comparer.compare(question, sides) if sides else None
