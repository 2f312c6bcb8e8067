"""Equations of Word files on one line: what is raised or stands below would else run into what is beside it."""

from typing import Any

_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MOST_DEEP = 40
_TEXTS = (f"{_M}t", f"{_W}t")


def linear(element: Any, deep: int = 0) -> str:
    """An equation, or a part of one, with ``/`` for fractions, ``^`` and ``_`` for what is raised or lowered."""
    if element.tag in _TEXTS:
        return element.text or ""
    if deep > _MOST_DEEP:
        return "".join(text.text or "" for text in element.iter(*_TEXTS))
    kind = element.tag.removeprefix(_M)

    def part(name: str) -> str:
        found = element.find(f"{_M}{name}")
        return linear(found, deep + 1) if found is not None else ""

    def sign(properties: str, name: str, usual: str) -> str:
        found = element.find(f"{_M}{properties}/{_M}{name}")
        return usual if found is None else found.get(f"{_M}val", usual)

    match kind:
        case "f":
            return f"{_held(part('num'))}/{_held(part('den'))}"
        case "sSup" | "sSub" | "sSubSup":
            return f"{_held(part('e'))}{_at('_', part('sub'))}{_at('^', part('sup'))}"
        case "sPre":
            return f"{_at('_', part('sub'))}{_at('^', part('sup'))}{_held(part('e'))}"
        case "nary":
            return f"{sign('naryPr', 'chr', '∫')}{_at('_', part('sub'))}{_at('^', part('sup'))} {part('e')}"
        case "rad":
            return f"{_at('^', part('deg'))}√{_held(part('e'))}"
        case "d":
            within = ", ".join(linear(inner, deep + 1) for inner in element.iterchildren(f"{_M}e"))
            return f"{sign('dPr', 'begChr', '(')}{within}{sign('dPr', 'endChr', ')')}"
        case "m" | "eqArr":
            rows = element.iterchildren(f"{_M}mr", f"{_M}e")
            return "; ".join(linear(row, deep + 1) for row in rows)
        case "mr":
            return ", ".join(linear(inner, deep + 1) for inner in element.iterchildren(f"{_M}e"))
        case "func":
            return f"{part('fName')} {part('e')}"
        case "limLow":
            return f"{part('e')}{_at('_', part('lim'))}"
        case "limUpp":
            return f"{part('e')}{_at('^', part('lim'))}"
    # What is struck out in a tracked change is no part of it.
    return "".join(linear(inner, deep + 1) for inner in element.iterchildren("*") if inner.tag != f"{_W}del")


def _held(text: str) -> str:
    """In parentheses, unless it is one sign, number or word."""
    text = text.strip()
    bare = text.replace(".", "").replace(",", "").isalnum() or len(text) < 2
    return text if bare else f"({text})"


def _at(mark: str, text: str) -> str:
    return f"{mark}{_held(text)}" if text.strip() else ""
