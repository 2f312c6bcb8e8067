"""Reading a picture of a page with the program tesseract, where that is installed."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Set
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from statistics import median

from lxml import etree

from corpus.characters import one_line
from corpus.errors import UserError

SECONDS = 45.0
"""The longest that one page may take to be recognised; less than a whole message to the reader may."""

_PROGRAM = "tesseract"
_USUAL = "eng"
# How sure, of 100, the program is to be of a line at least; of what it makes of photographs it is not.
_LEAST_SURE = 55.0
_MOST_LINES = 2000
_LONGEST_LINE = 2000
_LINES = frozenset({"ocr_line", "ocr_header", "ocr_textfloat", "ocr_caption"})
_PLACES = (
    "/usr/share/tesseract-ocr/*/tessdata",
    "/usr/share/tessdata",
    "/usr/local/share/tessdata",
    "/opt/homebrew/share/tessdata",
)
# The program's names of languages, by their two letters.
_NAMES = dict(
    pair.split(":")
    for pair in (
        "ar:ara bg:bul bn:ben ca:cat cs:ces cy:cym da:dan de:deu el:ell en:eng es:spa et:est eu:eus fa:fas fi:fin"
        " fr:fra ga:gle gl:glg he:heb hi:hin hr:hrv hu:hun id:ind is:isl it:ita ja:jpn ko:kor lt:lit lv:lav mk:mkd"
        " mt:mlt nb:nor nl:nld nn:nor no:nor pl:pol pt:por ro:ron ru:rus sk:slk sl:slv sq:sqi sr:srp sv:swe sw:swa"
        " ta:tam th:tha tr:tur uk:ukr ur:urd vi:vie zh:chi_sim"
    ).split()
)


@dataclass(frozen=True, slots=True)
class Recognised:
    """A line of a picture: its box and baseline in pixels from the upper left corner, and how large it is set.

    ``block`` is the number, from 1, of the column, cell or stretch of the page that it stands in.
    """

    block: int
    text: str
    left: float
    right: float
    baseline: float
    size: float


def language_of(tag: str) -> str:
    """What the program calls the language with the BCP 47 ``tag``; where none is named, one that it knows.

    Raises `UserError` that says what to install where the program or the language is missing.
    """
    if shutil.which(_PROGRAM) is None:
        raise UserError("install tesseract to have them read (Debian and Ubuntu: apt-get install tesseract-ocr)")
    there = _installed()
    if not tag:
        usual = [_USUAL] if _USUAL in there else sorted(there)[:3]
        if not usual:
            raise UserError("install a language for tesseract (Debian and Ubuntu: apt-get install tesseract-ocr-eng)")
        return "+".join(usual)
    main = tag.casefold().replace("_", "-").split("-")
    name = "chi_tra" if main[0] == "zh" and {"hant", "tw", "hk"} & set(main) else _NAMES.get(main[0], main[0])
    if name in there:
        return name
    raise UserError(
        f"install the language {one_line(tag)} for tesseract"
        f" (Debian and Ubuntu: apt-get install tesseract-ocr-{one_line(name).replace('_', '-')})"
    )


def recognise(image: bytes, dpi: int, language: str) -> list[Recognised]:
    """The lines in a picture, the bytes of a file in the PNM format, in the order in which they are read.

    Raises `UserError` where it takes too long or the program fails.
    """
    segmentation = "1" if "osd" in _all_installed() else "3"
    options = ["-l", language, "--dpi", str(dpi), "--psm", segmentation, "-c", "tessedit_create_hocr=1"]
    return _lines(_run(["stdin", "stdout", *options], image))


def traces() -> str:
    """Changes where the program or one of its languages comes, goes or becomes another; none is opened or run."""
    named = os.environ.get("TESSDATA_PREFIX")
    folders = [*([Path(named)] if named else []), *(found for place in _PLACES for found in _globbed(place))]
    known = sorted(str(path) for folder in folders for path in folder.glob("*.traineddata"))
    return "\0".join(_trace(path) for path in (str(shutil.which(_PROGRAM)), *known))


def _trace(path: str) -> str:
    try:
        stat = os.stat(path)
    except OSError:
        return path
    return f"{path} {stat.st_size} {stat.st_mtime_ns}"


def _globbed(place: str) -> list[Path]:
    return sorted(Path("/").glob(place.lstrip("/")))


def _installed() -> frozenset[str]:
    """The languages; how a page is turned and what is an equation are none."""
    return frozenset(name for name in _all_installed() - {"osd", "equ", "snum"} if "/" not in name)


@cache
def _all_installed() -> frozenset[str]:
    listed = _run(["--list-langs"]).decode("utf-8", "replace").splitlines()[1:]
    return frozenset(line.strip() for line in listed if line.strip())


def _run(arguments: list[str], given: bytes = b"") -> bytes:
    try:
        done = subprocess.run(
            [_PROGRAM, *arguments],
            input=given,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "OMP_THREAD_LIMIT": "1"},
            timeout=SECONDS,
            check=True,
        )
    except subprocess.TimeoutExpired as error:
        raise UserError(f"tesseract takes longer than {SECONDS:g} seconds") from error
    except (OSError, subprocess.CalledProcessError) as error:
        raise UserError("tesseract fails") from error
    return done.stdout


def _lines(hocr: bytes) -> list[Recognised]:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, recover=True)
    root = etree.fromstring(hocr, parser) if hocr.strip() else None
    if root is None:
        return []
    found: list[Recognised] = []
    for block, area in enumerate(_of_class(root, {"ocr_carea"}), 1):
        for paragraph in _of_class(area, {"ocr_par"}):
            lines = [_line(element, block) for element in _of_class(paragraph, _LINES)]
            known = [line for line in lines if line is not None]
            # What is measured of one line depends on which letters happen to stand in it.
            found += [replace(line, size=median(other.size for other in known)) for line in known]
    return found[:_MOST_LINES]


def _of_class(element: "etree._Element", names: Set[str]) -> Iterator["etree._Element"]:
    return (inner for inner in element.iter("{*}div", "{*}p", "{*}span") if inner.get("class") in names)


def _line(element: "etree._Element", block: int) -> Recognised | None:
    words = [word for word in element.iter("{*}span") if word.get("class") == "ocrx_word"]
    texts = [one_line("".join(map(str, word.itertext()))) for word in words]
    text = " ".join(filter(None, texts))[:_LONGEST_LINE]
    letters = sum(map(len, texts))
    sure = sum(_numbers(word, "x_wconf")[0] * len(part) for word, part in zip(words, texts, strict=True))
    if not any(map(str.isalnum, text)) or sure < _LEAST_SURE * letters:
        return None
    left, _, right, bottom = _numbers(element, "bbox", 4)
    slope, offset = _numbers(element, "baseline", 2)
    size = _numbers(element, "x_size")[0]
    return Recognised(block, text, left, right, bottom + offset + slope * (right - left) / 2, size)


def _numbers(element: "etree._Element", name: str, count: int = 1) -> list[float]:
    """The numbers after a name in what the program tells of an element; zeros where there are none."""
    match = re.search(rf"\b{name}((?: -?\d+(?:\.\d+)?){{{count}}})", element.get("title") or "")
    return [float(number) for number in match[1].split()] if match else [0.0] * count
