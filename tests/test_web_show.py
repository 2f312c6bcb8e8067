from html.parser import HTMLParser

import pytest
from scripted_window import EVIL

from assistant.web.show import attributes, place, show


class Reader(HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags, self.text = [], ""

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text += data


def read(html: str) -> Reader:
    reader = Reader()
    reader.feed(html)
    reader.close()
    return reader


@pytest.mark.parametrize("text", [EVIL, "a & b < c", "&lt;b&gt;", "[x](javascript:alert(1))", "'\"`$", "ä €  漢字 🙂"])
def test_text_reads_as_it_was_and_is_no_markup(text):
    reader = read(show(text))
    assert (reader.tags, reader.text) == ([], text)


def test_it_is_one_line_that_reads_as_several():
    html = show("one\ntwo\r\n\r\nthree\u2028four")
    assert len(html.splitlines()) == 1
    assert read(html).text == "one\ntwo\n\nthree\nfour"


def test_control_and_direction_characters_are_left_out():
    assert show("a\0b\x1b[31mc\u202egnp.exe\u2066x") == "ab[31mcgnp.exex"


def test_attributes_hold_any_text():
    evil = '" onmouseover="alert(1)" x="\n>'
    (tag,) = read(f"<p{attributes(data_name=evil, start=3, none=None)}>").tags
    assert tag == ("p", {"data-name": evil, "start": "3"})


def test_a_place_is_title_section_and_page():
    assert place("Paper", "One > Two", 3) == "Paper › One › Two, page\u00a03"
    assert place("Paper", "") == "Paper"
    assert place("", "One") == "One"
