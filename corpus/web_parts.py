"""Which parts of a web page are its article: not the menu, the footer or the controls, but panels that are closed."""

import re

from lxml import etree
from lxml.html import HtmlElement

from corpus.characters import one_line

_DROPPED_TAGS = (
    "script style noscript template nav aside footer select textarea svg math iframe object embed canvas "
    "video audio map head dialog menu"
)
_DROPPED_ROLES = "navigation banner contentinfo complementary search dialog alert menu menubar tablist"
_HEADING_TAGS = "h1 h2 h3 h4 h5 h6"
_MENU_NAMES = "nav navbar navigation menu breadcrumb breadcrumbs sidebar"
_OTHER_NAMES = "footer cookie cookies skip"
_HEADER_NAMES = "header masthead"
# What may stand beside them in a name; any other word, as in "has-sidebar" or "menu-item", makes it another thing.
_BESIDE_NAMES = (
    "site page main global app body layout wrapper wrap container inner content area block list bar box primary "
    "secondary top bottom left right side sub mobile desktop mega user link links banner notice consent popup message"
)
_DROPPED = frozenset(_DROPPED_TAGS.split())
_ROLES = frozenset(_DROPPED_ROLES.split())
_HEADINGS = tuple(_HEADING_TAGS.split())
_MENUS = frozenset(_MENU_NAMES.split())
_OTHERS = frozenset(_OTHER_NAMES.split())
_HEADERS = frozenset(_HEADER_NAMES.split())
_NOUNS = _MENUS | _OTHERS | _HEADERS
_BESIDE = frozenset(_BESIDE_NAMES.split())
_PARTS = ("section", "article", "main")
_WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+|\d+")
_LONGEST_NAME = 60
_MOST_NAMES = 20
_LONGEST_HEAD = 200


class Parts:
    """Tells the content below ``root`` from what stands around it.

    ``heads`` holds panels that a button opens, with the text of the button. Without ``strict``, elements are not judged
    by their names and links.
    """

    def __init__(self, root: HtmlElement, *, strict: bool = True) -> None:
        self._strict = strict
        self._article = root.tag in _PARTS or root.get("role") == "main"
        self._titled = _holders(root, ("h1", "main", "article"))
        self._headed = _holders(root, _HEADINGS)
        self._counted = _counted(root)
        self.heads: dict[HtmlElement, str] = {}
        self._opened: set[HtmlElement] = set()
        self._toggles: set[HtmlElement] = set()
        self._find_panels(root)

    def is_dropped(self, element: HtmlElement) -> bool:
        """Whether an element and all in it is left out."""
        tag = element.tag
        if not isinstance(tag, str) or tag in _DROPPED or element in self._toggles:
            return True
        if tag == "button":
            return not _within(element, _HEADINGS)
        if tag == "header" and self._is_page_header(element):
            return True
        if element not in self._opened and _is_hidden(element):
            return True
        if element.get("role") in _ROLES:
            return True
        return self._strict and (self._is_named_so(element) or self._is_menu(element))

    def _is_page_header(self, element: HtmlElement) -> bool:
        """The header of an article or a section holds its heading; the header of a page holds the menu."""
        parent = element.getparent()
        if parent is None or parent.tag == "body":
            return True
        return element not in (self._headed if _within(element, _PARTS) else self._titled)

    def _is_named_so(self, element: HtmlElement) -> bool:
        names = [element.get("id", ""), *element.get("class", "").split()[:_MOST_NAMES]]
        if names == [""] or element.tag in _HEADINGS or element in self._titled:
            return False
        for name in names:
            words = [part for word in _WORDS.findall(name[:_LONGEST_NAME]) for part in _parted(word.lower())]
            nouns = {word for word in words if word in _NOUNS}
            if not nouns or any(word not in _BESIDE for word in words if word not in nouns):
                continue
            # In an article, a section on cookies or menus may have such a name itself.
            inside = element.tag == "section" or _within(element, (*_PARTS, "table", "li"))
            if nouns & _HEADERS:
                dropped = not inside and element not in self._headed
            elif nouns & _OTHERS:
                dropped = not inside or (len(words) > 1 and "footer" not in nouns)
            else:
                dropped = "sidebar" in nouns or (len(words) == 1 and not inside) or self._is_mostly_links(element)
            if dropped:
                return True
        return False

    def _is_menu(self, element: HtmlElement) -> bool:
        """Whether, on a page that marks no article, a list is only links that nothing leads in to."""
        if self._article or element.tag not in ("ul", "ol") or _within(element, ("li",)):
            return False
        before = element.getprevious()
        if before is not None and (before.tag in _HEADINGS or (before.tail or "").strip()):
            return False
        if before is not None and isinstance(before.tag, str) and before.text_content().rstrip().endswith(":"):
            return False
        linked, other = self._links(element)
        return linked > 0 and other == 0

    def _find_panels(self, root: HtmlElement) -> None:
        names = {element.get("id"): element for element in root.iter(etree.Element) if element.get("id")}
        for element in root.iter(etree.Element):
            if element.tag not in ("button", "a") and element.get("role") not in ("button", "tab"):
                continue
            said = element.get("aria-expanded") is not None or element.get("role") == "tab"
            heading = element.getparent()
            headed = heading is not None and heading.tag in _HEADINGS
            controls = (element.get("aria-controls") or "").split()
            panel = names.get(controls[0]) if controls else None
            if panel is None:
                panel = (heading if headed else element).getnext()
            if panel is None or panel in self._opened or not (said or _is_hidden(panel)) or not self._is_panel(panel):
                continue
            self._opened.add(panel)
            if not headed and element.tag not in _HEADINGS and not _within(panel, ("button",)):
                text = one_line(element.text_content()[: 2 * _LONGEST_HEAD])
                if 0 < len(text) <= _LONGEST_HEAD and next(element.iterdescendants(*_HEADINGS), None) is None:
                    self.heads[panel] = text
                    self._toggles.add(element)

    def _is_panel(self, element: HtmlElement) -> bool:
        """Whether it holds text that is no menu."""
        if not isinstance(element.tag, str) or element.tag in _DROPPED or element.tag in ("button", "input", "form"):
            return False
        if element.get("role") in _ROLES:
            return False
        linked, other = self._links(element)
        return other > linked and not (self._strict and self._is_named_so(element))

    def _is_mostly_links(self, element: HtmlElement) -> bool:
        linked, other = self._links(element)
        return linked >= other

    def _links(self, element: HtmlElement) -> tuple[int, int]:
        """How many characters stand in links, and how many do not."""
        return self._counted.get(element, (0, 0))


def _holders(root: HtmlElement, tags: tuple[str, ...]) -> set[HtmlElement]:
    """All elements that hold one of these."""
    found: set[HtmlElement] = set()
    for element in root.iter(*tags):
        above = element.getparent()
        while above is not None and above not in found:
            found.add(above)
            above = above.getparent()
    return found


def _is_hidden(element: HtmlElement) -> bool:
    hidden = element.get("hidden")
    if element.get("role") == "tabpanel":
        return False
    if (hidden is not None and hidden != "until-found") or element.get("aria-hidden") == "true":
        return True
    return "display:none" in (element.get("style") or "").replace(" ", "").lower()


def _parted(word: str) -> tuple[str, ...]:
    """The words of a name that is written as one, such as "topmenu"."""
    if word in _NOUNS:
        return (word,)
    for noun in _NOUNS:
        before = word.removesuffix(noun)
        if before in _BESIDE | _MENUS and before != word:
            return (before, noun)
    return (word,)


def _within(element: HtmlElement, tags: tuple[str, ...]) -> bool:
    return next(element.iterancestors(*tags), None) is not None


def _counted(root: HtmlElement) -> dict[HtmlElement, tuple[int, int]]:
    """How many characters of each element stand in links, and how many do not."""
    found: dict[HtmlElement, tuple[int, int]] = {}
    sizes = [0, 0]
    begun: list[tuple[int, int]] = []
    depth = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if event == "start":
            begun.append((sizes[True], sizes[False]))
            depth += element.tag == "a"
            text = element.text if element.tag not in ("script", "style") else ""
        else:
            linked, other = begun.pop()
            found[element] = sizes[True] - linked, sizes[False] - other
            depth -= element.tag == "a"
            text = element.tail
        sizes[depth > 0] += len((text or "").strip())
    return found
