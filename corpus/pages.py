"""Drawing a page of a PDF, with the places of quoted words on it."""

import io
import math
from collections.abc import Iterator, Sequence

import pypdfium2
import pypdfium2.raw as pdfium

from corpus.errors import UserError
from corpus.marking import Span, find, letters_of
from corpus.picture import LONGEST_SIDE, MOST_MARKS, Mark, Picture, Wanted

MOST_CHARACTERS = 100_000
"""Of a page, in which the words are looked for."""
_LARGEST_SCALE = 4.0
_QUALITY = 82
_ROOM = 0.12

_Box = tuple[int, int, int, int]
"""Left, top, right and bottom in pixels of a picture."""


def drawn(raw: bytes, wanted: Wanted) -> Picture:
    """The page that is wanted of the PDF ``raw``.

    Raises `UserError` for one that cannot be drawn. Nothing bounds the time this takes; `corpus.apart` does.
    """
    try:
        document = pypdfium2.PdfDocument(raw)
    except pypdfium2.PdfiumError as error:
        raise UserError("is damaged or no PDF; check that it opens in its own program") from error
    try:
        if not 1 <= wanted.page <= len(document):
            raise UserError(f"has no page {wanted.page:,}")
        page = document[wanted.page - 1]
        width, height = page.get_size()
        if not (0 < width < math.inf and 0 < height < math.inf):
            raise UserError("has a page without a size")
        bitmap = page.render(scale=min(LONGEST_SIDE / max(width, height), _LARGEST_SCALE), rev_byteorder=True)
        marks = _marks(page, bitmap, wanted) if wanted.words else ()
        return Picture(_webp(bitmap), bitmap.width, bitmap.height, len(document), marks)
    except pypdfium2.PdfiumError as error:
        raise UserError("has a damaged page") from error
    finally:
        document.close()


def _webp(bitmap: pypdfium2.PdfBitmap) -> bytes:
    file = io.BytesIO()
    bitmap.to_pil().convert("RGB").save(file, "WEBP", quality=_QUALITY, method=2)
    return file.getvalue()


def _marks(page: pypdfium2.PdfPage, bitmap: pypdfium2.PdfBitmap, wanted: Wanted) -> tuple[Mark, ...]:
    text = page.get_textpage()
    try:
        count = min(text.count_chars(), MOST_CHARACTERS)
        letters = letters_of(chr(pdfium.FPDFText_GetUnicode(text, place)) for place in range(count))
        spans = find(wanted.words, wanted.before, letters)
        return tuple(_rectangles(text, spans, bitmap, page))[:MOST_MARKS]
    finally:
        text.close()


def _rectangles(
    text: pypdfium2.PdfTextPage, spans: Sequence[Span], bitmap: pypdfium2.PdfBitmap, page: pypdfium2.PdfPage
) -> Iterator[Mark]:
    """One rectangle for each line of each piece."""
    to_bitmap = bitmap.get_posconv(page).to_bitmap
    for first, last in spans:
        line: _Box | None = None
        for place in range(first, last + 1):
            corners = _corners(text, place)
            if corners is None:
                continue
            (x, y), (across, down) = (to_bitmap(*corner) for corner in corners)
            letter = (min(x, across), min(y, down), max(x, across), max(y, down))
            if line is not None and _goes_on(line, letter):
                line = _around(line, letter)
                continue
            if line is not None:
                yield from _shares(line, bitmap)
            line = letter
        if line is not None:
            yield from _shares(line, bitmap)


def _around(line: _Box, letter: _Box) -> _Box:
    return min(line[0], letter[0]), min(line[1], letter[1]), max(line[2], letter[2]), max(line[3], letter[3])


def _corners(text: pypdfium2.PdfTextPage, place: int) -> tuple[tuple[float, float], tuple[float, float]] | None:
    """Two corners of the box around a character as it is drawn; None for one that is not seen.

    The box of the font's own line height is no use: some fonts give one of several lines.
    """
    if chr(pdfium.FPDFText_GetUnicode(text, place)).isspace():
        return None
    try:
        left, bottom, right, top = text.get_charbox(place)
    except pypdfium2.PdfiumError:
        return None
    seen = all(map(math.isfinite, (left, bottom, right, top))) and right > left and top > bottom
    return ((left, top), (right, bottom)) if seen else None


def _goes_on(line: _Box, letter: _Box) -> bool:
    """Whether a letter stands on the same line as those before it, and near to them."""
    shared = min(line[3], letter[3]) - max(line[1], letter[1])
    height = max(1, line[3] - line[1], letter[3] - letter[1])
    # A comma or a quotation mark hardly reaches the letters beside it.
    return shared > -0.25 * height and -height < letter[0] - line[2] < 2 * height


def _shares(line: _Box, bitmap: pypdfium2.PdfBitmap) -> Iterator[Mark]:
    """The rectangle, with a little room over and under its letters, as shares of the picture; none outside of it."""
    room = _ROOM * (line[3] - line[1])
    left, right = (min(max(value / bitmap.width, 0.0), 1.0) for value in (line[0], line[2]))
    top, bottom = (min(max(value / bitmap.height, 0.0), 1.0) for value in (line[1] - room, line[3] + room))
    if right > left and bottom > top:
        yield round(left, 5), round(top, 5), round(right - left, 5), round(bottom - top, 5)
