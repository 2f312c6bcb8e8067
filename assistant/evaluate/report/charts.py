# ruff: noqa: E501 - sentences and markup read better unbroken
"""Charts as inline HTML and SVG, each with its numbers in words for those who cannot see it."""

import html
from collections.abc import Sequence

import numpy as np

from assistant.evaluate.measures.catalogue import Measure
from assistant.evaluate.measures.intervals import Estimate, Floats
from assistant.evaluate.measures.ranking import Point

_WIDTH, _HEIGHT, _LEFT, _BOTTOM, _TOP, _RIGHT = 420, 260, 54, 46, 24, 10


def shown(measure: Measure, value: float) -> str:
    """A figure the way people write it: a share in per cent, a time in seconds."""
    if measure.unit == "ms":
        return f"{value:.0f} ms" if value < 1000 else f"{value / 1000:.1f} s"
    if measure.unit == "count":
        return f"{value:,.0f}"
    return percent(value) if measure.unit == "share" else f"{value:.3f}"


def percent(share: float) -> str:
    """A share from 0 to 1 in whole per cent; 0 % and 100 % are only what is none and all, else a tenth is said too."""
    whole = f"{share * 100:.0f}"
    if (whole == "0" and share > 0) or (whole == "100" and share < 1):
        return f"{min(max(share * 100, 0.1), 99.9):.1f} %"
    return f"{whole} %"


def moved(measure: Measure, difference: float) -> str:
    """A difference of two figures with its sign: of shares and scores in points, a hundredth each."""
    if measure.unit == "ms":
        return f"{difference:+.0f} ms" if abs(difference) < 1000 else f"{difference / 1000:+.1f} s"
    return f"{difference:+,.0f}" if measure.unit == "count" else f"{difference * 100:+.1f}"


def bar(value: float, low: float, high: float, tone: str = "") -> str:
    """A bar for a figure from 0 to 1 with a whisker for its interval."""
    left, right = max(0.0, low), min(1.0, high)
    return (
        f'<span class="bar {tone}" aria-hidden="true"><span class="fill" style="width:{_percent(value)}"></span>'
        f'<span class="whisker" style="left:{_percent(left)};width:{_percent(max(right - left, 0))}"></span></span>'
    )


def bars(measure: Measure, rows: Sequence[tuple[str, Estimate]]) -> str:
    """One bar a row, with figure, interval and count in words beside it."""
    tone = "lower" if measure.better == "lower" else ""
    body = "".join(
        f'<tr><th scope="row">{html.escape(label or "all")}</th><td class="drawn">{bar(e.value, e.low, e.high, tone)}</td>'
        f"<td class=num>{shown(measure, e.value)}</td>"
        f'<td class="num faint">{shown(measure, e.low)} to {shown(measure, e.high)}</td><td class="num faint">{e.count}</td></tr>'
        for label, e in rows
    )
    return (
        f'<table class="bars"><caption>{html.escape(measure.title)}</caption><thead><tr><th scope="col">Kind</th>'
        '<th scope="col" class="drawn"><span class="sr">Drawn</span></th><th scope="col" class=num>Value</th>'
        f'<th scope="col" class=num>95 % interval</th><th scope="col" class=num>Count</th></tr></thead><tbody>{body}</tbody></table>'
    )


def wide(label: str, table: str, kind: str = "plain") -> str:
    """A table that scrolls sideways in a region of its own where it is wider than the page."""
    return f'<div class="wide" tabindex="0" role="region" aria-label="{html.escape(label)}"><table class="{kind}">{table}</table></div>'


def trade_off(points: Sequence[Point], now: tuple[float, float] | None) -> str:
    """What a stricter or laxer threshold would refuse, drawn from covered questions refused to uncovered ones refused.

    ``now`` is where the run stands.
    """
    path = " ".join(f"{'L' if i else 'M'}{_x(p.wrongly_caught):.1f} {_y(p.caught):.1f}" for i, p in enumerate(points))
    mark, words = "", ""
    if now:
        mark = f'<circle class="now" cx="{_x(now[0]):.1f}" cy="{_y(now[1]):.1f}" r="6"/>'
        words = f" This run refused {percent(now[0])} of the covered and {percent(now[1])} of the uncovered questions."
    within = max((p.caught for p in points if p.wrongly_caught <= 0.1 + 1e-9), default=0.0)
    label = f"Trade-off curve.{words} Refusing at most one covered question in ten would refuse {percent(within)} of the uncovered."
    body = f'<path class="chance" d="M{_x(0)} {_y(0)}L{_x(1)} {_y(1)}"/><path class="line" d="{path}"/>{mark}'
    return _figure(label, _axes("covered questions refused", "uncovered questions refused") + body)


def histogram(
    series: Sequence[tuple[str, Floats]], low: float, high: float, axis: str, unit: str = "", bins: int = 20
) -> str:
    """How values are distributed, at most two series side by side; counts upward."""
    counts = [np.histogram(np.clip(values, low, high), bins=bins, range=(low, high))[0] for _, values in series]
    most = max((int(c.max()) for c in counts), default=0) or 1
    step = (_WIDTH - _LEFT - _RIGHT) / bins
    thick = step / len(series) - 1
    drawn = []
    for number, count in enumerate(counts):
        for place, value in enumerate(count):
            if value:
                top = _y(value / most)
                x = _LEFT + place * step + number * (thick + 1)
                drawn.append(
                    f'<rect class="s{number}" x="{x:.1f}" y="{top:.1f}" width="{max(thick, 1):.1f}" '
                    f'height="{_y(0) - top:.1f}"/>'
                )
    key = ""
    if len(series) > 1:
        items = (
            f'<span><i class="s{n}"></i>{html.escape(name)} ({len(v)})</span>' for n, (name, v) in enumerate(series)
        )
        key = f'<p class="key">{"".join(items)}</p>'
    said = "; ".join(
        f"{name}: {len(values)} values, median {np.median(values):.3g}{unit}" for name, values in series if len(values)
    )
    ticks = [(f"{low + (high - low) * part:g}", part) for part in (0, 0.25, 0.5, 0.75, 1)]
    return key + _figure(
        f"{axis}. {said}.",
        _axes(axis + unit and f"{axis}{f' ({unit.strip()})' if unit else ''}", "cases", ticks, [(str(most), 1.0)])
        + "".join(drawn),
    )


def _figure(label: str, body: str) -> str:
    text = html.escape(label, quote=True)
    return f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{text}">{body}</svg>'


def _axes(
    across: str,
    up: str,
    ticks: Sequence[tuple[str, float]] = (("0", 0.0), ("25 %", 0.25), ("50 %", 0.5), ("75 %", 0.75), ("100 %", 1.0)),
    steps: Sequence[tuple[str, float]] = (("0", 0.0), ("50 %", 0.5), ("100 %", 1.0)),
) -> str:
    lines = [f'<path class="axis" d="M{_LEFT} {_TOP}V{_y(0)}H{_WIDTH - _RIGHT}"/>']
    for name, part in ticks:
        anchor = "end" if part == 1 else "middle"
        lines.append(f'<text x="{_x(part):.1f}" y="{_y(0) + 18}" text-anchor="{anchor}">{html.escape(name)}</text>')
    for name, part in steps:
        lines.append(f'<text x="{_LEFT - 5}" y="{_y(part) + 4:.1f}" text-anchor="end">{html.escape(name)}</text>')
        if part:
            lines.append(f'<path class="grid" d="M{_LEFT} {_y(part):.1f}H{_WIDTH - _RIGHT}"/>')
    lines.append(
        f'<text class="name" x="{_WIDTH - _RIGHT}" y="{_HEIGHT - 4}" text-anchor="end">{html.escape(across)} →</text>'
    )
    lines.append(f'<text class="name" x="{_LEFT - 4}" y="{_TOP - 8}">↑ {html.escape(up)}</text>')
    return "".join(lines)


def _x(part: float) -> float:
    return _LEFT + part * (_WIDTH - _LEFT - _RIGHT)


def _y(part: float) -> float:
    return _HEIGHT - _BOTTOM - part * (_HEIGHT - _BOTTOM - _TOP - 6)


def _percent(part: float) -> str:
    return f"{min(max(part, 0.0), 1.0) * 100:.1f}%"
