"""95 % bootstrap intervals: how far a figure would move if other cases of the same sort had been asked."""

import warnings
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

Floats = NDArray[np.float64]
# How often each case is drawn, shape (resamples, cases) -> the statistic of each resample, shape (resamples,).
Statistic = Callable[[Floats], Floats]

RESAMPLES = 1000
_BLOCK = 2_000_000


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure, the ends of its 95 % interval, and how many cases it rests on."""

    value: float
    low: float
    high: float
    count: int


def estimate(statistic: Statistic, cases: int, seed: int = 0, resamples: int = RESAMPLES) -> Estimate | None:
    """The statistic over all cases with its percentile bootstrap interval (Efron and Tibshirani 1993, chapter 13).

    Cases are drawn with replacement ``resamples`` times; the same seed gives the same interval. None where the
    statistic is not defined, such as a share of no cases.
    """
    if not cases:
        return None
    value = float(statistic(np.ones((1, cases)))[0])
    if not np.isfinite(value):
        return None
    drawn = resampled(statistic, cases, seed, resamples)
    drawn = drawn[np.isfinite(drawn)]
    low, high = np.percentile(drawn, (2.5, 97.5)) if drawn.size else (value, value)
    return Estimate(value, float(low), float(high), cases)


def resampled(statistic: Statistic, cases: int, seed: int = 0, resamples: int = RESAMPLES) -> Floats:
    """The statistic of each resample (``scipy.stats.bootstrap``); not a number where one leaves it undefined."""
    if cases == 1:  # Every resample is that one case, and SciPy asks for two.
        return np.repeat(statistic(np.ones((1, 1))), resamples)

    def of(drawn: NDArray[np.int64], axis: int) -> Floats:  # noqa: ARG001 - always the last one
        return statistic(_counts(np.atleast_2d(drawn), cases))

    with warnings.catch_warnings(), np.errstate(invalid="ignore"):
        # All cases alike, or a statistic that some resamples leave undefined: the caller looks at what is defined.
        warnings.simplefilter("ignore", stats.DegenerateDataWarning)
        found = stats.bootstrap(
            (np.arange(cases),),
            of,
            n_resamples=resamples,
            batch=max(1, _BLOCK // cases),
            vectorized=True,
            method="percentile",
            rng=np.random.default_rng(seed),
        )
    return np.asarray(found.bootstrap_distribution, dtype=np.float64)


def _counts(drawn: NDArray[np.int64], cases: int) -> Floats:
    """How often each case is in each row of drawn cases."""
    rows = len(drawn)
    places = drawn + np.arange(rows)[:, None] * cases
    return np.bincount(places.ravel(), minlength=rows * cases).reshape(rows, cases).astype(np.float64)


def ratio(numerators: Floats, denominators: Floats) -> Statistic:
    """The sum of the numerators over the sum of the denominators; a mean where every denominator is 1."""

    def statistic(weights: Floats) -> Floats:
        return share_of(weights @ numerators, weights @ denominators)

    return statistic


def percentile(values: Floats, share: float) -> Statistic:
    """The smallest value that at least ``share`` (0 to 1) of the cases do not exceed."""
    order = np.argsort(values, kind="stable")
    ordered = values[order]

    def statistic(weights: Floats) -> Floats:
        reached = np.cumsum(weights[:, order], axis=1)
        # The tolerance keeps a rounding error in share * total from skipping to the next value.
        first = np.argmax(reached >= (share * reached[:, -1:] - 1e-9), axis=1)
        found: Floats = ordered[first]
        return found

    return statistic


def share_of(above: Floats, below: Floats, where: NDArray[np.bool_] | None = None) -> Floats:
    """``above / below`` element by element, not a number where there is nothing to divide by."""
    undefined: Floats = np.full(len(below), np.nan)
    np.divide(above, below, out=undefined, where=below > 0 if where is None else where)
    return undefined
