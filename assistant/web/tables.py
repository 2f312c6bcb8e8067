"""Comparisons and advice as tables that read well on a wide screen, on a phone and aloud."""

from collections.abc import Callable, Iterable, Sequence

from assistant.advising.wording import points
from assistant.records import Advice, Cell, Citation, Comparison, Factor
from assistant.web.show import attributes, last_word, show
from assistant.web.speaking import said

Cite = Callable[[Iterable[Citation]], str]
CiteText = Callable[[str, Iterable[Citation]], str]

SILENT = "The guidance is silent"
LONGEST_KEPT = 14
"""The most letters of a word that is kept on one line with the number after it; the columns of four options hold it."""


def comparison_html(comparison: Comparison, cite: Cite) -> str:
    """Options as columns, criteria as rows; on a narrow screen each row becomes a block with the options named.

    The roles are written out because a table that is laid out as blocks loses its meaning for screen readers.
    """
    heads = "".join(f'<th scope="col" role="columnheader">{show(option)}</th>' for option in comparison.options)
    rows = "".join(
        f'<tr role="row"><th scope="row" role="rowheader">{show(row.criterion)}</th>'
        + "".join(_cell_html(option, cell, cite) for option, cell in zip(comparison.options, row.cells, strict=False))
        + "</tr>"
        for row in comparison.rows
    )
    caption = f"{said('Comparison')}: {', '.join(comparison.options)}"
    return (
        '<div class="comparison" data-key="comparison"><table role="table">'
        f'<caption class="sr">{show(caption)}</caption>'
        f'<thead role="rowgroup"><tr role="row"><td role="cell"></td>{heads}</tr></thead>'
        f'<tbody role="rowgroup">{rows}</tbody></table></div>'
    )


def _cell_html(option: str, cell: Cell | None, cite: Cite) -> str:
    label = attributes(data_option=option)
    if cell is None:
        return f'<td role="cell" class="silent"{label}>{show(said(SILENT))}</td>'
    return f'<td role="cell"{label}>{_cited(cell.text, cell.citations, cite)}</td>'


def advice_html(advice: Advice, cite: Cite) -> str:
    """The factors with what was understood and what each points to, then the lean and what would change it."""
    lean = ""
    if advice.leans_to:
        leans_to = show(said("The guidance leans to"))
        lean = f'<p class="lean"><span>{leans_to}</span> <strong>{show(advice.leans_to)}</strong></p>'
    known = [factor for factor in advice.factors if factor.given or factor.points_to]
    unknown = [factor for factor in advice.factors if factor not in known]
    factors = "".join(_factor_html(factor, cite) for factor in known)
    if unknown:  # In one row: what is not known is said once, and what it would change stands below.
        together = Factor(", ".join(factor.name for factor in unknown), "", "", ())
        factors += _factor_html(together, cite)
    change = ""
    if advice.would_change_it:
        items = "".join(f"<li>{show(text)}</li>" for text in advice.would_change_it)
        change = f'<h3>{show(said("What would change this"))}</h3><ul class="changes">{items}</ul>'
    rests = show(said("What it rests on"))
    return f'<section class="advice" data-key="advice">{lean}<h3>{rests}</h3><dl>{factors}</dl>{change}</section>'


def _factor_html(factor: Factor, cite: Cite) -> str:
    given = show(factor.given) if factor.given else f'<span class="silent">{show(said("not said"))}</span>'
    if factor.points_to:
        points_to = _cited(f"{said('Points to')} {factor.points_to}", factor.citations, cite)
    else:
        nowhere = said("Points neither way") if factor.given else said("Not known yet")
        points_to = f'<span class="silent">{show(nowhere)}</span>{cite(factor.citations)}'
    return (
        f'<div class="factor"><dt>{show(factor.name)}</dt><dd class="given">{given}</dd>'
        f'<dd class="points">{points_to}</dd></div>'
    )


def _cited(text: str, citations: Sequence[Citation], cite: Cite) -> str:
    """A text with its numbers, of which the first never begins a line."""
    beginning, last = last_word(text, LONGEST_KEPT)
    end = f'<span class="end">{show(last)}{cite(citations[:1])}</span>'
    return f"{show(beginning)}{end}{cite(citations[1:])}"


def comparison_text(comparison: Comparison | None, cited: CiteText) -> list[str]:
    """The comparison as lines of plain text."""
    if comparison is None:
        return []
    lines: list[str] = []
    for row in comparison.rows:
        lines += ["", row.criterion]
        for option, cell in zip(comparison.options, row.cells, strict=False):
            lines.append(f"- {option}: {SILENT if cell is None else cited(cell.text, cell.citations)}")
    return lines


def advice_text(advice: Advice | None, cited: CiteText) -> list[str]:
    """The advice as lines of plain text."""
    if advice is None:
        return []
    lines = [""]
    lines += [
        cited(f"- {factor.name} ({factor.given or 'not said'}): {points(factor)}", factor.citations)
        for factor in advice.factors
    ]
    if advice.leans_to:
        lines.append(f"The guidance leans to {advice.leans_to}.")
    if advice.would_change_it:
        lines += ["", "What would change this:", *(f"- {text}" for text in advice.would_change_it)]
    return lines
