"""Rows of a table that meet a condition: "which initiatives are paused?", "what does the Practice Office hold?"."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from statistics import median

from assistant.comparing.focusing import Read
from assistant.contents.cells import cells, is_row
from assistant.contents.enumerated import rows_under
from assistant.contents.finder import StatementFinder
from assistant.contents.headings import Node
from assistant.contents.outline import Outline
from assistant.contents.statements import Statement
from assistant.lists.measuring import Row, measured
from assistant.questions.kinds import asks_for_several, kind
from assistant.words import content_set, in_sentences
from index import Hit

_ASKS = re.compile(
    r"(?:[^,.?!]{1,40}, )?(?:(?:and|so|but|then|please|ok|just|can|could|would|will|you|i|we|want|need|like|to|see) )*"
    r"(?:which|what|who|list|name|show|give|tell|how many|everything|anything|all|every)\b",
    re.IGNORECASE,
)
"""Begins a sentence that asks for some of what there is."""
_DENIED = re.compile(
    r"\b(?:not|never|without|except|other than|apart from|no longer|none|neither)\b|n['’]t\b", re.IGNORECASE
)
"""Asks for the rows that do not meet a condition."""
_EXPECTED = re.compile(r"\b(?:yet to|to be|pending|awaiting|before) \w", re.IGNORECASE)
_NO_KIND = re.compile(r"[\d.,%€$£ -]*|yes|no|y|n|x", re.IGNORECASE)
_TABLES = 6
"""In so many of the sections found tables are looked at, the best first."""
_FEWEST, _MOST = 3, 200
"""The rows of a table of which some may be asked for."""
_SHORT = 4.0
"""The most words that carry a subject which the values of a column have on average that says of what kind a row is."""
_VALUES = 10
"""So many other values of the column are read: "put on hold" may be called "Paused" there."""
_TOLD = 20
_NOW = re.compile(r"\b(?:so far|at the moment|right now|currently|still|by now|to date|these days)\b", re.IGNORECASE)
"""Asks how things stand, as registers tell."""
_READS = 12
"""How often the model reads for one question."""
_DIGIT = re.compile(r"\d")
_READ, _COLUMNS = 2, 2
"""Of so many tables so many columns are read value by value."""
_APART = 0.5
"""How much of the surest yes half of the other values may not reach."""
_TRIED = 3
"""After so many values of which the model is not sure no more are read."""
_DENIES = 0.33
"""The yes below which a row is left out though others are told."""
_SURE, _LIKE, _TIMES = 0.65, 0.75, 0.95
"""The yes that one of the rows needs whose value the question names; and the yes of those with another value, which
has to be nearly that of the rows named as well."""
_NAMING = 2
"""The cells at the beginning of a row that say which it is."""


@dataclass(frozen=True, slots=True)
class _Table:
    """The ``rows`` of a table, each also ``parted`` into its cells, and the columns that say which row each is."""

    rows: Sequence[Statement]
    parted: Sequence[Row]
    naming: frozenset[str]

    @classmethod
    def of(cls, rows: Sequence[Statement]) -> "_Table":
        parted = [{name: value for name, _, value in cells(row.text)} for row in rows]
        return cls(rows, parted, frozenset(name for row in parted for name in list(row)[:_NAMING]))

    @property
    def columns(self) -> list[str]:
        return list(dict.fromkeys(name for row in self.parted for name in row))

    def by_value(self, column: str, places: Iterable[int]) -> dict[str, list[int]]:
        """Some of the rows by what stands in a column, but for those where nothing does."""
        found: dict[str, list[int]] = {}
        for place in places:
            if value := self.parted[place].get(column):
                found.setdefault(value, []).append(place)
        return found

    def shown(self, place: int, column: str) -> Statement:
        """A row as it is read: what names it, and one column."""
        row = self.parted[place]
        kept = dict.fromkeys((*list(row)[:_NAMING], column))
        text = "; ".join(f"{name}: {row[name]}" for name in kept if name in row)
        return replace(self.rows[place], text=text, before="", since=-1, introduced=())

    def told(self, places: Iterable[int]) -> tuple[Statement, ...]:
        return tuple(self.rows[place] for place in sorted(places))[:_TOLD]


@dataclass(frozen=True, slots=True)
class _Column:
    """A column with the places of the rows whose value the question names, and how much of their values it says.

    ``names`` where it says which row each is, and not of what kind.
    """

    name: str
    places: frozenset[int]
    worth: float
    names: bool


class Selecting:
    """Selects rows of the tables in the sections found, as a model that reads agrees."""

    def __init__(self, outline: Outline, finder: StatementFinder) -> None:
        self._outline = outline
        self._finder = finder

    def rows(
        self, question: str, hits: Sequence[Hit], read: Read, near: Callable[[], Sequence[Sequence[Statement]]] = tuple
    ) -> tuple[Statement, ...]:
        """The rows that a question asks for by the value of a column, empty where it names none or the model doubts.

        Looked for in the tables found and in those that are ``near`` to a question for several things.
        """
        if not _asks(question):
            return ()
        meant = self._finder.documents.meant(question)
        plain = self._finder.documents.unnamed(question)
        found = [rows for node in self._found(hits) if meant(node.document) for rows in rows_under(node)]
        several = kind(question) == "list" or asks_for_several(question) or _NOW.search(_asking(question)) is not None
        of_all = {rows[0].key: rows for rows in (*found, *(near() if several else ()))}
        tables = [_Table.of(rows) for rows in of_all.values() if _FEWEST <= len(rows) <= _MOST]
        read = _at_most(read, _READS)
        ways = ((_of_table, tables), (_of_numbers, tables), (_by_reading, tables[:_READ] if several else []))
        return next(filter(None, (way(plain, table, read) for way, some in ways for table in some)), ())

    def among(self, question: str, table: Sequence[Statement], read: Read) -> tuple[Statement, ...]:
        """Of the rows of one table those that a question asks for; all where it asks for all, or it is no table."""
        rows = [one for one in table if is_row(one.text)]
        if len(rows) < _FEWEST or not _asks(question):
            return tuple(table)
        plain = self._finder.documents.unnamed(question)
        return _of_table(plain, _Table.of(rows), read, answers=True) or tuple(table)

    def _found(self, hits: Sequence[Hit]) -> Iterator[Node]:
        """The sections found, the best first."""
        places = dict.fromkeys((hit.passage.document, hit.passage.path) for hit in hits)
        for document, path in list(places)[:_TABLES]:
            node = self._outline.node(document, path)
            if node is not None:
                yield node


def _asks(question: str) -> bool:
    """Whether a question may ask for some of the rows of a table."""
    return kind(question) in ("direct", "list") and bool(_asking(question)) and not _DENIED.search(_asking(question))


def _asking(question: str) -> str:
    """The sentences of a question that ask for some of what there is, without what stands beside it in brackets."""
    pieces = (
        piece for one in in_sentences(question.partition(" (")[0]) for piece in re.split(r"(?:\s[-–—]|[;:])\s", one)
    )
    return " ".join(piece for piece in pieces if _ASKS.match(piece))


def _at_most(read: Read, most: int) -> Read:
    """A model that reads ``most`` times and says no from then on, so that no question waits for many tables."""
    times = iter(range(most))
    return lambda question, row: read(question, row) if next(times, None) is not None else 0.0


def _of_table(question: str, table: _Table, read: Read, *, answers: bool = False) -> tuple[Statement, ...]:
    """The rows of one table that a question asks for by the values of a column, or of several at once.

    Unless the table ``answers`` anyway, the model has to be sure of one of them, and those that it denies are left out.
    """
    columns = sorted(_named(question, table), key=lambda column: -column.worth)
    if not columns or columns[0].names:
        return ()
    best = columns[0]
    by_value = table.by_value(best.name, sorted(frozenset.intersection(*(column.places for column in columns))))
    yes: dict[str, float] = {}
    for value, places in by_value.items():
        if len(yes) == _TRIED and not answers and max(yes.values()) < _SURE:
            break
        yes[value] = read(question, table.shown(places[0], best.name))
    if not yes or (not answers and max(yes.values()) < _SURE):
        return ()
    denies = _DENIES if max(yes.values()) >= _DENIES else 0.0
    told = {place for value, one in yes.items() if one >= denies for place in by_value[value]}
    if len(columns) == 1:
        told |= _called_otherwise(question, table, best, min(yes.values()), read)
    return table.told(told)


def _of_numbers(question: str, table: _Table, read: Read) -> tuple[Statement, ...]:
    """The rows of one table whose numbers meet what a question asks ("over 5,000", "the most")."""
    asked = measured(_asking(question), table.parted)
    if asked is None or len(asked.places) == len(table.rows):
        return ()
    if not asked.plain:
        first = (read(question, table.shown(place, asked.column)) for place in asked.places[:_TRIED])
        if max(first, default=0.0) < (_SURE if asked.extreme else _DENIES):
            return ()
    return table.told(asked.places)


def _by_reading(question: str, table: _Table, read: Read) -> tuple[Statement, ...]:
    """The rows of one table with those values of a column that the model says to answer, one row read for each.

    The columns of few values are read, and the values have to stand out from the others.
    """
    best: tuple[float, tuple[Statement, ...]] = (0.0, ())
    for column in _of_few_values(table):
        by_value = table.by_value(column, range(len(table.rows)))
        yes = {value: read(question, table.shown(places[0], column)) for value, places in by_value.items()}
        most = max(yes.values())
        like = [value for value, one in yes.items() if one >= max(_LIKE, _TIMES * most)]
        others = [one for value, one in yes.items() if value not in like]
        if like and others and median(others) <= _APART * most and most > best[0]:
            best = most, table.told(place for value in like for place in by_value[value])
    return best[1]


def _of_few_values(table: _Table) -> list[str]:
    """The columns that say of what kind a row is by few short values, those with the fewest first."""
    found: list[tuple[int, str]] = []
    for name in (one for one in table.columns if one not in table.naming):
        values = {row[name] for row in table.parted if row.get(name)}
        short = all(len(value.split()) <= _SHORT and not _DIGIT.search(value) for value in values)
        if 2 <= len(values) <= _VALUES and short:
            found.append((len(values), name))
    return [name for _, name in sorted(found)[:_COLUMNS]]


def _named(question: str, table: _Table) -> Iterator[_Column]:
    """The columns of which a question names a value: all of its words, of one row at least.

    A value that denies what the question names ("not approved") is not named. The first columns, which name the rows,
    are named by themselves where each row has a name of its own.
    """
    asked = content_set(_asking(question))
    for name in table.columns:
        own = [row.get(name, "") for row in table.parted]
        values = [content_set(value) - content_set(name) if _names_kind(value) else frozenset() for value in own]
        told = [value for value in values if value]
        if not told or sum(map(len, told)) / len(told) > _SHORT:
            continue
        whole = {value for value in told if value <= asked}
        places = frozenset(at for at, value in enumerate(values) if any(one <= value for one in whole))
        if whole and len(places) < len(own):
            share = sum(len(values[at] & asked) / len(values[at]) for at in places) / len(places)
            names = name in table.naming and len(set(told)) == len(own)
            yield _Column(name, places, -1.0 if names else share + (len(content_set(name) & asked) > 0), names)


def _names_kind(value: str) -> bool:
    """Whether a value is a word for a kind: no number, yes or no, and no denial or expectation of it."""
    return _NO_KIND.fullmatch(value.strip()) is None and not _DENIED.search(value) and not _EXPECTED.search(value)


def _called_otherwise(question: str, table: _Table, column: _Column, yes: float, read: Read) -> frozenset[int]:
    """The rows with another value of the column, which the question calls by another word."""
    told = frozenset().union(*(content_set(table.parted[place][column.name]) for place in column.places))
    others = (
        place
        for place, row in enumerate(table.parted)
        if place not in column.places and not told & content_set(" ".join(list(row.values())[:_NAMING]))
    )
    by_value = table.by_value(column.name, others)
    if len(by_value) > _VALUES:
        return frozenset()
    least = max(_LIKE, _TIMES * yes)
    same = (places for places in by_value.values() if read(question, table.shown(places[0], column.name)) >= least)
    return frozenset(place for places in same for place in places)
