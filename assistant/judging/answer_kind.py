"""What kind of thing would answer a question, and whether the passages hold anything of that kind.

"How many people ...?" cannot be answered by passages without a number in them, nor "which vendors ...?" by passages
without a name, however near their subject is. Language models miss this most where the subject is well covered.
"""

import re
from collections.abc import Sequence

from assistant.contents.cells import ROW
from assistant.words import content_set, ends_asking

LACKING = 0.1
"""The highest probability of an answer where the passages hold nothing of the kind that would answer."""

COMES_TO = r"come to(?=\W*$| (?:per|a|an|each|altogether|in all|in total|in (?:19|20)\d\d)\b)"
"""How a question for a sum ends ("what does that come to per head?")."""
_PRICE = (
    r"\bhow much (?:money|(?:do|does|did|will) .{1,60} (?:cost|earn|spend|pay)"
    r"|(?:is|are|was|were|has|have) .{1,60} (?:paid|paying|earning|spent|spending|costing))\b"
    r"|\bwhat (?:salary|wage|price(?! (?:do|does|did|will|would|must) \w+ pay for \w+ing\b)|fees?)\b|\bwhat (?:do|does|did|would|will) .{1,80} (?:cost|earn(?= (?:a|per) |\W*$))\b"
    rf"|\bwhat (?:do|does|did|would|will) (?:(?!(?:when|if|once|where|until|they|we|you)\b)[\w’'-]+ ){{1,8}}?{COMES_TO}"
)
_SIZE = (
    r"\bhow (?:big|large|high|low|steep|hefty) (?:is|are|was|were|would|will) (?:[\w’'-]+ ){0,6}?"
    r"(?:fees?|fines?|penalt(?:y|ies)|prices?|costs?|budgets?|charges?|discounts?|grants?|bonus(?:es)?|rates?|shares?|sums?|surcharges?|payments?)\b"
)
_COUNT = re.compile(
    rf"{_PRICE}|\bhow many\b|\bwhat (?:number|proportion|share|fraction) of\b|\bwhat (?:percentage|per ?cent)\b"
    r"|\bwhat (?:salaries|sum|amount)\b|\bhow much (?:budget|should (?:we|i|it|they) (?:pay|spend|invest|budget))\b"
    rf"|\bin (?:euros?|dollars?|pounds?|percent)\b|{_SIZE}",
    re.IGNORECASE,
)
_COST = re.compile(
    rf"{_PRICE}|{_SIZE}|\bwhat (?:salary|wage|price)s\b|\bwhat (?:percentage|per ?cent)\b", re.IGNORECASE
)
_HOW_MANY = re.compile(r"\bhow many\b", re.IGNORECASE)
_DAY = re.compile(
    r"\b(?:on|for) (?:which|what) (?:[\w-]+ )?(?:dates?|days?)\b|\b(?:what|which) (?:exact|precise) (?:dates?|days?)\b|^(?:and )?(?:what|which) dates?\b",
    re.IGNORECASE,
)
_DURATION = re.compile(
    r"\bhow long (?:does|do|will|would|should|did|is|are|until|before)\b|\bwhat (?:year|date|month|day|deadline)\b|\b(?:in|by|since) (?:which|what) (?:year|month|date)\b"
    r"|\bhow old\b",
    re.IGNORECASE,
)
_FREQUENCY = re.compile(r"\bhow (?:often|frequently|regularly)\b", re.IGNORECASE)
_NAMED = re.compile(
    r"\b(?:which|what|name|list) (?:\w+ ){0,3}(?:vendors?|suppliers?|brands?|universit(?:y|ies)|consultanc(?:y|ies)|consulting firms?|countr(?:y|ies)|cit(?:y|ies)"
    r"|person|persons|authors?|celebrit(?:y|ies)|publishers?)\b|\b(?:what|which)\b[^?.]*\bby name\b|\bwho (?:invented|wrote|founded|discovered|won|is the (?:ceo|author|president|minister|founder))\b",
    re.IGNORECASE,
)
_PARTNERS = (
    r"(?P<who>firms|vendors|suppliers|companies|consultancies|universities|manufacturers|customers|countries|cities)\b"
)
_WHICH_PARTNERS = (
    re.compile(
        rf"(?:^\W*(?:please |and )*(?:name|list)|\bwho are) (?:(?:the|all|our|those) )*(?:\w+ )?{_PARTNERS}(?! (?:who|that)\b)",
        re.IGNORECASE,
    ),
    re.compile(
        rf"(?:^|\b(?:what|which|who) )(?:\w+ )?(?:the )?(?:two|three|four|five|\d+) (?:\w+ )?{_PARTNERS}", re.IGNORECASE
    ),
)
_COUNT_OF_PARTNERS = r"\b(?:two|three|four|five|six|several|some|few|many|\d+) (?:\w+ )?"
_TOLD_APART = re.compile(r":|\b(?:among them|such as|namely|like)\b", re.IGNORECASE)
_NUMBER = re.compile(
    r"\d|\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|(?:thir|four|fif|six|seven|eigh|nine)teen"
    r"|(?:twen|thir|for|fif|six|seven|eigh|nine)ty|dozen|hundreds?|thousands?|millions?|billions?|half|third|quarter|percent|per cent|twice)\b",
    re.IGNORECASE,
)
_SPAN = re.compile(
    r"\d|\b(?:an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozen|few|several|many|some|couple of|within|under|over|than) "
    r"(?:\w+ )?(?:days?|weeks?|months?|years?|hours?|minutes?|quarters?|decades?|night)\b(?!-)|\b(?:overnight|immediately|indefinitely|forever|permanently|life)\b",
    re.IGNORECASE,
)
_TIME = re.compile(
    r"\d|\b(?:days?|weeks?|months?|years?|hours?|minutes?|quarters?|decades?|daily|weekly|monthly|yearly|annual(?:ly)?|quarterly|regular(?:ly)?|periodic(?:ally)?"
    r"|continu(?:al|ous)(?:ly)?|immediately|rapid(?:ly)?|at once|once|twice)\b",
    re.IGNORECASE,
)
_MANY = re.compile(
    rf"{_NUMBER.pattern}|\b(?:one|none|no|nobody|nothing|single|only|all|every(?:one|body|thing)?|each|both|few|several|most|majority"
    r"|unlimited|many|pairs?|couple)\b|,[^,.;]+,? and ",
    re.IGNORECASE,
)
"""How many there are, be it without a number, or each of them by name."""
_A_DAY = re.compile(
    r"\d|\b(?:(?:mon|tues|wednes|thurs|fri|satur|sun)days?|today|tomorrow|first|last|second|third|fourth|beginning|start|middle|end|mid"
    r"|open|decided|fixed|set|announced)\b",
    re.IGNORECASE,
)
_PERCENTAGE = re.compile(r"\bwhat (?:percentage|per ?cent|proportion|fraction)\b", re.IGNORECASE)
_SHARE = re.compile(
    r"%|\bper ?cent|\b(?:half|thirds?|quarters?|fifths?|tenths?|all|none|nobody|every(?:one|body)?|most|majority|minority)\b"
    r"|\b\w+ (?:in|out of|of) (?:every )?(?:the )?(?:\d|two|three|four|five|six|seven|eight|nine|ten|twelve|twenty|hundred)",
    re.IGNORECASE,
)
_NAMES = re.compile(
    r"\b(?:which|what) (?:[\w-]+ ){0,2}[a-z]{3,}\b[^?]*\?[^?]*\bnames?\b|\(names?\b|\bby name\b", re.IGNORECASE
)
"""Asks for names and says so ("which companies have done it? Names would help")."""
_RULE_NUMBER = re.compile(r"^\W*\d{1,3}(?:\.\d{1,3})*\.?(?= [A-Z])")
"""The number of a rule, which counts nothing ("5.3 A member may ...")."""
_NAME = re.compile(r"(?<=[a-z,;:] )[A-Z][a-zà-ÿ]{2,}")
_SOURCE = r"(?:[Tt]he )?(?P<name>[A-Z][\w.&’'-]+(?: (?:(?:of|on|and|for) )?[A-Z0-9][\w.&’'-]*)*)"
_SAYS = r"(?:(?:also|really|actually|even) )?(?:oblig|requir|demand|forbid|prohibit|allow|permit|mandat|say|recommend|expect|ban|force|stipulat|prescrib|set out)"
_SOURCES = (
    re.compile(rf"\b(?:[Dd]oes|[Dd]o|[Dd]id|[Ww]ould|[Ww]ill|[Cc]an)(?:n['’]t)? {_SOURCE} {_SAYS}"),
    re.compile(rf"\b(?:[Aa]ccording to|[Uu]nder|[Aa]s (?:laid down|required|set out) (?:in|by)) {_SOURCE}(?=[^.!]*\?)"),
)
_NO_SOURCE = re.compile(r"A\.?I\.?|IT|HR|C[A-Z]{1,2}O|I|We|You|They|It|He|She|Our|My|This|That|These|Those|Your")
_A_NAME = r"(?!AI\b|I\b)[A-Z][\w-]+"
_OFFERED = re.compile(
    rf"\b(?P<one>{_A_NAME})(?:['’]s)?,? or (?:(?:straight|rather|else|maybe|perhaps) )?"
    rf"(?:(?:to|from|by|with|for|in|of|on) )?(?:(?:the|an?|our) )?(?P<other>{_A_NAME})"
)
"""Two alternatives, each called by a name ("GPT or Claude?")."""
_OFFERED_LAST = re.compile(
    rf"^(?i:who|whom|which|whose)\b[^?]*, (?:the |an? )?(?:(?P<one>{_A_NAME}) or (?:the |an? )?(?P<plain>[\w -]+)"
    rf"|(?P<first>[\w -]+) or (?:the |an? )?(?P<other>{_A_NAME}))\W*$"
)
"""Two alternatives at the end of a question for one of them, one called by a name ("who heads it, the CIO or ...?")."""
_RATE = re.compile(
    r"\b(?:per|for (?:each|every|one|a single)|(?:one|a single) (?=[a-z]+ of\b))"
    r" ?(?P<unit>(?!(?:cent|annum|year|quarter|month|week|day|night|term|semester)\b)[a-z]{3,})",
    re.IGNORECASE,
)
"""Asks what one of something costs ("per page", "one hour of tape")."""
_BY_UNIT = re.compile(r"\bper (?!cent\b)\w|/ ?[a-z]|\b(?:each|every|apiece|single|unit|one|an?)\b", re.IGNORECASE)
"""Says what one of anything costs."""
_KINDS = ((_COST, _NUMBER), (_HOW_MANY, _MANY), (_DAY, _A_DAY), (_PERCENTAGE, _SHARE), (_NAMES, _NAME))
"""What a question asks for, and what a statement has to hold of it."""
_UNITS = content_set(
    "ai number percentage percent proportion share much cost price fee day week month year hour minute quarter date deadline"
    " long old often frequently regularly"
)
_SAME_MEANT = 0.12
"""How near in meaning a number may be to a question with which it shares no word: "schooled" of "had any training"."""

_FOR_QUESTIONS = re.compile(r"\b(?:ask\w*|questions?|check\w*|survey\w*|interview\w*|quiz\w*)\b", re.IGNORECASE)
_LABEL = 5
"""The most words that carry a subject in what is a mere label."""


def tells_nothing(question: str, text: str, over: str = "") -> bool:
    """Whether one text only asks something itself, or is a label that names what the question or what stands over it does."""
    if ends_asking(text):
        return _FOR_QUESTIONS.search(question) is None
    said = {stem for stem in content_set(text) if not stem.isdigit()}
    if len(said) > _LABEL or text.endswith((".", "!", ";")):
        return False
    return text.endswith(":") or said <= content_set(f"{question} {over}")


def is_of_another_kind(question: str, text: str, over: str = "", meaning: float = 0.0) -> bool:
    """Whether a question asks for a number, a time or a name and one text cannot be what answers it.

    It cannot where it holds nothing of what is asked for, be it a price, a quantity, a day, a percentage or a name
    (``_KINDS``), or where it and what stands ``over`` it share no word with the question but for the unit and how near
    both are in ``meaning`` (a cosine) does not show that the same is meant.
    """
    counted = _RULE_NUMBER.sub("", text)
    for asked, told in _KINDS:
        if asked.search(question) and not told.search(counted):
            return True
    if _counts_who_is_asked_for(question, text) or _of_no_unit(question, text, over):
        return True
    asks = any(pattern.search(question) for pattern in (_COUNT, _DURATION, _FREQUENCY))
    return asks and meaning < _SAME_MEANT and not (content_set(question) - _UNITS) & content_set(f"{over} {text}")


def _of_no_unit(question: str, text: str, over: str) -> bool:
    """Whether a question asks what one of something costs, and the row of a table names neither that nor any rate."""
    unit = _RATE.search(question) if _COST.search(question) else None
    wanted = content_set(unit["unit"]) if unit else frozenset()
    return (
        bool(wanted)
        and ROW.match(text) is not None
        and not (_BY_UNIT.search(text) or wanted & content_set(f"{over} {text}"))
    )


def _counts_who_is_asked_for(question: str, text: str) -> bool:
    """Whether a text only says how many others there are of whom a question asks who they are."""
    asked = next(filter(None, (pattern.search(question) for pattern in _WHICH_PARTNERS)), None)
    if asked is None or _NAME.search(text):
        return False
    counted = re.search(rf"{_COUNT_OF_PARTNERS}{asked['who']}\b", text, re.IGNORECASE)
    return counted is not None and not _TOLD_APART.search(text[counted.end() :])


def lacks_kind_of_answer(question: str, texts: Sequence[str]) -> bool:
    """Whether a question asks for a number, a time or a name and no text holds one, or what another source says.

    Or which of two it is, one of them called by a name, and no text knows either ("GPT or Claude?").

    A number counts only if the question does not name it itself; a name is a capitalised word within a sentence.
    """
    found = " ".join(texts)
    if _of_another_source(question, found) or _offers_what_is_nowhere(question, found):
        return True
    if _COUNT.search(question):
        return _NUMBER.search(found) is None
    if _DURATION.search(question):
        return _SPAN.search(found) is None
    if _FREQUENCY.search(question):
        return _TIME.search(found) is None
    if _NAMED.search(question):
        return _NAME.search(found) is None
    return False


def _offers_what_is_nowhere(question: str, found: str) -> bool:
    """Whether a question offers two alternatives, one by a name at least, neither of which stands in what was found."""
    own = question.partition(" (")[0]
    offered = _OFFERED.search(own) or _OFFERED_LAST.search(own)
    if offered is None:
        return False
    lower, told = found.casefold(), content_set(found)
    for kind, side in offered.groupdict().items():
        if side and kind in ("one", "other"):
            name, where = (side, found) if side.isupper() else (side.casefold(), lower)
            stands = re.search(rf"\b{re.escape(name)}", where) is not None
        else:
            stands = side is not None and content_set(side) <= told
        if stands:
            return False
    return True


def _of_another_source(question: str, found: str) -> bool:
    """Whether a question is for what something says or requires that it calls by a name of which no text speaks.

    "Does the EU AI Act oblige us to ...?", "What does ISO 42001 say about ...?"
    """
    sources = [re.sub(r"['’]s$", "", match["name"]) for pattern in _SOURCES for match in pattern.finditer(question)]
    names = [name for name in sources if not _NO_SOURCE.fullmatch(name)]
    lower = found.casefold()
    return bool(names) and not any(name in found if name.isupper() else name.casefold() in lower for name in names)
