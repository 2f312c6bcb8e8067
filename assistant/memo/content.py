"""What a decision memo says: the question, the answer, the words that prove it, and how it came about."""

import datetime
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from assistant.advising.wording import points
from assistant.records import Advice, Answer, Citation, Comparison, Sentence
from corpus import Source
from corpus.errors import UserError

SourceOf = Callable[[str], Source | None]

SILENT = "the guidance is silent"
_DOUBTS = {"supported": "", "partial": "partly supported", "unsupported": "not in the guidance"}
_TITLES = {
    "answered": "Answer",
    "partial": "Answer, to a part of the question",
    "refused": "The guidance does not answer this",
}
_LONGEST_QUOTE = 320
_SHORTEST_QUOTE = 100
_ALL_QUOTES = 2600
# Control characters, what turns the direction of writing around, and what no XML file may hold.
_UNSHOWN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff]"
)


@dataclass(frozen=True, slots=True)
class Line:
    """A statement with the numbers of the quotes that prove it; ``doubt`` says where they do not, in words."""

    text: str
    numbers: tuple[int, ...] = ()
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of a document. ``cut`` where they are the beginning of longer words that were cited."""

    number: int
    words: str
    where: str
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A comparison: the options, and for each criterion what is said of each; None where the guidance is silent."""

    options: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Line | None, ...]], ...]


@dataclass(frozen=True, slots=True)
class Memo:
    """Everything a memo shows, as plain single lines without markup; empty parts are left out.

    ``about`` holds label and value of how the answer came about.
    """

    question: str
    heading: str
    lines: tuple[Line, ...] = ()
    table: Table | None = None
    leans_to: str = ""
    factors: tuple[Line, ...] = ()
    changes: tuple[str, ...] = ()
    not_covered: str = ""
    nearest: tuple[str, ...] = ()
    quotes: tuple[Quote, ...] = ()
    about: tuple[tuple[str, str], ...] = ()


def memo_of(answer: Answer, date: datetime.date, source_of: SourceOf = lambda _: None) -> Memo:
    """The memo of an answer, dated ``date``.

    ``source_of`` gives the origin and date of a document by its name, as ``sources.toml`` says them. Quotes are
    shortened, the more of them the shorter, so that the memo keeps to about a page; a shortened one is marked. Raises
    ``UserError`` for small talk and for a question that was asked back, of which there is nothing to decide.
    """
    if answer.status not in _TITLES:
        raise UserError("There is no answer from the guidance to make a memo of; ask a question about the guidance.")
    numbers = _Numbers()
    lines = tuple(_sentence(sentence, numbers) for sentence in answer.sentences)
    table = _table(answer.comparison, numbers) if answer.comparison else None
    factors = _factors(answer.advice, numbers) if answer.advice else ()
    refusal = answer.refusal
    about = [("Date", date.isoformat()), ("Model", answer.model), ("Guidance index", answer.index)]
    if answer.standalone_question not in ("", answer.question):
        about.insert(0, ("Understood as", answer.standalone_question))
    if answer.notice:
        about.append(("Note", answer.notice))
    return Memo(
        question=plain(answer.question),
        heading=_TITLES[answer.status],
        lines=lines,
        table=table,
        leans_to=_capital(plain(answer.advice.leans_to)) if answer.advice else "",
        factors=factors,
        changes=tuple(plain(change) for change in answer.advice.would_change_it) if answer.advice else (),
        not_covered=plain(refusal.reason) if refusal else "",
        nearest=tuple(_where(place.title, place.section, None) for place in refusal.nearest) if refusal else (),
        quotes=_quotes(numbers.citations, source_of),
        about=tuple((label, plain(value)) for label, value in about if value),
    )


def plain(text: str) -> str:
    """Foreign text on one line, without characters that are not shown or that make it read as another text."""
    return " ".join(_UNSHOWN.sub("", text).split())


def _capital(line: str) -> str:
    return line[:1].upper() + line[1:]


class _Numbers:
    """The same words of a document keep their number throughout."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[str, int, int], int] = {}
        self.citations: list[Citation] = []

    def of(self, citations: Iterable[Citation]) -> tuple[int, ...]:
        return tuple(dict.fromkeys(self._one(citation) for citation in citations))

    def _one(self, citation: Citation) -> int:
        key = (citation.document, citation.start, citation.end)
        if key not in self._numbers:
            self.citations.append(citation)
            self._numbers[key] = len(self.citations)
        return self._numbers[key]


def _sentence(sentence: Sentence, numbers: _Numbers) -> Line:
    text = re.sub(r"^[-*•]\s+", "", plain(sentence.text))
    return Line(text, numbers.of(sentence.citations), _DOUBTS[sentence.support])


def _table(comparison: Comparison, numbers: _Numbers) -> Table:
    rows = tuple(
        (
            plain(row.criterion),
            tuple(None if cell is None else Line(plain(cell.text), numbers.of(cell.citations)) for cell in row.cells),
        )
        for row in comparison.rows
    )
    return Table(tuple(plain(option) for option in comparison.options), rows)


def _factors(advice: Advice, numbers: _Numbers) -> tuple[Line, ...]:
    return tuple(
        Line(
            plain(f"{factor.name}: {factor.given or 'not said'}, {points(factor)}"),
            numbers.of(factor.citations),
        )
        for factor in advice.factors
    )


def _quotes(citations: Sequence[Citation], source_of: SourceOf) -> tuple[Quote, ...]:
    longest = max(_SHORTEST_QUOTE, min(_LONGEST_QUOTE, _ALL_QUOTES // max(1, len(citations))))
    quotes = []
    for number, citation in enumerate(citations, 1):
        words = plain(citation.quote)
        cut = len(words) > longest
        shown = words[:longest].rsplit(" ", 1)[0] if cut else words
        where = _where(citation.title, citation.section, citation.page, source_of(citation.document))
        quotes.append(Quote(number, shown, where, cut))
    return tuple(quotes)


def _where(title: str, section: str, page: int | None, source: Source | None = None) -> str:
    parts = [title, section.replace(" > ", " › "), f"page {page}" if page is not None else ""]
    if source is not None:
        parts += [source.origin, source.date.isoformat() if source.date else ""]
    return plain(", ".join(part for part in parts if part))
