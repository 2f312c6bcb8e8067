"""Numbers and dates as a spreadsheet shows them: percent, currency, decimals and dates by their format code."""

import datetime
import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import lru_cache

from openpyxl.styles import is_date_format

_LONGEST_CODE = 255
_MOST_DECIMALS = 15
_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|\[\$(?P<currency>[^\]-]*)[^\]]*\]|\[[^\]]*\]|[_*].'
    r"|(?P<digits>[0#?][0#?,]*(?:\.[0#?]*)?|\.[0#?]+)(?P<thousands>,*)|(?P<other>.)",
    re.DOTALL,
)
_MONTHS = ("January February March April May June July August September October November December").split()
_DATE_TOKEN = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|y+|m+|d+', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Section:
    """One section of a format code; ``scale`` is the power of ten that the value is shown times."""

    before: str
    after: str
    whole: int
    decimals: int
    least_decimals: int
    grouped: bool
    scale: int

    def written(self, value: Decimal) -> str:
        rounded = value.scaleb(self.scale).quantize(Decimal(1).scaleb(-self.decimals), ROUND_HALF_UP)
        whole, _, rest = f"{rounded:{',' if self.grouped else ''}f}".partition(".")
        kept = rest.rstrip("0")
        rest = rest[: max(len(kept), self.least_decimals)]
        return f"{self.before}{whole.zfill(self.whole)}{'.' if rest else ''}{rest}{self.after}".strip()


def shown(value: object, code: str = "General") -> str:
    """A cell's value as text. ``code`` is the format code of its cell (ECMA-376, 18.8.30).

    Dates are written as ``2026-01-31`` unless the format names the month. A code that is not understood leaves the
    number as it is, with the 15 digits that spreadsheets keep.
    """
    match value:
        case None:
            return ""
        case bool():
            return str(value).upper()
        case int() | float():
            return _number(value, code)
        case datetime.datetime() if value.time() == datetime.time() or not re.search("[hs]", code, re.IGNORECASE):
            return _date(value.date(), code)
        case datetime.date():
            return _date(value, code) if not isinstance(value, datetime.datetime) else value.isoformat(" ", "minutes")
        case datetime.time():
            return value.isoformat("minutes" if not value.second else "seconds")
        case datetime.timedelta():
            minutes = round(value.total_seconds() / 60)
            return f"{'-' if minutes < 0 else ''}{abs(minutes) // 60}:{abs(minutes) % 60:02d}"
    return str(value)


def _number(value: float, code: str) -> str:
    plain = str(value) if isinstance(value, int) else f"{value:.15g}"
    try:
        number = Decimal(plain)
        sections = _sections(code)
        if not sections or not number.is_finite():
            return plain
        place = 1 if number < 0 and len(sections) > 1 else 0
        section = sections[place]
        if section is None:
            return plain
        text = section.written(abs(number))
        # A format may show by a colour alone that something is owed.
        marked = place == 1 and ("-" in section.before or "(" in section.before)
        lost = not any(char in "123456789" for char in text)
    except (InvalidOperation, ValueError):
        return plain
    return f"-{text}" if number < 0 and not marked and not lost else text


@lru_cache(maxsize=1000)
def _sections(code: str) -> tuple[_Section | None, ...]:
    """The sections of a code; None for one of them, or no section at all, where it is not understood."""
    if len(code) > _LONGEST_CODE or code.strip().casefold() in ("", "general", "@") or is_date_format(code):
        return ()
    return tuple(_section(part) for part in re.findall(r'(?:"[^"]*"|\\.|[^;"\\])+|(?<=;)(?=;|$)', code)[:2])


def _section(code: str) -> _Section | None:
    before, after, digits, scale = "", "", "", 0
    for token in _TOKEN.finditer(code):
        if token["digits"]:
            if digits:
                return None  # A number in groups, as of a telephone.
            digits = token["digits"] + token["thousands"]
            continue
        other = token["other"] or ""
        if other in ("E", "e", "/", "@", "G"):
            return None
        text = token["quoted"] or token["escaped"] or token["currency"] or other
        scale += 2 if other == "%" else 0
        before, after = (before, after + text) if digits else (before + text, after)
    if not digits:
        return None
    whole, _, decimals = digits.rstrip(",").partition(".")
    scale -= 3 * (len(digits) - len(digits.rstrip(",")))
    if len(decimals) > _MOST_DECIMALS:
        return None
    return _Section(before, after, whole.count("0"), len(decimals), decimals.count("0"), "," in whole, scale)


def _date(day: datetime.date, code: str) -> str:
    """The date, its month in words where the format has it so."""
    tokens = [token.lower() for token in _DATE_TOKEN.findall(code) if token[0].lower() in "ymd"]
    if not any(token in ("mmm", "mmmm") for token in tokens):
        return day.isoformat()
    parts = []
    for token in tokens:
        match token[0], len(token):
            case "d", (1 | 2):
                parts.append(str(day.day))
            case "m", _:
                parts.append(_MONTHS[day.month - 1] if len(token) > 3 else _MONTHS[day.month - 1][:3])
            case "y", _:
                parts.append(str(day.year))
    return " ".join(parts)
