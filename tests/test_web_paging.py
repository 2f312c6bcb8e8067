"""Pages behind the source panel: what is asked of a page, and the line that is said where there is no picture."""

import hashlib
import threading
import zipfile
from dataclasses import replace

import pdf_pages
import pytest
from fastapi.testclient import TestClient
from scripted_window import APPROACHES, ScriptedAssistant
from test_corpus_hostile import pdf

from assistant.store import Store
from assistant.web import paging
from assistant.web.loading import Loading
from assistant.web.paging import BUSY, CHANGED, GONE, INSIDE, UNDRAWN, Pages, has_pages, wanted
from assistant.web.server import create_app
from corpus import load_all
from corpus.errors import UserError
from corpus.picture import Wanted


@pytest.fixture
def document(tmp_path):
    return pdf_pages.document(tmp_path)


@pytest.fixture
def pages():
    pages = Pages(seconds=120)
    yield pages
    pages.close()


def span(document, words, since=0):
    start = document.text.index(words, since)
    return start, start + len(words)


def test_only_the_words_on_the_page_are_wanted(document):
    start, _ = span(document, "A tool that is not")
    _, end = span(document, "Whoever runs a tool")
    first = wanted(document, start, end)
    assert (first.page, first.words.rstrip()) == (1, document.text[start : document.pages[1]].rstrip())
    assert wanted(document, start, end, 2).words == "Whoever runs a tool"
    assert wanted(document, start, end, 3).words == ""
    assert wanted(document, start, end, 99).words == ""


def test_a_heading_is_wanted_by_its_line(document):
    assert wanted(document, 0, 0).words == "Rules for tools"


def test_of_a_sentence_that_stands_there_twice_the_one_that_is_cited_is_marked(document, pages):
    first, _ = span(document, pdf_pages.SECOND)
    second = span(document, pdf_pages.SECOND, first + 1)
    (mark,) = pages.picture(document, wanted(document, *second)).marks
    assert pdf_pages.covers(mark, pdf_pages.box(pdf_pages.SECOND, pdf_pages.SECOND.rstrip("."), 400))


def test_a_file_that_is_gone_or_has_changed_is_said(document, pages, tmp_path):
    path = tmp_path / "tools.pdf"
    path.write_bytes(path.read_bytes() + b"\n")
    with pytest.raises(UserError, match=CHANGED):
        pages.picture(document, Wanted(1))
    path.unlink()
    for gone in (document, replace(document, path=str(tmp_path)), replace(document, path="\0.pdf")):
        with pytest.raises(UserError, match=GONE):
            pages.picture(gone, Wanted(1))


def test_one_inside_another_file_is_said(tmp_path, pages):
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        archive.write(pdf_pages.made(tmp_path / "x.pdf"), "x.pdf")
    (document,) = load_all([tmp_path / "all.zip"]).documents
    assert has_pages(document)
    with pytest.raises(UserError, match=INSIDE):
        pages.picture(document, Wanted(1))


def test_a_page_that_cannot_be_drawn_is_said_and_not_tried_again_at_once(document, pages, monkeypatch):
    tried = []
    monkeypatch.setattr(pages._reader, "page", lambda raw, wanted: tried.append(wanted) or fail())

    def fail():
        raise UserError("makes its reader fail")

    for _ in range(3):
        with pytest.raises(UserError, match=UNDRAWN):
            pages.picture(document, Wanted(1))
    assert len(tried) == 1


def test_a_hostile_file_stops_nothing(document, tmp_path):
    """A page that would be drawn for minutes: it fills the largest page thousands of times over, transparently."""
    fill = b"0 0 14400 14400 re f\n" * 200_000
    state = b"<</Type/ExtGState/ca .5/BM/Luminosity>>"
    body = b"/G gs 1 0 0 rg\n" + fill
    raw = pdf(
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 14400 14400]/Contents 4 0 R/Resources<</ExtGState<</G 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(body), body),
        state,
    )
    hostile = tmp_path / "hostile.pdf"
    hostile.write_bytes(raw)
    bad = replace(document, path=str(hostile), digest=hashlib.sha256(raw).hexdigest())
    pages = Pages(seconds=3)
    with pytest.raises(UserError, match=UNDRAWN):
        pages.picture(bad, Wanted(1))
    pages._reader._seconds = 120
    assert pages.picture(document, Wanted(1)).image
    pages.close()


def test_a_picture_is_drawn_once(document, pages, tmp_path, monkeypatch):
    first = pages.picture(document, Wanted(1, "register"))
    monkeypatch.setattr(pages._reader, "page", lambda *_: pytest.fail("drawn again"))
    assert pages.picture(document, Wanted(1, "register")) is first


def test_no_more_than_a_few_wait(document, pages, monkeypatch):
    go, begun = threading.Event(), threading.Event()
    picture = pages.picture(document, Wanted(2))

    def slow(raw, wanted):
        begun.set()
        go.wait(60)
        return picture

    monkeypatch.setattr(pages._reader, "page", slow)
    waiting = [threading.Thread(target=pages.picture, args=(document, Wanted(1)))]
    waiting += [
        threading.Thread(target=pages.picture, args=(document, Wanted(3, str(number))))
        for number in range(paging.WAITING - 1)
    ]
    for thread in waiting:
        thread.start()
    assert begun.wait(30)
    while pages._waiting._value:
        threading.Event().wait(0.01)
    with pytest.raises(UserError, match=BUSY):
        pages.picture(document, Wanted(2))
    go.set()
    for thread in waiting:
        thread.join(30)
    assert pages.picture(document, Wanted(2)) is picture


def test_the_process_ends_when_nothing_is_asked(document, monkeypatch):
    monkeypatch.setattr(paging, "_IDLE_S", 0.05)
    pages = Pages(seconds=120)
    pages.picture(document, Wanted(1))
    deadline = threading.Event()
    for _ in range(600):
        if pages._reader._process is None:
            break
        deadline.wait(0.05)
    assert pages._reader._process is None


@pytest.fixture
def client(document, tmp_path, monkeypatch):
    monkeypatch.setattr(paging.Pages.__init__, "__defaults__", (120.0, paging.MEMORY))
    loading = Loading(lambda _: ScriptedAssistant(pause=0, more=[document]))
    with TestClient(
        create_app(loading, Store(f"sqlite:///{tmp_path / 'x.sqlite'}")), base_url="http://127.0.0.1"
    ) as it:
        assert loading.wait(30)
        yield it


def test_the_panel_is_given_the_page_and_its_marks(client, document):
    start, end = span(document, "A tool that is not listed")
    place = {"document": document.name, "start": start, "end": end}
    assert client.get("/window/source", params=place).json()["pages"] is True
    page = client.get("/window/page", params=place).json()
    assert (page["page"], page["pages"], page["words"]) == (1, 3, "A tool that is not listed")
    assert page["image"].startswith("data:image/webp;base64,UklGR")
    ((down, line),) = [one for one in pdf_pages.LINES if "A tool" in one[1]]
    assert pdf_pages.covers(tuple(page["marks"][0]), pdf_pages.box(line, "A tool that is not listed", down))
    following = client.get("/window/page", params={**place, "page": 2}).json()
    assert (following["page"], following["words"], following["marks"]) == (2, "", [])
    passage = {"document": document.name, "words": "Each team", "length": 20}
    assert client.get("/window/page", params=passage).json()["words"] == document.text[span(document, "Each")[0] :][:20]
    section = client.get("/window/page", params={"document": document.name, "section": ""}).json()
    assert section["words"] == "Rules for tools"


def test_what_has_no_page_is_one_line_and_the_text_still_shows(client, document, tmp_path):
    def line(**values):
        answer = client.get("/window/page", params={"document": document.name, **values})
        assert answer.status_code == 409
        return answer.json()["detail"]

    assert client.get("/window/source", params={"document": APPROACHES.name}).json()["pages"] is False
    assert line(document=APPROACHES.name) == "That document has no pages to show."
    assert line(document="../../etc/passwd") == "That document is no longer in the guidance."
    assert line(start=10**8, end=10**8 + 1).startswith("The document has changed since it was cited")
    assert line(page=77) == UNDRAWN
    (tmp_path / "tools.pdf").unlink()
    assert line() == GONE
    assert "register" in client.get("/window/source", params={"document": document.name}).json()["html"]
    assert client.get("/window/page", params={"document": document.name, "page": -1}).status_code == 422
