"""The guidance as a tree of headings: what lists its items, and what it sets side by side."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cached_property

from assistant.contents.headings import Node, Path, name_alike
from assistant.contents.options import COUNTS, NOUNS, OPTION_NOUNS, Group, Option, counted, groups_of, parallel
from assistant.contents.statements import Statement, split_statements
from assistant.contents.tabled import tabled
from assistant.questions.criteria import COMPARING_WORDS
from assistant.records import Place
from assistant.words import content_set, coverage, stem
from corpus import Passage

_FAMILY = 200
_COMMON = 0.5
"""The share of passages from which on a word tells nothing apart."""
_OPENING = 8
"""So many statements that stand first may say how many options follow."""
_FEWEST = 12
"""Of fewer passages than these a word may stand in most and still be what a question is about."""
_PLAINLY = 2
"""So many options that a text names are meant, whatever they are."""
_ANNOUNCED = 0.5
"""The share of a heading's words that a statement holds which announces it."""
_NUMBERS = {**COUNTS, "both": 2, "six": 6, "seven": 7, "eight": 8}
_NOUNS = rf"(?:{NOUNS}|choices?)"
_SEVERAL = re.compile(
    rf"\b(?:approaches|options|models|alternatives|ways|paths|routes|strategies|variants|scenarios|set-?ups|arrangements)\b"
    rf"|\b(?:each|every|either)(?: single| possible)? {_NOUNS}\b"
    r"|\bwhich (?:one )?of (?:the (?:two|three|four)|both|them)\b"
    rf"|\b(?:all|each|both|every one)(?: of)?(?: (?:the|these|those|them))?(?: (?:two|three|four|five|six|seven|eight))?(?: of (?:them|these|those))?\W*$",
    re.IGNORECASE,
)
"""Words that mean all of several options together, without their names."""
_ALL_OF = re.compile(r"\ball (?:of (?:the|these|those) |the )?(?P<number>two|three|four|five|six|seven|eight)\b")
"""How many are meant ("for all three"): a group of another number is not."""


class Outline:
    """Built once from an index's passages; holds no text of its own.

    ``options`` are names by which rules beside the guidance know its options, so that it is known which are meant.
    """

    def __init__(self, passages: Sequence[Passage], options: Sequence[str] = ()) -> None:
        self.roots: dict[str, Node] = {}
        self._nodes: dict[tuple[str, Path], Node] = {}
        for passage in passages:
            self._node(passage.document, passage.title, passage.path).own.append(passage)
        self.nodes = tuple(self._nodes.values())
        for node in self.nodes:
            name_alike(node.children)
        known = [content_set(name) for name in options]
        # Those that the rules know or that have both sides under them come before others; the outermost first.
        distinct: dict[frozenset[int], Group] = {}
        for group in self._groups():
            distinct.setdefault(frozenset(id(option.node) for option in group.options), group)
        self.groups = tuple(sorted(distinct.values(), key=lambda one: (not _known(one, known), not one.told_apart)))
        self._by_rules = known
        self._reviewed = bool(self.groups) and _known(self.groups[0], known)

    def node(self, document: str, path: Path) -> Node | None:
        return self._nodes.get((document, path))

    def places(self) -> tuple[Place, ...]:
        """Every section that exists, in order of the documents."""
        return tuple(node.place for node in self.nodes)

    def announces(self, statement: Statement) -> bool:
        """Whether a statement only announces the headings below it: "the advantages are focus and speed" above both."""
        node = self.node(statement.passage.document, statement.passage.path)
        if node is None or len(node.children) < 2:
            return False
        over = content_set(" ".join((node.title, *node.path)))
        said = content_set(statement.text)
        below = (content_set(child.name) - over for child in node.children[:_FAMILY])
        return sum(coverage(heading, said) >= _ANNOUNCED for heading in below) >= 2

    def _node(self, document: str, title: str, path: Path) -> Node:
        found = self._nodes.get((document, path))
        if found is None:
            found = self._nodes[document, path] = Node(document, title, path)
            if path:
                self._node(document, title, path[:-1]).children.append(found)
            else:
                self.roots[document] = found
        return found

    def _groups(self) -> Iterator[Group]:
        """Headings side by side that are built alike around words of their own, the outermost first, and rows of tables.

        "The top-down approach" and "The bottom-up approach" are; "Choosing an approach" is not one of them. Whole
        documents are not set side by side by what stands in them.
        """
        tops = [child for root in self.roots.values() for child in root.children]
        yield from groups_of(list(self.roots.values())[:_FAMILY], sides=False)
        one = len(self.roots) == 1
        yield from groups_of(tops[:_FAMILY], sides=one)
        for node in self.nodes:
            if node.path:
                yield from groups_of(node.children[:_FAMILY])
            elif not one and (both := parallel(node.children[:_FAMILY])):
                yield both
        for node in self.nodes:
            told = [one.text for passage in node.own for one in split_statements(passage)][:_OPENING]
            group = counted(node.children[:_FAMILY], ". ".join((node.heading or node.title, *told)))
            if group is not None:
                yield group
        for node in self.nodes:
            yield from tabled(node)

    def cells_of(self, option: Node) -> list[Node]:
        """What tables say of an option that has a heading too: their cells, as headings with what stands in them."""
        nodes = (one.node for group in self.groups for one in group.options)
        same = (node for node in nodes if node is not option and node.document == option.document)
        return [child for node in same if _same_name(node, option) for child in node.children]

    def options_named(self, text: str) -> frozenset[str]:
        """The names of the ``options`` that a text names."""
        return frozenset(option.name for option in self.options if option.named_in(text))

    @property
    def options(self) -> tuple[Option, ...]:
        """Those of the group that comes first, if one chooses between them; empty without any."""
        return self.groups[0].options if self.groups and self.chosen_between(self.groups[0]) else ()

    @cached_property
    def counts(self) -> Counter[str]:
        """In how many passages each stem stands, with their headings."""
        texts = (passage.searched_text for node in self.nodes for passage in node.own)
        return Counter(stem for text in texts for stem in content_set(text))

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """Every stem that the guidance holds."""
        return frozenset(self.counts)

    @cached_property
    def common(self) -> frozenset[str]:
        """Stems that stand in so many passages that they tell nothing apart."""
        passages = sum(len(node.own) for node in self.nodes)
        frequent = (stem for stem, count in self.counts.items() if count > _COMMON * passages)
        return frozenset(frequent) if passages >= _FEWEST else frozenset()

    def rivals(self, text: str) -> Group | None:
        """The group of which the text names most options, at least one; None where it names none.

        Of headings that are only built alike, one that is named alone counts with what they share: "quality" does not
        name "Quality metrics".
        """
        named = [(len(_not_comparing(group.mentioned(text))), group) for group in self.groups]
        said = content_set(text) - self.common
        meant = [(count, group) for count, group in named if count and self._means(group, count, said)]
        return max(meant, key=lambda one: one[0])[1] if meant else None

    def _means(self, group: Group, count: int, said: frozenset[str]) -> bool:
        """Whether a text with the stems ``said`` that names so many options of a group means it."""
        return count >= _PLAINLY or bool(group.shared & said) or self.chosen_between(group)

    def _says(self, group: Group, text: str) -> bool:
        """Whether a text says all of what headings share that are only built alike: "engineers" no "AI Engineering Lab"."""
        return self.chosen_between(group) or group.shared - self.common <= content_set(text)

    def chosen_between(self, group: Group) -> bool:
        """Whether a group is of what one chooses between, and not only of headings that are built alike.

        Rules know it, both sides stand under its headings, or a label or a word for options says so.
        """
        labelled = all(option.node.tag for option in group.options)
        return group.told_apart or labelled or bool(group.shared & OPTION_NOUNS) or _known(group, self._by_rules)

    def rival_names(self, text: str) -> tuple[str, ...]:
        """The names of all that the guidance sets side by side with what the text names; empty where it names none."""
        group = self.rivals(text)
        return group.names if group else ()

    def named(self, question: str) -> tuple[Option, ...]:
        """The options that a question names; of a follow-up with the earlier one in brackets, those it names itself.

        What stands in brackets and is no more than names counts too.
        """
        own, _, bracket = question.partition(" (")
        group = self.rivals(own) or self.rivals(question)
        if group is None:
            return ()
        names = group.shared | OPTION_NOUNS | frozenset().union(*(option.own for option in group.options))
        only_names = bool(bracket) and content_set(bracket) <= names
        return group.mentioned(question) if only_names else group.mentioned(own) or group.mentioned(question)

    def together(self, question: str) -> Group | None:
        """The options that a question means without their names: by the word they share, or a word for options.

        Those that the rules know are preferred, then, where it says how many ("the three models"), a group of so many.
        """
        said = question.casefold()
        plural = {stem(word) for word in re.findall(r"[^\W\d_]+s\b", said)}
        plural |= {stem(word) for word in re.findall(r"\b(?:each|every|either) (?:[^\W\d_]+ )??([^\W\d_]+)", said)}
        meant = [group for group in self.groups if group.shared & plural and self._says(group, question)]
        if not meant and _SEVERAL.search(question):
            meant = [group for group in self.groups if self.chosen_between(group)]
        if all_of := _ALL_OF.search(said):
            meant = [group for group in meant if len(group.options) == _NUMBERS[all_of["number"]]]
        if self._reviewed and self.groups[0] in meant:
            return self.groups[0]
        counts = {_NUMBERS[word] for word in re.findall(r"[a-z]+", said) if word in _NUMBERS}
        return next((group for group in meant if len(group.options) in counts), meant[0] if meant else None)


def _not_comparing(options: Sequence[Option]) -> list[Option]:
    """The options but for those whose names are words of comparing: "compare" does not name "Comparative baseline"."""
    return [option for option in options if not option.own <= COMPARING_WORDS]


def first_of(node: Node) -> list[Statement]:
    """The first statement under a heading; empty where nothing stands there."""
    return [one for passage in node.passages()[:1] for one in split_statements(passage)[:1]]


def _known(group: Group, names: Sequence[frozenset[str]]) -> bool:
    """Whether rules know at least two of the options."""
    return sum(any(option.own <= name for name in names) for option in group.options) >= 2


def _same_name(one: Node, other: Node) -> bool:
    own = content_set(one.name)
    return bool(own) and own == content_set(other.name)
