"""A follow-up that asks for the other side of what was asked before: "and the drawbacks?", "what speaks for it?"."""

import re
from collections.abc import Sequence

from assistant.contents.sides import ADVANTAGES, DRAWBACKS, PHRASES, SIDES, aspects
from assistant.words import content_words

_FOR_OR_AGAINST = re.compile(
    r"^(?:and|but|what)? ?(?:what )?(?:speaks )?(?P<side>for|against)(?: it| them| that| this)?\W*$", re.IGNORECASE
)
OTHER_SIDE = re.compile(
    r"^(?:(?:and|but|so|now|ok(?:ay)?)[, ]+)*(?:what about |how about |what is |what['’]s )?"
    r"(?:the |on the )?(?:other|flip|opposite) ?side"
    r"(?: of (?:it|this|that|them|(?:the|that|this) (?:coin|medal|argument|story|ledger)))?\W*$",
    re.IGNORECASE,
)
"""Asks for it without its name: "and the other side of the coin?"."""
_CALLED = {ADVANTAGES: "advantages", DRAWBACKS: "drawbacks"}
BESIDE_SIDE = frozenset(content_words("please now then one though thing things side ok okay"))
"""Words beside those for a side that ask for nothing more."""
_SHORT_FOR_SIDES = frozenset("catch".split())
_BEFORE_NOUN = frozenset("a an any the its their main big biggest real one".split())
_ASKS_WHAT = re.compile(r"\s*(?:and |but |so |ok(?:ay)?,? )*(?:what|which|where)\b[^?.!;:]*$", re.IGNORECASE)
_WHOSE = re.compile(r"(?:about|of|with|from|by|in|for|against|to|out of)\s+", re.IGNORECASE)
_CLAUSE = re.compile(r"(?:if|when|where|once)\b", re.IGNORECASE)


def other_side(question: str, subject: str) -> str | None:
    """The earlier question with "drawbacks" in the place of its "advantages", or the other way round.

    None where that is not what is asked ("and the drawbacks?").
    """
    turned = _FOR_OR_AGAINST.match(question)
    if turned and re.search(r"\bspeaks (?:for|against)\b", subject):
        return re.sub(r"\bspeaks (?:for|against)\b", f"speaks {turned['side'].lower()}", subject)
    before = aspects(subject) & SIDES
    if OTHER_SIDE.search(question) and len(before) == 1:
        question = "drawbacks" if ADVANTAGES in before else "advantages"
    asked = aspects(question) & SIDES
    if len(asked) != 1 or len(before) != 1 or asked == before:
        return None
    own = [word for word in question.split() if aspects(word) & asked]
    besides = [word for word in content_words(_without_phrase(question, asked)) if not aspects(word) & asked]
    if len(own) > 1 or set(besides) - BESIDE_SIDE:
        return None
    noun = own[0].strip(" ?.!,") if own else ""
    wanted = noun if noun.endswith("s") else _CALLED[next(iter(asked))]
    told = [place for place, word in enumerate(subject.split()) if aspects(word) & before]
    if len(told) == 1 and _is_noun(subject.split(), told[0]):
        return _with_word(subject, told[0], wanted)
    return _asked_of_what(subject, before, wanted)


def _without_phrase(text: str, sides: frozenset[int]) -> str:
    """A text without the words that ask for a side in more than one ("speaks against")."""
    return re.sub(PHRASES[next(iter(sides))], " ", text, flags=re.IGNORECASE)


def _is_noun(said: Sequence[str], place: int) -> bool:
    """Whether a word for a side is a noun ("the gains"), and no verb ("do we gain")."""
    word, before = said[place].strip(" ?.!,").lower(), said[place - 1].lower() if place else ""
    return word.endswith("s") or word in _SHORT_FOR_SIDES or before in _BEFORE_NOUN


def _with_word(subject: str, place: int, word: str) -> str:
    tokens = re.split(r"(\s+)", subject)
    ending = re.search(r"\W*$", tokens[2 * place])
    tokens[2 * place] = word + (ending.group() if ending else "")
    return "".join(tokens)


def _asked_of_what(subject: str, side: frozenset[int], wanted: str) -> str | None:
    """The question for what is ``wanted`` of what an earlier one asked another side of ("What do we gain from X?")."""
    phrase = re.search(PHRASES[next(iter(side))], subject, re.IGNORECASE)
    verb = next((match for match in re.finditer(r"[\w-]+", subject) if aspects(match.group()) & side), None)
    found = phrase or verb
    if found is None or not _ASKS_WHAT.match(subject[: found.start()]):
        return None
    rest = subject[found.end() :].strip()
    if not content_words(rest):
        return None
    whose = _WHOSE.match(rest)
    of = rest if _CLAUSE.match(rest) else f"of {rest[whose.end() :] if whose else rest}"
    return f"What are the {wanted} {of}"
