"""The measures of two runs over the cases that both have, pair by pair."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from assistant.evaluate.figures import columns, rankings
from assistant.evaluate.measures.catalogue import BY_NAME, STAGES, TOKENS
from assistant.evaluate.measures.intervals import Floats, Statistic, percentile, ratio
from assistant.evaluate.measures.paired import Difference, paired_difference, statistic_difference
from assistant.evaluate.outcomes import Outcome

Pair = tuple[Outcome, Mapping[str, Any]]
Found = Literal["better", "worse", "same", "unclear", "different"]


@dataclass(frozen=True, slots=True)
class Row:
    """One measure in both runs, over all cases both have or over the slice named."""

    measure: str
    slice: str
    ours: float
    theirs: float
    difference: Difference

    @property
    def gates(self) -> bool:
        """Whether a worse value may fail a build: times and tokens differ with the machine and what else it does."""
        return BY_NAME[self.measure].unit not in ("ms", "count")

    @property
    def verdict(self) -> Found:
        """Anything but unclear only where the difference's interval leaves out zero."""
        if self.difference.value == 0:
            return "same"
        if not self.difference.certain:
            return "unclear"
        better = BY_NAME[self.measure].better
        if better is None:
            return "different"
        return "better" if (self.difference.value > 0) == (better == "higher") else "worse"


def rows_of(pairs: Sequence[Pair], claims: bool, seed: int = 0) -> list[Row]:
    """Every measure over all pairs, and those of answers over each slice; ``claims`` as in ``figures``."""
    rows = [*_rows(pairs, "", claims, seed), *_costs(pairs, seed)]
    # Of both runs, for a section that the guidance has lost is known to the earlier one alone.
    for name in dict.fromkeys(name for outcome, scores in pairs for name in (*outcome.slices, *scores["slices"])):
        members = [(o, s) for o, s in pairs if name in o.slices or name in s["slices"]]
        rows += _rows(members, name, claims, seed)
    return rows


def _rows(pairs: Sequence[Pair], name: str, claims: bool, seed: int) -> Iterator[Row]:
    for measure in BY_NAME:
        both = [(o.parts.get(measure), s["parts"].get(measure)) for o, s in pairs]
        if measure in ("sentences_supported", "refusal_precision"):
            # A share of what each run itself wrote or refused: a case without any adds nothing, and still is a pair.
            both = [(ours or (0.0, 0.0), theirs or (0.0, 0.0)) for ours, theirs in both if ours or theirs]
        kept = [(ours, theirs) for ours, theirs in both if ours is not None and theirs is not None]
        if kept:
            ours, theirs = columns([pair[0] for pair in kept]), columns([pair[1] for pair in kept])
            yield from _row(measure, name, ratio(*ours), ratio(*theirs), paired_difference(ours, theirs, seed))
    scored = [(o, s) for o, s in pairs if None not in (o.truth, o.score, s["score"])]
    truths = np.array([o.truth for o, _ in scored], dtype=bool)
    if len(truths) and truths.any() and not truths.all():
        ours_by, theirs_by = (
            rankings(truths, np.array(scores, dtype=np.float64), np.array(verdicts, dtype=bool), claims)
            for scores, verdicts in (
                ([o.score for o, _ in scored], [bool(o.verdict) for o, _ in scored]),
                ([s["score"] for _, s in scored], [bool(s["verdict"]) for _, s in scored]),
            )
        )
        for measure, statistic in ours_by.items():
            yield from _over(measure, name, statistic, theirs_by[measure], len(truths), seed)


def _costs(pairs: Sequence[Pair], seed: int) -> Iterator[Row]:
    """Times and tokens, over all cases only."""
    for measure in TOKENS:
        ours, theirs = _both([(o.tokens.get(measure), s.get("tokens", {}).get(measure)) for o, s in pairs])
        ones = np.ones(len(ours))
        yield from _over(measure, "", ratio(ours, ones), ratio(theirs, ones), len(ours), seed)
    for stage in STAGES:
        ours, theirs = _both([(o.milliseconds.get(stage), s.get("ms", {}).get(stage)) for o, s in pairs])
        for share in (50, 95):
            one, other = percentile(ours, share / 100), percentile(theirs, share / 100)
            yield from _over(f"p{share}_{stage}_ms", "", one, other, len(ours), seed)


def _both(values: Sequence[tuple[float | None, float | None]]) -> tuple[Floats, Floats]:
    kept = [(ours, theirs) for ours, theirs in values if ours is not None and theirs is not None]
    return columns(kept)


def _over(measure: str, name: str, ours: Statistic, theirs: Statistic, count: int, seed: int) -> Iterator[Row]:
    if count:
        yield from _row(measure, name, ours, theirs, statistic_difference(ours, theirs, count, seed))


def _row(measure: str, name: str, ours: Statistic, theirs: Statistic, difference: Difference | None) -> Iterator[Row]:
    if difference is not None:
        whole = np.ones((1, difference.count))
        yield Row(measure, name, float(ours(whole)[0]), float(theirs(whole)[0]), difference)
