"""Statements scored for a question by the vectors of both, by the words they share and by what they mean."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from assistant.contents.statements import Statement, over_passages, split_statements
from assistant.contents.vectors import Vectors
from assistant.questions.documents_named import DocumentsNamed
from assistant.words import content_set, coverage
from corpus import Passage
from index import Hit

if TYPE_CHECKING:
    from assistant.contents.meanings import Meanings

_LEXICAL_WEIGHT = 0.3
"""How much the share of the question's words found in a statement counts beside its cosine similarity."""

_SPARSE_WEIGHT = 0.3
"""How much the learned sparse match, relative to the best, counts."""

_LATE_WEIGHT = 0.25
"""How much the late interaction of word pieces counts against all of the above."""

_LATE_SCALE, _LATE_SHIFT = 2.07, -0.22
"""Bring it to the scale of the rest: mean and spread over the statements near to 54 questions about the guidance."""

MEANING_WEIGHT = 2.6
"""How much the nearness in meaning counts beside the rest, where a language model tells it."""
_BY_MEANING = 24
"""How many statements are taken for their meaning alone, wherever they stand."""

_ORDINARY, _OF_PASSAGE = 3.5, 0.2
"""How much of the score of the passage it stands in counts for a statement, beyond what is usual in a small guidance.

Among many passages one that is far better than the rest holds the answer, whichever of its statements it is.
"""

_OF_NAMED = 0.6
"""How much more a statement counts that stands in a document which the question names."""

_SCORED = 64
"""How many statements are encoded for one question: of more, those with most of its words."""
_OF_CONTEXT = 0.08
"""How much less a match counts that a statement owes to what stands before it."""
_OF_ANNOUNCING = 0.1
"""How much less a statement counts that only announces what stands below it."""


class StatementFinder:
    """Scores statements for questions by the vectors of both.

    ``passages`` are those of the index in order: the first statement of one may go on about the one before.
    ``announces`` says of a statement whether it only announces what stands below it, which is preferred. ``meanings``
    are what a language model makes of the statements, where there is one that can tell, ``documents`` those that a
    question may name, whose statements are preferred.
    """

    def __init__(
        self,
        vectors: Vectors,
        passages: Sequence[Passage] = (),
        announces: "Callable[[Statement], bool]" = lambda _: False,
        meanings: "Meanings | None" = None,
        documents: DocumentsNamed | None = None,
    ) -> None:
        self.vectors = vectors
        self.announces = announces
        self.meanings = meanings
        self.documents = documents or DocumentsNamed()
        self._before = over_passages(passages)

    def goes_on(self, statement: Statement) -> bool:
        """Whether a statement goes on about what stands before it: "This model ...", "They ..."."""
        return bool(statement.before) or statement.key in self._before

    def searched(self, statement: Statement) -> tuple[str, ...]:
        """The texts a statement is searched by: by itself and, where it goes on about something, with that."""
        before = statement.before or self._before.get(statement.key)
        alone = statement.with_headings
        return (alone, ". ".join((*statement.passage.path, before, statement.text))) if before else (alone,)

    def score(self, question: str, statements: Sequence[Statement]) -> list[Statement]:
        """The statements with their scores for the question, best first; of very many those that share its words."""
        if not statements:
            return []
        question = self.documents.unnamed(question)
        wanted = content_set(question)
        if len(statements) > _SCORED:
            statements = sorted(statements, key=lambda s: -coverage(wanted, content_set(s.with_headings)))[:_SCORED]
        searched = [self.searched(statement) for statement in statements]
        going_on = [place for place, texts in enumerate(searched) if len(texts) > 1]
        texts = [one[0] for one in searched] + [searched[place][1] for place in going_on]
        rows = self.vectors([question, *texts])
        similarity = rows[1:] @ rows[0] + _SPARSE_WEIGHT * self.vectors.matches(question, texts)
        held = np.array([coverage(wanted, content_set(text)) for text in texts])
        scores = similarity + _LEXICAL_WEIGHT * held
        if going_on:
            alone, in_context = scores[: len(statements)].copy(), scores[len(statements) :]
            alone[going_on] = np.maximum(alone[going_on], in_context - _OF_CONTEXT)
            scores = alone
        late = self.vectors.late(question, [statement.text for statement in statements])
        if late is not None:
            scores = (1 - _LATE_WEIGHT) * scores + _LATE_WEIGHT * (_LATE_SCALE * late + _LATE_SHIFT)
        scores = scores - [_OF_ANNOUNCING * self.announces(statement) for statement in statements]
        scored = [replace(one, score=float(score)) for one, score in zip(statements, scores, strict=True)]
        return sorted(scored, key=lambda statement: -statement.score)

    def by_meaning(
        self, question: str, statements: Sequence[Statement], weight: float = MEANING_WEIGHT
    ) -> list[Statement]:
        """Scored statements with how near they are to the question in meaning, and others that are; best first.

        ``weight`` is how much that counts beside their scores.

        Of a guidance whose statements are not all known, the best of those that are given are compared. Where no
        language model tells meanings, only what their passages and documents are worth is added.
        """
        named, plain = self.documents.named_in(question), self.documents.unnamed(question)
        found, near = list(statements), [0.0] * len(statements)
        if self.meanings is not None:
            known = {one.text.casefold() for one in statements}
            others = [one for one in self.meanings.nearest(plain, _BY_MEANING) if one.text.casefold() not in known]
            found += self.nearest((plain,), others)
            near = self.meanings.nearness_of_first(plain, found).tolist()
        raised = [
            replace(one, score=one.score + weight * more + self._worth(one, named), meaning=more)
            for one, more in zip(found, near, strict=True)
        ]
        return sorted(raised, key=lambda statement: -statement.score)

    def _worth(self, statement: Statement, named: Mapping[str, int]) -> float:
        """What a statement counts for the passage and the document that it stands in."""
        return statement.standing + (_OF_NAMED if statement.passage.document in named else 0.0)

    def best(self, questions: Sequence[str], passages: Iterable[Passage]) -> list[Statement]:
        """All statements of the passages, best first, scored for each way of asking and the scores averaged."""
        return self._best(questions, (one for passage in passages for one in split_statements(passage)))

    def found(self, questions: Sequence[str], hits: Iterable[Hit]) -> list[Statement]:
        """The same of the passages that a search found, with what those are worth (``standing``)."""
        worth = ((hit.passage, _OF_PASSAGE * max(0.0, hit.score - _ORDINARY)) for hit in hits)
        of_hits = (replace(one, standing=more) for passage, more in worth for one in split_statements(passage))
        return self._best(questions, of_hits)

    def _best(self, questions: Sequence[str], statements: Iterable[Statement]) -> list[Statement]:
        distinct: dict[str, Statement] = {}
        for statement in statements:
            distinct.setdefault(statement.text.casefold(), statement)
        return self.nearest(questions, list(distinct.values()))

    def nearest(
        self, questions: Sequence[str], statements: Sequence[Statement], weights: Sequence[float] = ()
    ) -> list[Statement]:
        """The statements, best first, scored for each way of asking and their scores averaged, by ``weights``."""
        wordings = list(dict.fromkeys(questions))
        shares = weights if len(weights) == len(wordings) else [1 / len(wordings)] * len(wordings)
        totals: dict[tuple[str, int], float] = {}
        for question, share in zip(wordings, shares, strict=True):
            for statement in self.score(question, statements):
                totals[statement.key] = totals.get(statement.key, 0.0) + share * statement.score
        found = [replace(one, score=totals[one.key]) for one in statements if one.key in totals]
        return sorted(found, key=lambda statement: -statement.score)
