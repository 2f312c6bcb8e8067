"""One item of a list, asked for by its place: "the second step of starting a pilot"."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from assistant.contents.outline import Outline
from assistant.contents.statements import Statement, split_statements
from assistant.words import content_set, coverage, stem

_WORDS = "first second third fourth fifth sixth seventh eighth ninth tenth".split()
_CARDINALS = "one two three four five six seven eight nine ten".split()
_PLACES = {
    **{word: number for number, word in enumerate(_WORDS, 1)},
    **{word: number for number, word in enumerate(_CARDINALS, 1)},
    "last": -1,
    "final": -1,
}
_ORDINAL = rf"(?P<place>{'|'.join(_WORDS)}|last|final|\d{{1,2}}(?:st|nd|rd|th))"
_ASKED = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b(?:which|what) (?P<noun>[a-z]{{3,20}}) (?:comes|is|are|goes)(?: the)? {_ORDINAL}\b",
        rf"\b{_ORDINAL} (?P<noun>[a-z]{{3,20}})\b",
        rf"\b(?P<noun>[a-z]{{3,20}}) (?:no\. ?|number |#)?(?P<place>\d{{1,2}}|{'|'.join(_CARDINALS)})\b(?![.,]\d)",
    )
)
_BULLET = re.compile(r"^[ \t]*(?:[-*•–][ \t]+)?$")
_NUMBER = re.compile(r"^\(?(\d{1,3})[.)][ \t]")
_LETTER = re.compile(r"^\(?[a-z][.)][ \t]")
_SECTIONS = 8
_MOST_PASSAGES = 20
_MOST_SENTENCES = 3
_MOST_ASKED = 4
_MEANT = 0.6


@dataclass(slots=True)
class _List:
    """The items of a list, each with its sentences, and what leads in to it."""

    name: str
    depth: int
    items: list[list[Statement]] = field(default_factory=list)


def placed(question: str, nearest: Sequence[Statement], outline: Outline) -> tuple[tuple[Statement, ...], bool]:
    """The item that a question asks for by its place, and whether the list is surely the one that is meant.

    It is where what leads in to it, or its heading, names the items as the question does and, with the headings over
    it, says what else the question says. ``nearest`` are the statements nearest to the question. Empty where it asks
    for no item, the list has none at that place, or several lists may be meant.
    """
    for asked in [match for pattern in _ASKED for match in pattern.finditer(question)][:_MOST_ASKED]:
        item, sure = _placed(question, asked, nearest, outline)
        if item:
            return item, sure
    return (), False


def _placed(
    question: str, asked: "re.Match[str]", nearest: Sequence[Statement], outline: Outline
) -> tuple[tuple[Statement, ...], bool]:
    noun = stem(asked["noun"].lower())
    wanted = content_set(f"{question[: asked.start()]} {question[asked.end() :]}") - {noun}
    found: list[tuple[float, _List]] = []
    sections = dict.fromkeys((one.passage.document, one.passage.path) for one in nearest)
    for document, path in list(sections)[:_SECTIONS]:
        node = outline.node(document, path)
        passages = node.own[:_MOST_PASSAGES] if node else []
        for one in _lists([statement for passage in passages for statement in split_statements(passage)]):
            over = f"{node.title} {' '.join(path)} {one.name}" if node else one.name
            heading = path[-1] if path else ""
            if noun in content_set(f"{one.name} {heading}") and len(one.items) >= 2:
                found.append((coverage(wanted, content_set(over)) if wanted else 1.0, one))
    best = max((share for share, _ in found), default=0.0)
    meant = [one for share, one in found if share == best]
    if best < _MEANT or len(meant) != 1:
        return (), False
    item = _at(meant[0], asked["place"].lower())
    return tuple(item[:_MOST_SENTENCES]), best == 1.0


def _at(one: _List, place: str) -> list[Statement]:
    wanted = _PLACES.get(place) or int(re.sub(r"\D", "", place) or 0)
    if wanted == -1:
        return one.items[-1]
    numbers = [match and int(match[1]) for match in (_NUMBER.match(item[0].text) for item in one.items)]
    if all(numbers):
        return next((item for item, number in zip(one.items, numbers, strict=True) if number == wanted), [])
    return one.items[wanted - 1] if 0 < wanted <= len(one.items) else []


def _lists(statements: Sequence[Statement]) -> Iterator[_List]:
    """The lists of a section, those below an item left out."""
    current: _List | None = None
    before = ""
    for one in statements:
        line = one.passage.text[: one.start - one.passage.start]
        indent = line[line.rfind("\n") + 1 :]
        begins = not indent.strip() or bool(_BULLET.match(indent))
        marked = bool(indent.strip()) or bool(_NUMBER.match(one.text) or _LETTER.match(one.text))
        depth = len(indent) - len(indent.lstrip())
        if begins and marked:
            number = _NUMBER.match(one.text)
            anew = current is None or depth < current.depth or (number and number[1] == "1" and depth == current.depth)
            if anew:
                if current:
                    yield current
                current = _List(before if before.rstrip().endswith(":") else "", depth)
            if current and depth == current.depth:
                current.items.append([one])
            elif current and current.items:
                current.items[-1].append(one)
        elif not begins and current and current.items:
            current.items[-1].append(one)
        elif current:
            yield current
            current = None
        before = one.text
    if current:
        yield current
