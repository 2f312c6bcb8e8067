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
        line: tuple[int, int, int, int] | None = None
        for place in range(first, last + 1):
            box = _box(text, place)
            if box is None:
                continue
            (x, y), (right, bottom) = to_bitmap(box[0], box[3]), to_bitmap(box[2], box[1])
            letter = (min(x, right), min(y, bottom), max(x, right), max(y, bottom))
            if line is not None and _goes_on(line, letter):
                line = (
                    min(line[0], letter[0]),
                    min(line[1], letter[1]),
                    max(line[2], letter[2]),
                    max(line[3], letter[3]),
                )
                continue
            if line is not None:
                yield from _shares(line, bitmap)
            line = letter
        if line is not None:
            yield from _shares(line, bitmap)


def _box(text: pypdfium2.PdfTextPage, place: int) -> tuple[float, float, float, float] | None:
    """Left, bottom, right and top of a character, as high as its line; None for one that is not seen."""
    if chr(pdfium.FPDFText_GetUnicode(text, place)).isspace():
        return None
    try:
        tight, loose = text.get_charbox(place), text.get_charbox(place, loose=True)
    except pypdfium2.PdfiumError:
        return None
    left, bottom, right, top = tight
    high = top - bottom
    # Some fonts say nothing, or nonsense, of how high a line of theirs is.
    if high > 0 and not high <= loose[3] - loose[1] <= 8 * high:
        loose = tight
    box = (min(left, loose[0]), loose[1], max(right, loose[2]), loose[3])
    return box if all(map(math.isfinite, box)) and box[2] > box[0] and box[3] > box[1] else None


def _goes_on(line: tuple[int, int, int, int], letter: tuple[int, int, int, int]) -> bool:
    """Whether a letter stands on the same line as those before it, and near to them."""
    shared = min(line[3], letter[3]) - max(line[1], letter[1])
    height = max(1, min(line[3] - line[1], letter[3] - letter[1]))
    return shared > 0.5 * height and -height < letter[0] - line[2] < 2 * height


def _shares(line: tuple[int, int, int, int], bitmap: pypdfium2.PdfBitmap) -> Iterator[Mark]:
    """The rectangle as shares of the picture; nothing where it lies outside."""
    left, right = (min(max(value / bitmap.width, 0.0), 1.0) for value in (line[0], line[2]))
    top, bottom = (min(max(value / bitmap.height, 0.0), 1.0) for value in (line[1], line[3]))
    if right > left and bottom > top:
        yield round(left, 5), round(top, 5), round(right - left, 5), round(bottom - top, 5)
