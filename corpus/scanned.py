"""Pages of a PDF that are pictures: telling which are, and the lines that are recognised in them."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import islice

import pypdfium2
import pypdfium2.raw as pdfium

from corpus.errors import UserError
from corpus.recognition import recognise
from corpus.words import Line

_DPI = 300
_MOST_PIXELS = 25_000_000
_POINTS = 72
_MOST_DRAWN = 500
# A page with hardly a word of its own is a scan if pictures cover this much of it; one with a stamp or a running
# head that was put over the scan, if they cover nearly all.
_FEW, _SOME = 25, 150
_COVERED, _NEARLY_ALL = 0.3, 0.85
# Letters within this share of the usual size are of that size: what is measured of a picture varies.
_ALIKE = 0.15
_USUAL_SIZE = 10.0
# What a bullet is often taken for.
_BULLET = re.compile(r"^[»¢°*+]\s+(?=\w)")


def is_scan(page: pypdfium2.PdfPage, lines: Sequence[Line]) -> bool:
    """Whether a page is a picture of text, as far as can be told without reading it."""
    letters = letters_in(lines)
    return letters < _SOME and _covered(page) >= (_COVERED if letters < _FEW else _NEARLY_ALL)


def letters_in(lines: Iterable[Line]) -> int:
    return sum(len(line.text.replace(" ", "")) for line in lines)


def scanned_lines(page: pypdfium2.PdfPage, number: int, language: str) -> list[Line]:
    """The lines that are recognised on a page, as if they were set there. Raises `UserError` where that fails."""
    width, height = page.get_size()
    if not (width > 0 and height > 0):
        return []
    scale = min(_DPI / _POINTS, math.sqrt(_MOST_PIXELS / (width * height)))
    try:
        seen = _pnm(page, scale)
    except (pypdfium2.PdfiumError, MemoryError, ValueError) as error:
        raise UserError("drawing fails") from error
    found = recognise(seen, max(70, round(_POINTS * scale)), language)
    return [
        Line(
            text=_BULLET.sub("• ", line.text),
            page=number,
            left=line.left / scale,
            right=line.right / scale,
            baseline=height - line.baseline / scale,
            size=line.size / scale or _USUAL_SIZE,
            height=height,
            hyphenated=line.text.endswith("-"),
            block=line.block,
        )
        for line in found
    ]


def levelled(pages: Sequence[Sequence[Line]], usual: float) -> list[list[Line]]:
    """Lines with the sizes that they were set in, as far as a picture tells: the running text in ``usual`` points.

    Larger ones are told apart in steps of a fifth. With ``usual`` 0 it is what most lines come near.
    """
    measured = Counter[float]()
    for line in (line for page in pages for line in page):
        measured[round(line.size)] += len(line.text)
    if not measured:
        return [list(page) for page in pages]
    body = max(measured, key=lambda size: sum(count for near, count in measured.items() if abs(near - size) <= 1))
    wanted = usual or float(body)

    def size_of(line: Line) -> float:
        ratio = line.size / max(body, 1.0)
        return wanted if abs(ratio - 1) <= _ALIKE else round(wanted * max(round(ratio * 5), 1) / 5, 1)

    return [[replace(line, size=size_of(line)) for line in page] for page in pages]


def _covered(page: pypdfium2.PdfPage) -> float:
    """The share of the page that pictures cover; overlapping ones count twice."""
    width, height = page.get_size()
    covered = 0.0
    for drawn in islice(page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=3), _MOST_DRAWN):
        left, bottom, right, top = drawn.get_bounds()
        across, up = min(right, width) - max(left, 0), min(top, height) - max(bottom, 0)
        covered += max(across, 0) * max(up, 0)
    return covered / (width * height) if width > 0 and height > 0 else 0.0


def _pnm(page: pypdfium2.PdfPage, scale: float) -> bytes:
    """The page as grey pixels, in the simplest format there is."""
    bitmap = page.render(scale=scale, grayscale=True)
    try:
        raw, width, stride = bytes(bitmap.buffer), bitmap.width, bitmap.stride
        rows = (raw[start : start + width] for start in range(0, stride * bitmap.height, stride))
        return b"P5\n%d %d\n255\n%s" % (width, bitmap.height, b"".join(rows))
    finally:
        bitmap.close()
