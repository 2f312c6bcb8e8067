import pytest
from scripted_window import APPROACHES, HOSTILE
from test_web_show import read

from assistant.web.sources import AROUND, excerpt, find_section, find_words
from corpus.errors import UserError
from corpus.records import Document, Section, Source


def marked(html: str) -> str:
    inside, text = False, ""
    for piece in html.replace("<mark", "\0<mark").split("\0"):
        if piece.startswith("<mark"):
            text += piece[piece.index(">") + 1 : piece.index("</mark>")]
            inside = True
    assert inside
    return text


def test_the_cited_words_are_marked_where_they_stand():
    start = APPROACHES.text.index("It can be slow")
    found = excerpt(APPROACHES, start, start + len("It can be slow"))
    assert marked(found.html) == "It can be slow"
    assert found.html.count('id="cited"') == 1
    assert (found.title, found.section, found.page) == (
        "Ways to lead an AI programme",
        "Top-down > Advantages and drawbacks of leading from the top",
        1,
    )
    assert (found.before, found.after) == (False, False)


def test_words_across_paragraphs_and_headings_are_marked_in_each():
    start = APPROACHES.text.index("done to them")
    end = APPROACHES.text.index("Teams try things") + len("Teams try things")
    html = excerpt(APPROACHES, start, end).html
    assert html.count("<mark") == 3
    assert html.count('id="cited"') == 1
    assert "<mark>Teams try things</mark>" in html


def test_a_section_is_opened_at_its_heading():
    start, end = find_section(APPROACHES, "Further reading")
    found = excerpt(APPROACHES, start, end)
    assert '<h3 id="cited" tabindex="-1">Further reading</h3>' in found.html
    assert found.html.count("Further reading") == 1
    assert find_section(APPROACHES, "") == (0, 0)


def test_a_passage_is_found_by_its_first_words():
    start, end = find_words(APPROACHES, "Teams try", 30)
    assert APPROACHES.text[start:end] == "Teams try things out where the"


@pytest.mark.parametrize(
    "look",
    [
        lambda: excerpt(APPROACHES, 5, 10**9),
        lambda: excerpt(APPROACHES, 9, 5),
        lambda: excerpt(APPROACHES, -1, 5),
        lambda: find_words(APPROACHES, "words that are not there", 10),
        lambda: find_section(APPROACHES, "No such section"),
    ],
)
def test_what_is_no_longer_there_is_one_line(look):
    with pytest.raises(UserError, match=r"no longer|has changed"):
        look()


def test_hostile_documents_stay_text():
    html = excerpt(HOSTILE, 0, len(HOSTILE.text)).html
    tags = {tag for tag, _ in read(html).tags}
    assert tags <= {"section", "h3", "p", "mark", "span"}
    assert "[here](javascript:alert(1))" in read(html).text


def test_a_long_document_is_shown_around_the_words_only():
    text = "word " * 40_000
    document = Document("long.txt", text, Source("Long"), (), digest="0" * 64)
    found = excerpt(document, 100_000, 100_004)
    assert (found.before, found.after, marked(found.html)) == (True, True, "word")
    assert len(read(found.html).text) <= 2 * AROUND + 100


def test_text_outside_of_sections_is_shown():
    text = "Before.\n\nHead\n\nInside.\n\nAfter."
    document = Document("a.txt", text, Source("A"), (Section(("Head",), 9, 24),), digest="0" * 64)
    assert read(excerpt(document, 0, 7).html).text.replace("\n", "") == "Before.HeadInside.After."


def test_a_heading_that_the_text_lacks_is_put_before_it():
    document = Document("a.txt", "Inside.", Source("A"), (Section(("Head",), 0, 7),), digest="0" * 64)
    assert excerpt(document, 0, 6).html == (
        '<section><h3 tabindex="-1">Head</h3><p><mark id="cited" tabindex="-1">Inside</mark>.</p></section>'
    )


def test_an_empty_document_has_an_empty_excerpt():
    document = Document("a.txt", "", Source("A"), (), digest="0" * 64)
    assert excerpt(document, 0, 0).html.count('id="cited"') == 1
