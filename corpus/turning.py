"""Pages whose text runs up, down or upside down: where it stands once the page is turned so that it can be read."""

import ctypes
import math
from collections import Counter
from dataclasses import dataclass

import pypdfium2
import pypdfium2.raw as pdfium

from corpus.rules import Rule

_LOOKED_AT = 400
_QUARTER = math.pi / 2


@dataclass(frozen=True, slots=True)
class Turn:
    """How often a page is turned by a quarter, clockwise, until its text runs from left to right.

    ``width`` and ``tall`` are the page's sides before, in points.
    """

    quarters: int = 0
    width: float = 0.0
    tall: float = 842.0

    @property
    def height(self) -> float:
        """The height of the turned page."""
        return self.width if self.quarters % 2 else self.tall

    def point(self, x: float, y: float) -> tuple[float, float]:
        """Where a place of the page lies on the turned one."""
        match self.quarters:
            case 1:
                return y, self.width - x
            case 2:
                return self.width - x, self.tall - y
            case 3:
                return self.tall - y, x
        return x, y

    def box(self, left: float, right: float, bottom: float, top: float) -> tuple[float, float, float, float]:
        """Left, right, bottom and top of a box on the turned page."""
        if not self.quarters:
            return left, right, bottom, top
        (one, low), (other, high) = self.point(left, bottom), self.point(right, top)
        return min(one, other), max(one, other), min(low, high), max(low, high)

    def rule(self, rule: Rule) -> Rule:
        """A drawn line on the turned page."""
        return Rule(*self.box(rule.left, rule.right, rule.bottom, rule.top)) if self.quarters else rule


@dataclass(frozen=True, slots=True)
class Turns:
    """The four ways to turn a page, and which of them most of its text wants.

    What runs another way, such as a running head beside a turned figure, is placed by its own turn.
    """

    each: tuple[Turn, ...]
    most: int = 0

    @property
    def main(self) -> Turn:
        return self.each[self.most]

    def at(self, text: object, place: int) -> Turn:
        """The turn that a character wants."""
        return self.each[quarters_at(text, place)]


def turns_of(page: pypdfium2.PdfPage, text: object) -> Turns:
    """How a page and the letters on it are to be turned: the page as most of its letters want it."""
    width, tall = page.get_size()
    if page.get_rotation() % 180:
        width, tall = tall, width
    count = pdfium.FPDFText_CountChars(text)
    looked = range(0, count, max(1, count // _LOOKED_AT))
    wanted = Counter(
        quarters_at(text, place) for place in looked if not chr(pdfium.FPDFText_GetUnicode(text, place)).isspace()
    )
    return Turns(
        tuple(Turn(quarters, width, tall) for quarters in range(4)), max(wanted, key=wanted.__getitem__, default=0)
    )


def quarters_at(text: object, place: int) -> int:
    """How many quarters a character is to be turned, clockwise, to stand upright."""
    # The library counts angles clockwise.
    angle: float = pdfium.FPDFText_GetCharAngle(text, place)
    return -round(max(0.0, angle) / _QUARTER) % 4


def origin(text: object, place: int) -> tuple[float, float]:
    """Where a character stands on its line, in points from the page's lower left corner."""
    x, baseline = ctypes.c_double(), ctypes.c_double()
    pdfium.FPDFText_GetCharOrigin(text, place, x, baseline)
    return x.value, baseline.value
