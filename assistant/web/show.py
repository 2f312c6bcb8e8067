"""Text of documents, questions and models made safe to stand in a page."""

import html
import re

_UNSHOWN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb]")


def show(text: str) -> str:
    """``text`` as HTML that reads as the same text, on one line.

    Everything that could be markup is escaped, also inside a double-quoted attribute. Control characters and those
    that turn the direction of writing around, with which a text can pretend to be another, are left out. Line breaks
    become character references, because the page's stream is made of single lines.
    """
    text = _UNSHOWN.sub("", text.replace("\r\n", "\n"))
    return html.escape(text).replace("\n", "&#10;").replace("\u2028", "&#10;").replace("\u2029", "&#10;")


def attributes(**values: str | int | None) -> str:
    """HTML attributes, escaped, each with a blank before it; ``_`` in a name stands for ``-`` and None is left out."""
    return "".join(
        f' {name.rstrip("_").replace("_", "-")}="{show(str(value))}"'
        for name, value in values.items()
        if value is not None
    )


def place(title: str, section: str, page: int | None = None) -> str:
    """Where something stands, as one plain line: title, section, page."""
    parts = [title, section.replace(" > ", " › ")] if section else [title]
    return " › ".join(part for part in parts if part) + (f", page\u00a0{page}" if page is not None else "")


def last_word(text: str, longest: int = 20) -> tuple[str, str]:
    """The text without and with only its last word, which stays on one line with the numbers after it.

    A word that is longer than ``longest`` is left with the text.
    """
    position = text.rfind(" ") + 1
    return (text[:position], text[position:]) if len(text) - position <= longest else (text, "")
