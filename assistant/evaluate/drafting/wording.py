"""Questions made from the words of a statement or heading, by rules for English."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.evaluate.drafting.clauses import built_question
from assistant.words import stem, words

_VERBS = (
    "require|need|demand|give|offer|bring|cause|create|provide|reduce|increase|allow|enable|include|involve|support|"
    "improve|combine|supply|lead to|depend on|rest on|consist of|suffer from|rely on|make|set|keep|avoid|prevent"
)
_SINGULAR = "|".join(re.sub(r"^(\w+)", lambda verb: verb.group(1) + "s", verb, count=1) for verb in _VERBS.split("|"))
_REASON = re.compile(r"^(?P<what>[^;:]{12,160}?),? because (?:of )?\w.{5,}$", re.IGNORECASE)
_CONDITION = re.compile(r"^(?P<when>(?:if|when|where|once|unless|without)\b[^,;:]{8,140}), .{8,}$", re.IGNORECASE)
_DEFINED = re.compile(
    r"^(?P<term>[^,;:.]{3,70}?) (?:(?P<be>is|are) (?:not )?(?:a|an|the|one of)\b|(?P<means>means|refers to|stands for)\b)",
    re.IGNORECASE,
)
_ONE_DOES = re.compile(rf"^(?P<who>[^,;:.]{{3,70}}?) (?P<verb>{_SINGULAR})\b .{{5,}}$", re.IGNORECASE)
_MANY_DO = re.compile(rf"^(?P<who>[^,;:.]{{3,70}}?) (?P<verb>{_VERBS})\b .{{5,}}$", re.IGNORECASE)
_MUST = re.compile(
    r"^(?P<who>[^,;:.]{3,70}?) (?P<modal>must|should|may|can|shall)(?P<no> not)? (?!be\b|not\b|have\b|easily\b)\w.{5,}$",
    re.IGNORECASE,
)
_POINTS_BACK = re.compile(
    r"^(?:it|its|they|their|this|that|these|those|such|there|he|she|we|you|one|each|both|another|also|"
    r"people|everyone|others|some|many|most|few)\b",
    re.IGNORECASE,
)
_ASKS = re.compile(r"^(?:what|how|why|when|where|which|who|whom|whose|is|are|does|do|can|should)\b", re.IGNORECASE)
_PLURAL = re.compile(r"^(?:the )?(?:\w+ ){0,2}?\w+(?<![sui])s\b(?= (?:of|in|for|to|that|with)\b|$)", re.IGNORECASE)
_VERB_INSIDE = re.compile(r"\b(?:is|are|was|were|be|has|have|can|may|must|should|will|that|which)\b", re.IGNORECASE)
_SPOKEN = re.compile(rf"\b(?:{_VERBS}|{_SINGULAR})\b", re.IGNORECASE)
_MARKS = re.compile(r"[^\w\s'’,&/()-]|\d$|^\d")
_LONGEST_SUBJECT = 8
_LONGEST_HEADING = 90


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What a guidance says of its words: the stems of those it writes in lower case, and those it writes with a capital
    within a sentence. A first word among the stems is no name."""

    stems: frozenset[str]
    names: frozenset[str] = frozenset()

    @staticmethod
    def of(texts: Sequence[str]) -> "Vocabulary":
        found = {word for text in texts for word in re.findall(r"\b[a-z]+\b", text)}
        names = {word for text in texts for word in re.findall(r"(?<=[a-z,] )[A-Z][a-z]+\b", text)}
        stems = frozenset(stem(word) for word in found | {"a", "an", "the", "if", "when"})
        return Vocabulary(stems, frozenset(names))

    def lowered(self, text: str) -> str:
        """The text as it stands within a sentence: without its capital, unless that is part of a name."""
        first = re.match(r"[A-Z][a-z]*(?![A-Za-z])", text)
        if first is None or first.group() == "I":
            return text
        # A word of which nothing else is known is no name where it is a plural or others without a capital follow it.
        followed = re.match(r" (?:[a-z]|[A-Z]{2,}\b)", text[first.end() :]) or re.search(r"[^aisu]s$", first.group())
        alone = first.group() in self.names or not followed
        return text if alone and stem(first.group().lower()) not in self.stems else text[0].lower() + text[1:]


def question_for(statement: str, vocabulary: Vocabulary) -> str:
    """A question that the statement answers; empty where no rule makes a readable one."""
    line = _plain(statement)
    if _POINTS_BACK.match(line) or "?" in line or '"' in line:
        return ""
    if found := _REASON.match(line):
        return f"Why is it that {vocabulary.lowered(found['what'])}?"
    if found := _CONDITION.match(line):
        return f"What follows {vocabulary.lowered(found['when'])}?"
    if (found := _DEFINED.match(line)) and _is_subject(found["term"]):
        term = vocabulary.lowered(found["term"])
        return f"What {found['be'].lower()} {term}?" if found["be"] else f"What does {term} mean?"
    before, who, after = built_question(line)
    if before and _is_subject(who):
        return f"{before}{vocabulary.lowered(who)}{after}"
    if (found := _MUST.match(line)) and _is_subject(found["who"]):
        return f"What {found['modal'].lower()} {vocabulary.lowered(found['who'])}{found['no'] or ''} do?"
    if (found := _ONE_DOES.match(line)) and _is_subject(found["who"]):
        verb = re.sub(r"^(\w+)s\b", r"\1", found["verb"])
        return f"What does {vocabulary.lowered(found['who'])} {verb}?"
    if (found := _MANY_DO.match(line)) and _is_subject(found["who"]):
        return f"What do {vocabulary.lowered(found['who'])} {found['verb']}?"
    return ""


def subject_of(statement: str, vocabulary: Vocabulary) -> str:
    """What the statement is about, as a phrase of at most four words; empty where no rule tells."""
    line = _plain(statement)
    if _POINTS_BACK.match(line):
        return ""
    for pattern, name in ((_DEFINED, "term"), (_MUST, "who"), (_ONE_DOES, "who"), (_MANY_DO, "who")):
        if (found := pattern.match(line)) and _is_subject(found[name]) and len(words(found[name])) <= 5:
            return vocabulary.lowered(found[name])
    return ""


def in_one(first: str, second: str) -> str:
    """Two questions as one."""
    return f"{first.rstrip('?')}, and {second[0].lower()}{second[1:]}"


def heading_question(heading: str, vocabulary: Vocabulary) -> str:
    """A question for everything under a heading."""
    if heading.endswith("?"):
        return heading
    return f"What does the guidance say about {_named(heading, vocabulary)}?"


def _named(heading: str, vocabulary: Vocabulary) -> str:
    """A heading within a question; one that is more than a name stands in quotation marks."""
    plain = is_name(heading) and len(words(heading)) <= _LONGEST_SUBJECT
    if plain and not (_VERB_INSIDE.search(heading) or _SPOKEN.search(heading) or _MARKS.search(heading)):
        return vocabulary.lowered(heading)
    return f"“{heading[:_LONGEST_HEADING]}”"


def list_question(heading: str, vocabulary: Vocabulary) -> str:
    """A question for every item under a heading."""
    if heading.endswith("?"):
        return heading
    if _PLURAL.match(heading) and not _ASKS.match(heading):
        name = vocabulary.lowered(heading)
        return f"What are {'' if name.startswith('the ') else 'the '}{name}?"
    named = _named(heading, vocabulary)
    return f"Which points does the guidance make {'under' if named.startswith('“') else 'about'} {named}?"


def is_name(heading: str) -> bool:
    """Whether a heading names something rather than asks or states it."""
    return not _ASKS.match(heading) and not heading.endswith("?")


def aspect(heading: str, subject: str, vocabulary: Vocabulary) -> str:
    """A heading as one names it when the subject is already clear: "the drawbacks" for "Drawbacks of the first way".

    Empty where the heading is a question or a clause, or does not end in words of ``subject``.
    """
    found = re.match(r"^(?:the )?(?P<what>[^,;:?]{3,50}?) (?:of|in|for) (?P<tail>.+)$", heading, re.IGNORECASE)
    if not found or _ASKS.match(heading) or _VERB_INSIDE.search(found["what"]):
        return ""
    known = set(words(subject))
    return f"the {vocabulary.lowered(found['what'])}" if set(words(found["tail"])) <= known else ""


def _plain(statement: str) -> str:
    """On one line, without its full stop and the adverbs that would stand between subject and verb."""
    line = " ".join(statement.split()).rstrip(". ")
    return re.sub(r" (?:also|then|therefore|often|usually|typically|still|only|always)(?= [a-z])", "", line)


def _is_subject(phrase: str) -> bool:
    return (
        1 <= len(words(phrase)) <= _LONGEST_SUBJECT
        and not _POINTS_BACK.match(phrase)
        and not _ASKS.match(phrase)
        and not _VERB_INSIDE.search(phrase)
        and not re.match(
            r"^(?:in|on|at|by|for|with|from|under|after|before|during|if|when|where|once|unless|without|because|since|while|although|as|not|no|and|but|or|to)\b",
            phrase,
            re.I,
        )
    )
