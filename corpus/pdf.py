"""PDF: the lines of each page, with where they stand and how they are set; those of scanned pages are recognised."""

import ctypes
import datetime
import re
from collections import Counter
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

import pypdfium2
import pypdfium2.raw as pdfium

from corpus.blocks import Extract
from corpus.characters import one_line
from corpus.errors import UserError
from corpus.grids import partings, ruled
from corpus.layout import lay_out
from corpus.pieces import pieces
from corpus.recognition import language_of
from corpus.remarks import pages_named
from corpus.rules import Rule
from corpus.scanned import is_scan, letters_in, levelled, scanned_lines
from corpus.turning import turns_of
from corpus.unruled import likely_tables
from corpus.words import Line

MOST_PAGES = 3000
_MOST_DRAWN = 5000
_THICKEST_RULE = 4.0
_NOTHING = "no text was recognised"
# In bytes of two to a character, the end included.
_LONGEST_TAG = 2 * 36
_TAG = re.compile(r"^(?!und\b|mul\b|mis\b|zxx\b)[a-zA-Z]{2,3}(?:-[a-zA-Z0-9]{1,8})*$")
_NO_TITLE = re.compile(
    r"^(?:\(?(?:untitled|anonymous|unspecified)\)?|microsoft (?:word|powerpoint) - .*"
    r"|.*\.(?:docx?|pptx?|pdf|indd|tex|xlsx?))$",
    re.IGNORECASE,
)


def steps(raw: bytes, language: str = "") -> Generator[int, bool | None, Extract]:
    """The content of a PDF, page by page; ``language`` is the BCP 47 tag of what is scanned in it.

    Where that is empty, the document itself may say in which language it is.
    Yields, before each page that is to be recognised, how many such pages are left; told ``True``, it leaves them
    unread. Raises `UserError` for one with a password, a damaged one, one of too many pages, and one without text.
    """
    document = _opened(raw)
    try:
        count = len(document)
        if count > MOST_PAGES:
            raise UserError(f"has {count:,} pages, more than {MOST_PAGES:,}; split it into smaller documents")
        pages = [_page(document, number) for number in range(count)]
        spoken = _language(document)
        fields = {key: one_line(value) for key, value in document.get_metadata_dict().items()}
        lines = [page.lines for page in pages]
        scans = [number for number, page in enumerate(pages) if page.scan]
        recognised, failed = yield from _recognise(document, scans, lines, language or spoken)
    finally:
        document.close()
    blocks = lay_out(lines, [page.rules for page in pages])
    if not blocks:
        raise UserError(_no_text(failed))
    title = fields.get("Title", "")
    return Extract(
        tuple(blocks),
        title="" if _NO_TITLE.match(title) else title,
        date=_date(fields.get("ModDate", "") or fields.get("CreationDate", "")),
        author="" if _NO_TITLE.match(fields.get("Author", "")) else fields.get("Author", ""),
        language=spoken,
        recognised=tuple(recognised),
        unread=_unread(failed),
        # A page in which nothing was found holds nothing; the others lacked time, memory or a program.
        final=set(failed.values()) <= {_NOTHING},
    )


@dataclass(frozen=True, slots=True)
class _Page:
    """What a page itself tells of its text; with ``scan`` it is a picture."""

    lines: list[Line]
    rules: list[Rule]
    scan: bool = False


def _opened(raw: bytes) -> pypdfium2.PdfDocument:
    try:
        return pypdfium2.PdfDocument(raw)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).casefold():
            raise UserError("is protected by a password; save a copy without one") from error
        raise UserError("is damaged or no PDF; check that it opens in its own program") from error


def _recognise(
    document: pypdfium2.PdfDocument, scans: Sequence[int], lines: list[list[Line]], language: str
) -> Generator[int, bool | None, tuple[list[int], dict[int, str]]]:
    """Puts what is recognised on the pages ``scans`` into ``lines``.

    Returns the numbers of those pages, from 1, and why others of the ``scans`` are left unread.
    """
    if not scans:
        return [], {}
    try:
        name = language_of(language)
    except UserError as error:
        return [], dict.fromkeys(scans, str(error))
    found: dict[int, list[Line]] = {}
    failed: dict[int, str] = {}
    for place, number in enumerate(scans):
        if (yield len(scans) - place):
            failed |= dict.fromkeys(scans[place:], "there are too many of them; split it into smaller documents")
            break
        page = document[number]
        try:
            read = scanned_lines(page, number + 1, name)
        except UserError as error:
            failed[number] = f"{error} over them; scan them anew"
        else:
            if letters_in(read) > letters_in(lines[number]):
                found[number] = read
            elif not read:
                failed[number] = _NOTHING
        finally:
            page.close()
    usual = Counter[float]()
    for line in (line for number, page in enumerate(lines) if number not in scans for line in page):
        usual[line.size] += len(line.text)
    body = usual.most_common(1)[0][0] if usual else 0.0
    for number, read in zip(found, levelled(list(found.values()), body), strict=True):
        lines[number] = read
    return [number + 1 for number in found], failed


def _unread(failed: Mapping[int, str]) -> str:
    """One line that names the pages, those left for the same reason together."""
    told = []
    for reason in dict.fromkeys(failed.values()):
        scans = [number + 1 for number, why in failed.items() if why == reason]
        verb = "is a scan and was" if len(scans) == 1 else "are scans and were"
        told.append(f"{pages_named(scans)} {verb} not read: {reason}")
    return "; ".join(told)


def _no_text(failed: Mapping[int, str]) -> str:
    reason = next((why for why in failed.values() if why != _NOTHING), "")
    if reason:
        return f"holds no text but scans; {reason}"
    if failed:
        return "holds scans in which no text was recognised; scan it anew, upright and sharp, or save it as text"
    return "holds no text; check that it opens in its own program"


def _page(document: pypdfium2.PdfDocument, number: int) -> _Page:
    try:
        page = document[number]
    except pypdfium2.PdfiumError:
        return _Page([], [])
    text = page.get_textpage()
    try:
        turns = turns_of(page, text.raw)
        rules = [turns.main.rule(rule) for rule in _rules(page)]
        parted, boxes = partings(rules), ruled(rules)
        lines = list(pieces(text.raw, number + 1, turns, parted, boxes))
        # The columns of a table may stand closer to one another than those of a page.
        if tables := likely_tables(lines):
            lines = list(pieces(text.raw, number + 1, turns, parted, [*boxes, *tables]))
        return _Page(lines, rules, is_scan(page, lines))
    finally:
        text.close()
        page.close()


def _rules(page: pypdfium2.PdfPage) -> list[Rule]:
    """The straight lines that the page draws, and the sides of its boxes."""
    rules: list[Rule] = []
    for drawn in islice(page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_PATH], max_depth=3), _MOST_DRAWN):
        left, bottom, right, top = drawn.get_bounds()
        thin, long = sorted((right - left, top - bottom))
        if thin <= _THICKEST_RULE < long:
            rules.append(Rule(left, right, bottom, top))
        elif thin > _THICKEST_RULE and pdfium.FPDFPath_CountSegments(drawn) in (4, 5):
            sides = ((left, left, bottom, top), (right, right, bottom, top), (left, right, bottom, bottom))
            rules += [Rule(*side) for side in (*sides, (left, right, top, top))]
    return rules


def _language(document: pypdfium2.PdfDocument) -> str:
    """The BCP 47 tag of the language that the document says it is in; nothing where it says none that can be one."""
    size = pdfium.FPDFCatalog_GetLanguage(document.raw, None, 0)
    if not 2 < size <= _LONGEST_TAG:
        return ""
    room = (ctypes.c_ushort * (size // 2))()
    pdfium.FPDFCatalog_GetLanguage(document.raw, room, size)
    tag = bytes(room).decode("utf-16-le", "replace").rstrip("\0").strip().replace("_", "-")
    return tag if _TAG.match(tag) else ""


def _date(value: str) -> datetime.date | None:
    match = re.match(r"(?:D:)?(\d{4})(\d{2})(\d{2})", value)
    try:
        return datetime.date(int(match[1]), int(match[2]), int(match[3])) if match else None
    except ValueError:
        return None
