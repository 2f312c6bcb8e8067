"""A heading with what stands under it, and its name without the number before it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from assistant.records import Place
from assistant.words import content_set
from corpus import Passage

Path = tuple[str, ...]

_NUMBER = re.compile(
    r"(?:§ ?)?(?:\(?(?:\d{1,3}(?:\.\d{1,3})*|[A-Za-z]|[IVXL]{1,6}|[ivx]{1,5})[.)](?:\s*[:–-])?\s+|\d{1,3}(?:\.\d{1,3})+:?\s+(?=[^\Wa-z]))"
)
_TAG = re.compile(
    r"(?P<noun>(?i:section|chapter|part|article|annex|appendix|schedule|option|alternative|model|variant|version|scenario|approach"
    r"|strategy|method|solution|proposal|plan|path|route|way|phase|stage|step))\s+(?P<mark>\d{1,3}(?:\.\d{1,3})*|[IVXL]{1,6}|[A-Z])"
    r"(?:\s*[:.)]\s+|\s+[–—-]\s+)"
)
_STRUCTURE = frozenset({"section", "chapter", "part", "article", "annex", "appendix", "schedule"})
_BARE = re.compile(r"(\d{1,2})\s+(?=[^\W\d_])")


@dataclass(slots=True)
class Node:
    """A heading with what stands under it. ``own`` are the passages directly under it, in order.

    ``name`` is the heading without the number before it, as it is compared and shown; citations keep the whole heading.
    """

    document: str
    title: str
    path: Path
    own: list[Passage] = field(default_factory=list)
    children: list["Node"] = field(default_factory=list)
    name: str = ""
    tag: str = field(init=False, compare=False)
    """What an option may also be called by: "option a" of "3. Option A: Build it"; empty without such a label."""

    def __post_init__(self) -> None:
        self.name = self.name or unnumbered(self.heading)
        self.tag = _label(self.heading)

    @property
    def heading(self) -> str:
        return self.path[-1] if self.path else self.title

    def labelled_in(self, text: str) -> bool:
        """Whether a text calls it by its label."""
        return bool(self.tag) and re.search(rf"\b{re.escape(self.tag)}\b", text.casefold()) is not None

    @property
    def place(self) -> Place:
        return Place(self.document, self.title, " > ".join(self.path))

    def holds(self, one: "Passage | Node") -> bool:
        """Whether a passage or a heading stands under the heading, or is it; under one below it counts as well."""
        return one.document == self.document and one.path[: len(self.path)] == self.path

    def lines(self) -> Iterator[tuple[Passage, int, str]]:
        """The lines directly under the heading, each with its passage and where it begins in that one's text."""
        for passage in self.own:
            start = 0
            for line in passage.text.split("\n"):
                yield passage, start, line
                start += len(line) + 1

    def passages(self) -> list[Passage]:
        """The passages under the heading and under all headings below it, in order."""
        return [*self.own, *(passage for child in self.children for passage in child.passages())]


def _label(heading: str) -> str:
    """What stands before a heading to call it by, unless that only says which part of a document it is."""
    number = _NUMBER.match(heading)
    match = _TAG.match(heading, number.end() if number else 0)
    noun = match["noun"].casefold() if match else ""
    return f"{noun} {match['mark'].casefold()}" if match and noun not in _STRUCTURE else ""


def unnumbered(heading: str) -> str:
    """A heading without the number or the label before it: "1.", "2.3", "(a)", "IV.", "Section 2:", "Option A:".

    What would be left without a word that carries a subject stays whole.
    """
    name = heading
    for pattern in (_NUMBER, _TAG):
        match = pattern.match(name)
        if match and content_set(name[match.end() :]):
            name = name[match.end() :]
    return name


def name_alike(family: Sequence[Node]) -> None:
    """Takes bare numbers ("1 Pilot", "2 Rollout") out of the names of headings that they count through from 1."""
    marked = [(match, node) for node in family if (match := _BARE.match(node.heading))]
    if len(marked) >= 2 and [int(match[1]) for match, _ in marked] == list(range(1, len(marked) + 1)):
        for match, node in marked:
            node.name = node.heading[match.end() :]
