"""False premises: what a question takes for granted, and how it is told that the guidance does not say so."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

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


_CLAUSE = re.compile(
    r"(?:(?:it|he|she|they|we|i|you|everyone|everybody|nobody|no one|someone|anyone|there|this|that) (?!(?:with|in|of|from|at|for)\b)\w"
    r"|(?:[^\s,?]+ ){1,8}?(?:(?:is|are|was|were|has|have|had|does|do|did|must|should|will|would|can|could|cannot|may|might|always|never"
    r"|\w+n['’]t)\b(?=[^,?])"
    r"|(?:needs|runs|works|costs|takes|gives|brings|makes|leads|allows|requires|avoids|removes|prevents|guarantees|ensures|saves"
    r"|helps|pays|lets|keeps|means|depends|decides|approves)\b(?= (?!(?:and|or|of|in|at|for|from|with)\b)\w)"
    r"|(?:fails|failed|changed|ended|stopped|began|started)\b))",
    re.IGNORECASE,
)
"""How words go on that tell something: a subject with a verb."""
_IN_WHAT_ROLE = re.compile(
    r"(?:long|soon|far|well|much|little|often|early|late) as\b|(?:[\w-]+ ){1,6}?(?:that|which|who|whose|with)\b",
    re.IGNORECASE,
)
"""After "as", who it is that asks ("as someone who runs a team"), or how long."""
_PREPOSITIONS = frozenset("of in at for from with to on by and between".split())
_ARTICLES = frozenset("the a an our my your their its this that last next".split())
_NAME = 3
"""So many words in a row name a thing or a time."""


_OF_THOSE_WHO_ASK = r"[^,?;]*\b(?:we|we['’]re|we['’]ve|us|our|ours|i|i['’]m|i['’]ve|me|my|mine)\b"


@dataclass(frozen=True, slots=True)
class Premise:
    """Something a question takes for granted, as a statement, in the question's words."""

    text: str


_PREMISES = (
    re.compile(
        rf"^(?:so |and |but )?(?:given that|because|now that|considering that|seeing (?:that|as|how)|if,? as {_DOCUMENT} (?:says|states|claims),?|if,? as(?! {_DOCUMENT})"
        r"|(?P<since>since)|(?P<as>as)) (?P<claim>[^,?]+?),",
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
        if match and _tells(match):
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


def _tells(match: re.Match[str]) -> bool:
    """Whether what follows "since" or "as" claims something, and does not say who asks ("as a lead") or since when."""
    claim, led_by = match["claim"], match.groupdict()
    if led_by.get("as"):
        return _CLAUSE.match(claim) is not None and not _IN_WHAT_ROLE.match(claim)
    if led_by.get("since"):
        asks = claim.lower().startswith(("when ", "then "))
        return not asks and (_CLAUSE.match(claim) is not None or not _names(claim.lower().split()))
    return True


def _names(tokens: Sequence[str]) -> bool:
    """Whether words are a mere name or time ("the launch of tools in May")."""
    run = 0
    for before, token in pairwise(["", *tokens]):
        run = 0 if token in _PREPOSITIONS else run + (token not in _ARTICLES)
        if run > _NAME or (token in _ARTICLES and before and before not in _PREPOSITIONS | _ARTICLES):
            return False
    return True


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
