"""BM25 against its formula, worked out by hand."""

from math import log

import numpy as np
import pytest

from index.keywords import K1, B, Keywords, terms


def test_words_are_stemmed_and_common_ones_left_out() -> None:
    assert terms("The teams' budgets, and HOW they are Funded!") == ["team", "budget", "fund"]


def test_scores_follow_the_formula() -> None:
    texts = ["budget budget plan", "plan", "risk"]
    scores = Keywords.of(texts).scores(["budget plan", "risk risk", "unknown"])
    lengths = np.array([3, 1, 1])
    norm = K1 * (1 - B + B * lengths / lengths.mean())
    rare, common = log(1 + 2.5 / 1.5), log(1 + 1.5 / 2.5)
    first = rare * 2 * (K1 + 1) / (2 + norm[0]) + common * (K1 + 1) / (1 + norm[0])
    second = common * (K1 + 1) / (1 + norm[1])
    third = 2 * rare * (K1 + 1) / (1 + norm[2])
    assert scores == pytest.approx(np.array([[first, second, 0], [0, 0, third], [0, 0, 0]]), rel=1e-5)


def test_nothing_is_no_trouble() -> None:
    assert Keywords.of([]).scores(["x"]).shape == (1, 0)
    assert Keywords.of(["", "the"]).scores(["the", ""]).tolist() == [[0, 0], [0, 0]]
