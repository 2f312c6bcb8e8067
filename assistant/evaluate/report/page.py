# ruff: noqa: E501 - sentences and markup read better unbroken
"""The whole page of the report."""

import base64
import hashlib
import html
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from importlib.resources import files
from typing import Any

import numpy as np

from assistant.evaluate.compare import Comparison, flattened
from assistant.evaluate.figures import judged
from assistant.evaluate.gate import Bar
from assistant.evaluate.judgement import GRADES, judge
from assistant.evaluate.measures.catalogue import BY_NAME, MEASURES
from assistant.evaluate.measures.intervals import Estimate
from assistant.evaluate.measures.ranking import curve
from assistant.evaluate.outcomes import Outcome
from assistant.evaluate.report import charts
from assistant.evaluate.report.case_list import case_list
from assistant.evaluate.report.charts import wide
from assistant.evaluate.report.guidance_map import guidance_map
from assistant.evaluate.report.headline import card, headline
from assistant.evaluate.sections import Coverage


@dataclass(frozen=True, slots=True)
class Report:
    """Everything the page shows. ``run`` is what run.json holds; ``claims`` says that claims were judged."""

    title: str
    outcomes: Sequence[Outcome]
    values: Mapping[str, Estimate]
    run: Mapping[str, Any]
    claims: bool = False
    coverage: Sequence[Coverage] = ()
    comparison: Comparison | None = None
    bars: Sequence[Bar] = ()


def render(report: Report) -> str:
    """The page as HTML. It loads nothing, and its policy lets no script run but its own."""
    here = files("assistant.evaluate.report")
    style, script = (here.joinpath(name).read_text(encoding="utf-8") for name in ("report.css", "report.js"))
    allowed = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{allowed}'; base-uri 'none'; form-action 'none'"
    parts = [
        _top(report),
        _contents(report),
        _bars(report.bars),
        _cards(report),
        _comparison(report.comparison),
        _plots(report),
        _kinds(report),
        guidance_map(report.coverage),
        _cases(report),
        _method(report),
    ]
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">'
        f'<title>{_e(report.title)}</title><style>{style}</style></head><body><a class="skip" href="#cases">Skip to the cases</a>'
        f"<main>{''.join(parts)}</main><script>{script}</script></body></html>\n"
    )


def _top(report: Report) -> str:
    run = report.run
    facts = [
        f"{len(report.outcomes)} cases",
        *(f"{name} {run[name]}" for name in ("model", "index", "made") if run.get(name)),
    ]
    said = "".join(f"<li>{_e(line)}</li>" for line in headline(report.outcomes, report.values))
    return (
        f'<header><p class="over">Evaluation</p><h1>{_e(report.title)}</h1><p class="faint">{_e(" · ".join(facts))}</p>'
        f'<ul class="headline">{said}</ul></header>'
    )


def _contents(report: Report) -> str:
    """Where to go from the top: first of all to what failed."""
    grades: Counter[str] = Counter(judge(outcome)[0] for outcome in report.outcomes)
    links = [("#cases", f"{grades['bad']} wrong", "bad"), ("#cases", f"{grades['mixed']} partly good", "mixed")]
    marked = [(a, words, f' data-grade="{grade}"') for a, words, grade in links if grades[grade]]
    places = [
        ("#figures", "The figures"),
        ("#pictures", "In pictures"),
        ("#kinds", "By kind"),
        ("#map", "The guidance as a map"),
    ]
    there = {"#figures": True, "#pictures": True, "#kinds": _has_slices(report), "#map": bool(report.coverage)}
    rest = [
        (a, words, "")
        for a, words in (*places, ("#cases", "All cases"), ("#method", "How it was measured"))
        if there.get(a, True)
    ]
    items = "".join(f'<li><a href="{a}"{more}>{_e(words)}</a></li>' for a, words, more in (*marked, *rest))
    return f'<nav aria-label="Contents"><ul class="contents">{items}</ul></nav>'


def _has_slices(report: Report) -> bool:
    return any("/" in name and "/section=" not in name for name in report.values)


def _bars(bars: Sequence[Bar]) -> str:
    if not bars:
        return ""
    failures_first = sorted(bars, key=lambda bar: bar.passed)
    rows = "".join(f'<li class="{"good" if bar.passed else "bad"}">{_e(bar.line)}</li>' for bar in failures_first)
    missed = sum(not bar.passed for bar in bars)
    words = f"{missed} of {len(bars)} bars missed" if missed else f"All {len(bars)} bars reached"
    return f'<section><h2>{words}</h2><ul class="gate">{rows}</ul></section>'


def _cards(report: Report) -> str:
    cards = []
    for measure in MEASURES:
        value = report.values.get(measure.name)
        # The times of single stages stand in the table below; a card each would bury the figures that matter.
        if value is None or (
            measure.unit == "ms" and measure.name not in ("p50_first_text_ms", "p50_total_ms", "p95_total_ms")
        ):
            continue
        if measure.name == "failed" and not value.value:
            continue
        figure, interval = card(measure, value)
        drawn = (
            ""
            if measure.unit in ("ms", "count")
            else charts.bar(value.value, value.low, value.high, measure.better or "")
        )
        cards.append(
            f'<div class="card"><h3>{_e(measure.title)}</h3><p class="big">{figure}</p>{drawn}'
            f'<p class="faint small">{interval}</p><p class="small">{_e(measure.meaning)}</p></div>'
        )
    note = (
        "The dark line on a bar, and the figures below it, say where the figure might lie had other questions of the same sort been "
        "asked (95 % interval); n is what it is counted over. The fewer, the longer the line; only where all agree, as in 100 %, it has no length, however few they are."
    )
    return f'<section id="figures"><h2>The figures</h2><p class="faint">{note}</p><div class="cards">{"".join(cards)}</div></section>'


def _comparison(comparison: Comparison | None) -> str:
    if comparison is None:
        return ""
    whole = [row for row in comparison.rows if not row.slice]
    slices = [row for row in comparison.rows if row.slice and row.verdict in ("better", "worse")]
    if not comparison.changes:
        verdict = "No case differs."
    else:
        moves = Counter(change.direction for change in comparison.changes)
        verdict = f"{moves['better']} case{'s' * (moves['better'] != 1)} got better, {moves['worse']} got worse"
        verdict += f", {moves['changed']} changed otherwise." if moves["changed"] else "."
    rows = ""
    for row in (*whole, *slices):
        measure, d = BY_NAME[row.measure], row.difference
        moved = partial(charts.moved, measure)
        rows += (
            f'<tr class="{row.verdict}"><th scope="row">{_e(measure.title)}{f" · {_e(row.slice)}" if row.slice else ""}</th>'
            f"<td class=num>{charts.shown(measure, row.theirs)}</td><td class=num>{charts.shown(measure, row.ours)}</td>"
            f"<td class=num>{' to '.join((f'{moved(d.value)} ({moved(d.low)}', f'{moved(d.high)})'))}</td>"
            f"<td class=num>{'' if d.p is None else f'{d.p:.3f}'}</td><td class=num>{d.count}</td><td>{row.verdict}</td></tr>"
        )
    settings = "".join(
        f'<tr><th scope="row">{_e(name)}</th><td>{_e(was)}</td><td>{_e(now)}</td></tr>'
        for name, was, now in comparison.settings
    )
    changed = (
        f"<h3>What is set otherwise</h3>{wide('What is set otherwise', f'<thead><tr><th scope=col>Setting</th><th scope=col>Earlier</th><th scope=col>Now</th></tr></thead><tbody>{settings}</tbody>')}"
        if settings
        else "<p>Both runs had the same settings.</p>"
    )
    head = "".join(
        f'<th scope="col"{" class=num" * (0 < i < 6)}>{n}</th>'
        for i, n in enumerate(("Measure", "Earlier", "Now", "Difference (95 %)", "p", "Count", "Verdict"))
    )
    return (
        f'<section><h2>Beside the earlier run</h2><p class="faint">{_e(comparison.folder)}, {comparison.common} cases in common. '
        "“Better” and “worse” stand only where the interval of the difference leaves out zero; p is that of a paired "
        f"randomisation test, made for means and shares. Shares and scores differ by points; times and tokens are shown and never fail a build.</p><p><b>{verdict}</b></p>{wide('Differences', f'<thead><tr>{head}</tr></thead><tbody>{rows}</tbody>')}{changed}</section>"
    )


def _plots(report: Report) -> str:
    plots = []
    truths, scores, _ = judged(report.outcomes)
    points = curve(truths, scores)
    if points and not report.claims:
        values = report.values
        now = None
        if "false_refusals" in values and "refusal_recall" in values:
            now = (values["false_refusals"].value, values["refusal_recall"].value)
        plots.append(
            (
                "Refusing more or less",
                "Each point is a threshold. The dot is this run; up and to the left is better.",
                charts.trade_off(points, now),
            )
        )
    if len(truths):
        names = ("supported", "unsupported") if report.claims else ("not covered", "covered")
        title = "How strongly support was believed" if report.claims else "How unanswerable questions looked"
        series = [(names[0], scores[truths]), (names[1], scores[~truths])]
        plots.append(
            (title, "The further the two colours stand apart, the better.", charts.histogram(series, 0, 1, "score"))
        )
    stage = "verify" if report.claims else "total"
    times = np.array([o.milliseconds[stage] / 1000 for o in report.outcomes if stage in o.milliseconds])
    if len(times):
        top = _rounded(float(np.percentile(times, 99)))
        plots.append(
            (
                "How long it took",
                "Slower cases stand in the last bar.",
                charts.histogram([("times", times)], 0, top, "time", " s"),
            )
        )
    drawn = "".join(
        f'<figure><figcaption><h3>{_e(t)}</h3><p class="faint small">{_e(n)}</p></figcaption>{p}</figure>'
        for t, n, p in plots
    )
    return f'<section id="pictures"><h2>In pictures</h2><div class="plots">{drawn}</div></section>' if drawn else ""


def _kinds(report: Report) -> str:
    tables = []
    for measure in MEASURES:
        if measure.unit in ("ms", "count") or measure.name == "failed":
            continue
        rows = [
            (key.partition("/")[2], value) for key, value in report.values.items() if key.startswith(f"{measure.name}/")
        ]
        rows = [(name, value) for name, value in rows if not name.startswith("section=")]
        if rows:
            rows.sort(key=lambda row: row[1].value, reverse=measure.better == "lower")
            tables.append(
                f'<div class="wide" tabindex="0" role="region" aria-label="{_e(measure.title)}">{charts.bars(measure, rows)}</div>'
            )
    return f'<section id="kinds"><h2>By kind</h2><div class="kinds">{"".join(tables)}</div></section>' if tables else ""


def _cases(report: Report) -> str:
    grades: list[str] = [judge(outcome)[0] for outcome in report.outcomes]
    kinds = sorted({outcome.kind for outcome in report.outcomes if outcome.kind})
    choices = "".join(f'<option value="{_e(kind)}">{_e(kind)}</option>' for kind in kinds)
    marks = "".join(
        f'<option value="{grade}">{words} ({grades.count(grade)})</option>' for grade, words in GRADES.items()
    )
    sections = list(dict.fromkeys(section for outcome in report.outcomes for section in outcome.about))
    about = (
        '<label>Section <select id="section"><option value="">all</option>'
        + "".join(f'<option value="{_e(section)}">{_e(section)}</option>' for section in sections)
        + "</select></label>"
        if sections
        else ""
    )
    moved = (
        '<label>Change <select id="moved"><option value="">all</option><option value="worse">worse</option><option value="better">better</option><option value="changed">changed otherwise</option></select></label>'
        if report.comparison
        else ""
    )
    return (
        '<section id="cases"><h2>The cases</h2><p class="faint">Failures first. Open one to see why it was graded so.</p>'
        f'<div class="filters"><label>Result <select id="grade"><option value="">all ({len(grades)})</option>{marks}</select></label>'
        f'<label>Kind <select id="kind"><option value="">all</option>{choices}</select></label>{about}{moved}'
        '<label>Search <input id="search" type="search" autocomplete="off"></label>'
        '<button type="button" id="open">Open all shown</button><span id="count" role="status"></span></div>'
        f'<div id="list">{case_list(report.outcomes, report.comparison)}</div></section>'
    )


def _method(report: Report) -> str:
    rows = ""
    for name, value in report.values.items():
        measure = BY_NAME[name.partition("/")[0]]
        part = name.partition("/")[2]
        figure, interval = card(measure, value)
        rows += f'<tr><th scope="row">{_e(measure.title)}{f" · {_e(part)}" if part else ""}</th><td class=num>{figure}</td><td class=num>{interval}</td></tr>'
    made = "".join(
        f'<tr><th scope="row">{_e(name)}</th><td>{_e(value)}</td></tr>'
        for name, value in flattened(report.run).items()
        if value not in ("", "null", "[]")
    )
    return (
        '<section id="method"><h2>How it was measured</h2><p>Intervals are 95 % bootstrap intervals over the cases (1,000 resamples, fixed seed): '
        "how far a figure would move if other cases of the same sort had been asked. The embedded model writes the word it holds "
        "likeliest, with a fixed seed, so that a run repeats to the same answers on the same machine and versions; times never "
        "repeat exactly, and a hosted model may answer otherwise each time.</p>"
        f"<details><summary>All figures</summary>{wide('All figures', f'<tbody>{rows}</tbody>')}</details>"
        f"<details><summary>Settings of this run</summary>{wide('Settings', f'<tbody>{made}</tbody>')}</details></section>"
    )


def _rounded(top: float) -> float:
    for step in (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 4, 8, 12, 16, 20, 40, 60, 120, 300):
        if top <= step:
            return step
    return float(np.ceil(top / 600) * 600)


def _e(text: str) -> str:
    return html.escape(text, quote=True)
