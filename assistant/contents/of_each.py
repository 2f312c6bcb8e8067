"""A question for several options at once ("who decides in each of the three models?"), put to each of them."""

import re
from collections.abc import Sequence

from assistant.contents.options import NOUNS, Group
from assistant.questions.criteria import COMPARING_WORDS
from assistant.words import content_set, in_sentences

_NOUNS = rf"(?:{NOUNS}|cases?|extremes?)"
_NUMBER = r"(?:two|three|four|five|six|seven|eight)"
_EACH = re.compile(
    rf"\b(?:each|every|either)(?: one)?"
    rf" (?:of (?:the|these|those)(?: {_NUMBER})?(?:(?: [a-z]+)? {_NOUNS})?|of them|{_NOUNS})\b"
    rf"|\b(?:all|both)(?: of)?(?: (?:the|these|those))? (?:{_NUMBER} (?:[a-z]+ )?)?{_NOUNS}\b"
    rf"|\ball {_NUMBER}\b(?: of them)?"
    rf"|\bacross (?:all )?(?:of )?(?:the |these |those )?(?:{_NUMBER} )?(?:[a-z]+ )?{_NOUNS}\b"
    r"|\beach(?: one)?(?=\W*$)",
    re.IGNORECASE,
)
_IN = re.compile(r"(?:in|under|with|for|at|within)(?: (?:the|an?))?\W*$", re.IGNORECASE)
_NOUN_AFTER = re.compile(rf"^\W*(?:{_NOUNS}|ones?)\b", re.IGNORECASE)
_EDGES = re.compile(
    r"(?:[\s,;:]+(?:and|or|how|in|under|with|for|at|within|of|the|an?|does|do|is|are|between|across|from))+\W*$",
    re.IGNORECASE,
)
_BRACKET = re.compile(r" \((?P<names>[^()]*)\)\W*$")
_ASKING = r"(?:(?:and|so|but) )?(?:which|what|who|whose|where|when|how|why|is|are|do|does|can|will|would)\b"
_SET_APART = r"[^:?]*\b(?:or|versus|vs|against|compared (?:with|to))\b[^:?]*"
_ALTERNATIVES = (
    re.compile(rf"^{_SET_APART}[:–—-] (?P<asked>{_ASKING}[^:]*)$", re.IGNORECASE),
    re.compile(rf"^(?P<asked>{_ASKING}[^:]*?)(?:[:?–—]| -) {_SET_APART}\??$", re.IGNORECASE),
    re.compile(rf"^(?P<asked>{_ASKING}[^:?]*?), [^,:?]*(?:, )?\bor\b[^,:?]*\??$", re.IGNORECASE),
)
"""What is asked before or after alternatives: "A or B: which is dearer?", "Which is dearer: A or B?", ", A or B?"."""
_FEWEST = 2
_LONGEST = 90
"""Characters of a question that may stand over a row."""
_LONGEST_NAME = 3
_TELLING = 2
"""So many words with a subject a sentence has that asks by itself."""


def asks_of_each(question: str, group: Group) -> bool:
    """Whether a question is for each option: "under each approach", or "in the one, in the other and in the third"."""
    if len(without_options(question, group)) > _LONGEST:
        return False
    if _EACH.search(question):
        return True
    return sum(_IN.search(question[:start]) is not None for start, _ in _mentions(question, group)) >= _FEWEST


def without_options(question: str, group: Group) -> str:
    """What is asked of each, without the options: the label of a row."""
    question = _without_alternatives(question, group)
    start, end = _span(question, group)
    asked = f"{_EDGES.sub('', question[:start])} {question[end:].strip(' ?.,;:')}".strip() if end else question
    said = in_sentences(re.sub(r"\s+", " ", asked))
    asking = [sentence for sentence in said if sentence.endswith("?")]
    asked = "".join((asking or said)[-1:])
    if len(content_set(asked) - COMPARING_WORDS) < _TELLING:
        asked = " ".join(said)  # "The lights go out. What happens?"
    return asked.strip(" ?.,;:")


def _without_alternatives(question: str, group: Group) -> str:
    """What is asked, where the options are called by other words before or after it and named in brackets.

    "Where is work done twice: under orders, or with a free hand? (A, B)" as "Where is work done twice?".
    """
    bracket = _BRACKET.search(question)
    if bracket is None or len(group.mentioned(bracket["names"])) < _FEWEST:
        return question
    own = _BRACKET.sub("", question[: bracket.start()].strip())  # What was told beside it is not asked.
    for apart in _ALTERNATIVES:
        found = apart.search(own)
        if found:
            return f"{found['asked'].strip(' ?.!,;:')}?"
    return own


def _span(question: str, group: Group) -> tuple[int, int]:
    """From the first word that names an option, or means all of them, to the last; (0, 0) without any."""
    spans: Sequence[tuple[int, int]] = [match.span() for match in _EACH.finditer(question)][:1]
    spans = spans or _mentions(question, group)
    if not spans:
        return 0, 0
    end = spans[-1][1]
    noun = _NOUN_AFTER.match(question[end:])
    return spans[0][0], end + (noun.end() if noun else 0)


def _mentions(question: str, group: Group) -> list[tuple[int, int]]:
    """Where options are named, one place for each."""
    found: dict[str, tuple[int, int]] = {}
    words = [match.span() for match in re.finditer(r"[^\s,;:?!()]+", question)]
    for length in range(1, _LONGEST_NAME + 1):
        for first, last in zip(words, words[length - 1 :], strict=False):
            said = content_set(question[first[0] : last[1]])
            for option in group.options:
                if option.own <= said:
                    found.setdefault(option.name, (first[0], last[1]))
    return sorted(found.values())
