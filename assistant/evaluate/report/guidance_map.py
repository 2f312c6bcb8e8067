# ruff: noqa: E501 - sentences and markup read better unbroken
"""The guidance as a map in the report: how often each section was asked about, fully cited, and cited at all."""

import html
from collections.abc import Sequence

from assistant.evaluate.report import charts
from assistant.evaluate.report.charts import wide
from assistant.evaluate.sections import Coverage


def guidance_map(coverage: Sequence[Coverage]) -> str:
    """A row for each section, under its document; empty where no guidance is known."""
    if not coverage:
        return ""
    rows, title = [], None
    for row in coverage:
        if row.stretch.document != title:
            title = row.stretch.document
            rows.append(
                f'<tr class="doc"><th scope="rowgroup" colspan="4">{html.escape(row.stretch.title or title)}</th></tr>'
            )
        share = row.well / row.asked if row.asked else 0.0
        drawn = (
            f"{charts.bar(share, share, share)} <span class=num>{row.well} of {row.asked}</span>"
            if row.asked
            else "<span class=faint>not asked about</span>"
        )
        cited = str(row.cited) if row.cited else '<span class="verdict unsupported">never cited</span>'
        name = html.escape(" > ".join(row.stretch.path) or "(beginning)")
        if row.asked:
            name = f'<a href="#cases" data-section="{html.escape(row.stretch.label)}">{name}</a>'
        rows.append(
            f'<tr><th scope="row">{name}</th><td>{row.asked or ""}</td><td class="well">{drawn}</td><td>{cited}</td></tr>'
        )
    body = "".join(rows)
    never = sum(not row.cited for row in coverage)
    unasked = sum(not row.asked for row in coverage)
    head = "".join(
        f'<th scope="col">{name}</th>' for name in ("Section", "Asked about", "Fully cited", "Answers citing it")
    )
    return (
        f"<section id='map'><h2>The guidance as a map</h2><p>{len(coverage)} sections: {unasked} not asked about, {never} never cited. A section leads to the questions about it.</p>"
        f"{wide('Sections of the guidance', f'<thead><tr>{head}</tr></thead><tbody>{body}</tbody>', 'map')}</section>"
    )
