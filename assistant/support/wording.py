"""What a sentence says beyond its content words: numbers, names, negations, modal strength and opposites."""

import re
from dataclasses import dataclass

from assistant.words import content_words, stem, words

SMALL_NUMBERS = {
    word: value
    for value, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
        "seventeen eighteen nineteen twenty".split()
    )
} | {"thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90, "dozen": 12}
SCALES = {"hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12}
_LETTER_SCALE = {"k": 1e3, "m": 1e6, "bn": 1e9, "b": 1e9}
_NUMBER = re.compile(
    r"(?<![\w.])(?P<digits>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)(?P<letter>k|m|bn|b)?(?:st|nd|rd|th|s)?(?![A-Za-z])"
    r"(?:[ -](?P<scale>hundred|thousand|million|billion|trillion)\b)?"
    r"|\b(?P<word>" + "|".join(SMALL_NUMBERS) + r"|hundred|thousand|million|billion)"
    r"(?:[ -](?P<second>" + "|".join([*SMALL_NUMBERS, *SCALES]) + r"))?\b",
    re.IGNORECASE,
)
_FRACTIONS = {"half": 0.5, "third": 1 / 3, "quarter": 0.25, "double": 2.0, "twice": 2.0, "triple": 3.0}


@dataclass(frozen=True, slots=True)
class Number:
    """A number as it stands in a text; ``spelled`` where it is written as a word."""

    text: str
    value: float
    spelled: bool


def numbers(text: str) -> list[Number]:
    """The numbers of a text. "one" alone is left out: it is mostly a pronoun."""
    found: list[Number] = []
    for match in _NUMBER.finditer(text):
        spelled = match["word"] is not None
        if spelled:
            value = _spelled(match["word"].lower(), (match["second"] or "").lower())
            if value == 1.0:
                continue
        else:
            value = float(match["digits"].replace(",", ""))
            value *= _LETTER_SCALE.get((match["letter"] or "").lower(), 1.0)
            value *= SCALES.get((match["scale"] or "").lower(), 1.0)
        found.append(Number(match.group(), value, spelled))
    found.extend(Number(word, _FRACTIONS[word], spelled=True) for word in words(text) if word in _FRACTIONS)
    return found


def _spelled(first: str, second: str) -> float:
    value = float(SMALL_NUMBERS.get(first, SCALES.get(first, 0.0)))
    if second in SCALES:
        return value * SCALES[second]
    return value + SMALL_NUMBERS.get(second, 0) if value >= 20 else value


_CAPITAL = re.compile(r"(?<![\w'’])(?:[A-Z][\w&’'-]*[\w]|[A-Z])(?![\w])")
_SENTENCE_START = re.compile(r"(?:^|[.!?:]\s+|\n\s*)[\"“‘'(\[]*$")


def names(text: str) -> set[str]:
    """The words of a text that are names: capitals inside a sentence, acronyms, words with capitals inside.

    Each is given in lower case without a possessive ending. The first word of a sentence counts only where its
    capitals are not those of a first word.
    """
    found: set[str] = set()
    for match in _CAPITAL.finditer(text):
        word = match.group()
        first = bool(_SENTENCE_START.search(text[: match.start()]))
        if word == "I" or (first and (len(word) == 1 or not any(c.isupper() for c in word[1:]))):
            continue
        found.update(part for part in words(re.sub(r"['’]s$", "", word)) if len(part) > 1)
    return found


_NEGATIVE = frozenset(
    """
    not no never neither nor none nobody nothing nowhere cannot without hardly rarely seldom barely
    lack lacks lacked lacking fail fails failed failing unable absence absent missing
    """.split()
)
_PREVENTING = frozenset(
    """
    prevent prevents prevented preventing avoid avoids avoided avoiding
    keep keeps kept keeping stop stops stopped stopping deter deters protect protects protecting
    """.split()
)
_WITH_FROM = frozenset(
    "keep keeps kept keeping stop stops stopped stopping deter deters protect protects protecting".split()
)
"""Those that deny what follows only with a "from" before it: who keeps a thing does not deny it."""
_REACH = 8
_CLAUSE = re.compile(
    r"[.;:!?,()—–]|\b(?:but|while|whereas|although|though|because|however|yet|and so)\b", re.IGNORECASE
)


def negated(text: str) -> list[frozenset[str]]:
    """The content stems that stand under each negation of a text: up to three after it, within its clause.

    What is named after "rather than" or "instead of" is denied as well, and the first word for what is prevented,
    avoided, kept or stopped from happening.
    """
    scopes: list[frozenset[str]] = []
    for clause in _CLAUSE.split(text):
        clause_words = words(clause)
        for at, word in enumerate(clause_words):
            start = _denied_from(clause_words, at)
            if start:
                wide = 1 if word in _PREVENTING else 3
                after = content_words(" ".join(w for w in clause_words[start:] if w not in _NEGATIVE))[:wide]
                before = (
                    content_words(" ".join(clause_words[:at]))[-2:] if word in ("absent", "missing", "lacking") else []
                )
                scopes.append(frozenset(after or before))
    return scopes


def _denied_from(clause: list[str], at: int) -> int:
    """The place from which the word at ``at`` denies what follows; 0 where it denies nothing."""
    word, following = clause[at], clause[at + 1 : at + 2]
    if word in _NEGATIVE or word.endswith("n't"):
        return 0 if word == "not" and following == ["only"] else at + 1
    if (word == "rather" and following == ["than"]) or (word == "instead" and following == ["of"]):
        return at + 2
    if word in _PREVENTING:
        near = clause[at + 1 : at + 1 + _REACH]
        if "from" in near:
            return at + 2 + near.index("from")
        return 0 if word in _WITH_FROM else at + 1
    return 0


_WEAK = frozenset("may might could possibly perhaps maybe sometimes potentially occasionally".split())
_HEDGE = _WEAK | frozenset(
    "can often typically usually generally likely tend tends commonly frequently mostly largely most many some".split()
)
_STRONG = frozenset(
    """
    must require requires required requiring requirement mandatory always never all every everyone only solely
    exclusively guarantee guarantees guaranteed need needs needed essential compulsory obliged obligatory necessary
    invariably certainly definitely inevitably cannot
    """.split()
)
_SKIPPED = frozenset("not also then well even still often easily never be have been".split())


def weakened(text: str) -> dict[str, str]:
    """The stems that a weak modal governs in a text, each with the modal: ``{"requir": "may"}`` for "may require"."""
    found: dict[str, str] = {}
    for clause in _CLAUSE.split(text):
        clause_words = words(clause)
        for at, word in enumerate(clause_words):
            if word in _WEAK:
                for other in clause_words[at + 1 : at + 4]:
                    if other not in _SKIPPED and not other.endswith("ly"):
                        found[stem(other)] = word
                        break
    return found


def hedges(text: str) -> set[str]:
    """The words of a text that make a statement less than certain or less than general."""
    return {word for word in words(text) if word in _HEDGE}


def weak(text: str) -> set[str]:
    """The words of a text that make a statement no more than possible."""
    return {word for word in words(text) if word in _WEAK}


def strong(text: str) -> set[str]:
    """The words of a text that leave no exception or no choice."""
    found = {word for word in words(text) if word in _STRONG}
    if re.search(r"\b(?:has|have|had) to\b", text, re.IGNORECASE):
        found.add("have to")
    return found


_OPPOSITES = """
    more/fewer,less most/least,fewest higher/lower highest/lowest high/low greater/smaller,lesser larger/smaller
    bigger/smaller faster/slower,slow slower/fast fast/slow quick/slow quickly/slowly better/worse
    best/worst stronger/weaker strong/weak
    easier/harder easy/hard,difficult increase/decrease,reduce,lower raise/reduce,lower grow/shrink rise/fall,drop
    gain/lose accelerate/slow speed/slow earlier/later early/late before/after first/last longer/shorter long/short
    top/bottom above/below centralized/decentralized,distributed centralised/decentralised,distributed
    central/local centrally/locally,independently top-down/bottom-up encourage/discourage allow/forbid,prohibit,prevent
    enable/prevent include/exclude internal/external advantage/drawback,disadvantage benefit/drawback,risk,harm
    strength/weakness pro/con cheap/expensive cheaper/costlier new/mature,established,experienced old/new
    improve/worsen success/failure succeed/fail accept/reject minimum/maximum minimal/maximal always/never all/none
    rich/poor large/small big/small wide/narrow support/oppose,undermine complete/incomplete
    compatible/incompatible sufficient/insufficient possible/impossible aligned/misaligned alignment/misalignment
    public/private open/closed formal/informal hierarchical/collaborative regulated/unregulated
""".split()


def _pairs() -> dict[str, frozenset[str]]:
    pairs: dict[str, set[str]] = {}
    for entry in _OPPOSITES:
        left, _, rights = entry.partition("/")
        for right in rights.split(","):
            for one, other in ((left, right), (right, left)):
                pairs.setdefault(stem(one), set()).add(stem(other))
    return {word: frozenset(others) for word, others in pairs.items()}


OPPOSITES = _pairs()
"""Stems with the stems that say the opposite."""


def stems(text: str) -> set[str]:
    """The stems of all words of a text, little words too."""
    return {stem(word) for word in words(text)}


def clauses(text: str) -> list[set[str]]:
    """The stems of each clause that contrasts with its neighbours: sentences, parts joined by "while" and so on."""
    parts = re.split(r"[.;!?\n]|,?\s*\b(?:while|whereas|but|although|though|however)\b", text, flags=re.IGNORECASE)
    return [found for part in parts if (found := stems(part))]
