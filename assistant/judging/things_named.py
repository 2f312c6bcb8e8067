"""Whether a statement tells of another thing than the one that a question calls by its name.

"What is the quorum of the Investment Committee?" is not answered by "Four members make a quorum" where that is said of
the Tool Review Group, however surely a model that reads the two says so.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

from assistant.contents.statements import Statement
from assistant.conversation.spelling import is_english
from assistant.conversation.standing_alone import elliptic
from assistant.questions.documents_named import BODIES, spoken
from assistant.words import MONTHS, content_set, in_sentences
from corpus import Passage

Name = frozenset[str]
"""The stems of what something is called by."""

_CAPITAL = r"[A-Z][\w&’'-]*"
_CALLED = re.compile(rf"(?<![\w'’&-]){_CAPITAL}(?:(?: (?:of|for)(?: the)?)? {_CAPITAL})*")
_TOGETHER = re.compile(
    rf"(?<![\w'’&-]){_CAPITAL}(?: {_CAPITAL})*(?:, (?:the )?{_CAPITAL}(?: {_CAPITAL})*)*,?"
    rf" (?:and|or|nor|versus|from|to) (?:the )?{_CAPITAL}(?: {_CAPITAL})*"
)
_APART = re.compile(r",?(?: and| or| nor| versus| from| to|(?<=,))(?: the)? (?=[A-Z])")
_PLACE = re.compile(rf"\b(?:(?P<begins>At|In)|at|in) (?P<name>{_CAPITAL}(?: {_CAPITAL})*)")
_MENTIONS = 2
"""So many times something is spoken of as a place that is one, or once at the beginning of a sentence."""
_BEGINS = re.compile(r"(?:^|[.!?]\s+|\n\s*)[\"“‘'(\[]*$")
_LOOKED_BACK = 40
_WITHIN = re.compile(
    r"(?<![\w’'-])(?:[a-z][\w’'-]*|At|In|On|The|An?|Our|For|To|Of|By|With|Without|From|Under|Each|Every|No|Only),? $"
)
_LONGER = re.compile(r" [A-Z]")
"""Within a sentence, and followed by no more of a name ("the Digital Service Desk" calls nothing "Service")."""
_OF_ALL = re.compile(r"\b(?:the|our|this|that|an?|your|my) $", re.IGNORECASE)
"""Stands before what all the guidance is about ("the Authority"): a statement need not repeat it."""
_QUANTITY = re.compile(
    r"\bhow (?:many|much|long|often|soon|far|large|big|high|old)\b"
    r"|\b(?:what|which) (?:amount|sum|number|limit|price|rate|share|percentage|budget|fee|date|deadline|day|year)\b",
    re.IGNORECASE,
)
_OWN = re.compile(
    r"(?:^|[,:;] |\band |\bso )(?:when|who(?:se|m)?)\b|\b(?:by|to|from|with|for|since|until) (?:when|whom?|whose)\b"
    r"|\b(?:what|which)(?:['’]s)? \w+|^\W*(?:please )?(?:name|list|give)\b",
    re.IGNORECASE,
)
"""Asks for what a thing has of its own: a number, a time, a person. What is allowed and why holds of many at once."""
_ALLOWED = re.compile(
    r"\b(?:may|can|could|should|must|shall|allowed|permitted|forbidden|prohibited|banned|if"
    r"|need(?:s|ed)? to|ha(?:ve|s) to)\b",
    re.IGNORECASE,
)
_OF_EVERY = re.compile(
    r"(?:^|: |; )\W*(?:\d[\d.]*\W+)?"
    r"(?:all|every|each|any|everybody|everyone|anyone|anybody|nobody|no|none)\b(?= [a-z])",
    re.IGNORECASE,
)
"""Says something of many things, the one that is asked for perhaps among them."""
_NO_NAMES = MONTHS.union(
    "i i'm i've i'd i'll ok okay ai it ml llm hr hq ceo cfo cio cto ciso kpi kpis faq eu uk us usa q1 q2 q3 q4"
    " eur usd gbp"
    " monday tuesday wednesday thursday friday saturday sunday christmas easter".split()
)
_KINDS = BODIES | content_set(
    "approach model way option programme project pilot policy plan strategy framework tool system act regulation"
    " standard guide playbook"
)
"""What may be left out of a name that says more ("the hybrid" for "the Hybrid Approach")."""
_LIKE, _OVER = 5, 4
"""Two words are one name that begin with so many letters alike, with so many over ("Brazil", "Brazilian")."""
_LONG = 3
"""Of a name of so many words one may be missing."""
_SHORT = 3
"""So many letters has an abbreviation whose words may be written small."""
_TITLES = 2
"""What stands in the titles of so many documents is what all of them are about."""
_ROW = re.compile(r"^[^;\n]{1,80}: [^;\n]*;", re.MULTILINE)
"""A row of a table that names its columns: the rows before it tell of other things."""


class ThingsNamed:
    """What a question calls by a name, be it one that the ``passages`` found for it know or that of some body.

    Another name may be one of many such things, to which rules apply that do not list them. Names of a follow-up are
    those of its ``own`` words: what was put into it from the conversation may not be what it asks of.
    """

    def __init__(self, question: str, passages: Sequence[Passage], own: str | None = None) -> None:
        self._asked = _asking(question)
        self._own = content_set(question if own is None else own)
        self._prose = "\n".join(one.text for one in passages)
        self._texts = tuple(dict.fromkeys(text for one in passages for text in (one.text, one.title, *one.path)))
        titles = {one.document: f"{one.title} {spoken(one.document)}" for one in passages}
        self._titles = tuple(titles.values())
        asks = question if elliptic(self._asked) else self._asked
        of_own = _QUANTITY.search(asks) or (_OWN.search(asks) and not _ALLOWED.search(asks))
        self._names = tuple(self._asked_of()) if of_own else ()
        self._others = {name: self._like(name) for name in self._names}

    def told_of_another(self, statement: Statement) -> bool:
        """Whether a statement is of none of them.

        None stands in it, before it or over it and it is not said of all things of a kind, or another of the kind
        stands nearer.
        """
        if not self._names:
            return False
        around = list(_around(statement))
        if not any(name.stands_in(text) for name in self._names for text in around):
            general = _OF_EVERY.search(statement.text) is not None
            return not general and not any(self._everywhere(name) for name in self._names)
        return any(self._another_nearer(name, statement, around) for name in self._names)

    def _everywhere(self, name: "_Called") -> bool:
        """Whether several documents found are called after it, as after the organization itself."""
        return sum(name.stands_in(title) for title in self._titles) >= _TITLES

    def _another_nearer(self, name: "_Called", statement: Statement, around: Sequence[str]) -> bool:
        """Whether going back from the statement another thing of the kind is met before the one that is asked for."""
        others = self._others[name]
        if not others or any(name.stands_in(text) for text in (around[0], *statement.passage.path[-1:])):
            return False
        for sentence in (one for text in around for one in reversed(in_sentences(text))):
            if name.stands_in(sentence):
                return False
            if any(_holds(sentence, other) for other in others):
                return True
        return False

    def _asked_of(self) -> Iterator["_Called"]:
        """The names in the question."""
        named = list(_capitalised(self._asked))
        if 2 * sum(len(run.split()) for _, run in named) > len(self._asked.split()):
            return  # All of it is written with capitals.
        known = frozenset().union(*map(_names_of, self._texts)) if named else frozenset()
        for start, run in (*named, *self._written_small()):
            name = content_set(run)
            if not name <= self._own:
                continue
            longer = frozenset().union(*(_initials_of(text).get(run, frozenset()) for text in self._texts))
            several = len(name) > 1
            body = several and content_set(run.split()[-1]) <= BODIES
            of_all = not (several or longer) and _OF_ALL.search(self._asked[:start])
            if body or longer or (not of_all and (run.islower() or any(name <= one for one in known))):
                yield _Called(run, frozenset({name, *longer}))

    def _written_small(self) -> Iterator[tuple[int, str]]:
        """Where words stand that are written small in the question alone: elsewhere they are always names."""
        for match in re.finditer(r"(?<![\w-])[a-z][a-z’'-]{3,}(?: [a-z][a-z’'-]{3,})*(?![\w-])", self._asked):
            for together, run in groupby(match.group().split(" "), key=lambda word: _is_name(word, self._prose)):
                words = " ".join(run)
                if together:
                    yield self._asked.index(words, match.start()), words

    def _like(self, name: "_Called") -> frozenset[Name]:
        """Other things of the kind: they stand beside it in a list, or at the same place as a place does."""
        called = name.stems
        others = {other for text in self._texts for listed in _listed(text) if called & listed for other in listed}
        if called & frozenset(_places(self._asked)):
            places = Counter(one for text in self._texts for one in _places(text))
            others.update(one for one, count in places.items() if count >= _MENTIONS)
        own = frozenset().union(*called)
        return frozenset(one for one in others if not one & own and not _holds(self._asked, one))


@dataclass(frozen=True, slots=True)
class _Called:
    """A name as it is written in the question, and the stems of each way in which the thing may be called."""

    run: str
    stems: frozenset[Name]

    def stands_in(self, text: str) -> bool:
        """Whether a text calls something so, by most of a long name, by the last word of it or by its initials."""
        if any(_holds(text, one) for one in self.stems):
            return True
        words = self.run.split()
        if len(words) > 1:
            initials = _initials(self.run)
            last = words[-1] if content_set(words[-1]).isdisjoint(_KINDS) else ""
            found = [last, initials if len(initials) > 1 else ""]
            return any(one and re.search(rf"\b{re.escape(one)}\b", text) for one in found)
        if self.run.isupper() and len(self.run) >= _SHORT:
            return self.run.lower() in "".join(word[0] for word in re.findall(r"[A-Za-z]+", text)).lower()
        return False


def _asking(question: str) -> str:
    """The sentences of a question that ask, without what was put beside it in brackets."""
    sentences = in_sentences(question.partition(" (")[0])
    return " ".join([one for one in sentences if one.rstrip().endswith("?")] or sentences[-1:])


def _capitalised(text: str) -> Iterator[tuple[int, str]]:
    """Where capitalised words stand that are a name, and the name; one that begins a sentence alone is none."""
    for match in _CALLED.finditer(text):
        begins = _BEGINS.search(text[max(0, match.start() - _LOOKED_BACK) : match.start()]) is not None
        parts = match.group().split(" ")
        while parts and (not content_set(parts[0]) or parts[0].lower() in _NO_NAMES):
            begins = False
            del parts[0]
        if parts and not (begins and len(parts) == 1 and parts[0][1:].islower()):
            yield match.start(), re.sub(r"['’]s$", "", " ".join(parts))


def _is_name(word: str, text: str) -> bool:
    """Whether a word, no plural, is always written with a capital in a text.

    More than once within sentences, or with another capital inside it, or, if it is no English word, all by itself in a
    cell of a table.
    """
    if word in _NO_NAMES or word.endswith("s") or f" {word} " in text or word not in text.lower():
        return False
    if not content_set(word):
        return False
    found = [match.start() for match in re.finditer(rf"(?<![\w-]){re.escape(word)}(?![\w-])", text, re.IGNORECASE)]
    within = sum(
        bool(_WITHIN.search(text[max(0, start - _LOOKED_BACK) : start])) and not _LONGER.match(text, start + len(word))
        for start in found
    )
    written = [text[start : start + len(word)] for start in found]
    inside = any(not one[1:].islower() and not one.isupper() for one in written)
    in_cell = re.search(rf": {re.escape(word)}(?=;|$)", text, re.IGNORECASE | re.MULTILINE) is not None
    alone = in_cell and not is_english(word)  # "Stage: Service" names no thing.
    return (within >= _MENTIONS or inside or alone) and not any(one.islower() for one in written)


@lru_cache(maxsize=4096)
def _names_of(text: str) -> frozenset[Name]:
    return frozenset(content_set(run) for _, run in _capitalised(text)) - {frozenset()}


def _initials(run: str) -> str:
    return "".join(word[0] for word in run.split() if word[0].isupper())


@lru_cache(maxsize=4096)
def _initials_of(text: str) -> Mapping[str, frozenset[Name]]:
    """The names of several words in a text by their initials."""
    found: defaultdict[str, set[Name]] = defaultdict(set)
    for _, run in _capitalised(text):
        initials = _initials(run)
        if len(initials) > 1:
            found[initials].add(content_set(run))
    return {initials: frozenset(names) for initials, names in found.items()}


@lru_cache(maxsize=4096)
def _listed(text: str) -> tuple[frozenset[Name], ...]:
    """Names that stand side by side: "Brannhaven and Lomvik", "the Chief Pilot, the Mate and the Clerk"."""
    lists = (match.group() for match in _TOGETHER.finditer(text))
    return tuple(frozenset(map(content_set, _APART.split(one))) - {frozenset()} for one in lists)


@lru_cache(maxsize=4096)
def _places(text: str) -> tuple[Name, ...]:
    """What is spoken of as a place, as often as it is, and once more where a sentence begins so."""
    found = [match for match in _PLACE.finditer(text) if not set(match["name"].lower().split()) & _NO_NAMES]
    names = (content_set(match["name"]) for match in found for _ in range(_MENTIONS if match["begins"] else 1))
    return tuple(one for one in names if one)


def _around(statement: Statement) -> Iterator[str]:
    """The statement and what says what it is about, the nearest first."""
    passage = statement.passage
    yield statement.whole.text
    yield statement.before
    if _ROW.match(statement.text):
        yield from reversed(passage.path)
    else:
        *earlier, beside = re.split(r"\n\s*\n", passage.text[: statement.start - passage.start])
        yield beside
        yield from reversed(passage.path)
        yield from reversed(earlier)
    yield passage.title
    yield spoken(passage.document)


def _holds(text: str, name: Name) -> bool:
    """Whether a text calls something by a name, or by most of a long one."""
    has = content_set(text)
    own = name - _KINDS or name
    missing = sum(not _stands(word, has) for word in own)
    return missing <= (len(own) >= _LONG)


def _stands(word: str, words: Iterable[str]) -> bool:
    return any(
        word == one
        or (
            min(len(word), len(one)) >= _LIKE
            and abs(len(word) - len(one)) <= _OVER
            and (word.startswith(one) or one.startswith(word))
        )
        for one in words
    )
