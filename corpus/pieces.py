"""The pieces of text that a page of a PDF draws: where each stands, and how it is set."""

import ctypes
import math
from bisect import bisect_left
from collections.abc import Iterator, Sequence

import pypdfium2.raw as pdfium

from corpus.characters import one_line
from corpus.grids import Parting
from corpus.rules import Rule
from corpus.turning import Turn, Turns, origin
from corpus.words import Line

_MOST_CHARACTERS_A_PAGE = 100_000
# Between two pieces of one line that stand further apart than this many letter sizes lies another column or cell; the
# columns of a table stand closer to one another than those of a page.
_COLUMN_GAP, _CELL_GAP = 1.6, 0.9
_LONGEST_NAME = 100
_LINE_ENDS = frozenset("\r\n")
# What the library puts in place of a hyphen at a line end.
_BROKEN = frozenset("\x02\ufffe\xad")


def pieces(
    text: object, number: int, turns: Turns, parted: Sequence[Parting] = (), boxes: Sequence[Rule] = ()
) -> Iterator[Line]:
    """The pieces of text that the page draws, each on one line and in one column, in the page's own order.

    Places are those of the page once it is turned for that piece to be read. ``parted`` says where cells end, ``boxes``
    where on the page tables may be.
    """
    places = [parting.place for parting in parted]
    letters: list[str] = []
    first = last = -1
    pending = False
    turn = turns.main
    for place in range(min(pdfium.FPDFText_CountChars(text), _MOST_CHARACTERS_A_PAGE)):
        letter = chr(pdfium.FPDFText_GetUnicode(text, place))
        if letter in _LINE_ENDS:
            if letters:
                yield _line(text, letters, first, last, number, turn)
            letters, pending = [], False
            continue
        if letter.isspace():
            pending = True
            continue
        if letters and (pending or places):
            borders = places and _is_parted(text, turn, (first, last, place), places, parted)
            if borders or (pending and _apart(text, turn, last, place, boxes)):
                yield _line(text, letters, first, last, number, turn)
                letters = []
            elif pending:
                letters.append(" ")
        pending = False
        if not letters:
            first, turn = place, turns.at(text, place)
        last = place
        if letter in _BROKEN:
            if letters:
                yield _line(text, [*letters, "-"], first, last, number, turn)
            letters = []
            continue
        letters.append(letter)
    if letters:
        yield _line(text, letters, first, last, number, turn)


def _apart(text: object, turn: Turn, before: int, place: int, boxes: Sequence[Rule]) -> bool:
    left, right = _box(text, turn, before), _box(text, turn, place)
    size = _size(text, place)
    gap = (right[0] - left[1]) / max(size, left[3] - left[2])
    if gap > _COLUMN_GAP or right[0] < left[0] - size:
        return True
    return gap > _CELL_GAP and any(
        box.bottom < right[2] < box.top and box.left - 1 < right[0] < box.right for box in boxes
    )


def _is_parted(
    text: object, turn: Turn, piece: tuple[int, int, int], places: Sequence[float], parted: Sequence[Parting]
) -> bool:
    """Whether the border of a cell lies between the last character of a piece and the next one.

    ``piece`` has the places of its first and last character and of the next.
    """
    first, last, place = piece
    left, right = _box(text, turn, last), _box(text, turn, place)
    start, end = (bisect_left(places, (box[0] + box[1]) / 2) for box in (left, right))
    if start >= end:
        return False
    middle, gap, size = (right[2] + right[3]) / 2, right[0] - left[1], _size(text, place)
    # Letters of a word may be set apart, all of them alike.
    spaced = last > first and not chr(pdfium.FPDFText_GetUnicode(text, last - 1)).isspace()
    usual = left[0] - _box(text, turn, last - 1)[1] if spaced and place == last + 1 else 0.0
    near = (parting for parting in parted[start:end] if parting.bottom < middle < parting.top)
    return any(gap > max(parting.least * size, 1.5 * usual) for parting in near)


def _line(text: object, letters: list[str], first: int, last: int, number: int, turn: Turn) -> Line:
    start, end, middle = _box(text, turn, first), _box(text, turn, last), (first + last) // 2
    # A space has neither a size nor a weight.
    middle += next(
        (step for step in range(last - middle + 1) if pdfium.FPDFText_GetFontWeight(text, middle + step) > 0), 0
    )
    _, baseline = turn.point(*origin(text, first))
    sizes = sorted(_size(text, place) for place in (first, middle, last))
    bold = all(_is_bold(text, place) for place in (first, middle, last))
    return Line(
        text=one_line("".join(letters)),
        page=number,
        left=start[0],
        right=end[1],
        baseline=baseline,
        size=round(sizes[1], 1) or 1.0,
        bold=bold,
        height=turn.height,
        hyphenated=letters[-1] == "-",
    )


def _is_bold(text: object, place: int) -> bool:
    """Whether a character is set in bold, by the font's weight, or by its name where that is not given."""
    weight = pdfium.FPDFText_GetFontWeight(text, place)
    if weight != 0:
        return bool(weight >= 600)
    name = ctypes.create_string_buffer(_LONGEST_NAME)
    return pdfium.FPDFText_GetFontInfo(text, place, name, _LONGEST_NAME, None) > 0 and b"bold" in name.value.lower()


def _size(text: object, place: int) -> float:
    """The size of one character as it is seen: its font's, scaled as the page scales it."""
    matrix = pdfium.FS_MATRIX()
    size = float(pdfium.FPDFText_GetFontSize(text, place)) or 1.0
    if not pdfium.FPDFText_GetMatrix(text, place, matrix):
        return size
    return size * math.hypot(matrix.c, matrix.d) or size


def _box(text: object, turn: Turn, place: int) -> tuple[float, float, float, float]:
    """Left, right, bottom and top of one character, in points from the turned page's lower left corner."""
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    pdfium.FPDFText_GetCharBox(text, place, left, right, bottom, top)
    return turn.box(left.value, right.value, bottom.value, top.value)
