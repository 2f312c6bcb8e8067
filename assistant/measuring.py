"""Rows of a table by the numbers in a column: above a value, more than in another column, or the most."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.amounts import bounds
from assistant.words import content_set

_NUMBER = re.compile(
    r"(?:[€$£¥]|[A-Z]{3} )? ?(?P<value>-?\d{1,3}(?:[, \u00a0\u202f]\d{3})+(?:\.\d+)?|-?\d+(?:\.\d+)?)"
    r"(?: ?(?:[€$£¥%]|[A-Za-z]{1,6}))?"
)
_MOSTLY = 0.8
"""The share of the values of a column that are numbers, of those that are given."""
_TOTAL = re.compile(r"(?:(?:grand|sub)[ -]?)?(?:total|sum)\b", re.IGNORECASE)
_YEAR = r"(?:19|20)\d\d(?:[-/]\d\d)?"
_MORE_THAN = re.compile(
    rf"\b(?:(?P<more>more|higher|larger|bigger|greater)|less|lower|smaller|fewer)\b[^?.]*?\b(?P<first>{_YEAR})\b[^?.]*?\bthan\b"
    rf"[^?.]*?\b(?P<second>{_YEAR})\b",
    re.IGNORECASE,
)
_MOST = re.compile(
    r"\b(?:(?P<most>most|highest|largest|biggest|greatest|dearest)|least|lowest|smallest|cheapest)\b", re.IGNORECASE
)
_OF_MONEY = content_set(
    "cost price budget spend spent spending money expensive dear cheap pay paid fund euro eur usd gbp"
)
_MORE_OF_COLUMN = 0.5
"""What a word for money counts that stands for the one in the name of a column."""

Row = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Measured:
    """The ``column`` that was measured and the places of the rows that meet what is asked.

    ``plain`` where the question names two columns, by their years, so that it can hardly mean anything else.
    """

    column: str
    places: tuple[int, ...]
    plain: bool = False


def measured(question: str, rows: Sequence[Row]) -> Measured | None:
    """The rows whose numbers meet what a question asks; None where it asks no such thing.

    "Over 5,000", "less in 2027 than in 2026", "the most": in the column of which the question has most words, or the
    year. Totals are left out.
    """
    numbers = _columns(rows)
    compared, bound, most = _MORE_THAN.search(question), bounds(question), _MOST.search(question)
    if compared:
        first, second = (_of_year(numbers, compared[name]) for name in ("first", "second"))
        if first is None or second is None:
            return None
        sign = 1 if compared["more"] else -1
        pairs = ((at, numbers[first][at], numbers[second][at]) for at in range(len(rows)))
        met = [at for at, one, other in pairs if one is not None and other is not None and sign * (one - other) > 0]
        return Measured(first, tuple(met), plain=True)
    if not (len(bound) == 1 or most):
        return None
    column = _asked(question, numbers)
    if column is None:
        return None
    values = {at: value for at, value in enumerate(numbers[column]) if value is not None}
    if len(bound) == 1:
        low, high = bound[0].low, bound[0].high
        return Measured(column, tuple(at for at, value in values.items() if low < value < high))
    extreme = (max if most and most["most"] else min)(values.values())
    return Measured(column, tuple(at for at, value in values.items() if value == extreme))


def _columns(rows: Sequence[Row]) -> dict[str, list[float | None]]:
    """The columns of numbers, but for the first, which numbers the rows; None for a total and what is no number."""
    names = list(dict.fromkeys(name for row in rows for name in row))[1:]
    found: dict[str, list[float | None]] = {}
    totals = [any(_TOTAL.match(value) for value in row.values()) for row in rows]
    for name in names:
        given = [row[name] for row in rows if row.get(name)]
        matches = [_NUMBER.fullmatch(row.get(name, "").strip()) for row in rows]
        if given and sum(match is not None for match in matches) >= _MOSTLY * len(given):
            values = (float(re.sub(r"[, \u00a0\u202f]", "", match["value"])) if match else None for match in matches)
            found[name] = [None if total else value for total, value in zip(totals, values, strict=True)]
    return {name: values for name, values in found.items() if any(value is not None for value in values)}


def _of_year(numbers: Mapping[str, object], year: str) -> str | None:
    return next((name for name in numbers if re.search(rf"(?<!\d){re.escape(year)}(?!\d)", name)), None)


def _asked(question: str, numbers: Mapping[str, object]) -> str | None:
    """The column of numbers that a question names by its words, or by another word for money."""
    asked = content_set(question)
    money = _MORE_OF_COLUMN if asked & _OF_MONEY else 0.0
    worth = {name: len(content_set(name) & asked) + money * bool(content_set(name) & _OF_MONEY) for name in numbers}
    best = max(worth, key=lambda name: worth[name], default=None)
    return best if best is not None and worth[best] > 0 else None
