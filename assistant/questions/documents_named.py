"""Which documents a question names: "according to NIST", "what does the travel policy say", "the Engineering Lab"."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache

from assistant.words import content_set
from corpus import Passage

_NOUN = (
    r"(?:polic(?:y|ies)|playbook|guides?|guidance|guidelines?|framework|handbook|strategy|standards?|code|manual|plan"
    r"|charter|toolkit|exchange|program(?:me)?)"
)
_ACRONYM = re.compile(rf"\b(?!AI\b)[A-Z][A-Z0-9]+\b(?:(?:'s|’s)? (?:[A-Z][\w-]+ )*(?:[A-Z][\w-]+|{_NOUN})\b)?")
_TITLED = re.compile(rf"\b[A-Z][\w-]+(?: (?:of |for )?[A-Z][\w-]+)+(?: {_NOUN}\b)?")
_CALLED = re.compile(rf"\b(?:the|our|this|its|their) (?P<name>(?:[\w&'’-]+ ){{0,4}}?{_NOUN})\b", re.IGNORECASE)
_AGE = r"(?:current|new|latest|present|revised)"
_OF_ITS_KIND = re.compile(
    r"\b(?:(?P<in>in|under|per|from|according to) )?(?:the|our|this) "
    rf"(?P<said>{_AGE} (?:polic(?:y|ies)|guidelines?)|(?:{_AGE} )?(?:minutes|memo|letter|handbook|charter|directive))\b"
    r"(?(in)(?! (?:on|for|about|of)\b)|(?= (?:says?|states?|requires?|allows?|forbids?|bans?|lists?|mentions?)\b))",
    re.IGNORECASE,
)
"""Speaks of a document by its kind ("in the current policy", "the minutes say"); many a rule is "our policy"."""
_BEFORE = re.compile(
    r"\b(?:(?:the|our|this|its|their|an?) )?(?:(?:two|three|four|five|six|main|key|all) )?$", re.IGNORECASE
)
_THING = re.compile(r" (?:program(?:me)?s?|teams?|licen[cs]es?|departments?|services?|projects?|initiatives?|staff)\b")
"""What follows a name that is not that of what says something ("the Engineering Lab programme")."""
BODIES = content_set("team unit group office department division committee board council panel forum")
"""Who is called by a name that ends so says nothing in writing by that name ("the Practice Office")."""
_NO_WORD = re.compile(r"[\W_]+")
_NO_LETTER = re.compile(r"[\W\d_]+")
_MOST = 0.5
"""The share of the documents from which on a name tells none from the others."""
_WORDS = 2
"""So many words of its own a name has at least, unless it is an acronym: any team may have "the policy"."""
_MENTIONS = 2
_LEFT = 2
"""So many words must be left of a question to search for without the name: "What is the NIST playbook?" is about it."""
_GUIDANCE = "the guidance"


def spoken(document: str) -> str:
    """The words of a document's file name and folders."""
    return _NO_WORD.sub(" ", document)


class DocumentsNamed:
    """Knows documents by the words of their titles, file names and folders, except for the ``common`` stems."""

    def __init__(self, passages: Sequence[Passage] = (), common: frozenset[str] = frozenset()) -> None:
        titles = {passage.document: passage.title for passage in passages}
        self._common = common
        self._names = {name: content_set(f"{spoken(name)} {title}") for name, title in titles.items()}
        headings = {heading for passage in passages for heading in passage.path}
        own = {content_set(title) for title in titles.values()}
        self._things = {content_set(_NO_LETTER.sub(" ", heading)) for heading in headings} - own
        self._holders: defaultdict[str, set[str]] = defaultdict(set)
        for name, stems in self._names.items():
            for one in stems:
                self._holders[one].add(name)
        self._mentions = lru_cache(maxsize=64)(self._found)

    def named_in(self, question: str) -> Mapping[str, int]:
        """How many names in the question each document has, two at most; only of those that it names.

        A name is an acronym, a run of capitalised words or what is called a policy, a guide or the like. One that most
        documents have is none, nor are capitalised words that a section is about ("the Rope Team") or that name a body
        of people. The only one of a kind is named by that ("in the current policy", "the minutes say").
        """
        named: defaultdict[str, int] = defaultdict(int)
        for holders in {holders for _, _, holders in self._mentions(question)}:
            for name in holders:
                named[name] = min(_MENTIONS, named[name] + 1)
        return named

    def meant(self, question: str) -> Callable[[str], bool]:
        """Whether a document is one of those that the question names; any is where it names none."""
        named = self.named_in(question)
        return lambda document: not named or document in named

    def unnamed(self, question: str) -> str:
        """The question as it is put to what those documents say: "the guidance" in place of their names.

        It stays as it is where hardly anything else would be left to look for.
        """
        plain, end = "", 0
        for start, stop, _ in self._mentions(question):
            if start >= end and not _THING.match(question[stop:]):
                plain += f"{_BEFORE.sub('', question[end:start])}{_GUIDANCE}"
                end = stop
        plain += question[end:]
        left = content_set(plain) - content_set(_GUIDANCE) - self._common
        return plain if len(left) >= _LEFT else question

    def _found(self, question: str) -> list[tuple[int, int, frozenset[str]]]:
        """Where the names stand in a question, in order, each with the documents that have it."""
        acronyms = [(match.start(), match.group(), 1) for match in _ACRONYM.finditer(question)]
        titles = [(match.start(), match.group(), _WORDS) for match in _TITLED.finditer(question)]
        called = [(match.start("name"), match["name"], _WORDS) for match in _CALLED.finditer(question)]
        found = list(self._of_their_kind(question))
        others = [(*one, False) for one in (*acronyms, *called)]
        for start, name, least, titled in (*others, *((*one, True) for one in titles)):
            words = name.split()
            while len(words) > 1 and not content_set(words[0]):  # "Does NIST ..."
                start += len(words.pop(0)) + 1
            of_body = len(words) > 1 and content_set(words[-1])
            if of_body and of_body <= BODIES:
                continue
            while words:
                # The longest beginning that is one: "the Engineering Lab" of "the Engineering Lab programme".
                said = re.sub(r"['’]s$", "", " ".join(words))
                holders = self._having(said, least)
                of_section = titled and content_set(said) in self._things
                if holders and len(holders) <= _MOST * len(self._names) and not of_section:
                    found.append((start, start + len(said), holders))
                    break
                words.pop()
        return sorted(found, key=lambda one: (one[0], -one[1]))

    def _of_their_kind(self, question: str) -> Iterator[tuple[int, int, frozenset[str]]]:
        """Where a question names the one document of a kind, of several, by that kind."""
        for match in _OF_ITS_KIND.finditer(question):
            holders = self._having(match["said"].split()[-1], 1)
            if len(holders) == 1 < len(self._names):
                yield match.start("said"), match.end("said"), holders

    def _having(self, name: str, least: int) -> frozenset[str]:
        """The documents that have all of the words of a name, of which ``least`` are not common, in theirs."""
        wanted = content_set(re.sub(r"['’]s\b", "", name)) - self._common
        sets = [self._holders.get(one, set()) for one in wanted]
        return frozenset(set.intersection(*sets)) if len(wanted) >= least else frozenset()
