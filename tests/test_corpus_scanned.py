"""Scanned pages: real pictures of text, read by the real program where it is there, and said where it is not."""

import io
import shutil
import subprocess
import time
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from corpus import Document, UserError, apart, load, load_all, signature
from corpus.apart import ReaderProcess
from corpus.formats import extract
from corpus.recognition import language_of
from corpus.remarks import pages_named, remarks
from corpus.scanned import _BULLET

needs_tesseract = pytest.mark.skipif(not shutil.which("tesseract"), reason="the program tesseract is not installed")
PAGES = (
    (
        "Who decides",
        "The board decides about every project that costs more than fifty thousand euros.",
        "Teams decide.",
    ),
    (
        "How it is told",
        "Each decision is written down within a week, and whoever asks may read it.",
        "Nothing is lost.",
    ),
)


def drawn(canvas: Canvas, page: tuple[str, ...]) -> None:
    """A heading and lines of running text."""
    canvas.setFont("Helvetica-Bold", 18)
    canvas.drawString(60, 760, page[0])
    canvas.setFont("Times-Roman", 11)
    for place, line in enumerate(page[1:]):
        canvas.drawString(60, 730 - 14 * place, line)
    canvas.showPage()


def picture(page: tuple[str, ...], turned: int = 0) -> Image.Image:
    """The page as a scanner would see it."""
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=A4)
    drawn(canvas, page)
    canvas.save()
    document = pypdfium2.PdfDocument(file.getvalue())
    seen = document[0].render(scale=200 / 72).to_pil().convert("L")
    document.close()
    return seen.rotate(turned, expand=True, fillcolor=255)


def scan(path: Path, *pages: tuple[str, ...] | Image.Image | None, stamp: str = "", lang: str | None = None) -> Path:
    """A PDF of pictures; where None is in place of a page, that is set as text."""
    canvas = Canvas(str(path), pagesize=A4, lang=lang)
    for page in pages:
        if page is None:
            drawn(
                canvas, ("In plain letters", "This page was never printed and carries its own letters.", "So it stays.")
            )
            continue
        seen = page if isinstance(page, Image.Image) else picture(page)
        canvas.drawImage(ImageReader(seen), 0, 0, *A4)
        canvas.setFont("Helvetica", 8)
        canvas.drawString(60, 20, stamp)
        canvas.showPage()
    canvas.save()
    return path


@needs_tesseract
def test_a_scan_is_read_with_its_headings_and_pages(tmp_path: Path) -> None:
    document = load(scan(tmp_path / "a.pdf", *PAGES))
    for number, (heading, sentence, _) in enumerate(PAGES, 1):
        assert document.page_at(document.text.index(sentence)) == number
        assert (heading,) in [section.path for section in document.sections]
    assert document.recognised == (1, 2)
    assert remarks(document) == ("pages 1-2 are scans: the text was recognised from pictures and may contain slips",)


@needs_tesseract
def test_scanned_pages_between_others_are_read_in_their_place(tmp_path: Path) -> None:
    (document,) = load_all([scan(tmp_path / "a.pdf", None, PAGES[0], None, stamp="Received in 2026")]).documents
    assert document.recognised == (2,)
    places = [document.text.index(words) for words in ("never printed", "fifty thousand euros")]
    assert [document.page_at(place) for place in places] == [1, 2]
    assert document.text.rindex("never printed") > places[1]
    assert {section.path for section in document.sections} == {("In plain letters",), ("Who decides",)}


@needs_tesseract
def test_pictures_without_text_are_no_text(tmp_path: Path) -> None:
    grey = Image.radial_gradient("L").resize((800, 1100))
    document = load(scan(tmp_path / "a.pdf", None, grey))
    assert document.recognised == ()
    assert remarks(document) == ("page 2 is a scan and was not read: no text was recognised",)
    with pytest.raises(UserError, match="holds scans in which no text was recognised"):
        load(scan(tmp_path / "b.pdf", grey))


@needs_tesseract
def test_pages_beyond_the_time_are_left_unread_and_said(tmp_path: Path) -> None:
    raw = scan(tmp_path / "a.pdf", None, *PAGES).read_bytes()
    with ReaderProcess(recognising=0.0) as reader:
        content = reader.extract(".pdf", raw)
        assert content.recognised == ()
        assert content.unread.startswith("pages 2-3 are scans and were not read: there are too many of them")
        assert "never printed" in content.blocks[1].text


@needs_tesseract
def test_a_missing_language_is_said(tmp_path: Path) -> None:
    scan(tmp_path / "a.pdf", PAGES[0])
    (tmp_path / "sources.toml").write_text('["a.pdf"]\nlanguage = "tlh"\n')
    (refused,) = load_all([tmp_path]).refused
    assert refused.reason == (
        "holds no text but scans; install the language tlh for tesseract"
        " (Debian and Ubuntu: apt-get install tesseract-ocr-tlh)"
    )
    assert language_of("en-GB") == language_of("") == "eng"


@needs_tesseract
def test_a_scan_is_read_in_the_language_that_the_document_or_its_owner_says(tmp_path: Path) -> None:
    scan(tmp_path / "a.pdf", PAGES[0], lang="tlh-US")
    (refused,) = load_all([tmp_path]).refused
    assert "install the language tlh-US for tesseract" in refused.reason
    (tmp_path / "sources.toml").write_text('["a.pdf"]\nlanguage = "en"\n')
    (document,) = load_all([tmp_path]).documents
    assert document.recognised == (1,)


def test_without_the_program_it_is_said_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = signature([tmp_path])
    monkeypatch.setenv("PATH", "")
    scan(tmp_path / "a.pdf", *PAGES)
    scan(tmp_path / "b.pdf", None, *PAGES)
    loaded = load_all([tmp_path])
    install = "install tesseract to have them read (Debian and Ubuntu: apt-get install tesseract-ocr)"
    assert [refused.reason for refused in loaded.refused] == [f"holds no text but scans; {install}"]
    (document,) = loaded.documents
    assert "never printed" in document.text
    assert remarks(document) == (f"pages 2-3 are scans and were not read: {install}",)
    without = signature([tmp_path])
    monkeypatch.undo()
    assert (signature([tmp_path]) != without) == bool(shutil.which("tesseract"))
    assert before != without


def stand_in(folder: Path, lines: str) -> None:
    """A program of the name that is looked for; it knows English and then does what ``lines`` say."""
    program = folder / "tesseract"
    program.write_text(f'#!/bin/sh\nif [ "$1" = --list-langs ]; then echo List; echo eng; exit; fi\n{lines}\n')
    program.chmod(0o755)


@pytest.mark.skipif(not shutil.which("sh"), reason="this system has no shell")
def test_a_program_that_fails_leaves_its_page_unread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    for lines in ("exit 1", "kill -9 $$", 'cat > /dev/null; echo \'<html><span class="ocr_line" title="bbox x">\''):
        stand_in(tmp_path, lines)
        (document,) = load_all([scan(tmp_path / "a.pdf", None, PAGES[0])]).documents
        assert document.recognised == ()
        reason = "no text was recognised" if "echo" in lines else "tesseract fails over them; scan them anew"
        assert document.unread == f"page 2 is a scan and was not read: {reason}"


@pytest.mark.skipif(not shutil.which("sh"), reason="this system has no shell")
def test_what_the_reader_started_ends_with_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    stand_in(tmp_path, "cat > /dev/null; sleep 600; exit 1")
    raw = scan(tmp_path / "a.pdf", None, PAGES[0]).read_bytes()
    marker = f"{tmp_path}/tesseract"
    with ReaderProcess(seconds=2.0) as reader, pytest.raises(UserError, match="takes longer than 2 seconds"):
        reader.extract(".pdf", raw)
    for _ in range(100):
        left = subprocess.run(["pgrep", "-f", marker], capture_output=True, text=True, check=False).stdout
        if not left:
            break
        time.sleep(0.1)
    assert left == ""


def test_pages_are_named_as_people_write_them() -> None:
    assert pages_named([3]) == "page 3"
    assert pages_named([1, 2, 3, 7, 9, 10]) == "pages 1-3, 7, 9-10"
    assert pages_named(range(1, 101, 2)).endswith("23 and 38 more")


def test_a_usual_document_has_no_remarks(tmp_path: Path) -> None:
    (document,) = load_all([scan(tmp_path / "a.pdf", None)]).documents
    assert isinstance(document, Document)
    assert remarks(document) == ()
    assert apart.RECOGNISING > apart.SECONDS


@pytest.mark.skipif(not shutil.which("sh"), reason="this system has no shell")
@pytest.mark.parametrize("error", [pypdfium2.PdfiumError("no bitmap"), MemoryError(), ValueError()])
def test_a_page_that_cannot_be_drawn_leaves_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise error

    raw = scan(tmp_path / "a.pdf", None, PAGES[0]).read_bytes()
    stand_in(tmp_path, "exit 1")
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    monkeypatch.setattr(pypdfium2.PdfPage, "render", fails)
    content = extract(".pdf", raw)
    assert "never printed" in content.blocks[1].text
    assert content.unread == "page 2 is a scan and was not read: drawing fails over them; scan them anew"


def test_only_what_is_taken_for_a_bullet_becomes_one() -> None:
    assert _BULLET.sub("• ", "* Ask first") == "• Ask first"
    for words in ("© 2024 The Office", "® Trademark", "« Le plan »"):
        assert _BULLET.sub("• ", words) == words
