"""The guidance as a tree of headings: what lists its items, and what it sets side by side."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import combinations

from assistant.records import Place
from assistant.words import content_set, words
from corpus import Passage

Path = tuple[str, ...]

_FAMILY = 200
_OPTIONS = 8
_OWN_WORDS = 3


@dataclass(slots=True)
class Node:
    """A heading with what stands under it. ``own`` are the passages directly under it, in order."""

    document: str
    title: str
    path: Path
    own: list[Passage] = field(default_factory=list)
    children: list["Node"] = field(default_factory=list)

    @property
    def heading(self) -> str:
        return self.path[-1] if self.path else self.title

    @property
    def place(self) -> Place:
        return Place(self.document, self.title, " > ".join(self.path))

    def passages(self) -> list[Passage]:
        """The passages under the heading and under all headings below it, in order."""
        return [*self.own, *(passage for child in self.children for passage in child.passages())]


@dataclass(frozen=True, slots=True)
class Option:
    """One of several headings that stand side by side. ``own`` are the stems that tell it from the others."""

    name: str
    own: frozenset[str]
    node: Node


@dataclass(frozen=True, slots=True)
class Group:
    """Two to eight headings side by side that share a word, such as three approaches."""

    shared: frozenset[str]
    options: tuple[Option, ...]

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(option.name for option in self.options)

    def mentioned(self, text: str) -> tuple[Option, ...]:
        """The options whose own words all stand in the text."""
        stems = content_set(text)
        return tuple(option for option in self.options if option.own <= stems)


def _alike(family: Sequence[Node]) -> list[Group]:
    """Groups of headings that share their first and last words, with one to three words of their own in between."""
    spelled = [words(node.heading) for node in family]
    members: defaultdict[tuple[tuple[str, ...], tuple[str, ...]], set[int]] = defaultdict(set)
    for i, j in combinations(range(len(family)), 2):
        head = _common(spelled[i], spelled[j])
        tail = _common(spelled[i][head:][::-1], spelled[j][head:][::-1])
        own = [len(spelled[k]) - head - tail for k in (i, j)]
        frame = (tuple(spelled[i][:head]), tuple(spelled[i][len(spelled[i]) - tail :]))
        if all(1 <= length <= _OWN_WORDS for length in own) and content_set(" ".join((*frame[0], *frame[1]))):
            members[frame].update((i, j))
    groups = []
    for (head_words, tail_words), indices in members.items():
        shared = content_set(" ".join((*head_words, *tail_words)))
        options = tuple(
            Option(_display(family[i].heading), content_set(family[i].heading) - shared, family[i])
            for i in sorted(indices)
        )
        if (
            2 <= len(options) <= _OPTIONS
            and all(option.own for option in options)
            and len({o.own for o in options}) == len(options)
        ):
            groups.append(Group(shared, options))
    return sorted(groups, key=lambda group: -len(group.options))


def _common(left: Sequence[str], right: Sequence[str]) -> int:
    """How many words two sequences have in common at their beginning."""
    return next((i for i, (a, b) in enumerate(zip(left, right, strict=False)) if a != b), min(len(left), len(right)))


def _display(heading: str) -> str:
    """A heading as the name of an option: without its article, with a capital."""
    name = re.sub(r"^(?:the|an?) ", "", heading, flags=re.IGNORECASE)
    return name[:1].upper() + name[1:]


class Outline:
    """Built once from an index's passages; holds no text of its own."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        self.roots: dict[str, Node] = {}
        self._nodes: dict[tuple[str, Path], Node] = {}
        for passage in passages:
            self._node(passage.document, passage.title, passage.path).own.append(passage)
        self.nodes = tuple(self._nodes.values())
        self.groups = tuple(self._groups())

    def node(self, document: str, path: Path) -> Node | None:
        return self._nodes.get((document, path))

    def places(self) -> tuple[Place, ...]:
        """Every section that exists, in order of the documents."""
        return tuple(node.place for node in self.nodes)

    def _node(self, document: str, title: str, path: Path) -> Node:
        found = self._nodes.get((document, path))
        if found is None:
            found = self._nodes[document, path] = Node(document, title, path)
            if path:
                self._node(document, title, path[:-1]).children.append(found)
            else:
                self.roots[document] = found
        return found

    def _groups(self) -> list[Group]:
        """Headings side by side that are built alike around words of their own, the outermost first.

        "The top-down approach" and "The bottom-up approach" are; "Choosing an approach" is not one of them.
        """
        tops = [child for root in self.roots.values() for child in root.children]
        families = [list(self.roots.values()), tops, *(node.children for node in self.nodes if node.path)]
        return [group for family in families for group in _alike(family[:_FAMILY])]

    def options_named(self, text: str) -> frozenset[str]:
        """The names of the options, of the outermost that the guidance sets side by side, that a text names."""
        return frozenset(option.name for group in self.groups[:1] for option in group.mentioned(text))

    def rivals(self, text: str) -> Group | None:
        """The group of which the text names most options, at least one; None where it names none."""
        best = max(self.groups, key=lambda group: len(group.mentioned(text)), default=None)
        return best if best and best.mentioned(text) else None
