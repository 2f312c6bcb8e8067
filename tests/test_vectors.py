"""Remembered vectors: each text is encoded once, and late interaction is the mean of the nearest word pieces."""

import numpy as np
import pytest

from assistant.contents.finder import StatementFinder
from assistant.contents.statements import split_statements
from assistant.contents.vectors import Vectors
from corpus.records import Passage
from index import FakeEncoder, FakeSparseEncoder


class Counting(FakeEncoder):
    """Counts the texts that it encodes."""

    def __init__(self) -> None:
        super().__init__()
        self.encoded: list[str] = []

    def encode(self, texts):
        self.encoded += texts
        return super().encode(texts)


def test_a_text_is_encoded_once():
    encoder = Counting()
    vectors = Vectors(encoder.encode)
    first = vectors(["one", "two", "one"])
    second = vectors(["two", "three"])
    assert encoder.encoded == ["one", "two", "three"]
    np.testing.assert_array_equal(first[0], first[2])
    np.testing.assert_array_equal(first[1], second[0])


def test_no_texts_have_no_vectors():
    assert Vectors(FakeEncoder().encode)([]).shape == (0, 64)


def test_sparse_matches_are_relative_to_the_best():
    vectors = Vectors(FakeEncoder().encode, FakeSparseEncoder().encode)
    assert vectors.matches("red cars", ["red cars", "blue cars", "green"]) == pytest.approx([1.0, 0.5, 0.0])
    assert list(Vectors(FakeEncoder().encode).matches("red", ["red"])) == [0.0]


def test_late_interaction_is_the_mean_of_the_nearest_word_pieces():
    right, up = np.array([1.0, 0.0], dtype=np.float32), np.array([0.0, 1.0], dtype=np.float32)
    pieces = {"a b": np.stack([right, up]), "a": right[None], "both": np.stack([up, right, right]), "": right[:0, None]}
    vectors = Vectors(FakeEncoder().encode, encode_tokens=lambda texts: [pieces[text] for text in texts])
    assert vectors.late("a b", ["a", "both", ""]) == pytest.approx([0.5, 1.0, 0.0])


def test_without_word_pieces_the_score_stands_alone():
    passage = Passage("p", "d", "Title", (), "Teams choose tools. Leaders set goals.", 0, 38)
    statements = split_statements(passage)
    plain = StatementFinder(Vectors(FakeEncoder().encode)).score("Who set goals?", statements)
    late = StatementFinder(Vectors(FakeEncoder().encode, encode_tokens=FakeEncoder().encode_tokens))
    assert plain[0].text == late.score("Who set goals?", statements)[0].text == "Leaders set goals."
    assert plain[0].score != late.score("Who set goals?", statements)[0].score
