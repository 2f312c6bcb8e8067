"""Passages: within one section, of a bounded size, with exact offsets."""

from pathlib import Path

import pytest

from corpus import Document, Splitter, load, load_all, shipped_guidance, split

SHARED = Path(__file__).parents[2] / "shared"
SENTENCE = "This sentence is of a middling length and says nothing that would be of use to anyone. "


def document(tmp_path: Path, text: str) -> Document:
    path = tmp_path / "doc.md"
    path.write_text(text, "utf-8")
    return load(path)


def check(document: Document, splitter: Splitter) -> None:
    """What holds for the passages of any document."""
    passages = splitter.split(document)
    assert len({passage.id for passage in passages}) == len(passages)
    covered = [False] * len(document.text)
    for passage in passages:
        assert document.text[passage.start : passage.end] == passage.text == passage.text.strip() != ""
        assert len(passage.text) <= splitter.limit
        assert passage.page == document.page_at(passage.start)
        section = next(s for s in document.sections if s.start <= passage.start < s.end)
        assert passage.end <= section.end
        assert passage.path == section.path
        assert not any(covered[passage.start : passage.end])
        covered[passage.start : passage.end] = [True] * len(passage.text)
    headings = {name for section in document.sections for name in (*section.path, document.title)}
    left = "".join("\n" if done else c for c, done in zip(document.text, covered, strict=True))
    uncovered = {line.strip().removesuffix(":").rstrip() for line in left.split("\n") if line.strip()}
    assert uncovered <= headings


@pytest.mark.parametrize("splitter", [Splitter(), Splitter(target=200, limit=300, least=50)])
def test_shipped_guidance(splitter: Splitter) -> None:
    for shipped in load_all([shipped_guidance()]).documents:
        check(shipped, splitter)


@pytest.mark.skipif(not (SHARED / "guidance").is_dir(), reason="the public guidance is not at hand")
def test_public_guidance() -> None:
    documents = load_all([SHARED / "guidance"]).documents
    assert len(documents) > 60
    for public in documents:
        check(public, Splitter())


@pytest.mark.skipif(not (SHARED / "seed").is_dir(), reason="the strategy source is not at hand")
def test_the_flat_source_knows_what_its_labels_belong_to() -> None:
    flat = load(SHARED / "seed" / "strategic-ai-integration.txt")
    check(flat, Splitter())
    assert flat.title == "Choosing Your Path Forward"
    assert "dorjamie" not in flat.text
    paths = {passage.path[-1]: passage.path for passage in split(flat) if passage.path}
    assert paths["Fragmentation"] == ("Bottom-up strategic AI integration", "Fragmentation")
    assert paths["Faster scaling"] == ("Top-down strategic AI integration", "Faster scaling")
    hybrid = next(passage for passage in split(flat) if "hybrid models" in passage.text)
    assert hybrid.path == ("Hybrid models",)


def test_paragraphs_are_merged_and_sections_are_not(tmp_path: Path) -> None:
    made = document(tmp_path, f"# T\n\n{SENTENCE}\n\n{SENTENCE}\n\n## A\n\nTiny.\n\n## B\n\n{SENTENCE}\n")
    assert [passage.path for passage in split(made)] == [(), ("A",), ("B",)]
    assert split(made)[0].text == f"{SENTENCE.strip()}\n\n{SENTENCE.strip()}"


def test_a_long_paragraph_is_cut_at_sentence_ends(tmp_path: Path) -> None:
    made = document(tmp_path, f"# T\n\n{SENTENCE * 30}\n")
    check(made, Splitter())
    assert all(passage.text.endswith(".") and len(passage.text) > 300 for passage in split(made))


@pytest.mark.parametrize("text", ["word " * 900, "x" * 4000, "clause of words, " * 300, "字" * 3000])
def test_one_endless_sentence_is_cut_too(tmp_path: Path, text: str) -> None:
    check(document(tmp_path, f"# T\n\n{text}\n"), Splitter())


def test_items_stay_with_the_line_that_leads_in(tmp_path: Path) -> None:
    items = "".join(f"- {SENTENCE}\n" for _ in range(8))
    made = document(tmp_path, f"# T\n\n{SENTENCE * 7}\n\nEach team must:\n\n{items}")
    check(made, Splitter())
    leading = next(passage for passage in split(made) if "Each team must:" in passage.text)
    assert "Each team must:\n- This sentence" in leading.text


def test_a_heading_with_nothing_under_it_is_not_lost(tmp_path: Path) -> None:
    made = document(tmp_path, "# T\n\n## All data stays in the country\n\n## Other\n\nText.\n")
    assert [passage.text for passage in split(made)] == ["All data stays in the country", "Text."]


def test_ids_are_the_same_for_the_same_text_in_the_same_place(tmp_path: Path) -> None:
    first = split(document(tmp_path, "# T\n\n## A\n\nOne.\n\n## B\n\nTwo.\n"))
    second = split(document(tmp_path, "# T\n\n## A\n\nOne.\n\n## B\n\nAnother.\n"))
    assert first[0].id == second[0].id
    assert first[1].id != second[1].id


def test_passages_are_searched_with_title_and_headings(tmp_path: Path) -> None:
    passage = split(document(tmp_path, "# T\n\n## A\n\n### B\n\nOne.\n"))[0]
    assert passage.text == "One."
    assert passage.searched_text == "T. A. B\nOne."
