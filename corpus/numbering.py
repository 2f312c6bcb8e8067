"""The numbers that Word shows before paragraphs and does not store, counted as its lists say (ECMA-376, 17.9)."""

from dataclasses import dataclass, field
from typing import Any

_MOST_LEVELS = 9
_LONGEST_FORM = 60
_MOST_LINKED = 5
_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"),
          (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@dataclass(frozen=True, slots=True)
class _Level:
    """How one level of a list counts; ``form`` is such as ``%1.%2.``, ``style`` the paragraphs' own."""

    start: int = 1
    kind: str = "decimal"
    form: str = ""
    style: str = ""
    restart: int | None = None
    plain: bool = False


@dataclass(slots=True)
class _List:
    """The levels of a list, and how far each has counted."""

    levels: dict[int, _Level]
    counts: dict[int, int] = field(default_factory=dict)


class Numbering:
    """The lists of a document. ``root`` is the content of its numbering part, None where it has none."""

    def __init__(self, root: Any) -> None:
        self._lists: dict[str, _List] = {}
        self._abstract: dict[str, str] = {}
        self._starts: dict[str, dict[int, int]] = {}
        if root is not None:
            self._read(root)

    def level_of_style(self, number: str, style: str) -> int:
        """The level that a list numbers paragraphs of a style at."""
        found = self._lists.get(self._abstract.get(number, ""))
        return next((at for at, level in found.levels.items() if level.style == style), 0) if found else 0

    def next(self, number: str, at: int) -> str:
        """What stands before the next paragraph of the list ``number`` at the level ``at``; "-" for a bullet.

        Empty where nothing stands there.
        """
        found = self._lists.get(self._abstract.get(number, ""))
        level = found.levels.get(at) if found else None
        if found is None or level is None:
            return "-"
        # A list of its own over the same levels counts anew at those that it says so of, once.
        for place, start in self._starts.pop(number, {}).items():
            found.counts[place] = start - 1
        for shallower in range(at):
            if shallower in found.levels:
                found.counts.setdefault(shallower, found.levels[shallower].start)
        found.counts[at] = found.counts.get(at, level.start - 1) + 1
        for deeper in [place for place in found.counts if place > at]:
            restart = found.levels[deeper].restart if deeper in found.levels else None
            if restart is None or at < restart:
                del found.counts[deeper]
        if level.kind == "bullet":
            return "-"
        return _formed(level, found)

    def _read(self, root: Any) -> None:
        links: dict[str, str] = {}
        styles: dict[str, str] = {}
        for abstract in root.iterchildren(f"{_W}abstractNum"):
            name = abstract.get(f"{_W}abstractNumId", "")
            self._lists[name] = _List(dict(_levels(abstract)))
            if link := _value(abstract, "numStyleLink"):
                links[name] = link
            if style := _value(abstract, "styleLink"):
                styles[style] = name
        for number in root.iterchildren(f"{_W}num"):
            name, abstract = number.get(f"{_W}numId", ""), _value(number, "abstractNumId")
            for _ in range(_MOST_LINKED):
                abstract = styles.get(links.get(abstract, ""), abstract)
            self._abstract[name] = abstract
            for override in number.iterchildren(f"{_W}lvlOverride"):
                at = _whole(override.get(f"{_W}ilvl"), 0)
                if start := _value(override, "startOverride"):
                    self._starts.setdefault(name, {})[at] = _whole(start, 1)
                own = dict(_levels(override))
                if own and abstract in self._lists:
                    # Levels of its own: then it is a list of its own.
                    self._lists[f"own {name}"] = _List({**self._lists[abstract].levels, **own})
                    self._abstract[name] = abstract = f"own {name}"


def _levels(element: Any) -> list[tuple[int, _Level]]:
    found = []
    for level in element.iterchildren(f"{_W}lvl"):
        at = _whole(level.get(f"{_W}ilvl"), 0)
        if 0 <= at < _MOST_LEVELS:
            restart = _value(level, "lvlRestart")
            found.append(
                (
                    at,
                    _Level(
                        start=_whole(_value(level, "start"), 1),
                        kind=_value(level, "numFmt") or "decimal",
                        form=_value(level, "lvlText")[:_LONGEST_FORM],
                        style=_value(level, "pStyle"),
                        restart=_whole(restart, 0) if restart else None,
                        plain=level.find(f"{_W}isLgl") is not None,
                    ),
                )
            )
    return found


def _formed(level: _Level, of: _List) -> str:
    text = level.form
    for place in range(_MOST_LEVELS):
        if f"%{place + 1}" in text:
            kind = of.levels[place].kind if place in of.levels else "decimal"
            count = of.counts.get(place, of.levels[place].start if place in of.levels else 1)
            text = text.replace(f"%{place + 1}", _written(count, "decimal" if level.plain else kind))
    return text.strip()


def _written(count: int, kind: str) -> str:
    match kind:
        case "none" | "bullet":
            return ""
        case "decimalZero":
            return f"{count:02d}"
        case "ordinal":
            last = "th" if count % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(count % 10, "th")
            return f"{count}{last}"
        case "lowerLetter" | "upperLetter" if 0 < count <= 26 * 9:
            letters = chr(ord("a") + (count - 1) % 26) * ((count - 1) // 26 + 1)
            return letters if kind == "lowerLetter" else letters.upper()
        case "lowerRoman" | "upperRoman" if 0 < count < 4000:
            roman = _roman(count)
            return roman if kind == "lowerRoman" else roman.upper()
    return str(count)


def _roman(count: int) -> str:
    text = ""
    for value, letters in _ROMAN:
        text += letters * (count // value)
        count %= value
    return text


def _value(element: Any, name: str) -> str:
    found = element.find(f"{_W}{name}")
    return found.get(f"{_W}val", "") if found is not None else ""


def _whole(text: str | None, otherwise: int) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 7 else otherwise
