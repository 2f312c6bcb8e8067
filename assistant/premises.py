"""False premises: what a question takes for granted and the guidance does not say."""

import re
from collections.abc import Sequence

from assistant.question import premise
from assistant.records import Sentence
from assistant.statements import StatementFinder
from assistant.support import SupportCheck
from assistant.words import content_set, coverage, words
from corpus import Passage

_ABSOLUTE = frozenset(
    "always never only all every everyone everybody nobody none no best worst better worse must guarantees guaranteed proven impossible certain certainly right ideal perfect "
    "requires required mandatory forbids forbidden bans banned prohibits prohibited abolish abolished cheapest fastest safest superior inferior".split()
)
_CHOICE = frozenset("best worst right every everyone superior inferior ideal perfect".split())
_COMPARED = frozenset("better worse always never".split())
"""Absolute words that claim one choice for all: what guidance says against any single choice bears on them."""
_ATTRIBUTED = re.compile(r"\b(?:says?|states?|claims?|recommends?|requires?|warns?|insists?|tells us)\b", re.IGNORECASE)
_NEAR = 0.45
NO_ONE_ANSWER = "There is no single best choice that is right for everyone; it depends on the context."
"""What guidance commonly says against an absolute claim; searched for beside the claim itself."""
_CARRIED = 0.6


def correct(
    question: str,
    wordings: Sequence[str],
    passages: Sequence[Passage],
    finder: StatementFinder,
    support: SupportCheck,
    *,
    names_option: bool = False,
) -> tuple[Sentence, ...]:
    """Sentences that set a false premise right with the words nearest to it; empty where none is found false.

    ``wordings`` are the claim as it is searched for; ``passages`` those found for any of them; ``names_option`` says that
    the claim is about one of the options that the guidance sets side by side.

    A premise counts as false where it puts words into the guidance's mouth that the check does not find there, or where
    it is absolute ("always", "the best") and no statement near it is.
    """
    found = premise(question)
    if found is None:
        return ()
    claim = found.text.rstrip(" ?.!")
    absolutes = _ABSOLUTE & frozenset(words(claim))
    choice = absolutes & (_CHOICE | _COMPARED if names_option else _CHOICE)
    asked = (NO_ONE_ANSWER, *wordings) if choice else tuple(wordings)
    firsts = [finder.best((wording,), passages)[: 2 if wording == NO_ONE_ANSWER else 1] for wording in asked]
    nearest = list({s.key: s for first in firsts for s in first if s.score >= _NEAR}.values())[:3]
    if not nearest:
        return ()
    carried = [
        s
        for s in nearest
        if absolutes <= frozenset(words(s.text))
        and coverage(content_set(claim), content_set(s.with_headings)) >= _CARRIED
    ]
    verdict = support.score(claim, [s.with_headings for s in nearest])
    overreaches = bool(absolutes) and not carried
    misquoted = bool(_ATTRIBUTED.search(question)) and verdict.support == "unsupported" and not carried
    if not overreaches and not misquoted:
        return ()
    inverted = re.match(
        r"(?:is|are|was|were|does|do|did|must|should|will|can|can't|cannot|has|have)\b", claim, re.IGNORECASE
    )
    said = (
        "what the question takes for granted"
        if inverted
        else f"that {claim if claim[1:2].isupper() else claim[:1].lower() + claim[1:]}"
    )
    lead = Sentence(
        f"The guidance does not say {said}.", "supported", round(1 - verdict.score, 3), (nearest[0].citation(),)
    )
    return lead, *(Sentence(s.text, "supported", 1.0, (s.citation(),)) for s in nearest)
