"""Markdown without its marks."""

import datetime

import pytest

from corpus.markdown import read


def blocks(text: str) -> list[tuple[str, str, int]]:
    return [(block.kind, block.text, block.level) for block in read(text).blocks]


def test_marks_go_and_words_stay() -> None:
    text = "# T\n\n"
    text += "A **bold**, _soft_ [link](http://x.org) with `code`, ~~old~~, 5 * 3, a_b_c, "
    text += "<b>x</b>, <your name> &amp; &shy;.\n"
    assert blocks(text)[1] == ("paragraph", "A bold, soft link with code, old, 5 * 3, a_b_c, x, <your name> & .", 0)


def test_lists_keep_their_marks_and_depth() -> None:
    text = "# T\n\nLead:\n\n- one\n  goes on\n\n  more\n  - deep\n- [x] done\n\n3. third\n4. fourth\n"
    assert blocks(text)[2:] == [
        ("item", "- one goes on", 0),
        ("item", "more", 1),
        ("item", "- deep", 1),
        ("item", "- done", 0),
        ("item", "3. third", 0),
        ("item", "4. fourth", 0),
    ]


def test_rows_keep_their_column_names() -> None:
    text = "# T\n\n| | Top-down | Bottom-up |\n|-|-|-|\n| Speed | **fast** | slow |\n| Cost | | low |\n"
    assert [row[1] for row in blocks(text)[1:]] == ["Speed; Top-down: fast; Bottom-up: slow", "Cost; Bottom-up: low"]


def test_what_a_site_generator_adds_goes() -> None:
    text = "# T {#top}\n\nText.[^1]\n{: .intro }\n\n{{< note >}}\n\n<!-- to do:\n\nrewrite -->\n\n[^1]: Note.\n"
    assert [block[1] for block in blocks(text)] == ["T", "Text.", "Note."]


def test_front_matter_speaks_for_the_file() -> None:
    extract = read('---\ntitle: "Our plan"\ndate: 2025-02-03\nauthor: Board\nlang: en\nslug: x\n---\nText.\n')
    assert (extract.title, extract.date, extract.author, extract.language) == (
        "Our plan",
        datetime.date(2025, 2, 3),
        "Board",
        "en",
    )
    assert [block.text for block in extract.blocks] == ["Text."]
    assert read('+++\ntitle = "Plan"\n+++\n# A\n\nb\n').title == "Plan"


@pytest.mark.parametrize(
    ("front", "title", "author", "date"),
    [
        ("title: 'A: b'\nauthor:\n  - Ann Lee\n  - name: Bo\ndate: 2 March 2026", "A: b", "Ann Lee, Bo", (2026, 3, 2)),
        ("title: A: b\nauthors: Ann\ndate: March 2nd, 2026", "A: b", "Ann", (2026, 3, 2)),
        ("title: T\ndate: 3/4/2026", "T", "", None),
        ("a: &a [x]\nb: [*a, *a]\ntitle: T", "T", "", None),
        (f"title: T\nx: {'[' * 3000}", "T", "", None),
    ],
    ids=["lists", "no yaml", "two days", "references", "deep"],
)
def test_front_matter_is_yaml_as_people_write_it(
    front: str, title: str, author: str, date: tuple[int, int, int] | None
) -> None:
    extract = read(f"---\n{front}\n---\nText.\n")
    assert (extract.title, extract.author) == (title, author)
    assert extract.date == (datetime.date(*date) if date else None)
    assert [block.text for block in extract.blocks] == ["Text."]


def test_text_between_two_rules_is_no_front_matter() -> None:
    assert blocks("---\nA first sentence.\n\n---\n\n# T\n")[0][1] == "A first sentence."


def test_a_bold_line_is_a_heading_and_a_bold_sentence_is_not() -> None:
    text = "# T\n\n**Objective**  \nTake part.\n\n**Never do this.**\n"
    assert blocks(text)[1:] == [
        ("heading", "Objective", 7),
        ("paragraph", "Take part.", 0),
        ("paragraph", "Never do this.", 0),
    ]


def test_html_inside_is_read_as_html() -> None:
    text = "# T\n\n<table><tr><th>K</th><th>L</th></tr><tr><td>a</td><td>b</td></tr></table>\n\n"
    text += "<script>alert(1)</script>\n\nEnd.\n"
    assert [block[1] for block in blocks(text)] == ["T", "K: a; L: b", "End."]


def test_a_row_of_a_table_may_go_on_over_several_lines() -> None:
    table = "| K | L | M |\n| --- | :-- | --- |\n| a | One.  \n  \nTwo.   \n\nThree. | b |\n| c | d | e |\n"
    text = f"# T\n\n{table}\n| no table\n"
    assert [block[1] for block in blocks(text)] == [
        "T",
        "K: a; L: One. Two. Three.; M: b",
        "K: c; L: d; M: e",
        "| no table",
    ]


def test_a_row_that_never_ends_takes_nothing_along() -> None:
    text = "# T\n\n| K | L |\n| --- | --- |\n| a | b\n\nAfter it.\n\n## U\n\n| c | d |\n"
    found = [block[1] for block in blocks(text)]
    assert "After it." in found
    assert "U" in found
    fenced = "# T\n\n```\n| K | L |\n| --- | --- |\n| a\nb | c |\n```\n"
    assert blocks(fenced)[1][1] == "| K | L |\n| --- | --- |\n| a\nb | c |"


def test_code_keeps_its_lines() -> None:
    assert blocks("# T\n\n```python\nif a:\n    b()\n```\n")[1] == ("code", "if a:\n    b()", 0)


def test_text_without_markdown_headings_is_read_by_its_layout() -> None:
    found = blocks("Working hours\n\nCore hours are from **ten** to three, and people choose the rest on their own.\n")
    assert found == [
        ("heading", "Working hours", 1),
        ("paragraph", "Core hours are from ten to three, and people choose the rest on their own.", 0),
    ]


def test_deep_nesting_does_no_harm() -> None:
    text = (
        "# T\n\n"
        + ">" * 20_000
        + " quoted\n\n"
        + "[" * 20_000
        + "\n\n"
        + "".join("  " * n + "- x\n" for n in range(300))
    )
    assert blocks(text)[0] == ("heading", "T", 1)
