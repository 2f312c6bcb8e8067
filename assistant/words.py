"""Words as they are compared: lower case, stemmed, without the little words that carry no subject."""

import re
from collections.abc import Iterable
from functools import lru_cache

import Stemmer

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*", re.UNICODE)
_TECHNOLOGY = re.compile(r"\bIT\b")
_ENDS_ASKING = re.compile(r"\?[\"'”’»*_)]*$")
_STEMMER = Stemmer.Stemmer("english")

_SPELLINGS = tuple(
    (re.compile(british), american)
    for british, american in (
        (r"^(\w{3,})is(e|ed|es|ing|er|ers|ation|ations|ational)$", r"\1iz\2"),
        (r"^(\w{3,})our(s|ed|ing|able|al)?$", r"\1or\2"),
        (r"^programme(s?)$", r"program\1"),
        (r"^(cent|theat|fib)re(s?)$", r"\1er\2"),
    )
)

MONTHS = frozenset("january february march april may june july august september october november december".split())

_FUNCTION_WORDS = frozenset(
    """
    a about above after again against all also am an and any are aren't as at be because been before being below
    between both but by can can't cannot could couldn't did didn't do does doesn't doing don't done during each
    either else ever every few for from further get gets getting give given gives go going got had has have having he
    her here hers him his how however i i'd i'll i'm i've if in into is isn't it it's its itself just kind let let's
    like likely made make makes many may me might more most much must my neither nor of off on once only or other our
    ours out over own per please rather same shall she should since so some still such tell than that that's the their
    theirs them then there there's these they they're thing things this those though through to too toward towards
    under until upon us use used using very via want was way we we're we've well were what what's when where whether
    which while who whom whose why will with within without would yet you you're your yours
    """.split()
)


def words(text: str) -> list[str]:
    """The words of a text in lower case, in order; a hyphen parts words. "IT" in capitals is no "it"."""
    text = _TECHNOLOGY.sub("infotech", text) if "IT" in text and not text.isupper() else text
    return [match.group().replace("’", "'").casefold() for match in _WORD.finditer(text)]


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """The stem of one lower-case word (Porter 2, English); British spellings give the same as American ones."""
    for british, american in _SPELLINGS:
        word = british.sub(american, word)
    return str(_STEMMER.stemWord(word))


def content_words(text: str) -> list[str]:
    """The stems of the words that carry a subject, in order, with repeats."""
    return [stem(word) for word in words(text) if word not in _FUNCTION_WORDS]


@lru_cache(maxsize=32_768)
def content_set(text: str) -> frozenset[str]:
    """The distinct stems of ``content_words``."""
    return frozenset(content_words(text))


def in_sentences(text: str) -> list[str]:
    """The sentences of a message, by the marks that end them."""
    return [sentence for sentence in re.split(r"(?<=[.!?])\s+", text) if sentence]


def ends_asking(text: str) -> bool:
    """Whether a text ends in a question mark, also within quotation marks or brackets."""
    return _ENDS_ASKING.search(text) is not None


def coverage(wanted: Iterable[str], found: Iterable[str]) -> float:
    """The share of ``wanted`` that stands in ``found``; 0 where nothing is wanted."""
    wanted_set = frozenset(wanted)
    return len(wanted_set & frozenset(found)) / len(wanted_set) if wanted_set else 0.0
