"""Memos: what they say, that foreign text stays text in Markdown and in Word, and the command that writes them."""

import datetime
import io
import re
from pathlib import Path
from typing import Any

import docx
import pytest
from markdown_it import MarkdownIt
from scripted_window import APPROACHES, EVIL, SENTENCES, answer_to, cite
from test_cli import FakeAssistant

from assistant import cli
from assistant.memo.content import Memo, memo_of
from assistant.memo.files import file_name, form_of, rendered, write_memo
from assistant.memo.markdown import escaped, to_markdown
from assistant.records import Answer, Sentence
from corpus import Source
from corpus.errors import UserError

DAY = datetime.date(2026, 3, 4)
ORIGIN = Source("Ways", origin="The board", date=datetime.date(2025, 6, 1))
HOSTILE = [
    EVIL,
    "[click](javascript:alert(1)) ![x](http://evil.example/a.png)",
    "https://evil.example and www.evil.example and me@evil.example",
    "`code` *bold* _it_ ~~no~~ <!-- no --> &lt;b&gt; \\[x] a | b | c",
    "- item",
    "12. item",
    "# heading",
    "+ item",
    "=== under",
    "---",
    "> quote",
    ": term",
    "[x]: http://evil.example",
    "$x$ {{ x }} ^up^",
]


def memo(question: str) -> Memo:
    return memo_of(answer_to(question), DAY, {APPROACHES.name: ORIGIN}.get)


def words_of(content: bytes) -> str:
    document = docx.Document(io.BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


@pytest.mark.parametrize("form", ["md", "docx"])
def test_an_answer_has_question_sentences_doubts_quotes_sources_date_index_and_model(form: Any) -> None:
    content = rendered(memo("Should we lead from the top?"), form)
    text = content.decode() if form == "md" else words_of(content)
    text = text.replace("\\", "").replace("*", "")
    for sentence in SENTENCES:
        assert sentence.text in text
    assert "Should we lead from the top?" in text
    assert "It makes oversight simple, at the price of speed. [2] [3]" in text
    assert "Most teams resent it. [4] (partly supported)" in text
    assert "Every bank does it this way. (not in the guidance)" in text
    assert "“makes oversight simple”" in text
    assert (
        "(Ways to lead an AI programme, Top-down › Advantages and drawbacks of leading from the top, page 1, "
        "The board, 2025-06-01)" in text
    )
    for line in ("Date: 2026-03-04", "Model: Scripted model", "Guidance index: scripted-1"):
        assert line in text


@pytest.mark.parametrize("form", ["md", "docx"])
def test_comparisons_advice_and_refusals(form: Any) -> None:
    def text(question: str) -> str:
        content = rendered(memo(question), form)
        return (content.decode() if form == "md" else words_of(content)).replace("\\", "").replace("*", "")

    compared = text("Compare the two")
    assert "Simple, in one place. [" in compared
    assert "the guidance is silent" in compared
    advised = text("advise us")
    assert "How decisions are made: hierarchical, points to Top-down [" in advised
    assert "Experience with AI: not said, not known yet" in advised
    assert "Teams that already build tools of their own" in advised
    refused = text("weather?")
    assert "The guidance does not answer this" in refused
    assert "Top-down › Advantages and drawbacks of leading from the top" in refused


def test_the_table_of_a_comparison_is_one() -> None:
    html = MarkdownIt("commonmark").enable("table").render(to_markdown(memo("Compare the two")))
    assert html.count("<tr>") == 3
    assert html.count("<th>") == 3
    table = docx.Document(io.BytesIO(rendered(memo("Compare the two"), "docx"))).tables[0]
    assert [cell.text for cell in table.rows[0].cells] == ["", "Top-down", "Bottom-up"]
    assert "tblHeader" in table.rows[0]._tr.xml


@pytest.mark.parametrize("text", HOSTILE)
def test_text_stays_text_in_markdown(text: str) -> None:
    parser = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    tokens = parser.parse(escaped(text))
    assert [token.type for token in tokens] == ["paragraph_open", "inline", "paragraph_close"]
    children = tokens[1].children
    assert children
    assert {child.type for child in children} <= {"text", "text_special"}
    assert "".join(child.content for child in children) == text
    # GitHub makes links of bare addresses; an escaped mark within one keeps it from being one.
    assert not re.search(r"(?i)(https?|ftp|mailto):|www\.|\w@", escaped(text))


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_answers_make_no_markup_anywhere(text: str) -> None:
    citation = cite("It can be slow")
    answer = answer_to("hostile")
    changed = Answer(
        text, text, "partial", (Sentence(text, "supported", 1.0, (citation,)),), model=text, index=text, notice=text,
        passages=answer.passages,
    )  # fmt: skip
    made = memo_of(changed, DAY, lambda _: Source(text, origin=text))
    html = MarkdownIt("commonmark").enable("table").render(to_markdown(made))
    tags = set(re.findall(r"<([a-z0-9]+)", html))
    assert tags <= {"h1", "h2", "p", "strong", "em", "ul", "ol", "li", "hr", "br"}
    file = docx.Document(io.BytesIO(rendered(made, "docx")))
    xml = file.element.xml
    assert "w:hyperlink" not in xml
    assert "w:fldSimple" not in xml
    assert "w:instrText" not in xml
    assert " ".join(text.split()) in words_of(rendered(made, "docx"))


def test_characters_that_no_file_may_hold_are_left_out() -> None:
    answer = Answer(
        "What\x00 now\u202e?\ud800\uffff", "q", "answered", (Sentence("a\x0bb\x1b[31m\nc", "supported", 1.0),)
    )
    made = memo_of(answer, DAY)
    assert made.question == "What now?"
    assert made.lines[0].text == "ab[31m c"
    assert "What now?" in words_of(rendered(made, "docx"))


def test_long_quotes_are_cut_between_words_and_say_so() -> None:
    long = "word " * 200
    from dataclasses import replace

    citation = replace(cite("It can be slow"), quote=long)
    answer = Answer("Q?", "Q?", "answered", (Sentence("S.", "supported", 1.0, (citation,)),))
    (quote,) = memo_of(answer, DAY).quotes
    assert quote.cut
    assert long.startswith(quote.words)
    assert 250 < len(quote.words) <= 320
    assert "word …”" in to_markdown(memo_of(answer, DAY))
    many = tuple(replace(citation, start=n, end=n + 1) for n in range(30))
    answer = Answer("Q?", "Q?", "answered", (Sentence("S.", "supported", 1.0, many),))
    assert {len(quote.words) for quote in memo_of(answer, DAY).quotes} == {99}


@pytest.mark.parametrize("question", ["vague", "earlier"])
def test_small_talk_makes_no_memo(question: str) -> None:
    with pytest.raises(UserError, match="no answer from the guidance"):
        memo(question)


def test_names_of_files(tmp_path: Path) -> None:
    assert file_name(memo("Compare: the two / ../ “x”?"), "md") == "memo-compare-the-two-x.md"
    assert form_of(tmp_path / "A.DOCX") == "docx"
    with pytest.raises(UserError, match=r"\.md or a \.docx"):
        form_of(tmp_path / "memo.pdf")
    with pytest.raises(UserError, match="no such folder"):
        form_of(tmp_path / "none" / "memo.md")
    write_memo(tmp_path / "memo.md", memo("Compare the two"))
    write_memo(tmp_path / "memo.md", memo("advise us"))
    assert "advise us" in (tmp_path / "memo.md").read_text(encoding="utf-8")
    assert [path.name for path in tmp_path.iterdir()] == ["memo.md"]
    (tmp_path / "folder.md").mkdir()
    with pytest.raises(UserError, match="is a folder"):
        write_memo(tmp_path / "folder.md", memo("advise us"))


class Fake(FakeAssistant):
    def document(self, name: str) -> None:
        return None


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Fake:
    import assistant.builder

    made = Fake(answer_to("Should we?"))
    monkeypatch.setenv("STRATEGY_ASSISTANT_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(assistant.builder, "build", lambda *_, **__: made)
    return made


@pytest.mark.parametrize("more", [[], ["--json"]])
def test_ask_writes_a_memo(fake: Fake, tmp_path: Path, capsys: pytest.CaptureFixture[str], more: list[str]) -> None:
    for ending in ("md", "docx"):
        path = tmp_path / f"memo.{ending}"
        assert cli.main(["ask", "Should we?", "--memo", str(path), *more]) == 0
        captured = capsys.readouterr()
        assert f"The memo is in {path}" in captured.err
        assert captured.out.startswith("{" if more else "Leading from the top")
        assert path.stat().st_size > 500


def test_a_memo_that_cannot_be_is_refused_before_anything_is_asked(
    fake: Fake, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["ask", "Should we?", "--memo", str(tmp_path / "memo.pdf")]) == 2
    assert fake.asked == []
    assert capsys.readouterr().err.count("\n") == 1
