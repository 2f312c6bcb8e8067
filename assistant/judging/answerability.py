"""Do these passages answer this question? A probability from words, vectors and the language model's yes or no."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any, Protocol

import numpy as np

from assistant.models.calibrated import Calibration, Opinion, load_calibration, logit
from assistant.support.selection import split
from assistant.support.wording import names, numbers
from assistant.words import content_set, content_words, coverage, stem
from corpus import sentences as split_sentences

Encode = Callable[[Sequence[str]], "np.ndarray[Any, np.dtype[np.float32]]"]

_FRAME = frozenset(
    stem(word)
    for word in "guidance document documents text passage passages paper source say says said state states mention"
    " mentions tell explain describe describes discuss according cover covers recommend recommends advice advise"
    " information know question answer name list example examples main please".split()
)
_MOST_SENTENCES = 40
_NEAR_IN_MEANING = 0.2
"""A nearness of meanings with which a question in far other words is still read."""
_ASKS_NUMBER = re.compile(
    r"\bhow (?:many|often|long|old)\b|\bhow much (?:\w+ ){0,6}(?:money|costs?|spend|spent|pay|paid)\b"
    r"|\b(?:what|which) (?:percentage|percent|proportion|number|year|date|salary|price)\b|\bwhen (?:was|were|did)\b"
    r"|,? and when\?",
    re.IGNORECASE,
)
_ASKS_NAME = re.compile(
    r"\b(?:which|what) (?:\w+ )?(?:vendors?|suppliers?|laws?|universit\w+|authors?|books?|countr(?:y|ies))\b"
    r"|\bwho (?:invented|founded|wrote|discovered|coined|published)\b",
    re.IGNORECASE,
)
_PERIOD = re.compile(
    r"\b(?:hour|day|daily|week|month|quarter(?:s|ly)?\b|year|annual|decade|centur|once|twice|regularly|continuous)",
    re.IGNORECASE,
)


class Text(Protocol):
    """A passage: ``section`` is its heading path as one line."""

    @property
    def text(self) -> str: ...
    @property
    def section(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Judgement:
    """``probability``, 0 to 1, that the passages answer the question, and what it was computed from.

    ``answerable`` is the verdict at the calibrated threshold. ``missing`` are the stems of the question's content
    words that stand in no passage. A question for a number or a name, where the passages hold none at all, is not
    answerable whatever the rest says.
    """

    probability: float
    answerable: bool
    features: Mapping[str, float]
    missing: tuple[str, ...] = ()


@lru_cache(maxsize=1)
def task() -> str:
    """The question put to the language model after passages and question; ``yes_probability`` reads its answer."""
    return files("assistant").joinpath("prompts", "answerable.md").read_text("utf-8").strip()


class Answerability:
    """Judges whether passages answer a question. ``encode`` gives unit vectors of texts, as ``Index.encode`` does."""

    def __init__(self, encode: Encode) -> None:
        self._encode = encode
        self._calibration: Calibration = load_calibration("answerability")

    def least(self, name: str) -> float:
        """The threshold ``name`` of the calibration, a probability."""
        return self._calibration.thresholds[name]

    def alone(self, opinions: Sequence[float], cosine: float) -> float:
        """The probability that one of several statements answers by itself.

        ``opinions`` are the yes of a trained judge to each, at least one. Among very many statements some get a
        middling yes by chance: how near the nearest passage is (``cosine``) counts too.
        """
        features = {"model": max(map(logit, opinions)), "cosine": cosine}
        return self._calibration.regressions["alone"].probability(features)

    def nearest(self, question: str, passages: Sequence[Text]) -> float:
        """The cosine of the question and the passage nearest to it; 0 without passages."""
        if not passages:
            return 0.0
        rows = self._encode([question, *(_headed(one.section, one.text) for one in passages)])
        return float((rows[1:] @ rows[0]).max())

    def doubted(self, alone: float, together: float) -> float:
        """The probability of ``alone``, a middling one, given also the judge's yes to statements read together."""
        features = {"alone": logit(alone), "together": logit(together)}
        return self._calibration.regressions["doubted"].probability(features)

    def score(
        self,
        question: str,
        passages: Sequence[Text],
        opinion: Opinion | None = None,
        cosine: float | None = None,
    ) -> Judgement:
        """The probability that ``passages`` answer ``question``.

        ``opinion`` is the language model's answer to ``task``; without it words and vectors decide.
        ``cosine`` is the similarity of the nearest passage, where that is known already.
        """
        if not passages:
            return Judgement(0.0, False, {})
        features = self.features(question, passages, cosine)
        probability = self._calibration.probability(features, opinion)
        threshold = self._calibration.thresholds[_threshold(opinion)]
        if _asks_what_is_absent(question, passages):
            probability = min(probability, self._calibration.thresholds["absent"])
        held = frozenset().union(*(content_set(f"{one.section} {one.text}") for one in passages))
        missing = tuple(sorted(_wanted(question) - held))
        return Judgement(probability, probability >= threshold, features, missing)

    def hopeless(
        self, question: str, passages: Sequence[Text], cosine: float | None = None, meaning: float = 0.0
    ) -> bool:
        """Whether it is plain without a language model that the passages do not answer the question.

        Words and vectors are far apart and so is the ``meaning``, the nearest statement's by a language model,
        or a number or a name is asked for and none is there.
        """
        if passages and _asks_what_is_absent(question, passages):
            return True
        if meaning >= _NEAR_IN_MEANING:
            return False
        words = self._calibration.probability(self.features(question, passages, cosine)) if passages else 0.0
        return words < self._calibration.thresholds["hopeless"]

    def features(self, question: str, passages: Sequence[Text], cosine: float | None = None) -> dict[str, float]:
        """What the regressions read."""
        wanted = _wanted(question)
        texts = [_headed(one.section, one.text) for one in passages]
        sentences = [
            _headed(one.section, one.text[start:end]) for one in passages for start, end in split_sentences(one.text)
        ][:_MOST_SENTENCES]
        vectors = self._encode([question, *(sentences or texts)])
        everything = " ".join(texts)
        known = content_set(everything)
        asked = names(question) | {number.text.lower() for number in numbers(question)}
        lower = everything.lower()
        return {
            "coverage": coverage(wanted, known) if wanted else 1.0,
            "best_coverage": max((coverage(wanted, content_set(one)) for one in sentences or texts), default=0.0),
            "cosine": self.nearest(question, passages) if cosine is None else cosine,
            "best_cosine": float((vectors[1:] @ vectors[0]).max()),
            "names_missing": sum(name not in lower for name in asked) / len(asked) if asked else 0.0,
            "length": min(len(wanted), 20) / 10.0,
        }


def _threshold(opinion: Opinion | None) -> str:
    """The name of the threshold that a probability is held against."""
    if opinion is None:
        return "features"
    return "judged" if opinion.trained else "answer"


def _headed(section: str, text: str) -> str:
    """A text with the headings over it, as statements are searched."""
    return f"{section.replace(' > ', '. ')}. {text}" if section else text


def _asks_what_is_absent(question: str, passages: Sequence[Text]) -> bool:
    """Whether a number or a name is asked for and the passages hold none at all."""
    text = "\n".join(one.text for one in passages)
    if _ASKS_NUMBER.search(question):
        period = re.search(r"\bhow (?:often|long)\b", question, re.IGNORECASE) and _PERIOD.search(text)
        return not (period or any(_tells_number(question, one) for one in split([text])))
    if _ASKS_NAME.search(question):
        return not names(text) - {"ai", "it"}
    return False


def _tells_number(question: str, sentence: str) -> bool:
    """Whether it holds a number; "two" and "half" alone are so common that they tell only of what they stand beside."""
    found = numbers(sentence)
    counted = content_words(question.lower().partition("how many")[2])[:1]
    return any(not n.spelled or n.value > 2 for n in found) or bool(found and set(counted) & content_set(sentence))


def _wanted(question: str) -> frozenset[str]:
    return content_set(re.sub(r"[\"“”]", " ", question)) - _FRAME
