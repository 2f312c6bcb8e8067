"""Pages of PDFs as pictures: the marks lie over the quoted words, and no page stops what draws the next."""

import io
import json
from pathlib import Path

import pdf_pages
import pypdfium2
import pytest
from PIL import Image
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas
from test_corpus_hostile import pdf

from corpus import UserError, load, sentences, split
from corpus.apart import ReaderProcess
from corpus.marking import find, letters_of
from corpus.pages import drawn
from corpus.picture import LONGEST_SIDE, Picture, Wanted
from corpus.wire import picture_of, told_picture, wanted_page

NIST = Path(__file__).parents[2] / "shared" / "guidance" / "nist_ai_rmf" / "NIST.AI.100-1.pdf"


def marked(quote: str, page: str, before: str = "") -> list[str]:
    return [page[first : last + 1] for first, last in find(quote, before, letters_of(page))]


@pytest.mark.parametrize(
    ("quote", "page", "found"),
    [
        ("one organization alone", "one organi\x02\r\nzation alone", ["one organi\x02\r\nzation alone"]),
        ("The efficient office", "The eﬃcient oﬃce, said Ann", ["The eﬃcient oﬃce"]),
        ("Résumé of the plan", "(RE\u0301SUME\u0301 of the plan)", ["RE\u0301SUME\u0301 of the plan"]),
        ("- Risk: it ends", "x • Risk:   it\r\nends. y", ["Risk:   it\r\nends"]),
        ("Nothing of the kind is said", "Something else stands here, of another kind", []),
        ("...", "... and more", []),
        ("Words", "", []),
    ],
)
def test_words_are_found_as_they_are_drawn(quote, page, found):
    assert marked(quote, page) == found


def test_columns_drawn_line_by_line_are_found_piece_by_piece():
    page = "The left column goes on\r\nwhile the right one has\r\nfor some lines and ends\r\nother words to say here"
    quote = "The left column goes on for some lines and ends while the right one"
    assert marked(quote, page) == ["The left column goes on", "for some lines and ends", "while the right one"]


def test_letters_that_only_happen_to_go_on_alike_are_not_marked():
    assert marked("a register of the tools which they use", "a register of the tools whenever; which they use") == [
        "a register of the tools",
        "which they use",
    ]


def test_of_words_that_stand_there_twice_those_that_are_meant_are_marked():
    page = "It may stop. And then: it may stop."
    assert find("it may stop", "It may stop. And then: ", letters_of(page)) == [(23, 33)]
    assert find("it may stop", "", letters_of(page)) == [(0, 10)]


def test_the_marks_lie_over_the_words(tmp_path):
    document = pdf_pages.document(tmp_path)
    raw = (tmp_path / "tools.pdf").read_bytes()
    quote = "The office reviews it every spring."
    start = document.text.index(quote)
    picture = drawn(raw, Wanted(1, quote, document.text[:start]))
    (first, line), (second, below) = pdf_pages.LINES
    assert (picture.height, picture.pages, len(picture.marks)) == (LONGEST_SIDE, 3, 2)
    assert picture.width == pytest.approx(LONGEST_SIDE * A4[0] / A4[1], abs=1)
    assert pdf_pages.covers(picture.marks[0], pdf_pages.box(line, "The office reviews it every", first))
    assert pdf_pages.covers(picture.marks[1], pdf_pages.box(below, "spring", second))


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_the_marks_turn_with_the_page(tmp_path, turn):
    canvas = Canvas(str(tmp_path / "a.pdf"), pagesize=(800, 600))
    canvas.setPageRotation(turn)
    canvas.setFont("Helvetica", 11)
    canvas.drawString(60, 400, "Alpha beta gamma delta")
    canvas.showPage()
    canvas.save()
    raw = (tmp_path / "a.pdf").read_bytes()
    wide, high = pypdfium2.PdfDocument(raw)[0].get_mediabox()[2:]
    marks = drawn(raw, Wanted(1, "beta gamma")).marks
    x, y = 100 / wide, 1 - 403 / high  # Within the words, as if nothing were turned.
    point = {90: (1 - y, x), 180: (1 - x, 1 - y), 270: (y, 1 - x)}[turn]
    left, top = min(mark[0] for mark in marks), min(mark[1] for mark in marks)
    right, bottom = max(mark[0] + mark[2] for mark in marks), max(mark[1] + mark[3] for mark in marks)
    assert left <= point[0] <= right
    assert top <= point[1] <= bottom
    assert (right - left) * (bottom - top) < 0.01


def test_what_is_cut_off_the_page_moves_the_marks_with_it(tmp_path):
    canvas = Canvas(str(tmp_path / "a.pdf"), pagesize=A4, cropBox=(50, 600, 350, 800))
    canvas.setFont("Helvetica", 11)
    canvas.drawString(60, 700, "Alpha beta")
    canvas.showPage()
    canvas.save()
    picture = drawn((tmp_path / "a.pdf").read_bytes(), Wanted(1, "Alpha"))
    ((left, top, _, height),) = picture.marks
    assert left == pytest.approx(10 / 300, abs=0.006)
    assert top < 1 - 100 / 200 < top + height + 0.01


@pytest.mark.parametrize("size", [b"0 0 9 9", b"0 0 1e9 1e9", b"0 0 1 14400", b"0 0 0 0", b"9 9 1 1"])
def test_no_page_is_drawn_larger_than_can_be_seen(size):
    raw = pdf(b"<</Type/Pages/Kids[3 0 R]/Count 1>>", b"<</Type/Page/Parent 2 0 R/MediaBox[%s]>>" % size)
    picture = drawn(raw, Wanted(1, "words"))
    assert max(picture.width, picture.height) <= LONGEST_SIDE + 1
    assert min(picture.width, picture.height) >= 1
    assert picture.marks == ()


@pytest.mark.parametrize("raw", [b"", b"%PDF-1.7 cut off", b"no pdf"])
def test_what_is_no_pdf_is_said(raw):
    with pytest.raises(UserError, match="is damaged or no PDF"):
        drawn(raw, Wanted(1))


@pytest.mark.parametrize("page", [0, -1, 4, 10**6])
def test_a_page_that_is_not_there_is_said(tmp_path, page):
    with pytest.raises(UserError, match="has no page"):
        drawn(pdf_pages.made(tmp_path / "a.pdf").read_bytes(), Wanted(page))


def test_a_page_that_takes_too_long_is_given_up_and_the_next_is_drawn(tmp_path):
    raw = pdf_pages.made(tmp_path / "a.pdf").read_bytes()
    with ReaderProcess(seconds=0.01) as reader, pytest.raises(UserError, match="takes longer than"):
        reader.page(raw, Wanted(1))
    with ReaderProcess() as reader:
        with pytest.raises(UserError, match="is damaged"):
            reader.page(b"no pdf", Wanted(1))
        assert reader.page(raw, Wanted(1, "a second person")).marks == ()
        assert reader.page(raw, Wanted(2, "a second person")).marks
        assert reader.extract(".pdf", raw).title == "Rules for tools"


def test_a_picture_passes_unchanged_and_nothing_else_passes(tmp_path):
    picture = drawn(pdf_pages.made(tmp_path / "a.pdf").read_bytes(), Wanted(1, "register"))
    assert picture.marks
    values = json.loads(told_picture(picture))
    assert picture_of(values) == picture
    assert wanted_page('page:[3, "words", "before"]') == Wanted(3, "words", "before")
    for wrong in (
        ["PHN2Zz4=", *values[1:]],
        [*values[:1], 10**6, *values[2:]],
        [*values[:3], 0, values[4]],
        [*values[:4], [[0, 0, 2, 1]]],
        [*values[:4], [[0, 0, float("nan"), 1]]],
        [*values[:4], [[0, 0, 1]]],
        [*values[:4], [[0, 0, 1, 1]] * 10_000],
        values[:4],
        "picture",
    ):
        with pytest.raises((ValueError, TypeError, KeyError)):
            picture_of(wrong)


@pytest.mark.skipif(not NIST.is_file(), reason="the public guidance is not at hand")
def test_sentences_of_a_framework_are_found_on_their_pages():
    document = load(NIST)
    pages: dict[int, object] = {}
    missed, looked = [], 0
    with_pdf = pypdfium2.PdfDocument(NIST)
    for passage in split(document)[::3]:
        start, end = next(iter(sentences(passage.text)))
        begin, finish = passage.start + start, passage.start + end
        number = document.page_at(begin)
        if number != document.page_at(finish - 1):
            continue
        if number not in pages:
            text = with_pdf[number - 1].get_textpage()
            pages[number] = letters_of(text.get_text_range())
        looked += 1
        words = document.text[begin:finish]
        if not find(words, document.text[document.pages[number - 1] : begin], pages[number]):
            missed.append(words)
    assert looked > 40
    assert len(missed) <= looked // 20, missed


@pytest.mark.skipif(not NIST.is_file(), reason="the public guidance is not at hand")
def test_a_font_that_claims_tall_lines_is_marked_line_by_line():
    quote = "Accountability ensures that a specific team and individual is responsible for AI risk management efforts."
    marks = drawn((NIST.parent / "AI_RMF_Playbook.pdf").read_bytes(), Wanted(20, quote)).marks
    assert len(marks) == 2
    assert all(0.008 < height < 0.02 for _, _, _, height in marks)


def test_a_picture_is_of_the_page(tmp_path):
    picture: Picture = drawn(pdf_pages.made(tmp_path / "a.pdf").read_bytes(), Wanted(3))
    image = Image.open(io.BytesIO(picture.image)).convert("L")
    inside = (int(200 / A4[0] * picture.width), int((1 - 200 / A4[1]) * picture.height))
    assert image.size == (picture.width, picture.height)
    assert image.getpixel(inside) < 30
    assert image.getpixel((10, 10)) > 225
