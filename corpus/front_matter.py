"""Front matter: what a Markdown file says of itself before its text, in YAML or TOML."""

import datetime
import re
import tomllib
from collections.abc import Mapping

import yaml

from corpus.blocks import Extract
from corpus.characters import one_line
from corpus.dates import date_of

_FRONT = re.compile(r"\A(---|\+\+\+)[ ]*\n(.*?)\n\1[ ]*(?:\n|\Z)", re.DOTALL)
_FIELDS = ("title", "date", "author", "authors", "lang", "language")
_LONGEST = 20_000
_MOST_AUTHORS = 20
# How deep lists and fields may lie in each other; the time that YAML takes grows with the square of it.
_DEEPEST = 100


def front_matter(text: str) -> tuple[str, Extract]:
    """The text without its front matter, and what that says; what is none stays in the text."""
    match = _FRONT.match(text)
    fields = None
    if match is not None:
        fields = _yaml(match[2]) if match[1] == "---" else _toml(match[2])
    if match is None or fields is None:
        return text, Extract(())
    said = {key.lower(): value for key, value in fields.items() if isinstance(key, str)}
    return text[match.end() :], Extract(
        (),
        title=_line(said.get("title")),
        date=date_of(_line(said.get("date"))),
        language=_line(said.get("language") or said.get("lang")),
        author=_authors(said.get("author") or said.get("authors")),
    )


def _toml(text: str) -> Mapping[str, object] | None:
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError):
        return None


def _yaml(text: str) -> Mapping[object, object] | None:
    """The fields as they are written; line by line where the whole is not YAML, as with a colon in a title."""
    text = text[:_LONGEST]
    try:
        if not _plain(text):
            return _lines(text)
        fields = yaml.load(text, yaml.BaseLoader)  # noqa: S506
    except (yaml.YAMLError, ValueError, RecursionError):
        return _lines(text)
    if fields is None or fields == "":
        return {}
    return fields if isinstance(fields, dict) else None


def _plain(text: str) -> bool:
    """Whether nothing lies too deep and nothing is a reference; that stands for what may hold references, and so on."""
    depth = 0
    for event in yaml.parse(text, yaml.BaseLoader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > _DEEPEST or isinstance(event, yaml.AliasEvent):
            return False
    return True


def _lines(text: str) -> Mapping[object, object] | None:
    parted = (line.partition(":") for line in text.split("\n"))
    fields: dict[object, object] = {
        key.strip(): value.strip().strip("\"'") for key, _, value in parted if key.strip().lower() in _FIELDS
    }
    return fields or None


def _line(value: object) -> str:
    return one_line(value) if isinstance(value, str) else str(value) if isinstance(value, int | datetime.date) else ""


def _authors(value: object) -> str:
    """One author or several, as names or as fields with a name."""
    listed = value if isinstance(value, list) else [value]
    names = (_line(one.get("name") if isinstance(one, dict) else one) for one in listed[:_MOST_AUTHORS])
    return ", ".join(filter(None, names))
