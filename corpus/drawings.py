"""Charts and diagrams in Word files and presentations: what they say, as text and table rows."""

from typing import Any

from lxml import etree

from corpus.blocks import Block
from corpus.characters import one_line
from corpus.number_formats import shown
from corpus.rows import row_line

_C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_DIAGRAM = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}"
_NEWER = "{http://schemas.microsoft.com/office/drawing/2014/chartex}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_MOST_POINTS = 20_000


def drawing_blocks(drawing: Any, part: Any, page: int = 0) -> tuple[list[Block], int]:
    """The blocks of the charts and diagrams in an element of the file's part, and how many could not be read."""
    blocks: list[Block] = []
    unread = sum(1 for _ in drawing.iter(f"{_NEWER}chart"))
    for element in drawing.iter(f"{_C}chart", f"{_DIAGRAM}relIds"):
        chart = element.tag == f"{_C}chart"
        root = _root(part, element.get(f"{_R}id" if chart else f"{_R}dm", ""))
        if root is None:
            unread += 1
        else:
            blocks.extend(_chart(root, page) if chart else _diagram(root, page))
    return blocks, unread


def _root(part: Any, relation: str) -> Any:
    """What a relation of the part leads to; None where it leads to nothing that can be read."""
    try:
        blob = part.rels[relation].target_part.blob
        return etree.fromstring(blob, etree.XMLParser(resolve_entities=False))
    except (KeyError, ValueError, AttributeError, etree.XMLSyntaxError):
        return None


def _chart(root: Any, page: int) -> list[Block]:
    """The title, and a row for each category with the value of each series."""
    blocks = []
    title = root.find(f".//{_C}chart/{_C}title")
    if title is not None and (text := one_line(" ".join(part.text or "" for part in title.iter(f"{_A}t", f"{_C}v")))):
        blocks.append(Block("paragraph", text, 0, page))
    names: list[str] = []
    rows: dict[int, list[str]] = {}
    categories: dict[int, str] = {}
    for series in root.iter(f"{_C}ser"):
        own = _points(series, ("cat", "xVal"))
        categories = {**own, **categories}
        names.append(" ".join(_points(series, ("tx",)).values()))
        for place, value in _points(series, ("val", "yVal")).items():
            cells = rows.setdefault(place, [])
            cells.extend([""] * (len(names) - 1 - len(cells)))
            cells.append(value)
        if len(names) * max(len(rows), 1) > _MOST_POINTS:
            break
    axes = [one_line(" ".join(part.text or "" for part in axis.iter(f"{_A}t"))) for axis in
            root.iterfind(f".//{_C}catAx/{_C}title")]  # fmt: skip
    for place in sorted(rows):
        text = row_line([axes[0] if axes else "", *names], [categories.get(place, str(place + 1)), *rows[place]])
        blocks.append(Block("row", text, 0, page))
    return blocks


def _points(series: Any, names: tuple[str, ...]) -> dict[int, str]:
    """What is written at each place of a series' categories, values or name; of categories in levels, the lowest."""
    points: dict[int, str] = {}
    for name in names:
        for data in series.iterchildren(f"{_C}{name}"):
            lowest = data.find(f".//{_C}lvl")
            code = data.findtext(f".//{_C}formatCode") or "General"
            numeric = data.find(f".//{_C}numCache") is not None or data.find(f".//{_C}numLit") is not None
            for point in (data if lowest is None else lowest).iter(f"{_C}pt"):
                place, value = point.get("idx", ""), point.findtext(f"{_C}v") or ""
                if len(points) < _MOST_POINTS and place.isdecimal() and len(place) < 7:
                    points[int(place)] = one_line(_number(value, code) if numeric else value)
            if not points and name == "tx":
                points = {0: one_line(data.findtext(f"{_C}v") or "")}
    return points


def _number(value: str, code: str) -> str:
    try:
        return shown(float(value), code)
    except ValueError:
        return value


def _diagram(root: Any, page: int) -> list[Block]:
    points = root.iter(f"{_DIAGRAM}pt")
    texts = (one_line("".join(part.text or "" for part in point.iter(f"{_A}t"))) for point in points)
    return [Block("item", f"- {text}", 0, page) for text in texts if text]
