"""Finding passages: by meaning, by learned sparse vectors and by keywords, on one scale."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from corpus.records import Document, Passage
from index.encoders import Encoder, Reranker, SparseEncoder, encode_questions, plain_cosine
from index.fusion import WEIGHTS, Scores, fuse, standardise
from index.keywords import Keywords
from index.records import Hit
from index.store import MemoryStore, VectorStore
from index.subjects import Subjects
from index.surroundings import largest, stretches_of, texts_of
from index.vectors import Matrix
from index.windows import WINDOW, stretches, windows

if TYPE_CHECKING:
    from scipy.sparse import csr_array

LONGEST_QUESTION = 4000
"""What is read of a question, in characters."""

_CANDIDATES = 100
_RERANKED = 30


@dataclass(frozen=True, slots=True)
class Changes:
    """What a build did to the index that was there before: names of documents, and why it was built at all.

    ``renamed`` holds the old and the new name of documents whose files are the same byte for byte. ``reason`` is empty
    where the index was used as it was.
    """

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    reason: str = ""
    renamed: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Contents:
    """Everything that is searched. ``owners[row]`` is the number of the passage that vector ``row`` is a window of.

    Rows stand in the order of their passages. ``moments`` is the mean of ``v vᵀ`` over all vectors and ``mean`` their
    mean; with them the mean and spread of a question's similarities need no look at the vectors. ``same`` holds for
    each passage the number of the first with the same words. ``keywords`` and ``around`` have a row for each stretch of
    passages (``index.surroundings``), ``sparse`` one for each window.
    """

    passages: tuple[Passage, ...]
    owners: np.ndarray
    store: VectorStore
    mean: Matrix
    moments: Matrix
    keywords: Keywords
    same: np.ndarray
    sparse: csr_array | None = None
    around: csr_array | None = None
    firsts: np.ndarray = field(init=False)
    stretches: np.ndarray = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "firsts", np.searchsorted(self.owners, np.arange(len(self.passages) + 1)))
        object.__setattr__(self, "stretches", stretches_of(self.passages))


def _matches(by_term: csr_array, terms: np.ndarray) -> np.ndarray:
    """The dot product of each text's weights with those of a question, shape (texts,)."""
    from scipy.sparse import csr_array

    product: csr_array = csr_array(terms[None]) @ by_term
    matches: np.ndarray = product.toarray()[0]
    return matches


def spread(vectors: Matrix) -> tuple[Matrix, Matrix]:
    """The mean of the rows and the mean of their outer products."""
    if not len(vectors):
        dim = vectors.shape[1]
        return np.zeros(dim, dtype=np.float32), np.zeros((dim, dim), dtype=np.float32)
    count = np.float32(len(vectors))
    return vectors.mean(axis=0, dtype=np.float32), (vectors.T @ vectors) / count


class Index:
    """A finished, searchable collection. Reading it from several threads is safe.

    ``problem`` says, in one line, why it is not that of the documents as they are now; empty where it is.
    """

    def __init__(
        self,
        contents: Contents,
        documents: Mapping[str, Document],
        encoder: Encoder,
        sparse: SparseEncoder | None = None,
        *,
        reranker: Reranker | None = None,
        name: str = "memory",
        changes: Changes | None = None,
        problem: str = "",
        on_close: Sequence[object] = (),
    ) -> None:
        self.name = name
        self.documents = documents
        self.passages = contents.passages
        self.changes = changes or Changes()
        self.problem = problem
        self._contents = contents
        self._encoder = encoder
        self._sparse = sparse
        self._reranker = reranker
        self._on_close = on_close

    @property
    def models(self) -> tuple[Encoder, SparseEncoder | None, Reranker | None]:
        """What it is searched with, to open another version with."""
        return self._encoder, self._sparse, self._reranker

    def encode(self, texts: Sequence[str]) -> Matrix:
        """The embedding model itself: one unit row of float32 for each text, shape (len(texts), dim)."""
        return self._encoder.encode(texts)

    def encode_sparse(self, texts: Sequence[str]) -> csr_array | None:
        """The learned sparse vectors of texts, shape (len(texts), vocabulary); None where that side is not in use."""
        return self._sparse.encode(texts) if self._sparse is not None else None

    def search(self, question: str, k: int = 10) -> list[Hit]:
        """The ``k`` passages that bear most on ``question``, best first; fewer where there are fewer.

        Only the first ``LONGEST_QUESTION`` characters are read. A question longer than the encoders take at once is
        encoded in stretches: their embeddings are averaged, of their sparse vectors the largest weights are taken.
        Of passages with the same words only the best is returned.
        """
        return self.search_all([question], k)[0]

    def search_all(self, questions: Sequence[str], k: int = 10) -> list[list[Hit]]:
        """``search`` for each of several questions, encoded together."""
        asked = [question[:LONGEST_QUESTION] for question in questions]
        if not self.passages or not asked or k < 1:
            return [[] for _ in asked]
        pieces = [stretches(question, WINDOW) for question in asked]
        ends = np.cumsum([len(piece) for piece in pieces])
        flat = [text for piece in pieces for text in piece]
        dense = encode_questions(self._encoder, flat)
        sparse = self._sparse.encode(flat) if self._sparse is not None and self._contents.sparse is not None else None
        keywords = self._contents.keywords.scores(asked)[:, self._contents.stretches]
        hits = []
        for number, end in enumerate(ends):
            rows = slice(int(end) - len(pieces[number]), int(end))
            vector = dense[rows].mean(axis=0)
            vector /= max(float(np.linalg.norm(vector)), 1e-9)
            terms = None if sparse is None else sparse[rows].max(axis=0).toarray().reshape(-1)
            hits.append(self._rank(asked[number], vector, terms, keywords[number].astype(np.float64), k))
        return hits

    def subject_similarities(self, questions: Sequence[str], documents: Iterable[str]) -> Mapping[str, float]:
        """How near each of the ``documents``, taken as a whole, is to the nearest of ``questions``: a cosine."""
        if not questions or not self.passages:
            return {}
        return self._subjects.similarities(self.encode([one[:LONGEST_QUESTION] for one in questions]), documents)

    def alike(self, passage: Passage) -> tuple[Passage, ...]:
        """All passages with the same words as one of this index, itself among them; ``search`` returns one of them."""
        return tuple(self._alike[int(self._contents.same[self._places[passage.id]])])

    @cached_property
    def _by_term(self) -> tuple[csr_array, csr_array] | None:
        """The sparse vectors of passages and surroundings turned round: a question has few of all the terms."""
        sparse, around = self._contents.sparse, self._contents.around
        return None if sparse is None or around is None else (sparse.T.tocsr(), around.T.tocsr())

    @cached_property
    def _subjects(self) -> Subjects:
        return Subjects(self.passages, self._contents.firsts, self._contents.store)

    @cached_property
    def _places(self) -> dict[str, int]:
        return {passage.id: place for place, passage in enumerate(self.passages)}

    @cached_property
    def _alike(self) -> dict[int, list[Passage]]:
        found: dict[int, list[Passage]] = {}
        for passage, same in zip(self.passages, self._contents.same.tolist(), strict=True):
            found.setdefault(same, []).append(passage)
        return found

    def close(self) -> None:
        """Gives back what is open. Searching afterwards is a mistake."""
        self._contents.store.close()
        for resource in self._on_close:
            resource.release()  # type: ignore[attr-defined]
        self._on_close = ()

    def _rank(self, question: str, vector: Matrix, terms: np.ndarray | None, keyword: Scores, k: int) -> list[Hit]:
        contents = self._contents
        n = max(_CANDIDATES, 2 * k)
        sparse = around = np.zeros(len(self.passages))
        if terms is not None and self._by_term is not None:
            weights, surroundings = self._by_term
            sparse = np.maximum.reduceat(_matches(weights, terms), contents.firsts[:-1]).astype(np.float64)
            around = _matches(surroundings, terms)[contents.stretches].astype(np.float64)
        sides = [contents.owners[contents.store.nearest(vector, n)]]
        sides += [_highest(side, n) for side in (sparse, around, keyword)]
        candidates = np.unique(np.concatenate(sides))
        dense = self._similarities(vector, candidates)
        mean = float(contents.mean @ vector)
        deviation = max(0.0, float(vector @ contents.moments @ vector) - mean**2) ** 0.5
        count = len(self.passages)
        fused = fuse(
            {
                "dense": standardise(dense, mean, deviation, count),
                "sparse": standardise(sparse[candidates], sparse.mean(), sparse.std(), count),
                "around": standardise(around[candidates], around.mean(), around.std(), count),
                "keyword": standardise(keyword[candidates], keyword.mean(), keyword.std(), count),
            },
            WEIGHTS if terms is not None else {**WEIGHTS, "sparse": 0.0, "around": 0.0},
        )
        order = np.lexsort((candidates, -fused))
        found: list[Hit] = []
        seen: set[int] = set()
        wanted = k if self._reranker is None else max(k, _RERANKED)
        for place in order:
            number = int(candidates[place])
            same = int(contents.same[number])
            if same in seen:
                continue
            seen.add(same)
            found.append(
                Hit(
                    passage=self.passages[number],
                    score=float(fused[place]),
                    dense=plain_cosine(self._encoder, float(dense[place])),
                    sparse=float(sparse[number]),
                    keyword=float(keyword[number]),
                )
            )
            if len(found) == wanted:
                break
        return self._reranked(question, found)[:k]

    def _similarities(self, vector: Matrix, numbers: np.ndarray) -> Scores:
        """The cosine of the nearest window of each of the passages ``numbers``."""
        firsts = self._contents.firsts
        rows = [np.arange(firsts[number], firsts[number + 1]) for number in numbers]
        starts = np.cumsum([0, *(len(row) for row in rows[:-1])])
        similarity = self._contents.store.vectors([int(row) for row in np.concatenate(rows)]) @ vector
        return np.maximum.reduceat(similarity, starts).astype(np.float64)

    def _reranked(self, question: str, hits: list[Hit]) -> list[Hit]:
        if self._reranker is None or len(hits) < 2:
            return hits
        scores = self._reranker.score(question, [hit.passage.searched_text for hit in hits])
        return [
            Hit(hits[place].passage, float(scores[place]), hits[place].dense, hits[place].sparse, hits[place].keyword)
            for place in np.argsort(-scores, kind="stable")
        ]


def memory_index(
    passages: Sequence[Passage],
    encoder: Encoder,
    sparse: SparseEncoder | None = None,
    *,
    documents: Sequence[Document] = (),
    reranker: Reranker | None = None,
    name: str = "memory",
) -> Index:
    """An index that lives in memory only and writes nothing: for a handful of passages, searched a few times."""
    texts, owners = window_rows(passages)
    vectors = encoder.encode(texts)
    mean, moments = spread(vectors)
    weights = None if sparse is None else sparse.encode(texts)
    contents = Contents(
        passages=tuple(passages),
        owners=owners,
        store=MemoryStore(vectors),
        mean=mean,
        moments=moments,
        keywords=Keywords.of(texts_of(passages)),
        same=same_words(passages),
        sparse=weights,
        around=None if weights is None else _around(weights, passages, owners),
    )
    named = {document.name: document for document in documents}
    return Index(contents, named, encoder, sparse, reranker=reranker, name=name)


def _around(weights: csr_array, passages: Sequence[Passage], owners: np.ndarray) -> csr_array:
    """The sparse vectors of the stretches of ``passages``, of those of their windows."""
    from scipy.sparse import csr_array

    bounds = pairwise(weights.indptr)
    rows = list(
        largest(((weights.indices[start:end], weights.data[start:end]) for start, end in bounds), passages, owners)
    )
    ends = np.cumsum([0, *(len(columns) for columns, _ in rows)])
    columns = np.concatenate([columns for columns, _ in rows]) if rows else np.zeros(0, dtype=np.int32)
    values = np.concatenate([data for _, data in rows]) if rows else np.zeros(0, dtype=np.float32)
    return csr_array((values, columns, ends), shape=(len(rows), weights.shape[1]))


def window_rows(passages: Sequence[Passage]) -> tuple[list[str], np.ndarray]:
    """The windows of all passages in order, and for each the number of its passage."""
    texts: list[str] = []
    owners: list[int] = []
    for number, passage in enumerate(passages):
        for text in windows(passage):
            texts.append(text)
            owners.append(number)
    return texts, np.array(owners, dtype=np.int64)


def _highest(scores: Scores, n: int) -> np.ndarray:
    if len(scores) <= n:
        return np.arange(len(scores))
    return np.argpartition(-scores, n)[:n]


def same_words(passages: Sequence[Passage]) -> np.ndarray:
    """For each passage the number of the first with the same words, whatever their case, spacing and punctuation."""
    first: dict[bytes, int] = {}
    numbers = []
    for number, passage in enumerate(passages):
        words = " ".join(re.findall(r"\w+", passage.text.casefold())) or passage.id
        numbers.append(first.setdefault(hashlib.blake2b(words.encode(), digest_size=16).digest(), number))
    return np.array(numbers, dtype=np.int64)
