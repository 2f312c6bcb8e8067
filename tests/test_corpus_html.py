"""HTML: the article and not the menu."""

import datetime

import pytest

from corpus import UserError
from corpus.html import read

PAGE = """<!doctype html><html lang="en-GB"><head><title>Our AI policy | Example</title>
<meta name="author" content="Policy team"><meta property="article:published_time" content="2025-03-04T10:00:00Z">
<script>var a = "no";</script></head><body>
<header><nav><ul><li>Menu one</li></ul></nav></header><div class="cookie-banner">We use cookies</div>
<main><article><header><h1>AI policy</h1></header>
<p>First <b>bold</b> and <a href="javascript:alert(1)">linked</a>
words.<br>Second line &amp; more <!-- hidden --> text.</p>
<h2>Rules</h2><p>Teams must:</p><ul><li>ask first<ul><li>in writing</li></ul></li><li><p>report early</p></li></ul>
<table><tr><th>Role</th><th>Duty</th></tr><tr><td>Lead</td><td>Decides<br>and signs</td></tr></table>
<pre>code  here
  indented</pre>text after <aside>Related</aside>it
<p hidden>secret</p><div style="display: none">invisible</div></article></main><footer>Foot</footer></body></html>"""


def test_the_article_is_read() -> None:
    extract = read(PAGE.encode())
    assert [(block.kind, block.text) for block in extract.blocks] == [
        ("heading", "AI policy"),
        ("paragraph", "First bold and linked words."),
        ("paragraph", "Second line & more text."),
        ("heading", "Rules"),
        ("paragraph", "Teams must:"),
        ("item", "- ask first"),
        ("item", "- in writing"),
        ("item", "- report early"),
        ("row", "Role: Lead; Duty: Decides and signs"),
        ("code", "code  here\n  indented"),
        ("paragraph", "text after it"),
    ]


def test_the_page_speaks_for_itself() -> None:
    extract = read(PAGE.encode())
    assert (extract.title, extract.author, extract.language) == ("AI policy", "Policy team", "en-GB")
    assert extract.date == datetime.date(2025, 3, 4)
    assert read(b"<title>The plan - Example</title><p>Text</p>").title == "The plan"


def test_a_declared_encoding_is_used() -> None:
    page = '<html><head><meta charset="windows-1251"></head><body><p>Стратегия</p></body></html>'
    assert [block.text for block in read(page.encode("cp1251")).blocks] == ["Стратегия"]


def test_a_page_without_markup_of_its_parts_is_read_whole() -> None:
    assert [block.text for block in read(b"Just <i>some</i> text<p>and more").blocks] == ["Just some text", "and more"]


def test_deep_nesting_is_refused_in_one_line() -> None:
    with pytest.raises(UserError, match="nested too deeply"):
        read(b"<div>" * 100_000 + b"text" + b"</div>" * 100_000)


@pytest.mark.parametrize("raw", [b"<!-- only a comment -->", b"<html></html>", b"<p></p>"])
def test_a_page_without_text_has_no_blocks(raw: bytes) -> None:
    assert read(raw).blocks == ()
