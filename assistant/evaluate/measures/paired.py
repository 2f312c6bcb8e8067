"""Comparing two runs over the same cases."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from assistant.evaluate.measures.intervals import Floats, Statistic, ratio, resampled

SWAPS = 10_000
_BLOCK = 2_000_000


@dataclass(frozen=True, slots=True)
class Difference:
    """This run's figure less the other's over the cases that both have.

    ``low`` and ``high`` are the ends of the 95 % bootstrap interval, ``p`` the two-sided p-value of the randomisation
    test: how often chance alone would give a difference as large; None where it was not made.
    """

    value: float
    low: float
    high: float
    p: float | None
    count: int

    @property
    def certain(self) -> bool:
        """Whether the interval leaves out no difference at all."""
        return self.low > 0 or self.high < 0


def paired_difference(
    ours: tuple[Floats, Floats], theirs: tuple[Floats, Floats], seed: int = 0, swaps: int = SWAPS
) -> Difference | None:
    """The difference of two ratios of sums (numerators, denominators), case by case in the same order.

    The interval draws cases with replacement, both runs' values together; the test swaps the runs' values of each case
    at random (randomisation test, Noreen 1989; Smucker, Allan and Carterette 2007 for retrieval). None where either
    run's figure is not defined.
    """
    found = statistic_difference(ratio(*ours), ratio(*theirs), len(ours[0]), seed)
    return found and replace(found, p=_chance(ours, theirs, seed, swaps))


def statistic_difference(one: Statistic, other: Statistic, cases: int, seed: int = 0) -> Difference | None:
    """The difference of two statistics over the same cases in the same order, both runs' values drawn together."""
    if not cases:
        return None
    whole = np.ones((1, cases))
    value = float(one(whole)[0] - other(whole)[0])
    if not np.isfinite(value):
        return None
    differences = resampled(lambda weights: one(weights) - other(weights), cases, seed)
    differences = differences[np.isfinite(differences)]
    low, high = np.percentile(differences, (2.5, 97.5)) if differences.size else (value, value)
    return Difference(value, float(low), float(high), None, cases)


def _chance(ours: tuple[Floats, Floats], theirs: tuple[Floats, Floats], seed: int, swaps: int) -> float:
    """The two-sided p-value, by ``scipy.stats.permutation_test``: exact where there are few cases that changed."""
    up, other_up = ours[0], theirs[0]
    down, other_down = ours[1], theirs[1]
    changed = (up != other_up) | (down != other_down)
    cases = int(changed.sum())
    if cases < 2:  # Swapping no case, or the only one, gives a difference as large every time.
        return 1.0
    ups, downs = (np.concatenate((one[changed], other[changed])) for one, other in ((up, other_up), (down, other_down)))
    fixed_up, fixed_down = up[~changed].sum(), down[~changed].sum()

    def share(runs: NDArray[np.int64]) -> Floats:
        found: Floats = (fixed_up + ups[runs].sum(axis=-1)) / np.maximum(fixed_down + downs[runs].sum(axis=-1), 1e-12)
        return found

    def gap(one: NDArray[np.int64], other: NDArray[np.int64], axis: int) -> Floats:
        return share(np.moveaxis(one, axis, -1)) - share(np.moveaxis(other, axis, -1))

    test = stats.permutation_test(
        (np.arange(cases), np.arange(cases, 2 * cases)),
        gap,
        permutation_type="samples",
        vectorized=True,
        n_resamples=swaps,
        batch=max(1, _BLOCK // cases),
        rng=np.random.default_rng(seed),
    )
    return float(test.pvalue)
