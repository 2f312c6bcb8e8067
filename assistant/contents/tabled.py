"""Options that a table sets side by side, one in each row or in each column, as headings with the cells below them."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace

from assistant.contents.headings import Node
from assistant.contents.options import Group, beside
from assistant.contents.sides import sided
from assistant.words import content_set
from corpus import Passage

_NAMED = re.compile(r"(?:^|(?<=; ))([^:;\n]{1,60}): (?=\S)")
_NOUNS = content_set("option alternative model approach way path route strategy variant scenario choice plan")
_OPTIONS = content_set("option alternative model approach variant scenario choice")
"""What speaks of options where a table has no name over its first column: a plan has columns of another kind."""
_CRITERIA = content_set("aspect criterion criteria dimension feature characteristic attribute property category")
_ATTRIBUTES = content_set(
    "requirement description evidence example detail note purpose control action owner status value level score weight"
    " metric target measure count question response source rationale why how what impact risk mitigation frequency"
    " minimum definition meaning support type implication guidance approach consideration comment reference link date"
)
"""Stems of what a column says of its rows, which is nothing to set beside another column."""
_LINES = 200
_LONGEST = 60


@dataclass(frozen=True, slots=True)
class _Line:
    """One line of a passage; ``names`` are those before its values, each with where it and its value begin."""

    passage: Passage
    start: int
    text: str
    names: tuple[tuple[str, int, int], ...]


def tabled(node: Node) -> Iterator[Group]:
    """What the tables under a heading set side by side.

    A table does so where its first column or its columns are called after sides ("Advantages"), or its first column
    after options ("Option") or after criteria ("Aspect") that the others meet. So it does without a name over its first
    column, where the line before it or the heading speaks of options ("three options for hosting"). A row of another
    form leaves its table out.
    """
    for before, rows in _tables(node):
        columns: dict[str, dict[str, Passage]] = defaultdict(dict)
        for first, cells in rows:
            for column, cell in cells.items():
                columns[column][first] = cell
        names = [first for first, _ in rows]
        head = _head(rows[0][1], names)
        down = [_option(node, first, {c: cell for c, cell in cells.items() if c != head}) for first, cells in rows]
        across = [_option(node, column, cells) for column, cells in columns.items() if column != head]
        told = [nodes for nodes in (down, across) if nodes and all(sided(one.children) for one in nodes)]
        over = frozenset() if head else content_set(f"{node.heading} {before}")
        meet = bool(content_set(head) & _CRITERIA or over & _OPTIONS)
        meet = meet and not any(content_set(one.name) & _ATTRIBUTES for one in across)
        if told or meet or content_set(head) & _NOUNS:
            found = beside(told[0] if told else across if meet else down, content_set(head) or over)
            if found is not None:
                yield found


def _head(cells: dict[str, Passage], names: list[str]) -> str:
    """The name of the first column; empty where it has none."""
    first = next(iter(cells), "")
    return first if first and cells[first].text in names else ""


def _option(node: Node, name: str, cells: dict[str, Passage]) -> Node:
    """An option as if it were a heading, with its cells under headings of their own."""
    path = (*node.path, name)
    children = [Node(node.document, node.title, (*path, criterion), [cell]) for criterion, cell in cells.items()]
    return Node(node.document, node.title, path, [], children)


def _tables(node: Node) -> Iterator[tuple[str, list[tuple[str, dict[str, Passage]]]]]:
    """The line before each table, and its rows: the first value, and the cells by the names of their columns."""
    run: list[_Line] = []
    before = ""
    for line in [*_lines(node), None]:
        if line is not None and len(line.names) >= 2:
            run.append(line)
            continue
        if len(run) >= 2:
            rows = [_cells(one, _columns(run)) for one in run]
            if all(first and len(first) <= _LONGEST for first, _ in rows) and len({r[0] for r in rows}) == len(rows):
                yield before, rows
        run = []
        before = line.text if line is not None else ""


def _lines(node: Node) -> list[_Line]:
    found: list[_Line] = []
    for passage, start, text in node.lines():
        names = tuple((match[1], match.start(1), match.end()) for match in _NAMED.finditer(text))
        if text.strip():
            found.append(_Line(passage, start, text, names))
        if len(found) > _LINES:
            return []
    return found


def _columns(run: list[_Line]) -> frozenset[str]:
    """The names that stand in more than one row: others belong to a value."""
    counts = Counter(name for line in run for name in {name for name, _, _ in line.names})
    return frozenset(name for name, count in counts.items() if count > 1)


def _cells(line: _Line, columns: frozenset[str]) -> tuple[str, dict[str, Passage]]:
    """The first value of a row, and its cells; without a first value where the row begins otherwise."""
    places = [place for place in line.names if place[0] in columns]
    if len(places) < 2:
        return "", {}
    cells: dict[str, Passage] = {}
    for (name, start, value), after in zip(places, [*places[1:], ("", len(line.text) + 2, 0)], strict=True):
        end = after[1] - 2
        # A value without a letter says nothing without the name of its column.
        begin = value if any(letter.isalpha() for letter in line.text[value:end]) else start
        cells.setdefault(name, _piece(line, begin, end))
    bare = line.text[: places[0][1]].removesuffix("; ").strip()
    return bare or cells[places[0][0]].text, cells


def _piece(line: _Line, begin: int, end: int) -> Passage:
    """The stretch of a passage that holds one cell; the passage's id stays, which is where it is cited from."""
    text = line.text[begin:end].rstrip()
    start = line.passage.start + line.start + begin
    return replace(line.passage, text=text, start=start, end=start + len(text))
