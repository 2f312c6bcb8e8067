"""A question parted into the questions within it."""

import re
from collections.abc import Sequence

from assistant.questions.kinds import asks_then_of_each
from assistant.questions.vague import OPEN
from assistant.words import content_set, content_words

_STATES = re.compile(
    r"(?:(?:and|but|so|also|because|honestly|frankly|basically|actually|currently|today|yesterday|recently"
    r"|personally)[, ]+)*"
    r"(?:(?:we|i|our|my|you|he|she|they|it|there|this|that|these|people|everyone|everybody|someone|somebody|nobody)\b[^?]*"
    r"|(?:ok(?:ay)?|well|so|right|now|thanks?|please|sorry|great|good|fine|yes|no|hi|hello|hm+"
    r"|correct|agreed|true|fair enough|isn['’]t it)[,.!? ]*)$",
    re.IGNORECASE,
)
"""A stretch that tells something or is a mere word between, and asks nothing."""
_FRAME = frozenset(
    content_words(
        "guidance guide document text paper policy say suggest recommend advise advice tell mean think ok okay please"
    )
)
_ASKED_OF = (
    r"(?:i|we|you|he|she|it|they|there|that|this|these|those|the|an?|our|my|your|their|its|each|every|all|any|some|both"
    r"|one|staff|people|everyone|everybody|anyone|anybody|someone|management|leadership|\w+[^\Ws]s)\b"
)
"""What follows "must" or "will" in a question ("must teams ...?"); before a verb ("and must approve") none begins."""
_OPENING = r"(?:what|who|whom|whose|which|how|why|when|where)"
_DONE = (
    r"(?:\w+ed|been|had|given|made|taken|told|paid|kept|held|set|sent|met|found|done|seen|gone|said|won|lost|put|begun)"
)
_HAVE_BEGINS = (
    r"(?:(?:have|has|was|were|had) (?:i|we|you|he|she|it|they|there)\b|am i\b"
    r"|(?:was|were) (?:the|our|any|all|my|this|these)\b"
    rf"|(?:have|has|had) (?:the|our|any|all|my|this|these) (?:[\w-]+ ){{1,3}}?{_DONE}\b)"
)
_BEGINS = (
    rf"(?:(?:{_OPENING}|does|is|are|can|should)\b"
    rf"|(?:do|may|must|will|would|could|shall|might|did) {_ASKED_OF}"
    rf"|{_HAVE_BEGINS})"
)
_PREPOSITION = (
    r"(?:from|at|for|by|until|till|since|in|on|of|to|with|within|under|above|below|over|after|before|about|against"
    r"|up to)"
)
_AUXILIARY = r"(?:am|is|are|was|were|do|does|did|has|have|had|can|could|shall|should|will|would|may|might|must)\b"
_WITH_PREPOSITION = (
    r"(?:(?:from|at|for|by|until|till|since|in|on|to|with|under) (?:what|how|when)\b(?= \w+ \w)"
    rf"|{_PREPOSITION} (?:how (?:long|many|much|often|far)|what|which|whom?|whose)"
    rf"(?=(?: [\w-]+){{0,3}}? {_AUXILIARY} {_ASKED_OF}))"
)
_IN_SHORT = (
    r"(?:(?:for|since|until|till|within) how long|(?:by|from|until|since) when|(?:by|with|to|from) whom|by how much"
    r"|under (?:what|which) (?:conditions?|circumstances|terms)|how (?:long|often|soon|much|fast))"
)
"""Asks no more than this of what stands before ("may we use it, for how long, and who decides?")."""
_ON_CONDITION = (
    rf"(?:(?:if|when|once|where|in|under|with|for) [^,?.!;]{{3,60}}, (?={_OPENING}\b)"
    rf"|if (?:so|not),? (?={_OPENING}\b|{_AUXILIARY})"
    rf"|if [^?.!;]{{3,60}}?,? (?=(?:does|do|did|can|may|must|should|will|would) {_ASKED_OF}))"
)
_ENDS = re.compile(
    rf"(?<=[?!.;])\s+|(?:,|\s[-–—])?\s+(?:and|&) "
    rf"(?={_BEGINS}|{_WITH_PREPOSITION}|{_IN_SHORT}\W*(?:$|[,?])|{_ON_CONDITION})",
    re.IGNORECASE,
)
_AUXILIARY_BEGINS = (
    rf"(?:(?:does|do|is|are|can|could|should|may|must|will|would|shall|did) {_ASKED_OF}"
    rf"|{_HAVE_BEGINS})"
)
_AT_COMMA = re.compile(
    rf",\s+(?=(?:what|how|why|when|where)\b|{_WITH_PREPOSITION}|{_IN_SHORT}\W*(?:$|,)|(?:who|which)\b[^,]*$"
    rf"|who\b[^,]*, (?:who\b|and {_BEGINS})|{_AUXILIARY_BEGINS})",
    re.IGNORECASE,
)
"""A "which" that a comma follows once more adds to what stands before it ("the tools, which we like, cost")."""
_PLAINLY_SEVERAL = 3
"""So many questions between commas need no "and" before the last."""
_ENUMERATED = re.compile(
    rf"(?:\band|&) (?:(?:what|who|which|how|why|when|where)\b|{_WITH_PREPOSITION}|{_AUXILIARY_BEGINS})", re.IGNORECASE
)
_OPENS = re.compile(rf"(?:and |but |so )*{_OPENING}\b", re.IGNORECASE)
_OPENS_IN_ANY_FORM = re.compile(rf"(?:and |but |so )*(?:{_OPENING}\b|{_AUXILIARY_BEGINS})", re.IGNORECASE)
_OPENS_PLAINLY = re.compile(rf"(?:and |but |so )*(?:{_OPENING}\b|{_AUXILIARY} \w)", re.IGNORECASE)
_HOW_MANY = re.compile(r"(?:^|,)\s*(?:and |but |so )*(?P<asked>how (?:many|much|often|long))\b", re.IGNORECASE)
_COUNTS = re.compile(rf"(?:and |but |so )*how (?:many|much|often|long|soon) {_AUXILIARY}(?: \S+){{2}}", re.IGNORECASE)
_CLAUSE = re.compile(rf"(?:and |but |so )*(?:when|where|if|once)\s+(?!{_AUXILIARY})[^?]*$", re.IGNORECASE)
"""What the question after it rests on ("when teams lead, who pays?"), as nothing in it is asked."""
_INDIRECT = re.compile(
    rf"(?!.*, {_OPENING}\b)"
    rf"(?:how (?!to\b|(?:\w+ ){{0,2}}{_AUXILIARY})|(?:why|when|where) (?!not\b|to\b|from\b|{_AUXILIARY}))",
    re.IGNORECASE,
)
"""Belongs to the verb of the question before it ("who decides what is built and where the money goes?")."""
_ASKS_OF_SUBJECT = re.compile(
    rf"(?:and |but |so )*(?:who\b(?! {_AUXILIARY} {_ASKED_OF})"
    rf"|(?:which|what)\b(?! {_AUXILIARY} {_ASKED_OF})(?! (?:[\w-]+ ){{1,4}}?{_AUXILIARY} {_ASKED_OF}))",
    re.IGNORECASE,
)
"""Asks for who or what does something ("who sits on the board?")."""
_OF_SAME_SUBJECT = re.compile(
    rf"(?:(?:can|could|should|must|may|will|would|shall|might|does|do|did) (?!{_ASKED_OF})\w"
    r"|(?:is|are|was|were|has|have|had) "
    rf"(?:not|never|also|still|only|already|even|(?:[\w-]+ly )?{_DONE}|[a-z]+ing(?! {_DONE}))\b)",
    re.IGNORECASE,
)
"""Goes on about the subject of the question before ("... and can veto a project?")."""
_NAMED = re.compile(r"\w+ [A-Z]")
_SUBORDINATE = re.compile(
    r"(?:(?P<adverb>(?:when|while|where) \w+ing\b)"
    rf"|(?P<wh>what|which|who|that|whose|whom)\b(?! {_AUXILIARY}))[^?]*\??$",
    re.IGNORECASE,
)
"""May belong to the verb or noun of the question before it."""
_WH = r"(?:what|who|whom|whose|which|how|why|when|where|whether)"
_REQUESTS = (
    r"(?:i|we|me|us|you|(?:my|our) \w+|could|can|would|will|let|please|just|the (?:question|board|team|boss|point)|tell"
    r"|explain|remind|question|ask|see|hear)"
)
"""How a stretch begins that wants to be told something: "a supplier refuses to explain how ..." tells it."""
_ASKS = re.compile(
    rf"\?\W*$|^(?:(?:and|but|so|also|then|please|now)[, ]+)*{_REQUESTS}\b[^?]*"
    rf"\b(?:tell|know|wonder|wondering|ask|explain|understand|see|hear|curious|clear|question|remind)\b[^?]*\b{_WH}\b"
    rf"|^(?:(?:and|but|so|also|then|please)[, ]+)*(?:(?:{_PREPOSITION} )?"
    rf"(?:{_WH}|tell|explain|describe|define|list|name|compare|give|show"
    r"|summari[sz]e|advise|recommend)\b"
    rf"|{_AUXILIARY}[^.]*$)"
    rf"|^(?:before|after|once|when|if|while|since|where) [^,?]{{3,80}}, (?:{_WH}\b|{_AUXILIARY})",
    re.IGNORECASE,
)
"""A stretch that asks; others tell what the question rests on."""
_BEFORE_ALL = re.compile(
    r"(?P<about>(?:in|under|with|within|for|by|at) (?:(?!\b(?:and|or)\b)[^,?.!;:]){3,60}), "
    rf"(?={_OPENING}\b|{_AUXILIARY} \w)",
    re.IGNORECASE,
)
_UNDER_COLON = re.compile(
    rf"(?P<about>[^:?.!;]{{3,80}}?(?=: )|(?!(?:{_OPENING}|{_AUXILIARY})\b)[^:?.!;,]{{3,50}}?(?= [-–—] ))(?::| [-–—]) "
    rf"(?=(?:and |so )?(?:(?:what|who|whom|whose|which|how|why|when|where)\b|{_AUXILIARY}))",
    re.IGNORECASE,
)
"""Says what the questions after it are about ("as the sponsor of a service: how often ...?")."""
_IN_FULL = re.compile(
    r"(?:and |so |please )*(?:(?:name|list|tell|give|show)(?: me| us)? |i want |i need )?"
    r"(?:all|every(?: single)? one|each(?: and every one)?|the (?:full|whole|complete) list|everything)"
    r"(?: of (?:them|these|those|it))?(?: (?:the|these|those|our|your) \w+)?"
    r"(?: (?:that )?(?:we|you|they|it|there) \w+)?(?: for (?:an?|the|my|our) (?:\w+ ){0,2}\w+)?"
    r"(?:,? please)?\W*$"
    r"|(?:and |so )*(?:what|which way) (?:does|would) (?:each|every)(?: one)?(?: of (?:them|these|those))?(?: \w+)?"
    r" (?:point to|mean|imply|say|suggest|lead to)\W*$"
    r"|(?:and |or |but )?(?:which|who|what|where)(?: ones?| approach(?:es)?| options?)?"
    r" (?:is|are|was|were|do|does|did|will|would|can|could|has|have)(?:n['’]?t| not)\W*$",
    re.IGNORECASE,
)
"""A stretch that wants what was asked for in full, or its converse, and asks nothing of its own."""
_LEAD = re.compile(
    r"^(?:(?:just|only|two|three|four|a couple of|some|a few|several|one|another|quick|short|more|different) )*"
    r"(?:things?|questions?|points?)"
    r"(?: (?:about|on|regarding|concerning) (?P<about>[^:?.!]{3,60})| (?:for|from|of) [^:?.!]{2,60})?: (?=\w)",
    re.IGNORECASE,
)
_POINTS = re.compile(r"\b(?:it|its|this|that|these|those|they|them|their)\b", re.IGNORECASE)
_ASKS_OF_IT = re.compile(rf"(?:and |but |so )*(?:what|how|who|why|when|where) {_AUXILIARY}(?: \S+){{2}}", re.IGNORECASE)
_VERB_TO = re.compile(r"(?:what|who|how much) (?P<verb>\w+) (?P<to>to|for|by|from|with|on|of) ", re.IGNORECASE)
_BY = r"(?:in|with|for|of|under|from|at|by|on)"
_ASKED_AGAIN = re.compile(
    rf"(?P<asked>\b(?P<wh>(?:what|who|how|which)(?: (?!{_BY}\b)\w+)?) (?P<rest>[^?.!;:]{{3,80}}?)) "
    rf"(?P<to>{_BY}) (?P<one>[^?.!;:,]{{2,80}}?),? and (?P=wh) (?P=to) ",
    re.IGNORECASE,
)
"""Asks the same of another and leaves out the verb ("how bad is that with one, and how bad with several?")."""
_LABEL = re.compile(r"(?:[,;]? (?:and|or)|[,;:])?(?:^| )\((?P<label>[a-d1-4]|i{1,3}|iv)\) ", re.IGNORECASE)
_LABELS = (list("abcd"), list("1234"), ["i", "ii", "iii", "iv"])
_OF_RULE = re.compile(
    r"(?:\d|\b(?:articles?|sections?|clauses?|rules?|paragraphs?|points?|annex(?:es)?|parts?|items?))\s*$",
    re.IGNORECASE,
)
_MOST = 8
"""What stands after so many is asked with the last of them."""


def parts(question: str) -> tuple[str, ...]:
    """The questions within a question, at most eight, each to be searched for itself; the whole where it is one.

    A comma parts questions only where they are enumerated ("who pays, what does it cost and when is it due?"). What
    stands before all of them ("in the hybrid model, who ...") is said with each.
    """
    if labelled := _labelled(question):
        return labelled
    if asks_then_of_each(question):
        return (question,)
    question = _LEAD.sub(lambda lead: f"With {lead['about']}, " if lead["about"] else "", question)
    question = _ASKED_AGAIN.sub(r"\g<asked> \g<to> \g<one> and \g<asked> \g<to> ", question)
    about = _BEFORE_ALL.match(question) or ("?" not in question[:-1] and _UNDER_COLON.match(question)) or None
    asked = question[about.end() :] if about else question
    pieces = [piece for whole in _with_indirect(_ENDS.split(asked)) for piece in _enumerated(whole, asked)]
    pieces = _with_verbs(pieces)
    named = [piece for piece in pieces if not _told(piece) and _asks_something(piece)]
    named = [piece for piece in named if _ASKS.search(piece)] or named
    if len(named) < len(pieces) and _rest_on_told(named):
        return (question,)
    if about:
        named = [f"{about['about']}, {piece}" if _OPENS_PLAINLY.match(piece) else piece for piece in named]
    named = [*named[: _MOST - 1], " and ".join(named[_MOST - 1 :])] if len(named) > _MOST else named
    return tuple(named) if len(named) > 1 else (question,)


def asks_in_short(part: str) -> bool:
    """Whether a part asks no more than how long, by when or the like of the part before."""
    return re.fullmatch(rf"(?:and )?{_IN_SHORT}\W*", part, re.IGNORECASE) is not None


def _labelled(question: str) -> tuple[str, ...]:
    """What stands behind "(a)", "(b)", ...: each a question, or with what stands before the first.

    Empty where such labels do not count from the first on, or belong to what they stand behind ("Article 5 (1)").
    """
    labels = list(_LABEL.finditer(question))
    counted = [match["label"].lower() for match in labels]
    if len(labels) < 2 or not any(counted == run[: len(counted)] for run in _LABELS):
        return ()
    ends = [*(match.start() for match in labels[1:]), len(question)]
    points = [question[match.end() : end].strip(" ,;.?") for match, end in zip(labels, ends, strict=True)]
    before = [question[: match.start()] for match in labels]
    if not all(points) or any(_OF_RULE.search(text) for text in before) or any(". " in point for point in points):
        return ()
    if all(_OPENS_IN_ANY_FORM.match(point) for point in points):
        return tuple(points)
    lead = before[0].strip()
    whole = content_set(lead) and _ASKS.search(f"{lead}?")
    return tuple(f"{lead} {point}?" for point in points) if whole else ()


def _asks_something(piece: str) -> bool:
    """Whether a piece has a subject, of its own or by a word that points at one ("and how do we get them there?")."""
    return bool(frozenset(content_words(piece)) - _FRAME or _COUNTS.match(piece)) or (
        _ASKS_OF_IT.match(piece) is not None and _POINTS.search(piece) is not None
    )


def _told(piece: str) -> bool:
    """Whether a piece asks nothing of its own."""
    return _STATES.match(piece) is not None or _IN_FULL.match(piece) is not None


def _with_verbs(pieces: list[str]) -> list[str]:
    """The pieces, with the verb of the first in those that leave it out ("what falls to us, and what to them?")."""
    first = _VERB_TO.match(pieces[0]) if pieces else None
    if first is None:
        return pieces
    short = re.compile(rf"(?P<what>(?:and )?(?:what|who|how much)) (?={first['to']} )", re.IGNORECASE)
    return [short.sub(rf"\g<what> {first['verb']} ", piece, count=1) for piece in pieces]


def _rest_on_told(pieces: Sequence[str]) -> bool:
    """Whether what is told belongs to all pieces ("It failed. What went wrong, and what now?")."""
    if not pieces or content_set(pieces[0]) - OPEN:
        return False
    return not content_set(pieces[-1]) - OPEN


def _with_indirect(pieces: Sequence[str]) -> list[str]:
    """The pieces, each that asks nothing by itself with the question that it belongs to."""
    found: list[str] = []
    for piece in pieces:
        if found and not found[-1].endswith((".", "?", "!", ";")) and _goes_on(found[-1], piece):
            found[-1] = f"{found[-1]} and {piece}"
        else:
            found.append(piece)
    return found


def _goes_on(before: str, piece: str) -> bool:
    """Whether a piece goes on with the one before: an indirect question, a clause, or what its subject also does."""
    if asks_in_short(piece) and not content_words(piece):
        return True
    if _OPENS.match(before) and _INDIRECT.match(piece) and not _alike(before, piece):
        return True
    if _ASKS_OF_SUBJECT.match(before) and _OF_SAME_SUBJECT.match(piece) and not _NAMED.match(piece):
        return True
    clause = _SUBORDINATE.match(piece)
    return clause is not None and (clause["adverb"] is not None or _holds_clause(before, clause["wh"].lower()))


def _holds_clause(before: str, wh: str) -> bool:
    """Whether a question has a clause with the same word in it ("those who complain and who want ...")."""
    return re.search(rf"\w {wh}\b(?! {_AUXILIARY})", before, re.IGNORECASE) is not None


def _alike(one: str, other: str) -> bool:
    """Whether both ask how many, or how much, each for itself ("how many came, and how many of them left?")."""
    second = _HOW_MANY.match(other)
    return second is not None and second["asked"].lower() in {m["asked"].lower() for m in _HOW_MANY.finditer(one)}


def _enumerated(piece: str, question: str) -> list[str]:
    """The questions that commas part in a piece which itself begins as one."""
    several = _ENUMERATED.search(question) or len(_AT_COMMA.split(piece)) >= _PLAINLY_SEVERAL
    if not (several and _OPENS_IN_ANY_FORM.match(piece)):
        return [piece.strip()]
    found: list[str] = []
    for one in _AT_COMMA.split(piece):
        rests = asks_in_short(one) and not content_words(one)
        if found and (rests or _CLAUSE.match(found[-1]) or not _asks_something(found[-1])):
            found[-1] = f"{found[-1]}, {one.strip()}"
        else:
            found.append(one.strip())
    return found
