"""Lists of points: bullets and numbers under a heading, points after an introduction, and "Principle 3: ..."."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from assistant.contents.cells import ROW
from assistant.contents.headings import Node
from assistant.contents.outline import Outline, first_of
from assistant.contents.statements import POINT, Statement, following, quoted, split_statements
from assistant.questions.documents_named import DocumentsNamed
from assistant.records import Sentence
from assistant.words import content_set, coverage, stem
from corpus import Passage

_NUMBERED = re.compile(r"^\W{0,4}(?P<noun>[A-Za-z]{3,20}) (?:no\. ?)?#?(?P<number>\d{1,2})\b(?!\.\d)(?=\W)")
_CELL = re.compile(r"(?P<column>[^:;\n]{1,60}): \S")
_FEWEST, _MOST = 3, 12
MOST_POINTS = 40
_WHOLE_POINT = 400
"""A point of up to so many characters is given whole, of a longer one its first statement."""
_CAPTION = re.compile(r"\W*(?:table|list|box|overview|annex) (?:[A-Z]|[A-Z]?\d{1,2}) ?[:.–-] ?\S", re.IGNORECASE)
"""What stands over a table ("Table 2: Classes of information")."""
_ANNOUNCES = re.compile(
    rf":\s*$|\b(?:the following|as follows)\b[^.?!:]*\.?\s*$|\bbelow\W*$|^{_CAPTION.pattern}[^.?!]*$"
    r"|\b(?:in|see) (?:the )?(?:table|list|box|annex) (?:[A-Z]|[A-Z]?\d{1,2})\W*$",
    re.IGNORECASE,
)
"""How a sentence ends after which its points stand, or a caption over them."""
_COUNTS = re.compile(
    r"\b(?P<number>two|three|four|five|six|seven|eight|[2-8])\b (?:[a-z-]+ ){0,2}?(?P<noun>[a-z-]{3,}(?<![suiy])s|criteria)\b"
    r"(?:(?! (?:is|are|was|were|has|have|had|will|would|can|may|must)\b) [\w’'-]+){0,6}[.:]?\s*$",
    re.IGNORECASE,
)
"""How a sentence ends that says how many things come next ("I make you three promises.")."""
_TO_BE_COUNTED = content_set(
    "promise rule condition reason step principle thing point question criteria criterion requirement lesson aim goal element"
    " exception change measure test way duty task risk benefit advantage drawback disadvantage limit demand commitment"
    " request assumption priority purpose proviso pillar objective argument"
)
"""What is counted in order to be told, and not because there are so many of it."""
_THERE_ARE = re.compile(
    r"(?:there (?:are|were)|(?:we|they|it|the [\w-]+) (?:have|has|use|uses|offer|offers|distinguish|distinguishes|know|knows|comes? in)) [\w -]+\.?$",
    re.IGNORECASE,
)
"""Says how many there are and nothing else, before each is told ("There are three levels.")."""
_ORDINAL = re.compile(
    r"(?:and |but )?(?:the )?(?:(?P<first>first)(?:ly)?|second(?:ly)?|third(?:ly)?|fourth|fifth|sixth|seventh|eighth|last(?:ly)?|finally)\b",
    re.IGNORECASE,
)
_EXPLAINS = re.compile(
    r"(?:the (?:reason|idea|aim|purpose)|for example|for instance|because|so|otherwise|in (?:this|that) case)\b",
    re.IGNORECASE,
)
"""Begins a sentence that says more of the one before it, and is none of what is counted."""
_NUMBERS = {word: place for place, word in enumerate("two three four five six seven eight".split(), 2)}
_INTRODUCES = 0.6
_SAYS = 0.5
_COUNTING = content_set(
    "all list name every each first two three four five six seven eight nine ten twelve different main key guidance"
)


def numbered(question: str, outline: Outline, documents: DocumentsNamed | None = None) -> tuple[Sentence, ...]:
    """The points that are numbered by a word of the question in the plural ("the ten principles"), in their order.

    They are headings, each with the first statement below it, or statements, of the ``documents`` that the question
    names, if it names any. Where several number by that word, the one whose title shares most words with the question is
    meant. Empty where fewer than three stand there, and where they and what stands over them say less than half of what
    the question says besides, all but names of documents and what is common in the guidance.
    """
    documents = documents or DocumentsNamed()
    meant = documents.meant(question)
    nouns = {stem(word) for word in re.findall(r"[a-z]+s\b", question.lower())}
    found: defaultdict[tuple[str, str], dict[int, Sentence]] = defaultdict(dict)
    over: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for node in (one for one in outline.nodes if meant(one.document)):
        own = [statement for passage in node.own for statement in split_statements(passage)]
        told = own[:1] or first_of(node)
        for text, statement in [(node.heading, one) for one in told] + [(one.text, one) for one in own]:
            match = _NUMBERED.match(text)
            if match and stem(match["noun"].lower()) in nouns:
                place = (node.document, stem(match["noun"].lower()))
                sentence = quoted(statement)
                if not statement.text.startswith(text):
                    sentence = _labelled(text, sentence)
                found[place].setdefault(int(match["number"]), sentence)
                over[place] += node.path
    runs = {place: points for place, points in found.items() if len(points) >= _FEWEST and min(points) <= 1}
    if not runs:
        return ()
    wanted = content_set(question)
    titles = {root.document: f"{root.title} {root.document}" for root in outline.roots.values()}
    best = max(runs, key=lambda place: (coverage(wanted, content_set(titles.get(place[0], ""))), len(runs[place])))
    said = " ".join((titles.get(best[0], ""), *over[best], *(point.text for point in runs[best].values())))
    besides = content_set(documents.unnamed(question)) - nouns - _COUNTING - outline.common
    if besides and coverage(besides, content_set(said)) < _SAYS:
        return ()
    return tuple(runs[best][number] for number in sorted(runs[best]))[:_MOST]


def introduced(question: str, nearest: Sequence[Statement], outline: Outline) -> tuple[Statement, ...]:
    """The introduction of a list among the nearest statements that says what the question asks for, and its points."""
    wanted = content_set(question)
    for statement in nearest:
        if not _ANNOUNCES.search(statement.text):
            continue
        if coverage(wanted, content_set(statement.with_headings)) >= _INTRODUCES:
            points = _points_after(statement, outline)
            if 2 <= len(points) <= MOST_POINTS:
                return (statement, *points)
    return ()


def announced(sentence: Sentence, outline: Outline, by_id: Mapping[str, Passage]) -> tuple[Sentence, ...]:
    """The points of the list that a quoted sentence announces, twelve at most.

    By its end ("... are these:", "the following terms.") or by saying how many there are (``counted_out``).
    """
    if len(sentence.citations) != 1:
        return ()
    citation = sentence.citations[0]
    passage = by_id.get(citation.passage)
    told = [one for one in split_statements(passage) if citation.start <= one.start < citation.end] if passage else []
    if not told:
        return ()
    if not _ANNOUNCES.search(sentence.text):
        number, noun = _number_told(told[-1])
        counted = _after(told[-1], number, noun) or _points_after(told[-1], outline)
        return tuple(map(quoted, counted)) if len(counted) == number else ()
    points = list(map(quoted, _points_after(told[-1], outline))) or _below(told[-1], outline)
    return tuple(points[:_MOST]) if len(points) > 1 else ()


def counted_out(statement: Statement) -> list[Statement]:
    """The sentences after one of running text that says how many things it tells of: "I make you three promises."

    They stand in the same paragraph, or where it ends one in the next, and begin by counting ("First, ...", "The second
    ..."), or they are as many as it says, where what it counts is told of one by one, as promises and reasons are. What
    only explains one of them is left out.
    """
    return _after(statement, *_number_told(statement))


def _after(statement: Statement, number: int, noun: str) -> list[Statement]:
    """The ``number`` sentences after a statement that it counts by a ``noun``, as ``counted_out`` has it."""
    if not number:
        return []
    after = _in_one_paragraph(statement)
    counting = [(one, match) for one in after if (match := _ORDINAL.match(one.text))]
    if len(counting) == number and counting[0][1]["first"]:
        return [one for one, _ in counting]
    same_paragraph = not _is_next_paragraph(statement, after)
    if not (content_set(noun) & _TO_BE_COUNTED or (same_paragraph and _THERE_ARE.match(statement.text))):
        return []
    alone = [one for one in after if one.since < 0 and not _EXPLAINS.match(one.text)]
    come_next = same_paragraph and len(alone) >= number and alone[:number] == after[:number]
    return alone[:number] if come_next or len(alone) == number else []


def _in_one_paragraph(statement: Statement) -> list[Statement]:
    """What stands after a statement in its paragraph; of one that ends its paragraph, the next one of the passage."""
    text, begin = statement.passage.text, statement.passage.start
    found: list[Statement] = []
    for one in following(statement):
        between = text[(found[-1] if found else statement).end - begin : one.start - begin]
        if "\n" in between and (found or statement.text.endswith(":") or POINT.match(text, one.start - begin)):
            break
        found.append(one)
    return found


def _is_next_paragraph(statement: Statement, after: Sequence[Statement]) -> bool:
    begin = statement.passage.start
    return bool(after) and "\n" in statement.passage.text[statement.end - begin : after[0].start - begin]


def _number_told(statement: Statement) -> tuple[int, str]:
    """How many things a statement says that come next, and its word for them; 0 where it says none."""
    counts = _COUNTS.search(statement.text)
    if counts is None or counts["noun"][0].isupper():  # As in the title of something.
        return 0, ""
    return _NUMBERS.get(counts["number"].lower()) or int(counts["number"]), counts["noun"]


def points(node: Node) -> list[Statement]:
    """The points of the one list directly under a heading, two or more, in order; empty where there is none or several."""
    lists = lists_under(node)
    return lists[0] if len(lists) == 1 and 2 <= len(lists[0]) <= MOST_POINTS else []


def _points_after(statement: Statement, outline: Outline) -> list[Statement]:
    """The points of the list that follows a statement, or the rows of the table."""
    node = outline.node(statement.passage.document, statement.passage.path)
    runs = sorted((*lists_under(node), *rows_under(node)), key=lambda points: points[0].start) if node else []
    lists = [points for points in runs if points[0].start > statement.start]
    between = [
        other
        for passage in (node.own if node and lists else [])
        for other in split_statements(passage)
        if statement.start < other.start < lists[0][0].start and not _CAPTION.match(other.text)
    ]
    return lists[0] if lists and not between else []


def _below(statement: Statement, outline: Outline) -> list[Sentence]:
    """The headings below a statement that is the last one over them, each with what stands first under it."""
    node = outline.node(statement.passage.document, statement.passage.path)
    own = [one for passage in (node.own if node else []) for one in split_statements(passage)]
    if node is None or not own or own[-1].start != statement.start:
        return []
    return [_labelled(child.heading, quoted(first)) for child in node.children for first in first_of(child)]


def _labelled(label: str, sentence: Sentence) -> Sentence:
    return replace(sentence, text=f"{label.rstrip(' :.')}: {sentence.text}")


def lists_under(node: Node) -> list[list[Statement]]:
    """Each run of lines directly under a heading that begin with a bullet or a number, each line as one statement."""
    runs: list[list[Statement]] = []
    open_ = False
    for passage, start, line in node.lines():
        point = _point(passage, line, start) if POINT.match(line) else None
        if point is not None and open_:
            runs[-1].append(point)
        elif point is not None:
            runs.append([point])
        open_ = point is not None or (open_ and not line.strip())
    return runs


def rows_under(node: Node) -> list[list[Statement]]:
    """Each table directly under a heading: lines that name the same column first, two or more, each as one statement."""
    runs: list[list[Statement]] = []
    column = ""
    for passage, start, line in node.lines():
        cell = _CELL.match(line)
        same = cell is not None and cell["column"] == column
        point = _point(passage, line, start) if same or ROW.match(line) else None
        if point is not None and same:
            runs[-1].append(point)
        elif point is not None:
            runs.append([point])
        if line.strip():
            column = cell["column"] if cell is not None and point is not None else ""
    return [rows for rows in runs if len(rows) > 1]


def _point(passage: Passage, line: str, start: int) -> Statement | None:
    """A line as a statement, without its bullet but with its number, as statements are cut."""
    inside = [s for s in split_statements(passage) if start <= s.start - passage.start < start + len(line)]
    if not inside:
        return None
    first, last = inside[0], inside[-1]
    end = last.end if last.end - first.start <= _WHOLE_POINT else first.end
    text = passage.text[first.start - passage.start : end - passage.start]
    return replace(first, text=text, end=end)
