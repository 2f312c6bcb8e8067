"""What a described organization is, factor by factor, from words that a person typed.

Two voices. The first compares cue phrases of the rules with the text by word stems, and minds denials, degrees, wishes,
other parties and suppositions. The second, heard only where the first says nothing of a factor, compares each clause
with example descriptions by the embedding. Words that imply a value without saying it, such as an industry, come last.
"""

import logging
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from assistant.advising.cues import Cue, compile_cues, names_of, stands, stems_of, unify
from assistant.advising.described import Clause, asks, describe
from assistant.advising.heard import Heard
from assistant.advising.rules import FactorRule, Rules, Value
from assistant.advising.scope import Standing, denier, denies, standing, supplies
from assistant.words import words
from corpus.errors import UserError

log = logging.getLogger(__name__)

Vectors = Callable[[Sequence[str]], NDArray[np.float32]]
How = Literal["said", "denied", "similar", "implied"]

THRESHOLD = 0.60
"""The least cosine similarity between a clause and an example description that counts."""

MARGIN = 0.10
"""How much a value's best example must be nearer to the clause than the best of the factor's other values."""

_LEAST_WORDS = 3

_READ = 32


@dataclass(frozen=True, slots=True)
class Reading:
    """What was understood of one factor.

    ``value`` is empty where the description contradicts itself or stays vague; ``words`` are then all the words that
    were found. ``supposed`` is true for "what if we had ...".
    """

    value: str
    words: tuple[str, ...]
    how: How = "said"
    supposed: bool = False


@dataclass(frozen=True, slots=True)
class _Match:
    value: str
    words: str
    how: How
    sure: bool
    order: int
    supposed: bool
    corrects: bool


class Reader:
    """Reads descriptions by the cues and examples of the rules; a language model that ``hears`` is the second voice."""

    def __init__(self, rules: Rules, vectors: Vectors, hears: Heard | None = None) -> None:
        self._rules = rules
        self._vectors = vectors
        self._hears = hears
        self.read = lru_cache(maxsize=_READ)(self._understood)
        """The factors of which a text says something, by name; factors it says nothing of are left out."""
        self._names = names_of(rules.same)
        self._said = self._compiled(lambda value: value.cues)
        self._implied = self._compiled(lambda value: value.implied_by)
        self._options = compile_cues([_without_noun(option.name) for option in rules.options], self._names)

    def _compiled(self, cues: Callable[[Value], Sequence[str]]) -> dict[str, list[tuple[str, tuple[Cue, ...]]]]:
        return {
            factor.name: [(value.name, compile_cues(cues(value), self._names)) for value in factor.values]
            for factor in self._rules.factors
        }

    def _understood(self, text: str) -> Mapping[str, Reading]:
        described = describe(text, self._names)
        found: dict[str, Reading] = {}
        spoken_of: set[str] = set()
        for factor in self._rules.factors:
            matches, touched = self._matches(factor, described)
            if matches:
                found[factor.name] = _settle(matches)
            if matches or touched:
                spoken_of.add(factor.name)
        silent = [factor for factor in self._rules.factors if factor.name not in found]
        found |= self._second_voice(text, silent, described)
        for factor in self._rules.factors:
            if factor.name not in found and factor.name not in spoken_of:
                implied = self._implied_values(factor, described)
                if implied:
                    found[factor.name] = _settle(implied)
        return {factor.name: found[factor.name] for factor in self._rules.factors if factor.name in found}

    def _matches(self, factor: FactorRule, described: Sequence[Clause]) -> tuple[list[_Match], bool]:
        """What the cues say; and whether any stood there at all, if only as a wish or of somebody else."""
        matches: list[_Match] = []
        touched = False
        for clause in described:
            taken: set[int] = set()
            spots = [
                (len(at), max(at) - min(at), value, at)
                for value, cues in self._said[factor.name]
                for cue in cues
                for at in cue.find(clause.stems)
            ]
            for _, _, value, at in sorted(spots, key=lambda spot: (-spot[0], spot[1])):
                if taken & set(at):
                    continue
                taken |= set(range(min(at), max(at) + 1))
                where = standing(clause, at)
                if where is Standing.NOT_OURS:
                    touched = True
                    continue
                match = self._match(factor, value, clause, at, where)
                touched = True
                if match:
                    matches.append(match)
        return matches, touched

    def _match(
        self, factor: FactorRule, value: str, clause: Clause, at: Sequence[int], where: Standing
    ) -> _Match | None:
        start = min(at)
        how: How = "said"
        if where is Standing.DENIED:
            value, how = factor.value(value).denied_means, "denied"
            start = min(start, denier(clause, at) or 0)
            if not value:
                return None
        words_said = clause.words(start, max(at) + 1)
        sure = where is not Standing.VAGUE
        return _Match(value, words_said, how, sure, clause.order, clause.supposed, clause.corrects)

    def _implied_values(self, factor: FactorRule, described: Sequence[Clause]) -> list[_Match]:
        matches = []
        for clause in described:
            for value, cues in self._implied[factor.name]:
                for at in (at for cue in cues for at in cue.find(clause.stems)):
                    if standing(clause, at) is Standing.HOLDS and not supplies(clause, at):
                        said = clause.words(min(at), max(at) + 1)
                        matches.append(
                            _Match(value, said, "implied", True, clause.order, clause.supposed, clause.corrects)
                        )
        return matches

    def _similar(self, factors: Sequence[FactorRule], described: Sequence[Clause]) -> dict[str, Reading]:
        """What the embedding hears in the clauses, of factors that no cue speaks of.

        A piece that denies something is compared only with examples that deny something, since vectors tell the two
        apart badly.
        """
        pieces = [(clause, piece) for clause in described for piece in self._describing(clause)]
        examples = [(f.name, v.name, text) for f in factors for v in f.values for text in v.examples]
        if not pieces or not examples:
            return {}
        texts = [piece for _, piece in pieces]
        rows = self._vectors([*texts, *(text for _, _, text in examples)])
        similarity = rows[: len(texts)] @ rows[len(texts) :].T
        denying = [denies(words(text)) for _, _, text in examples]
        found: dict[str, list[_Match]] = defaultdict(list)
        for (clause, piece), near in zip(pieces, similarity, strict=True):
            best: dict[str, dict[str, float]] = defaultdict(dict)
            for (factor, value, _), cosine, denied in zip(examples, near.tolist(), denying, strict=True):
                if denied == denies(words(piece)):
                    best[factor][value] = max(best[factor].get(value, -1.0), cosine)
            top = max((max(values.values()) for values in best.values()), default=0.0)
            for factor, values in best.items():
                ranked = sorted(values.items(), key=lambda item: -item[1])
                second = ranked[1][1] if len(ranked) > 1 else 0.0
                if ranked[0][1] >= max(THRESHOLD, top) and ranked[0][1] - second >= MARGIN:
                    found[factor].append(
                        _Match(ranked[0][0], piece, "similar", True, clause.order, clause.supposed, clause.corrects)
                    )
        return {factor: _settle(matches) for factor, matches in found.items()}

    def _second_voice(
        self, text: str, factors: Sequence[FactorRule], described: Sequence[Clause]
    ) -> dict[str, Reading]:
        try:
            found = self._heard(text, factors, described) if self._hears else None
        except UserError as error:
            log.warning("A description was read without the language model: %s", error)
            found = None
        return self._similar(factors, described) if found is None else found

    def _heard(
        self, text: str, factors: Sequence[FactorRule], described: Sequence[Clause]
    ) -> dict[str, Reading] | None:
        """What a language model hears in the clauses, of factors that no cue speaks of; None where it cannot yet."""
        alone = len({clause.order for clause in described}) == 1
        telling = [clause for clause in described if alone or clause.supposed or not clause.asked]
        pieces = [(clause, piece) for clause in telling for piece in self._longest(clause)]
        heard = self._hears.values(text, factors, [piece for _, piece in pieces]) if self._hears else None
        if heard is None:
            return None
        found: dict[str, Reading] = {}
        for factor, (value, place) in heard.items():
            clause, piece = pieces[place]
            match = _Match(value, piece, "similar", True, clause.order, clause.supposed, clause.corrects)
            found[factor] = _settle([match])
        return found

    def _longest(self, clause: Clause) -> list[str]:
        """What a clause describes the organization by: the whole, or else its pieces that do."""
        pieces = self._describing(clause)
        return pieces[:1] if clause.text in pieces else pieces

    def _describing(self, clause: Clause) -> list[str]:
        """The pieces of a clause that may describe the organization, and not the approaches asked about."""
        named = stands(self._options, clause.stems)
        whole = range(len(clause.stems) - 1, len(clause.stems))
        if named or clause.general or standing(clause, whole) is Standing.NOT_OURS:
            return []
        return [
            piece
            for piece in clause.pieces()
            if len(words(piece)) >= _LEAST_WORDS and not asks(piece) and not self._has_cue(piece)
        ]

    def _has_cue(self, piece: str) -> bool:
        """Whether a piece says something by a cue, so that nothing else should be heard in it."""
        stems = unify(stems_of(piece), self._names)
        values = (value for values in self._said.values() for value in values)
        return any(stands(cues, stems) for _, cues in values)


def _settle(matches: list[_Match]) -> Reading:
    """One reading from all that was found: a supposition or a correction holds over what was said before."""
    supposed = [match for match in matches if match.supposed]
    if supposed:
        matches = supposed
    last = max((match.order for match in matches if match.corrects), default=-1)
    matches = [match for match in matches if match.order >= last]
    sure = [match for match in matches if match.sure] if any(match.sure for match in matches) else []
    values = {match.value for match in sure}
    kept = [match for match in sure or matches if match.how != "denied"] if len(values) == 1 else matches
    kept = kept or matches
    words = tuple(dict.fromkeys(match.words for match in kept))
    words = tuple(one for one in words if not any(other != one and other in one for other in words))
    return Reading(next(iter(values)) if len(values) == 1 else "", words[:3], kept[0].how, bool(supposed))


def _without_noun(name: str) -> str:
    """An option's name without its last word ("top-down" of "the top-down approach"), where enough is left."""
    words = name.removeprefix("the ").split()
    return " ".join(words[:-1]) if len(words) > 1 else name


def known(readings: Mapping[str, Reading]) -> dict[str, str]:
    """The values of the factors that are known."""
    return {name: reading.value for name, reading in readings.items() if reading.value}
