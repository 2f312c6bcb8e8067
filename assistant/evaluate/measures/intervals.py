"""95 % bootstrap intervals: how far a figure would move if other cases of the same sort had been asked."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
# How often each case is drawn, shape (resamples, cases) -> the statistic of each resample, shape (resamples,).
Statistic = Callable[[Floats], Floats]

RESAMPLES = 1000
_BLOCK = 2_000_000
_REMEMBERED = 20_000_000


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
    """The statistic of each resample; not a number where a resample leaves it undefined."""
    drawn = _remembered if cases * resamples <= _REMEMBERED else _draws
    block = max(1, _BLOCK // cases)
    blocks = drawn(cases, seed, resamples, block)
    return np.concatenate([statistic(counts.astype(np.float64)) for counts in blocks])


def _draws(cases: int, seed: int, resamples: int, block: int) -> Iterator[NDArray[np.uint16]]:
    """How often each case is drawn in each resample, ``block`` resamples at a time."""
    random = np.random.default_rng(seed)
    for begin in range(0, resamples, block):
        size = min(block, resamples - begin)
        yield random.multinomial(cases, np.full(cases, 1 / cases), size=size).astype(np.uint16)


@lru_cache(maxsize=4)
def _remembered(cases: int, seed: int, resamples: int, block: int) -> tuple[NDArray[np.uint16], ...]:
    # Drawing takes far longer than computing a measure, and all measures over as many cases are drawn the same way.
    return tuple(_draws(cases, seed, resamples, block))


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
