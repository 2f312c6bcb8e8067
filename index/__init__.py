"""Finding passages: weights, embedding, the stored index, keywords and their fusion."""

from index.embedding import SentenceTransformerEncoder
from index.encoders import Encoder, Reranker, SparseEncoder, encoder_in, without_adapter
from index.fakes import FakeEncoder, FakeSparseEncoder
from index.finding import Changes, Index, memory_index
from index.opening import open_index, open_last_good, open_stored, plan_index
from index.records import Hit
from index.reranking import CrossEncoderReranker
from index.splade import SpladeEncoder

__all__ = [
    "Changes",
    "CrossEncoderReranker",
    "Encoder",
    "FakeEncoder",
    "FakeSparseEncoder",
    "Hit",
    "Index",
    "Reranker",
    "SentenceTransformerEncoder",
    "SparseEncoder",
    "SpladeEncoder",
    "encoder_in",
    "memory_index",
    "open_index",
    "open_last_good",
    "open_stored",
    "plan_index",
    "without_adapter",
]
