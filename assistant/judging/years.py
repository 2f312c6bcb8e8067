"""Whether a statement tells of another year than the one for which a question asks a number."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from assistant.contents.cells import is_row, of_columns_named
from assistant.contents.statements import Statement
from assistant.judging.answer_kind import COMES_TO

_CURRENCY = r"[€$£¥]|\b[A-Z]{3}"
_YEAR = r"(?<![\w.,:/-])(?:19|20)\d\d"
_SPAN = re.compile(
    rf"(?P<first>{_YEAR})(?: ?[-–/] ?(?P<short>\d\d(?:\d\d)?)(?!\d|[-/]\d)"
    r"|(?: to | until | and )(?P<last>(?:19|20)\d\d))?(?! [a-z]{3,}s\b)"
    r"(?!\d|[,.]\d|-\d\d-|[ -]?(?:[€$£%]|euros?\b|per ?cent\b|[A-Z]{3}\b))"
)
_NO_YEAR = re.compile(rf"(?:{_CURRENCY}) ?$")
_SINCE = re.compile(r"\b(?:since|from|after|starting|as of|in force)\b[^.;?]{0,18}$", re.IGNORECASE)
_UNTIL = re.compile(
    r"(?:\b(?:until|till|by|before|through|up to|end of|no later than|at the latest)\b[^.;?]{0,18}|\bto: ?)$",
    re.IGNORECASE,
)
_LOOKED_BACK = 40
_NUMBER_ASKED = re.compile(
    r"\bhow (?:many|much|often|large|big|high)\b|\b(?:what|which)(?:['’]s| is| was| are| were)? (?:[\w-]+ ){0,3}?"
    r"(?:amount|sum|number|price|rate|share|percentage|budget|fee|figure|total|costs?|target|spend(?:ing)?)\b"
    rf"|\bwhat (?:do|does|did|will|would) [^?]{{1,80}}\b(?:(?:cost|spend|pay|earn|save)\b|{COMES_TO})"
    r"|\bwhat(?:['’]s| is| was| has been| have we| had we)(?: been)?"
    r" (?:set aside|put aside|budgeted|allocated|earmarked)(?= for\b)",
    re.IGNORECASE,
)
_ASKED_FOR = re.compile(
    r"(?:^|[^\w])(?:in|for|of|during|by|until|since|from|through)(?: the)?"
    r"(?: (?:fiscal|financial|budget|calendar|school))?(?: year)? $",
    re.IGNORECASE,
)
"""Before the year for which a number is asked."""
_HAPPENED = re.compile(
    r"\b(?:[a-z]{2,}ed|born|built|bought|made|begun|began|taken(?: out| up| on)?|given|won|came|went|set up|sold"
    r"|drawn(?: up)?|written) (?:on |up )?(?:in|on|of|for|since|from)?(?: \d{1,2})?(?: [A-Z][a-z]+)? ?$"
)
"""Before the year of an event, as against the one that a number is of ("a car registered in 2015")."""
_OF_DOCUMENT = (
    r"(?:policy|strategy|report|plan|guide(?:lines?)?|guidance|version|edition|act|regulations?|directive|law|survey"
    r"|standard|handbook|framework|review|note|paper|memo|programme|program|trial|pilot|agreement|contract|charter)"
)
_NAMES_DOCUMENT = re.compile(rf"^ (?:[\w-]+ ){{0,2}}?{_OF_DOCUMENT}\b", re.IGNORECASE)
_DOCUMENT_NAMED = re.compile(
    rf"\b{_OF_DOCUMENT}(?:,? (?:of|from|for))?(?: \d{{1,2}})?(?: [A-Z][a-z]+)? $", re.IGNORECASE
)
"""What is called by a year, after or before it ("the 2024 report", "the Rights Act 1996"), may tell of any year."""


@dataclass(frozen=True, slots=True)
class Span:
    """Years from ``first`` to ``last``; ``fiscal`` where the two are written as one ("2026-27")."""

    first: int
    last: int
    fiscal: bool = False

    def meets(self, other: "Span") -> bool:
        """Whether both have a year in common; two fiscal years only where they are the same."""
        if self.fiscal and other.fiscal:
            return self == other
        return self.first <= other.last and other.first <= self.last


def of_another_year(question: str, statement: Statement) -> bool:
    """Whether a question asks a number of some year and a statement tells of others only.

    So does the row of a table in the columns that the question names, in any, or by the heading over it.
    """
    own = question.partition(" (")[0]
    asked = tuple(_asked(own)) if _NUMBER_ASKED.search(own) else ()
    if not asked:
        return False
    over = reversed(statement.passage.path) if is_row(statement.text) else ()
    texts = (of_columns_named(question, statement).text, statement.text, *over)
    told = spans_in(next(filter(_SPAN.search, texts), ""))
    return bool(told) and not any(one.meets(other) for one in asked for other in told)


def _asked(question: str) -> Iterator[Span]:
    for match in _years(question):
        if _ASKED_FOR.search(question[: match.start()]) or _NUMBER_ASKED.match(f"what{question[match.end() :]}"):
            yield _span(question, match)


@lru_cache(maxsize=4096)
def spans_in(text: str) -> tuple[Span, ...]:
    """The years that a text tells of: one, some ("2026 to 2029"), all since one or until one."""
    return tuple(_span(text, match) for match in _years(text))


def _years(text: str) -> Iterator[re.Match[str]]:
    """Where years stand, but for amounts, those of events and those by which documents are called."""
    for match in _SPAN.finditer(text):
        before, after = text[max(0, match.start() - _LOOKED_BACK) : match.start()], text[match.end() :]
        of_document = _NAMES_DOCUMENT.match(after) or _DOCUMENT_NAMED.search(before)
        if not (_NO_YEAR.search(before) or of_document or _HAPPENED.search(before)):
            yield match


def _span(text: str, match: re.Match[str]) -> Span:
    first = int(match["first"])
    short, last = match["short"], match["last"]
    if short or last:
        until = int(last or (short if len(short) == 4 else f"{match['first'][:2]}{short}"))
        if until >= first and (last or until - first < 50):
            return Span(first, until, fiscal=bool(short) and len(short) == 2 and until == first + 1)
    before = text[max(0, match.start() - _LOOKED_BACK) : match.start()]
    if _SINCE.search(before):
        return Span(first, 9999)
    return Span(0 if _UNTIL.search(before) else first, first)
