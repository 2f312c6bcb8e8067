"""The sides of a thing, what speaks for it and against it, as headings and questions name them."""

import re
from collections.abc import Iterable

from assistant.contents.headings import Node
from assistant.words import content_set, stem, words

_ASPECT_WORDS = (
    "drawback drawbacks downside downsides disadvantage disadvantages con cons weakness weaknesses problem problems pitfall pitfalls danger dangers "
    "risk risks shortcoming shortcomings limitation limitations negative negatives minus minuses hurdle hurdles obstacle obstacles challenge "
    "challenges barrier barriers objection objections catch snag snags flaw flaws trap traps gotcha gotchas",
    "advantage advantages benefit benefits upside upsides pro pros strength strengths merit merits gain gains positive positives plus pluses perk perks",
    "factor factors criterion criteria consideration considerations circumstance circumstances condition conditions",
)
ASPECTS = tuple(frozenset(map(stem, line.split())) for line in _ASPECT_WORDS)
"""Words that a heading and a question may use for the same evaluative aspect."""

PHRASES = (
    r"\b(?:go(?:es|ing)? wrong|(?:speaks?|argues?|said|say|arguments?|case) against|watch out|beware|worr(?:y|ied|ies)|(?:bad|dark) (?:side|thing|point)s?|bad about|good(?:,| and)(?: the)? bad|down sides?|lose)\b",
    r"\b(?:(?:speaks?|argues?|arguments?|case) (?:for|in favou?r)|in favou?r of|good (?:side|thing|point)s?|good about|good(?:,| and)(?: the)? bad|up sides?|go(?:es|ing)? well|get out of)\b",
)
"""The same in more words, for drawbacks and for advantages."""

DRAWBACKS, ADVANTAGES, CRITERIA = range(3)
SIDES = frozenset({DRAWBACKS, ADVANTAGES})
SIDE_WORDS = ASPECTS[DRAWBACKS] | ASPECTS[ADVANTAGES]
SIDE_WORDS_IN_FULL = frozenset(word for side in (DRAWBACKS, ADVANTAGES) for word in _ASPECT_WORDS[side].split())


_DONE_ABOUT = re.compile(
    r"\b(?:(?:do|does|did|doing|done) (?:(?:some|any)?thing )?about|deal(?:s|t|ing)? with|cop(?:e|es|ed|ing) with|overc(?:ome|omes|ame|oming)"
    r"|reduc(?:e|es|ed|ing)|mitigat(?:e|es|ed|ing)|tackl(?:e|es|ed|ing)|prevent(?:s|ed|ing)?|counter(?:s|ed|ing)?|minimi[sz](?:e|es|ed|ing)|lessen(?:s|ed|ing)?)"
    r" (?P<after>(?:\w+ ?){1,3})",
    re.IGNORECASE,
)
"""What is done about drawbacks, which asks for something else than the drawbacks."""


def aspects(text: str) -> frozenset[int]:
    """Which evaluative aspects (drawbacks, advantages, criteria) the words of a text ask for or tell of, as numbers."""
    text = _without_what_is_met(text)
    stems = content_set(text)
    named = {number for number, words in enumerate(ASPECTS) if words & stems}
    return frozenset(
        named | {number for number, phrase in enumerate(PHRASES) if re.search(phrase, text, re.IGNORECASE)}
    )


def _without_what_is_met(text: str) -> str:
    """A text without the drawbacks that something is done about ("how do we overcome the limitations of it?")."""
    met = _DONE_ABOUT.search(text)
    if not met:
        return text
    following = re.finditer(r"\w+", met["after"])
    words_met = [word for word in following if stem(word.group().lower()) in ASPECTS[DRAWBACKS]]
    if not words_met:
        return text
    start, end = (met.start("after") + place for place in words_met[0].span())
    return text[:start] + text[end:]


def side_named(node: Node) -> frozenset[int]:
    """The sides that a heading is about: "Drawbacks", "Drawbacks and demands of it", not "Distance from problems"."""
    named = aspects(node.name) & SIDES
    if not named:
        return named
    first = words(node.name)[0]
    if stem(first) in SIDE_WORDS and first.endswith("s") and not first.endswith("ss"):
        return named
    over = content_set(" ".join((node.title, *node.path[:-1])))
    return named if content_set(node.name) <= over.union(*(ASPECTS[number] for number in named)) else frozenset()


def sided(nodes: Iterable[Node]) -> dict[int, Node]:
    """The headings among some that are about one side each, the first of either."""
    found: dict[int, Node] = {}
    for node in nodes:
        named = side_named(node)
        if len(named) == 1:
            found.setdefault(next(iter(named)), node)
    return found
