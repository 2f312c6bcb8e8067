"""The guidance that ships says everything that the strategy source says, in its own words, under telling headings."""

import json
import re
from pathlib import Path

import pytest

from corpus import Document, load_all, sentences, shipped_guidance, split

STATEMENTS = [
    json.loads(line) for line in (Path(__file__).parent / "data" / "statements.jsonl").read_text("utf-8").splitlines()
]
SOURCE = Path(__file__).parents[2] / "shared" / "seed" / "strategic-ai-integration.txt"
needs_source = pytest.mark.skipif(not SOURCE.exists(), reason="the strategy source is not at hand")


@pytest.fixture(scope="module")
def guidance() -> dict[str, Document]:
    loaded = load_all([shipped_guidance()])
    assert loaded.refused == ()
    return {document.name: document for document in loaded.documents}


def words(text: str) -> list[str]:
    return re.findall(r"[a-z]+(?:['’-][a-z]+)*", text.lower())


def sentence_texts(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text)]


@pytest.mark.parametrize("statement", STATEMENTS, ids=lambda statement: statement["id"])
def test_each_statement_stands_under_its_heading(statement: dict[str, str], guidance: dict[str, Document]) -> None:
    document = guidance[statement["document"]]
    start = document.text.find(statement["guidance"])
    assert start >= 0, "the words are not in the guidance"
    section = next(section for section in document.sections if section.start <= start < section.end)
    assert section.path[-1] == statement["heading"]


def test_the_checklist_is_long_and_has_no_doubles() -> None:
    assert len(STATEMENTS) >= 45
    for key in ("id", "source", "guidance"):
        assert len({statement[key] for statement in STATEMENTS}) == len(STATEMENTS)


@needs_source
def test_every_statement_is_the_sources_own() -> None:
    source = SOURCE.read_text("utf-8")
    assert [statement["source"] for statement in STATEMENTS if statement["source"] not in source] == []


@needs_source
def test_the_checklist_leaves_no_sentence_of_the_source_out() -> None:
    text = SOURCE.read_text("utf-8").partition("\n")[2]
    covered = [False] * len(text)
    for statement in STATEMENTS:
        start = text.find(statement["source"])
        covered[start : start + len(statement["source"])] = [True] * len(statement["source"])
    left = "".join(" " if taken else character for character, taken in zip(text, covered, strict=True))
    # What remains are the labels, which became headings, and words that only join two statements.
    remaining = [piece for piece in re.split(r"[\s:,—]{2,}|\n", left) if len(words(piece)) > 4]
    assert remaining == []


@needs_source
def test_no_sentence_is_a_copy(guidance: dict[str, Document]) -> None:
    source = [words(sentence) for sentence in sentence_texts(SOURCE.read_text("utf-8"))]
    runs = {tuple(sentence[i : i + 8]) for sentence in source for i in range(len(sentence) - 7)}
    whole = {tuple(sentence) for sentence in source if len(sentence) >= 3}
    for document in guidance.values():
        for sentence in map(words, sentence_texts(document.text)):
            assert tuple(sentence) not in whole
            copied = [sentence[i : i + 8] for i in range(len(sentence) - 7) if tuple(sentence[i : i + 8]) in runs]
            assert copied == []


def test_every_sentence_stands_alone(guidance: dict[str, Document]) -> None:
    dangling = re.compile(r"^(?:This|That|These|Those|They|It|Their|Its|He|She|Such|However|But|And|Or)\b")
    for document in guidance.values():
        for passage in split(document):
            for sentence in sentence_texts(passage.text):
                assert not dangling.match(sentence), sentence
                assert sentence.endswith((".", "?")), sentence


def test_a_drawback_is_known_as_one(guidance: dict[str, Document]) -> None:
    passages = [passage for document in guidance.values() for passage in split(document)]
    fragmentation = [passage for passage in passages if passage.path[-1:] == ("Fragmentation",)]
    assert [passage.path for passage in fragmentation] == [("Drawbacks of the bottom-up approach", "Fragmentation")]
    assert fragmentation[0].title == "The bottom-up approach to AI"


def test_every_document_is_described(guidance: dict[str, Document]) -> None:
    for document in guidance.values():
        assert document.source.origin
        assert document.source.language == "en"
        assert document.text.startswith(document.title + "\n")
