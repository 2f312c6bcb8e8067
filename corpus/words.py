"""Pieces of text on a page, and words that were broken at the end of a line."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """A piece of text on one line: where it stands, in points from the lower left corner, and how large and bold.

    With ``row`` it is a whole row of a table. ``block`` is above 0 on a scanned page, whose lines come in the order in
    which they are read, and then tells apart what does not stand together.
    """

    text: str
    page: int
    left: float
    right: float
    baseline: float
    size: float
    bold: bool = False
    height: float = 842.0
    hyphenated: bool = False
    row: bool = False
    block: int = 0


def body_size(lines: Iterable[Line]) -> float:
    """The size in which most letters are set, that of the running text; 0 where there are none."""
    weights = Counter[float]()
    for line in lines:
        weights[line.size] += len(line.text)
    return weights.most_common(1)[0][0] if weights else 0.0


def rejoined(text: str, after: str, whole: Counter[str]) -> str:
    """A word broken at a line end, with its hyphen only if the document writes it with one elsewhere."""
    tail = re.search(r"[\w-]*-$", text)
    head = re.match(r"[\w-]*\w", after)
    if tail is None or head is None:
        return text + after
    with_hyphen, without = tail[0] + head[0], tail[0][:-1] + head[0]
    keeps = whole[with_hyphen] > whole[without] or (head[0][0].isupper() and not whole[without])
    return text + after if keeps else text[:-1] + after
