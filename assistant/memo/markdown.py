"""A memo as Markdown (CommonMark with the tables of GitHub), in which no foreign text can become markup."""

import re

from assistant.memo.content import SILENT, Line, Memo, Table

# Besides the marks themselves: what GitHub's dialect turns into links by itself, and entities.
_MARKS = re.compile(r"([\\`*_\[\]<>#|~&!$@{}^])")
_ADDRESS = re.compile(r"(?i)\b(https?|ftp|mailto|xmpp|www)([:.])")
_BEGINNING = re.compile(r"^(\d{1,9})([.)])|^([-+=:])")


def to_markdown(memo: Memo) -> str:
    """The memo as text that ends with a line break."""
    blocks = ["# Decision memo", f"**Question:** {escaped(memo.question)}"]
    blocks += [f"## {memo.heading}"]
    if memo.lines:
        blocks.append("\n".join(f"- {_line(line)}" for line in memo.lines))
    if memo.not_covered:
        blocks.append(escaped(memo.not_covered))
    if memo.nearest:
        blocks += ["The guidance comes nearest to it in:", "\n".join(f"- {escaped(place)}" for place in memo.nearest)]
    if memo.table:
        blocks += ["## Comparison", _table(memo.table)]
    if memo.factors or memo.leans_to:
        blocks.append("## What the guidance leans to")
    if memo.leans_to:
        blocks.append(f"**{escaped(memo.leans_to)}**")
    if memo.factors:
        blocks.append("\n".join(f"- {_line(line)}" for line in memo.factors))
    if memo.changes:
        blocks += ["What would change this:", "\n".join(f"- {escaped(change)}" for change in memo.changes)]
    if memo.quotes:
        quotes = (f"{q.number}. “{escaped(q.words)}{' …' * q.cut}” ({escaped(q.where)})" for q in memo.quotes)
        blocks += ["## Sources", "\n".join(quotes)]
    blocks += ["---", "  \n".join(f"{label}: {escaped(value)}" for label, value in memo.about)]
    return "\n\n".join(blocks) + "\n"


def escaped(text: str) -> str:
    """Plain text as Markdown that reads as the same text and holds no link, image, code, table or HTML."""
    text = _MARKS.sub(r"\\\1", text)
    text = _ADDRESS.sub(r"\1\\\2", text)
    return _BEGINNING.sub(lambda found: f"{found[1]}\\{found[2]}" if found[1] else f"\\{found[3]}", text)


def _line(line: Line) -> str:
    marks = "".join(f" \\[{number}\\]" for number in line.numbers)
    return f"{escaped(line.text)}{marks}{f' *({line.doubt})*' if line.doubt else ''}"


def _table(table: Table) -> str:
    rows = [["", *(escaped(option) for option in table.options)], ["---"] * (len(table.options) + 1)]
    for criterion, cells in table.rows:
        rows.append([f"**{escaped(criterion)}**", *(f"*{SILENT}*" if cell is None else _line(cell) for cell in cells)])
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)
