"""Rows of a table by the numbers in a column: above a value, more than in another year, or the most."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.judging.amounts import Amount, amount, bounds, unit_named
from assistant.words import content_set

_MOSTLY = 0.8
"""The share of the values of a column that are numbers, of those that are given."""
_TOTAL = re.compile(r"(?:(?:grand|sub)[ -]?)?(?:total|sum|all|overall|average|mean)\b", re.IGNORECASE)
_NO_MEASURE = re.compile(
    r"\b(?:cent(?:re|er)|code|no|nr|number|id|year|phone|ref(?:erence)?|post ?code|zip)\b", re.IGNORECASE
)
"""The name of a column whose numbers only name something."""
_YEAR = r"(?:19|20)\d\d(?:[-/]\d\d)?"
_A_YEAR = re.compile(rf"(?<!\d){_YEAR}(?!\d)")
_MORE_THAN = re.compile(
    r"\b(?:(?P<more>more|higher|larger|bigger|greater)|less|lower|smaller|fewer)\b[^?.]*?"
    rf"\b(?P<first>{_YEAR})\b[^?.]*?\bthan\b[^?.]*?\b(?P<second>{_YEAR})\b",
    re.IGNORECASE,
)
_STRICT = re.compile(
    r"\b(?:above|over|exceed\w*|beyond|below|under)\b|(?<!no )(?<!not )\b(?:more|less|fewer) than\b",
    re.IGNORECASE,
)
_EXTREME = re.compile(
    r"(?<!at )(?<!at the )"
    r"\b(?P<word>most|highest|largest|biggest|greatest|dearest|least|fewest|lowest|smallest|cheapest)\b"
    r"(?: (?P<of>[\w-]+))?",
    re.IGNORECASE,
)
_HAS = re.compile(r"\b(?:the|has|have|had|gets?|got|needs?|uses?) $", re.IGNORECASE)
_MOST = frozenset("most highest largest biggest greatest dearest".split())
_OF_ALL = frozenset("in for so of overall this last expensive costly".split())
"""What follows "most" where it says nothing of what ("which costs the most so far?")."""
_COSTLY = re.compile(r"\b(?:expensive|costly|dearest|cheapest)\b", re.IGNORECASE)
_OF_MONEY = content_set(
    "cost price budget spend spent spending money expensive dear cheap dearest cheapest pay paid fund"
    " euro dollar pound crown"
)

Row = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Measured:
    """The ``column`` that was measured and the places of the rows that meet what is asked.

    ``plain`` where two columns are compared that the question names by their words and years: it can hardly mean
    anything else. ``extreme`` where what has most or least is asked for.
    """

    column: str
    places: tuple[int, ...]
    plain: bool = False
    extreme: bool = False


@dataclass(frozen=True, slots=True)
class _Column:
    """The numbers of a column, None for a total and what is no number, in one unit; empty where that is not said."""

    name: str
    unit: str
    values: tuple[float | None, ...]

    @property
    def words(self) -> frozenset[str]:
        return content_set(_A_YEAR.sub(" ", self.name))


def measured(question: str, rows: Sequence[Row]) -> Measured | None:
    """The rows whose numbers meet what a question asks; None where it asks no such thing of a column that it names.

    "Over 5,000 euros", "less in 2027 than in 2026", "the most": in the column of which the question has most words,
    or the year. Totals are left out.
    """
    columns = [column for name in _names(rows) if (column := _column(name, rows)) is not None]
    asked = content_set(question)
    if compared := _MORE_THAN.search(question):
        return _compared(asked, compared, columns)
    said, extreme = bounds(question, bare=True), _EXTREME.search(question)
    if len(said) == 1:
        return _within(question, said[0], columns)
    column = _extreme_of(question, extreme, columns) if extreme else None
    if extreme is None or column is None:
        return None
    values = {at: value for at, value in enumerate(column.values) if value is not None}
    best = (max if extreme["word"].lower() in _MOST else min)(values.values())
    return Measured(column.name, tuple(at for at, value in values.items() if value == best), extreme=True)


def _names(rows: Sequence[Row]) -> list[str]:
    """The columns but for the first, which names the rows, and those of numbers that measure nothing."""
    names = dict.fromkeys(name for row in rows for name in row)
    return [name for name in list(names)[1:] if not _NO_MEASURE.search(name)]


def _column(name: str, rows: Sequence[Row]) -> _Column | None:
    """A column of numbers in one unit; None for others."""
    given = [amount(row[name], unit_named(name)) for row in rows if row.get(name)]
    if sum(one is not None for one in given) < max(1.0, _MOSTLY * len(given)):
        return None
    units = {one.unit for one in given if one is not None}
    values: list[float | None] = []
    for row in rows:
        one = amount(row.get(name, ""), unit_named(name))
        total = any(_TOTAL.match(value) for value in row.values())
        values.append(None if one is None or total else one.low)
    one_unit = len(units) == 1 and any(value is not None for value in values)
    return _Column(name, units.pop(), tuple(values)) if one_unit else None


def _compared(asked: frozenset[str], compared: re.Match[str], columns: Sequence[_Column]) -> Measured | None:
    """The rows that have more, or less, in the column of one year than in that of another."""
    pairs = [
        (first, second)
        for first in columns
        for second in columns
        if compared["first"] in first.name and compared["second"] in second.name and first.words == second.words
    ]
    shared = [(_shared(first, asked), first, second) for first, second in pairs]
    worth, first, second = max(shared, key=lambda one: one[0], default=(0.0, None, None))
    if first is None or second is None or not worth:
        return None
    sign = 1 if compared["more"] else -1
    met = (
        at
        for at, (one, other) in enumerate(zip(first.values, second.values, strict=True))
        if one is not None and other is not None and sign * (one - other) > 0
    )
    return Measured(first.name, tuple(met), plain=True)


def _within(question: str, bound: Amount, columns: Sequence[_Column]) -> Measured | None:
    """The rows whose numbers are within a bound, in its unit."""
    asked = content_set(question)
    of_unit = [one for one in columns if _may_be_in(one, bound.unit)]
    column = _asked(question, asked | {bound.unit}, of_unit)
    if column is None:
        return None
    strict = _STRICT.search(question) is not None
    met = (
        at
        for at, value in enumerate(column.values)
        if value is not None and (bound.low < value < bound.high if strict else bound.low <= value <= bound.high)
    )
    return Measured(column.name, tuple(met))


def _may_be_in(column: _Column, unit: str) -> bool:
    """Whether the numbers of a column may be in a unit: either is not said, or a column of money is meant."""
    of_money = unit == "money" and bool(column.words & _OF_MONEY)
    return of_money or unit in (column.unit, "") or column.unit == "" or unit in column.words


def _extreme_of(question: str, extreme: re.Match[str], columns: Sequence[_Column]) -> _Column | None:
    """The column of which a question asks for what has most or least: "the highest cost", "which costs the most?"."""
    of = (extreme["of"] or "").lower()
    if _COSTLY.search(question):
        columns = [one for one in columns if one.words & _OF_MONEY]
    elif extreme["word"].lower() not in ("most", "least") or (of and of not in _OF_ALL):
        if not _HAS.search(question[: extreme.start()]):
            return None  # "What do most guests forget?"
        meant = content_set(of)
        columns = [one for one in columns if meant & one.words or (meant & _OF_MONEY and one.words & _OF_MONEY)]
    return _asked(question, content_set(question), columns)


def _asked(question: str, asked: frozenset[str], columns: Sequence[_Column]) -> _Column | None:
    """The column of which a question has most words, and its year; None where it has none of any."""
    years = set(_A_YEAR.findall(question))

    def worth(column: _Column) -> float:
        shared = _shared(column, asked)
        return shared + bool(years & set(_A_YEAR.findall(column.name))) if shared else 0.0

    best = max(columns, key=worth, default=None)
    return best if best is not None and worth(best) > 0 else None


def _shared(column: _Column, asked: frozenset[str]) -> float:
    """How many words of a column's name a question has, a word for money half where the name has another."""
    shared = len(column.words & asked)
    return shared + 0.5 * bool(asked & _OF_MONEY and column.words & _OF_MONEY)
