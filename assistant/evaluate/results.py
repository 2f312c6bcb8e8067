"""Everything a finished run leaves in its folder."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.evaluate.compare import SCORES, Comparison, compare, score_lines
from assistant.evaluate.figures import Figures, figures, flat
from assistant.evaluate.gate import Bar, Requirement, no_worse, required
from assistant.evaluate.journal import write_whole
from assistant.evaluate.junit import junit
from assistant.evaluate.outcomes import Outcome
from assistant.evaluate.report.page import Report, render
from assistant.evaluate.sections import Stretch, coverage
from assistant.evaluate.spreadsheet import write_spreadsheet
from corpus.errors import UserError


@dataclass(frozen=True, slots=True)
class Result:
    """The figures of a run as metrics.json holds them, and the bars it was held against.

    ``last_error`` is that of the last case where every case failed, else empty.
    """

    metrics: Mapping[str, float]
    values: Figures
    bars: tuple[Bar, ...] = ()
    last_error: str = ""

    @property
    def passed(self) -> bool:
        return all(bar.passed for bar in self.bars)


def write_results(
    folder: Path,
    outcomes: Sequence[Outcome],
    run: Mapping[str, Any],
    *,
    title: str,
    claims: bool = False,
    known: Sequence[Stretch] = (),
    requirements: Sequence[Requirement] = (),
    baseline: Path | None = None,
    no_worse_than: Path | None = None,
    seed: int = 0,
) -> Result:
    """Measures the outcomes and writes answers.jsonl, metrics.json, scores.jsonl, report.html, junit.xml, cases.xlsx.

    ``run`` is what run.json holds. ``known`` are the sections of the guidance for the report's map. ``baseline`` and
    ``no_worse_than`` name the folders of earlier runs; the report shows the first that is given. Raises ``UserError``
    where one of them cannot be compared with, after everything else is written.
    """
    earlier: dict[Path, Comparison] = {}
    fault: UserError | None = None
    for path in dict.fromkeys((baseline, no_worse_than)):
        try:
            if path is not None:
                earlier[path] = compare(path, outcomes, run, seed, claims)
        except UserError as error:
            # Whatever became of the earlier run, the answers of this one are worth their report.
            fault = error
    comparison: Comparison | None = next(iter(earlier.values()), None)
    values = figures(outcomes, claims, seed)
    metrics = flat(values, {"cases": len(outcomes)})
    bars = required(list(requirements), metrics) + (
        no_worse(earlier[no_worse_than]) if no_worse_than in earlier else []
    )
    lines = (json.dumps(outcome.line, ensure_ascii=False) + "\n" for outcome in outcomes if outcome.line)
    write_whole(folder / "answers.jsonl", "".join(lines))
    write_whole(folder / SCORES, score_lines(outcomes))
    write_whole(folder / "metrics.json", json.dumps(metrics, indent=2) + "\n")
    report = Report(title, outcomes, values, run, claims, coverage(outcomes, known), comparison, bars)
    write_whole(folder / "report.html", render(report))
    write_whole(folder / "junit.xml", junit(outcomes, title))
    write_spreadsheet(folder / "cases.xlsx", outcomes, values)
    if fault is not None:
        raise fault
    errors = [outcome.error for outcome in outcomes if outcome.error]
    return Result(metrics, values, tuple(bars), errors[-1] if len(errors) == len(outcomes) else "")
