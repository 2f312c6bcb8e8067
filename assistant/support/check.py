"""Does this evidence state this claim in full? Words, vectors and, where they leave it open, the language model."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from itertools import pairwise
from typing import Any

import numpy as np

from assistant.models.calibrated import Calibration, Opinion, load_calibration
from assistant.models.language_model import LanguageModel, Message
from assistant.models.opinion import is_trained_judge, opinion_of
from assistant.records import Support
from assistant.support.differences import Difference, differences
from assistant.support.selection import smallest_cover, split
from assistant.words import content_set, content_words, coverage, words

Encode = Callable[[Sequence[str]], "np.ndarray[Any, np.dtype[np.float32]]"]

_MOST_SENTENCES = 24
_QUOTE_CHARACTERS = 3_000
_CLAIM_CHARACTERS = 600
_READ = 1_500
"""Characters of evidence that the language model reads: a hundred take it about half a second on two cores."""
_MARKS = re.compile(r"\[\d+(?:,\s*\d+)*\]")


@dataclass(frozen=True, slots=True)
class Verdict:
    """How well a claim is supported.

    ``score`` is the estimated probability, 0 to 1, that the evidence states the claim in full. ``reasons`` say what
    the claim adds or changes, for people. ``carried_by`` are the numbers of the sentences that carry the claim, best
    first, counted over all evidence texts; of a claim that is copied word for word it is the number of its text.
    ``needs_model`` is True where the score lies so near the border that the language model's opinion is worth its
    time. ``vetoed`` is True where one changed number, name, negation, strength or opposite decides alone.
    """

    score: float
    support: Support
    reasons: tuple[str, ...] = ()
    carried_by: tuple[int, ...] = ()
    needs_model: bool = False
    vetoed: bool = False
    features: Mapping[str, float] = field(default_factory=dict)


@lru_cache(maxsize=2)
def _prompt(name: str) -> str:
    return files("assistant").joinpath("prompts", f"{name}.md").read_text("utf-8").strip()


def task() -> str:
    """The question put to the language model after a quote and a statement."""
    return _prompt("supported")


def without_marks(claim: str) -> str:
    """A claim without the numbers of its citations."""
    return _MARKS.sub("", claim).strip()


def claim_and_quote(claim: str, quote: str) -> str:
    """What the question about a claim is preceded by."""
    return f"Quote: {quote[:_QUOTE_CHARACTERS]}\n\nStatement: {claim[:_CLAIM_CHARACTERS]}"


def claim_messages(claim: str, quote: str) -> list[Message]:
    """The prompt that asks the language model about one claim and one quote, by themselves."""
    asked = claim_and_quote(without_marks(claim), quote)
    return [Message("system", _prompt("system")), Message("user", f"{asked}\n\n{task()}")]


class SupportCheck:
    """Checks claims against evidence.

    ``encode`` gives unit vectors of texts, as ``Index.encode`` does. ``model`` is asked by ``judge_claim`` only, and
    may be None.
    """

    def __init__(self, encode: Encode, model: LanguageModel | None = None) -> None:
        self._encode = encode
        self._model = model
        self._calibration: Calibration = load_calibration("support")

    def score(self, claim: str, evidence: Sequence[str], opinion: Opinion | None = None, heading: str = "") -> Verdict:
        """How well ``evidence`` states ``claim``; cheap without ``opinion``, the model's answer to ``task``.

        ``heading`` says what the evidence is about, where its sentences do not.
        """
        claim = without_marks(claim)
        texts = [text for text in evidence if text.strip()]
        if not texts or not words(claim):
            return Verdict(0.0, "unsupported", ("there is no evidence",) if not texts else ("there is no statement",))
        copy = _copied(claim, texts)
        if copy is not None:
            return Verdict(1.0, "supported", (), copy)
        chosen, sentences = self._select(claim, texts)
        quote = " ".join(sentences[at] for at in sorted(chosen))
        found = differences(claim, quote, heading)
        if len(chosen) < len(sentences):
            found = [d for d in found if d.kind not in ("number", "name") or _still(d, claim, texts, heading)]
        features = self.features(claim, [sentences[at] for at in sorted(chosen)], heading, found)
        return self._verdict(features, found, tuple(chosen), opinion)

    def judge_claim(self, claim: str, evidence: Sequence[str], *, always: bool = False) -> Verdict:
        """The whole check, asking the language model where there is one and it may know better.

        That is where the cheap score is not clear; a model that was trained to judge is asked of more, with ``always``
        of every claim that is no copy.
        """
        verdict = self.score(claim, evidence)
        if is_trained_judge(self._model):
            wanted = self._open_to_judge(verdict) or (always and bool(verdict.features))
        else:
            wanted = verdict.needs_model
        if not wanted or self._model is None:
            return verdict
        opinion = opinion_of(self._model, claim_messages(claim, self._quote(claim, evidence)))
        return verdict if opinion is None else self.score(claim, evidence, opinion)

    def _open_to_judge(self, verdict: Verdict) -> bool:
        """Whether a trained judge may know better: the claim is no copy, and words and vectors are not sure of it."""
        limits = self._calibration.thresholds
        sure = verdict.score > limits["surely"] and not verdict.reasons
        return bool(verdict.features) and verdict.score >= limits["hardly"] and not sure

    def _quote(self, claim: str, evidence: Sequence[str]) -> str:
        """What the language model reads of the evidence: all of it or, of more, the sentences that bear on the claim.

        One after another the sentence is taken that is nearest to the claim and brings most of the words that those
        before it lack, since long evidence seldom states a claim in one place.
        """
        sentences = split(evidence)
        if sum(map(len, sentences)) <= _READ:
            return " ".join(sentences)
        keep = self._nearest(claim, sentences)
        vectors = self._encode([claim, *(sentences[at][:600] for at in keep)])
        near = dict(zip(keep, (vectors[1:] @ vectors[0]).tolist(), strict=True))
        wanted = content_set(claim)
        held = {at: wanted & content_set(sentences[at]) for at in keep}
        missing, chosen, left = set(wanted), list[int](), _READ
        while keep:
            best = max(keep, key=lambda at: near[at] + len(missing & held[at]) / max(1, len(wanted)))
            keep.remove(best)
            if len(sentences[best]) <= left or not chosen:
                chosen.append(best)
                missing -= held[best]
                left -= len(sentences[best])
        return " ".join(sentences[at] for at in sorted(chosen))[: 2 * _READ]

    def _nearest(self, claim: str, sentences: Sequence[str]) -> list[int]:
        """The numbers of the sentences that share most words with a claim, in order."""
        keep = list(range(len(sentences)))
        if len(sentences) > _MOST_SENTENCES:
            wanted = content_set(claim)
            keep = sorted(sorted(keep, key=lambda at: -len(wanted & content_set(sentences[at])))[:_MOST_SENTENCES])
        return keep

    def features(
        self, claim: str, sentences: Sequence[str], heading: str, found: Sequence[Difference]
    ) -> dict[str, float]:
        """What the cheap regression reads."""
        wanted = content_set(claim)
        held = [content_set(sentence) for sentence in sentences]
        together = frozenset().union(*held) | content_set(heading)
        vectors = self._encode([claim, *sentences, " ".join(sentences)])
        near = vectors[1:] @ vectors[0]
        kinds = {difference.kind for difference in found}
        return {
            "coverage": coverage(wanted, together),
            "best_coverage": max(coverage(wanted, one) for one in held),
            "pairs": _pairs(claim, sentences),
            "cosine": float(near[-1]),
            "best_cosine": float(near[:-1].max()),
            "length": min(len(wanted), 40) / 10.0,
            **{kind: float(kind in kinds) for kind in ("number", "name", "negation", "strength", "opposite")},
        }

    def _select(self, claim: str, texts: Sequence[str]) -> tuple[list[int], list[str]]:
        sentences = split(texts)
        if len(sentences) <= 3:
            return list(range(len(sentences))), sentences
        keep = self._nearest(claim, sentences)
        vectors = self._encode([claim, *(sentences[at][:600] for at in keep)])
        chosen = smallest_cover(claim, [sentences[at] for at in keep], (vectors[1:] @ vectors[0]).tolist())
        return [keep[at] for at in chosen], sentences

    def _verdict(
        self,
        features: Mapping[str, float],
        found: Sequence[Difference],
        chosen: tuple[int, ...],
        opinion: Opinion | None,
    ) -> Verdict:
        limits = self._calibration.thresholds
        values = dict(features)
        score = self._calibration.probability(values, opinion)
        vetoed = any(difference.veto for difference in found)
        judged = opinion is not None and opinion.trained
        if judged:
            # Its regression weighs what differs, and no single difference decides.
            vetoed = False
        if vetoed:
            score = min(score, limits["veto"])
        if vetoed or score < limits["partial"]:
            support: Support = "unsupported"
        elif judged:
            support = "supported" if score >= limits["judged"] else "partial"
        else:
            support = "supported" if score >= limits["supported"] and not found else "partial"
        open_question = opinion is None and not vetoed and limits["band_low"] < score < limits["band_high"]
        return Verdict(score, support, tuple(d.reason for d in found), chosen, open_question, vetoed, values)


def _pairs(claim: str, sentences: Sequence[str]) -> float:
    """The share of the claim's neighbouring content words that are neighbours in the evidence too."""
    wanted = content_words(claim)
    if len(wanted) < 2:
        return 1.0 if set(wanted) <= set(content_words(" ".join(sentences))) else 0.0
    known = {pair for sentence in sentences for pair in _near_pairs(content_words(sentence))}
    return sum(pair in known for pair in pairwise(wanted)) / (len(wanted) - 1)


def _near_pairs(stems: Sequence[str]) -> set[tuple[str, str]]:
    return {(a, b) for gap in (1, 2) for a, b in zip(stems, stems[gap:], strict=False)}


def _copied(claim: str, texts: Sequence[str]) -> tuple[int, ...] | None:
    """The text that holds the claim word for word, from the beginning of a sentence to the end of one."""
    wanted = words(claim)
    for at, text in enumerate(texts):
        for sentence in [*split([text]), text]:
            if words(sentence) == wanted:
                return (at,)
    return None


def _still(difference: Difference, claim: str, texts: Sequence[str], heading: str) -> bool:
    return difference in differences(claim, " ".join(texts), heading)
