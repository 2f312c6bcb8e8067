"""HTML: the article with its headings, lists and tables; not the menu, the scripts or the footer."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, defs, document_fromstring

from corpus.blocks import Block, Extract, Kind
from corpus.characters import clean, decode, one_line
from corpus.dates import date_of
from corpus.errors import UserError
from corpus.rows import Row, pair_lines, table_blocks
from corpus.spans import Allowance, Cell, Grid
from corpus.web_parts import Parts

_BLOCK_TAGS = (
    "p div section article main header body html blockquote dl dd dt figure figcaption address details summary hr "
    "ul ol li table caption thead tbody tfoot tr fieldset hgroup center"
)
_BLOCKS = frozenset(_BLOCK_TAGS.split())
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_:.-]{2,40})", re.IGNORECASE)
# Stands for a forced line break; cleaned text holds no such character.
_BREAK = "\v"
# Deeper than any heading, for the name of a panel that can be closed.
_PANEL_LEVEL = 7
# What a page in XML declares of itself: names that stand for text in it. Other parsers show the end of that as text.
_DECLARED = re.compile(
    r"\A((?>\s|<!--.*?-->)*+)<!DOCTYPE(?>[^\[>\"']|\"[^\"]*\"|'[^']*')*+"
    r"\[((?>[^\]\"'<]|\"[^\"]*\"|'[^']*'|<!--.*?-->|<\?.*?\?>|<)*+)\]\s*>",
    re.DOTALL | re.IGNORECASE,
)
_ENTITY = re.compile(r"<!--.*?-->|<!ENTITY\s+([\w.:-]+)\s+(?:\"([^\"]*)\"|'([^']*)')\s*>", re.DOTALL)
_LONGEST_ENTITY = 1000
# Those that every page has, written in XML in a way of its own.
_GIVEN = frozenset({"amp", "apos", "gt", "lt", "quot"})
_HEAD = 20_000
_SITE = re.compile(r"\s+(?:\||–|—|::|»)\s+|\s+-\s+")


def read(raw: bytes) -> Extract:
    """The content of an HTML page. Raises `UserError` where it is nested too deeply to be read whole."""
    declared = _CHARSET.search(raw[:4096])
    text = decode(raw, declared[1].decode("ascii") if declared else "")
    tree = _parsed(text)
    if tree is None:
        return Extract(())
    root = _content(tree)
    reader = _Reader(Parts(root))
    if not reader.read(root):
        reader = _Reader(Parts(root, strict=False))
        reader.read(root)
    unread = "cells that reach over many rows were not repeated in all of them" if reader.allowance.spent else ""
    language, author = one_line(tree.get("lang") or ""), _meta(tree, "author")
    return Extract(tuple(reader.blocks), _title(tree), _date(tree), language, author, unread=unread)


def read_fragment(text: str) -> list[Block]:
    """The blocks of a piece of HTML inside another format."""
    tree = _parsed(text)
    return _Reader(Parts(tree)).read(tree) if tree is not None else []


def inline_text(tag: str) -> str:
    """What one tag leaves in a line: nothing, a space between blocks, or itself where it is no tag of HTML."""
    name = re.match(r"</?([A-Za-z][A-Za-z0-9-]*)", tag)
    if name is None:
        return ""
    if name[1].lower() in _BLOCKS | {"br", "td", "th"}:
        return " "
    return "" if name[1].lower() in defs.tags else tag


def _parsed(text: str) -> HtmlElement | None:
    # A page that names its encoding in an XML declaration is refused as text, and nothing but markup has no tree.
    text = _without_declared(re.sub(r"\A\s*<\?xml[^>]*\?>", "", clean(text)))
    if not re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL).strip():
        return None
    parser = HTMLParser(huge_tree=True, remove_comments=True, remove_pis=True)
    try:
        tree = document_fromstring(text, parser=parser)
    except etree.ParserError:
        return None
    if any("depth" in entry.message.lower() for entry in parser.error_log):
        raise UserError("is nested too deeply to be read; save the page anew from a browser or as text")
    return tree


def _without_declared(text: str) -> str:
    """The page without what it declares of itself, and with the texts in place of the names that it declares."""
    declared = _DECLARED.match(text, 0, _HEAD)
    if declared is None:
        return text
    texts: dict[str, str] = {}
    for name, one, other in _ENTITY.findall(declared[2]):
        if name not in ("", *_GIVEN) and len(one or other) <= _LONGEST_ENTITY:
            texts.setdefault(name, one or other)
    rest = text[declared.end() :]
    # Each once: what stands in such a text may be a name again, but nothing then grows without end.
    return re.sub(r"&([\w.:-]+);", lambda name: texts.get(name[1], name[0]), rest) if texts else rest


def _content(tree: HtmlElement) -> HtmlElement:
    """The element that holds the article."""
    for path in ("//main", "//*[@role='main']", "//article"):
        found = tree.xpath(path)
        if len(found) == 1 and (found[0].text_content().strip()):
            return found[0]
    body = tree.find("body")
    return body if body is not None else tree


def _title(tree: HtmlElement) -> str:
    """The page's own title without the name of the site, unless a single top heading says it better."""
    top = [element for element in _content(tree).iter("h1") if one_line(element.text_content())]
    if len(top) == 1:
        return one_line(top[0].text_content())
    named = _meta(tree, "og:title") or one_line("".join(tree.xpath("//title[1]//text()")))
    return max(_SITE.split(named)[:2], key=len, default="") if named else ""


def _meta(tree: HtmlElement, name: str) -> str:
    found = tree.xpath("//meta[@name=$name or @property=$name]/@content", name=name)
    return one_line(str(found[0])) if found else ""


def _date(tree: HtmlElement) -> date | None:
    for name in ("article:modified_time", "article:published_time", "dcterms.modified", "dcterms.date", "date"):
        if found := date_of(_meta(tree, name)):
            return found
    return None


@dataclass(slots=True)
class _Reader:
    """Walks a tree without recursion and gathers the text between block elements."""

    parts: Parts
    blocks: list[Block] = field(default_factory=list)
    text: list[str] = field(default_factory=list)
    markers: list[str] = field(default_factory=list)
    numbers: list[int | None] = field(default_factory=list)
    allowance: Allowance = field(default_factory=Allowance)
    # Those that the walk is in; None for one that only lays out the page.
    tables: list["_Table | None"] = field(default_factory=list)
    in_cell: bool = False
    heading: int = 0

    def read(self, root: HtmlElement) -> list[Block]:
        for event, element in _walk(root, self.parts):
            if event == "start":
                self._start(element)
            elif event == "end":
                self._end(element)
            if event == "end" and element is not root and element.tail:
                self.text.append(element.tail)
        self._flush()
        return self.blocks

    def _start(self, element: HtmlElement) -> None:
        tag = element.tag
        if tag in _BLOCKS or tag in _HEADINGS or tag in ("pre", "td", "th"):
            self._flush()
            self.text.append(" ")
        if element in self.parts.heads and not self.in_cell:
            self._add("heading", self.parts.heads[element], _PANEL_LEVEL)
        match tag:
            case "ul":
                self.numbers.append(None)
            case "ol":
                self.numbers.append(_number(element.get("start")))
            case "li":
                self._open_item()
            case "br":
                self.text.append(_BREAK)
            case "table":
                self.tables.append(None if _lays_out(element) else _Table())
            case "tr" if not self.tables:
                self.tables.append(_Table(alone=element))
            case "td" | "th" if self._table is not None:
                self.in_cell = True
            case "pre":
                self._code(element)
            case "img" if len((element.get("alt") or "").split()) >= 4:
                self.text.append(f" {element.get('alt')} ")
            case "summary":
                self.heading = _PANEL_LEVEL
            case _ if tag in _HEADINGS:
                self.heading = _HEADINGS[tag]
        if element.text and tag != "pre":
            self.text.append(element.text)

    def _end(self, element: HtmlElement) -> None:
        tag = element.tag
        if tag in _HEADINGS or tag in _BLOCKS or tag in ("td", "th"):
            self._flush()
            self.text.append(" ")
            self.heading = 0
        table = self._table
        match tag:
            case "ul" | "ol" if self.numbers:
                self.numbers.pop()
            case "li" if self.markers:
                self.markers.pop()
            case "td" | "th" if table is not None and self.in_cell:
                text, self.text, self.in_cell = one_line("".join(self.text)), [], False
                table.add(element, text)
            case "tr" if table is not None:
                table.end_row(self.allowance)
                if table.alone is element:
                    self._end_table()
            case "table" if self.tables:
                self._end_table()

    @property
    def _table(self) -> "_Table | None":
        return self.tables[-1] if self.tables else None

    def _end_table(self) -> None:
        table = self.tables.pop()
        if table is not None:
            self.blocks.extend(table.blocks())

    def _open_item(self) -> None:
        number = self.numbers[-1] if self.numbers else None
        self.markers.append("- " if number is None else f"{number}. ")
        if number is not None:
            self.numbers[-1] = number + 1

    def _code(self, element: HtmlElement) -> None:
        text = clean(element.text_content())
        if self.in_cell:
            self.text.append(text)
        else:
            self._add("code", text.strip("\n").rstrip())

    def _flush(self) -> None:
        if self.in_cell:
            return
        text, self.text = "".join(self.text), []
        for line in [one_line(text)] if self.heading else [one_line(part) for part in text.split(_BREAK)]:
            if not line:
                continue
            if self.heading:
                self._add("heading", line, self.heading)
            elif self.markers:
                marker, self.markers[-1] = self.markers[-1], ""
                self._add("item", marker + line, len(self.markers) - (1 if marker else 0))
            else:
                self._add("paragraph", line)

    def _add(self, kind: Kind, text: str, level: int = 0) -> None:
        if text.strip():
            self.blocks.append(Block(kind, text, level))


@dataclass(slots=True)
class _Table:
    """The rows of a table; ``alone`` is a row that stands in none."""

    alone: HtmlElement | None = None
    cells: list[Cell] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    grid: Grid | None = None
    paired: bool = True

    def add(self, element: HtmlElement, text: str) -> None:
        named = element.tag == "th" or _within_head(element) or (not self.rows and _is_bold(element, text))
        self.paired = self.paired and (element.tag == "th") == (not self.cells)
        down = _number(element.get("rowspan"))
        self.cells.append(Cell(text, _number(element.get("colspan")), down, named))

    def end_row(self, allowance: Allowance) -> None:
        self.grid = self.grid or Grid(allowance)
        self.paired = self.paired and len(self.cells) == 2
        self.rows.append(self.grid.row(self.cells))
        self.cells = []

    def blocks(self) -> list[Block]:
        return pair_lines(self.rows) if self.paired and self.rows else table_blocks(self.rows, marked=True)


def _lays_out(table: HtmlElement) -> bool:
    """Whether a table only lays out the page: it says so, or other tables or headings stand in its cells."""
    if table.get("role") in ("presentation", "none"):
        return True
    return any(
        inner.tag == "table" or next(inner.iterancestors("th", "thead", "caption", "table")).tag == "table"
        for inner in table.iterdescendants("table", *_HEADINGS)
    )


def _within_head(cell: HtmlElement) -> bool:
    row = cell.getparent()
    return row is not None and row.getparent() is not None and row.getparent().tag == "thead"


def _is_bold(cell: HtmlElement, text: str) -> bool:
    return bool(text) and any(one_line(part.text_content()) == text for part in cell.iter("b", "strong"))


def _walk(root: HtmlElement, parts: Parts) -> Iterator[tuple[str, HtmlElement]]:
    """Start and end of every element that is content; an element left out still ends, for its tail is content."""
    walker = etree.iterwalk(root, events=("start", "end"))
    for event, element in walker:
        dropped = event == "start" and element is not root and parts.is_dropped(element)
        if not dropped:
            yield event, element
        if dropped or (event == "start" and element.tag == "pre"):
            walker.skip_subtree()


def _number(value: str | None) -> int:
    return int(value) if value and value.isdigit() and len(value) < 7 else 1
