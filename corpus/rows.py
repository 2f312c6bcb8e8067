"""Table rows as sentences of their own: every value keeps the name of its column."""

from collections.abc import Sequence
from itertools import zip_longest


def row_line(columns: Sequence[str], cells: Sequence[str]) -> str:
    """``Column: value; Column: value``; a value whose column has no name, and a column's own name again, stand bare."""
    parts: list[str] = []
    for column, cell in zip_longest(columns, cells, fillvalue=""):
        value = cell.strip()
        name = column.strip().rstrip(":")
        if value:
            parts.append(f"{name}: {value}" if name and name != value else value)
    return "; ".join(parts)
