"""Which documents a question names, what it is put as to them, and that their passages are preferred."""

from dataclasses import replace

import pytest

from assistant.contents.finder import StatementFinder
from assistant.contents.statements import split_statements
from assistant.contents.vectors import Vectors
from assistant.evidence.retrieving import Retriever
from assistant.questions.documents_named import DocumentsNamed
from corpus import Passage
from index import FakeEncoder, FakeSparseEncoder, memory_index

TEXTS = {
    "acme/travel_policy.md": ("Travel policy", "Trains are booked two weeks ahead."),
    "acme/ABC-12.md": ("Rules for lamps", "Lamps are put out at dusk. A lamp has a shade."),
    "other/lamps.md": ("Light at home", "Lamps are put out at nine. Trains are booked by the clerk."),
    "other/river_lab.md": ("River Lab handbook", "Boats are moored at noon."),
    "other/fruit.md": ("Fruit", "Apples are red."),
    "other/choice.md": ("Long Bench or Round Table", "We chose a bench."),
    "other/asked.md": ("What people ask the Harbour Office", "Ropes are coiled."),
}


@pytest.fixture(scope="module")
def passages():
    return [
        Passage(f"p{place}", name, title, ("2 The Round Table",) if "Table" in title else (), text, 0, len(text))
        for place, (name, (title, text)) in enumerate(TEXTS.items())
    ]


@pytest.fixture(scope="module")
def documents(passages):
    return DocumentsNamed(passages)


@pytest.mark.parametrize(
    ("question", "named", "plain"),
    [
        (
            "According to ABC, when are lamps put out?",
            {"acme/ABC-12.md": 1},
            "According to the guidance, when are lamps put out?",
        ),
        (
            "What does our travel policy say about booking trains?",
            {"acme/travel_policy.md": 1},
            "What does the guidance say about booking trains?",
        ),
        (
            "When are boats moored, in the River Lab's view?",
            {"other/river_lab.md": 1},
            "When are boats moored, in the guidance's view?",
        ),
        ("Who may sit at the Round Table at noon?", {}, "Who may sit at the Round Table at noon?"),
        ("Which ropes does the Harbour Office coil?", {}, "Which ropes does the Harbour Office coil?"),
        (
            "Does the River Lab handbook say when boats are moored?",
            {"other/river_lab.md": 1},
            "Does the guidance say when boats are moored?",
        ),
        (
            "Which boats does the River Lab team moor at noon?",
            {"other/river_lab.md": 1},
            "Which boats does the River Lab team moor at noon?",
        ),
        ("What is the River Lab handbook?", {"other/river_lab.md": 1}, "What is the River Lab handbook?"),
        ("When are lamps put out?", {}, "When are lamps put out?"),
        ("Does our policy say when lamps are put out?", {}, "Does our policy say when lamps are put out?"),
        ("Does XYZ say when lamps are put out?", {}, "Does XYZ say when lamps are put out?"),
    ],
)
def test_documents_are_known_by_their_names(documents, question, named, plain):
    assert documents.named_in(question) == named
    assert documents.unnamed(question) == plain


@pytest.mark.parametrize(
    ("question", "named"),
    [
        ("What is forbidden in the current policy?", ["acme/travel_policy.md"]),
        ("Does the new policy allow first class?", ["acme/travel_policy.md"]),
        ("According to the handbook, where are boats moored?", ["other/river_lab.md"]),
        ("What do the minutes say of boats?", []),
        ("What is the policy on boats?", []),
        ("Does the policy allow first class?", []),
        ("Do we need a new policy for boats?", []),
    ],
)
def test_the_one_document_of_its_kind_is_named_by_that(documents, question, named):
    assert list(documents.named_in(question)) == named


def test_what_is_asked_of_the_one_of_its_kind_is_asked_of_the_guidance(documents):
    assert (
        documents.unnamed("Which lamps are forbidden in the new policy?")
        == "Which lamps are forbidden in the guidance?"
    )


def test_where_two_are_of_a_kind_it_names_neither(passages):
    one, two, *others = passages
    alike = DocumentsNamed([one, replace(two, title="Lamp policy"), *others])
    assert not alike.named_in("What is forbidden in the current policy?")


def test_of_one_document_there_is_nothing_to_name(passages):
    assert not DocumentsNamed(passages[:1]).named_in("What is forbidden in the current policy?")


def test_a_name_that_most_documents_have_names_none():
    passages = [Passage(f"p{n}", f"abc/{n}.md", "Lamps", (), "A lamp.", 0, 7) for n in range(3)]
    assert DocumentsNamed(passages).named_in("What does ABC say of lamps at dusk?") == {}


def test_passages_of_a_named_document_come_first(passages, documents):
    index = memory_index(passages, FakeEncoder(), FakeSparseEncoder())
    question = "When are lamps put out at nine, according to ABC?"
    plain = Retriever(index, 3, lambda _: ()).search(question, question, 2)
    named = Retriever(index, 3, lambda _: (), documents).search(question, question, 2)
    assert plain[0].passage.document == "other/lamps.md"
    assert [hit.passage.document for hit in named] == ["acme/ABC-12.md", "other/lamps.md"]


@pytest.mark.parametrize(
    ("near", "off"),
    [
        ({"a.md": 0.4, "b.md": 0.05, "c.md": 0.12}, {"b.md"}),
        ({"a.md": 0.18, "b.md": 0.095}, set()),
        ({"a.md": 0.14, "b.md": -0.1}, set()),
        ({}, set()),
    ],
)
def test_a_document_far_off_is_one_about_another_subject_where_another_is_near(monkeypatch, passages, near, off):
    index = memory_index(passages, FakeEncoder(), FakeSparseEncoder())
    asked = []
    monkeypatch.setattr(
        index, "subject_similarities", lambda questions, names: asked.append((questions, names)) or near
    )
    assert Retriever(index, 3, lambda _: ()).off_subject(["lamps"], ["a.md", "b.md", "a.md"]) == off
    assert asked == [(["lamps"], {"a.md", "b.md"})]


def test_statements_of_a_named_document_are_preferred(passages, documents):
    statements = [one for passage in passages for one in split_statements(passage)]
    question = "Are lamps put out at nine, according to ABC?"
    vectors = Vectors(FakeEncoder().encode)
    plain, named = StatementFinder(vectors), StatementFinder(vectors, documents=documents)
    assert plain.by_meaning(question, plain.score(question, statements))[0].text == "Lamps are put out at nine."
    assert named.by_meaning(question, named.score(question, statements))[0].text == "Lamps are put out at dusk."
