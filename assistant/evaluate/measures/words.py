"""Comparing texts the way the measures need it."""

import re
import string
from collections import Counter

_SPACE = re.compile(r"\s+")
_STRAIGHT = str.maketrans(
    dict.fromkeys("\u2018\u2019\u201a\u201b", "'") | dict.fromkeys("\u201c\u201d\u201e\u201f", '"')
)
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
    return collapsed(words) in collapsed(text)


def proves(words: str, sentence: str) -> bool:
    """Whether a cited sentence holds the words of the evidence, or is a part of them of three words at least."""
    wanted, cited = collapsed(words), collapsed(sentence)
    return wanted in cited or (cited in wanted and len(cited.split()) >= _FEWEST_WORDS)


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
