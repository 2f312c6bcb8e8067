"""Bars that a run must reach, one line each, for a build to fail on."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from assistant.evaluate.compare import Comparison
from assistant.evaluate.measures.catalogue import BY_NAME
from corpus.errors import UserError, did_you_mean

# The last sign is the one meant: headings are parted by ">".
_FORM = re.compile(r"\s*(?P<name>\S.*?)\s*(?P<sign>>=|<=)\s*(?P<value>[-+0-9.eE]+)\s*(?P<percent>%?)\s*")


@dataclass(frozen=True, slots=True)
class Requirement:
    """``name`` of metrics.json must be at least (``>=``) or at most (``<=``) ``value``."""

    name: str
    sign: str
    value: float


@dataclass(frozen=True, slots=True)
class Bar:
    """Whether a bar was reached, and the line that says so."""

    passed: bool
    line: str


def requirement(text: str) -> Requirement:
    """Reads ``NAME>=VALUE`` or ``NAME<=VALUE``; raises ``UserError`` for anything else."""
    match = _FORM.fullmatch(text)
    try:
        if match is None:
            raise ValueError
        value = float(match["value"]) / (100 if match["percent"] else 1)
    except ValueError as error:
        raise UserError(
            f'--require "{text}": write NAME>=VALUE or NAME<=VALUE, such as evidence_cited>=0.85'
        ) from error
    return Requirement(match["name"], match["sign"], value)


def required(requirements: list[Requirement], metrics: Mapping[str, float]) -> list[Bar]:
    """One bar a requirement; a figure that was not measured does not pass."""
    bars = []
    for wanted in requirements:
        value = metrics.get(wanted.name)
        wish = f"{wanted.name} {wanted.sign} {wanted.value:g}"
        if value is None:
            bars.append(Bar(False, f"FAIL {wish}: not measured in this run"))
            continue
        passed = value >= wanted.value if wanted.sign == ">=" else value <= wanted.value
        bars.append(Bar(passed, f"{'pass' if passed else 'FAIL'} {wish}: {value:.4g}"))
    return bars


def no_worse(comparison: Comparison) -> list[Bar]:
    """One bar for each measure over all cases, and one for each slice that got worse; times and tokens set none.

    Worse means that the 95 % interval of the paired difference lies wholly on the wrong side of zero.
    """
    bars = []
    for row in comparison.rows:
        worse = row.verdict == "worse"
        if not row.gates or (row.slice and not worse):
            continue
        name = f"{row.measure}/{row.slice}" if row.slice else row.measure
        difference = row.difference
        bars.append(
            Bar(
                not worse,
                f"{'FAIL' if worse else 'pass'} {name} no worse than {comparison.folder}: {row.theirs:.4g} -> "
                f"{row.ours:.4g} ({difference.value:+.4g}, 95 % interval {difference.low:+.4g} to "
                f"{difference.high:+.4g}, n={difference.count})",
            )
        )
    return bars


def check_slices(requirements: Sequence[Requirement], slices: Collection[str]) -> None:
    """Raises ``UserError`` for a requirement on a kind, source or section that none of the cases has."""
    for wanted in requirements:
        _, parted, name = wanted.name.partition("/")
        # A heading may hold a colon, and may end as the name of an interval's end does.
        if parted and name not in slices and re.sub(r":(?:low|high|count)$", "", name) not in slices:
            raise UserError(f'--require "{wanted.name}": no case is of "{name}"; check the name')


def known(requirements: list[Requirement]) -> None:
    """Raises ``UserError`` for a requirement on a measure that does not exist, before anything is run."""
    for wanted in requirements:
        measure = wanted.name.partition("/")[0].partition(":")[0]
        if measure not in BY_NAME and measure != "cases":
            hint = did_you_mean(measure, BY_NAME, "docs/evaluating.md lists them")
            raise UserError(f'--require: there is no measure "{measure}"; {hint}')
