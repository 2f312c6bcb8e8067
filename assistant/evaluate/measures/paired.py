"""Comparing two runs over the same cases."""

from dataclasses import dataclass, replace

import numpy as np

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
    return found and replace(found, p=_chance(ours, theirs, found.value, seed, swaps))


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


def _chance(ours: tuple[Floats, Floats], theirs: tuple[Floats, Floats], value: float, seed: int, swaps: int) -> float:
    (up, down), (other_up, other_down) = ours, theirs
    changed = (up != other_up) | (down != other_down)
    if not changed.any():
        return 1.0
    random = np.random.default_rng(seed)
    fixed_up, fixed_down = up[~changed].sum(), down[~changed].sum()
    gap_up, gap_down = (up - other_up)[changed], (down - other_down)[changed]
    base_up, base_down = other_up[changed].sum(), other_down[changed].sum()
    block = max(1, _BLOCK // len(gap_up))
    as_large = 0
    for begin in range(0, swaps, block):
        kept = random.random((min(block, swaps - begin), len(gap_up))) < 0.5
        first = (fixed_up + base_up + kept @ gap_up) / np.maximum(fixed_down + base_down + kept @ gap_down, 1e-12)
        second = (fixed_up + base_up + ~kept @ gap_up) / np.maximum(fixed_down + base_down + ~kept @ gap_down, 1e-12)
        as_large += int((np.abs(first - second) >= abs(value) - 1e-12).sum())
    # The observed order counts as one of the random ones, so that p is never 0.
    return (as_large + 1) / (swaps + 1)
