"""Measures of a probability against a yes or no: AUROC, recall at a bound, F1, and the trade-off curve.

The values over all cases come from scikit-learn; the statistics here give the same for every resample at once.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn import metrics

from assistant.evaluate.measures.intervals import Floats, Statistic, share_of

Truths = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Point:
    """One point of the trade-off curve: what is caught and what is wrongly caught at a threshold."""

    threshold: float
    caught: float
    wrongly_caught: float


def auroc(truths: Truths, scores: Floats) -> float:
    """The chance that a true case scores above a false one, ties counted half (Fawcett 2006)."""
    if truths.all() or not truths.any():
        return float("nan")
    return float(metrics.roc_auc_score(truths, scores))


def auroc_of(truths: Truths, scores: Floats) -> Statistic:
    """AUROC of each resample, by ranks within groups of equal score."""
    order = np.argsort(scores, kind="stable")
    starts = _group_starts(scores[order])
    positive = truths[order].astype(np.float64)

    def statistic(weights: Floats) -> Floats:
        drawn = weights[:, order]
        true = np.add.reduceat(drawn * positive, starts, axis=1)
        false = np.add.reduceat(drawn * (1 - positive), starts, axis=1)
        below = np.cumsum(false, axis=1) - false
        pairs = true.sum(axis=1) * false.sum(axis=1)
        wins = (true * (below + false / 2)).sum(axis=1)
        return share_of(wins, pairs)

    return statistic


def recall_within(truths: Truths, scores: Floats, bound: float) -> Statistic:
    """The largest share of true cases caught by a threshold that wrongly catches at most ``bound`` of the false."""
    order = np.argsort(-scores, kind="stable")
    starts = _group_starts(scores[order])
    positive = truths[order].astype(np.float64)

    def statistic(weights: Floats) -> Floats:
        drawn = weights[:, order]
        true = np.cumsum(np.add.reduceat(drawn * positive, starts, axis=1), axis=1)
        false = np.cumsum(np.add.reduceat(drawn * (1 - positive), starts, axis=1), axis=1)
        allowed = false <= bound * false[:, -1:] + 1e-9
        best = np.where(allowed, true, 0.0).max(axis=1)
        whole = true[:, -1]
        defined = (whole > 0) & (false[:, -1] > 0)
        return share_of(best, whole, defined)

    return statistic


def macro_f1(truths: Truths, verdicts: Truths) -> float:
    """The mean of the F1 of yes and the F1 of no."""
    return float(metrics.f1_score(truths, verdicts, average="macro", labels=[False, True], zero_division=0.0))


def balanced_accuracy(truths: Truths, verdicts: Truths) -> float:
    """The mean of the shares of yes and of no that were judged rightly."""
    if truths.all() or not truths.any():
        return float("nan")
    return float(metrics.balanced_accuracy_score(truths, verdicts))


def macro_f1_of(truths: Truths, verdicts: Truths) -> Statistic:
    def statistic(weights: Floats) -> Floats:
        hit, false_yes, false_no, rejected = _confusion(truths, verdicts, weights)
        return (_f1(hit, false_yes, false_no) + _f1(rejected, false_no, false_yes)) / 2

    return statistic


def balanced_accuracy_of(truths: Truths, verdicts: Truths) -> Statistic:
    def statistic(weights: Floats) -> Floats:
        hit, false_yes, false_no, rejected = _confusion(truths, verdicts, weights)
        yes, no = hit + false_no, rejected + false_yes
        defined = (yes > 0) & (no > 0)
        return (share_of(hit, yes, defined) + share_of(rejected, no, defined)) / 2

    return statistic


def curve(truths: Truths, scores: Floats) -> list[Point]:
    """What every threshold catches and wrongly catches, from the strictest on; empty without both sorts of case."""
    if truths.all() or not truths.any():
        return []
    wrongly, rightly, thresholds = metrics.roc_curve(truths, scores, drop_intermediate=False)
    return [Point(float(t), float(r), float(w)) for t, r, w in zip(thresholds, rightly, wrongly, strict=True)]


def _group_starts(ordered: Floats) -> NDArray[np.intp]:
    return np.flatnonzero(np.concatenate(([True], ordered[1:] != ordered[:-1])))


def _confusion(truths: Truths, verdicts: Truths, weights: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    return (
        weights @ (truths & verdicts).astype(np.float64),
        weights @ (~truths & verdicts).astype(np.float64),
        weights @ (truths & ~verdicts).astype(np.float64),
        weights @ (~truths & ~verdicts).astype(np.float64),
    )


def _f1(hit: Floats, wrong: Floats, missed: Floats) -> Floats:
    whole = 2 * hit + wrong + missed
    return np.nan_to_num(share_of(2 * hit, whole))
