"""Two documents that disagree are both shown, with which takes precedence and why."""

from pathlib import Path

import pytest

import corpus
from assistant.contents.conflicting import at_odds, disagree
from assistant.contents.statements import Statement, split_statements
from assistant.pipeline import Assistant
from corpus import Passage
from index import FakeEncoder, FakeSparseEncoder, memory_index

OLD = "# Purchasing\n\n## Approval\n\nPurchases above 10,000 euros need the approval of the board.\n"
NEW = "# Spending rules\n\n## Approval\n\nPurchases above 25,000 euros need the approval of the board.\n"


def answer(folder: Path, sources: str):
    (folder / "old.md").write_text(OLD, encoding="utf-8")
    (folder / "new.md").write_text(NEW, encoding="utf-8")
    (folder / "sources.toml").write_text(sources, encoding="utf-8")
    documents = corpus.load_all([folder]).documents
    passages = [passage for document in documents for passage in corpus.split(document)]
    index = memory_index(passages, FakeEncoder(), FakeSparseEncoder(), documents=documents)
    return Assistant(index, answerable_threshold=0.0).ask("Which purchases need the approval of the board?")


@pytest.mark.parametrize(
    ("sources", "first", "why"),
    [
        ('["old.md"]\nprecedence = 2\n["new.md"]\nprecedence = 1\n', "10,000", "it is ranked higher (2 against 1)"),
        ('["old.md"]\ndate = 2023-01-01\n["new.md"]\ndate = 2025-03-01\n', "25,000", "it is newer"),
        ("", "", "nothing says which takes precedence"),
    ],
)
def test_both_are_shown_with_which_holds_and_why(tmp_path, sources, first, why):
    found = answer(tmp_path, sources)
    assert found.status == "answered"
    assert first in found.sentences[0].text
    assert "10,000" in found.text
    assert "25,000" in found.text
    assert why in found.sentences[-1].text
    assert len(found.sentences[-1].citations) == 2


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        ("Teams may choose AI tools themselves.", "Teams may not choose AI tools themselves.", True),
        ("AI training is mandatory for all employees.", "AI training is optional for employees.", True),
        ("The pilot lasts six weeks.", "The pilot lasts three months.", True),
        ("Principle 1: You know what AI is", "Principle 2: You know what AI does", False),
        ("Policy PS-09 covers AI tools.", "Policy PS-03 covers AI tools.", False),
        ("Teams choose AI tools.", "Teams choose AI tools for their work.", False),
        ("Who approves AI projects?", "Who does not approve AI projects?", False),
        ("Corporate cards are forbidden for purchases.", "Corporate cards for purchases are allowed.", True),
        ("Business class on flights is not allowed.", "Business class on flights is prohibited.", False),
        ("Copying the voice of a singer is never right.", "Copying the voice of a singer is right.", True),
        ("Training counts as working time.", "Training does not count as working time.", True),
        ("Business class on flights is not forbidden.", "Business class on flights is prohibited.", True),
    ],
)
def test_what_cannot_both_hold(left, right, expected):
    assert disagree(left, right) is expected


RECEIPTS = "Receipts must be handed in within thirty days."
RULES = {
    "group.md": f"# Group\n\nHotels may cost up to 180 euros a night. {RECEIPTS}\n",
    "branch.md": f"# Branch\n\nHotels may cost up to 140 euros a night. {RECEIPTS}\n",
    "sources.toml": '["branch.md"]\nprecedence = 2\n["group.md"]\nprecedence = 1\n',
}


@pytest.fixture
def travelling(tmp_path: Path) -> Assistant:
    for name, text in RULES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    documents = corpus.load_all([tmp_path]).documents
    passages = [passage for document in documents for passage in corpus.split(document)]
    index = memory_index(passages, FakeEncoder(), FakeSparseEncoder(), documents=documents)
    return Assistant(index, answerable_threshold=0.0)


def test_a_disagreement_about_something_else_does_not_replace_the_answer(travelling):
    found = travelling.ask("When must receipts be handed in?")
    assert found.sentences[0].text == RECEIPTS


def test_each_part_is_told_with_what_disagrees(travelling):
    found = travelling.ask("How much may hotels cost a night and when must receipts be handed in?")
    texts = [sentence.text for sentence in found.sentences]
    assert texts[:2] == ["Hotels may cost up to 140 euros a night.", "Hotels may cost up to 180 euros a night."]
    assert "“Branch” takes precedence over “Group”" in texts[2]
    assert texts[3:] == [RECEIPTS]


def test_a_list_is_told_with_what_disagrees_once(travelling):
    texts = [sentence.text for sentence in travelling.ask("List all the rules on hotels and receipts.").sentences]
    assert sum("disagree" in text for text in texts) == 1
    assert len(set(texts)) == len(texts)
    assert any("180" in text for text in texts)


def test_the_shipped_guidance_does_not_contradict_itself():
    documents = corpus.load_all([corpus.shipped_guidance()]).documents
    passages = [passage for document in documents for passage in corpus.split(document)]
    texts = [(passage.document, one.text) for passage in passages for one in split_statements(passage)]
    assert not [(a, b) for a in texts for b in texts if a[0] < b[0] and disagree(a[1], b[1])]


@pytest.mark.parametrize(
    ("other", "told"), [("Quarrylight", False), ("Lampwick", True)], ids=["another thing", "the same thing"]
)
def test_what_names_nothing_itself_is_of_what_is_spoken_of_before_it(tmp_path: Path, other: str, told: bool) -> None:
    first = "# Report\n\n## Summary\n\nWe tried a tool called Lampwick. The trial cost 3,000 crowns.\n"
    second = f"# Minutes\n\n## Item\n\nThe chair spoke of the tool {other}. The trial cost 500 crowns.\n"
    (tmp_path / "report.md").write_text(first, encoding="utf-8")
    (tmp_path / "minutes.md").write_text(second, encoding="utf-8")
    documents = corpus.load_all([tmp_path]).documents
    passages = [passage for document in documents for passage in corpus.split(document)]
    index = memory_index(passages, FakeEncoder(), FakeSparseEncoder(), documents=documents)
    answer = Assistant(index, answerable_threshold=0.0).ask("What did the trial cost?")
    assert ("disagree" in answer.text) is told


def _said(text: str, document: str) -> list[Statement]:
    return split_statements(Passage(document, document, document, ("Rules",), text, 0, len(text)))


@pytest.mark.parametrize(
    ("item", "rule", "odds"),
    [
        ("copying the voice of a singer, living or dead;", "No voice of a singer, living or dead, is copied.", False),
        ("children never stay overnight in the ward", "Children stay overnight in the ward.", True),
    ],
    ids=["by the introduction", "by itself"],
)
def test_an_item_of_a_list_disagrees_only_by_what_it_says_itself(item: str, rule: str, odds: bool) -> None:
    *_, one = _said(f"The following is forbidden here:\n- {item}\n", "a.md")
    (other,) = _said(rule, "b.md")
    assert at_odds(one, other) is odds


def test_what_says_whose_it_is_disagrees_whatever_is_spoken_of_before() -> None:
    *_, one = _said("The Tarn house rules follow. Passwords must have 12 characters.", "a.md")
    *_, other = _said("Use the Eskdale line at home. Passwords must have 8 characters.", "b.md")
    assert at_odds(one, other)
