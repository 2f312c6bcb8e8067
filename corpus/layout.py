"""Lines set on pages into headings, paragraphs and list items: columns, running heads, hyphens and letter sizes."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from statistics import median

from corpus.blocks import Block
from corpus.rules import Rule
from corpus.running import LARGER, without_running
from corpus.tables import with_rows
from corpus.words import Line, body_size, rejoined

_BULLET = re.compile(r"^(?:[•‣◦▪●○·–—∙]|[-*o](?=\s))\s*(?=\S)")
_NUMBER = re.compile(r"^\(?(?:\d{1,2}|[a-z]|[ivx]{1,4})[.)]\s+(?=\S)")
_BARE_NUMBER = re.compile(
    r"(?P<number>\d{1,2})\s+(?!(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\b|[a-z])(?=[^\W\d])"
)
_SAME_ROW = 0.3
"""How far apart, in letter sizes, baselines of one row lie at most: the number of an item is set a little lower."""
_LEAST_NUMBERED, _OF_BODY = 3, 0.5
"""How many such lines are a list, and by how many points their letters may differ from those of running text."""
_LEADERS = re.compile(r"(?:\.\s?){4,}\s*[\divxlc]*$")
_CONTENTS = frozenset({"contents", "table of contents", "list of figures", "list of tables"})
_ENTRY = re.compile(r"(?:^|\s)(?:\d{1,4}|[ivxlc]{1,6})(?:\s+\d+(?:\.\d+)*)*$")
_FINISHED = (".", "!", "?", ":", ";", "”", '"')
_LONGEST_HEADING = 160
_MOST_LEVELS = 4
_LEAST_WORDS_SPOKEN = 8


def lay_out(pages: Sequence[Sequence[Line]], rules: Sequence[Sequence[Rule]] = ()) -> list[Block]:
    """The content of the pages in reading order, without running heads, page numbers and tables of contents.

    ``rules`` are the straight lines drawn on each page, which show the cells of tables.
    """
    whole = Counter(word for page in pages for line in page for word in re.findall(r"\w[\w-]*\w", line.text))
    kept = without_running(pages, rules)
    if rules:
        kept = with_rows(kept, rules, whole)
    lines = [line for page in kept for line in _in_reading_order(page)]
    lines = _without_contents(lines)
    if not lines:
        return []
    body = body_size(lines)
    lines = _numbered(lines, body)
    levels = _levels(lines, body)
    return [_block(group, body, levels, whole) for group in _groups(lines, body, levels)]


def _without_contents(lines: Sequence[Line]) -> list[Line]:
    """The lines without the entries of a table of contents, which end in a row of dots or in the number of a page."""
    listing = {line.page for line in lines if line.text.casefold() in _CONTENTS}
    return [
        line
        for line in lines
        if line.text and not _LEADERS.search(line.text) and not (line.page in listing and _ENTRY.search(line.text))
    ]


def _in_reading_order(page: Sequence[Line]) -> list[Line]:
    """Top to bottom; on a page of two columns the left one first, between lines that reach across both."""
    if any(line.block for line in page):
        return list(page)
    gutter = _gutter(page)
    rows = _in_rows(page)
    if gutter is None:
        return _same_rows_joined(rows)
    ordered: list[Line] = []
    sides: tuple[list[Line], list[Line]] = ([], [])
    for line in rows:
        if line.left < gutter < line.right:
            ordered += [*sides[0], *sides[1], line]
            sides = ([], [])
        else:
            sides[line.left >= gutter].append(line)
    return [*ordered, *sides[0], *sides[1]]


def _in_rows(page: Sequence[Line]) -> list[Line]:
    """Top to bottom, and from left to right what stands on about one height."""
    rows: list[list[Line]] = []
    for line in sorted(page, key=lambda line: -line.baseline):
        if rows and rows[-1][0].baseline - line.baseline < _SAME_ROW * min(rows[-1][0].size, line.size):
            rows[-1].append(line)
        else:
            rows.append([line])
    return [line for row in rows for line in sorted(row, key=lambda line: line.left)]


def _numbered(lines: Sequence[Line], body: float) -> list[Line]:
    """The lines, where those of running text that begin with 1, 2, 3, ... under each other have a stop behind it."""
    found = list(lines)
    run: list[int] = []
    for place, line in enumerate([*lines, None]):
        running = line and not line.row and not line.bold and abs(line.size - body) < _OF_BODY
        match = _BARE_NUMBER.match(line.text) if line and running else None
        if match and line and int(match["number"]) == len(run) + 1 and (not run or _under(lines[run[-1]], line)):
            run.append(place)
            continue
        if line is None or (match and match["number"] == "1"):
            if len(run) >= _LEAST_NUMBERED:
                for at in run:
                    found[at] = replace(found[at], text=_BARE_NUMBER.sub(r"\g<number>. ", found[at].text, count=1))
            run = [place] if match else []
    return found


def _under(before: Line, line: Line) -> bool:
    """Whether a line begins where one before it does, there or on the next page."""
    return abs(before.left - line.left) < before.size / 2 and line.page - before.page <= 1


def _gutter(page: Sequence[Line]) -> float | None:
    """Where the white strip between two columns of running text lies, if the page has two."""
    long = [line for line in page if len(line.text) > 15 and not line.row]
    if len(long) < 12:
        return None
    left, right = min(line.left for line in long), max(line.right for line in long)
    found: list[tuple[int, float, float]] = []
    for step in range(40, 61, 2):
        middle = left + (right - left) * step / 100
        before = [line for line in long if line.right <= middle]
        after = [line for line in long if line.left >= middle]
        across = len(long) - len(before) - len(after)
        if min(len(before), len(after)) >= 5 and across <= 0.25 * len(long):
            found.append((across, middle, median(line.right - line.left for line in (*before, *after))))
    if not found:
        return None
    # Lines of uneven length reach over many a place in their own column, and over none of the strip.
    _, middle, filled = min(found)
    return middle if filled > 0.28 * (right - left) else None


def _same_rows_joined(rows: Sequence[Line]) -> list[Line]:
    """Pieces on one height, such as the cells of a table row or a bullet and its text, as one line."""
    joined: list[Line] = []
    for line in rows:
        before = joined[-1] if joined else None
        if (
            before
            and not (before.row or line.row)
            and abs(before.baseline - line.baseline) < 0.4 * line.size
            and line.left >= before.right - 1
        ):
            joined[-1] = replace(
                before,
                text=f"{before.text} {line.text}",
                right=line.right,
                hyphenated=line.hyphenated,
                size=max(before, line, key=lambda piece: len(piece.text)).size,
                bold=before.bold and line.bold,
            )
        else:
            joined.append(line)
    return joined


def _levels(lines: Sequence[Line], body: float) -> dict[float, int]:
    """The heading level of each letter size that is larger than the running text's, the largest first."""
    sizes = sorted(
        {
            line.size
            for line in lines
            if not line.row and line.size >= LARGER * body and any(map(str.isalpha, line.text))
        },
        reverse=True,
    )
    levels: dict[float, int] = {}
    level = 0
    for before, size in pairwise([2 * sizes[0], *sizes] if sizes else []):
        level += size < 0.96 * before
        levels[size] = min(level, _MOST_LEVELS)
    return levels


def _is_heading(line: Line, body: float, levels: dict[float, int]) -> bool:
    if line.row:
        return False
    if line.size in levels:
        # How large letters are in a picture is measured, and not always well.
        return any(map(str.isalpha, line.text)) and not (line.block and line.text[0].islower())
    return (
        line.bold
        # Within a paragraph a whole line can be bold; it then goes on in small letters.
        and not line.text[0].islower()
        and line.size >= 0.95 * body
        and not line.text.endswith((".", ",", ";"))
        and not _BULLET.match(line.text)
    )


def _groups(lines: Sequence[Line], body: float, levels: dict[float, int]) -> list[list[Line]]:
    """The lines of each block."""
    near = [
        before.baseline - line.baseline
        for before, line in pairwise(lines)
        if before.page == line.page and 0 < before.baseline - line.baseline < 3 * body
    ]
    pitch = median(near) if near else 1.2 * body
    edges = {page: max(line.right for line in lines if line.page == page) for page in {line.page for line in lines}}
    groups: list[list[Line]] = []
    for line in lines:
        if groups and _belongs(groups[-1], line, pitch, edges[groups[-1][-1].page], body, levels):
            groups[-1].append(line)
        else:
            groups.append([line])
    return groups


def _belongs(
    group: Sequence[Line], line: Line, pitch: float, edge: float, body: float, levels: dict[float, int]
) -> bool:
    before = group[-1]
    if before.row or line.row:
        return False
    heading = _is_heading(before, body, levels)
    if heading != _is_heading(line, body, levels) or _BULLET.match(line.text) or _NUMBER.match(line.text):
        return False
    if heading and (abs(before.size - line.size) > 0.3 or len(group) > 3):
        return False
    drop = before.baseline - line.baseline
    if before.page == line.page and before.block != line.block and drop >= 0 and before.text.endswith(_FINISHED):
        return False
    if before.page != line.page or drop < 0:
        # A new page or column: the paragraph goes on where its sentence does.
        return not heading and not before.text.endswith(_FINISHED) and (line.text[0].islower() or before.hyphenated)
    if drop > 1.35 * max(pitch, 1.15 * line.size):
        return False
    short = before.right < edge - 0.2 * (edge - group[0].left)
    return heading or not (short and before.text.endswith(_FINISHED))


def _block(group: Sequence[Line], body: float, levels: dict[float, int], whole: Counter[str]) -> Block:
    text = group[0].text
    turns: list[tuple[int, int]] = []
    for before, line in pairwise(group):
        if before.hyphenated and line.text[0].isalpha():
            text = rejoined(text, line.text, whole)
            start = len(text) - len(line.text)
        else:
            start = len(text) + 1
            text = f"{text} {line.text}"
        if line.page != before.page:
            turns.append((start, line.page))
    first = group[0]
    if first.row:
        return Block("row", text, 0, first.page)
    # Whole sentences set in large letters are said loudly, but name nothing.
    spoken = text.endswith(".") and len(text.split()) >= _LEAST_WORDS_SPOKEN
    if _is_heading(first, body, levels) and len(text) <= _LONGEST_HEADING and not spoken:
        return Block("heading", text, levels.get(first.size, max(levels.values(), default=0) + 1), first.page)
    bullet = _BULLET.match(text)
    if bullet:
        moved = 2 - bullet.end()
        return Block("item", "- " + text[bullet.end() :], 0, first.page, turns=tuple((a + moved, b) for a, b in turns))
    kind = "item" if _NUMBER.match(text) else "paragraph"
    return Block("item" if kind == "item" else "paragraph", text, 0, first.page, turns=tuple(turns))
