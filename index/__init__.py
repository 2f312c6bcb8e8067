"""Finding passages: weights, embedding, the stored index, keywords and their fusion."""

from index.encoders import (
    CrossEncoderReranker,
    Encoder,
    Reranker,
    SentenceTransformerEncoder,
    SparseEncoder,
    SpladeEncoder,
    encoder_in,
    without_adapter,
)
from index.fakes import FakeEncoder, FakeSparseEncoder
from index.finding import Changes, Index, memory_index
from index.opening import open_index, open_last_good, open_stored, plan_index
from index.records import Hit

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
