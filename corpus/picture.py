"""What is asked of a page of a PDF, and the picture of it."""

from dataclasses import dataclass

LONGEST_SIDE = 1600
"""Of a picture, in pixels."""
MOST_MARKS = 400

Mark = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Wanted:
    """The page, counted from 1, and the words on it; ``before`` is what the document says there before these."""

    page: int
    words: str = ""
    before: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """A page as it is printed.

    ``image`` is a WebP file of ``width`` by ``height`` pixels, ``pages`` how many the document has. A mark is left,
    top, width and height of a rectangle over the words, as shares of the picture's.
    """

    image: bytes
    width: int
    height: int
    pages: int
    marks: tuple[Mark, ...] = ()
