"""What the guidance sets side by side: headings that are built alike, or under which the same sides stand."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from assistant.contents.headings import Node
from assistant.contents.sides import SIDE_WORDS, SIDES, sided
from assistant.words import content_set, content_words, stem, words

_OPTIONS = 8
_OWN_WORDS = 3
_ABBREVIATION = re.compile(r"[A-Z]{3,6}")
_LONGEST_NAME = 6
NOUNS = (
    r"approach(?:es)?|options?|models?|alternatives?|ways?|paths?|routes?|strateg(?:y|ies)|variants?|scenarios?|set-?ups?"
    r"|arrangements?"
)
"""Words for what options are, as the beginning of a group of a pattern."""
_OWN_AND_NOUN = 2
_ENOUGH = 2
COUNTS = {"two": 2, "three": 3, "four": 4, "five": 5}
_COUNTED = re.compile(
    rf"\b(?P<number>{'|'.join(COUNTS)}) (?!(?:of|in|to)\b)(?:[a-z-]+ )??(?:{NOUNS}|choices)\b", re.IGNORECASE
)
"""Says how many options there are: "three ways to organise ourselves", "the two honest choices"."""
_TELLS_WHAT_IS_DONE = re.compile(r"\w{3}(?:tion|ment|ing|ance)\b", re.IGNORECASE)
"""What names a step ("implementation strategy", "operating model"), and no option."""
OPTION_NOUNS = frozenset(
    map(
        stem,
        "approach option model alternative path route variant method strategy scenario form type mode way".split(),
    )
)
"""Stems of words for what options are, whichever of them the guidance uses."""


@dataclass(frozen=True, slots=True)
class Option:
    """One of several headings that stand side by side. ``own`` are the stems that tell it from the others."""

    name: str
    own: frozenset[str]
    node: Node
    freely: bool = False
    """Whether its name is a heading in free words, of which two name it."""

    def named_in(self, text: str) -> bool:
        """Whether the option's own words all stand in the text, its label does ("option A") or what it abbreviates."""
        said = content_set(text)
        enough = self.own <= said or (self.freely and len(self.own & said) >= _ENOUGH)
        return enough or self.node.labelled_in(text) or self._spelled_out(text)

    def _spelled_out(self, text: str) -> bool:
        """Whether words of the text begin with the letters of a name like "DPS", one after the other."""
        if not _ABBREVIATION.fullmatch(self.name):
            return False
        initials = r"\W+".join(rf"{letter}[a-z]+" for letter in self.name.casefold())
        return re.search(rf"\b{initials}\b", text.casefold()) is not None


@dataclass(frozen=True, slots=True)
class Group:
    """Two to eight headings side by side, such as three approaches, with the stems that they share."""

    shared: frozenset[str]
    options: tuple[Option, ...]

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(option.name for option in self.options)

    def mentioned(self, text: str) -> tuple[Option, ...]:
        """The options that a text names."""
        return tuple(option for option in self.options if option.named_in(text))

    @property
    def told_apart(self) -> bool:
        """Whether headings under two options or more name what speaks for them and against them."""
        return sum(sided(option.node.children).keys() == SIDES for option in self.options) >= 2


def alike(family: Sequence[Node]) -> list[Group]:
    """Groups of headings that share their first and last words, with one to three words of their own in between."""
    spelled = [words(node.name) for node in family]
    members: defaultdict[tuple[tuple[str, ...], tuple[str, ...]], set[int]] = defaultdict(set)
    for i, j in combinations(range(len(family)), 2):
        head = _common(spelled[i], spelled[j])
        tail = _common(spelled[i][head:][::-1], spelled[j][head:][::-1])
        own = [len(spelled[k]) - head - tail for k in (i, j)]
        frame = (tuple(spelled[i][:head]), tuple(spelled[i][len(spelled[i]) - tail :]))
        if all(1 <= length <= _OWN_WORDS for length in own) and content_set(" ".join((*frame[0], *frame[1]))):
            members[frame].update((i, j))
    groups = [
        _group([family[i] for i in sorted(indices)], content_set(" ".join((*head_words, *tail_words))))
        for (head_words, tail_words), indices in members.items()
    ]
    return sorted((group for group in groups if group), key=lambda group: -len(group.options))


def beside(nodes: Sequence[Node], shared: frozenset[str] = frozenset()) -> Group | None:
    """A group of headings whatever they are called, by the words that each has alone; None where they are no names."""
    if any(len(words(node.name)) > _LONGEST_NAME for node in nodes):
        return None
    stems = [content_set(node.name) for node in nodes]
    common = frozenset(one for one in frozenset().union(*stems) if sum(one in other for other in stems) > 1)
    return _group(nodes, common | shared)


def parallel(family: Sequence[Node]) -> Group | None:
    """The headings of a family under which both sides stand; None for fewer than two."""
    return beside([node for node in family if sided(node.children).keys() == SIDES])


def labelled(family: Sequence[Node]) -> list[Group]:
    """Headings that a label sets side by side: "Option A: Build it", "Option B: Buy it"."""
    nouns: defaultdict[str, list[Node]] = defaultdict(list)
    for node in family:
        if node.tag:
            nouns[node.tag.split()[0]].append(node)
    groups = (_group(nodes, frozenset({stem(noun)})) for noun, nodes in nouns.items())
    return [group for group in groups if group]


def counted(family: Sequence[Node], over: str) -> Group | None:
    """The first headings of a family, as many as what stands ``over`` them says there are options; None without that.

    They may be called anything: two of the words that one has alone name it.
    """
    found = _COUNTED.search(over)
    number = COUNTS[found["number"].lower()] if found else 0
    group = beside(family[:number], frozenset({stem("option")})) if 0 < number <= len(family) else None
    if group is None or not all(option.node.passages() for option in group.options):
        return None
    return Group(group.shared, tuple(replace(option, freely=True) for option in group.options))


def groups_of(family: Sequence[Node], *, sides: bool = True) -> list[Group]:
    """Every group of a family, the largest first; none whose options another holds with more beside them.

    ``sides`` says whether headings may belong together by the sides under them alone.
    """
    found = [*(_with_next(group, family) for group in alike(family)), *labelled(family)]
    both = parallel(family) if sides else None
    if both is not None and not any(len(group.options) >= len(both.options) for group in found):
        members = {id(option.node) for option in both.options}
        found = [both, *(one for one in found if not {id(option.node) for option in one.options} <= members)]
    return found


def _with_next(group: Group, family: Sequence[Node]) -> Group:
    """The group with the heading right after its last one, where that names an option in its own way.

    "The hybrid model" after "The central approach" and "The local approach" is one of them.
    """
    nodes = [option.node for option in group.options]
    after = next((place for place, node in enumerate(family) if node is nodes[-1]), len(family)) + 1
    if after >= len(family) or any(family[after] is node for node in nodes):
        return group
    name = family[after].name
    said = content_words(name)
    if len(said) != _OWN_AND_NOUN or said[-1] not in OPTION_NOUNS or said[0] in OPTION_NOUNS | SIDE_WORDS:
        return group
    if _TELLS_WHAT_IS_DONE.search(name):
        return group
    return _group([*nodes, family[after]], group.shared | {said[-1]}) or group


def _group(nodes: Sequence[Node], shared: frozenset[str]) -> Group | None:
    """The headings as options; those that only name a side are none."""
    owned = [(node, content_set(node.name) - shared) for node in nodes]
    options = tuple(Option(_display(node.name), own, node) for node, own in owned if not own or not own <= SIDE_WORDS)
    distinct = len({option.own for option in options}) == len(options)
    fits = 2 <= len(options) <= _OPTIONS and distinct and all(option.own for option in options)
    return Group(shared, options) if fits else None


def _common(left: Sequence[str], right: Sequence[str]) -> int:
    """How many words two sequences have in common at their beginning."""
    return next((i for i, (a, b) in enumerate(zip(left, right, strict=False)) if a != b), min(len(left), len(right)))


def _display(heading: str) -> str:
    """A heading as the name of an option: without its article, with a capital."""
    name = re.sub(r"^(?:the|an?) ", "", heading, flags=re.IGNORECASE)
    return name[:1].upper() + name[1:]
