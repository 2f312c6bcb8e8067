"""Comparisons: a table of options against criteria, every cell in the guidance's own words, by rules alone."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from statistics import fmean, pstdev

from assistant.balancing import apart
from assistant.judgment import Judgment
from assistant.listing import SIDE_WORDS, SIDES, aspects
from assistant.outline import Group, Node, Outline
from assistant.polarity import UNLABELLED, speaks_for
from assistant.question import kind, operands
from assistant.records import Cell, Comparison, Row, Sentence
from assistant.statements import Statement, StatementFinder, quoted, split_statements
from assistant.words import content_set, content_words, stem, words
from corpus import Passage

Search = Callable[[str], Sequence[Passage]]
Cells = dict[str, tuple[str, list[Statement]]]
"""One row before it is drawn: for each side its criterion and the statements."""

_DESCRIPTION = "What it is"
_POINTS = "What the guidance says of it"
_FOR, _AGAINST = "What speaks for it", "What speaks against it"
_CELL_STATEMENTS = 6
_CELL_CHARACTERS = 700
_ROWS = 9
_ALONE = 3
_TO_THE_POINT, _BESIDE_PLAIN, _PERHAPS, _STANDS_OUT = 0.6, 0.42, 0.35, 1.6
"""When a statement bears on an aspect: by its score alone, or by a lower score that stands out from the side's others."""
_JUDGEMENT_SCORE = 0.45
_COMPARING_WORDS = content_set(
    "compare comparison compared versus vs difference different differ contrast weigh against trade-off tradeoff tradeoffs side better best worse prefer approach approaches option options model models choose choice between guidance strategy organisation organization main key"
    " regarding respect terms regard concerning relation come comes off offs aspect aspects criterion criteria question table all three two four both similar similarity common separate separates distinguish distinguishes sets apart tells show give tell say please good bad AI what how which who want need know does do"
)
_REST = re.compile(r"\b(?:others?|the rest|alternatives?)\b", re.IGNORECASE)
_OPTIONS = re.compile(r"\b(?:approaches|options|models|alternatives|ways|paths|routes|strategies)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Side:
    """One of the things compared. ``node`` is the heading it has in the guidance, None where it has none."""

    name: str
    own: frozenset[str]
    node: Node | None = None


@dataclass(frozen=True, slots=True)
class Compared:
    """A comparison with the sentences outside of the table that weigh its options, best first.

    ``focused`` where the rows are those of the aspects that the question asks for.
    """

    comparison: Comparison
    judgement: tuple[Sentence, ...]
    focused: bool = False


class Comparer:
    """Draws comparisons from an outline of the guidance."""

    def __init__(self, outline: Outline, finder: StatementFinder, search: Search, judgment: Judgment) -> None:
        self._outline = outline
        self._finder = finder
        self._search = search
        self._judgment = judgment

    def sides(self, question: str) -> tuple[Side, ...]:
        """What the question compares, two or more; empty where the guidance has not two of it."""
        named = operands(question)
        group = self._group(question)
        if group is not None:
            found: dict[str, Side] = {}
            named_alone = any(group.mentioned(text) for text in named)
            for text in named or (question,):
                for option in group.mentioned(text) or ():
                    found.setdefault(option.name, Side(option.name, option.own, option.node))
            if (len(found) < 2 or not named_alone) and len(group.mentioned(question)) >= 2:
                found = {
                    option.name: Side(option.name, option.own, option.node) for option in group.mentioned(question)
                }
            elif not found or not named_alone or _REST.search(question):
                found = {option.name: Side(option.name, option.own, option.node) for option in group.options}
            for option in group.mentioned(question) if found else ():
                found.setdefault(option.name, Side(option.name, option.own, option.node))
            for text in named if named_alone else ():
                known = group.mentioned(text) or _REST.search(text) or aspects(text) & SIDES
                side = None if known else self.unheaded(text)
                if side and found:
                    found.setdefault(side.name, side)
            if len(found) >= 2:
                return tuple(found.values())
        sides = tuple(side for text in named if (side := self.unheaded(text)))
        return sides if len(sides) >= 2 and kind(question) == "compare" else ()

    def compare(self, question: str, sides: Sequence[Side]) -> Compared | None:
        """The table; None where the guidance says something of fewer than two sides."""
        rows = self._owned_rows(sides)
        owned = {id(passage) for side in sides if side.node for passage in side.node.passages()}
        rows += self._mention_rows(
            sides, owned, {key for row in rows for cell in row.values() for key in _keys(cell[1])}
        )
        if len({name for row in rows for name in row}) < 2:
            return None
        rows, focused = self._focused(question, sides, rows)
        table = tuple(
            Row(
                _criterion(row),
                tuple(_cell(side.name, row[side.name][1]) if side.name in row else None for side in sides),
            )
            for row in rows[:_ROWS]
        )
        used = {key for row in rows for cell in row.values() for key in _keys(cell[1])}
        return Compared(
            Comparison(tuple(side.name for side in sides), table),
            self._judgement(question, sides, owned, used),
            focused,
        )

    def _group(self, question: str) -> Group | None:
        """The options the question means: most of them named, or named together by the word they share."""
        stems = content_set(question)
        best = max(self._outline.groups, key=lambda group: len(group.mentioned(question)), default=None)
        if best is not None and best.mentioned(question):
            return best
        together = [group for group in self._outline.groups if group.shared & stems]
        plural = frozenset(stem(word) for word in words(question) if word.endswith("s"))
        meant = [group for group in together if group.shared & plural]
        if not meant and _OPTIONS.search(question):
            meant = list(self._outline.groups)
        return meant[0] if meant else None

    def unheaded(self, text: str) -> Side | None:
        """A side that has no heading of its own: known by the statements that name it."""
        own = content_set(text) - _COMPARING_WORDS
        if not own:
            return None
        passages = self._search(text)
        mentions = any(own <= content_set(passage.searched_text) for passage in passages)
        return Side(text[:1].upper() + text[1:], own) if mentions else None

    def said_of(self, side: Side) -> list[Statement]:
        """What names a side that has no heading of its own, and what goes on about it."""
        nearest = {passage.id for passage in self._search(side.name)}
        found: list[Statement] = []
        for node in self._outline.nodes:
            naming = False
            for passage in node.own:
                for statement in split_statements(passage):
                    names = passage.id in nearest and side.own <= content_set(statement.text)
                    naming = names or (naming and self._finder.goes_on(statement))
                    if naming:
                        found.append(statement)
        return found

    def _owned_rows(self, sides: Sequence[Side]) -> list[Cells]:
        """Rows from what stands under the sides' own headings, or names them."""
        rows: dict[frozenset[str], Cells] = {}
        for side in sides:
            if side.node is None:
                said = self.said_of(side)
                for label, value in ((_FOR, True), (_AGAINST, False)):
                    told = [s for s in said if speaks_for(s.text, least=UNLABELLED) is value]
                    if told:
                        rows.setdefault(frozenset({label}), {})[side.name] = (label, told[:_CELL_STATEMENTS])
                used = {key for row in rows.values() if side.name in row for key in _keys(row[side.name][1])}
                statements = [s for s in said if s.key not in used]
                if statements:
                    rows.setdefault(frozenset(), {})[side.name] = (_DESCRIPTION, statements[:_CELL_STATEMENTS])
                continue
            own = [statement for passage in side.node.own for statement in split_statements(passage)]
            if own:
                rows.setdefault(frozenset(), {})[side.name] = (_DESCRIPTION, own[:3])
            parted = apart(side.node)
            if parted is not None:
                for label, points in zip((_FOR, _AGAINST), parted, strict=True):
                    rows.setdefault(frozenset({label}), {})[side.name] = (label, list(points))
                continue
            for child in side.node.children:
                label, key = _aspect(child.heading, side)
                statements = _leading(child)
                if statements:
                    key = next((known for known in rows if key and known and (known <= key or key <= known)), key)
                    row = rows.setdefault(key, {})
                    row.setdefault(side.name, (label if key else _DESCRIPTION, statements))
        return _merge_lonely(list(rows.values()), sides)

    def _mention_rows(self, sides: Sequence[Side], owned: set[int], used: set[tuple[str, int]]) -> list[Cells]:
        """Rows from sections about something else whose statements name a side."""
        rows = []
        for node in self._outline.nodes:
            if not node.path:
                continue
            row: Cells = {}
            for passage in node.own:
                if id(passage) in owned:
                    continue
                for statement in split_statements(passage):
                    stems = content_set(statement.text)
                    named = [side for side in sides if side.own <= stems and len(statement.text) <= _CELL_CHARACTERS]
                    if len(named) > 1 and len(node.path) < 2:
                        continue
                    for side in named:
                        if statement.key not in used:
                            row.setdefault(side.name, (node.heading, []))[1].append(statement)
            if len(row) >= 2:
                rows.append(row)
        return rows

    def _focused(self, question: str, sides: Sequence[Side], rows: list[Cells]) -> tuple[list[Cells], bool]:
        """The rows for what the question compares the sides by, and whether it names any; all where it does not.

        An aspect that is a criterion, in whatever word, keeps its row; of any other each side gets what bears on it.
        """
        named = frozenset().union(*(side.own for side in sides), *(content_set(side.name) for side in sides))
        meant: list[Cells] = []
        for aspect in _aspects_asked(question, named, frozenset().union(*(side.own for side in sides))):
            plainly = content_set(aspect) <= SIDE_WORDS | _COMPARING_WORDS
            asked = aspects(aspect) & SIDES if plainly else frozenset()
            kept = [row for row in rows if aspects(_criterion(row)) & asked]
            if not kept and asked:
                kept = [row for row in rows if _criterion(row) in (_FOR, _AGAINST, _POINTS)]
            own = {} if kept else self._by_aspect(aspect, sides, rows)
            if not kept and not any(cell[1][0].score >= _TO_THE_POINT for cell in own.values()):
                kept = [row for row in rows if content_set(aspect) & content_set(_criterion(row))]
            kept = kept or ([own] if own else [])
            meant += [row for row in kept if row not in meant]
        return (meant, True) if meant else (rows, False)

    def _by_aspect(self, aspect: str, sides: Sequence[Side], rows: Sequence[Cells]) -> Cells:
        """What is said of each side about one aspect; empty where nothing is."""
        label = aspect[:1].upper() + aspect[1:]
        found: dict[str, tuple[list[Statement], bool]] = {}
        for side in sides:
            pool = {s.key: s for cells in rows if side.name in cells for s in cells[side.name][1]}
            pool |= {s.key: s for s in self._headed(side, sides)}
            if side.node is not None:
                pool |= {s.key: s for passage in side.node.passages() for s in split_statements(passage)}
            scored = self._finder.score(aspect, [_under_last_heading(statement) for statement in pool.values()])
            scores = [statement.score for statement in scored]
            if scores:
                apart = (scores[0] - fmean(scores)) / (pstdev(scores) or 1.0)
                real = [replace(pool[one.key], score=one.score) for one in scored]
                found[side.name] = (real, apart >= _STANDS_OUT or len(scores) <= _ALONE)
        # Where one side plainly speaks of the aspect, another that hardly does is silent on it.
        plain = any(statements[0].score >= _TO_THE_POINT for statements, _ in found.values())
        row: Cells = {}
        for name, (statements, stands_out) in found.items():
            kept = [s for s in statements if s.score >= _TO_THE_POINT][:2]
            if not kept and stands_out and statements[0].score >= (_BESIDE_PLAIN if plain else _PERHAPS):
                kept = statements[:1]
            if kept:
                row[name] = (label, kept)
        return row

    def _headed(self, side: Side, sides: Sequence[Side]) -> list[Statement]:
        """What stands under headings elsewhere that name this side and no other."""
        named = (
            node
            for node in self._outline.nodes
            if side.own <= content_set(node.heading)
            and not any(other.own <= content_set(node.heading) for other in sides if other.name != side.name)
        )
        return [s for node in named for passage in node.own for s in split_statements(passage)]

    def _judgement(
        self, question: str, sides: Sequence[Side], owned: set[int], used: set[tuple[str, int]]
    ) -> tuple[Sentence, ...]:
        """What the guidance says over its options, or statements outside of the sides' own sections that name both."""
        if any(side.node for side in sides) and self._judgment.sentences():
            return self._judgment.sentences()
        pool = [
            statement
            for node in self._outline.nodes
            for passage in node.own
            if id(passage) not in owned
            for statement in split_statements(passage)
            if statement.key not in used and len(statement.text) <= _CELL_CHARACTERS
        ]
        weighing = [s for s in pool if sum(side.own <= content_set(s.text) for side in sides) >= 2]
        scored = self._finder.score(f"Which is better: {question}", weighing[:400])
        return tuple(quoted(statement) for statement in scored[:2] if statement.score >= _JUDGEMENT_SCORE)


_EDGES = re.compile(
    r"^(?:(?:how|what|which|on|for|of|in|to|at|by|about|as|with|from|when|it|is|are|does|do|the|an?|our|your|we|us|they|if|than|most|more|less|its|their|would|should|can)\s+)+"
    r"|(?:\s+(?:of|in|for|the|an?|is|are|to|on|at|by|with|do|does|it|we|us|between|than|from|that|which))+$",
    re.IGNORECASE,
)


_OF_EACH = re.compile(
    r"^((?:please )?compar\w+ [^?.,;:]+?) (under|in|with|for|of) [^?.,;:]+? (?:and|with|to|versus|vs\.?) \2 (?:\w+(?:-\w+)*)(.*)",
    re.IGNORECASE,
)
"""What is compared, of each of two: "compare duplication under one approach and under another"."""

_SAY = frozenset("who getting get making make giving give having".split())
"""Words without a subject of their own that yet say what is asked ("who pays", "getting staff on board")."""


def _trimmed(stretch: str, named: frozenset[str]) -> str:
    """A stretch without the words at its ends that compare or name what is compared."""
    words_left = stretch.split()
    for at in (-1, 0):
        while words_left and not content_set(words_left[at]) - named - _COMPARING_WORDS:
            if at == 0 and words_left[0].lower() in _SAY:
                break
            del words_left[at]
    return _EDGES.sub("", " ".join(words_left))


def _aspects_asked(question: str, named: frozenset[str], own: frozenset[str]) -> list[str]:
    """What a question compares by ("on speed and risk"), without the names of what it compares."""
    plain = _OF_EACH.sub(r"\1 | | \3", re.sub(r"\([^()]*\)\W*$", "", question))
    called = () if own & content_set(plain) else operands(plain)
    tokens = re.findall(r"[\w'’]+|[^\w\s]", re.sub(r"(?<=\w)-(?=\w)", " ", plain))
    kept = ["|" if content_set(word) & own else word for word in tokens]
    stretches = re.split(r"[|,;:?!./()]|\b(?:and|or|versus|vs?)\b", " ".join(kept), flags=re.IGNORECASE)
    found = [_trimmed(stretch, named) for stretch in stretches]
    # Without a name of its own in the question, what stands on either side of "and" is what is compared.
    found = [one for one in found if plain == question or not content_set(one) <= content_set(" ".join(called))]
    return list(dict.fromkeys(aspect for aspect in found if content_words(aspect)))[:_ROWS]


def _under_last_heading(statement: Statement) -> Statement:
    """The statement as if only its last heading stood over it: those above tell what a whole chapter is about."""
    return replace(statement, passage=replace(statement.passage, path=statement.passage.path[-1:]))


def _aspect(heading: str, side: Side) -> tuple[str, frozenset[str]]:
    """What a heading under a side is about without the side's name, for people and as stems to match rows by."""
    label = heading
    match = re.match(r"(.+?) (?:of|in|for|with|from) (?:the |an? )?(.+)$", heading)
    if match and side.own <= content_set(match.group(2)):
        label = match.group(1)
        return label, content_set(label) or frozenset({label.casefold()})
    return label, content_set(label) - content_set(side.name)


def _leading(node: Node) -> list[Statement]:
    """What a section says in brief: each item below it by its first statement, or its own statements."""
    if node.children:
        firsts = [split_statements(child.passages()[0])[:1] for child in node.children if child.passages()]
        return [statement for first in firsts for statement in first][:_CELL_STATEMENTS]
    own = [statement for passage in node.own for statement in split_statements(passage)]
    return own[:_CELL_STATEMENTS]


def _merge_lonely(rows: list[Cells], sides: Sequence[Side]) -> list[Cells]:
    """Rows that only one side has, put together into one where no row but the description is shared.

    A text whose points have labels of their own ("Fragmentation", "Faster scaling") shares no criteria; a table in
    which every cell faces an empty one would say nothing.
    """
    shared = [row for row in rows if len(row) >= 2]
    lonely = [row for row in rows if len(row) == 1]
    if any(label != _DESCRIPTION for row in shared for label, _ in row.values()) or len(lonely) <= len(sides):
        return rows
    merged: Cells = {}
    for row in lonely:
        for name, (_, statements) in row.items():
            merged.setdefault(name, (_POINTS, []))[1].extend(statements[:1])
    return [*shared, merged] if len(merged) >= 2 else rows


def _criterion(row: Cells) -> str:
    return next(iter(row.values()))[0]


def _cell(option: str, statements: Sequence[Statement]) -> Cell:
    kept = list(statements[:1])
    for statement in statements[1:]:
        if sum(len(one.text) for one in kept) + len(statement.text) <= _CELL_CHARACTERS:
            kept.append(statement)
    return Cell(
        option, " ".join(statement.text for statement in kept), tuple(statement.citation() for statement in kept)
    )


def _keys(statements: Iterable[Statement]) -> list[tuple[str, int]]:
    return [statement.key for statement in statements]


def compared_sentences(compared: Compared) -> tuple[Sentence, ...]:
    """A comparison in sentences: what is said of each side by what was asked for, and what weighs the options.

    Where nothing weighs them, the first words of each.
    """
    first = compared.comparison.rows[0].cells
    cells = [Sentence(cell.citations[0].quote, "supported", 1.0, cell.citations[:1]) for cell in first if cell]
    if compared.focused:
        return tuple({one.text: one for one in (*cells, *compared.judgement[: 1 if cells else 2])}.values())
    return compared.judgement or tuple({one.text: one for one in cells}.values())
