"""The formats that can be read, and the one way from a file's bytes to its content."""

from collections.abc import Callable, Generator
from dataclasses import replace
from typing import cast

from corpus.blocks import Extract
from corpus.characters import decode, one_line
from corpus.errors import UserError
from corpus.labels import find_labels
from corpus.members import known_containers
from corpus.plain import find_headings

LONGEST_LINE = 1_000_000
MOST_CHARACTERS = 20_000_000

# Templates, shows and files with macros, by the format that they are read as; macros are never run.
_LIKE = {
    **dict.fromkeys((".docm", ".dotx", ".dotm"), ".docx"),
    **dict.fromkeys((".pptm", ".potx", ".potm", ".ppsx", ".ppsm"), ".pptx"),
    **dict.fromkeys((".xlsm", ".xltx", ".xltm"), ".xlsx"),
}
# What other formats are to be saved as.
_WAYS_OUT = {
    **dict.fromkeys((".doc", ".dot", ".odt", ".rtf", ".wps", ".wpd", ".pages"), ".docx"),
    **dict.fromkeys((".xls", ".xlt", ".xlsb", ".ods", ".numbers"), ".xlsx"),
    **dict.fromkeys((".ppt", ".pps", ".pot", ".odp", ".key"), ".pptx"),
    **dict.fromkeys((".mht", ".mhtml", ".epub", ".mobi"), ".html or .pdf"),
    **dict.fromkeys((".7z", ".rar", ".tar", ".gz", ".tgz"), ".zip"),
    **dict.fromkeys((".pst", ".ost"), ".mbox or its messages as .eml"),
    **dict.fromkeys((".ps", ".xps", ".djvu", ".png", ".jpg", ".jpeg", ".tif", ".tiff"), ".pdf"),
    **dict.fromkeys((".rst", ".adoc", ".org", ".tex"), ".md or .html"),
}

Reader = Callable[[bytes], Extract]
Steps = Generator[int, bool | None, Extract]
"""A reading that stops before each page that takes long: see `corpus.pdf.steps`."""


def extract(suffix: str, raw: bytes, language: str = "") -> Extract:
    """The content of a file whose ending, in small letters and with its dot, is `suffix`; its headings are found.

    `language` is the BCP 47 tag of what is scanned in it. Raises `UserError` with the reason where it cannot be read.
    Nothing bounds the time this takes; `corpus.apart` does.
    """
    reading = steps(suffix, raw, language)
    while True:
        try:
            next(reading)
        except StopIteration as end:
            return cast("Extract", end.value)


def steps(suffix: str, raw: bytes, language: str = "") -> Steps:
    """What `extract` does, in steps."""
    try:
        content = yield from _content(suffix, raw, language)
        _check_size(content)
        blocks = find_labels(content.blocks if _has_headings(content) else find_headings(content.blocks))
    except (RecursionError, MemoryError) as error:
        raise UserError("is too deeply nested or too large to be read; split it or save it as text") from error
    unread = "; ".join(filter(None, (content.unread, "" if suffix == ".pdf" else _damaged(content))))
    return replace(content, blocks=tuple(blocks), unread=unread)


def _content(suffix: str, raw: bytes, language: str) -> Steps:
    if suffix == ".pdf":
        from corpus import pdf

        return (yield from pdf.steps(raw, language))
    return _reader(suffix)(raw)


def check_format(suffix: str) -> None:
    """Raises `UserError` for a file ending that no reader knows."""
    if suffix not in known_formats():
        if suffix in known_endings():
            raise UserError(f"holds several documents ({suffix}); load_all reads them")
        reason = unknown(suffix)
        raise UserError(reason if suffix in _WAYS_OUT else f"{reason}; known are {', '.join(known_endings())}")


def unknown(suffix: str) -> str:
    """What is said of a file ending that no reader knows, with the way out where a program can save it otherwise."""
    named = one_line(suffix) or "no file ending"
    way = _WAYS_OUT.get(suffix.lower())
    return f"is of no known format ({named})" + (f"; save it as {way}" if way else "")


def known_endings() -> tuple[str, ...]:
    """The file endings that can be read, those of files that hold several documents included."""
    return tuple(sorted({*known_formats(), *known_containers()}))


def known_formats() -> tuple[str, ...]:
    """The file endings that can be read as one document."""
    return (
        ".csv",
        ".docx",
        ".eml",
        ".html",
        ".htm",
        ".xhtml",
        ".markdown",
        ".md",
        ".msg",
        ".pdf",
        ".pptx",
        ".text",
        ".tsv",
        ".txt",
        ".xlsx",
        *_LIKE,
    )


def _reader(suffix: str) -> Reader:
    match _LIKE.get(suffix, suffix):
        case ".md" | ".markdown":
            from corpus import markdown

            return lambda raw: markdown.read(_text(raw))
        case ".txt" | ".text":
            from corpus import plain

            return lambda raw: plain.read(_text(raw))
        case ".html" | ".htm" | ".xhtml":
            from corpus import html

            return html.read
        case ".eml":
            from corpus import mail

            return mail.read
        case ".msg":
            from corpus import mail, outlook

            return lambda raw: mail.read_message(outlook.message(raw))
        case ".docx":
            from corpus import word_file

            return word_file.read
        case ".pptx":
            from corpus import presentation

            return presentation.read
        case ".xlsx" | ".csv" | ".tsv":
            from corpus import workbook

            return workbook.read_table if suffix in (".csv", ".tsv") else workbook.read
    check_format(suffix)
    raise AssertionError(suffix)


def _text(raw: bytes) -> str:
    text = decode(raw)
    longest = max((len(line) for line in text.splitlines()), default=0)
    if longest > LONGEST_LINE:
        raise UserError(f"has a line of {longest:,} characters, so it is no text for reading; break its lines")
    return text


def _check_size(content: Extract) -> None:
    longest = max((len(block.text) for block in content.blocks if block.kind != "code"), default=0)
    if longest > LONGEST_LINE:
        raise UserError(f"has a paragraph of {longest:,} characters, so it is no text for reading; split it")
    size = sum(len(block.text) for block in content.blocks)
    if size > MOST_CHARACTERS:
        raise UserError(f"holds {size:,} characters, more than {MOST_CHARACTERS:,}; split it into smaller documents")


def _damaged(content: Extract) -> str:
    """What to say of characters that are lost, by the sign that stands for them."""
    lost = sum(block.text.count("\ufffd") for block in content.blocks)
    if not lost:
        return ""
    what = f"{lost:,} characters are damaged and stand" if lost > 1 else "1 character is damaged and stands"
    return f"{what} as “\ufffd”; mend the file and save it as UTF-8"


def _has_headings(extract: Extract) -> bool:
    return any(block.kind == "heading" for block in extract.blocks)
