"""Amounts that a question names, and the step of a scale that holds for them: "below 4,000", "from 4,000 to 40,000"."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from assistant.contents.statements import Statement, split_statements
from assistant.support.wording import SCALES, SMALL_NUMBERS
from assistant.words import MONTHS, stem
from corpus import Passage

_TENS = "|".join(word for word, value in SMALL_NUMBERS.items() if 20 <= value < 100)
_WORDS = "|".join(SMALL_NUMBERS)
_OF_SCALE = {**SCALES, "grand": 1e3}
_OF_LETTER = {"k": 1e3, "m": 1e6, "bn": 1e9}
_DAYS = {"minute": 1 / 1440, "hour": 1 / 24, "day": 1.0, "week": 7.0, "month": 30.4, "quarter": 91.0, "year": 365.0}
_MONEY, _TIME, _SHARE = "money", "days", "percent"
_CURRENCY = r"[€$£¥]|(?-i:\b(?:EUR|USD|GBP|CHF|NOK|SEK|DKK|PLN|CZK|JPY|CAD|AUD)\b)"
_MARKS = r"[, '’\u00a0\u202f]"
_DOTTED = r"[1-9]\d{0,2}(?:\.\d{3})+(?:,\d\d)?"
"""Thousands that dots part ("2.500,00")."""
_AMOUNT = re.compile(
    rf"(?P<currency>{_CURRENCY})? ?(?<![\w.,-])"
    rf"(?:(?P<digits>\d{{1,3}}(?:{_MARKS}\d{{3}})+(?!\d)(?:\.\d+)?"
    rf"|{_DOTTED}(?!\d|[ -]?(?:%|per ?cent))|\d+(?:\.\d+)?)"
    r"(?P<letter>k|m|bn)?\b"
    rf"|(?P<word>(?:(?:{_TENS})-)?(?:{_WORDS}))\b)"
    r"(?P<half> and a half)?(?: (?P<scale>hundred|thousand|grand|million|billion)\b)?"
    rf"(?:(?<=hundred) and (?P<rest>(?:(?:{_TENS})-)?(?:{_WORDS}))\b)?"
    rf"(?:[ -]?(?P<unit>%|per ?cent\b|{_CURRENCY}"
    r"|(?!(?:and|or|but|per|for|the|with|from|that|than|are|was|has|have|would|will|can|may|before|after|until)\b)"
    r"(?:working |calendar |full )?[a-z]{3,}\b))?"
    r"(?P<rate> (?:an?|per|each|every) [a-z]+\b|/[a-z]+\b)?(?P<age>[ -]olds?\b)?",
    re.IGNORECASE,
)
_IN_BRACKETS = re.compile(r"\((?:in )?(?P<unit>[^()]{1,20})\)|\bin (?P<last>[a-z]+|%)$", re.IGNORECASE)
"""The unit in the name of a column: "Cost (EUR)", "Length in days"."""
_MONEY_WORDS = frozenset("euro dollar pound quid franc krone krona kroner kronor buck".split())
_QUANTITY = r"(?: (?:about|some|the|an?|total of|sum of|amount of))* ?$"
_BELOW = re.compile(
    r"(?:(?<!not )(?<!no )\b(?:below|under|less than|fewer than)|\b(?:up to(?: and including)?|until|at most|within"
    r"|(?:no|not) (?:be |cost |last )?(?:more|longer|larger|higher|greater|over|above|bigger)(?: than)?"
    r"|(?:not|never|without) exceed(?:ing|s)?|(?:a )?maximum(?: of)?|cheaper than|shorter than|smaller than))"
    rf"{_QUANTITY}",
    re.IGNORECASE,
)
_ABOVE = re.compile(
    r"\b(?:above|over|more than|exceed(?:s|ing)?|beyond|from|at least|(?:no|not) (?:less than|fewer than|below|under)"
    r"|(?:a )?minimum(?: of)?|longer than|larger than|higher than|greater than|dearer than|starting at|upwards of)"
    rf"{_QUANTITY}",
    re.IGNORECASE,
)
_FIRST_OF_TWO = re.compile(r"\b(?:between|from) ?$", re.IGNORECASE)
_TO = re.compile(r"^ ?(?:to|and|until|up to|[-–]) ?$", re.IGNORECASE)
_AND_UP_TO = re.compile(
    r"^,? (?:and|but)(?: (?:also|then))? (?:up to|below|under|less than|at most|(?:no|not) more than|until) ?$",
    re.IGNORECASE,
)
_DASH = re.compile(r"^ ?[-–] ?$")
_OR_LESS = re.compile(
    r"^ ?(?:,? ?(?:or|and) (?:less|fewer|below|under|shorter)|at (?:the )?most|maximum)\b", re.IGNORECASE
)
_OR_MORE = re.compile(
    r"^ ?(?:,? ?(?:or|and) (?:more|above|over|longer|upwards?)|upwards?|at (?:the )?least|minimum)\b", re.IGNORECASE
)
_OVER_TIME = re.compile(
    r"\b(?:costs?|prices?|budgets?|spend(?:ing)?|totals?|sums?|savings?|paid|spread|average[ds]?|counted|taken) over$",
    re.IGNORECASE,
)
_BEFORE = 45
_JUST = 1e-6
"""So much more or less is "over" and "under" a value in a question."""
_MOST = 3
"""So many other steps of a scale are read for the one that holds."""
_YES_OR_NO = re.compile(
    r"^(?:(?:so|and|but|then|ok|okay)\W+)*(?:may|can|could|am|are|is|do|does|did|must|should|shall|will|would)\b"
    r"|[.!?,] (?:may|can|could|am|are|is|do|does|must|should|will|would) (?:i|we|they|he|she|it|the|an?|our|my)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Amount:
    """A value in a unit, or all from ``low`` to ``high``.

    The unit is money, days, percent or the stem of what is counted, with what it is a rate of ("money a year").
    """

    unit: str
    low: float
    high: float


class Amounts:
    """The amounts that a question names in its own words or, where those name none, in what was told before it.

    Statements under one heading, in ``passages`` or that of the statement itself, are the steps of a scale where one
    ends at the amount at which the next begins.
    """

    def __init__(self, question: str, passages: Iterable[Passage] = ()) -> None:
        self._passages = tuple(passages)
        self._scales: dict[tuple[str, int], tuple[Statement, ...]] = {}
        own, _, beside = question.partition(" (")
        self._asked = tuple(_named(own)) or (() if "?" in beside else tuple(_named(beside)))
        self._open = _YES_OR_NO.search(own) is None

    def holds(self, statement: Statement) -> bool | None:
        """Whether the bounds that a statement sets hold for the amounts of the question; None where it sets none."""
        said = bounds(statement.text)
        shared = [(one, bound) for one in self._asked for bound in said if one.unit == bound.unit]
        if not shared:
            return None
        return all(any(_within(one, other) for named, other in shared if named is one) for one, _ in shared)

    def instead(self, statement: Statement) -> tuple[Statement, ...]:
        """Of the scale of which a statement is another step, those steps that hold; else empty."""
        if not self._asked or self.holds(statement) is not False:
            return ()
        return tuple(one for one in self._scale(statement) if self.holds(one))

    def passed_over(self, statement: Statement) -> bool:
        """Whether another step of the scale answers in place of a statement, unless yes or no is asked."""
        return self._open and bool(self.instead(statement))

    def others(self, statement: Statement) -> tuple[Statement, ...]:
        """The steps of the scale beside the one that holds; empty for other statements."""
        if not self._asked or not self.holds(statement):
            return ()
        return tuple(one for one in self._scale(statement) if self.holds(one) is False)[:_MOST]

    def _scale(self, statement: Statement) -> tuple[Statement, ...]:
        """The statements that are the steps of one scale with this one, and not this one."""
        if statement.key not in self._scales:
            place = statement.passage.document, statement.passage.path
            beside = {one.id: one for one in self._passages if (one.document, one.path) == place}
            beside[statement.passage.id] = statement.passage
            steps = _steps([one for passage in beside.values() for one in split_statements(passage)], statement)
            for one in steps:
                self._scales[one.key] = tuple(other for other in steps if other.key != one.key)
        return self._scales[statement.key]


def _steps(statements: Iterable[Statement], statement: Statement) -> tuple[Statement, ...]:
    """Of some statements those that are the steps of one scale with a statement, and that one, in order."""
    said = {one.key: (one, bounds(one.text)) for one in (*statements, statement)}
    ends: defaultdict[tuple[str, float], set[tuple[str, int]]] = defaultdict(set)
    begins: defaultdict[tuple[str, float], set[tuple[str, int]]] = defaultdict(set)
    for key, (_, own) in said.items():
        for bound in own:
            begins[bound.unit, bound.low].add(key)
            ends[bound.unit, bound.high].add(key)
    reached, waiting = {statement.key}, [statement.key]
    while waiting:
        for bound in said[waiting.pop()][1]:
            new = (begins[bound.unit, bound.high] | ends[bound.unit, bound.low]) - reached
            reached |= new
            waiting += new
    return tuple(sorted((said[key][0] for key in reached), key=lambda one: one.start))


def with_steps(amounts: Amounts, statements: Sequence[Statement]) -> tuple[Statement, ...]:
    """Statements, before each of another step of a scale the step that holds for the amounts asked for.

    That is worth as much as the one in whose place it stands.
    """
    given = {one.key: one for one in statements}
    found: dict[tuple[str, int], Statement] = {}
    for statement in statements:
        for one in amounts.instead(statement):
            as_near = replace(one, score=statement.score, meaning=statement.meaning, standing=statement.standing)
            found.setdefault(one.key, given.get(one.key, as_near))
        found.setdefault(statement.key, statement)
    return tuple(found.values())


def amount(text: str, unit: str = "") -> Amount | None:
    """The amount that a text is and nothing else, in its ``unit`` where it names none; None for other texts."""
    match = _AMOUNT.fullmatch(text.strip())
    if match is None or match["age"]:
        return None
    own = _unit(match)
    value = _value(match) * (_DAYS.get(unit, 1.0) if not own else _factor(match, own))
    named = own or (_TIME if unit in _DAYS else unit)
    return Amount(named, value, value)


def unit_named(column: str) -> str:
    """The unit that the name of a column gives to its numbers; empty where it gives none."""
    match = _IN_BRACKETS.search(column)
    said = (match["unit"] or match["last"]).strip() if match else column
    if match is None and said.lower().removesuffix("s") not in _DAYS:
        return ""
    if re.fullmatch(_CURRENCY, said) or said.lower().removesuffix("s") in _MONEY_WORDS:
        return _MONEY
    word = said.lower().removesuffix("s")
    return _SHARE if word in ("%", "percent", "per cent") else word if word in _DAYS else stem(said.lower())


@lru_cache(maxsize=4096)
def bounds(text: str, *, bare: bool = False) -> tuple[Amount, ...]:
    """How far a text says that something goes: below, from or between amounts; with ``bare`` also of no unit."""
    found: list[Amount] = []
    matches = [match for match in _AMOUNT.finditer(text) if not match["age"]]
    at = 0
    while at < len(matches):
        match = matches[at]
        before, after = _before(text, match), text[match.end() :]
        following = matches[at + 1] if at + 1 < len(matches) else None
        between = text[match.end() : following.start()] if following else ""
        at += 1
        to = _TO.match(between) and (_FIRST_OF_TWO.search(before) or _DASH.match(between))
        if following and (to or (_ABOVE.search(before) and _AND_UP_TO.match(between))):
            unit = _unit(following) or _unit(match)
            if unit:
                of_first = _factor(match if _unit(match) else following, unit)
                found.append(Amount(unit, _value(match) * of_first, _in_unit(following, unit)))
            at += 1
            continue
        unit = _unit(match)
        known = bool(unit) or bare
        if known and (_BELOW.search(before) or _OR_LESS.match(after)):
            found.append(Amount(unit, float("-inf"), _in_unit(match, unit)))
        elif known and ((_ABOVE.search(before) and not _during(before, unit)) or _OR_MORE.match(after)):
            found.append(Amount(unit, _in_unit(match, unit), float("inf")))
    return tuple(found)


def _before(text: str, match: re.Match[str]) -> str:
    """What stands right before an amount."""
    return text[max(0, match.start() - _BEFORE) : match.start()].rstrip()


def _during(before: str, unit: str) -> bool:
    """Whether "over" means how long something takes ("total cost over three years")."""
    return unit.startswith(_TIME) and _OVER_TIME.search(before) is not None


def _named(text: str) -> Iterator[Amount]:
    """The amounts in a question; "over 5,000" is a little more than that."""
    for match in _AMOUNT.finditer(text):
        unit = "" if match["age"] else _unit(match)
        if unit:
            before = _before(text, match)
            under = _BELOW.search(before)
            more = -_JUST if under else _JUST if _ABOVE.search(before) else 0.0
            value = _in_unit(match, unit) * (1 + more)
            yield Amount(unit, value, value)


def _within(asked: Amount, bound: Amount) -> bool:
    return bound.low <= asked.low <= bound.high


def _value(match: re.Match[str]) -> float:
    digits = match["digits"]
    if digits is None:
        value = _spelled(match["word"])
    elif re.fullmatch(_DOTTED, digits) and not _of_share(match):
        value = float(digits.replace(".", "").replace(",", "."))
    else:
        value = float(re.sub(_MARKS, "", digits))
    value = value + 0.5 if match["half"] else value
    scale = (match["scale"] or "").lower()
    value *= _OF_SCALE.get(scale, 1.0) * _OF_LETTER.get(_letter(match), 1.0)
    return value + (_spelled(match["rest"]) if match["rest"] else 0.0)


def _spelled(word: str) -> float:
    return float(sum(SMALL_NUMBERS[one] for one in word.lower().split("-")))


def _letter(match: re.Match[str]) -> str:
    """What a letter behind a number multiplies it by; "3m" is a length unless it is money."""
    letter = (match["letter"] or "").lower()
    return letter if letter != "m" or match["currency"] else ""


def _unit(match: re.Match[str]) -> str:
    """What an amount is of; money for thousands of nothing else ("25k"), empty where nothing tells."""
    unit = _plain_unit(match)
    rate = re.sub(r"^(?:an?|per|each|every) |/", "", (match["rate"] or "").strip().lower())
    return f"{unit} a {stem(rate)}" if unit and rate else unit


def _plain_unit(match: re.Match[str]) -> str:
    if match["currency"]:
        return _MONEY
    if match["letter"] and not _letter(match):
        return ""
    word = _unit_word(match)
    if _of_share(match):
        return _SHARE
    if word in MONTHS:
        return ""
    if word and (re.fullmatch(_CURRENCY, match["unit"]) or word.removesuffix("s") in _MONEY_WORDS):
        return _MONEY
    if word.removesuffix("s") in _DAYS:
        return _TIME
    if match["letter"] or match["scale"] in ("thousand", "grand", "million", "billion"):
        return stem(word) if word else _MONEY
    return stem(word) if word else ""


def _of_share(match: re.Match[str]) -> bool:
    return _unit_word(match) in ("%", "percent", "cent")


def _unit_word(match: re.Match[str]) -> str:
    """The last word of what stands behind an amount; empty where nothing does."""
    return (match["unit"] or "").lower().split(" ")[-1]


def _in_unit(match: re.Match[str], unit: str) -> float:
    return _value(match) * _factor(match, unit)


def _factor(match: re.Match[str], unit: str) -> float:
    """How many days the unit of time of an amount has; 1 for other units."""
    days = _DAYS.get(_unit_word(match).removesuffix("s"), 1.0)
    return days if unit.startswith(_TIME) else 1.0
