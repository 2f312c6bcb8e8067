"""Comparing texts the way the measures need it."""

import re
import string
from collections import Counter

_SPACE = re.compile(r"\s+")
_ARTICLE = re.compile(r"\b(a|an|the)\b")
_PUNCTUATION = str.maketrans("", "", string.punctuation)
_FEWEST_WORDS = 3


def collapsed(text: str) -> str:
    """The text with every run of white space as one space: line breaks of a layout are not part of a quote."""
    return _SPACE.sub(" ", text).strip()


def stands_in(words: str, text: str) -> bool:
    """Whether ``words`` stand verbatim in ``text``, white space apart."""
    return collapsed(words) in collapsed(text)


def same_words(one: str, other: str) -> bool:
    """Whether one text holds the other; the shorter must be three words at least, unless the two are equal."""
    first, second = collapsed(one), collapsed(other)
    if first == second:
        return True
    shorter, longer = sorted((first, second), key=len)
    return shorter in longer and len(shorter.split()) >= _FEWEST_WORDS


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
