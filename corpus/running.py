"""Running heads and feet: what is printed at the top and bottom of page after page, and is not the text's own."""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.grids import grids
from corpus.rules import Rule
from corpus.words import Line, body_size

LARGER = 1.08
"""How much larger than the running text the letters of a heading are at least."""

_PAGE_NUMBER = re.compile(
    r"^(?:page\s+)?[-–]?\s*(?:\d{1,4}|[ivxlc]{1,7})\s*[-–]?(?:\s*(?:of|/)\s*\d{1,4})?$", re.IGNORECASE
)
# How much of a page's height, from its top and bottom, may hold running heads.
_MARGIN = 0.12
# What stands on so few pages is a running head only where it is as many letter sizes from the text.
_SURE, _APART = 3, 2.0
_SMALLER = 0.92
_MOST_ROUNDS = 10

_Key = tuple[str, int]


@dataclass(frozen=True, slots=True)
class _Margin:
    """The lines of a page's margins, and the text between them: the heights of its lines."""

    number: int
    lines: list[Line]
    others: list[float]


def without_running(pages: Sequence[Sequence[Line]], rules: Sequence[Sequence[Rule]] = ()) -> list[list[Line]]:
    """The pages without the lines of their margins that repeat from page to page, or on each second one.

    Numbers in such a line may differ, unless it is set larger than the running text: "Chapter 1" is then a heading.
    Lines of tables that reach out of the margin stay.
    """
    body = body_size([line for page in pages for line in page])
    drawn = rules or [()] * len(pages)
    margins = [_margin(number, page, own) for number, (page, own) in enumerate(zip(pages, drawn, strict=True))]
    sure = _often(margins, body, max(_SURE, len(pages) // 10))
    few = _few(margins, body, sure)

    def runs(line: Line, key: _Key) -> bool:
        return bool(_PAGE_NUMBER.match(line.text)) or key in sure or key in few

    dropped = [{id(line) for line in page.lines if runs(line, _key(line, body))} for page in margins]
    return [[line for line in page if id(line) not in gone] for page, gone in zip(pages, dropped, strict=True)]


def _margin(number: int, page: Sequence[Line], rules: Sequence[Rule]) -> _Margin:
    near = [line for line in page if _in_margin(line.baseline, line.height)]
    tables = [
        grid
        for grid in (grids(page, rules) if near and rules else ())
        if not (_in_margin(grid.heights[0], page[0].height) and _in_margin(grid.heights[-1], page[0].height))
        or (grid.heights[0] > page[0].height / 2) != (grid.heights[-1] > page[0].height / 2)
    ]
    lines = [line for line in near if not any(grid.holds(line) for grid in tables)]
    kept = {id(line) for line in lines}
    return _Margin(number, lines, [line.baseline for line in page if id(line) not in kept])


def _often(margins: Sequence[_Margin], body: float, least: int) -> set[_Key]:
    seen = Counter(key for page in margins for key in {_key(line, body) for line in page.lines})
    return {key for key, count in seen.items() if count >= least}


def _few(margins: Sequence[_Margin], body: float, sure: set[_Key]) -> set[_Key]:
    """What stands on two pages or more, and on half of all, of the odd or of the even ones, apart from their text."""
    found: set[_Key] = set()
    for some in (margins, margins[::2], margins[1::2]):
        # Of more, half are so many that it is sure of all the same.
        if len(some) < 2 * _SURE:
            found |= _repeated(some, body)
    found -= sure
    for _ in range(_MOST_ROUNDS):
        text = {key for page in margins for key in _of_the_text(page, body, found, sure)}
        if not text:
            return found
        found -= text
    return set()


def _repeated(pages: Sequence[_Margin], body: float) -> set[_Key]:
    """What stands on half of the pages, no larger than their text, with the same numbers or with those of the pages."""
    seen: defaultdict[_Key, dict[int, list[int]]] = defaultdict(dict)
    for page in pages:
        for line in page.lines:
            if line.size < LARGER * body:
                seen[_key(line, body)][page.number] = [int(number) for number in re.findall(r"\d{1,9}", line.text)]
    found = set()
    for key, told in seen.items():
        alike = all(
            len(set(slot)) == 1 or len({value - page for page, value in zip(told, slot, strict=True)}) == 1
            for slot in zip(*told.values(), strict=False)
        )
        if alike and len(told) >= max(2, len(pages) / 2):
            found.add(key)
    return found


def _of_the_text(page: _Margin, body: float, found: set[_Key], sure: set[_Key]) -> set[_Key]:
    """Those of ``found`` that stand on a page with its text: within it, or no further from it than its lines are.

    Running heads are further out than all of the text, and set off from it by white or by smaller letters.
    """
    running = sure | found
    keys = [(line, _key(line, body)) for line in page.lines if not _PAGE_NUMBER.match(line.text)]
    text = [*page.others, *(line.baseline for line, key in keys if key not in running)]
    near: set[_Key] = set()
    for side in (1, -1):
        edge = max((side * place for place in text), default=-math.inf)
        outer = [(side * line.baseline, line, key) for line, key in keys]
        outer = [one for one in outer if one[0] > side * one[1].height / 2]
        for place, line, key in sorted(outer, key=lambda one: one[0]):
            gap = (1.0 if line.size < _SMALLER * body else _APART) * line.size
            if key in found and place - edge <= gap:
                near.add(key)
                edge = max(edge, place)
    return near


def _in_margin(place: float, height: float) -> bool:
    return not _MARGIN * height <= place <= (1 - _MARGIN) * height


def _key(line: Line, body: float) -> _Key:
    text = line.text if line.size >= LARGER * body else re.sub(r"\d+", "#", line.text)
    return text, round(line.baseline / 6)
