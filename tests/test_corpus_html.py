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


def texts(page: str) -> list[str]:
    return [block.text for block in read(page.encode()).blocks]


def test_cells_over_several_rows_and_columns_are_laid_out() -> None:
    page = """<main><table><tr><th colspan=3>Rates</th></tr>
    <tr><th rowspan=2>Region</th><th colspan=2>Limits</th></tr><tr><th>Hotel</th><th>Meals</th></tr>
    <tr><td rowspan=2>North</td><td>90</td><td>30</td></tr><tr><td>95</td><td>35</td></tr>
    <tr><td>South</td><td colspan=2>80</td></tr></table></main>"""
    assert texts(page) == [
        "Rates",
        "Region: North; Limits, Hotel: 90; Limits, Meals: 30",
        "Region: North; Limits, Hotel: 95; Limits, Meals: 35",
        "Region: South; Limits, Hotel, Limits, Meals: 80",
    ]


def test_hostile_spans_are_bounded_and_told_of() -> None:
    page = (
        "<table><tr>" + f"<td rowspan=65534 colspan=1000>{'x' * 3000}</td>" * 3 + "</tr>" + "<tr><td>y</td></tr>" * 900
    )
    content = read(page.encode())
    assert sum(len(block.text) for block in content.blocks) < 2_000_000
    assert content.blocks[-1].text == "y"
    assert content.unread == "cells that reach over many rows were not repeated in all of them"


def test_a_table_that_lays_out_the_page_keeps_its_headings() -> None:
    page = "<table><tr><td>Left</td><td><h2>Rules</h2><p>Ask first.</p><table><tr><th>K</th><th>L</th></tr>"
    assert texts(f"{page}<tr><td>a</td><td>b</td></tr></table></td></tr></table>") == [
        "Left",
        "Rules",
        "Ask first.",
        "K: a; L: b",
    ]


def test_a_page_in_a_form_is_read_without_its_controls() -> None:
    page = "<form><h1>Travel</h1><p>Hotels cost 120 euros.</p><select><option>a</select><button>Send</button></form>"
    assert texts(page) == ["Travel", "Hotels cost 120 euros."]


def test_sections_keep_the_headings_in_their_headers() -> None:
    section = "<section><header><h2>Drawbacks</h2></header><p>Slow.</p></section>"
    page = f"<body><header><h2>Site</h2></header><main>{section}</main>"
    assert texts(page) == ["Drawbacks", "Slow."]


@pytest.mark.parametrize(
    "page",
    [
        "<h2><button aria-expanded=false>Who decides?</button></h2><div hidden><p>The board.</p></div>",
        "<button>Who decides?</button><div hidden><p>The board.</p></div>",
        "<a href=# aria-expanded=false aria-controls=a>Who decides?</a><br><div id=a aria-hidden=true>The board.</div>",
        "<button role=tab aria-controls=a>Who decides?</button><br><div id=a role=tabpanel hidden>The board.</div>",
        "<details><summary>Who decides?</summary><p>The board.</p></details>",
    ],
)
def test_panels_that_are_closed_are_read_under_their_names(page: str) -> None:
    found = [(block.kind, block.text) for block in read(f"<main>{page}</main>".encode()).blocks]
    assert found == [("heading", "Who decides?"), ("paragraph", "The board.")]


def test_a_page_of_divisions_loses_its_menu_and_footer_and_keeps_its_content() -> None:
    page = """<body class="has-sidebar"><div id="header"><a href=/>Home</a></div>
    <button aria-expanded="false">Menu</button><ul class="main-menu"><li><a href=/a>About us</a> now</li></ul>
    <ul><li><a href=/b>Departments</a></li><li><a href=/c>Contact</a></li></ul>
    <div class="content menu-open"><h1>Travel</h1><p>Hotels cost 120 euros.</p><p>See also:</p>
    <ul><li><a href=/d>Expense policy</a></li></ul><div class="lunch-menu"><p>Soup on Mondays.</p></div></div>
    <div class="site-footer"><p>All rights reserved.</p></div></body>"""
    assert texts(page) == ["Travel", "Hotels cost 120 euros.", "See also:", "- Expense policy", "Soup on Mondays."]


@pytest.mark.parametrize("name", ["topmenu", "mainnav", "navmenu", "leftsidebar", "pagefooter"])
def test_names_written_as_one_word_are_understood(name: str) -> None:
    page = f'<body><div id="{name}"><a href=/>Home</a> <a href=/t>Teams</a></div><h1>Parking</h1><p>Free.</p></body>'
    assert texts(page) == ["Parking", "Free."]


def test_a_page_is_never_emptied_by_the_names_of_its_parts() -> None:
    assert texts('<div id="footer"><p>Only this text.</p></div>') == ["Only this text."]


@pytest.mark.parametrize(
    "head",
    [
        '<!DOCTYPE html [<!ENTITY org "The Board"><!ENTITY lt "&#38;#60;">]>',
        '<?xml version="1.0"?>\n<!-- a --><!DOCTYPE html PUBLIC "-//W3C//DTD [X] 1.0//EN" "x.dtd" [\n'
        "<!-- don't <!ENTITY org \"Nobody\"> ]> --><!ENTITY org 'The Board'>\n] >",
    ],
)
def test_what_a_page_declares_of_itself_is_no_text_and_its_names_are_read(head: str) -> None:
    page = (
        f'{head}<html xmlns="http://www.w3.org/1999/xhtml"><body><p>&org; pays &lt; 5&nbsp;% &other;.</p></body></html>'
    )
    assert texts(page) == ["The Board pays < 5 % &other;."]


def test_a_page_about_declarations_keeps_them() -> None:
    page = '<!DOCTYPE html><p>Write [this] first:</p><pre>&lt;!DOCTYPE a [&lt;!ENTITY b "c"&gt;]&gt; &amp;b;</pre>'
    assert texts(page) == ["Write [this] first:", '<!DOCTYPE a [<!ENTITY b "c">]> &b;']
