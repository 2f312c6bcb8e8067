"""Sentences and list items, as spans of the text they stand in."""

import re

# Abbreviations after which a sentence goes on, beyond those that the segmenter knows.
_GOES_ON = re.compile(
    r"(?:^|[\s(\[\"'“‘])(?:Mrs?|Ms|Mx|Drs?|Prof|Gov|Sen|Rep|Hon|Rev|St|cf|vs|approx|ca|e\.g|i\.e|viz|resp|esp|incl|excl"
    r"|acc|al|Fig|Figs|Eq|Sec|Sect|Art|Ch|No|Nos|Vol|pp?|paras?|Ref|Refs|Tab|Dept|Est)\.\s*$"
)
_NUMBERING = re.compile(r"^[(\[]?(?:\d{1,3}(?:\.\d{1,3})*|[A-Za-z]|[ivxIVX]{1,5})[.)\]]\s*$")
_BULLET = re.compile(r"[ ]*(?:[-*•‣◦▪–—·][ ]+)?")
_LONGEST_ROW = 500
"""Characters of a table row that stays whole, though a cell of it holds sentences."""
_NEXT_CELL = re.compile(r"^\s*;\s*(?=[^;:\n]{1,60}: )")
_FIRST_CELL = re.compile(r"[^;:\n]{1,60}: ")
_CLOSING = re.compile(r"^[)\]\"'”’»]+\s*$")


def sentences(text: str) -> list[tuple[int, int]]:
    """The spans ``(start, end)`` of the sentences of `text`, in order, without the white space between them.

    A line end always ends a sentence, for clean text has one line a paragraph, list item or table row. A list item's
    bullet is left out of its span; its number is not.
    """
    spans: list[tuple[int, int]] = []
    start = 0
    for line in text.split("\n"):
        spans.extend(_spans_of_line(line, start))
        start += len(line) + 1
    return spans


def _spans_of_line(line: str, offset: int) -> list[tuple[int, int]]:
    bullet = _BULLET.match(line)
    begin = bullet.end() if bullet else 0
    body = line[begin:]
    if not body.strip():
        return []
    spans: list[tuple[int, int]] = []
    start = 0
    for end in _ends(body):
        piece = body[start:end]
        if end < len(body) and (_NUMBERING.match(piece) or _goes_on(piece, body[end:])):
            continue
        if spans and _CLOSING.match(piece):
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
        start = end
    if _FIRST_CELL.match(body) and any(_NEXT_CELL.match(body[start:end]) for start, end in spans):
        if len(body) <= _LONGEST_ROW:
            spans = [(0, len(body))]
        else:
            spans = [(end - len(_NEXT_CELL.sub("", body[start:end])), end) for start, end in spans]
    return [trimmed for span in spans if (trimmed := _trimmed(body, *span, offset + begin))]


def _ends(body: str) -> list[int]:
    from sentencex import get_sentence_boundaries

    ends = [int(boundary["end_index"]) for boundary in get_sentence_boundaries("en", body)]
    return ends if ends and ends[-1] == len(body) else [*ends, len(body)]


def _goes_on(piece: str, rest: str) -> bool:
    if _GOES_ON.search(piece):
        return True
    following = rest.lstrip()[:1]
    return following.islower() and not piece.rstrip().endswith(("!", "?")) and "." in piece.split()[-1].rstrip(".")


def _trimmed(body: str, start: int, end: int, offset: int) -> tuple[int, int] | None:
    piece = body[start:end]
    left = len(piece) - len(piece.lstrip())
    right = len(piece.rstrip())
    return (offset + start + left, offset + start + right) if right > left else None
