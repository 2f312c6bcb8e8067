"""Conflicts looked for through all documents: found with what holds, bounded, and told honestly where only in part."""

import time
from pathlib import Path

import pytest

import corpus
from assistant.contents import contradictions
from assistant.contents.contradictions import search
from assistant.contents.vectors import Vectors
from index import FakeEncoder

BOARD = "Purchases above {} euros need the approval of the board."
OLD = f"# Purchasing\n\n{BOARD.format('10,000')}\n\nTeams may choose AI tools themselves.\n"
NEW = f"# Spending\n\n{BOARD.format('25,000')}\n\nTeams may not choose AI tools themselves.\n"
APART = (
    "# Notes\n\nPurchases above 50,000 euros\n\nAssociation for Computing Machinery, New York, NY, USA, 214.\n\n"
    "Do teams choose AI tools themselves?\n\nThe board needs a second chair above 3 members of the staff.\n"
)
MORE = "# More\n\nAssociation for Computing Machinery, New York, NY, USA, 623.\n"
RANKS = '["old.md"]\nprecedence = 2\n["new.md"]\nprecedence = 1\n'


def looked(documents, ending=lambda: False, **options):
    passages = [passage for document in documents for passage in corpus.split(document)]
    return search(passages, Vectors(FakeEncoder().encode), {one.name: one for one in documents}, ending, **options)


@pytest.fixture
def documents(tmp_path: Path):
    for name, text in {"old.md": OLD, "new.md": NEW, "notes.md": APART, "more.md": MORE}.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "sources.toml").write_text(RANKS, encoding="utf-8")
    return corpus.load_all([tmp_path]).documents


def test_each_is_found_once_with_what_takes_precedence(documents):
    found = looked(documents)
    pairs = {(one.first.text, one.second.text): one.why for one in found.conflicts}
    assert set(pairs) == {
        (BOARD.format("10,000"), BOARD.format("25,000")),
        ("Teams may choose AI tools themselves.", "Teams may not choose AI tools themselves."),
    }
    assert set(pairs.values()) == {"it is ranked higher (2 against 1)"}
    assert (found.statements, found.left) == (found.there, 0)


def test_one_document_is_not_set_against_itself(tmp_path):
    (tmp_path / "both.md").write_text(OLD + NEW, encoding="utf-8")
    assert looked(corpus.load_all([tmp_path]).documents).conflicts == ()


@pytest.mark.parametrize(("name", "most"), [("MOST_STATEMENTS", 2), ("MOST_COMPARED", 0)])
def test_what_was_not_looked_at_is_told(documents, monkeypatch, name, most):
    monkeypatch.setattr(contradictions, name, most)
    found = looked(documents)
    assert found.conflicts == ()
    assert found.statements < found.there or found.left


def test_time_is_bounded_and_what_is_left_is_told(documents):
    found = looked(documents, seconds=-1)
    assert found.conflicts == ()
    assert found.left > 0


@pytest.mark.parametrize("steps", [0, 1, 2])
def test_it_ends_where_it_is_told_to(documents, steps):
    asked = iter([False] * steps)
    assert looked(documents, ending=lambda: next(asked, True)) is None


def test_nothing_is_no_conflict(tmp_path):
    assert search([], Vectors(FakeEncoder().encode), {}, lambda: False).conflicts == ()


def test_the_shipped_guidance_does_not_contradict_itself():
    found = looked(corpus.load_all([corpus.shipped_guidance()]).documents)
    assert found.there > 50
    assert found.conflicts == ()


def test_only_the_most_alike_are_kept_and_the_others_counted(documents, monkeypatch):
    whole = looked(documents)
    several = sum(count for _, count, _ in contradictions._alike(_statements(documents)))
    monkeypatch.setattr(contradictions, "MOST_COMPARED", 1)
    ((_, count, kept),) = contradictions._alike(_statements(documents))
    assert (count, len(kept)) == (several, 1)
    assert several > 1
    assert looked(documents).left == several - 1 + whole.left


def test_time_spent_giving_way_does_not_count(documents):
    def gives_way():
        time.sleep(0.6)
        return False

    found = looked(documents, gives_way, seconds=0.5)
    assert len(found.conflicts) == 2
    assert found.left == 0


def _statements(documents):
    return contradictions._statements([passage for document in documents for passage in corpus.split(document)])
