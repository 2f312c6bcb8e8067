"""Searching a collection in memory, with encoders that need no weights."""

import numpy as np
import pytest

from corpus.records import Passage
from index import FakeEncoder, FakeSparseEncoder, Hit, memory_index
from index.finding import LONGEST_QUESTION, spread
from index.fusion import standardise
from index.store import MemoryStore, open_chroma, write_chroma
from index.surroundings import largest, stretches_of, texts_of
from index.windows import WINDOW, stretches, windows


def passage(number: int, text: str, document: str = "a.md", path: tuple[str, ...] = ()) -> Passage:
    return Passage(f"p{number}", document, "Guide", path, text, 0, len(text))


def passages(*texts: str) -> list[Passage]:
    return [passage(number, text) for number, text in enumerate(texts)]


WORDS = "budgets teams leaders risk data models training vendors privacy law ethics audits cloud security people"
MANY = passages(*(f"Matter {number} concerns {word}." for number, word in enumerate(WORDS.split())))


def indexed(found: list[Passage]):
    return memory_index(found, FakeEncoder(256), FakeSparseEncoder())


def test_the_passage_that_shares_the_words_comes_first() -> None:
    hits = indexed(MANY).search("what about privacy and vendors?", 3)
    assert {hit.passage.id for hit in hits[:2]} == {"p7", "p8"}
    assert len(hits) == 3
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


def test_a_hit_says_what_each_side_found() -> None:
    index = indexed(MANY)
    hit = index.search("vendors", 1)[0]
    assert hit == Hit(MANY[7], pytest.approx(hit.score), pytest.approx(hit.dense), 1.0, pytest.approx(hit.keyword))
    question, text = index.encode(["vendors", MANY[7].searched_text])
    assert hit.dense == pytest.approx(float(question @ text), abs=1e-5)
    assert hit.keyword > 0


def test_several_questions_are_answered_as_each_alone() -> None:
    index = indexed(MANY)
    questions = ["privacy", "law and ethics", "x " * 900]
    together = index.search_all(questions, 4)
    for question, hits in zip(questions, together, strict=True):
        assert [hit.passage for hit in hits] == [hit.passage for hit in index.search(question, 4)]


def test_a_document_is_as_near_to_questions_as_the_middle_of_its_passages() -> None:
    texts = {
        "a.md": ("The budget is kept.", "The budget is spent.", "budget " * 900),
        "b.md": ("Rain falls.", "Snow falls."),
    }
    order = ("a.md", "b.md", "a.md", "b.md", "a.md")
    parts = {name: iter(own) for name, own in texts.items()}
    found = [passage(number, next(parts[name]), name) for number, name in enumerate(order)]
    index = indexed(found)
    near = index.subject_similarities(["budget", "snow"], ["a.md", "b.md", "nowhere.md"])
    asked = index.encode(["budget", "snow"])
    for name in texts:
        own = index.encode([text for one in found if one.document == name for text in windows(one)])
        middle = own.mean(axis=0)
        assert near[name] == pytest.approx(float((asked @ middle).max() / np.linalg.norm(middle)), abs=1e-5)
    assert set(near) == set(texts)
    assert index.subject_similarities(["snow"], texts)["a.md"] < near["a.md"]
    assert index.subject_similarities([], texts) == {}


def test_of_a_long_document_some_of_its_vectors_are_looked_at() -> None:
    found = passages(*("The budget is kept." if number % 2 else "Rain falls." for number in range(1000)))
    index, read = indexed(found), []
    store = index._contents.store
    vectors = store.vectors
    store.vectors = lambda rows=None: read.append(rows) or vectors(rows)
    near = index.subject_similarities(["budget"], ["a.md"])
    assert len(read[0]) <= 400
    assert read[0][-1] > 990, "of all of it"
    assert near == index.subject_similarities(["budget"], ["a.md"])
    assert len(read) == 1, "made out once"


def test_headings_are_searched() -> None:
    found = [passage(0, "It costs time.", path=("Drawbacks",)), passage(1, "It costs time, too.", path=("Advantages",))]
    assert indexed(found).search("drawbacks", 1)[0].passage.id == "p0"


def test_the_same_words_are_returned_once() -> None:
    same = [
        passage(number, text, f"{number}.md") for number, text in enumerate(["Teams learn.", "teams  LEARN", "Other."])
    ]
    hits = indexed([*same, *MANY]).search("teams learn", 20)
    assert len([hit for hit in hits if "earn" in hit.passage.text.lower()]) == 1
    assert len(hits) == 2 + len(MANY)


@pytest.mark.parametrize("count", [1, 2, 3, 20])
def test_small_collections_rank_sensibly(count: int) -> None:
    found = passages(*(f"Sentence number {number} of the whole." for number in range(count - 1)), "Privacy matters.")
    hits = indexed(found).search("does privacy matter?", 10)
    assert hits[0].passage.text == "Privacy matters."
    assert all(np.isfinite(hit.score) for hit in hits)


def test_what_a_side_does_not_tell_apart_counts_nothing() -> None:
    assert standardise(np.array([2.0, 2.0]), 2.0, 0.0, 2).tolist() == [0, 0]
    assert standardise(np.array([1.0, 3.0]), 2.0, 1.0, 2).tolist() == [-1, 1]
    assert standardise(np.array([5.0]), 5.0, 1.0, 1).tolist() == [0]


@pytest.mark.parametrize("question", ["", " ", "?!", "\0", "日本語の質問", "🙂" * 50, "a" * 100_000, "teams " * 20_000])
def test_any_text_may_be_asked(question: str) -> None:
    hits = indexed(MANY).search(question, 5)
    assert len(hits) == 5
    assert all(np.isfinite(hit.score) for hit in hits)


def test_a_long_question_is_read_to_its_bound() -> None:
    index = indexed(MANY)
    filler = "nothing of note here " * 60
    assert index.search(filler + "privacy", 1)[0].passage.id == "p8"
    beyond = "x" * LONGEST_QUESTION
    assert index.search(beyond + " privacy", 1)[0].keyword == 0


def test_nothing_to_find() -> None:
    assert indexed([]).search("anything") == []
    assert indexed(MANY).search("anything", 0) == []
    assert indexed(MANY).search_all([]) == []


def test_the_end_of_a_long_passage_is_found() -> None:
    filler = "Nothing of note is said here. " * 60
    found = [passage(0, filler + "Privacy."), passage(1, filler + "Budgets.")]
    index = indexed(found)
    assert index.search("privacy", 1)[0].passage.id == "p0"
    assert len(windows(found[0])) > 1


def test_stretches_hold_every_word_and_are_bounded() -> None:
    text = " ".join(f"word{number}" for number in range(1000))
    pieces = stretches(text, WINDOW)
    assert " ".join(pieces).split() == text.split()
    assert max(len(piece) for piece in pieces) <= WINDOW
    unbroken = stretches("x" * 5000, WINDOW)
    assert "".join(unbroken) == "x" * 5000
    assert max(len(piece) for piece in unbroken) <= WINDOW
    assert stretches("", WINDOW) == [""]


def test_the_spread_of_similarities_needs_no_look_at_the_vectors() -> None:
    vectors = FakeEncoder(16).encode([one.text for one in MANY])
    mean, moments = spread(vectors)
    question = FakeEncoder(16).encode(["teams and privacy"])[0]
    similarity = vectors @ question
    assert float(mean @ question) == pytest.approx(similarity.mean(), abs=1e-6)
    assert float(question @ moments @ question) - float(mean @ question) ** 2 == pytest.approx(
        similarity.var(), abs=1e-6
    )


def test_chroma_finds_what_memory_finds(tmp_path) -> None:
    generator = np.random.default_rng(0)
    vectors = generator.normal(size=(300, 32)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    write_chroma(tmp_path / "chroma", [vectors[:200], vectors[200:]])
    stored, exact = open_chroma(tmp_path / "chroma"), MemoryStore(vectors)
    np.testing.assert_array_equal(stored.vectors(), vectors)
    np.testing.assert_array_equal(stored.vectors([7, 3, 299]), vectors[[7, 3, 299]])
    for row in (0, 150, 299):
        assert stored.nearest(vectors[row], 10).tolist() == exact.nearest(vectors[row], 10).tolist()
    stored.close()


def test_what_stands_beside_a_passage_counts_for_it() -> None:
    same = "Approval takes three weeks and two signatures"
    found = [
        passage(0, "Journeys by train are booked at the counter.", "travel.md"),
        passage(1, f"{same} at the counter.", "travel.md"),
        passage(2, "Machines are bought by the committee for procurement.", "machines.md"),
        passage(3, f"{same} of the board.", "machines.md"),
    ]
    hits = indexed(found).search("approval and signatures for machines by the procurement committee", 4)
    ids = [hit.passage.id for hit in hits]
    assert ids.index("p3") < ids.index("p1")


def test_passages_with_the_same_words_are_known_together() -> None:
    twin = passage(99, MANY[0].text.upper(), "other.md")
    index = indexed([*MANY, twin])
    assert index.alike(twin) == (MANY[0], twin)
    assert index.alike(MANY[1]) == (MANY[1],)


def test_surroundings_stay_within_a_document_and_their_length() -> None:
    long = "word " * 300
    found = [passage(0, long), passage(1, long), passage(2, "The end."), passage(3, "Another.", "b.md")]
    assert stretches_of(found).tolist() == [0, 1, 1, 2]
    assert [text.count("The end.") for text in texts_of(found)] == [0, 1, 0]


def test_surroundings_have_the_largest_weight_of_each_term() -> None:
    found = [passage(0, "One."), passage(1, "Two."), passage(2, "Three.", "b.md")]
    rows = [
        (np.array([3, 5]), np.array([0.5, 2.0])),
        (np.array([1, 3]), np.array([1.0, 0.7])),
        (np.array([5]), np.array([9.0])),
    ]
    first, second = largest(rows, found, np.arange(3))
    assert dict(zip(*(side.tolist() for side in first), strict=True)) == {1: 1.0, 3: 0.7, 5: 2.0}
    assert second[1].tolist() == [9.0]
