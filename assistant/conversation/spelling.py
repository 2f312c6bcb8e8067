"""Misspelt words of questions, read as words of the guidance, or of asking for it, that they are one slip away from."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from functools import cached_property, lru_cache

from assistant.contents.sides import SIDE_WORDS_IN_FULL
from corpus import Passage

_WORD = re.compile(r"[^\W\d_]+")
_PLAIN = re.compile(r"(?<![\w'’-])[^\W\d_A-Z]+(?![\w'’])")
"""A word in small letters, and not the beginning of a contraction ("needn't")."""
_ABBREVIATED = re.compile(
    r"\b(?P<short>acc|approx|incl|excl|depts?|vs|esp|resp|mgmt|min|max|ca|est)\.(?=\s+[a-z\d£$€])", re.IGNORECASE
)
_IN_FULL = {"acc": "according"}
_CHATTED = {
    "tho": "though",
    "thru": "through",
    "pls": "please",
    "plz": "please",
    "thx": "thanks",
    "coz": "because",
    "cuz": "because",
    "gonna": "going to",
    "wanna": "want to",
    "gotta": "got to",
    "dunno": "don't know",
    "ppl": "people",
    "abt": "about",
    "wot": "what",
}
_CHAT = re.compile(rf"(?<![\w'’.&/@\\:+-])(?:{'|'.join(_CHATTED)})(?![\w'’&/@\\:+-]|\.\w)")
"""Words as they are typed in a hurry, in small letters."""
_SHORTEST = 5
"""Letters that a word has at least for a slip in it to be told from another word."""
_KNOWN = 0.6
"""The least share of a question's words that are words of the language: in another language none is misspelt."""
_READ = 10_000
"""Of many passages about so many are read for their words, evenly spread: a fifth of a second."""
_MOST = 50_000
"""Different words of a guidance that are looked through, those that stand most often."""
_ASKING = SIDE_WORDS_IN_FULL.union(
    """
    compare compared comparison difference different approach approaches between versus explain describe recommend
    organisation organization company strategy budget advice
    """.split()
)
"""Words that say what is asked, whether they stand in the guidance or not."""
_ENDINGS = ("s", "es", "d", "ed", "r", "er", "ers", "ing", "ion", "ly", "y")
_BRITISH = re.compile(r"is(?=(?:e|ed|es|er|ers|ing|ation|ations)$)|(?<=o)u(?=rs?$)")
"""What American spelling writes as "iz", or leaves out."""


class Spelling:
    """Corrects questions by the words of ``passages``; ``knows`` tells whether something is an English word."""

    def __init__(self, passages: Sequence[Passage], knows: Callable[[str], bool] | None = None) -> None:
        self._passages = passages
        self._knows = knows or is_english

    def load(self) -> None:
        """Reads the words now, so that no question waits for that."""
        self._knows("")
        _ = self._by_beginning

    def corrected(self, question: str) -> str:
        """The question with each word that is none, and one letter away from one that may be meant, as that.

        A letter is missing, added or another one, or two have changed places; the first one stands. What has a capital
        stays, for it may be a name, and so does a word of which only the ending differs. An abbreviation within a
        sentence loses its dot, which would end that, and what is typed in a hurry ("tho", "pls") is written in full.
        """
        question = _ABBREVIATED.sub(lambda match: _IN_FULL.get(match["short"].lower(), match["short"]), question)
        said = [word.lower() for word in _WORD.findall(question)]
        unknown = {word for word in said if self._is_unknown(word)}
        if sum(word not in unknown for word in said) < _KNOWN * len(said):
            return question
        question = _CHAT.sub(self._in_full, question)
        return _PLAIN.sub(
            lambda match: self._meant(match.group()) if match.group() in unknown else match.group(), question
        )

    def _in_full(self, match: re.Match[str]) -> str:
        """A word typed in a hurry as it is written in full, unless the guidance has it itself."""
        return match.group() if match.group() in self._counts else _CHATTED[match.group()]

    def _is_unknown(self, word: str) -> bool:
        if len(word) < _SHORTEST or word in self._counts or word in _ASKING:
            return False
        bare = [word.removesuffix(ending) for ending in _ENDINGS if word.endswith(ending)]
        forms = (
            word,
            _BRITISH.sub(_american, word),
            *bare,
            *(f"{one}e" for one in bare),
            *(f"{word}{ending}" for ending in _ENDINGS),
        )
        return not any(form in self._counts or self._knows(form) for form in forms)

    def _meant(self, word: str) -> str:
        lengths = (len(word) - 1, len(word), len(word) + 1)
        near = [
            one for length in lengths for one in self._by_beginning.get((word[0], length), ()) if _one_slip(word, one)
        ]
        if not near or any(_inflected(word, other) for other in near):
            return word
        return max(near, key=lambda other: (self._counts[other], other in _ASKING))

    @cached_property
    def _counts(self) -> Counter[str]:
        counts = Counter(
            word.lower()
            for passage in self._passages[:: max(1, len(self._passages) // _READ)]
            for text in (passage.title, *passage.path, passage.text)
            for word in _WORD.findall(text)
        )
        return Counter(dict(counts.most_common(_MOST)))

    @cached_property
    def _by_beginning(self) -> defaultdict[tuple[str, int], list[str]]:
        found: defaultdict[tuple[str, int], list[str]] = defaultdict(list)
        for word in {*self._counts, *_ASKING}:
            if len(word) >= _SHORTEST:
                found[word[0], len(word)].append(word)
        return found


def is_english(word: str) -> bool:
    """Whether a word in small letters stands in a list of English words, in American spelling."""
    return word in _english()


@lru_cache(maxsize=1)
def _english() -> frozenset[str]:
    from spellchecker import SpellChecker

    return frozenset(SpellChecker(language="en", distance=1).word_frequency.words())


def _american(found: re.Match[str]) -> str:
    return "iz" if found.group() == "is" else ""


def _one_slip(one: str, other: str) -> bool:
    """Whether one letter is missing, added or exchanged, or two beside each other have changed places."""
    start = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    rest, left = one[start:], other[start:]
    return (
        rest[1:] == left[1:]
        or rest[1:] == left
        or rest == left[1:]
        or (len(rest) > 1 and len(left) > 1 and rest[:2] == left[1::-1] and rest[2:] == left[2:])
    )


def _inflected(one: str, other: str) -> bool:
    """Whether two words differ by an ending alone."""
    shorter, longer = sorted((one, other), key=len)
    return any(longer == shorter + ending for ending in _ENDINGS)
