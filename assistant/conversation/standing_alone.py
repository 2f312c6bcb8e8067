"""A question that leans on the conversation before it, made to stand alone, by rules and without a language model.

Where that only puts the earlier question beside the new words, a language model may put both into one (``rewriting``).
"""

import re
from collections.abc import Sequence

from assistant.contents.options import OPTION_NOUNS
from assistant.conversation.other_side import BESIDE_SIDE, OTHER_SIDE, other_side
from assistant.questions.asked import asked_for, told_before, without_opener
from assistant.questions.ordinals import by_ordinal
from assistant.questions.smalltalk import small_talk
from assistant.questions.vague import asks_which_other
from assistant.records import History, latest_answer
from assistant.words import content_set, content_words, in_sentences, words

_LEANS = re.compile(
    r"\b(it|its|it's|this|that|these|those|they|them|their|theirs|he|she|one|ones|former|latter|same|such|above|previous"
    r"|earlier|mentioned|there)\b",
    re.IGNORECASE,
)
_OPENS = re.compile(
    r"^(and|but|so|or|also|then|what about|how about|what if|why|why not|why so|how so|how|for example|such as|really|more|"
    r"tell me more|go on|elaborate|explain|any others?|anything else|what else|even)\b",
    re.IGNORECASE,
)
_ELSE = re.compile(
    r"(?:(?:and|but|so|then|ok(?:ay)?)\W+)*(?:(?:does|do|did|is|are|was|were|has|have|must|should|will|would) )?"
    r"(?:any|some|every|no)(?:one|body|thing) else\b(?!['’]s)",
    re.IGNORECASE,
)
"""Speaks of others than those just spoken of ("does anyone else pay?")."""
_IN_SHORT = re.compile(
    r"(?:(?:and|but|so|then|ok(?:ay)?)\W+)*(?:(?:for|since|until|till|by|from|with|in) (?:how long|when|what|whom|which)"
    r"|how (?:long|often|soon|much|many))\b[^?]{0,12}\?",
    re.IGNORECASE,
)
"""Asks no more than how long or the like ("for how long though? And then?")."""
_ASKS_WHO = re.compile(r"^(?:which|who|when|where)\b", re.IGNORECASE)
_OF_ELSE = 2
_OF_ITS_OWN = 3
"""So many words with which such a question has a subject of its own ("who pays for the central team?")."""
_ENDS_BACK = re.compile(
    r"^(?:(?:ok(?:ay)?|well|fine|right)\W+)?(?:and|but|so|then)\b.*\b(?:to|about|with|of|for|on|against|from) (?:that|this|it|these|those|them)\W*$"
    r"|^[^.!?]*\b(?:to|about|with|of|for|on|against|from|in|under|behind|by) (?:that|this)\W*$",
    re.IGNORECASE,
)
"""Goes on, and ends in what points back ("and how might people react to it?"); "in that" does wherever a question ends."""
_IN_THAT_CASE = re.compile(
    r"\b(?:in|under|with|for) (?:that|this|such an?) (?:case|approach|model|set-?up|scenario|situation|arrangement|version|variant)\b"
    r"|^(?:and |but |so )?(?:in|under|with|for|of) the (?:first|second|third|last|former|latter) (?:case|one)\b",
    re.IGNORECASE,
)
_VARIES = re.compile(
    r"^(?:(?:ok(?:ay)?|well|fine|right|yes|no)\W+)?(?:(?:and|but|so|then|or)\W+)?"
    r"(?:what if|what about if|and if|(?:and|but|what about|how about) (?=(?:for|in|with|at|to|under|among)\b)|suppose)\b\W*",
    re.IGNORECASE,
)
"""Asks the same for another case: "what if the culture is open?", "and for a trade that never stands still?"."""
_ASKS_IN_FULL = re.compile(
    r"(?<!\bknow )(?<!\bknows )(?<!\bknew )(?<!\bsee )(?<!\bdecide )(?<!\bunderstand )(?<!\blearnt )(?<!\blearned )"
    r"\b(?:who|whom|whose|what|which|why|how)\b|, (?:do|does|did|is|are|can|could|should|must|will|would|may)\b",
    re.IGNORECASE,
)
"""Asks by its own words, after a case that it only names ("and in an open culture, who pays?")."""
_SUITS = re.compile(
    r"^(?:so |then )?(?:which|what) (?P<noun>[\w-]+) (?:would |will |might |could )?(?:suits?|fits?|is (?:right|best|better)|works?)\b",
    re.IGNORECASE,
)
_MATTERS = re.compile(
    r"^(?:so |then )?(?:does|do|would|will|should) (?:it|that) (?:really |even )?"
    r"(?:matter|make (?:a|any) difference|change anything|count)(?: at all| here)? (?:that|if|when|whether)\b",
    re.IGNORECASE,
)
"""Asks what follows from one case."""
_AND_WHEN = re.compile(r"^(?:and|but|so|then)(?: then)? (?:when|how (?:long|soon|often))\b", re.IGNORECASE)
"""Goes on with what was spoken of and asks when or how long."""
_DEFINES = re.compile(r"^(what (is|are|does .* mean)|define|explain)\b", re.IGNORECASE)
_OF_DOCUMENT = re.compile(r"\b(?:guidance|the guide)\b", re.IGNORECASE)
"""What is asked of the guidance itself is asked anew ("what does the guidance say of ...?", "who wrote it?")."""
_ELLIPTIC = re.compile(
    r"^(?:and|but|or|so|also|then|what about|how about|what of|same|any|in|on|for|with|the|versus|vs)\b(?!.*(?:\b(?:who|whom|which|why|how (?!about)|when|where|is|are|do|does|did|can"
    r"|could|should|would|will|must|may|might|shall|has|have)|\b(?:there|it|that|what|how)['’]s|\b(?:they|we|you)['’]re)\b)",
    re.IGNORECASE,
)
_IT = re.compile(
    r"\b(?:its|it(?! (?:true|clear|possible|likely|matters?|worth|makes? sense|that|to)\b))\b(?!')",
    re.IGNORECASE,
)
"""Words that stand for a thing, as "it" does not in "is it true" and the like."""
_OF_WHAT = re.compile(r"^(?:and |but |so )*(?:what|where)(?:'s| is| are) the \w+\W*$", re.IGNORECASE)
"""Asks for the one thing of a kind ("what is the catch?"): that of what was spoken of."""
_EMPTY = content_set("one ones same former latter")
"""Words that stand for what was named before and name nothing themselves."""
_SAME_OF_ANOTHER = content_set("differ different difference apply hold true change work look go")
"""Words that, with one that points back, ask the same of another ("how does that differ in the hybrid model?")."""
_BESIDE_NAMES = frozenset("the a an one and or for of in please then".split())
_COMPARES = re.compile(
    r"^(?:and |but |so |then )*(?:which|who|what|where)\b.*\b(?!(?:other|whether|under|after|never|rather|together|number|order|paper|power|owner|leader|manager|customer"
    r"|interest|request)\b)(?:more|less|fewer|better|worse|most|least|best|worst|\w{3,}(?:er|est))\b",
    re.IGNORECASE,
)
_POINTS_AT_IT = re.compile(r"\b(?:it|this|that|these|those|them|they|their)\b", re.IGNORECASE)
_YES_OR_NO = re.compile(r"^\W*(?:yes|no)\b[\s,.;:–—-]*", re.IGNORECASE)
_SAYS, _TOLD = 4, 200
"""The fewest words and most characters of the sentence that was told first, for it to stand beside a question."""
_OTHER = re.compile(
    r"\b(?:the |an)?other (?:one|way|approach|option|side|model|method|two)\b|\bthe opposite\b|\bthe alternative\b",
    re.IGNORECASE,
)


def leans_on_history(question: str) -> bool:
    """Whether the words of a question show that it continues a conversation."""
    question = without_opener(question)
    subject = content_words(question)
    if _OF_DOCUMENT.search(question):
        return False
    pointing_back = (_OTHER, OTHER_SIDE, _IN_THAT_CASE, _VARIES)
    if any(pattern.search(question) for pattern in pointing_back) or _ENDS_BACK.match(question):
        return True
    if asks_which_other(question) and not _LEANS.search(question) and not _AND_WHEN.match(question):
        return False  # "Which vendor should we choose?" is about vendors, whatever was spoken of.
    if (_OPENS.match(question) and len(subject) <= 4) or (_ASKS_WHO.match(question) and len(subject) < _OF_ITS_OWN):
        return True
    if _ELSE.match(question) and len(subject) <= _OF_ELSE:
        return True
    if _IN_SHORT.match(question) and len(content_words(in_sentences(question)[0])) <= 1:
        return True
    pointing = _LEANS.search(question)
    if pointing:
        # After a subject of its own, "its" points within the question.
        return len(subject) <= 8 and len(content_words(question[: pointing.start()])) <= 2
    telling = [word for word in subject if word not in BESIDE_SIDE]
    return len(telling) <= 1 and (not _DEFINES.match(question) or _OF_WHAT.match(question) is not None)


def elliptic(question: str) -> bool:
    """Whether a follow-up leaves out what it asks and means what was asked before ("what about hybrid?")."""
    return (
        _ELLIPTIC.match(question.strip()) is not None
        or not content_words(question)
        or _OTHER.search(question) is not None
    )


def puts_another_case(question: str) -> bool:
    """Whether a follow-up asks the same of another case ("what if we were new to this instead?")."""
    return _other_case(without_opener(question)) != ""


def compares(question: str) -> bool:
    """Whether a follow-up asks which of several is more of something ("which is faster?")."""
    return _COMPARES.match(question) is not None


def which_other(question: str, history: History, names: Sequence[str]) -> dict[str, str]:
    """Each of the ``names`` that "the other one" may mean, where that may be several, with the earlier question for it.

    Empty where it is clear which is meant, or the question does not say so.
    """
    earlier = earlier_questions(history)
    if not earlier or not _OTHER.search(question) or len(names) < 3:
        return {}
    subject = asked_for(_subject(earlier, names))
    distinct = _distinct(names)
    before = _named(subject, distinct)
    if len(before) != 1 or _named(question, distinct) or _opposite(before[0], distinct):
        return {}
    asked = distinct[before[0]]
    return {
        name: with_name(subject, asked, own, name) for name, own in zip(names, distinct, strict=True) if own != asked
    }


def points_back(question: str) -> bool:
    """Whether a question has a word that points at something said before it ("its", "the other one")."""
    return bool(_OTHER.search(question) or _LEANS.search(question))


def earlier_questions(history: History) -> tuple[str, ...]:
    """What the user asked before, latest first, small talk left out."""
    return tuple(turn.text for turn in reversed(history) if turn.role == "user" and not small_talk(turn.text))


def stand_alone(question: str, history: History, names: Sequence[str] = ()) -> str:
    """The question as it can be understood without the conversation.

    ``names`` are what the guidance sets side by side (such as its approaches): "and the other one?" takes the earlier
    question and puts the name in it that the earlier question did not have, and "what about <name>?" likewise.
    "The second one" is the second thing of the last answer. Otherwise a question that leans on the conversation gets
    the earlier question beside it, in brackets, and one that names none of them what was told before it.
    """
    earlier = earlier_questions(history)
    question = without_opener(question)
    plain = asked_for(question)
    if not earlier or not (leans_on_history(question) or _only_names(question, names)):
        told = "" if _named(plain, _distinct(names)) else told_before(question)
        return f"{plain} ({told})" if told else plain
    subject = asked_for(_subject(earlier, names))
    turned = other_side(question, subject)
    of_coin = turned if OTHER_SIDE.search(question) else None
    swapped = by_ordinal(plain, history, subject) or of_coin or _swap(question, subject, names) or turned
    if swapped:
        return swapped
    if content_set(plain) >= content_set(subject):
        return plain
    return (
        _varied(plain, subject)
        or _named_again(plain, subject, names)
        or f"{plain.rstrip()} ({subject.strip()}{_told(plain, history)})"
    )


def _varied(question: str, subject: str) -> str | None:
    """What was asked before, of the other case that a follow-up puts ("what if ...?"), in brackets.

    What was told of the first case is left out, for both would be answered. None where the earlier question does not say
    apart what it asks and of whom.
    """
    case = _other_case(question)
    if not case:
        return None
    *told, asking = in_sentences(subject)
    suits, matters = _SUITS.match(asking), _MATTERS.match(asking)
    if not asking.endswith("?") or any(one.endswith("?") for one in told) or not (told or suits or matters):
        return None
    asked = f"Which {suits['noun']} would suit us?" if suits else "Does that matter?" if matters else asking
    return f"{asked} ({case})"


def _other_case(question: str) -> str:
    """The other case that a follow-up puts; empty where it asks in full ("and in an open culture, who pays?")."""
    opening = _VARIES.match(question)
    case = question[opening.end() :].strip(" ?.!") if opening else ""
    return "" if _ASKS_IN_FULL.search(case) else case


def _told(question: str, history: History) -> str:
    """What was answered last, as much as goes beside a question that points at it ("and why does that work for them?")."""
    latest = latest_answer(history)
    if not latest or not _POINTS_AT_IT.search(question):
        return ""
    first = re.split(r"(?<=[.!?])\s", " ".join(_YES_OR_NO.sub("", latest).split()), maxsplit=1)[0]
    return f" {first}" if len(content_words(first)) >= _SAYS and len(first) <= _TOLD else ""


def _subject(earlier: Sequence[str], names: Sequence[str]) -> str:
    """The latest earlier question that stands for itself, with what it leans on where it does not."""
    latest = earlier[0]
    if len(earlier) > 1 and (leans_on_history(latest) or _only_names(latest, names)):
        before = _subject(earlier[1:], names)
        swapped = _swap(latest, before, names) or other_side(latest, before)
        if not swapped and _OTHER.search(latest) and not content_set(_OTHER.sub(" ", latest)):
            return before  # "And the other one?" was not clear and was asked back.
        return swapped or f"{latest.rstrip(' ?')}, {before}"[:600]
    return latest


def _named_again(question: str, subject: str, names: Sequence[str]) -> str | None:
    """The question with "it" replaced by the one name that the earlier question holds beside a single other word.

    Beside the whole earlier question the answer would be drawn to what that one asked. None where "it" may be another.
    """
    distinct = _distinct(names)
    named = [content_set(names[place]) for place in _named(subject, distinct)]
    pronoun = _IT.search(question)
    if len(named) != 1 or pronoun is None or len(content_set(subject) - named[0]) > 1:
        return None
    words = subject.split()
    places = [place for place, word in enumerate(words) if content_set(word) & named[0]]
    begin = places[0] - (words[max(0, places[0] - 1)].lower() == "the")
    end = next((place for place in range(places[0], len(words)) if place not in places), len(words))
    name = " ".join(words[begin:end]).strip(" ?.!,")
    owned = "'s" if pronoun.group().lower() == "its" else ""
    return f"{question[: pronoun.start()]}{name}{owned}{question[pronoun.end() :]}"


def _swap(question: str, subject: str, names: Sequence[str]) -> str | None:
    """The earlier question with its one name put in the place of another; None where that is not what is asked."""
    if len(names) < 2:
        return None
    distinct = _distinct(names)
    before, now = _named(subject, distinct), _named(question, distinct)
    if len(before) != 1:
        return None
    if _OTHER.search(question):
        others = [i for i in range(len(names)) if i not in before][:1] if len(names) == 2 else []
        target = others or _opposite(before[0], distinct)
    else:
        rest = content_set(question) - (distinct[now[0]] if now else frozenset()) - _shared(names) - _EMPTY
        if elliptic(question):
            rest -= content_set(subject)  # "And the drawbacks of hybrid?" asks the same of another.
        elif _LEANS.search(question):
            rest -= _SAME_OF_ANOTHER
        target = now if len(now) == 1 and not rest else []
    if len(target) != 1 or target[0] in before:
        return None
    return with_name(subject, distinct[before[0]], distinct[target[0]], names[target[0]])


def _only_names(text: str, names: Sequence[str]) -> bool:
    """Whether a text is no more than one of the names, as an answer to which one is meant is."""
    said = frozenset(words(text)) - _BESIDE_NAMES
    return bool(said) and any(said <= frozenset(words(name)) for name in names)


def _named(text: str, distinct: Sequence[frozenset[str]]) -> list[int]:
    """The places of the names whose own words a text holds."""
    return [i for i, own in enumerate(distinct) if own and own <= content_set(text)]


def _distinct(names: Sequence[str]) -> list[frozenset[str]]:
    """The stems that tell each name from the others."""
    shared = _shared(names)
    return [content_set(name) - shared or content_set(name) for name in names]


def _shared(names: Sequence[str]) -> frozenset[str]:
    """The stems that two names or more have in common, and what they call themselves."""
    sets = [content_set(name) for name in names]
    return OPTION_NOUNS | {stem for own in sets for stem in own if sum(stem in other for other in sets) > 1}


def _opposite(index: int, distinct: Sequence[frozenset[str]]) -> list[int]:
    """With three or more names, "the other one" is the one built alike: "bottom-up" for "top-down"."""
    alike = [i for i, own in enumerate(distinct) if i != index and len(own) == len(distinct[index])]
    return alike if len(alike) == 1 else []


def with_name(subject: str, old: frozenset[str], new: frozenset[str], name: str) -> str:
    """``subject`` with the stretch of words that make ``old`` replaced by the words of ``name`` that make ``new``."""
    tokens = re.split(r"(\s+)", subject)
    own = [token for token in name.split() if content_set(token) & new] or name.split()
    places = [i for i, token in enumerate(tokens) if content_set(token) & old]
    if not places:
        return f"{subject} ({name})"
    head, tail = tokens[: places[0]], tokens[places[-1] + 1 :]
    ending = re.search(r"[^\w]*$", tokens[places[-1]])
    return "".join((*head, " ".join(own).lower() if head else " ".join(own), ending.group() if ending else "", *tail))
