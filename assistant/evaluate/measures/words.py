"""Comparing texts the way the measures need it."""

import re
import string
from collections import Counter

_SPACE = re.compile(r"\s+")
_STRAIGHT = str.maketrans(
    dict.fromkeys("\u2018\u2019\u201a\u201b", "'") | dict.fromkeys("\u201c\u201d\u201e\u201f", '"')
)
_LINK = re.compile(r"!?\[([^\]]*)\]\([^)\s]*\)")
_EMPHASIS = re.compile(r"\*\*|__|`")
_BAR = re.compile(r"\s*\|\s*")
_NEXT_CELL = r"; (?:[^;:]{1,80}: )?"
"""What stands between two cells of a row as documents are read: the name of the second one's column."""
_ARTICLE = re.compile(r"\b(a|an|the)\b")
_PUNCTUATION = str.maketrans("", "", string.punctuation)
_FEWEST_WORDS = 3


def collapsed(text: str) -> str:
    """The text with every run of white space as one space, and with straight quotes and apostrophes.

    Line breaks of a layout are not part of a quote, and spreadsheet programs bend what is typed straight.
    """
    return _SPACE.sub(" ", text.translate(_STRAIGHT)).strip()


def stands_in(words: str, text: str) -> bool:
    """Whether ``words`` stand verbatim in ``text``, white space apart."""
    return within(collapsed(words), collapsed(text))


def within(words: str, text: str) -> bool:
    """Whether words stand in a text, both collapsed, as they are or as they were copied from the text's source.

    A source has marks of Markdown (emphasis, links, a table's bars between cells) and words that a line breaks off.
    """
    return words in text or _as_read(words, text)


def _as_read(words: str, text: str) -> bool:
    plain = _EMPHASIS.sub("", _LINK.sub(r"\1", words)).strip(" |")
    if len(plain.split()) >= _FEWEST_WORDS and plain.endswith("-"):
        plain = plain[:-1]
    cells = [cell for cell in _BAR.split(plain) if cell]
    if len(cells) > 1:
        return re.search(_NEXT_CELL.join(map(re.escape, cells)), text) is not None
    return plain != words and bool(plain) and plain in text


def proves(words: str, sentence: str) -> bool:
    """Whether a cited sentence holds the words of the evidence, or is a part of them of three words at least."""
    wanted, cited = collapsed(words), collapsed(sentence)
    return within(wanted, cited) or (cited in wanted and len(cited.split()) >= _FEWEST_WORDS)


def token_f1(answer: str, reference: str) -> float:
    """F1 of the words two texts share, 0 to 1.

    As SQuAD's evaluation does it: lower case, without punctuation and articles (Rajpurkar et al. 2016,
    arXiv 1606.05250, section 6.1).
    """
    given, wanted = Counter(_tokens(answer)), Counter(_tokens(reference))
    if not given or not wanted:
        return float(given == wanted)
    shared = (given & wanted).total()
    if not shared:
        return 0.0
    precision, recall = shared / given.total(), shared / wanted.total()
    return 2 * precision * recall / (precision + recall)


def _tokens(text: str) -> list[str]:
    return _ARTICLE.sub(" ", text.lower().translate(_PUNCTUATION)).split()
