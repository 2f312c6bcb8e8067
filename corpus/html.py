"""HTML: the article with its headings, lists and tables; not the menu, the scripts or the footer."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, defs, document_fromstring

from corpus.blocks import Block, Extract, Kind
from corpus.characters import clean, decode, one_line
from corpus.errors import UserError
from corpus.rows import row_line

_DROPPED_TAGS = (
    "script style noscript template nav aside footer form button select textarea svg math iframe object embed canvas "
    "video audio map head dialog menu"
)
_DROPPED_ROLES = "navigation banner contentinfo complementary search dialog alert menu menubar"
_DROPPED_NAMES = "nav navbar menu breadcrumb breadcrumbs sidebar cookie cookies cookie-banner skip-link"
_BLOCK_TAGS = (
    "p div section article main header body html blockquote dl dd dt figure figcaption address details summary hr "
    "ul ol li table caption thead tbody tfoot tr fieldset hgroup center"
)
_DROPPED = frozenset(_DROPPED_TAGS.split())
_ROLES = frozenset(_DROPPED_ROLES.split())
_NAMES = frozenset(_DROPPED_NAMES.split())
_BLOCKS = frozenset(_BLOCK_TAGS.split())
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_:.-]{2,40})", re.IGNORECASE)
# Stands for a forced line break; cleaned text holds no such character.
_BREAK = "\v"
_SITE = re.compile(r"\s+(?:\||–|—|::|»)\s+|\s+-\s+")


def read(raw: bytes) -> Extract:
    """The content of an HTML page. Raises `UserError` where it is nested too deeply to be read whole."""
    declared = _CHARSET.search(raw[:4096])
    text = decode(raw, declared[1].decode("ascii") if declared else "")
    tree = _parsed(text)
    if tree is None:
        return Extract(())
    blocks = tuple(_Reader().read(_content(tree)))
    return Extract(blocks, _title(tree), _date(tree), one_line(tree.get("lang") or ""), _meta(tree, "author"))


def read_fragment(text: str) -> list[Block]:
    """The blocks of a piece of HTML inside another format."""
    tree = _parsed(text)
    return _Reader().read(tree) if tree is not None else []


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
    text = re.sub(r"\A\s*<\?xml[^>]*\?>", "", clean(text))
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
        try:
            return date.fromisoformat(_meta(tree, name)[:10])
        except ValueError:
            continue
    return None


@dataclass(slots=True)
class _Reader:
    """Walks a tree without recursion and gathers the text between block elements."""

    blocks: list[Block] = field(default_factory=list)
    text: list[str] = field(default_factory=list)
    markers: list[str] = field(default_factory=list)
    numbers: list[int | None] = field(default_factory=list)
    columns: list[str] = field(default_factory=list)
    cells: list[str] = field(default_factory=list)
    heads: int = 0
    heading: int = 0
    tables: int = 0

    def read(self, root: HtmlElement) -> list[Block]:
        for event, element in _walk(root):
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
        in_table = tag in ("tr", "td", "th")
        if (tag in _BLOCKS and not (self.cells and tag != "table")) or tag in _HEADINGS or tag == "pre":
            self._flush()
        elif self.cells and tag in _BLOCKS and not in_table:
            self.text.append(" ")
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
                self.tables += 1
                self.columns = []
            case "tr":
                self.cells, self.heads = [], 0
            case "td" | "th":
                self._close_cell()
                self.cells.append("")
                self.heads += tag == "th"
            case "pre":
                self._code(element)
            case "img" if len((element.get("alt") or "").split()) >= 4:
                self.text.append(f" {element.get('alt')} ")
            case _ if tag in _HEADINGS:
                self.heading = _HEADINGS[tag]
        if element.text and tag != "pre":
            self.text.append(element.text)

    def _end(self, element: HtmlElement) -> None:
        tag = element.tag
        if tag in _HEADINGS or (tag in _BLOCKS and not self.cells):
            self._flush()
            self.heading = 0
        match tag:
            case "ul" | "ol" if self.numbers:
                self.numbers.pop()
            case "li" if self.markers:
                self.markers.pop()
            case "td" | "th":
                self._close_cell()
            case "tr":
                self._close_row()
            case "table":
                self.tables -= 1
                self.columns = []

    def _open_item(self) -> None:
        number = self.numbers[-1] if self.numbers else None
        self.markers.append("- " if number is None else f"{number}. ")
        if number is not None:
            self.numbers[-1] = number + 1

    def _close_cell(self) -> None:
        if self.cells:
            self.cells[-1] = (self.cells[-1] + " " + one_line("".join(self.text))).strip()
            self.text = []

    def _close_row(self) -> None:
        self._close_cell()
        cells, self.cells = self.cells, []
        if cells and self.heads == len(cells) and not self.columns:
            self.columns = cells
        elif len(cells) == 1:
            self._add("paragraph", cells[0])
        elif any(cells):
            self._add("row", row_line(self.columns, cells))

    def _code(self, element: HtmlElement) -> None:
        text = clean(element.text_content())
        if self.cells:
            self.text.append(text)
        else:
            self._add("code", text.strip("\n").rstrip())

    def _flush(self) -> None:
        if self.cells:
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


def _walk(root: HtmlElement) -> Iterator[tuple[str, HtmlElement]]:
    """Start and end of every element that is content; an element left out still ends, for its tail is content."""
    walker = etree.iterwalk(root, events=("start", "end"))
    for event, element in walker:
        dropped = event == "start" and element is not root and _is_dropped(element)
        if not dropped:
            yield event, element
        if dropped or (event == "start" and element.tag == "pre"):
            walker.skip_subtree()


def _is_dropped(element: HtmlElement) -> bool:
    tag = element.tag
    if not isinstance(tag, str) or tag in _DROPPED:
        return True
    if tag == "header":
        # The header of an article holds its heading; the header of a page holds the menu.
        return element.find(".//h1") is None or element.getparent() is None or element.getparent().tag == "body"
    if element.get("hidden") is not None or element.get("aria-hidden") == "true":
        return True
    if "display:none" in (element.get("style") or "").replace(" ", "").lower():
        return True
    names = {element.get("id", "").lower(), *element.get("class", "").lower().split()}
    return element.get("role") in _ROLES or bool(names & _NAMES)


def _number(value: str | None) -> int:
    return int(value) if value and value.isdigit() and len(value) < 7 else 1
