"""What a question compares by: "on speed and risk", "which is cheaper", "the training needs of both"."""

import re
from dataclasses import dataclass

from assistant.questions.operands import operands
from assistant.words import content_set, content_words

_MOST = 9
_AT_END_WHEN = re.compile(
    r"\b(?:compare|differ|stack up|measure up|fare|perform|work out) (?P<what>(?:when|once|if) [^?.;:,()]{4,60})\W*$",
    re.IGNORECASE,
)
"""In what case something is compared ("how do they compare when the firm grows?")."""
_CONDITION = re.compile(
    r"[,;]?\s*(?:\b(?:and|or|compared (?:with|to)|versus|vs\.?|than)\s+)?\b(?:when|if|where)\b(?! it comes\b)(?:(?!\b(?:when|if|where)\b)[^,;?.])+",
    re.IGNORECASE,
)
COMPARING_WORDS = content_set(
    "compare comparison compared versus vs difference different differ contrast weigh against trade-off tradeoff tradeoffs side better best worse prefer approach approaches option options model models choose choice between guidance strategy organisation organization main key"
    " regarding respect terms regard concerning relation come comes off offs aspect aspects criterion criteria question table all three two four both similar similarity common separate separates distinguish distinguishes sets apart tells show give tell say please feature features characteristic characteristics detail details extreme extremes pure basic good bad overall general generally altogether stack measure fare up through AI what how which who want need know does do"
)
_BY = re.compile(
    r"\b(?:in terms of|with (?:regard|respect) to|in (?:respect|view) of|in regard to|regarding|concerning|as to|as regards|when it comes to"
    r"|from the (?:point of view|perspective|viewpoint) of|on(?! (?:board|paper|average|the other)\b)|(?<!ed )(?<!led )(?<!run )(?<!ven )by)\b",
    re.IGNORECASE,
)
_IN = re.compile(
    r"\bin\b(?! (?:our|my|your|us|an?|common|general|short|brief|detail|practice|comparison|contrast|case)\b)",
    re.IGNORECASE,
)
_BEFORE_IN = re.compile(
    r"\b(?:differ\w*|compar\w+|approach(?:es)?|models?|options?|strateg(?:y|ies)|one|other)\W*$", re.IGNORECASE
)
_FOR = re.compile(r"\bfor\b(?= (?:the )?\w+ing\b)", re.IGNORECASE)
_BETTER_FOR = re.compile(r"\bfor\b(?! (?:our|my|your|us|me|you)\b)", re.IGNORECASE)
_BETTER = re.compile(r"\b(?:better|worse|best|worst|superior|inferior)\b", re.IGNORECASE)
_COMPARES = re.compile(
    r"^(?!(?:which|who|is|are|do|does)\b)(?:please )?(?:(?:how|where) (?:do|does|did|would|will|might|may|could|can|is|are) |what (?:is|are) |(?:compare|comparing|contrast|put|set|lay) |give (?:me|us) (?:a comparison of )?)?(?P<rest>[^?.;:]+)",
    re.IGNORECASE,
)
_OF = re.compile(r"\b(?:of|under|in|with|for|between)\b", re.IGNORECASE)
_ROLE = re.compile(r"^(?:as|being) (?:an? |the |our )?[\w -]{2,40}, ", re.IGNORECASE)
"""As whom somebody asks."""
_OCCASION = re.compile(
    r"^(?:for|at|in|before|from|as|on behalf of|speaking|thinking|looking)\b[^?.:;]{2,80}: (?=(?:how|what|which|who|where|is|are|do|does|can|compare)\b)",
    re.IGNORECASE,
)
"""For what or as whom somebody asks ("for the board meeting: how do ...")."""
_YARDSTICK = re.compile(
    r"\b(?:yardstick|criterion|measure|test|point|aspect|question|standard|lens|thing)s?(?: (?:only|alone|is))?[,:–—-]* "
    r"(?P<what>(?:whether|how|what|who|if)\b[^?.:;]{3,90})(?=[:?.;])",
    re.IGNORECASE,
)
"""A clause that says what is compared by ("taking one yardstick, whether it serves the whole company: ...")."""
_DIFFERS = re.compile(
    r"^(?:how|where|in what) (?:do|does|did|would|will|might|may|could|can) (?P<what>[^?.,;:]+?) differ\b",
    re.IGNORECASE,
)
_TOGETHER = re.compile(
    r"\b(?:both|each|all|every|(?:the )?(?:two|three|four|five)|(?:the )?(?:approaches|options|models|alternatives|variants|strategies))\b",
    re.IGNORECASE,
)
_CLAUSE = re.compile(
    r"(?:^|[,:;–—] ?|- |\band )(?:so |and |but )?(?:which|what|who|whose|where|how)(?: of (?:the|them|these|those)(?: \w+){0,2})?\b(?P<rest>[^?.;:,]+)",
    re.IGNORECASE,
)
_BEFORE_COLON = re.compile(r"^(?P<rest>[^?.:;,]{3,60}): (?=[^:]+$)")
_JOINS = re.compile(r"\b(?:versus|vs|or|and|against)\b")
_AFTER_COLON = re.compile(r": (?P<rest>[^?.:;]{3,120})[?.!]*$")
_COMPARATIVES = (
    (re.compile(r"\b(?:faster|quicker|slower|swifter|speedier|sooner)\b", re.IGNORECASE), "Speed"),
    (re.compile(r"\b(?:cheaper|costlier|dearer|pricier|(?:more|less) (?:expensive|costly))\b", re.IGNORECASE), "Cost"),
    (re.compile(r"\b(?:riskier|safer|(?:more|less) (?:risky|dangerous|safe))\b", re.IGNORECASE), "Risks"),
    (re.compile(r"\b(?:easier|simpler|harder)\b(?! to\b)", re.IGNORECASE), "Effort"),
)
_MORE = re.compile(r"\b(?:is|are|be|being|seems?) (?:much |far )?(?:more|less) (?P<what>[\w-]+)", re.IGNORECASE)
_ER = re.compile(
    r"\b(?!better|rather|other|either|whether|never|ever|over|after|under|former|latter)(?P<what>\w{3,}er) than\b",
    re.IGNORECASE,
)

_POINT = re.compile(
    r"(?:(?:just|only|this|the following|these|an?|one|two|three|single|important|main|key|following) )+"
    r"(?:points?|things?|aspects?|criteri(?:on|a)|questions?|issues?|dimensions?|respects?)(?: only| alone)?",
    re.IGNORECASE,
)
"""Says that something is compared by, and not yet what ("on one point only: ...")."""
_WHICH_OF = re.compile(r"(?:and |so |but )*(?:which|who)(?= (?:one )?of (?:the|these|those|them)\b)", re.IGNORECASE)
_BEFORE_NAME = re.compile(
    r" (?:one )?of (?:the|these|those|them)(?: [\w-]+){0,2}(?:[,:(–—-]|\s)*(?:(?:the|an?) )?", re.IGNORECASE
)
_AFTER_NAME = re.compile(r"^(?: (?:one|approach|model|option|way|strategy|route))?[\s,:)–—-]*", re.IGNORECASE)
_EDGES = re.compile(
    r"^(?:(?:how|what|which|on|for|of|in|to|at|by|about|as|with|from|when|it|is|are|does|do|the|an?|our|your|we|us|they|if|than|most|more|less|its|their|would|should|can)\s+)+"
    r"|(?:\s+(?:of|in|for|the|an?|is|are|to|on|at|by|with|do|does|it|we|us|between|than|from|that|which|under))+$",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"(?:[^:?.;]{3,60}: )?(?:what|who|whose)\b(?!.*\b(?:differ\w*|compare\w*|differences?)\b)", re.IGNORECASE
)
_AT_END = re.compile(r"[\s,:]+(?:differ(?:s|ent)?|compared?|vary|varies)$", re.IGNORECASE)
""" "Their training needs differ"."""
_QUESTION = re.compile(
    r"(?:in |with |for |under |of )?(?:which|what|who|whose|where|how|does|do|will|would|can)\b", re.IGNORECASE
)
_FOR_WHOM = re.compile(r"(?:for|in|at) (?:an?|our|my|your|us|me)\b", re.IGNORECASE)
_DETERMINERS = re.compile(r"^(?:(?:the|an?|its|their|our|your|my|own|both|each)\s+)+", re.IGNORECASE)
_CHOOSES = re.compile(
    r"\b(?:choos\w+|decid\w+|pick|prefer|recommend\w*|take|go for|suits?|fits?|compare)\b", re.IGNORECASE
)
_SAY = frozenset("who getting get gets making make giving give having".split())
"""Words without a subject of their own that yet say what is asked ("who pays", "getting staff on board")."""


@dataclass(frozen=True, slots=True)
class _Compared:
    """What a question compares: the stems of the options' ``own`` names, and of all their names."""

    own: frozenset[str]
    named: frozenset[str]

    def says(self, words: str) -> bool:
        """Whether words say more than what is compared and that it is."""
        return (
            not _POINT.fullmatch(words.strip())
            and bool(content_set(words) - self.named - COMPARING_WORDS)
            and bool(content_words(words))
        )


def criteria(question: str, named: frozenset[str], own: frozenset[str]) -> list[str]:
    """What a question compares by, in its words; ``named`` and ``own`` are the stems of the names of what it compares.

    That is what follows "on", "by", "in terms of" and the like, what is compared of each ("the costs of both"), what a
    clause asks ("who pays"), or what a comparative means ("cheaper"). Empty where it compares altogether.
    """
    plain = _OCCASION.sub("", _ROLE.sub("", re.sub(r"(?:\s*\([^()]*\))+[^\w()]*$", "", question).strip()))
    plain = _without_enumeration(plain, own)
    called = frozenset() if own & content_set(plain) else content_set(" ".join(operands(plain)))
    compared = _Compared(own | called, named | called)
    for found in (
        [match["what"] for match in _YARDSTICK.finditer(plain)][:1],
        _under_conditions(plain),
        _heading(plain, compared),
        _introduced(plain, compared),
        _of_each(plain, compared),
        _meant_by_comparatives(plain),
        _asked(plain, compared),
        [match["what"] for match in _AT_END_WHEN.finditer(plain)],
        _around_names(plain, compared),
    ):
        told = [_AT_END.sub("", one) for one in found if compared.says(one)]
        if told:
            return list(dict.fromkeys(one[:1].upper() + one[1:] for one in told))[:_MOST]
    return []


def by_yardstick(question: str) -> bool:
    """Whether a question names a yardstick and says in a clause what it is."""
    return _YARDSTICK.search(question) is not None


def _under_conditions(plain: str) -> list[str]:
    """What is asked under several conditions, each an option ("what do people do when ..., and when ...?")."""
    conditions = [match for match in _CONDITION.finditer(plain) if match.start()]
    asked = _CONDITION.sub("", plain).strip(" ,?")
    return [asked] if len(conditions) > 1 and _ASKS.match(asked) else []


def _without_enumeration(plain: str, own: frozenset[str]) -> str:
    """ "Which of the two, the one or the other, is cheaper?" as "Which is cheaper?"."""
    opening = _WHICH_OF.match(plain)
    rest = plain[opening.end() :] if opening else ""
    named = [match for match in re.finditer(r"[^\s,;:?()]+", rest) if content_set(match.group()) & own]
    if not opening or len(named) < 2 or not _BEFORE_NAME.fullmatch(rest[: named[0].start()]):
        return plain
    after = _AFTER_NAME.sub("", rest[named[-1].end() :])
    return f"{opening.group()} {after}" if content_words(after) else plain


def _introduced(plain: str, compared: _Compared) -> list[str]:
    """What stands after a word that introduces what is compared by, up to a name of what is compared."""
    for introduction in (_BY, _IN, _BETTER_FOR if _BETTER.search(plain) else _FOR):
        found: list[str] = []
        for match in introduction.finditer(plain):
            before = plain[: match.start()].split()[-1:]
            named = bool(before and content_set(before[0]) & compared.own)
            if introduction is not _IN or named or _BEFORE_IN.search(plain[: match.start()]):
                found += [one for one in _each(plain[match.end() :], compared) if compared.says(one)]
        if found:
            return found
    return []


def _each(stretch: str, compared: _Compared) -> list[str]:
    """The members of an enumeration that a stretch begins with, whole but for what comes before a noun."""
    stretch = re.split(r"[?!;:()]|\.(?!\d)|,(?= (?:which|who|what|or)\b)", stretch, maxsplit=1)[0]
    kept: list[str] = []
    for word in stretch.split():
        if content_set(word) & compared.own:
            break
        kept.append(word)
    cut = len(kept) < len(stretch.split())
    pieces = re.split(r",\s*(?:and |or )?|\s+(?:and|or|versus|vs\.?)\s+", " ".join(kept))
    if cut:
        pieces[-1] = _EDGES.sub("", pieces[-1])
    return [_DETERMINERS.sub("", piece.strip(" .,\"'“”")) for piece in pieces if piece.strip()]


def _heading(plain: str, compared: _Compared) -> list[str]:
    """What stands before the names of what is compared as a heading does: "Speed: the one versus the other"."""
    before = _BEFORE_COLON.match(plain)
    if before is None or content_set(before["rest"]) & compared.own:
        return []
    first, *_ = _JOINS.split(plain[before.end() :])
    return [_trimmed(before["rest"], compared)] if content_set(first) & compared.named else []


def _of_each(plain: str, compared: _Compared) -> list[str]:
    """What is compared of each: "compare the costs of one and the other", "how do their needs differ"."""
    match = _COMPARES.match(plain)
    rest = match["rest"] if match else ""
    for place in reversed(list(_OF.finditer(rest))):
        what, whose = rest[: place.start()], rest[place.end() :]
        twice = re.search(rf"\b(?:and|with|to|versus|vs\.?) {place.group()}\b", whose, re.IGNORECASE)
        told = content_set(whose) & compared.own or _TOGETHER.search(whose)
        if twice or (told and not content_set(what) & compared.own):
            what = re.sub(r"\b(?:differ\w*|compare\w*)\b.*", "", what)
            return [_DETERMINERS.sub("", one.strip()) for one in re.split(r",|\band\b", what)]
    match = _DIFFERS.match(plain)
    if match and not content_set(match["what"]) & compared.own:
        return [_DETERMINERS.sub("", match["what"])]
    return []


def _meant_by_comparatives(plain: str) -> list[str]:
    found = [label for pattern, label in _COMPARATIVES if pattern.search(plain)]
    found += [match["what"] for pattern in (_MORE, _ER) for match in pattern.finditer(plain) if not found]
    return found


def _asked(plain: str, compared: _Compared) -> list[str]:
    """What a clause asks of what is compared, or what stands alone after a colon."""
    found = [
        _trimmed(stretch, compared)
        for match in _CLAUSE.finditer(plain)
        for stretch in re.split(r"\b(?:and|or|versus|vs)\b", match.group().lstrip(" ,:;–—-"))
        if not content_set(stretch) & compared.own and not _CHOOSES.search(stretch)
    ]
    after = _AFTER_COLON.search(plain)
    return found or (_each(after["rest"], compared) if after else [])


def _around_names(plain: str, compared: _Compared) -> list[str]:
    """What a question says beside two names or more of what it compares: "which skills do people need under A or B"."""
    stretches: list[list[str]] = [[]]
    for word in plain.rstrip(" ?.!").split():
        if content_set(word) & compared.own:
            stretches.append([])
        else:
            stretches[-1].append(word)
    if len(stretches) < 3 or not _QUESTION.match(plain):
        return []
    told = [
        _trimmed(" ".join(words), compared) for words in stretches if words and not _FOR_WHOM.match(" ".join(words))
    ]
    told = [one for one in told if compared.says(one) and not _CHOOSES.search(one)]
    return [max(told, key=lambda one: len(content_words(one)))] if told else []


def _trimmed(stretch: str, compared: _Compared) -> str:
    """A stretch without the words it begins with that compare or name what is compared, nor such names at its end."""
    left = stretch.split()
    while left and not content_set(left[-1]) - compared.named:
        del left[-1]
    while left and not content_set(left[0]) - compared.named - COMPARING_WORDS and left[0].lower() not in _SAY:
        del left[0]
    return _EDGES.sub("", " ".join(left))
