"""The interface in other languages: every text is there in each, and files of one's own are read with care."""

import json
import re
from pathlib import Path

import pytest
from scripted_window import EVIL, answer_to

import assistant.web as web
from assistant import notices
from assistant.web.page import dressed
from assistant.web.render import turn_html
from assistant.web.speaking import ENGLISH, MADE_ELSEWHERE, SHIPPED, WIDGET, Languages, said, speaking
from assistant.web.turn import Progress
from corpus.errors import UserError

ROOT = Path(web.__file__).parent
PLACES = re.compile(r"\{\w+\}")


def used() -> set[str]:
    """The English texts that the pages, scripts and the rendering name."""
    scripts = "".join(path.read_text("utf-8") for path in (ROOT / "static").glob("*.js"))
    python = "".join((ROOT / name).read_text("utf-8") for name in ("render.py", "tables.py"))
    shell = (ROOT / "static" / "shell.html").read_text("utf-8")
    found = set(re.findall(r'\bt\("((?:[^"\\]|\\.)+)"', scripts))
    found |= set(re.findall(r"""\bsaid\(["']([^"'{]+)["']\)""", python)) | {"You asked: ", "The guidance is silent"}
    builder = (ROOT / "static" / "builder.html").read_text("utf-8")
    found |= set(re.findall(r"\{\{(.+?)\}\}", shell + builder))
    reasons = re.search(r"const REASONS = (\[.+?\]);", scripts)
    assert reasons is not None
    return found | set(json.loads(reasons[1])) | set(MADE_ELSEWHERE) | set(WIDGET.values())


@pytest.mark.parametrize("code", SHIPPED)
def test_every_text_is_there_in_every_language_and_no_other(code):
    texts = Languages()[code].texts
    assert set(texts) == used()
    assert len(texts) > 90
    for english, text in texts.items():
        assert sorted(PLACES.findall(english)) == sorted(PLACES.findall(text)), english
        assert text.strip()
    assert sum(english == text for english, text in texts.items()) < 8


def test_what_is_made_elsewhere_is_made_there():
    code = "".join(path.read_text("utf-8") for path in ROOT.parent.rglob("*.py") if path.name != "speaking.py")
    for text in MADE_ELSEWHERE:
        piece = max(
            re.split(r"\{\w+\}|\d+|One question is|questions are|s? found|s? looked at", text),
            key=len,
        )
        assert piece.strip(", ") in code, text


def test_what_is_said_of_how_an_answer_came_about_is_there_in_every_language():
    told = {value for value in vars(notices).values() if isinstance(value, str) and value.endswith(".")}
    told -= {notices.__doc__}
    assert {notices.INFERRED, notices.QUOTED, notices.PARTLY_QUOTED, notices.NEAREST} <= told
    assert told <= set(MADE_ELSEWHERE)


def test_texts_are_said_in_the_language_that_is_spoken_and_only_then():
    assert said("Copy") == "Copy"
    with speaking(Languages()["de"]):
        assert said("Copy") == "Kopieren"
        assert said("Reading 12 statements from the guidance") == "12 Aussagen der Leitlinien werden gelesen"
        line = said("3 questions are before yours. Yours is number 4 in the line.")
        assert line.startswith("3 Fragen sind vor Ihrer. Ihre ist Nummer 4")
        line = said(
            "The question has 3,000 characters; please ask in at most 2,000, and add longer texts as documents."
        )
        assert line.startswith("Die Frage hat 3,000 Zeichen; bitte fragen Sie in höchstens 2,000,")
        assert said("Words of a document") == "Words of a document"
    assert said("Copy") == "Copy"


@pytest.mark.parametrize(
    ("asked", "code"),
    [("de-AT", "de"), ("FR", "fr"), ("pt", "en"), ("", "en"), ("x", "en"), ("<b>", "en"), ("../de", "en")],
)
def test_a_language_is_found_by_its_code(asked, code):
    assert Languages()[asked].code == code


@pytest.mark.parametrize(
    ("code", "accepted", "spoken"),
    [
        ("", "", "en"),
        ("", "de-AT,de;q=0.9,en;q=0.5", "de"),
        ("", "it, fr;q=0.3, es;q=0.7", "es"),
        ("", "de;q=0, *", "en"),
        ("", "tlh", "en"),
        ("fr", "de", "fr"),
        ("tlh", "de", "en"),
        ("", "q=;;,,tlh;q=x" * 500, "en"),
    ],
)
def test_a_page_is_in_the_language_asked_for_or_else_the_browsers(code, accepted, spoken):
    assert Languages().asked(code, accepted).code == spoken


def test_a_turn_is_shown_in_the_language_and_the_guidance_in_its_own_words():
    done = Progress("Rat?", id="t" * 32, conversation="c" * 32, answer=answer_to("advise"), state="done")
    done.sentences, done.passages = list(done.answer.sentences), done.answer.passages
    html = turn_html(done, Languages()["de"])
    for text in (
        "Sie fragten: ",
        "4 Stellen gefunden",
        "Die Leitlinien neigen zu",
        "Noch nicht bekannt",
        "Quellen",
        "Quelle 1: ",
    ):
        assert text in html
    assert "Leading from the top keeps the programme" in html
    assert turn_html(done) == turn_html(done, ENGLISH) != html


def own(folder: Path, name: str, content: object) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")
    return folder


def test_a_file_of_ones_own_adds_a_language_or_stands_in_place_of_one(tmp_path):
    folder = own(
        tmp_path / "l", "ar.json", {"direction": "rtl", "texts": {"Copy": "انسخ", "Ask the assistant": "اسأل"}}
    )
    own(folder, "de.json", {"texts": {"Copy": "Abschreiben"}})
    languages = Languages(folder)
    assert (languages["ar"].direction, languages["ar"].said("Copy"), languages["ar"].said("Sources")) == (
        "rtl",
        "انسخ",
        "Sources",
    )
    assert languages["de"].said("Copy") == "Abschreiben"
    widget = languages.for_widget()
    assert (widget["ar"]["direction"], widget["ar"]["open"], widget["ar"]["close"]) == ("rtl", "اسأل", "Close")
    assert widget["fr"]["close"] == "Fermer"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("ar.json", "{"),
        ("ar.json", {"texts": {"Copy": 3}}),
        ("ar.json", {"texts": [], "direction": "rtl"}),
        ("ar.json", {"texts": {}, "direction": "up"}),
        ("ar.json", {"texts": {}, "more": 1}),
        ("arabic.json", {"texts": {}}),
        ("ar.json", {"texts": {"Copy": "x" * 300_000}}),
    ],
)
def test_a_file_that_is_not_understood_is_one_line(tmp_path, name, content):
    with pytest.raises(UserError) as caught:
        Languages(own(tmp_path / "l", name, content))
    assert "\n" not in str(caught.value)
    assert name in str(caught.value)


def test_a_folder_that_is_not_there_is_one_line(tmp_path):
    with pytest.raises(UserError, match="not there"):
        Languages(tmp_path / "none")


def test_the_page_is_in_its_language_and_hostile_texts_stay_texts(tmp_path):
    folder = own(
        tmp_path / "l", "xx.json", {"direction": "rtl", "texts": {"Conversations": EVIL, "Copy": "</script>" + EVIL}}
    )
    plain = '<!doctype html><html lang="en" class="x"><head></head><body><gradio-app></gradio-app></body></html>'
    page = dressed(plain, Languages(folder)["xx"])
    assert '<html lang="xx" dir="rtl">' in page
    assert "<img src=x" not in page
    assert "<script>document" not in page
    assert "{{" not in page
    assert "%TEXTS%" not in page
    assert page.count("</script>") == dressed(plain).count("</script>")
    assert '<html lang="en" dir="ltr">' in dressed(plain)
