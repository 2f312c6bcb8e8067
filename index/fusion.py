"""Bringing the scores of different sides onto one scale and adding them."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.float64]

WEIGHTS = {"dense": 1.2, "sparse": 0.06, "around": 0.42, "keyword": 0.36}
"""How much each side counts; benchmarks/retrieval.py measures other weights beside them.

Only their ratio (1 : .05 : .35 : .3) ranks passages. Together they come to about 2, so that a passage which bears on a
question in a small guidance scores up to 3.5; above that it lifts its statements.

``dense`` and ``sparse`` are those of a passage, ``around`` the sparse vectors and ``keyword`` the keywords of the
stretch that it stands in.
"""


def standardise(scores: Scores, mean: float, deviation: float, count: int) -> Scores:
    """How many standard deviations each score lies above the mean of a collection of ``count`` texts.

    0 where the collection's scores are all the same, for then this side knows no difference.
    """
    if count < 2 or not np.isfinite(deviation) or deviation < 1e-6:
        return np.zeros_like(scores)
    return (scores - mean) / deviation


def fuse(sides: Mapping[str, Scores], weights: Mapping[str, float]) -> Scores:
    """The weighted sum of standardised scores."""
    return np.sum([weights[name] * scores for name, scores in sides.items()], axis=0)  # type: ignore[no-any-return]
