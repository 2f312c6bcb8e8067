"""Where quoted words stand among the letters of a page, though the text they come from was cleaned when it was read.

Spaces, hyphens, punctuation, accents, ligatures and capitals count nothing; words that the page draws in another order,
as where columns lie side by side, are found piece by piece.
"""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

LONGEST_QUOTE = 20_000
"""Characters of a quote that are looked for."""

_LEAST_PIECE = 10
"""Letters that a piece has at least; fewer stand in too many places. The last one may be shorter."""
_LEAST_FOUND = 0.6
"""The least share of a quote's letters that a page must hold for any to be marked."""
_MOST_SKIPPED = 200
"""Letters that may be missing from the page one after the other before the rest is given up."""

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Letters:
    """The letters and digits of a page, in the order in which it draws them.

    ``places`` holds for each the number of the page's character that it belongs to, ``ends`` whether a word ends, or
    another letter than the next begins, after it.
    """

    text: str
    places: tuple[int, ...]
    ends: tuple[bool, ...]


def letters_of(characters: Iterable[str]) -> Letters:
    """The letters among the characters of a page, each of which is numbered by its place."""
    text: list[str] = []
    places: list[int] = []
    ends: list[bool] = []
    for place, character in enumerate(characters):
        plain = _plain(character)
        if not plain and ends:
            ends[-1] = True
        text.append(plain)
        places += [place] * len(plain)
        ends += [False] * len(plain)
    if ends:
        ends[-1] = True
    return Letters("".join(text), tuple(places), tuple(ends))


def find(quote: str, before: str, page: Letters) -> list[Span]:
    """Where the words of ``quote`` stand: the first and last character of each piece, in the order of the quote.

    ``before`` is what the document says on the same page before the quote: of words that stand there several times, as
    many are passed over. Empty where the page does not hold most of the quote.
    """
    wanted = "".join(map(_plain, quote[:LONGEST_QUOTE]))
    if not wanted:
        return []
    whole = _occurrences(wanted, page.text)
    if whole:
        earlier = len(_occurrences(wanted, "".join(map(_plain, before))))
        start = whole[min(earlier, len(whole) - 1)]
        return [(page.places[start], page.places[start + len(wanted) - 1])]
    pieces = _pieces(wanted, page)
    if sum(end - start for start, end in pieces) < _LEAST_FOUND * len(wanted):
        return []
    return [(page.places[start], page.places[end - 1]) for start, end in pieces]


@lru_cache(maxsize=4096)
def _plain(character: str) -> str:
    parts = unicodedata.normalize("NFKD", character).casefold()
    return "".join(part for part in parts if part.isalnum())


def _occurrences(words: str, text: str) -> list[int]:
    found: list[int] = []
    start = text.find(words)
    while start >= 0:
        found.append(start)
        start = text.find(words, start + len(words))
    return found


def _pieces(wanted: str, page: Letters) -> list[Span]:
    """Stretches of the page's letters that, one after the other, give as much of ``wanted`` as there is."""
    pieces: list[Span] = []
    place = skipped = reached = 0
    while place < len(wanted) and skipped < _MOST_SKIPPED:
        start, length = _longest(wanted, place, page, reached)
        if length:
            pieces.append((start, start + length))
            place, reached, skipped = place + length, start + length, 0
        else:
            place, skipped = place + 1, skipped + 1
    return pieces


def _longest(wanted: str, place: int, page: Letters, reached: int) -> Span:
    """Where the longest beginning of what is still wanted stands, and its length, which is 0 where it is too short."""
    left = len(wanted) - place
    least = min(_LEAST_PIECE, left)
    if page.text.find(wanted[place : place + least]) < 0:
        return 0, 0
    # Every beginning of words that are there is there too.
    low, high = least, left
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if wanted[place : place + middle] in page.text else (low, middle - 1)
    piece = wanted[place : place + low]
    start = page.text.find(piece, reached)
    start = start if start >= 0 else page.text.find(piece)
    return start, low if low == left else _to_a_word(start, low, page)


def _to_a_word(start: int, length: int, page: Letters) -> int:
    """The length up to the last word that ends there: letters beyond it are alike by chance."""
    ends = (size for size in range(length, 0, -1) if page.ends[start + size - 1])
    return next(ends, length)
