"""``sources.toml``: what an owner says of the documents in a folder, over what the files say of themselves."""

import datetime
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from corpus.characters import one_line
from corpus.errors import UserError
from corpus.records import Source

FILE_NAME = "sources.toml"
MOST_BYTES = 1_000_000
"""The largest ``sources.toml``."""
_MOST_DOTS = 50
"""The most dots in a line, which stand between the parts of a name: its memory grows with the square of them."""

_TEXTS = ("title", "origin", "language", "author")
_KEYS = (*_TEXTS, "date", "precedence")


@dataclass(frozen=True, slots=True)
class Entry:
    """What one table of the file says; None where it is silent."""

    title: str | None = None
    origin: str | None = None
    date: datetime.date | None = None
    precedence: int | None = None
    language: str | None = None
    author: str | None = None

    def over(self, source: Source) -> Source:
        """`source` with what this entry says in place of what the file said."""
        said = {key: value for key in _KEYS if (value := getattr(self, key)) is not None}
        return replace(source, **said)


def read_sources(folder: Path) -> Mapping[str, Entry]:
    """The entries of the folder's ``sources.toml`` by file name, relative with ``/``; none where there is no such file.

    Raises `UserError` that names the file, the table and the key where something is not understood.
    """
    path = folder / FILE_NAME
    if not path.is_file():
        return {}
    try:
        with path.open("rb") as file:
            raw = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise UserError(f"{path} cannot be read: {error.strerror or error}; mend or remove it") from error
    return entries_of(raw, str(path))


def entries_of(raw: bytes, where: str) -> Mapping[str, Entry]:
    """The entries in the bytes of a ``sources.toml``; ``where`` names it in errors, which are as `read_sources`'."""
    if len(raw) > MOST_BYTES:
        raise UserError(f"{where} is larger than {MOST_BYTES // 1_000_000} MB; shorten it")
    if any(line.count(b".") > _MOST_DOTS for line in raw.split(b"\n")):
        raise UserError(f"{where} has a line with more than {_MOST_DOTS} dots; shorten it")
    try:
        tables = tomllib.loads(raw.decode("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise UserError(f"{where} cannot be read as TOML: {one_line(str(error))}; mend or remove it") from error
    return {name: _entry(where, name, table) for name, table in tables.items()}


def entry_for(path: Path, root: Path) -> Entry:
    """What the nearest ``sources.toml``, from the file's own folder up to `root`, says of the file."""
    folder = path.parent
    while True:
        entry = read_sources(folder).get(path.relative_to(folder).as_posix())
        if entry is not None:
            return entry
        if folder == root or root not in folder.parents:
            return Entry()
        folder = folder.parent


def _entry(path: str, name: str, table: object) -> Entry:
    where = f'{path}, ["{name}"]'
    if not isinstance(table, dict):
        raise UserError(f'{path}: "{name}" must be a table named by a file, such as ["strategy.md"]')
    for key, value in table.items():
        if key not in _KEYS:
            raise UserError(f'{where}: unknown key "{key}"; known are {", ".join(sorted(_KEYS))}')
        if key in _TEXTS and not isinstance(value, str):
            raise UserError(f'{where}: "{key}" must be text in quotes')
        if key == "precedence" and (not isinstance(value, int) or isinstance(value, bool)):
            raise UserError(f'{where}: "precedence" must be a whole number')
    texts = {key: one_line(table[key]) if key in table else None for key in _TEXTS}
    return Entry(
        title=texts["title"] or None,
        origin=texts["origin"],
        date=_date(where, table["date"]) if "date" in table else None,
        precedence=table.get("precedence"),
        language=texts["language"],
        author=texts["author"],
    )


def _date(where: str, value: object) -> datetime.date:
    if isinstance(value, datetime.datetime):
        return value.date()
    if isinstance(value, datetime.date):
        return value
    try:
        return datetime.date.fromisoformat(str(value))
    except ValueError as error:
        raise UserError(f'{where}: "date" must be a date such as 2026-01-31') from error
