"""Text that a program took from pages: the marks between them and what was printed at the head and foot of each."""

import re
from collections import Counter
from itertools import pairwise

_MARK = re.compile(r"^[\W_]*page\s+(\d{1,4})(?:\s*(?:of|/)\s*\d{1,4})?[\W_]*$", re.IGNORECASE)
_LEAST_PAGES = 4
# How many lines from a mark a running head or foot may stand.
_REACH = 2


def without_page_marks(text: str) -> str:
    """The text without marks such as ``---- Page 12 ----`` and the lines beside them that repeat from page to page.

    Only where there are several and their numbers rise by one: a line that names a page is no mark by itself.
    """
    lines = text.split("\n")
    shapes: dict[str, list[tuple[int, int]]] = {}
    for place, line in enumerate(lines):
        if match := _MARK.match(line):
            shapes.setdefault(_key(line), []).append((place, int(match[1])))
    # A page may carry two of them: the program's own and the one that was printed.
    dropped = {place for marks in shapes.values() if _counts([number for _, number in marks]) for place, _ in marks}
    if not dropped:
        return text
    ends = (-1, *dropped, len(lines))
    beside = [near for place in ends for near in _beside(lines, place, dropped)]
    seen = Counter(_key(lines[place]) for place in set(beside))
    often = max(3, len(dropped) // (3 * len(shapes)))
    dropped.update(place for place in beside if seen[_key(lines[place])] >= often)
    return "\n".join(line for place, line in enumerate(lines) if place not in dropped)


def _counts(numbers: list[int]) -> bool:
    rising = sum(after in (before, before + 1) for before, after in pairwise(numbers))
    return len(set(numbers)) >= _LEAST_PAGES and rising >= 0.8 * (len(numbers) - 1)


def _beside(lines: list[str], place: int, marks: set[int]) -> list[int]:
    """The lines with text nearest to a mark, on both sides."""
    found: list[int] = []
    for step in (-1, 1):
        near, left = place + step, _REACH
        while 0 <= near < len(lines) and left:
            if lines[near].strip() and near not in marks:
                found.append(near)
                left -= 1
            near += step
    return found


def _key(line: str) -> str:
    return re.sub(r"\d+", "#", line.strip())
