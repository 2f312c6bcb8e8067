"""What the styles of a Word file say of its paragraphs: which are headings, titles, lists or a table of contents."""

import re
from dataclasses import dataclass
from typing import Any

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_HEADING = re.compile(r"heading ([1-9])", re.IGNORECASE)
_CONTENTS = re.compile(r"(?:toc \d|toc heading|table of figures|table of authorities)", re.IGNORECASE)
_MOST_BASES = 20
_BODY_LEVEL = 9


@dataclass(frozen=True, slots=True)
class Style:
    """A paragraph style with what it takes over from those that it is based on.

    ``heading`` is the level of a heading from 1, or 0; ``number`` names the list that numbers it, ``at`` the level
    of that, None where the list says which.
    """

    heading: int = 0
    title: bool = False
    listed: bool = False
    contents: bool = False
    number: str = ""
    at: int | None = None
    language: str = ""


class Styles:
    """The paragraph styles of a document. ``root`` is the content of its styles part."""

    def __init__(self, root: Any) -> None:
        self._elements = {
            style.get(f"{_W}styleId", ""): style
            for style in root.iterchildren(f"{_W}style")
            if style.get(f"{_W}type") == "paragraph"
        }
        language = root.find(f"{_W}docDefaults/{_W}rPrDefault/{_W}rPr/{_W}lang")
        self.language: str = language.get(f"{_W}val", "") if language is not None else ""
        self._known: dict[str, Style] = {}

    def named(self, name: str) -> Style:
        """The style of that name as the file's paragraphs have it; a plain one where there is none."""
        if name not in self._known:
            self._known[name] = self._read(name) if name in self._elements else Style()
        return self._known[name]

    def _read(self, name: str) -> Style:
        heading, title, listed, contents, number, at, language = 0, False, False, False, "", None, ""
        seen: set[str] = set()
        level = ""
        while name in self._elements and name not in seen and len(seen) < _MOST_BASES:
            seen.add(name)
            element = self._elements[name]
            said = _value(element, "name")
            found = _HEADING.fullmatch(said)
            if found and not heading:
                heading = int(found[1])
            title = title or said == "Title"
            listed = listed or said.startswith("List")
            contents = contents or bool(_CONTENTS.fullmatch(said))
            level = level or _value(element, f"pPr/{_W}outlineLvl")
            number, at = (number, at) if number else numbered(element.find(f"{_W}pPr"))
            language = language or _value(element, f"rPr/{_W}lang")
            name = _value(element, "basedOn")
        if level.isdecimal() and not title:
            heading = int(level) + 1 if int(level) < _BODY_LEVEL else 0
        return Style(heading, title, listed, contents, number, at, language)


def numbered(properties: Any) -> tuple[str, int | None]:
    """The list that a paragraph's properties name, and the level; empty where they name none, "0" for no list."""
    found = properties.find(f"{_W}numPr") if properties is not None else None
    if found is None:
        return "", None
    at = _value(found, "ilvl")
    return _value(found, "numId"), int(at) if at.isdecimal() and len(at) < 3 else None


def _value(element: Any, path: str) -> str:
    found = element.find(f"{_W}{path}")
    return (found.get(f"{_W}val") or "") if found is not None else ""
