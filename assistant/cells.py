"""Rows of tables, told as ``Column: value; Column: value``: the cells of the columns that a question names."""

from dataclasses import replace

from assistant.statements import Statement
from assistant.words import content_set

_FEWEST = 3
"""So many cells a row has of which only some are read."""


def of_columns_named(question: str, statement: Statement) -> Statement:
    """The first cell of a row and those whose columns the question names, as one statement to be read.

    A statement that is no row stays whole, as does a row of which the question names no column, or all.
    """
    cells = [cell.partition(": ") for cell in statement.text.split("; ")]
    if len(cells) < _FEWEST or not all(middle for _, middle, _ in cells):
        return statement
    asked = content_set(question)
    named = [bool(stems) and stems <= asked for stems in (content_set(name) for name, _, _ in cells[1:])]
    if not any(named) or all(named):
        return statement
    kept = [cells[0], *(cell for cell, is_named in zip(cells[1:], named, strict=True) if is_named)]
    return replace(statement, text="; ".join("".join(cell) for cell in kept), since=-1, before="")
