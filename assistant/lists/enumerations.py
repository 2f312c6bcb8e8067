"""Lists as they stand in documents, each read as a whole by a model that judges: the one that answers is told."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from assistant.comparing.focusing import Read
from assistant.contents.cells import is_row
from assistant.contents.enumerated import MOST_POINTS, counted_out, lists_under, rows_under
from assistant.contents.finder import StatementFinder
from assistant.contents.outline import Outline
from assistant.contents.statements import Statement, split_statements
from assistant.questions.kinds import kind
from assistant.words import content_set
from index import Hit

if TYPE_CHECKING:
    from assistant.contents.headings import Node
    from assistant.contents.meanings import Meanings

_TOLD = 20
_FEWEST = 2
_COMPARED = 60
"""Of so many lists, those over which the nearest words stand, the points are compared too."""
_READ = 3
_NEAR_TABLES, _FEW_TABLES = 8, 6
"""Among so many lists, or of so few tables, those are looked at of which some rows may be asked for."""
"""How many lists a model reads for one question."""
_OF_POINTS, _OF_FOUND = 0.5, 0.15
"""How much the points of a list count beside the words over it, and that it stands in a passage that was found."""
_NEAR = 0.2
"""How near a list must be to be read."""
_SURE, _OF_YES = 0.65, 0.5
"""The yes with which a list is told, and how much it counts for which one."""
_PLAIN, _PLAIN_YES, _APART = 0.7, 0.2, 0.2
"""A list so near, and so much nearer than the next one, needs no more than this yes."""
_LIKELY, _TIMES = 0.35, 3.0
"""A list with this yes is told too, if that is so many times the yes of the next one."""
_ASKS_FOR_POINTS = re.compile(
    r"\b(?:what|which)(?! (?:share|percentage|per ?cent|proportion|number|amount|fraction|level|rate)\b)"
    r"(?: [a-z'’-]+){0,4} (?!(?:does|has|this|thus|always|news|besides)\b)[a-z-]{2,}(?<![suiy])s"
    r"(?: of [a-z-]+(?: [a-z-]+)?)?,?"
    r" (?:should|shall|do|does|did|can|could|may|must|might|would|will|are|were|have|has|ought|need|apply|exist)\b"
    r"|\bhow (?:would|do|does|can|could|might|should) (?:i|we|you|one|they|an? \w+) (?:spot|recogni[sz]e|identify)\b"
    r"|\bwhat (?:does|do|is|are|should|must|has|have|needs?)\b[^,;:?]{0,80}"
    r"\b(?:contain|include|cover|consist of|comprise|go into)\b"
    r"|\bwhat (?:should|do|must|ought) (?:i|we|you|one) (?:to |have to |need to )?(?:be )?"
    r"(?:ask|check|look (?:at|for)|watch|prepare|record|document|consider)(?:ing)?\b"
    r"|\bwhat (?:should|must|do|are)\b[^,;:?]{0,40}"
    r"\b(?:be )?(?:taught|told|trained in|learn|know|required to do|expected to do)\b"
    r"|\bwhat(?:['’]s| is| are)(?: [a-z]+){0,2}"
    r" (?:forbidden|prohibited|banned|allowed|permitted|ruled out|off limits|out of bounds|mandatory|compulsory)\b"
    r"|\bwhat (?:do|does|did|will|would|has|have|had) (?!you\b|i\b)[^,;:?]{2,60}"
    r"\b(?:rul(?:e|ed|ing) out|forbid(?:den)?|ban(?:ned)?|prohibit(?:ed)?|exclude[ds]?|promised?|recommend(?:ed)?"
    r"|advised?|propose[ds]?|suggest(?:ed)?|concluded?|pledged?|undertaken?|undertook)\b"
    r"(?=\W*$|,| (?:altogether|outright|at the end|in the end|in (?:its|the|our)|to|from)\b)"
    r"|\bwho(?:['’]s)? all\b"
    r"|\bwho(?:['’]s| is| are| sits?| serves?) (?:on|in) (?:the|our|this|that) (?:[\w-]+ ){0,3}?"
    r"(?:board|committee|team|panel|council|group|forum|body|jury|crew)\b"
    r"|\b(?:give|tell|show|send) (?:me|us) (?:all )?(?:of )?(?:the|our|your) (?:[a-z-]+ ){0,2}[a-z-]{3,}(?<![suiy])s\b",
    re.IGNORECASE,
)
"""Several answer "at which points do we ...?", "who sits on the board?", "how would I spot ...?", "what is banned?"."""


_LISTS_ITSELF = re.compile(r"(?:[^,;]+[,;] ){2,}[^,;]*\b(?:and|or|nor|as well as) \S", re.IGNORECASE)
"""A sentence that lists three things or more."""


@dataclass(frozen=True, slots=True)
class Enumeration:
    """The points of one list in order, and the ``introduction`` before it, if there is one.

    ``leads`` are the statements that the points begin with, as they are cut from their passages. ``announced`` is
    whether the introduction says that points come.
    """

    node: "Node"
    introduction: Statement | None
    points: tuple[Statement, ...]
    leads: tuple[Statement, ...]
    announced: bool

    @property
    def told(self) -> tuple[Statement, ...]:
        """Its points, after the introduction where that announces them."""
        before = (self.introduction.whole,) if self.introduction and self.announced else ()
        return (*before, *self.points[:_TOLD])

    @property
    def whole(self) -> Statement:
        """All of it as one statement, to be read."""
        before = f"{self.introduction.whole.text} " if self.introduction else ""
        points = "; ".join(one.text.rstrip(" .;") for one in self.points)
        return replace(self.points[0], text=f"{before}{points}", before="", since=-1, introduced=())


def asks_for_points(question: str) -> bool:
    """Whether the points of a list may answer a question: it wants one, or asks for what is told point by point."""
    return kind(question) == "list" or _ASKS_FOR_POINTS.search(question) is not None


class Enumerations:
    """The lists of a guidance, but for what stands under the options it sets side by side: those have sides."""

    def __init__(self, outline: Outline, finder: StatementFinder) -> None:
        self._outline = outline
        self._finder = finder

    def answering(
        self, question: str, hits: Sequence[Hit], read: Read, evidence: Sequence[Statement] = ()
    ) -> tuple[Statement, ...]:
        """The list that a model that can ``read`` says to answer a question for several things; empty where none does.

        The nearest of all lists are read where it is known what all statements mean, else those in passages found, and
        those that the best of the ``evidence`` introduces. Of that what lists things in one sentence is told before
        the list, where it answers as surely.
        """
        meanings = self._finder.meanings
        if meanings is None or not asks_for_points(question) or self._of_options(question):
            return ()
        meant, plain = self._finder.documents.meant(question), self._finder.documents.unnamed(question)
        nearest = self._nearest(plain, hits, meanings)
        nearest = [pair for pair in nearest if meant(pair[1].node.document)]
        first = {one.key for one in evidence[:_READ]}
        introduced = [pair for pair in nearest[_READ:] if pair[1].introduction and pair[1].introduction.key in first]
        of_these = (*nearest[:_READ], *introduced)
        near = [(worth, one, read(plain, one.whole)) for worth, one in of_these if worth >= _NEAR]
        if not near:
            return ()
        worth, best, yes = max(near, key=lambda one: one[0] + _OF_YES * one[2])
        others = next((value for value, one in nearest if not _same(one, best)), 0.0)
        plainly = worth >= _PLAIN and worth - others >= _APART and yes >= _PLAIN_YES
        next_yes = max((other for _, one, other in near if not _same(one, best)), default=0.0)
        by_far = yes >= max(_LIKELY, _TIMES * next_yes)
        if not (yes >= _SURE or plainly or by_far):
            return ()
        listed = {one.key for one in best.leads}
        in_one = (one for one in evidence[:_READ] if one.key not in listed and _LISTS_ITSELF.match(one.text))
        as_sure = tuple(
            one for one in in_one if meant(one.passage.document) and read(plain, one.whole) >= max(yes, _SURE)
        )
        return (*as_sure[:1], *best.told)

    def tables(self, question: str, hits: Sequence[Hit]) -> tuple[tuple[Statement, ...], ...]:
        """The tables among the lists nearest to a question, as their rows, the nearest first; all where that is few."""
        meanings = self._finder.meanings
        if meanings is None or self._of_options(question):
            return ()
        nearest = self._nearest(self._finder.documents.unnamed(question), hits, meanings)
        meant = self._finder.documents.meant(question)
        tables = [(at, one.points) for at, (_, one) in enumerate(nearest) if is_row(one.points[0].text)]
        few = len(tables) <= _FEW_TABLES
        return tuple(rows for at, rows in tables if (few or at < _NEAR_TABLES) and meant(rows[0].passage.document))

    def standing(self, statements: Sequence[Statement]) -> tuple[tuple[Statement, ...], ...]:
        """The lists in which two or more of the statements stand, the points of each in order."""
        places = Counter((one.passage.document, one.passage.path) for one in statements)
        nodes = (self._outline.node(*place) for place, number in places.items() if number >= _FEWEST)
        return tuple(one.points for node in nodes if node for one in self._under(node))

    def _of_options(self, question: str) -> bool:
        """Whether a question names one of the options that the guidance sets side by side."""
        group = self._outline.rivals(question)
        return group is not None and group.options == self._outline.options

    def _nearest(self, question: str, hits: Sequence[Hit], meanings: "Meanings") -> list[tuple[float, Enumeration]]:
        """Lists with how near they are to a question, the nearest first."""
        found = {hit.passage.id for hit in hits}
        places = dict.fromkeys((hit.passage.document, hit.passage.path) for hit in hits)
        nodes = (self._outline.node(*place) for place in places)
        candidates = self._all if meanings.known else [one for node in nodes if node for one in self._under(node)]
        over = self._over(question, candidates, meanings)
        if over is None:
            return []
        ordered = sorted(zip(over, candidates, strict=True), key=lambda pair: -pair[0])
        worth = []
        for place, (near, one) in enumerate(ordered):
            here = any(point.passage.id in found for point in one.points)
            if place < _COMPARED or here:
                of_points = meanings.nearness_of_known(question, one.leads)
                mean = float(of_points.mean()) if len(of_points) else 0.0
                worth.append((near + _OF_POINTS * mean + _OF_FOUND * here, one))
        return sorted(worth, key=lambda pair: -pair[0])

    def _over(self, question: str, lists: Sequence[Enumeration], meanings: "Meanings") -> list[float] | None:
        """How near the heading over each list or its introduction is, whichever is nearer; None where not known."""
        introductions = [one.introduction for one in lists if one.introduction is not None]
        of_headings = meanings.nearness_of_headings(question, [one.node.heading for one in lists])
        of_introductions = meanings.nearness(question, introductions)
        if of_headings is None or of_introductions is None:
            return None
        values = iter(of_introductions.tolist())
        return [
            max(heading, next(values) if one.introduction is not None else heading)
            for heading, one in zip(of_headings.tolist(), lists, strict=True)
        ]

    @cached_property
    def _all(self) -> list[Enumeration]:
        return [one for node in self._outline.nodes for one in self._under(node)]

    def _under(self, node: "Node") -> Iterator[Enumeration]:
        """The lists directly under a heading, in lines and in running text."""
        if any(option.node.holds(node) for option in self._outline.options):
            return
        own = {one.start: one for passage in node.own for one in split_statements(passage)}
        counted = {start: tuple(counted_out(one)) for start, one in own.items()}
        lists, end = lists_under(node), 0
        for points in sorted((*lists, *self._tables(node, lists)), key=lambda points: points[0].start):
            between = [one for one in own.values() if end <= one.start and one.end <= points[0].start]
            end = points[-1].end
            if _FEWEST <= len(points) <= MOST_POINTS:
                leads = tuple(own[point.start] for point in points)
                before = between[-1] if between else None
                announced = before is not None and (before.text.rstrip().endswith(":") or bool(counted[before.start]))
                yield Enumeration(node, before, tuple(points), leads, announced)
        for start, told in counted.items():
            if told:
                yield Enumeration(node, own[start], told, told, announced=True)

    def _tables(self, node: "Node", lists: Sequence[Sequence[Statement]]) -> list[list[Statement]]:
        """The tables directly under a heading, each as its rows, but for ``lists`` and what sets options apart."""
        place = (node.document, node.path)
        options = (option.node for group in self._outline.groups for option in group.options)
        if any((one.document, one.path[:-1]) == place for one in options):
            return []
        listed = {point.start for points in lists for point in points}
        return [rows for rows in rows_under(node) if rows[0].start not in listed]


def _same(one: Enumeration, other: Enumeration) -> bool:
    """Whether two lists say the same, as two forms of one document do."""
    return content_set(one.whole.text) == content_set(other.whole.text)
