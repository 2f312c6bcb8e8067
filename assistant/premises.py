"""False premises: what a question takes for granted and the guidance does not say."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.judgment import NO_ONE_ANSWER
from assistant.records import Citation, Sentence
from assistant.statements import StatementFinder
from assistant.support import SupportCheck
from assistant.words import content_set, content_words, coverage, words
from corpus import Passage

_ABSOLUTE = frozenset(
    "always never only all every everyone everybody nobody none no best worst better worse must guarantees guaranteed proven impossible certain certainly right ideal perfect "
    "requires required mandatory demands mandates forbids forbidden bans banned prohibits prohibited abolish abolished cheapest fastest safest superior inferior".split()
)
_CHOICE = frozenset("best worst right every everyone superior inferior ideal perfect".split())
_COMPARED = frozenset("better worse always never".split())
"""Absolute words that claim one choice for all: what guidance says against any single choice bears on them."""
_DOCUMENT = r"the (?:guidance|guide|document|paper|policy|strategy|text)s?"
_ATTRIBUTED = re.compile(
    rf"\b(?:says?|states?|claims?|recommends?|requires?|warns?|insists?|tells us)\b|\b{_DOCUMENT} \w+s\b", re.IGNORECASE
)
_INVERTED = re.compile(
    r"(?P<verb>is|are|was|were|does|do|did|must|should|will|can|can't|cannot|has|have)\b (?P<rest>.+)", re.IGNORECASE
)
_NEAR = 0.45
_CARRIED = 0.6


@dataclass(frozen=True, slots=True)
class Premise:
    """Something a question takes for granted, as a statement, in the question's words."""

    text: str


_PREMISES = (
    re.compile(
        r"^(?:so |and |but )?(?:since|given that|as(?= (?:\w+ ){1,6}?(?:is|are|was|were|has|have|does|do|must|should|will|can|cannot|needs?)\b)|because|now that|considering that|seeing that|if,? as) (?P<claim>[^,?]+?),",
        re.IGNORECASE,
    ),
    re.compile(
        r"(?P<claim>\bthe (?:guidance|guide|document|paper|policy|strategy|text)s? (?:requires|demands|mandates|forbids|bans|prohibits|guarantees) (?:[^,?;.!]|[.!](?=\S))+)",
        re.IGNORECASE,
    ),
    re.compile(
        r"\b(?:the (?:guidance|guide|document|paper|policy|strategy|text)s? (?:says|states|claims|recommends|requires|warns|insists|tells us)) (?:that )?(?P<claim>(?:[^,?;.!]|[.!](?=\S))+)",
        re.IGNORECASE,
    ),
    re.compile(
        r"^(?:so |and |but )?(?:surely|obviously|clearly|of course|everyone knows(?: that)?|i (?:assume|think|believe|guess)(?: that)?"
        r"|it(?:'s| is) (?:obvious|clear|true) that),? (?P<claim>[^,?]+?)(?:, [^,?]{2,30})?[?.! ]*$",
        re.IGNORECASE,
    ),
    re.compile(
        r"^(?:so |and |but )?(?P<claim>[^,?]+?), (?:(?:is|are|does|do|has|have|would|should|will|ca)n't (?:it|they|we|that|there)|right|correct)\?$",
        re.IGNORECASE,
    ),
    re.compile(
        r"^(?:so |and |but )?why (?P<claim>(?:is|are|was|were|does|do|did|must|should|will|can|can't|cannot|has|have) [^?]+)",
        re.IGNORECASE,
    ),
)


_IS_THERE = re.compile(
    r"^(?:so |and |but )?(?:is|isn't) there (?:really |actually )?(?P<claim>(?:an?|any|one) [^,?]*\b(?:best|right|everyone|everybody|every|all|ideal"
    r"|perfect)\b[^,?]*)\?",
    re.IGNORECASE,
)


def premise(question: str) -> Premise | None:
    """The claim a question rests on ("since X, ...", "the guidance says that X", "why is X ...?"); None without one.

    A question for one thing that is right for all ("is there one way that suits everybody?") claims that there is.
    """
    one = _IS_THERE.match(question)
    if one:
        return Premise(f"there is {one['claim'].strip()}")
    for pattern in _PREMISES:
        match = pattern.search(question)
        if match:
            claim = match.group("claim").strip()
            claim = re.sub(
                r"^the (?:guidance|guide|document|paper|policy|strategy|text)s? (?:says?|states?|claims?|recommends?|warns?|insists?|tells us) (?:that )?",
                "",
                claim,
                flags=re.IGNORECASE,
            )
            if len(content_words(claim)) >= 2:
                return Premise(claim)
    return None


def correct(
    question: str,
    wordings: Sequence[str],
    passages: Sequence[Passage],
    finder: StatementFinder,
    support: SupportCheck,
    option: frozenset[str] = frozenset(),
    others: Sequence[frozenset[str]] = (),
) -> tuple[Sentence, ...]:
    """Sentences that set a false premise right with the words nearest to it; empty where none is found false.

    ``wordings`` are the claim as it is searched for; ``passages`` those found for any of them; ``option`` holds the
    stems of the one of several options that the claim is about, and ``others`` those of each other one: what is said of
    those says nothing of this.

    A premise counts as false where it puts words into the guidance's mouth that the check does not find there, or where
    it is absolute ("always", "the best") and no statement near it is.
    """
    found = premise(question)
    if found is None:
        return ()
    claim = found.text.rstrip(" ?.!")
    absolutes = _ABSOLUTE & frozenset(words(claim))
    choice = absolutes & (_CHOICE | _COMPARED) if option else frozenset()
    asked = (NO_ONE_ANSWER, *wordings) if choice else tuple(wordings)
    pool = [passage for passage in passages if not _of_other(passage.path, passage.title, option, others)]
    firsts = [finder.best((wording,), pool)[: 2 if wording == NO_ONE_ANSWER else 1] for wording in asked]
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
    misquoted = attributed(question) and verdict.support == "unsupported" and not carried
    if not overreaches and not misquoted:
        return ()
    # That no statement near it holds the absolute word is seen and not estimated.
    lead = not_said(claim, option, [nearest[0].citation()], 1.0 if overreaches else 1 - verdict.score)
    return lead, *(Sentence(s.text, "supported", 1.0, (s.citation(),)) for s in nearest)


def attributed(question: str) -> bool:
    """Whether a question tells what the guidance says."""
    return premise(question) is not None and _ATTRIBUTED.search(question) is not None


def not_said(claim: str, option: frozenset[str], nearest: Sequence[Citation], score: float = 1.0) -> Sentence:
    """That the guidance does not say the claim, with the words that come nearest to it."""
    said = _as_said(claim, option)
    text = (
        f"The guidance does not say that {said}."
        if said
        else "The guidance does not say what the question takes for granted."
    )
    return Sentence(text, "supported", round(score, 3), tuple(nearest))


def _as_said(claim: str, option: frozenset[str]) -> str:
    """A claim as it follows "that"; empty where a question's order of words cannot be turned round."""
    claim = re.sub(rf"^{_DOCUMENT}\b", "it", claim.rstrip(" ?.!"), flags=re.IGNORECASE)
    inverted = _INVERTED.match(claim)
    if inverted is None:
        return claim if claim[1:2].isupper() else claim[:1].lower() + claim[1:]
    tokens = inverted["rest"].split()
    named = [place for place, token in enumerate(tokens) if content_set(token) & option]
    if not named or any(content_set(token) - option for token in tokens[: named[-1]]):
        return ""
    end = named[-1] + 1
    if end < len(tokens) and re.match(r"(?:approach|model|way|option|strategy)\b", tokens[end], re.IGNORECASE):
        end += 1
    verb = inverted["verb"].lower()
    if verb in ("does", "do", "did"):
        return ""  # The verb that follows would need another form.
    subject = " ".join(tokens[:end])
    return f"{subject[:1].lower()}{subject[1:]} {verb} {' '.join(tokens[end:])}".rstrip()


def _of_other(path: Sequence[str], title: str, option: frozenset[str], others: Sequence[frozenset[str]]) -> bool:
    """Whether a passage stands under headings that name another option and not this one."""
    over = content_set(" ".join((title, *path)))
    return bool(option) and not option <= over and any(other <= over for other in others)
