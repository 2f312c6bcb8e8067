"""Where a claim says something other than its evidence: the checks that code decides better than a small model."""

from dataclasses import dataclass
from typing import Literal

from assistant.support.wording import (
    OPPOSITES,
    clauses,
    hedges,
    names,
    negated,
    numbers,
    stems,
    strong,
    weak,
    weakened,
)
from assistant.words import content_set, stem, words

Kind = Literal["number", "name", "negation", "strength", "opposite", "mixed", "hedge", "bound"]
_GENERIC = frozenset(
    stem(word)
    for word in "approach approaches model models organization organisation company companies team teams way ai"
    " strategy program programme use using integration".split()
)
_LESSENING = frozenset(
    """
    reduce reduces reduced reducing less fewer lower limit limits cut cuts spare spares save saves against
    prevent prevents prevented preventing avoid avoids avoided avoiding
    """.split()
)
"""Words by which a claim may say in a positive way what its evidence denies."""
_AT_LEAST = ("more than", "at least", "over", "above", "exceeding", "minimum of", "no less than", "or more")
_AT_MOST = ("less than", "fewer than", "at most", "under", "below", "up to", "maximum of", "no more than", "or less")


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that the claim changes. ``veto`` where that alone means that the claim is not supported."""

    kind: Kind
    reason: str
    veto: bool


def differences(claim: str, evidence: str, heading: str = "") -> list[Difference]:
    """What ``claim`` says other than ``evidence``, which may lean on its ``heading`` for what it is about."""
    whole = f"{heading}\n{evidence}" if heading else evidence
    return [
        *_numbers(claim, whole),
        *_names(claim, whole),
        *_negations(claim, evidence),
        *_strength(claim, evidence),
        *_opposites(claim, evidence, whole),
    ]


def _numbers(claim: str, evidence: str) -> list[Difference]:
    known = numbers(evidence)
    values = {number.value for number in known}
    found = []
    for number in numbers(claim):
        if any(abs(number.value - value) <= 1e-9 * max(1.0, abs(value)) for value in values):
            continue
        # A small number in words may count what the evidence lists.
        counted = number.spelled and not known
        found.append(Difference("number", f"“{number.text}” is not in the quote", veto=not counted))
    if not found and numbers(claim):
        least, most = _bounds(claim)
        known_least, known_most = _bounds(evidence)
        if (least and known_most and not known_least) or (most and known_least and not known_most):
            found.append(Difference("bound", "more than and less than are exchanged", veto=True))
    return found


def _bounds(text: str) -> tuple[bool, bool]:
    line = f" {' '.join(words(text))} "
    return any(f" {phrase} " in line for phrase in _AT_LEAST), any(f" {phrase} " in line for phrase in _AT_MOST)


def _names(claim: str, evidence: str) -> list[Difference]:
    known = stems(evidence)
    missing = sorted(name for name in names(claim) if stem(name) not in known)
    return [Difference("name", f"“{name}” is not in the quote", veto=True) for name in missing]


def _negations(claim: str, evidence: str) -> list[Difference]:
    said, denied = content_set(claim), negated(claim)
    lessened = bool(_LESSENING & set(words(claim)))
    known, known_denied = content_set(evidence), negated(evidence)
    all_denied = frozenset().union(*denied)
    all_known_denied = frozenset().union(*known_denied)
    found = []
    for scope in () if lessened else known_denied:
        if scope and _shared(scope, said) and not scope & all_denied and not (denied and not all_denied & known):
            found.append(Difference("negation", "the quote denies this", veto=not denied))
            break
    for scope in denied:
        if scope and _shared(scope, known) and not scope & all_known_denied:
            found.append(Difference("negation", "the quote does not deny this", veto=not known_denied))
            break
    return found


def _shared(scope: frozenset[str], others: frozenset[str]) -> bool:
    return len(scope & others) / len(scope) > 0.6


def _strength(claim: str, evidence: str) -> list[Difference]:
    hedged, claim_stems = weakened(evidence), stems(claim)
    if not weak(claim):
        for governed, modal in hedged.items():
            if governed in claim_stems and not hedges(claim) - {"most", "many", "some"}:
                return [Difference("strength", f"the quote says “{modal}”", veto=True)]
    added = {word for word in strong(claim) if stem(word) not in stems(evidence) or stem(word) in hedged}
    added -= {"have to"} if strong(evidence) else set()
    softened = hedges(evidence) | ({"should"} & set(words(evidence)))
    firm = {word for word in strong(evidence) if stem(word) not in hedged}
    if added and softened and not firm and not weak(claim):
        word, soft = sorted(added)[0], sorted(softened)[0]
        return [Difference("strength", f"“{word}” is stronger than “{soft}” in the quote", veto=True)]
    dropped = hedges(evidence) & {"often", "typically", "usually", "generally", "tend", "tends", "likely", "sometimes"}
    if dropped and not hedges(claim) and not weak(claim):
        return [Difference("hedge", f"the quote says “{sorted(dropped)[0]}”", veto=False)]
    return []


def _opposites(claim: str, evidence: str, whole: str) -> list[Difference]:
    said, known = stems(claim), stems(whole)
    found = []
    for word in sorted(said & OPPOSITES.keys()):
        against = OPPOSITES[word]
        if against & said:
            continue
        if word not in known:
            if against & known:
                found.append(Difference("opposite", "the quote says the opposite", veto=True))
        elif against & known and _mixes(claim, evidence, word, against):
            found.append(Difference("mixed", "the quote says this of the other one", veto=True))
    return found[:1]


def _mixes(claim: str, evidence: str, word: str, against: frozenset[str]) -> bool:
    """Whether the claim says of ``word`` what the evidence says, in another clause, of its opposite."""
    parts = clauses(evidence)
    own = [part for part in parts if word in part and not against & part]
    other = [part for part in parts if against & part and word not in part]
    if not own or not other:
        return False
    here = set().union(*(part for part in parts if part not in other))
    there = set().union(*other)
    content = content_set(claim) - _GENERIC
    return len(content & (there - here)) >= 2
