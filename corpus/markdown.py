"""Markdown: marks of emphasis, links and comments go; headings, paragraphs, list items and table rows stay."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from markdown_it import MarkdownIt
from markdown_it.token import Token

from corpus import html, plain
from corpus.blocks import Block, Extract
from corpus.characters import clean, one_line
from corpus.front_matter import front_matter
from corpus.rows import row_line

_FIELDS = ("title", "date", "author", "authors", "lang", "language")
_LONGEST_MOST_AUTHORS = 20
# Attribute lists and short codes of site generators, in lines or at line ends: "{: .intro }", "{{< note >}}", "{#id}".
_TEMPLATE = re.compile(r"\{[%{][^{}\n]{0,200}[%}]\}|\{[:#.][^{}\n]{0,200}\}")
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_FOOTNOTE = re.compile(r"^\[\^([^\]\s]{1,40})\]:[ ]*", re.MULTILINE)
_TASK = re.compile(r"^\[[ xX]\][ ]+")
_FENCE = re.compile(r" {0,3}(?:```|~~~)")
_DELIMITERS = re.compile(r"\|(?: *:?-+:? *\|)+ *$")
_BAR = re.compile(r"(?<!\\)\|")
_MOST_LINES = 40
"""Lines that a row of a table may go on over."""
_BREAK = "\n"
_ENDS_SENTENCE = (".", "!", "?", ";", ",")
# Deeper than any heading, for a line that is a heading only by being bold.
_BOLD_LEVEL = 7


def read(text: str) -> Extract:
    """The content of a Markdown file. Text without a single Markdown heading is read as plain text is."""
    text, front = front_matter(clean(text))
    text = _without_footnote_marks(_COMMENT.sub("", _TEMPLATE.sub("", text)))
    text = _with_whole_rows(text)
    tokens = _parser().parse(text)
    kinds = {token.type for token in tokens}
    if not kinds & {"heading_open", "table_open", "fence", "html_block"}:
        blocks = [replace(block, text=_inline_text(block.text)) for block in plain.read_lines(text).blocks]
        return replace(front, blocks=tuple(block for block in blocks if block.text))
    return replace(front, blocks=tuple(_Reader().read(tokens)))


def _with_whole_rows(text: str) -> str:
    """The rows of tables each on one line: programs that convert pages write a cell of several lines as it stands.

    Lines are taken to a row that begins with a bar until it has as many as the table has columns, and left as they are
    where it never does.
    """
    lines, kept = text.split("\n"), []
    bars, place, fenced = 0, 0, False
    while place < len(lines):
        line = lines[place]
        place += 1
        fenced ^= bool(_FENCE.match(line))
        if fenced or not line.startswith("|"):
            bars = 0
            kept.append(line)
            continue
        if _DELIMITERS.match(line):
            bars = _bars(line)
        row, taken = line.rstrip(), place
        while bars and _bars(row) < bars and taken < min(len(lines), place + _MOST_LINES):
            if lines[taken].startswith(("|", "#")):
                break
            row, taken = f"{row} {lines[taken].strip()}".rstrip(), taken + 1
        if bars and taken > place and _bars(row) == bars and row.endswith("|"):
            line, place = row, taken
        kept.append(line)
    return "\n".join(kept)


def _bars(row: str) -> int:
    return len(_BAR.findall(row))


def _without_footnote_marks(text: str) -> str:
    """Footnotes as paragraphs of their own; only marks that have a note are marks."""
    for label in set(_FOOTNOTE.findall(text)):
        text = text.replace(f"[^{label}]:", "").replace(f"[^{label}]", "")
    return text


def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark").enable(["table", "strikethrough"])


def _inline_text(text: str) -> str:
    tokens = _parser().parseInline(text)
    return one_line("".join(_text_of(tokens[0].children or [])))


@dataclass(slots=True)
class _Reader:
    blocks: list[Block] = field(default_factory=list)
    markers: list[str] = field(default_factory=list)
    numbers: list[int | None] = field(default_factory=list)
    columns: list[str] = field(default_factory=list)
    cells: list[str] = field(default_factory=list)
    in_head: bool = False

    def read(self, tokens: Sequence[Token]) -> list[Block]:
        heading = 0
        for token in tokens:
            match token.type:
                case "heading_open":
                    heading = int(token.tag[1])
                case "heading_close":
                    heading = 0
                case "bullet_list_open":
                    self.numbers.append(None)
                case "ordered_list_open":
                    self.numbers.append(int(token.attrGet("start") or 1))
                case "bullet_list_close" | "ordered_list_close":
                    self.numbers.pop()
                case "list_item_open":
                    self._open_item()
                case "list_item_close":
                    self.markers.pop()
                case "thead_open":
                    self.in_head, self.columns = True, []
                case "thead_close":
                    self.in_head = False
                case "tr_open":
                    self.cells = []
                case "tr_close":
                    self._close_row()
                case "th_open" | "td_open":
                    self.cells.append("")
                case "inline":
                    self._inline(token, heading)
                case "fence" | "code_block":
                    self._add("code", clean(token.content).rstrip())
                case "html_block":
                    self.blocks.extend(html.read_fragment(token.content))
        return self.blocks

    def _open_item(self) -> None:
        number = self.numbers[-1]
        self.markers.append("- " if number is None else f"{number}. ")
        if number is not None:
            self.numbers[-1] = number + 1

    def _close_row(self) -> None:
        if self.in_head:
            self.columns = self.cells
        else:
            self._add("row", row_line(self.columns, self.cells))
        self.cells = []

    def _inline(self, token: Token, heading: int) -> None:
        children = token.children or []
        text = "".join(_text_of(children))
        if self.cells:
            self.cells[-1] = one_line(text)
        elif heading:
            self._add("heading", one_line(text), heading)
        elif self.markers:
            self._item(one_line(text))
        else:
            self._paragraph(children)

    def _item(self, text: str) -> None:
        text = _TASK.sub("", text)
        level = len(self.markers) - 1
        marker, self.markers[-1] = self.markers[-1], ""
        self._add("item", marker + text, level if marker else level + 1)

    def _paragraph(self, children: Sequence[Token]) -> None:
        for line in _lines(children):
            text = one_line("".join(_text_of(line)))
            if _is_bold(line) and len(text) <= 80 and not text.endswith(_ENDS_SENTENCE):
                self._add("heading", text, _BOLD_LEVEL)
            else:
                self._add("paragraph", text)

    def _add(self, kind: str, text: str, level: int = 0) -> None:
        if text.strip():
            self.blocks.append(Block(kind, text, level))  # type: ignore[arg-type]


def _lines(children: Sequence[Token]) -> list[list[Token]]:
    """The inline content of a paragraph between its forced line breaks."""
    lines: list[list[Token]] = [[]]
    for child in children:
        if child.type == "hardbreak" or (child.type == "html_inline" and child.content.lower().startswith("<br")):
            lines.append([])
        else:
            lines[-1].append(child)
    return lines


def _is_bold(line: Sequence[Token]) -> bool:
    seen = [token for token in line if token.type != "softbreak" and (token.type != "text" or token.content.strip())]
    return (
        len(seen) >= 3
        and seen[0].type == "strong_open"
        and seen[-1].type == "strong_close"
        and sum(token.type == "strong_close" for token in seen) == 1
    )


def _text_of(children: Sequence[Token]) -> Iterator[str]:
    for child in children:
        match child.type:
            case "text" | "text_special":
                yield child.content
            case "code_inline":
                yield child.content
            case "softbreak" | "hardbreak":
                yield _BREAK
            case "html_inline":
                yield html.inline_text(child.content)
            case "image" if len(child.content.split()) >= 4:
                # A description of a figure can carry facts; a word or two is only its name.
                yield child.content
