"""Which sentences of the evidence carry a claim."""

import math
import re
from collections import Counter
from collections.abc import Sequence

from assistant.words import content_words

_BREAK = re.compile(r"(?<=[.!?])[\"'”’)\]]*\s+(?=[\"'“‘(\[]?[A-Z0-9])|\n+")


def split(texts: Sequence[str]) -> list[str]:
    """The sentences of several texts, in order, without empty ones."""
    return [part.strip() for text in texts for part in _BREAK.split(text) if part.strip()]


def rarity(sentences: Sequence[Sequence[str]]) -> dict[str, float]:
    """How telling each stem is among these sentences: 1 where half of them have it, higher where fewer do."""
    count = Counter(word for sentence in sentences for word in set(sentence))
    total = len(sentences)
    return {word: 1.0 + math.log((total + 1.0) / (2.0 * n)) if 2 * n < total else 1.0 for word, n in count.items()}


def smallest_cover(
    claim: str, sentences: Sequence[str], similarity: Sequence[float] | None = None, limit: int = 4
) -> list[int]:
    """The few sentences that together hold most of the claim's content words, best first.

    A sentence is added only while it brings content words of the claim that those before it lack, weighted by their
    rarity among the sentences. ``similarity`` (of each sentence to the claim, -1 to 1) decides between sentences that
    bring the same words. At least one sentence is returned where there is any.
    """
    if not sentences:
        return []
    wanted = set(content_words(claim))
    held = [set(content_words(sentence)) & wanted for sentence in sentences]
    weights = rarity([content_words(sentence) for sentence in sentences])
    near = list(similarity) if similarity is not None else [0.0] * len(sentences)
    total = sum(weights.get(word, 1.0) for word in wanted) or 1.0
    chosen: list[int] = []
    covered: set[str] = set()
    while len(chosen) < limit:
        gains = [
            -1.0
            if at in chosen
            else sum(weights[word] for word in words - covered) / total + 0.5 * max(0.0, near[at]) * (not chosen)
            for at, words in enumerate(held)
        ]
        best = max(range(len(sentences)), key=lambda at: (gains[at], near[at], -at))
        if chosen and gains[best] < 0.08:
            break
        chosen.append(best)
        covered |= held[best]
    return chosen
