"""False premises: what a question takes for granted, and how it is told that the guidance does not say so."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.records import Citation, Sentence
from assistant.words import content_set, content_words

_DOCUMENT = r"the (?:guidance|guide|document|paper|policy|strategy|text)s?"
_ATTRIBUTED = re.compile(
    rf"\b(?:says?|states?|claims?|recommends?|requires?|warns?|insists?|tells us)\b|\b{_DOCUMENT} \w+s\b|\b(?:does|did|do) {_DOCUMENT} \w",
    re.IGNORECASE,
)
_INVERTED = re.compile(
    r"(?P<verb>is|are|was|were|does|do|did|must|should|will|can|can't|cannot|has|have)\b (?P<rest>.+)", re.IGNORECASE
)
_NOUN = re.compile(r"(?:approach|model|way|option|strategy|one)\b", re.IGNORECASE)
_DENIES = re.compile(r"(?:not|never)\b", re.IGNORECASE)
_ASKS_ON = re.compile(r",? (?:and|but) (?:what|how|who|whom|whose|why|when|where|which)\b", re.IGNORECASE)
_HISSES = re.compile(r"(?:s|x|z|ch|sh|o)$")


_OF_THOSE_WHO_ASK = r"[^,?;]*\b(?:we|we['’]re|we['’]ve|us|our|ours|i|i['’]m|i['’]ve|me|my|mine)\b"


@dataclass(frozen=True, slots=True)
class Premise:
    """Something a question takes for granted, as a statement, in the question's words."""

    text: str


_PREMISES = (
    re.compile(
        r"^(?:so |and |but )?(?:since|given that|as(?! an? (?:[\w-]+ ){1,4}(?:that|which|who|whose|with)\b)(?= (?:[\w-]+ ){1,6}?(?:is|are|was|were|has|have|does|do|must|should|will|can|cannot|needs?|runs?|works?|costs?|takes?|gives?|brings?|makes?|leads?|allows?|requires?"
        r"|avoids?|removes?|prevents?|guarantees?|ensures?|saves?|always|never|\w+n['’]t)\b)|because|now that|considering that|seeing (?:that|as|how)|if,? as) (?P<claim>[^,?]+?),",
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
        r"|it(?:'s| is) (?:obvious|clear|true) that),? (?P<claim>(?:[^,?.!]|[.!](?=\S))+?)(?:, [^,?]{2,30})?(?:[.!] [^?]{2,40})?[?.! ]*$",
        re.IGNORECASE,
    ),
    re.compile(
        r"^(?:so |and |but )?(?P<claim>[^,?]+?), (?:(?:is|are|does|do|has|have|would|should|will|ca)n't (?:it|they|we|that|there)|right|correct)\?$",
        re.IGNORECASE,
    ),
    re.compile(
        rf"^(?:so |and |but )?(?!{_OF_THOSE_WHO_ASK})(?P<claim>[^,?;]{{15,160}}), so (?:(?:from|by|at|on|in|for|to|with|until|since|under|after) )?(?:what|which|how|why|when|where|who|whom|whose|can|could|may|should|shall|must|do|does|is|are)\b[^?]*\?",
        re.IGNORECASE,
    ),
    re.compile(
        r"^(?:so |and |but )?why (?P<claim>(?:is|are|was|were|does|do|did|must|should|will|can|can't|cannot|has|have) [^?]+)",
        re.IGNORECASE,
    ),
)


_OPEN = re.compile(r"(?:something|anything|nothing|otherwise|so|one thing|another)\b", re.IGNORECASE)
"""How a claim begins that does not say what is claimed ("the policy says something shorter")."""
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
            claim = _ASKS_ON.split(match.group("claim"))[0].strip()
            claim = re.sub(
                r"^(?:(?:does|did|do) )?the (?:guidance|guide|document|paper|policy|strategy|text)s? (?:says?|states?|claims?|recommends?|warns?|insists?|tells? us) (?:that )?",
                "",
                claim,
                flags=re.IGNORECASE,
            )
            if len(content_words(claim)) >= 2 and not _OPEN.match(claim):
                return Premise(claim)
    return None


def attributed(question: str) -> bool:
    """Whether a question tells what the guidance says."""
    return premise(question) is not None and _ATTRIBUTED.search(question) is not None


def not_said(claim: str, named: frozenset[str], nearest: Sequence[Citation], score: float = 1.0) -> Sentence:
    """That the guidance does not say the claim, with the words that come nearest to it.

    ``named`` are the stems of the option that the claim is about, with those that all options share.
    """
    said = _as_said(claim, named)
    text = (
        f"The guidance does not say that {said}."
        if said
        else "The guidance does not say what the question takes for granted."
    )
    return Sentence(text, "supported", round(score, 3), tuple(nearest))


def _as_said(claim: str, named: frozenset[str]) -> str:
    """A claim as it follows "that"; empty where a question's order of words cannot be turned round."""
    claim = claim.rstrip(" ?.!")
    inverted = _INVERTED.match(claim)
    if inverted is None:
        claim = re.sub(rf"^{_DOCUMENT}\b", "it", claim, flags=re.IGNORECASE)
        return claim if claim[1:2].isupper() else claim[:1].lower() + claim[1:]
    subject, told = _parted(inverted["rest"], named)
    verb = inverted["verb"].lower()
    if not subject or not told:
        return ""
    if verb in ("does", "do"):
        return f"{subject} {_stated(told, singular=verb == 'does')}" if not _DENIES.match(told) else ""
    return "" if verb == "did" else f"{subject} {verb} {told}"


def _parted(rest: str, named: frozenset[str]) -> tuple[str, str]:
    """The subject that begins a question after its verb, and what is told of it; empty where it is not plain."""
    document = re.match(rf"{_DOCUMENT}\b ?", rest, re.IGNORECASE)
    if document:
        return "it", rest[document.end() :]
    tokens = rest.split()
    own = [place for place, token in enumerate(tokens) if content_set(token) & named]
    if not own or any(content_set(token) - named for token in tokens[: own[0]]):
        return "", ""
    end = own[0] + 1
    while end < len(tokens) and (content_set(tokens[end]) & named or _NOUN.match(tokens[end])):
        end += 1
    subject = " ".join(tokens[:end])
    return f"{subject[:1].lower()}{subject[1:]}", " ".join(tokens[end:])


def _stated(told: str, *, singular: bool) -> str:
    """What follows "does" or "do" in a question as a statement has it: "always win" as "always wins"."""
    before = re.match(
        r"(?:(?:always|never|often|usually|really|also|only|simply|just|actually) )*", told, re.IGNORECASE
    )
    start = before.end() if before else 0
    verb, space, more = told[start:].partition(" ")
    if singular:
        verb = {"be": "is", "have": "has"}.get(verb) or (
            f"{verb[:-1]}ies" if re.search(r"[^aeiou]y$", verb) else verb + ("es" if _HISSES.search(verb) else "s")
        )
    return f"{told[:start]}{verb}{space}{more}"
