"""The figures of a run: every measure over all cases and over each slice, with interval and count."""

from collections.abc import Mapping, Sequence

import numpy as np

from assistant.evaluate.measures import ranking
from assistant.evaluate.measures.catalogue import STAGES, TOKENS
from assistant.evaluate.measures.intervals import Estimate, Floats, Statistic, estimate, percentile, ratio
from assistant.evaluate.outcomes import Outcome

Figures = dict[str, Estimate]
AT_MOST = 0.10


def figures(outcomes: Sequence[Outcome], claims: bool = False, seed: int = 0) -> Figures:
    """Each measure's estimate by its name in metrics.json; a slice's stand under ``NAME/SLICE``.

    ``claims`` says that the outcomes are verdicts on claims rather than answers to questions.
    """
    found = _of(outcomes, claims, seed)
    slices: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        for name in outcome.slices:
            slices.setdefault(name, []).append(outcome)
    for name, members in slices.items():
        found |= {f"{measure}/{name}": value for measure, value in _of(members, claims, seed).items()}
    return found


def flat(values: Mapping[str, Estimate], others: Mapping[str, float] | None = None) -> dict[str, float]:
    """What metrics.json holds: ``NAME``, ``NAME:low``, ``NAME:high`` and ``NAME:count``, all numbers."""
    written: dict[str, float] = dict(others or {})
    for name, value in values.items():
        written |= {
            name: value.value,
            f"{name}:low": value.low,
            f"{name}:high": value.high,
            f"{name}:count": value.count,
        }
    return written


def sums(outcomes: Sequence[Outcome], measure: str) -> tuple[Floats, Floats]:
    """The numerators and denominators of a measure, for the outcomes that have it."""
    return columns([outcome.parts[measure] for outcome in outcomes if measure in outcome.parts])


def columns(pairs: Sequence[Sequence[float]]) -> tuple[Floats, Floats]:
    """The first and the second values of pairs."""
    values = np.array(pairs, dtype=np.float64).reshape(-1, 2)
    return values[:, 0], values[:, 1]


def rankings(truths: ranking.Truths, scores: Floats, verdicts: ranking.Truths, claims: bool) -> dict[str, Statistic]:
    """The measures of scores and verdicts against the truth, by name; ``claims`` as in ``figures``."""
    if not claims:
        return {
            "refusal_auroc": ranking.auroc_of(truths, scores),
            "refusal_recall_at_10": ranking.recall_within(truths, scores, AT_MOST),
        }
    return {
        "auroc": ranking.auroc_of(truths, scores),
        "macro_f1": ranking.macro_f1_of(truths, verdicts),
        "balanced_accuracy": ranking.balanced_accuracy_of(truths, verdicts),
    }


def judged(outcomes: Sequence[Outcome]) -> tuple[ranking.Truths, Floats, ranking.Truths]:
    """Truth, score and verdict of the outcomes that have a truth and a score."""
    members = [outcome for outcome in outcomes if outcome.truth is not None and outcome.score is not None]
    return (
        np.array([outcome.truth for outcome in members], dtype=bool),
        np.array([outcome.score for outcome in members], dtype=np.float64),
        np.array([bool(outcome.verdict) for outcome in members], dtype=bool),
    )


def _of(outcomes: Sequence[Outcome], claims: bool, seed: int) -> Figures:
    found: dict[str, Estimate | None] = {}
    for name in dict.fromkeys(name for outcome in outcomes for name in outcome.parts):
        above, below = sums(outcomes, name)
        value = estimate(ratio(above, below), len(above), seed)
        # A share's count is of what it is a share of: sentences or refusals, not cases.
        found[name] = value and Estimate(value.value, value.low, value.high, int(below.sum()))
    found |= _rankings(outcomes, claims, seed)
    for name in TOKENS:
        counts = np.array([o.tokens[name] for o in outcomes if name in o.tokens], dtype=np.float64)
        found[name] = estimate(ratio(counts, np.ones(len(counts))), len(counts), seed)
    for stage in STAGES:
        times = np.array([o.milliseconds[stage] for o in outcomes if stage in o.milliseconds], dtype=np.float64)
        for share in (50, 95):
            found[f"p{share}_{stage}_ms"] = estimate(percentile(times, share / 100), len(times), seed)
    return {name: value for name, value in found.items() if value is not None}


def _rankings(outcomes: Sequence[Outcome], claims: bool, seed: int) -> dict[str, Estimate | None]:
    truths, scores, verdicts = judged(outcomes)
    count = len(truths)
    if not count or truths.all() or not truths.any():
        return {}
    statistics = rankings(truths, scores, verdicts, claims)
    return {name: estimate(statistic, count, seed) for name, statistic in statistics.items()}
