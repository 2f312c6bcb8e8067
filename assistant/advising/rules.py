"""``factors.toml``: the factors a guidance decides by, written by its owner beside it and checked against its words.

``sayings.toml`` beside it may hold in how many ways people say so.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

from corpus import Document, UserError, shipped_guidance

FILE_NAME = "factors.toml"
SAYINGS_NAME = "sayings.toml"


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of a document: ``document`` is a ``Document.name`` and ``start`` an offset in its text."""

    document: str
    text: str
    start: int

    @property
    def end(self) -> int:
        return self.start + len(self.text)


@dataclass(frozen=True, slots=True)
class Option:
    """Something the guidance may lean to, and what it says against it. ``called`` are cues for other words for it."""

    name: str
    drawbacks: tuple[Quote, ...] = ()
    called: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Value:
    """One thing a factor may be.

    ``points_to`` names an option; it is empty where the guidance says nothing of this value. ``denied_means`` is the
    value that a description which denies this one is read as, empty for none. ``implied_by`` holds words that do not
    say the value but make it so by ``because``, such as an industry that is regulated in fact.
    """

    name: str
    points_to: str = ""
    quotes: tuple[Quote, ...] = ()
    cues: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()
    implied_by: tuple[str, ...] = ()
    because: str = ""
    denied_means: str = ""


@dataclass(frozen=True, slots=True)
class FactorRule:
    """A circumstance the guidance decides by. ``subject`` completes "If ... were collaborative"."""

    name: str
    subject: str
    question: str
    values: tuple[Value, ...]

    def value(self, name: str) -> Value:
        """The value of that name; raises ``KeyError`` for a name the factor does not have."""
        for value in self.values:
            if value.name == name:
                return value
        raise KeyError(name)


@dataclass(frozen=True, slots=True)
class Combining:
    """What the guidance says to do where its factors pull apart."""

    option: str
    quotes: tuple[Quote, ...]


@dataclass(frozen=True, slots=True)
class Sayings:
    """In how many ways people say things: each factor's values by their names, and options by other words.

    ``nothing`` is said of organizations and is none of the values, ``no_option`` in questions and is none of the
    options, however near it sounds. ``asks`` asks which option suits, ``asks_else`` something else.
    """

    values: Mapping[tuple[str, str], tuple[str, ...]]
    options: Mapping[str, tuple[str, ...]]
    nothing: tuple[str, ...] = ()
    no_option: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()
    asks_else: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rules:
    """All of one ``factors.toml``; ``same`` holds wordings that mean the same, the one used in cues first.

    ``inferred`` are those that nobody has written: a guidance without such a file was read for what it says itself.
    """

    path: Path
    options: tuple[Option, ...]
    factors: tuple[FactorRule, ...]
    combining: Combining | None = None
    same: tuple[tuple[str, ...], ...] = ()
    sayings: Sayings = field(default_factory=lambda: Sayings({}, {}))
    inferred: bool = False

    def option(self, name: str) -> Option:
        return next(option for option in self.options if option.name == name)

    def factor(self, name: str) -> FactorRule:
        """The factor of that name; raises ``KeyError`` for a name the file does not have."""
        for factor in self.factors:
            if factor.name == name:
                return factor
        raise KeyError(name)

    def quotes(self) -> Iterable[Quote]:
        """Every quote of the file."""
        for option in self.options:
            yield from option.drawbacks
        for factor in self.factors:
            for value in factor.values:
                yield from value.quotes
        if self.combining:
            yield from self.combining.quotes


def load_rules(documents: Sequence[Document]) -> Rules | None:
    """The rules that stand beside the documents; None where there are none.

    A file beside an owner's documents replaces the one that ships. Also None where the file rests on documents of its
    folder that are not among these, as when one file of a folder is asked by itself. Raises ``UserError``, one line
    that names the file and the factor, where the file is not understood, where a quote does not stand in its document,
    and where the owner has two such files.
    """
    folders = {folder for document in documents for folder in _folders(document)}
    files = sorted(folder / FILE_NAME for folder in folders if (folder / FILE_NAME).is_file())
    own = [path for path in files if path.parent != shipped_guidance().resolve()]
    if len(own) > 1:
        raise UserError(f"{own[0]} and {own[1]} both hold factors; keep one file")
    chosen = own or files
    return _Reader(chosen[0], documents).rules() if chosen else None


@cache
def shipped_wording() -> Rules:
    """The rules that ship for how people say things; their quotes are not looked up, and stand nowhere."""
    rules = _Wording(shipped_guidance() / FILE_NAME, ()).rules()
    assert rules is not None  # noqa: S101 - it rests on no document
    return rules


def _folders(document: Document) -> Iterable[Path]:
    """The document's folder and those above it, up to the one its name counts from."""
    if not document.path:
        return
    folder = Path(document.path).resolve().parent
    for _ in document.name.split("/"):
        yield folder
        folder = folder.parent


class _NotHereError(Exception):
    """A document that the file rests on exists but is not among the documents."""


class _Reader:
    """Reads one file strictly."""

    def __init__(self, path: Path, documents: Sequence[Document]) -> None:
        self._path = path
        self._documents = {Path(document.path).resolve(): document for document in documents if document.path}

    def rules(self) -> Rules | None:
        try:
            rules = self._rules(self._table())
        except _NotHereError:
            return None
        beside = self._path.with_name(SAYINGS_NAME)
        return replace(rules, sayings=_Reader(beside, ()).sayings(rules)) if beside.is_file() else rules

    def sayings(self, rules: Rules) -> Sayings:
        """The sayings of the values and options of ``rules``."""
        table = self._table()
        lists = ("nothing", "no_option", "asks", "asks_else")
        self._known("", table, required=(), optional=(*lists, "options", "factors"))
        factors = self._named("factors", table.get("factors", {}), [factor.name for factor in rules.factors])
        values = {}
        for factor, of_factor in factors.items():
            where = f'factor "{factor}"'
            names = [value.name for value in rules.factor(factor).values]
            for value in self._named(where, of_factor, names):
                values[factor, value] = self._texts(where, of_factor, value)
        options = self._named("options", table.get("options", {}), [option.name for option in rules.options])
        return Sayings(
            values,
            {name: self._texts("options", options, name) for name in options},
            *(self._texts("", table, name) for name in lists),
        )

    def _table(self) -> dict[str, Any]:
        try:
            return tomllib.loads(self._path.read_text(encoding="utf-8-sig"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
            reason = " ".join(str(error).split())
            raise UserError(f"{self._path} cannot be read as TOML: {reason}; mend or remove it") from error

    def _rules(self, table: Mapping[str, Any]) -> Rules:
        self._known("", table, required=("options", "factors"), optional=("combining", "same"))
        options = tuple(self._option(entry) for entry in self._tables("", table, "options"))
        names = self._distinct("options", [option.name for option in options])
        factors = tuple(self._factor(entry, names) for entry in self._tables("", table, "factors"))
        self._distinct("factors", [factor.name for factor in factors])
        combining = self._combining(table["combining"], names) if "combining" in table else None
        return Rules(self._path, options, factors, combining, self._same(table.get("same", [])))

    def _option(self, table: Mapping[str, Any]) -> Option:
        where = f'option "{table.get("name", "")}"'
        self._known(where, table, required=("name",), optional=("drawbacks", "called"))
        drawbacks = [self._quote(where, entry) for entry in self._tables(where, table, "drawbacks", least=0)]
        return Option(self._text(where, table, "name"), tuple(drawbacks), self._texts(where, table, "called"))

    def _factor(self, table: Mapping[str, Any], options: Sequence[str]) -> FactorRule:
        where = f'factor "{table.get("name", "")}"'
        self._known(where, table, required=("name", "subject", "question", "values"))
        values = tuple(self._value(where, entry, options) for entry in self._tables(where, table, "values", least=2))
        names = self._distinct(f"{where}, values", [value.name for value in values])
        for value in values:
            if value.denied_means and value.denied_means not in names:
                raise self._wrong(where, f'"denied_means" names "{value.denied_means}", which is none of its values')
        name, subject, question = (self._text(where, table, key) for key in ("name", "subject", "question"))
        return FactorRule(name, subject, question, values)

    def _value(self, factor: str, table: Mapping[str, Any], options: Sequence[str]) -> Value:
        where = f'{factor}, value "{table.get("name", "")}"'
        optional = (
            "points_to",
            "document",
            "quote",
            "also",
            "cues",
            "examples",
            "implied_by",
            "because",
            "denied_means",
        )
        self._known(where, table, required=("name",), optional=optional)
        points_to = self._text(where, table, "points_to") if "points_to" in table else ""
        if points_to and points_to not in options:
            raise self._wrong(where, f'"points_to" names "{points_to}", which is none of the options')
        if bool(points_to) != ("quote" in table):
            raise self._wrong(
                where, 'a value has both "points_to" and "quote", or neither where the guidance is silent'
            )
        quotes = (
            [self._quote(where, {key: table[key] for key in ("document", "quote") if key in table})]
            if points_to
            else []
        )
        quotes += [self._quote(where, entry) for entry in self._tables(where, table, "also", least=0)]
        implied = self._texts(where, table, "implied_by")
        if implied and "because" not in table:
            raise self._wrong(where, '"implied_by" needs "because", the words that tell the reader of it')
        return Value(
            name=self._text(where, table, "name"),
            points_to=points_to,
            quotes=tuple(quotes),
            cues=self._texts(where, table, "cues"),
            examples=self._texts(where, table, "examples"),
            implied_by=implied,
            because=self._text(where, table, "because") if "because" in table else "",
            denied_means=self._text(where, table, "denied_means") if "denied_means" in table else "",
        )

    def _combining(self, table: object, options: Sequence[str]) -> Combining:
        where = "combining"
        if not isinstance(table, dict):
            raise self._wrong(where, "must be a table, [combining]")
        self._known(where, table, required=("option", "document", "quote"), optional=("also",))
        option = self._text(where, table, "option")
        if option not in options:
            raise self._wrong(where, f'"option" names "{option}", which is none of the options')
        quotes = [self._quote(where, {"document": table["document"], "quote": table["quote"]})]
        quotes += [self._quote(where, entry) for entry in self._tables(where, table, "also", least=0)]
        return Combining(option, tuple(quotes))

    def _named(self, where: str, table: object, names: Sequence[str]) -> Mapping[str, Any]:
        """A table whose keys are some of the names."""
        if not isinstance(table, dict):
            raise self._wrong(where, "must be a table")
        self._known(where, table, required=(), optional=names)
        return table

    def _quote(self, where: str, table: Mapping[str, Any]) -> Quote:
        """The quote where it stands; a line break in either counts as a space."""
        self._known(where, table, required=("document", "quote"))
        name, words = self._text(where, table, "document"), self._text(where, table, "quote")
        path = (self._path.parent / name).resolve()
        document = self._documents.get(path)
        if document is None:
            if path.is_file() and self._path.parent in path.parents:
                raise _NotHereError
            raise self._wrong(where, f'there is no document "{name}" beside this file')
        found = re.search(r"\s+".join(map(re.escape, words.split())), document.text)
        if found is None:
            raise self._wrong(where, f'the words "{_short(words)}" no longer stand in {name}; quote it exactly')
        return Quote(document.name, found.group(), found.start())

    def _same(self, value: object) -> tuple[tuple[str, ...], ...]:
        if not isinstance(value, list):
            raise self._wrong("same", "must be a list of lists of wordings")
        return tuple(self._texts("same", {"same": group}, "same") for group in value)

    def _known(
        self, where: str, table: Mapping[str, Any], required: Sequence[str], optional: Sequence[str] = ()
    ) -> None:
        for key in table:
            if key not in (*required, *optional):
                raise self._wrong(where, f'unknown key "{key}"; known are {", ".join((*required, *optional))}')
        for key in required:
            if key not in table:
                raise self._wrong(where, f'"{key}" is missing')

    def _text(self, where: str, table: Mapping[str, Any], key: str) -> str:
        value = table[key]
        if not isinstance(value, str) or not value.strip():
            raise self._wrong(where, f'"{key}" must be text in quotes')
        return " ".join(value.split())

    def _texts(self, where: str, table: Mapping[str, Any], key: str) -> tuple[str, ...]:
        value = table.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, str) and item.strip() for item in value):
            raise self._wrong(where, f'"{key}" must be a list of texts in quotes')
        return tuple(" ".join(item.split()) for item in value)

    def _tables(self, where: str, table: Mapping[str, Any], key: str, least: int = 1) -> list[dict[str, Any]]:
        value = table.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value) or len(value) < least:
            raise self._wrong(where, f'"{key}" must be a list of {"at least two " if least > 1 else ""}tables')
        return value

    def _distinct(self, where: str, names: list[str]) -> list[str]:
        for name in names:
            if names.count(name) > 1:
                raise self._wrong(where, f'"{name}" stands there twice')
        return names

    def _wrong(self, where: str, what: str) -> UserError:
        return UserError(f"{self._path}{', ' if where else ''}{where}: {what}")


class _Wording(_Reader):
    """Reads a file without the documents that it quotes."""

    def _quote(self, where: str, table: Mapping[str, Any]) -> Quote:
        self._known(where, table, required=("document", "quote"))
        return Quote(self._text(where, table, "document"), self._text(where, table, "quote"), 0)


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:57].rstrip() + "..."
