"""Advice: the file of factors, reading descriptions, the lean, its words."""

import itertools
import json
import os
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from assistant.advising import Adviser, Rules, load_rules, scope
from assistant.advising.asking import wants_advice, wants_choice
from assistant.advising.heard import Hearing
from assistant.advising.reading import known
from corpus import Document, UserError, load_all, shipped_guidance, split

MATURITY, REGULATION, PACE = "Organizational maturity", "Industry dynamics: regulation", "Industry dynamics: pace"
CULTURE, RESOURCES = "Culture", "Resources"
DESCRIPTIONS = [
    json.loads(line) for line in (Path(__file__).parent / "data" / "descriptions.jsonl").read_text("utf-8").splitlines()
]
TOP_DOWN, BOTTOM_UP, HYBRID = "the top-down approach", "the bottom-up approach", "the hybrid approach"

OWN = """
[[options]]
name = "buying"
[[options]]
name = "building"
drawbacks = [{ document = "own.md", quote = "Building takes years." }]
[[factors]]
name = "Skill"
subject = "your staff"
question = "Is your staff skilled?"
[[factors.values]]
name = "skilled"
points_to = "building"
document = "own.md"
quote = "Skilled staff may build."
cues = ["skilled"]
examples = ["our people know their craft"]
denied_means = "unskilled"
[[factors.values]]
name = "unskilled"
points_to = "buying"
document = "own.md"
quote = "Others should buy."
cues = ["unskilled"]
[[factors]]
name = "Time"
subject = "your schedule"
question = "Is there time?"
[[factors.values]]
name = "short"
points_to = "buying"
document = "own.md"
quote = "Those in a hurry buy."
cues = ["hurry"]
[[factors.values]]
name = "long"
cues = ["plenty of time"]
"""


def fake_vectors(texts: Sequence[str]) -> NDArray[np.float32]:
    """No two different texts are alike."""
    order = {text: row for row, text in enumerate(dict.fromkeys(texts))}
    return np.eye(len(order), dtype=np.float32)[[order[text] for text in texts]]


def adviser_of(
    documents: Sequence[Document],
    vectors: Callable[[Sequence[str]], NDArray[np.float32]],
    hearing: Hearing | None = None,
) -> Adviser:
    rules = load_rules(documents)
    assert rules is not None
    passages = [passage for document in documents for passage in split(document)]
    return Adviser(rules, vectors, {document.name: document for document in documents}, passages, hearing)


class Ears:
    """Hears by the words of ``axes``: texts stand on the first axis a word of which they hold, ``near`` of it.

    It is as sure of a claim as ``sure`` has it for words in it.
    """

    axes = (("gifted", "craft"), ("clumsy", "thumbs"), ("lawn", "weather"), ("baron", "boss"), ("crew", "gang"))

    def __init__(self, sure: dict[str, float], near: float = 1.0) -> None:
        self.sure = sure
        self.near = near
        self.asked: list[str] = []
        self.learnt: list[str] = []

    def embedded(self, pieces: Sequence[str]) -> NDArray[np.float32]:
        rows = np.zeros((len(pieces), len(self.axes) + 2), np.float32)
        for row, text in zip(rows, pieces, strict=True):
            axis = next((n for n, meant in enumerate(self.axes) if any(word in text for word in meant)), -1)
            row[axis - (axis < 0)] = self.near if axis >= 0 else 1.0
            row[-1] = (1 - self.near**2) ** 0.5 if axis >= 0 else 0.0
        return rows

    def examples(self, texts: Sequence[str]) -> NDArray[np.float32] | None:
        return type(self)({}).embedded(texts)

    def learn(self, texts: Sequence[str], ending: Callable[[], bool]) -> None:
        self.learnt += [] if ending() else texts

    def agrees(self, description: str, claim: str) -> float:
        self.asked.append(claim)
        return next((yes for word, yes in self.sure.items() if f" {word}" in claim), 0.05)


@pytest.fixture(scope="module")
def guidance() -> tuple[Document, ...]:
    return load_all([shipped_guidance()]).documents


@pytest.fixture(scope="module")
def adviser(guidance: tuple[Document, ...]) -> Adviser:
    return adviser_of(guidance, fake_vectors)


def own_documents(folder: Path, rules: str = OWN) -> tuple[Document, ...]:
    text = "# Own\n\nSkilled staff may build. Others should buy. Those in a hurry buy.\n\nBuilding takes\nyears.\n"
    (folder / "own.md").write_text(text, "utf-8")
    (folder / "factors.toml").write_text(rules, "utf-8")
    return (load_all([folder / "own.md"])).documents


# The file


def test_the_shipped_rules_quote_the_shipped_guidance(guidance: tuple[Document, ...]) -> None:
    rules = load_rules(guidance)
    assert isinstance(rules, Rules)
    texts = {document.name: document.text for document in guidance}
    for quote in rules.quotes():
        assert texts[quote.document][quote.start : quote.end] == quote.text
    assert [factor.name for factor in rules.factors] == [MATURITY, REGULATION, PACE, CULTURE, RESOURCES]


def test_documents_without_a_file_have_no_rules(tmp_path: Path) -> None:
    (tmp_path / "own.md").write_text("# Own\n\nSome text.\n", "utf-8")
    assert load_rules(load_all([tmp_path]).documents) is None


def test_one_file_of_a_folder_by_itself_has_no_rules(guidance: tuple[Document, ...]) -> None:
    assert load_rules([document for document in guidance if document.name == "choosing-an-approach.md"]) is None


def test_an_owners_file_replaces_the_shipped_one(tmp_path: Path, guidance: tuple[Document, ...]) -> None:
    rules = load_rules((*guidance, *own_documents(tmp_path)))
    assert rules is not None
    assert [option.name for option in rules.options] == ["buying", "building"]


def test_two_files_of_an_owner_are_refused(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    documents = own_documents(tmp_path / "one") + own_documents(tmp_path / "two")
    with pytest.raises(UserError, match="keep one file"):
        load_rules(documents)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('quote = "Others should buy."', 'quote = "Others must buy."', r'factor "Skill", value "unskilled".*no longer'),
        ('subject = "your staff"', 'subjct = "your staff"', r'factor "Skill".*unknown key "subjct"'),
        ('question = "Is there time?"', "", r'factor "Time".*"question" is missing'),
        ('points_to = "building"', 'points_to = "renting"', r'"renting", which is none of the options'),
        ('denied_means = "unskilled"', 'denied_means = "lazy"', r'"lazy", which is none of its values'),
        ('cues = ["hurry"]', 'cues = "hurry"', r'"cues" must be a list of texts'),
        ('cues = ["hurry"]', 'implied_by = ["hurry"]', r'"implied_by" needs "because"'),
        ('name = "Time"', 'name = "Skill"', r'"Skill" stands there twice'),
        ('document = "own.md"', 'document = "lost.md"', r'no document "lost.md"'),
        ('name = "long"', 'name = "long"\npoints_to = "buying"', 'both "points_to" and "quote"'),
        ("[[options]]", "[[options", "cannot be read as TOML"),
    ],
)
def test_a_mistake_in_the_file_is_named(tmp_path: Path, old: str, new: str, message: str) -> None:
    assert old in OWN
    with pytest.raises(UserError, match=message) as error:
        load_rules(own_documents(tmp_path, OWN.replace(old, new)))
    assert "factors.toml" in str(error.value)
    assert "\n" not in str(error.value)


def test_a_quote_may_break_lines_otherwise(tmp_path: Path) -> None:
    adviser = adviser_of(own_documents(tmp_path), fake_vectors)
    advice = adviser.advise("skilled people")
    assert advice is not None
    assert advice.leans_to == "building"
    assert "Building takes" in adviser.sentences(advice)[-1].text


def test_documents_that_changed_after_loading_are_refused(guidance: tuple[Document, ...]) -> None:
    rules = load_rules(guidance)
    assert rules is not None
    with pytest.raises(UserError, match="another version"):
        Adviser(rules, fake_vectors, {}, [])


# Reading


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "hierarchical insurer, first year with AI, big budget",
            {MATURITY: "new to AI", REGULATION: "highly regulated", CULTURE: "hierarchical", RESOURCES: "substantial"},
        ),
        ("not regulated", {REGULATION: "not highly regulated"}),
        ("no budget", {RESOURCES: "tight"}),
        ("hardly any experience with machine learning", {MATURITY: "new to AI"}),
        ("we aren’t hierarchical", {CULTURE: "collaborative"}),
        ("We are not without a big budget", {RESOURCES: "substantial"}),
        ("not only hierarchical", {CULTURE: "hierarchical"}),
        ("we are more collaborative than hierarchical", {CULTURE: "collaborative"}),
        ("I am not sure which approach a hierarchical firm should take", {CULTURE: "hierarchical"}),
        ("our BUDGET is rather SMALL", {RESOURCES: "tight"}),
        ("A small firm with money to spend", {}),
        ("we are a small hospital", {REGULATION: "highly regulated"}),
        ("we are a bank, but lightly regulated", {REGULATION: "not highly regulated"}),
        ("we sell tools to banks", {}),
        ("our competitors are hierarchical", {}),
        ("unlike our collaborative rivals we wait", {}),
        ("we want to be more collaborative", {}),
        ("we used to be hierarchical", {}),
        ("not sure if we are regulated", {}),
        ("maybe hierarchical", {}),
        ("somewhat hierarchical", {}),
        ("we are not new to AI", {}),
        ("what do hierarchical organizations do?", {}),
        ("is the top-down approach slow?", {}),
        ("hierarchical and collaborative", {}),
        ("a small budget. Actually, a big budget", {RESOURCES: "substantial"}),
        ("We have a small budget. What if we had a big budget?", {RESOURCES: "substantial"}),
        ("If we had a big budget we would hire. We have a small budget.", {RESOURCES: "tight"}),
        ("", {}),
        ("\x00 ((((( “””” <b>", {}),
    ],
)
def test_what_a_description_says(adviser: Adviser, text: str, expected: dict[str, str]) -> None:
    assert known(adviser.read(text)) == expected


def test_a_paraphrase_is_heard_by_the_embedding(tmp_path: Path) -> None:
    def alike(texts: Sequence[str]) -> NDArray[np.float32]:
        rows = fake_vectors([*texts, "", ""])[: len(texts)]
        near = [i for i, text in enumerate(texts) if "craft" in text]
        rows[near] = rows[near[0]] if near else 0
        return rows

    adviser = adviser_of(own_documents(tmp_path), alike)
    reading = adviser.read("everyone masters their craft")["Skill"]
    assert (reading.value, reading.how) == ("skilled", "similar")
    assert "Skill" not in adviser.read("nobody masters their craft")
    assert "Skill" not in adviser.read("should everyone master their craft?")


def test_the_descriptions_hold_both_halves() -> None:
    assert len(DESCRIPTIONS) >= 60
    assert {case["half"] for case in DESCRIPTIONS} == {"tune", "held"}
    assert any(not case["values"] for case in DESCRIPTIONS)


@pytest.mark.parametrize("case", DESCRIPTIONS, ids=lambda case: str(case["text"])[:40])
def test_expected_values_exist(case: dict[str, dict[str, str]], adviser: Adviser) -> None:
    offered = {field.name: field.values for field in adviser.form()}
    assert all(value in offered[name] for name, value in case["values"].items())


# The lean


def test_all_agree(adviser: Adviser) -> None:
    advice = adviser.advise("hierarchical insurer, first year with AI, big budget")
    assert advice is not None
    assert advice.leans_to == TOP_DOWN
    by_name = {factor.name: factor for factor in advice.factors}
    assert "“insurer”, read as a highly regulated industry; say so if yours is not" in by_name[REGULATION].given
    assert by_name[PACE].given == by_name[PACE].points_to == ""
    assert any("If your culture were collaborative rather than hierarchical" in line for line in advice.would_change_it)
    assert any(line.startswith(f"Not known: {PACE}.") for line in advice.would_change_it)
    assert adviser.question(advice) == "Does your sector move fast?"


def test_pulling_apart_leans_to_what_the_guidance_says_of_combining(adviser: Adviser) -> None:
    advice = adviser.advise("We are collaborative with a huge budget. What suits us?")
    assert advice is not None
    assert advice.leans_to == HYBRID
    assert "thoughtful mix" in adviser.sentences(advice)[0].text


def test_without_words_on_combining_more_than_half_decide_and_a_tie_does_not(tmp_path: Path) -> None:
    adviser = adviser_of(own_documents(tmp_path), fake_vectors)
    tie = adviser.advise("skilled and in a hurry")
    assert tie is not None
    assert tie.leans_to == ""
    assert "does not say which weighs more" in adviser.sentences(tie)[0].text


def test_nothing_known_asks_back(adviser: Adviser) -> None:
    assert adviser.advise("Should we go top-down?") is None
    assert adviser.question(None).endswith(".")
    assert adviser.advise("not regulated") is None


def test_what_is_known_is_said_back_and_not_asked_again(adviser: Adviser) -> None:
    asked = adviser.question(None, "We have a big budget.")
    assert asked.startswith("You told me of your budget (substantial).")
    assert "tight" not in asked
    assert "hierarchical or collaborative" in asked


def test_what_points_nowhere_is_said(adviser: Adviser) -> None:
    said = adviser.undecided("We are not regulated.")
    assert said.startswith("The guidance does not say which option suits your industry (not highly regulated).")
    assert said.endswith("?")
    assert "“hierarchical” and “collaborative”" in adviser.undecided("hierarchical and collaborative")
    assert adviser.undecided("We have a big budget.") == ""
    assert adviser.undecided("Which approach suits us?") == ""


def test_a_quote_for_one_value_holds_on_a_condition(adviser: Adviser, guidance: tuple[Document, ...]) -> None:
    text = next(document.text for document in guidance if document.name == "choosing-an-approach.md")
    start = text.index("A substantial budget")
    assert adviser.conditional("choosing-an-approach.md", start, start + 20)
    start = text.index("No single approach")
    assert not adviser.conditional("choosing-an-approach.md", start, start + 20)


def test_a_contradiction_is_shown(adviser: Adviser) -> None:
    assert adviser.advise("hierarchical and collaborative") is None
    asked = adviser.question(None, "hierarchical and collaborative")
    assert "“hierarchical” and “collaborative”" in asked
    advice = adviser.advise("hierarchical and collaborative with a big budget")
    assert advice is not None
    assert any("“hierarchical” and “collaborative” were both said" in line for line in advice.would_change_it)


@pytest.mark.parametrize(
    "question",
    [
        "Which approach is best for us?",
        "Why is top-down best for us?",
        "Should we avoid top-down?",
        "Isn't bottom-up the only right way?",
        "Is the hybrid approach wrong here?",
    ],
)
def test_the_lean_is_the_same_however_it_is_put(adviser: Adviser, question: str) -> None:
    text = "We are a collaborative company with a tight budget. "
    plain, put = adviser.advise(text), adviser.advise(text + question)
    assert plain == put
    assert plain is not None
    assert plain.leans_to == BOTTOM_UP


def test_the_form_gives_the_same_lean(adviser: Adviser) -> None:
    advice = adviser.advise_for({CULTURE: "hierarchical", RESOURCES: "tight"})
    assert advice is not None
    assert advice.leans_to == HYBRID
    with pytest.raises(UserError, match="choose one of"):
        adviser.advise_for({CULTURE: "purple"})


def test_when_advice_is_asked_for(adviser: Adviser) -> None:
    assert adviser.asks_for_advice("Why is top-down best for a collaborative company with few resources?")
    assert adviser.asks_for_advice("hierarchical insurer, first year with AI, big budget")
    assert not adviser.asks_for_advice("What are the drawbacks of the top-down approach?")
    assert not adviser.asks_for_advice("Hello")


# The words


@pytest.mark.parametrize(
    "text",
    ["a big budget", "collaborative, tight budget", "hierarchical, fast-moving sector, bank, new to AI, no budget"],
)
def test_every_sentence_is_cited_verbatim(adviser: Adviser, guidance: tuple[Document, ...], text: str) -> None:
    advice = adviser.advise(text)
    assert advice is not None
    sentences = adviser.sentences(advice)
    texts = {document.name: document.text for document in guidance}
    assert 2 <= len(sentences) <= 5
    for sentence in sentences:
        assert sentence.citations
        for citation in sentence.citations:
            assert texts[citation.document][citation.start : citation.end] == citation.quote
            assert citation.passage
            assert citation.section


def test_the_degree_of_the_guidance_is_kept(adviser: Adviser) -> None:
    advice = adviser.advise("a regulated firm")
    assert advice is not None
    assert any("may need AI governance to be centralized" in sentence.text for sentence in adviser.sentences(advice))
    assert any("drawbacks" in sentence.text for sentence in adviser.sentences(advice))


# With the real embedding


@pytest.fixture(scope="module")
def real(guidance: tuple[Document, ...]) -> Adviser:
    from assistant.contents.vectors import Vectors
    from assistant.settings import default_home
    from index.embedding import SentenceTransformerEncoder
    from index.weights import path_of

    folder = Path(os.environ.get("STRATEGY_ASSISTANT_TEST_EMBEDDING") or path_of(default_home(), "all-MiniLM-L6-v2"))
    return adviser_of(guidance, Vectors(SentenceTransformerEncoder(folder).encode))


@pytest.mark.models
def test_descriptions_are_read_right_and_wrong_readings_are_rarer_than_missing(real: Adviser) -> None:
    right = missing = wrong = 0
    for case in DESCRIPTIONS:
        found = known(real.read(case["text"]))
        for name in {*found, *case["values"]}:
            want, got = case["values"].get(name, ""), found.get(name, "")
            right += want == got
            missing += bool(want and not got)
            wrong += bool(got and got != want)
    assert right / sum(len(case["values"]) for case in DESCRIPTIONS) >= 0.85
    assert wrong < missing


@pytest.mark.models
def test_a_paraphrase_without_a_cue_is_read(real: Adviser) -> None:
    reading = real.read("In our company every decision goes all the way up to the chief executive.")[CULTURE]
    assert (reading.value, reading.how) == ("hierarchical", "similar")


def combinations(adviser: Adviser) -> list[dict[str, str]]:
    """Everything that can be chosen in the form, what is left open included."""
    fields = adviser.form()
    chosen = itertools.product(*[("", *field.values) for field in fields])
    return [{f.name: value for f, value in zip(fields, values, strict=True) if value} for values in chosen]


def test_a_form_and_the_words_it_stands_for_are_advised_the_same(guidance: tuple[Document, ...]) -> None:
    adviser = adviser_of(guidance, fake_vectors)
    every = combinations(adviser)
    assert len(every) == 3**5
    advised = 0
    for values in every:
        question = adviser.described(values)
        by_form, by_words = adviser.advise_for(values), adviser.advise(question)
        assert known(adviser.read(question)) == values, question
        assert (by_form is None) == (by_words is None)
        if by_form is None or by_words is None:
            continue
        advised += 1
        assert by_form.leans_to == by_words.leans_to
        assert by_form.would_change_it == by_words.would_change_it
        assert [(f.name, f.points_to, f.citations) for f in by_form.factors] == [
            (f.name, f.points_to, f.citations) for f in by_words.factors
        ]
        assert adviser.sentences(by_form) == adviser.sentences(by_words)
        assert adviser.asks_for_advice(question)
    assert advised > 200


def test_factors_left_open_are_not_known(guidance: tuple[Document, ...]) -> None:
    advice = adviser_of(guidance, fake_vectors).advise_for({CULTURE: "hierarchical"})
    assert advice is not None
    assert [f.name for f in advice.factors if not f.given] == [MATURITY, REGULATION, PACE, RESOURCES]
    assert sum(text.startswith("Not known: ") for text in advice.would_change_it) == 4


@pytest.mark.parametrize("values", [{"No factor": "x"}, {CULTURE: "royal"}, {CULTURE: ""}])
def test_what_the_form_does_not_offer_is_one_line(guidance: tuple[Document, ...], values: dict[str, str]) -> None:
    adviser = adviser_of(guidance, fake_vectors)
    for ask in (adviser.described, adviser.advise_for):
        with pytest.raises(UserError) as caught:
            ask(values)
        assert "\n" not in str(caught.value)


def test_barely_denies_and_every_few_weeks_does_not():
    assert scope.denies("our market barely changes".split())
    assert not scope.denies("our market changes every few weeks".split())


# What a language model hears

GIFTED = "We have a gifted bunch here. Which approach suits us?"
CLAIMS = ["Our staff is skilled.", "Our staff is unskilled."]
SAYINGS = """
nothing = ["we mow the lawn", "the weather is fine here", "our lawn is green", "the weather was bad"]
no_option = ["the lawn of a neighbour", "a lawn or two", "what weather we get", "fair weather"]
[options]
"buying" = ["letting the baron have it", "where a baron decides", "the boss says so", "what our boss wants"]
"building" = ["when the crew does it", "one gang of us", "leaving it to the crew", "a gang at work"]
[factors."Skill"]
"skilled" = ["a gifted lot", "our gifted people", "they know their craft", "craft is in their blood"]
"unskilled" = ["clumsy as they come", "they are all thumbs", "we are clumsy", "two left thumbs"]
"""


def own_adviser(folder: Path, ears: Ears, sayings: str = "") -> Adviser:
    if sayings:
        (folder / "sayings.toml").write_text(sayings, "utf-8")
    return adviser_of(own_documents(folder), fake_vectors, ears)


def test_a_model_hears_what_no_cue_says(tmp_path: Path) -> None:
    ears = Ears({"skilled": 0.6})
    adviser = own_adviser(tmp_path, ears)
    readings = adviser.read(GIFTED)
    assert {name: reading.value for name, reading in readings.items()} == {"Skill": "skilled"}
    assert readings["Skill"].words == ("We have a gifted bunch here",)
    assert ears.asked == CLAIMS
    adviser.read(GIFTED)
    assert len(ears.asked) == 2  # The same words are heard once.


@pytest.mark.parametrize(
    ("sure", "near"),
    [({"skilled": 0.6}, 0.2), ({"skilled": 0.1}, 0.7), ({"skilled": 0.6, "unskilled": 0.6}, 0.7)],
    ids=["far from all examples", "the model does not agree", "it agrees with both"],
)
def test_what_is_not_surely_heard_stays_unknown(tmp_path: Path, sure: dict[str, float], near: float) -> None:
    assert not own_adviser(tmp_path, Ears(sure, near)).read(GIFTED)


def test_sayings_tell_without_the_model_where_they_are_sure(tmp_path: Path) -> None:
    ears = Ears({})
    adviser = own_adviser(tmp_path, ears, SAYINGS)
    assert {name: r.value for name, r in adviser.read(GIFTED).items()} == {"Skill": "skilled"}
    assert {name: r.value for name, r in adviser.read("Our people are clumsy.").items()} == {"Skill": "unskilled"}
    assert not adviser.read("The lawn at our place is long.")
    assert ears.asked == []


@pytest.mark.parametrize(("yes", "heard"), [(0.9, {"Skill": "skilled"}), (0.05, {})])
def test_where_sayings_are_less_sure_the_model_is_asked(tmp_path: Path, yes: float, heard: dict[str, str]) -> None:
    ears = Ears({"skilled": yes}, near=0.45)
    adviser = own_adviser(tmp_path, ears, SAYINGS)
    assert {name: reading.value for name, reading in adviser.read(GIFTED).items()} == heard
    assert ears.asked == CLAIMS


@pytest.mark.parametrize(
    ("question", "options"),
    [
        ("Is it the gang or the baron?", ("buying", "building")),
        ("What happens when the baron decides?", ()),
        ("Is it fine weather or a green lawn?", ()),
        ("Gang?", ()),
    ],
)
def test_options_are_heard_by_what_they_are_also_called(
    tmp_path: Path, question: str, options: tuple[str, ...]
) -> None:
    assert own_adviser(tmp_path, Ears({}), SAYINGS).calling.meant(question) == options


@pytest.mark.parametrize(
    ("second", "options"),
    [
        ((0.1, 0.45, 0.2, 0.45), (TOP_DOWN, BOTTOM_UP)),
        ((0.1, 0.35, 0.2, 0.2), (TOP_DOWN, BOTTOM_UP)),
        ((0.1, 0.35, 0.2, 0.45), ()),
        ((0.3, 0.45, 0.2, 0.1), ()),
        ((0.1, 0.2, 0.45, 0.1), ()),
    ],
    ids=["like it", "less, and little like none", "as like none", "as like the sure one", "like the mixed one"],
)
def test_beside_an_option_that_a_cue_names_the_opposite_needs_less(
    guidance: tuple[Document, ...], second: tuple[float, ...], options: tuple[str, ...]
) -> None:
    class Like:
        labels = (TOP_DOWN, BOTTOM_UP, HYBRID, "")

        def scores(self, rows: NDArray[np.float32]) -> NDArray[np.float32]:
            return np.array([(0.1, 0.1, 0.4, 0.9), (0.3, 0.2, 0.3, 0.3), second], np.float32)[: len(rows)]

    adviser = adviser_of(guidance, fake_vectors, Ears({}))
    assert adviser._heard is not None
    adviser._heard._learnt["options"] = Like()  # type: ignore[assignment]
    assert adviser.calling.meant("Where is it quicker: under central command or with lots of tinkering?") == options


def test_another_case_changes_what_it_speaks_of_and_nothing_else(guidance: tuple[Document, ...]) -> None:
    adviser = adviser_of(guidance, fake_vectors)
    before = ("Our culture is hierarchical. Which approach fits?", "We are new to AI.")
    advice = adviser.advise_otherwise("What if the culture is collaborative?", before)
    assert advice is not None
    assert {f.name: f.given.split(" (")[0] for f in advice.factors if f.given} == {
        CULTURE: "collaborative",
        MATURITY: "new to AI",
    }
    assert adviser.advise_otherwise("What if it rains?", before) is None


@pytest.mark.parametrize(
    ("message", "describes"),
    [
        ("Our culture is hierarchical.", True),
        ("Our culture is hierarchical, which makes every change slow.", True),
        ("Our culture is hierarchical, where every change needs a signature.", True),
        ("Explain to my board why our culture is hierarchical", False),
        ("our culture is hierarchical, what kind of work can we go after", False),
        ("Our culture is hierarchical, and the CEO is the one who signs.", True),
        ("Our culture is hierarchical. As is the custom here, we do the work in small teams.", True),
        ("when a project flops in a hierarchical culture does it drag the others down", False),
    ],
)
def test_who_asks_for_something_does_not_only_describe(guidance, message, describes):
    assert adviser_of(guidance, fake_vectors).only_describes(message) is describes


def test_without_sayings_no_option_is_heard(tmp_path: Path) -> None:
    assert own_adviser(tmp_path, Ears({})).calling.meant("Is it the gang or the baron?") == ()


ASKING = """
asks = ["which way to go", "where to start", "what to do"]
asks_else = ["why the weather is so", "how long the lawn is", "lawn or no lawn"]
"""


class Asked(Ears):
    axes = (("which way", "start", "what to do", "kick off"), *Ears.axes)


@pytest.mark.parametrize(
    ("message", "asked"),
    [
        ("Our people are clumsy. How do we kick off?", True),
        ("Our people are clumsy. How long is our lawn?", False),
        ("How do we kick off?", False),
        ("Is everybody clumsy? How do we kick off?", False),
        ("Is everybody clumsy? What if our people were gifted? How do we kick off?", True),
        ("Our people are clumsy. List how we kick off, all the ways.", False),
        ("Our people are clumsy. I say let us start, does your guidance back me up?", False),
    ],
)
def test_after_a_description_it_is_heard_whether_advice_is_asked_for(tmp_path: Path, message: str, asked: bool) -> None:
    assert own_adviser(tmp_path, Asked({}), ASKING + SAYINGS).asks_for_advice(message) is asked
    assert not own_adviser(tmp_path, Asked({}), SAYINGS).asks_for_advice(message)


def test_sayings_are_learnt_ahead_until_that_ends(tmp_path: Path) -> None:
    ears = Ears({})
    adviser = own_adviser(tmp_path, ears, SAYINGS)
    adviser.learn(lambda: True)
    assert ears.learnt == []
    adviser.learn(lambda: False)
    assert {"a gifted lot", "we mow the lawn", "the boss says so", "fair weather", *CLAIMS} <= set(ears.learnt)


def test_what_is_not_learnt_yet_is_left_to_the_embedding(tmp_path: Path) -> None:
    class New(Ears):
        def examples(self, texts: Sequence[str]) -> NDArray[np.float32] | None:
            return None

    adviser = own_adviser(tmp_path, New({}), ASKING + SAYINGS)
    assert not adviser.read(GIFTED)
    assert adviser.calling.meant("Is it the gang or the baron?") == ()
    assert not adviser.asks_for_advice("Our people are clumsy. How do we kick off?")
    assert {name: r.value for name, r in adviser.read("We are skilled.").items()} == {"Skill": "skilled"}


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("[options]", "[options", "sayings.toml cannot be read as TOML"),
        ('"buying" =', '"stealing" =', 'options: unknown key "stealing"; known are buying, building'),
        ('"unskilled" =', '"gone" =', 'factor "Skill": unknown key "gone"'),
        ('[factors."Skill"]', '[factors."Luck"]', 'factors: unknown key "Luck"'),
        ('nothing = ["we mow the lawn",', "nothing = [1,", '"nothing" must be a list of texts in quotes'),
    ],
)
def test_a_mistake_in_the_sayings_is_named(tmp_path: Path, old: str, new: str, message: str) -> None:
    assert old in SAYINGS
    with pytest.raises(UserError) as caught:
        own_adviser(tmp_path, Ears({}), SAYINGS.replace(old, new))
    assert message in str(caught.value)
    assert "sayings.toml" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_the_shipped_sayings_are_of_every_value_and_option(guidance: tuple[Document, ...]) -> None:
    rules = load_rules(guidance)
    assert rules is not None
    said = rules.sayings
    assert set(said.values) == {(factor.name, value.name) for factor in rules.factors for value in factor.values}
    assert set(said.options) == {option.name for option in rules.options}
    lists = [*said.values.values(), *said.options.values(), said.nothing, said.no_option]
    assert min(map(len, lists)) >= 100
    texts = [text.casefold() for texts in lists for text in texts]
    assert len(texts) == len(set(texts))  # What says two things says nothing.


def test_cues_are_not_put_to_the_model(tmp_path: Path) -> None:
    ears = Ears({})
    assert own_adviser(tmp_path, ears).read("We have skilled and gifted people.")["Skill"].value == "skilled"
    assert ears.asked == []


def test_a_model_that_fails_leaves_what_the_embedding_hears(guidance: tuple[Document, ...]) -> None:
    class Deaf(Ears):
        def embedded(self, pieces: Sequence[str]) -> NDArray[np.float32]:
            raise UserError("the model does not answer")

    assert adviser_of(guidance, fake_vectors, Deaf({})).read("We are a bank.")[REGULATION].value == "highly regulated"


# Several organizations


@pytest.mark.parametrize(
    ("question", "pointed"),
    [
        (
            "One firm is hierarchical, the other a flat start-up. Does the same style suit both?",
            ["top-down", "bottom-up"],
        ),
        ("Would you say the same to a big-budget bank as to a shop on a shoestring?", ["top-down", "bottom-up"]),
        ("We are a hierarchical bank, both cautious and new to AI. Which approach?", []),
        ("We are hierarchical, yet flat in places.", []),
        ("How do novices and experienced organisations differ in what suits them?", ["top-down", "bottom-up"]),
        ("Newcomers versus old hands: should they go about it differently?", ["top-down", "bottom-up"]),
        ("One division has a big budget, the other scrapes by. How do their paths differ?", ["top-down", "bottom-up"]),
        ("Centralized control versus newcomers: what is the difference?", []),
        ("Blue ladders versus red ones: should they go about it differently?", []),
    ],
)
def test_organizations_set_against_each_other_are_told_apart(
    adviser: Adviser, question: str, pointed: list[str]
) -> None:
    told = adviser.opposed(question)
    assert [next(name for name in ("top-down", "bottom-up") if f"to the {name}" in one.text) for one in told] == pointed
    assert all(one.citations[0].quote.rstrip(".") in one.text for one in told)


def test_an_option_is_named_by_those_who_make_it_out_beside_another(adviser: Adviser) -> None:
    question = "When leadership drives everything in a firm, compared with when teams do"
    assert adviser.calling.called(question) == ("the top-down approach",)
    assert adviser.calling.beside(question, "the top-down approach") == ("the bottom-up approach",)
    assert (
        adviser.calling.beside("When leadership drives everything, compared with today", "the top-down approach") == ()
    )


def test_who_is_said_not_to_be_there_makes_out_no_option(adviser: Adviser) -> None:
    assert adviser.calling.called("a consensus-driven workplace without big bosses") == ()
    assert adviser.calling.called("a workplace driven by bosses") == ("the top-down approach",)


def test_to_say_that_the_choice_is_all_the_same_asks_for_no_advice() -> None:
    assert not wants_advice("It doesn't matter which model we land on, do we need training?")
    assert wants_advice("It doesn't matter to them, but which model suits us?")


def test_for_whom_an_option_is_right_is_told_by_the_factors_asked_for(adviser: Adviser) -> None:
    assert len(adviser.grounds("When is it right?", "the top-down approach")) == 4
    assert [cited.quote for cited in adviser.grounds("Which industries does it suit?", "the top-down approach")] == [
        "Industries under heavy regulation may need AI governance to be centralized."
    ]
    assert len(adviser.grounds("What does the choice depend on?")) == 8


@pytest.mark.parametrize(
    ("question", "advice", "choice"),
    [
        ("What should have been sorted out in the mixed model?", True, False),
        ("What must staff know if it is led from above, and what if the teams lead?", False, False),
        ("What if we were led from above?", True, True),
        ("Should we go bottom-up?", True, True),
        ("Should management lead the rollout?", True, True),
        ("Can we let the teams decide everything?", True, True),
        ("Is top-down right for us?", True, True),
        ("A small firm with no money: what follows from each of these?", True, False),
    ],
)
def test_what_asks_for_advice_and_what_for_a_choice(question: str, advice: bool, choice: bool) -> None:
    assert wants_advice(question) is advice
    assert wants_choice(question) is choice
