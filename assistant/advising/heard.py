"""What a language model hears of factors and options in words that no cue knows."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from assistant.advising.rules import FactorRule, Rules, Value
from assistant.contents.meanings import near
from assistant.models.calibrated import logit
from assistant.models.likeness import Likeness
from assistant.words import content_words, words

_NEAR, _NEAREST = 0.2, 3
"""How near a clause must be to a value's nearest examples, the mean of so many, for a language model to be asked."""
_OF_NEARNESS = 4.0
"""How much the nearness counts beside the log odds of the model's yes."""
_HEARD, _HEARD_MORE = 2.0, 1.0
"""What both must come to, and how much more than for the factor's other values."""
_USUAL = 0.1
"""The model's yes to what a description says nothing of, in the middle of many."""
_PERHAPS, _SURE, _SURELY_MORE = 0.2, 0.6, 0.3
"""How like a value's sayings a clause must be to ask a language model, and how like to ask no more."""
_OF_YES = 0.06
"""How much the log odds of its yes count beside the likeness."""
_SAID, _SAID_MORE = 0.4, 0.1
"""What both must come to, and how much more than for the factor's other values."""
_NAMED = 0.5
"""How like an option's sayings a piece of a question must be."""
_AHEAD = 0.3
"""How much more like them than those of the other options."""
_BESIDE = ((0.4, 0.5), (0.3, 0.3))
"""So like the other option's sayings a piece must be beside a sure one, where it is less than so like those of none."""
_AHEAD_OF_SURE = 0.2
_NO_OPTION = ""
_PIECES = 12
_ASKS, _ASKED = "asks", 0.6
"""How like what asks for advice a sentence must be."""

_SENTENCES = re.compile(r"(?<=[.!?])\s+")
_BETWEEN = re.compile(
    r"(?<=[.!?;:])\s+|,\s+|\s+[–—-]+\s+"
    r"|\b(?:or|and|versus|vs|than|instead|rather|but|while|whereas|against|if|when|as opposed to|unlike)\b",
    re.IGNORECASE,
)
_PUNCTUATION = " ,.;:?!–—-\"'“”()"


class Hearing(Protocol):
    """A language model that hears what words mean."""

    def embedded(self, pieces: Sequence[str]) -> NDArray[np.float32]:
        """Where pieces of what somebody says stand, (pieces, width), each of length 1."""

    def examples(self, texts: Sequence[str]) -> NDArray[np.float32] | None:
        """Where examples stand, (texts, width); None where very many of them have not been learnt yet."""

    def learn(self, texts: Sequence[str], ending: Callable[[], bool]) -> None:
        """Learns examples in small steps, until ``ending``."""

    def agrees(self, description: str, claim: str) -> float:
        """How surely the description says what the claim says, 0 to 1."""


class Heard:
    """Hears by the examples and sayings of the rules, with a model of ``hearing``."""

    def __init__(self, rules: Rules, hearing: Hearing) -> None:
        self._rules = rules
        self._hearing = hearing
        self._sayings = sayings_of(rules)
        self._learnt: dict[str, Likeness] = {}

    def learn(self, ending: Callable[[], bool]) -> None:
        """Learns the sayings while nobody asks."""
        for sayings in self._sayings.values():
            self._hearing.learn([text for texts in sayings.values() for text in texts], ending)

    def values(
        self, text: str, factors: Sequence[FactorRule], pieces: Sequence[str]
    ) -> dict[str, tuple[str, int]] | None:
        """The values that the pieces of a text say, by factor, with the place of the piece that says it.

        None where the examples have not been learnt yet.
        """
        if not pieces or not factors:
            return {}
        if not self._sayings["values"]:
            return self._by_examples(text, factors, pieces)
        likeness = self._likeness("values")
        return self._by_sayings(likeness, text, factors, pieces) if likeness else None

    def options(self, question: str, called: Callable[[str], Sequence[str]]) -> tuple[str, ...]:
        """The options, two or more, that a question sets against each other; else none.

        ``called`` tells which a piece of it names by its cues. Beside one that is sure, the other of the two that a
        third combines needs less.
        """
        pieces = pieces_of(question) if self._sayings["options"] else []
        likeness = self._likeness("options") if len(pieces) > 1 else None
        if likeness is None:
            return ()
        names = [option.name for option in self._rules.options]
        scores = likeness.scores(self._hearing.embedded(pieces))
        like = [dict(zip(likeness.labels, row, strict=True)) for row in scores.tolist()]
        found: dict[str, int] = {}
        for place, (piece, of_piece) in enumerate(zip(pieces, like, strict=True)):
            first, more = _first({name: of_piece[name] for name in names})
            by_cues = called(piece)
            if len(by_cues) == 1:
                found.setdefault(by_cues[0], place)
            elif of_piece[first] >= _NAMED and more >= _AHEAD:
                found.setdefault(first, place)
        if len(found) == 1:
            found |= self._beside(*next(iter(found.items())), like)
        return tuple(name for name in names if name in found) if len(found) > 1 else ()

    def _beside(self, sure: str, there: int, like: Sequence[Mapping[str, float]]) -> dict[str, int]:
        """The other option than a ``sure`` one of the two that a third combines, if another piece is like it."""
        combining = self._rules.combining.option if self._rules.combining else ""
        others = [option.name for option in self._rules.options if option.name not in (sure, combining)]
        if len(others) != 1 or sure == combining:
            return {}
        for place, of_piece in enumerate(like):
            said, nothing = of_piece[others[0]], of_piece[_NO_OPTION]
            plain = any(said >= least and nothing < most for least, most in _BESIDE)
            if place != there and plain and said - of_piece[sure] >= _AHEAD_OF_SURE:
                return {others[0]: place}
        return {}

    def asks(self, question: str) -> bool:
        """Whether the sentence with which a message ends asks which of the options suits."""
        sentences = [one for one in _SENTENCES.split(question.strip()) if content_words(one) or "?" in one]
        likeness = self._likeness("asking") if sentences else None
        if likeness is None:
            return False
        scores = likeness.scores(self._hearing.embedded(sentences[-1:]))
        return float(scores[0, likeness.labels.index(_ASKS)]) >= _ASKED

    def _by_sayings(
        self, likeness: Likeness, text: str, factors: Sequence[FactorRule], pieces: Sequence[str]
    ) -> dict[str, tuple[str, int]]:
        scores = likeness.scores(self._hearing.embedded(pieces))
        found: dict[str, tuple[str, int]] = {}
        for factor in factors:
            of_values = scores[:, [likeness.labels.index(_label(factor, value)) for value in factor.values]]
            best = dict(zip([value.name for value in factor.values], of_values.max(axis=0).tolist(), strict=True))
            first, more = _first(best)
            if best[first] < _PERHAPS:
                continue
            if best[first] < _SURE or more < _SURELY_MORE:
                best = {
                    value.name: best[value.name] + _OF_YES * self._yes(text, factor, value) for value in factor.values
                }
                first, more = _first(best)
                if best[first] < _SAID or more < _SAID_MORE:
                    continue
            place = [value.name for value in factor.values].index(first)
            found[factor.name] = first, int(of_values[:, place].argmax())
        return found

    def _by_examples(
        self, text: str, factors: Sequence[FactorRule], pieces: Sequence[str]
    ) -> dict[str, tuple[str, int]] | None:
        """By the nearest of few examples; where one is near the model is asked whether the whole text says so."""
        rows = self._hearing.embedded(pieces)
        found: dict[str, tuple[str, int]] = {}
        for factor in factors:
            best: dict[str, tuple[float, int]] = {}
            for value in factor.values:
                examples = self._hearing.examples([*value.examples, claim(factor, value)])
                if examples is None:
                    return None
                nearest = np.sort(near(rows, examples.T), axis=1)[:, -_NEAREST:].mean(axis=1)
                best[value.name] = float(nearest.max()), int(nearest.argmax())
            if max(nearness for nearness, _ in best.values()) < _NEAR:
                continue
            first, more = _first(
                sure := {
                    value.name: self._yes(text, factor, value) + _OF_NEARNESS * best[value.name][0]
                    for value in factor.values
                }
            )
            if sure[first] >= _HEARD and more >= _HEARD_MORE:
                found[factor.name] = first, best[first][1]
        return found

    def _yes(self, text: str, factor: FactorRule, value: Value) -> float:
        """The log odds that a text says a value, above the usual ones."""
        return logit(self._hearing.agrees(text, claim(factor, value))) - logit(_USUAL)

    def _likeness(self, name: str) -> Likeness | None:
        """What was learnt from sayings; None where there are none, or they have not been learnt yet."""
        sayings = self._sayings[name]
        if sayings and name not in self._learnt:
            rows = self._hearing.examples([text for texts in sayings.values() for text in texts])
            if rows is not None:
                labels = [label for label, texts in sayings.items() for _ in texts]
                self._learnt[name] = Likeness(rows, labels)
        return self._learnt.get(name)


def sayings_of(rules: Rules) -> dict[str, dict[str, tuple[str, ...]]]:
    """The sayings by what they tell apart, ``values``, ``options`` and ``asking``, and by label; "" for none of them.

    Empty where the rules have not what tells of none.
    """
    sayings = rules.sayings
    values = {
        _label(factor, value): (
            *sayings.values.get((factor.name, value.name), ()),
            *value.examples,
            claim(factor, value),
        )
        for factor in rules.factors
        for value in factor.values
    }
    options = {option.name: (*sayings.options.get(option.name, ()), option.name) for option in rules.options}
    return {
        "values": {**values, "": sayings.nothing} if sayings.nothing else {},
        "options": {**options, _NO_OPTION: sayings.no_option} if sayings.no_option else {},
        "asking": {_ASKS: sayings.asks, "": sayings.asks_else} if sayings.asks and sayings.asks_else else {},
    }


def claim(factor: FactorRule, value: Value) -> str:
    """That an organization has a value, as it would say it of itself."""
    subject = re.sub(r"\byour\b", "our", factor.subject)
    return f"{subject[:1].upper()}{subject[1:]} is {value.name}."


def _label(factor: FactorRule, value: Value) -> str:
    return f"{factor.name}: {value.name}"


def _first(worth: Mapping[str, float]) -> tuple[str, float]:
    """What is worth most, and how much more than the next."""
    first, second, *_ = (*sorted(worth, key=lambda name: -worth[name]), "")
    return first, worth[first] - worth.get(second, 0.0)


def pieces_of(question: str, least: int = 2) -> list[str]:
    """What a question sets side by side, each of ``least`` words or more."""
    pieces = dict.fromkeys(piece.strip(_PUNCTUATION) for piece in _BETWEEN.split(question) if piece)
    return [piece for piece in pieces if len(words(piece)) >= least and content_words(piece)][:_PIECES]
