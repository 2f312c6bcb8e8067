"""The single statements within passages: what an answer is made of."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

from assistant.records import Citation, Sentence
from assistant.words import content_set, ends_asking
from corpus import Passage, sentences

_GOES_ON = re.compile(
    r"(?:(?:and|but|so|yet|moreover|furthermore|in addition|additionally|also|still|instead|therefore|thus|hence|meanwhile|however|here),? )*"
    r"(?:(?:in|under|with|through|for|by|at) )?(?:this|these|that|those|such|it|its|they|their|them|he|his|she|her|both|the (?:former|latter|same))\b"
    r"|(?:meanwhile|however|moreover|furthermore|instead|similarly|conversely|by contrast|in contrast),",
    re.IGNORECASE,
)
_POINTS = re.compile(r"(?:they|it|this|these|those|he|his|she|her|their|its|such)\b", re.IGNORECASE)
_ADDS = re.compile(r"\b(?:also|too|as well|moreover|furthermore|in addition|besides|at the same time)\b", re.IGNORECASE)
_CONTEXT = 300
_LABEL, _LABEL_IN_LIST = 2, 5
"""The most words of a label at the beginning of a line, and of an item of a list."""
_TELLS_OF_QUESTION = re.compile(
    r"\b(?:ha(?:s|ve) (?:been )?asked|(?:ask|wonder)(?:s|ed)?|want(?:s|ed)? to know)"
    r"(?: (?:us|me|him|her|them|you|the [\w-]+))? (?:whether|if|how|what|who|why|when|where|which)\b[^.;]*\.$",
    re.IGNORECASE,
)
"""Tells what somebody asks; the next sentence tells the answer."""
_COUNTS = re.compile(r"there (?:is|are|was|were)\b|.*\b(?:two|three|four|five|six|seven|eight)\b", re.IGNORECASE)
"""Says that something comes next, and labels nothing ("There are three levels.")."""
POINT = re.compile(r"[ \t]*(?:[-*•‣◦▪–]|\(?(?:\d{1,3}|[A-Za-z]|[ivx]{1,5}|[A-Z]{1,2}-?\d{1,2})[.)])[ \t]+(?=\S)")
"""How a line begins that is an item of a list."""
_INTRODUCES = re.compile(
    r"^(?:(?=.{12,200}$)|(?=.{3,12}$)(?=.*(?i:\b(?:not|never|no|forbidden|prohibited|banned|allowed|permitted)\b|n['’]t\b)))"
    r"[^\n]*\w[^\n]*:$"
)
"""What ends in a colon and stands before a list; what is shorter is a mere label, unless it allows or forbids."""
_DEEP = 3


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence or list item of a passage. ``start`` and ``end`` are offsets in the document's text.

    ``score`` says how well it fits the question it was scored for: cosine similarity plus a share of word overlap.
    """

    passage: Passage
    text: str
    start: int
    end: int
    score: float = 0.0
    before: str = ""
    """What stands before it, where it goes on about that."""
    since: int = -1
    """Where the statement that it goes on about starts; -1 for none."""
    meaning: float = 0.0
    """How near it is to the question in meaning; 0 where no language model tells."""
    standing: float = 0.0
    """How much more than usual the passage it stands in bears on the question."""
    introduced: tuple[tuple[int, int], ...] = ()
    """Where the words stand that introduce the list of which it is an item ("The following are forbidden:"), with those
    that introduce what these are an item of before them.
    """

    @property
    def whole(self) -> "Statement":
        """The statement with the one before it, where it begins with a word that only points there ("They ...").

        An item of a list points at what introduces that.
        """
        if self.since < 0 or self.introduced or not _POINTS.match(self.text):
            return self
        text = self.passage.text[self.since - self.passage.start : self.end - self.passage.start]
        return replace(self, text=text, start=self.since, since=-1)

    @property
    def introduction(self) -> str:
        """What introduces the list of which it is an item; empty for other statements."""
        at = self.passage.start
        return " ".join(" ".join(self.passage.text[begin - at : end - at].split()) for begin, end in self.introduced)

    @property
    def label(self) -> str:
        """The last heading over the statement, unless the statement says it itself."""
        heading = self.passage.path[-1] if self.passage.path else self.passage.title
        return "" if self.text.casefold().startswith(heading.casefold()) else heading

    @property
    def with_headings(self) -> str:
        """The statement with the headings that say what it is about, as it is searched and checked."""
        return ". ".join((*self.passage.path, self.text))

    @property
    def key(self) -> tuple[str, int]:
        return self.passage.document, self.start

    def citation(self) -> Citation:
        """The whole statement as verbatim words."""
        passage = self.passage
        page = passage.page
        return Citation(
            passage.id, passage.document, passage.title, passage.section, page, self.text, self.start, self.end
        )


def adds(statement: Statement) -> bool:
    """Whether a statement says that it adds to the one before it."""
    return _ADDS.search(statement.text) is not None


def quoted(statement: Statement) -> Sentence:
    """A statement as a sentence of the answer that cites itself."""
    return Sentence(" ".join(statement.text.split()), "supported", 1.0, (statement.citation(),))


def quoted_after(statement: Statement, said: Sequence[Statement]) -> Sentence:
    """A statement as a sentence, with what it leans on where that is not among those ``said``.

    That is the statement before it, where it points there, and of an item of a list what introduces that: "forbidden is
    this:" says of "making films" all that matters.
    """
    known = any(statement.since == other.start for other in said)
    sentence = quoted(statement if known else statement.whole)
    again = any(statement.introduced[-1:] in (other.introduced[-1:], ((other.start, other.end),)) for other in said)
    if not statement.introduced or again:
        return sentence
    text, at = statement.passage.text, statement.passage.start
    before = (replace(statement, text=text[a - at : b - at], start=a, end=b) for a, b in statement.introduced)
    cited = (*(one.citation() for one in before), *sentence.citations)
    return Sentence(f"{statement.introduction} {sentence.text}", sentence.support, sentence.score, cited)


def split_statements(passage: Passage) -> list[Statement]:
    """The statements of a passage in order, headings and fragments without a letter left out."""
    return list(_split(passage))


def neighbours(statement: Statement) -> list[Statement]:
    """The statements of the same passage right after this one and right before it."""
    around = split_statements(statement.passage)
    place = next((at for at, one in enumerate(around) if one.key == statement.key), 0)
    return [around[at] for at in (place + 1, place - 1) if 0 <= at < len(around)]


def following(statement: Statement) -> list[Statement]:
    """The statements of the same passage after this one, in order."""
    return [one for one in split_statements(statement.passage) if one.start >= statement.end]


def over_passages(passages: Sequence[Passage]) -> dict[tuple[str, int], str]:
    """What the first statement of a passage goes on about at the end of the passage before it, by the statement's key."""
    before: dict[tuple[str, int], str] = {}
    for earlier, passage in pairwise(passages):
        if (earlier.document, earlier.path) == (passage.document, passage.path):
            first, last = split_statements(passage)[:1], split_statements(earlier)[-1:]
            if first and last and _GOES_ON.match(first[0].text):
                before[first[0].key] = f"{last[0].before} {last[0].text}".strip()[-_CONTEXT:]
    return before


@lru_cache(maxsize=8_192)
def _split(passage: Passage) -> tuple[Statement, ...]:
    found: list[Statement] = []
    headings = {heading.casefold() for heading in (*passage.path, passage.title)}
    for start, end, label in _with_answers(passage.text):
        text = passage.text[start:end]
        if any(character.isalpha() for character in text) and text.strip(" :#").casefold() not in headings:
            before = found[-1] if found and _GOES_ON.match(text) else None
            context = f"{before.before} {before.text}".strip()[-_CONTEXT:] if before else label
            since = before.start if before else -1
            found.append(Statement(passage, text, passage.start + start, passage.start + end, 0.0, context, since))
    return tuple(_introduced(passage, found))


def _introduced(passage: Passage, statements: Sequence[Statement]) -> Iterator[Statement]:
    """The statements of a passage, items of a list with what introduces it: what ends in a colon right before them.

    An item that does so itself introduces those that stand deeper or are marked otherwise, after what introduces it. A
    blank line between items ends all that.
    """
    open_: list[tuple[Statement, tuple[str, bool] | None]] = []
    item, end, own = False, 0, ("", False)
    for statement in statements:
        begin = statement.start - passage.start
        between = passage.text[end:begin]
        if not end or "\n" in between:
            line = passage.text[passage.text.rfind("\n", 0, begin) + 1 : begin + len(statement.text)]
            was_item, item = item, POINT.match(line) is not None
            own = line[: len(line) - len(line.lstrip())], line.lstrip()[:1].isalnum()
            if not item or (was_item and between.count("\n") > 1):
                open_.clear()
            while open_ and (level := open_[-1][1]) is not None and _ends(own, level):
                open_.pop()
        end = statement.end - passage.start
        if item and open_:
            statement = replace(statement, introduced=tuple((one.start, one.end) for one, _ in open_))
        yield statement
        if not item:
            open_.clear()
        if _INTRODUCES.search(statement.text) and len(open_) < _DEEP:
            open_.append((statement, own if item else None))


def _ends(own: tuple[str, bool], level: tuple[str, bool]) -> bool:
    """Whether an item stands no deeper than the one that introduces others, and is marked as that is."""
    return len(own[0]) < len(level[0]) or (len(own[0]) == len(level[0]) and own[1] == level[1])


def _with_answers(text: str) -> list[tuple[int, int, str]]:
    """Where sentences stand, some with what stands before them on their line, and what labels the line besides.

    That is a question before what answers it, what labels a line ("Recruitment."), and a sentence before brackets.
    """
    found: list[tuple[int, int, str]] = []
    label, begins = "", False  # ``begins``: whether the last one found is a single sentence that begins its line.
    for start, end in sentences(text):
        if not found or "\n" in text[found[-1][1] : start]:
            label, begins = "", True
            found.append((start, end, label))
            continue
        first, last, over = found[-1]
        before = text[first:last]
        labelled, begins = begins and _labels(text, first, last), False
        asked = _asks(before) and not ends_asking(text[start:end])
        if labelled or asked or text.startswith("(", start):
            found[-1] = (first, end, over)
        else:
            found.append((start, end, label))
        if labelled:
            label = before
    return found


def _asks(sentence: str) -> bool:
    """Whether a sentence asks, or tells that somebody did ("A retailer has asked whether we do.")."""
    return ends_asking(sentence) or _TELLS_OF_QUESTION.search(sentence) is not None


def _labels(text: str, start: int, end: int) -> bool:
    """Whether the first sentence of a line only names what the line is about, as a label in bold does.

    In a list labels may be longer: outside of one a few words may well say something.
    """
    sentence = text[start:end]
    in_list = text[text.rfind("\n", 0, start) + 1 : start].strip()
    short = sentence.endswith((".", ":")) and len(sentence.split()) <= (_LABEL_IN_LIST if in_list else _LABEL)
    return short and bool(content_set(sentence)) and not _COUNTS.match(sentence)
