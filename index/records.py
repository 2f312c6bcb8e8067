"""What a search returns."""

from dataclasses import dataclass

from corpus.records import Passage


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found for a question.

    ``score`` is the fused score by which hits are ordered, comparable within one search only. ``dense`` is the cosine
    similarity of the embeddings (-1 to 1; with an adapter, about what it is without), ``sparse`` the dot product of the
    learned sparse vectors, ``keyword`` the BM25 score; each is 0 where that side is not in use.
    """

    passage: Passage
    score: float
    dense: float = 0.0
    sparse: float = 0.0
    keyword: float = 0.0
