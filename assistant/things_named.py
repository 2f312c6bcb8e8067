"""Whether a statement tells of another thing than the one that a question calls by its name.

"What is the quorum of the Investment Committee?" is not answered by "Four members make a quorum" where that is said of
the Tool Review Group, however surely a model that reads the two says so.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import groupby

from assistant.conversation import elliptic
from assistant.statements import Statement
from assistant.words import content_set, in_sentences
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
_PLACE = re.compile(rf"\b(?:[Aa]t|[Ii]n|AT|IN) (?P<name>{_CAPITAL}(?: {_CAPITAL})*)")
_BEGINS = re.compile(r"(?:^|[.!?]\s+|\n\s*)[\"“‘'(\[]*$")
_WITHIN = re.compile(r"[a-z,] $")
_OF_ALL = re.compile(r"\b(?:the|our|this|that|an?|your|my) $", re.IGNORECASE)
"""Stands before what all the guidance is about ("the Authority"): a statement need not repeat it."""
_OWN = re.compile(
    r"\bhow (?:many|much|long|often|soon|far|large|big|high|old)\b|\bwhen\b|\bwho(?:se|m)?\b"
    r"|\b(?:what|which)(?:['’]s)? \w+|^\W*(?:please )?(?:name|list|give)\b",
    re.IGNORECASE,
)
"""Asks for what a thing has of its own: a number, a time, a person. What is allowed and why holds of many at once."""
_NO_NAMES = frozenset(
    "i i'm i've i'd i'll ok okay ai it ml llm hr hq ceo cfo cio cto ciso kpi kpis faq eu uk us usa q1 q2 q3 q4"
    " eur usd gbp"
    " january february march april may june july august september october november december"
    " monday tuesday wednesday thursday friday saturday sunday christmas easter".split()
)
_BODIES = content_set("team unit group office department division committee board council panel forum")
_KINDS = _BODIES | content_set(
    "approach model way option programme project pilot policy plan strategy framework tool system act regulation"
    " standard guide playbook"
)
"""What may be left out of a name that says more ("the hybrid" for "the Hybrid Approach")."""
_LIKE = 4
"""So many letters at least that two words begin with alike are one name ("Brazil", "Brazilian")."""
_LONG = 3
"""Of a name of so many words one may be missing."""
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
        self._prose = tuple(one.text for one in passages)
        self._texts = tuple(dict.fromkeys(text for one in passages for text in (one.text, one.title, *one.path)))
        asks = question if elliptic(self._asked) else self._asked
        self._names = tuple(self._called()) if _OWN.search(asks) else ()
        self._others = {name: self._like(name) for name in self._names}

    def told_of_another(self, statement: Statement) -> bool:
        """Whether a statement is of none of them.

        None stands in it, before it or over it, or another of the kind stands nearer.
        """
        if not self._names:
            return False
        around = list(_around(statement))
        if not any(_holds(text, name) for name in self._names for text in around):
            return True
        return any(self._another_nearer(name, statement, around) for name in self._names)

    def _another_nearer(self, name: Name, statement: Statement, around: Sequence[str]) -> bool:
        """Whether going back from the statement another thing of the kind is met before the one that is asked for."""
        if not self._others[name] or any(_holds(text, name) for text in (around[0], *statement.passage.path[-1:])):
            return False
        for sentence in (one for text in around for one in reversed(in_sentences(text))):
            if _holds(sentence, name):
                return False
            if any(_holds(sentence, other) for other in self._others[name]):
                return True
        return False

    def _called(self) -> Iterator[Name]:
        """The names in the question."""
        named = list(_called(self._asked))
        if 2 * sum(len(run.split()) for _, run in named) > len(self._asked.split()):
            return  # All of it is written with capitals.
        known = frozenset().union(*map(_names_of, self._texts)) if named else frozenset()
        for start, run in (*named, *self._written_small()):
            name = content_set(run)
            if not name <= self._own:
                continue
            name = next(self._spelled_out(run), name)
            several = len(name) > 1
            body = several and content_set(run.split()[-1]) <= _BODIES
            of_all = not several and _OF_ALL.search(self._asked[:start])
            if body or (not of_all and (run.islower() or any(name <= one for one in known))):
                yield name

    def _written_small(self) -> Iterator[tuple[int, str]]:
        """Where words stand that are written small in the question alone: elsewhere they are always names."""
        text = "\n".join(self._prose)
        for match in re.finditer(r"(?<![\w-])[a-z][a-z’'-]{3,}(?: [a-z][a-z’'-]{3,})*(?![\w-])", self._asked):
            for together, run in groupby(match.group().split(" "), key=lambda word: _is_name(word, text)):
                words = " ".join(run)
                if together:
                    yield self._asked.index(words, match.start()), words

    def _spelled_out(self, run: str) -> Iterator[Name]:
        """What an abbreviation stands for: the name in the passages that has these initials."""
        if run.isupper() and run.isalpha() and len(run) > 1:
            for text in self._texts:
                for _, longer in _called(text):
                    if "".join(word[0] for word in longer.split() if word[0].isupper()) == run:
                        yield content_set(longer)

    def _like(self, name: Name) -> frozenset[Name]:
        """Other things of the kind: they stand beside it in a list, or at the same place as a place does."""
        others = {other for text in self._texts for listed in _listed(text) if name in listed for other in listed}
        if name in _places(self._asked):
            others.update(place for text in self._texts for place in _places(text))
        return frozenset(one for one in others if not one & name and not _holds(self._asked, one))


def _asking(question: str) -> str:
    """The sentences of a question that ask, without what was put beside it in brackets."""
    sentences = in_sentences(question.partition(" (")[0])
    return " ".join([one for one in sentences if one.rstrip().endswith("?")] or sentences[-1:])


def _called(text: str) -> Iterator[tuple[int, str]]:
    """Where capitalised words stand that are a name, and the name; one that begins a sentence alone is none."""
    for match in _CALLED.finditer(text):
        begins = _BEGINS.search(text[: match.start()]) is not None
        start, parts = match.start(), match.group().split(" ")
        while parts and (not content_set(parts[0]) or parts[0].lower() in _NO_NAMES):
            start, begins = start + len(parts[0]) + 1, False
            del parts[0]
        if parts and not (begins and len(parts) == 1 and parts[0][1:].islower()):
            yield start, re.sub(r"['’]s$", "", " ".join(parts))


def _is_name(word: str, text: str) -> bool:
    """Whether a word is always written with a capital in a text, within sentences too."""
    if word in _NO_NAMES or not content_set(word):
        return False
    found = [match.start() for match in re.finditer(rf"(?<![\w-]){re.escape(word)}(?![\w-])", text, re.IGNORECASE)]
    within = any(_WITHIN.search(text[max(0, start - 3) : start]) for start in found)
    return within and not any(text[start : start + len(word)].islower() for start in found)


@lru_cache(maxsize=4096)
def _names_of(text: str) -> frozenset[Name]:
    return frozenset(content_set(run) for _, run in _called(text)) - {frozenset()}


@lru_cache(maxsize=4096)
def _listed(text: str) -> tuple[frozenset[Name], ...]:
    """Names that stand side by side: "Brannhaven and Lomvik", "the Chief Pilot, the Mate and the Clerk"."""
    lists = (match.group() for match in _TOGETHER.finditer(text))
    return tuple(frozenset(map(content_set, _APART.split(one))) - {frozenset()} for one in lists)


@lru_cache(maxsize=4096)
def _places(text: str) -> frozenset[Name]:
    found = (match["name"] for match in _PLACE.finditer(text))
    return frozenset(content_set(one) for one in found if not set(one.lower().split()) & _NO_NAMES) - {frozenset()}


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
    yield re.sub(r"[\W_]+", " ", passage.document)


def _holds(text: str, name: Name) -> bool:
    """Whether a text calls something by a name, or by most of a long one."""
    has = content_set(text)
    own = name - _KINDS or name
    missing = sum(not _stands(word, has) for word in own)
    return missing <= (len(own) >= _LONG)


def _stands(word: str, words: Iterable[str]) -> bool:
    return any(
        word == one or (min(len(word), len(one)) >= _LIKE and (word.startswith(one) or one.startswith(word)))
        for one in words
    )
