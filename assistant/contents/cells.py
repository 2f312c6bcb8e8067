"""Rows of tables, told as ``Column: value; Column: value``: the cells of the columns that a question names."""

import re
from dataclasses import replace

from assistant.contents.statements import Statement
from assistant.words import content_set

ROW = re.compile(r"[^:;\n]{1,60}: [^;\n]+; [^:;\n]{1,60}: \S")
"""A row of a table: its first column and another one. In a later row all cells but the first may be empty."""
_FEWEST = 3
"""So many cells a row has of which only some are read."""

_A_NUMBER = re.compile(r"[A-Za-z]{0,4}[-. ]?\d[\w.-]{0,5}")
_WITHOUT = re.compile(r"\b(?:no|not|without|lacks?|lacking|missing|none)\b|n['’]t\b", re.IGNORECASE)
"""Asks for what is not there."""


def of_columns_named(question: str, statement: Statement) -> Statement:
    """The first cell of a row and those whose columns the question names, as one statement to be read.

    After a mere number ("Line: F4") the next cell goes with it, which says what the row is of. A statement that is no
    row stays whole, as does a row of which the question names no column, or all.
    """
    parted = cells(statement.text)
    if len(parted) < _FEWEST:
        return statement
    asked = content_set(question)
    named = [_named(name, asked) for name, _, _ in parted[1:]]
    if not any(named) or all(named):
        return statement
    naming = 2 if _A_NUMBER.fullmatch(parted[0][2]) else 1
    rest = zip(parted[naming:], named[naming - 1 :], strict=True)
    kept = [*parted[:naming], *(cell for cell, is_named in rest if is_named)]
    return replace(statement, text="; ".join("".join(cell) for cell in kept), since=-1, before="")


def lacks_column_named(question: str, statement: Statement) -> bool:
    """Whether a row has no cell in the columns that the question names, of those that the rows beside it have.

    "What does Elm cost a year?" is not answered by the row of Elm, whose yearly cost is left open.
    """
    asked = content_set(question)
    own = [name for name, _, _ in cells(statement.text)]
    if len(own) < _FEWEST - 1 or _WITHOUT.search(question):
        return False
    said = content_set(statement.text)
    rows = ([name for name, _, _ in cells(line.strip())] for line in statement.passage.text.split("\n"))
    others = {column for row in rows if row[:1] == own[:1] for column in row[1:]} - set(own)
    named, named_of_others = ([one for one in some if _named(one, asked)] for some in (own[1:], others))
    return not named and any(not content_set(one) <= said for one in named_of_others)


def is_row(text: str) -> bool:
    """Whether a text is the row of a table: two cells or more."""
    return len(cells(text)) > 1


def cells(row: str) -> list[tuple[str, str, str]]:
    """The cells of a row, each as its column, what parts the two, and its value; empty for what is no row.

    A value may hold a semicolon itself: what names no column after one belongs to the cell before.
    """
    found: list[tuple[str, str, str]] = []
    for piece in row.split("; "):
        column, middle, value = piece.partition(": ")
        if middle:
            found.append((column, middle, value))
        elif found:
            before, parts, told = found[-1]
            found[-1] = (before, parts, f"{told}; {piece}")
        else:
            return []
    return found


def _named(column: str, asked: frozenset[str]) -> bool:
    stems = content_set(column)
    return bool(stems) and stems <= asked
