"""The passages of an answer: those found for the question and its parts, and those that its citations stand in."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import cached_property

from assistant.contents.differing import things
from assistant.evidence.subquestions import asked_in_parts
from assistant.questions.documents_named import DocumentsNamed
from assistant.questions.kinds import kind
from assistant.questions.question import clauses
from assistant.records import RetrievedPassage
from assistant.words import content_set
from corpus import Passage
from index import Hit, Index

_SEARCHED = 10
_CHARACTERS = 2_400
_FOR_RULES = 6
_OF_EACH_PART = 3
_BOTH = 30
"""How many passages of each of two searches are put together at least."""
_LOOKED_AT = 400
"""Among so many passages those of documents that a question names are looked for."""
_SUBJECT, _FAR, _OF_NEAREST = 0.15, 0.1, 0.5
"""A question so near to a document as a whole is about its subject; a document is about another one that is below
``_FAR``, and below this share of the nearest. Cosines of MiniLM: of a model that gives high ones to all, none is below.

Set where right answers hardly ever stand and what only has a question's words beside other guidance mostly does.
"""


class Retriever:
    """Retrieves from ``index``.

    ``passages`` is how many an answer is made from; ``names`` gives what the guidance sets side by side, for the words
    of a question, ``documents`` the documents that it names.
    """

    def __init__(
        self,
        index: Index,
        passages: int,
        names: Callable[[str], Sequence[str]],
        documents: DocumentsNamed | None = None,
    ) -> None:
        self._index = index
        self._documents = documents or DocumentsNamed()
        self._passages = passages
        self._names = names

    def retrieve(self, question: str, asked: str) -> list[Hit]:
        """Passages for the whole question, then for its parts, for two things whose difference is asked for and for the
        clauses of a description, each once.

        ``question`` is the one that stands alone, ``asked`` the one that was asked.
        """
        texts = [part.text for part in asked_in_parts(asked, question, self._names)]
        queries = [part for part in texts if part != question]
        searched = max(_SEARCHED, self._passages)
        queries += [thing.asked for thing in things(question)]
        if kind(question) == "advise":
            queries += [clause for clause in clauses(question) if clause not in (question, *queries)]
        best: dict[str, Hit] = {hit.passage.id: hit for hit in self._enough(self.search(question, asked, searched))}
        for hits in self._index.search_all(queries, _SEARCHED):
            for hit in hits[:_OF_EACH_PART]:
                best.setdefault(hit.passage.id, hit)
        return list(best.values())

    def search(self, question: str, asked: str, k: int) -> list[Hit]:
        """The ``k`` passages that bear most on a question as it stands alone and as it was ``asked``, best first.

        A follow-up that has the earlier question beside it is searched for both with and without that: it may have
        moved on. Of each search a passage has its score, or the lowest where it is not among those found. Passages of
        documents that the question names come first.
        """
        named = self._documents.named_in(question)
        if not named:
            return self._search(question, asked, k)
        plain = self._documents.unnamed
        found = self._search(plain(question), plain(asked), max(k, _LOOKED_AT))
        return sorted(found, key=lambda one: (-named.get(one.passage.document, 0), -one.score))[:k]

    def _search(self, question: str, asked: str, k: int) -> list[Hit]:
        if question == asked or not question.startswith(asked) or not content_set(asked):
            return self._index.search(question, k)
        ranked = self._index.search_all([question, asked], max(k, _BOTH))
        found = {hit.passage.id: hit for hits in reversed(ranked) for hit in hits}
        sides = [{hit.passage.id: hit.score for hit in hits} for hits in ranked]
        lowest = [min(side.values(), default=0.0) for side in sides]
        mean = {
            name: sum(side.get(name, low) for side, low in zip(sides, lowest, strict=True)) / len(sides)
            for name in found
        }
        return [replace(found[name], score=mean[name]) for name in sorted(mean, key=lambda name: -mean[name])][:k]

    def off_subject(self, questions: Sequence[str], documents: Iterable[str]) -> frozenset[str]:
        """Those of the ``documents`` that are about another subject than others are and any of the ``questions``."""
        names = set(documents)
        if len(names) == 1:
            return frozenset()  # Nothing to be compared with: no question is encoded.
        near = self._index.subject_similarities(questions, names)
        nearest = max(near.values(), default=0.0)
        if nearest < _SUBJECT:
            return frozenset()
        return frozenset(name for name, cosine in near.items() if cosine < min(_FAR, _OF_NEAREST * nearest))

    def passages(self, query: str) -> list[Passage]:
        """The few passages nearest to ``query``, best first: what a rule looks at."""
        return [hit.passage for hit in self._index.search(query, _FOR_RULES)]

    def passages_of_all(self, queries: Sequence[str]) -> list[Passage]:
        """The few passages nearest to each of several queries, those of the first first."""
        return [hit.passage for hits in self._index.search_all(queries, _FOR_RULES) for hit in hits]

    def shown(self, hits: Sequence[Hit], cited: Iterable[str]) -> tuple[RetrievedPassage, ...]:
        """The passages that were found, and after them the others that are ``cited``, by their ids."""
        shown = {hit.passage.id: retrieved(hit.passage, hit.score) for hit in hits}
        missing = [passage for passage in dict.fromkeys(cited) if passage not in shown]
        if missing:
            least = min((hit.score for hit in hits), default=0.0)
            shown |= {passage: retrieved(self.by_id[passage], least) for passage in missing if passage in self.by_id}
        return tuple(shown.values())

    @cached_property
    def by_id(self) -> dict[str, Passage]:
        """Every passage by its id."""
        return {passage.id: passage for passage in self._index.passages}

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


def retrieved(passage: Passage, score: float) -> RetrievedPassage:
    """A passage as the answer shows it."""
    return RetrievedPassage(
        passage.id, passage.document, passage.title, passage.section, passage.page, passage.text, round(float(score), 4)
    )
