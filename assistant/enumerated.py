"""Lists that no heading holds together: numbered points ("Principle 3: ...") and the points under an introduction."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from assistant.outline import Outline
from assistant.records import Sentence
from assistant.statements import Statement, quoted, split_statements
from assistant.words import content_set, coverage, stem
from corpus import Passage

_NUMBERED = re.compile(r"^\W{0,4}(?P<noun>[A-Za-z]{3,20}) (?:no\. ?)?#?(?P<number>\d{1,2})\b(?!\.\d)(?=\W)")
_POINT = re.compile(r"(?:^|\n)[ \t]*[-*•–][ \t]+$")
_NUMBER = re.compile(r"\(?(?:\d{1,2}|[a-z])[.)][ \t]")
_FEWEST, _MOST = 3, 12
_INTRODUCES = 0.6


def numbered(question: str, outline: Outline) -> tuple[Sentence, ...]:
    """The points that are numbered by a word of the question in the plural ("the ten principles"), in their order.

    They are headings, each with the first statement below it, or statements. Where several documents number by that word,
    those that share most other words with the question are meant. Empty where fewer than three stand there.
    """
    nouns = {stem(word) for word in re.findall(r"[a-z]+s\b", question.lower())}
    found: defaultdict[tuple[str, str], dict[int, Sentence]] = defaultdict(dict)
    for node in outline.nodes:
        own = [statement for passage in node.own for statement in split_statements(passage)]
        told = own[:1] or [s for passage in node.passages()[:1] for s in split_statements(passage)[:1]]
        for text, statement in [(node.heading, one) for one in told] + [(one.text, one) for one in own]:
            match = _NUMBERED.match(text)
            if match and stem(match["noun"].lower()) in nouns:
                place = (node.document, stem(match["noun"].lower()))
                sentence = quoted(statement)
                if not statement.text.startswith(text):
                    sentence = replace(sentence, text=f"{text.rstrip(' :.')}: {sentence.text}")
                found[place].setdefault(int(match["number"]), sentence)
    runs = {place: points for place, points in found.items() if len(points) >= _FEWEST and min(points) <= 1}
    if not runs:
        return ()
    wanted = content_set(question)
    titles = {root.document: f"{root.title} {root.document}" for root in outline.roots.values()}
    best = max(runs, key=lambda place: (coverage(wanted, content_set(titles.get(place[0], ""))), len(runs[place])))
    return tuple(runs[best][number] for number in sorted(runs[best]))[:_MOST]


def introduced(question: str, nearest: Sequence[Statement]) -> tuple[Statement, ...]:
    """The introduction of a list among the nearest statements that says what the question asks for, and its points."""
    wanted = content_set(question)
    for statement in nearest:
        if not statement.text.rstrip().endswith(":"):
            continue
        if coverage(wanted, content_set(statement.with_headings)) >= _INTRODUCES:
            points = _points_after(statement)
            if len(points) >= 2:
                return (statement, *points[:_MOST])
    return ()


def _points_after(statement: Statement) -> list[Statement]:
    """The points of the list that follows a statement, up to the end of the list."""
    points: list[Statement] = []
    for other in split_statements(statement.passage):
        if other.start <= statement.start:
            continue
        if _is_point(statement.passage, other):
            points.append(other)
        elif (
            not points
            or "\n\n"
            in statement.passage.text[points[-1].end - statement.passage.start :][: other.start - points[-1].end]
        ):
            break
    return points


def _is_point(passage: Passage, statement: Statement) -> bool:
    before = passage.text[: statement.start - passage.start][-12:]
    # Unlike a bullet, a number belongs to the statement.
    numbered = _NUMBER.match(statement.text) is not None and before.rstrip(" \t")[-1:] in ("", "\n")
    return numbered or _POINT.search(before) is not None
