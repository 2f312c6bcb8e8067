"""The passages of an answer: those found for the question and its parts, and those that its citations stand in."""

from collections.abc import Callable, Iterable, Sequence

from assistant.question import clauses, kind
from assistant.records import RetrievedPassage
from assistant.subquestions import asked_in_parts
from corpus import Passage
from index import Hit, Index

_SEARCHED = 10
_CHARACTERS = 2_400
_OF_EACH_PART = 3


class Retriever:
    """Retrieves from ``index``.

    ``passages`` is how many an answer is made from; ``names`` gives what the guidance sets side by side, for the words
    of a question.
    """

    def __init__(self, index: Index, passages: int, names: Callable[[str], Sequence[str]]) -> None:
        self._index = index
        self._passages = passages
        self._names = names

    def retrieve(self, question: str, asked: str) -> list[Hit]:
        """Passages for the whole question, then for its parts and the clauses of a description, each once.

        ``question`` is the one that stands alone, ``asked`` the one that was asked.
        """
        texts = [part.text for part in asked_in_parts(asked, question, self._names)]
        queries = [question, *(part for part in texts if part != question)]
        if kind(question) == "advise":
            queries += [clause for clause in clauses(question) if clause not in queries]
        ranked = self._index.search_all(queries, _SEARCHED)
        best: dict[str, Hit] = {hit.passage.id: hit for hit in self._enough(ranked[0])}
        for hits in ranked[1:]:
            for hit in hits[:_OF_EACH_PART]:
                best.setdefault(hit.passage.id, hit)
        return list(best.values())

    def passages(self, query: str) -> list[Passage]:
        """The passages nearest to ``query``, best first."""
        return [hit.passage for hit in self._index.search(query, self._passages)]

    def passages_of_all(self, queries: Sequence[str]) -> list[Passage]:
        """The passages nearest to each of several queries, those of the first first."""
        return [hit.passage for hits in self._index.search_all(queries, self._passages) for hit in hits]

    def shown(self, hits: Sequence[Hit], cited: Iterable[str]) -> tuple[RetrievedPassage, ...]:
        """The passages that were found, and after them the others that are ``cited``, by their ids."""
        shown = {hit.passage.id: retrieved(hit.passage, hit.score) for hit in hits}
        missing = [passage for passage in dict.fromkeys(cited) if passage not in shown]
        if missing:
            least = min((hit.score for hit in hits), default=0.0)
            by_id = self.by_id
            shown |= {passage: retrieved(by_id[passage], least) for passage in missing if passage in by_id}
        return tuple(shown.values())

    @property
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
