"""Questions in parts, and definitions."""

from dataclasses import replace
from pathlib import Path

import pytest

from assistant.contents.defining import all_options, defining
from assistant.contents.finder import StatementFinder
from assistant.contents.listing import told_of
from assistant.contents.outline import Outline
from assistant.contents.statements import Statement
from assistant.contents.vectors import Vectors
from assistant.evidence.subquestions import (
    SubQuestion,
    asked_in_parts,
    shared_out,
    unanswered,
    with_earlier,
    with_following,
)
from assistant.questions.parting import parts
from assistant.questions.premises import premise
from corpus import Passage, load, split
from index import FakeEncoder

NAMES = ("The garden approach", "The farm approach")

GUIDE = """# Growing

Two ways of growing are known.

## The garden approach

Gardens grow many things. They are small.

### Drawbacks

Gardens need much work by hand.

## The farm approach

Farms grow few things.
"""


def named(_: str) -> tuple[str, ...]:
    return NAMES


def outline(tmp_path: Path) -> Outline:
    (tmp_path / "growing.md").write_text(GUIDE, encoding="utf-8")
    return Outline(split(load(tmp_path / "growing.md")))


def test_a_part_that_points_back_takes_the_part_before_along():
    asked = asked_in_parts(
        "What is the garden approach, and what are its drawbacks?",
        "What is the garden approach, and what are its drawbacks?",
        named,
    )
    assert [part.asked for part in asked] == ["What is the garden approach", "what are its drawbacks?"]
    assert "garden" in asked[1].text


def test_a_third_part_that_points_back_says_both_before_it_one_after_the_other():
    asked = "When does the board sit, how many have to be there, and who runs it?"
    third = asked_in_parts(asked, asked, lambda words: ())[-1]
    assert third.text == "who runs it? (When does the board sit. how many have to be there)"


def test_the_parts_take_along_what_was_told_before_them():
    asked = "A visitor is turned away by our porter. May they see the record, and do we have to pay for a taxi?"
    found = asked_in_parts(asked, asked, lambda _: ())
    assert found[0].text == "May they see the record (A visitor is turned away by our porter)"
    assert found[1].text == "do we have to pay for a taxi? (A visitor is turned away by our porter)"
    asked = "We lend tools to schools. What do they sign, for how long, and who checks the tools that come back?"
    assert [one.text for one in asked_in_parts(asked, asked, lambda _: ())] == [
        "What do they sign (We lend tools to schools)",
        "for how long (What do they sign)",
        "who checks the tools that come back? (We lend tools to schools. What do they sign)",
    ]
    asked, told = "Who pays for broken tools, and which insurance covers windows?", "We lend tools to schools"
    assert [one.text for one in asked_in_parts(asked, f"{asked} ({told})", lambda _: ())] == [
        f"Who pays for broken tools ({told})",
        f"which insurance covers windows? ({told})",
    ]
    asked = "Two things: who pays and who decides?"
    assert asked_in_parts(asked, asked, lambda _: ())[0].text == "who pays"


def test_a_question_that_begins_with_to_whom_has_parts():
    asked = "To whom does the board answer, and should the office be apart?"
    assert [part.asked for part in asked_in_parts(asked, asked, lambda _: ())] == [
        "To whom does the board answer",
        "should the office be apart?",
    ]


def test_a_part_with_a_subject_of_its_own_stays_as_it_is():
    question = "Who waters the beds, and how are potatoes stored in winter cellars?"
    assert asked_in_parts(question, question, named)[1].text == "how are potatoes stored in winter cellars?"


def test_an_earlier_question_in_brackets_is_no_part():
    asked = asked_in_parts("And its drawbacks?", "And its drawbacks? (What is the farm approach?)", named)
    assert len(asked) == 1
    assert "farm" in asked[0].text


def test_an_enumeration_of_questions_is_parted_at_its_commas():
    assert parts("Who digs, what is sown, and who waters?") == ("Who digs", "what is sown", "who waters?")
    asked = "How many dig, which kinds of seed, and when do they start?"
    assert parts(asked) == ("How many dig", "which kinds of seed", "when do they start?")
    assert parts("Is paint allowed - and who pays for it?") == ("Is paint allowed", "who pays for it?")
    asked = "How are tools, which everybody likes, approved and who pays for them?"
    assert parts(asked) == ("How are tools, which everybody likes, approved", "who pays for them?")
    assert parts("How do tools, which we like, rust?") == ("How do tools, which we like, rust?",)
    assert parts("If it rains, what is sown?") == ("If it rains, what is sown?",)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        (
            "The mayor asks (a) what the gardens cost and (b) who waters them.",
            ("what the gardens cost", "who waters them"),
        ),
        (
            "What does it say on (a) weeds, (b) worms?",
            ("What does it say on weeds?", "What does it say on worms?"),
        ),
        ("What do Articles 5 (1) and (2) say on weeds?", ("What do Articles 5 (1) and (2) say on weeds?",)),
        ("Do rules (a), (b) and (c) differ?", ("Do rules (a), (b) and (c) differ?",)),
        ("May we use it, for how long, and who decides?", ("May we use it, for how long", "who decides?")),
        ("Who digs, who sows, and can one child do it?", ("Who digs", "who sows", "can one child do it?")),
        (
            "Do the boys dig, may girls water, and do we weed?",
            ("Do the boys dig", "may girls water", "do we weed?"),
        ),
        (
            "How do I get seed, how long does it take, and does it rot?",
            ("How do I get seed", "how long does it take", "does it rot?"),
        ),
        (
            "Who sold the farm, from what day do we pay and when is harvest?",
            ("Who sold the farm", "from what day do we pay", "when is harvest?"),
        ),
        (
            "How many came, how many stayed, and how many of them dug?",
            ("How many came", "how many stayed", "how many of them dug?"),
        ),
        ("Who decides how many we sow and how much we sell?", ("Who decides how many we sow and how much we sell?",)),
        (
            "Sunday's harvest: who dug, were they paid, and what rotted?",
            ("Sunday's harvest, who dug", "Sunday's harvest, were they paid", "Sunday's harvest, what rotted?"),
        ),
        ("Are spades, which are dear, lent?", ("Are spades, which are dear, lent?",)),
    ],
)
def test_an_enumeration_of_questions_of_any_form_is_parted(asked: str, found: tuple[str, ...]):
    assert parts(asked) == found


def test_a_definition_is_what_stands_first_under_its_heading(tmp_path: Path):
    texts = [statement.text for statement in defining("What is the garden approach?", outline(tmp_path))]
    assert texts == ["Gardens grow many things.", "They are small."]


@pytest.mark.parametrize(
    "question",
    [
        "Could you tell me in a nutshell what the garden approach means?",
        "What exactly is the garden approach?",
        "What does the garden approach actually mean?",
        "Please explain the garden approach in plain words.",
        "So what's the garden approach all about?",
    ],
)
def test_a_definition_is_asked_for_in_many_ways(tmp_path: Path, question: str):
    assert defining(question, outline(tmp_path))[0].text == "Gardens grow many things."


def test_what_no_heading_names_is_no_definition(tmp_path: Path):
    assert defining("What is the orchard approach?", outline(tmp_path)) == ()
    assert defining("Who runs the garden approach?", outline(tmp_path)) == ()


def test_as_without_a_verb_describes_and_presumes_nothing():
    assert premise("As a small farm with strict rules, should we sow?") is None
    assert premise("Our list says ninety days, the policy says something shorter. Which one holds?") is None
    found = premise("As farms are always better, how do we begin?")
    assert found is not None
    assert found.text == "farms are always better"


def test_a_question_for_one_thing_that_is_right_for_all_claims_that_there_is():
    found = premise("Is there one way that suits everybody?")
    assert found is not None
    assert found.text == "there is one way that suits everybody"
    assert premise("Are there any drawbacks for every company?") is None
    assert premise("Is there a budget for training?") is None


def test_a_leading_question_claims_what_it_says():
    for question in ("Surely farms are always right, aren't they?", "Farms are always right, aren't they?"):
        found = premise(question)
        assert found is not None
        assert found.text.lower() == "farms are always right"


def test_an_option_is_defined_by_another_word_for_what_it_is_and_beside_another_name(tmp_path):
    known = outline(tmp_path)
    for question in ("In short, what is meant by a garden model?", "What is a small-scale or garden approach?"):
        assert [one.text for one in defining(question, known)][:1] == ["Gardens grow many things."], question
    assert defining("What is the garden or the farm approach?", known) == ()
    assert defining("What is a garden tool?", known) == ()


def test_which_options_there_are_is_told_by_what_each_is(tmp_path):
    known = outline(tmp_path)
    for question in ("Which approaches are there?", "What are the two approaches?", "Which models can we choose from?"):
        texts = [one.text for one in all_options(question, known)]
        assert texts == ["Gardens grow many things.", "Farms grow few things."], question
    for question in ("Which approaches should we choose?", "What drawbacks do the approaches have?", "What is there?"):
        assert all_options(question, known) == (), question


DUTIES = """# The clinic

## Who does what

### What the nurses do

Nurses take blood. They keep the records as well.

### What the porters do

Porters bring the patients.
"""


def test_what_somebody_does_is_all_that_stands_under_the_heading_which_asks_it(tmp_path):
    (tmp_path / "clinic.md").write_text(DUTIES, encoding="utf-8")
    known = Outline(split(load(tmp_path / "clinic.md")))
    for question in ("What are all the duties of the nurses?", "What do nurses do?", "Which tasks do the nurses have?"):
        texts = [one.text for one in told_of(question, known)]
        assert texts == ["Nurses take blood.", "They keep the records as well."], question
    for question in ("What do nurses earn?", "What do doctors do?", "What do nurses do at night?"):
        assert told_of(question, known) == (), question


def test_what_stands_before_all_parts_is_said_with_each():
    asked = parts("In the garden approach, who digs, what grows and who sells?")
    assert asked == (
        "In the garden approach, who digs",
        "In the garden approach, what grows",
        "In the garden approach, who sells?",
    )


def statement(text: str, score: float) -> Statement:
    return Statement(Passage("1", "a.md", "A", ("A",), text, 0, len(text)), text, len(text), 2 * len(text), score)


def test_each_part_gets_a_statement_of_its_own_where_another_is_nearly_as_near():
    both, own = statement("The crew feeds and pays.", 0.9), statement("The owner pays.", 0.8)
    first = SubQuestion("who pays", "who pays", (both, own))
    second = SubQuestion("who feeds", "who feeds", (both, statement("Hay is food.", 0.4)))
    shared = shared_out((first, second))
    assert [part.nearest[0] for part in shared] == [own, both]
    assert [part.asked for part in unanswered(shared, [both])] == ["who pays"]
    assert not unanswered(shared, [both, own])


def test_a_part_keeps_what_is_nearest_where_all_else_is_far():
    both = statement("The crew feeds and pays.", 0.9)
    parts_of_it = [SubQuestion(one, one, (both, statement(f"Far from {one}.", 0.3))) for one in ("pays", "feeds")]
    shared = shared_out(parts_of_it)
    assert [part.nearest[0] for part in shared] == [both, both]
    assert not unanswered(shared, [both])


def test_a_part_that_points_is_judged_with_the_part_before():
    before = SubQuestion("Why do staff back tools?", "Why do staff back tools?")
    assert with_earlier(SubQuestion("", "what do they lack?"), before) == "what do they lack? (Why do staff back tools)"
    assert with_earlier(SubQuestion("", "who pays the nurses?"), before) == "who pays the nurses?"


@pytest.mark.parametrize(
    ("question", "texts"),
    [
        (
            "How does regulation affect the choice, and how does the budget?",
            ["How does regulation affect the choice", "How does the budget affect the choice?"],
        ),
        (
            "When do guests leave the hall? And when does the porter?",
            ["When do guests leave the hall", "When does the porter leave the hall?"],
        ),
    ],
)
def test_a_part_that_is_only_a_subject_takes_what_the_part_before_says(question, texts):
    found = asked_in_parts(question, question, lambda _: ())
    assert [part.text.rstrip("?") for part in found] == [text.rstrip("?") for text in texts]


@pytest.mark.parametrize(
    ("question", "count"),
    [
        ("A neighbour refuses to explain how he stores potatoes, even after we asked. What are our options?", 1),
        ("Please explain how potatoes are stored. And who pays for the cellar?", 2),
        ("Please tell us why gardens are small. What do they grow?", 2),
    ],
)
def test_what_tells_of_somebody_who_explains_is_no_question(question: str, count: int) -> None:
    assert len(parts(question)) == count


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        (
            "As head of the yard: how often should I look in, and which meetings should I go to?",
            ("As head of the yard, how often should I look in", "As head of the yard, which meetings should I go to?"),
        ),
        (
            "Before a lamp is lent, what has to be done - and what decides who may have it?",
            ("Before a lamp is lent, what has to be done", "what decides who may have it?"),
        ),
        (
            "What does a big yard make possible, and if the porter leads, what is the money spent on?",
            ("What does a big yard make possible", "if the porter leads, what is the money spent on?"),
        ),
        (
            "When the porter leads, who decides what is bought and where the money goes?",
            ("When the porter leads, who decides what is bought and where the money goes?",),
        ),
        (
            "What falls to the porter, what to the smith, and what to us?",
            ("What falls to the porter", "what falls to the smith", "what falls to us?"),
        ),
        (
            "How bad is that with one lamp, and how bad with several?",
            ("How bad is that with one lamp", "How bad is that with several?"),
        ),
        (
            "What does the porter do in the yard and what in the hall?",
            ("What does the porter do in the yard", "What does the porter do in the hall?"),
        ),
        (
            "why must everyone know the lamps & how do we get them there",
            ("why must everyone know the lamps", "how do we get them there"),
        ),
        ("It broke. What went wrong, and what now?", ("It broke. What went wrong, and what now?",)),
        (
            "When do the porters meet, and how many have to be there?",
            ("When do the porters meet", "how many have to be there?"),
        ),
        (
            "What does a lamp cost, what does it burn, and below which price would we buy more?",
            ("What does a lamp cost", "what does it burn", "below which price would we buy more?"),
        ),
        ("A lamp broke. Who decides, and who has to pay the smith?", ("Who decides", "who has to pay the smith?")),
        (
            "The smith is late. After how long does it go to the porter, and is the bill shared?",
            ("After how long does it go to the porter", "is the bill shared?"),
        ),
        (
            "Which lamps are lit, who pays and who looks after each of them?",
            ("Which lamps are lit", "who pays", "who looks after each of them?"),
        ),
        ("Who sits in the hall, and who lights each?", ("Who sits in the hall", "who lights each?")),
        ("What does oil cost, and who pays for each?", ("What does oil cost", "who pays for each?")),
        (
            "In the yard, do lamps burn all night, and does putting one out need leave?",
            ("In the yard, do lamps burn all night", "In the yard, does putting one out need leave?"),
        ),
        *(
            (whole, (whole,))
            for whole in (
                "We name the lamps and the halls in which they burn?",
                "Which lamps burn in halls that we own and to which guests have access?",
                "What rules hold for lamps that are bought and over which we have no control?",
                "Who looks after lamps that were lit and for which nobody is in charge?",
                "What must the porter know of the rules and of what happens to offenders?",
                "What happens before and after what is agreed has been signed?",
                "Which lamps are lit and who looks after each of them?",
                "What lamps have we, and what is each one for?",
            )
        ),
    ],
)
def test_a_question_is_parted_where_another_begins(question, expected):
    assert parts(question) == expected


def test_a_part_without_a_subject_takes_along_what_was_told():
    asked = "A friend says her yard goes 'open' now. What does that mean, and what is left for the porter?"
    found = asked_in_parts(asked, asked, lambda _: ())
    assert [part.text for part in found] == [
        "What does that mean (A friend says her yard goes 'open' now)",
        "what is left for the porter? (A friend says her yard goes 'open' now)",
    ]


def test_what_was_told_goes_with_a_part_after_one_that_names_nothing():
    asked = "A guest wants to see everything we hold about him. How fast, and may we bill him?"
    assert [one.text for one in asked_in_parts(asked, asked, lambda _: ())] == [
        "How fast (A guest wants to see everything we hold about him)",
        "may we bill him? (A guest wants to see everything we hold about him)",
    ]


@pytest.mark.parametrize(
    ("asked", "count"),
    [
        ("How long can a trial run, and if it flops does the person who ran it suffer?", 2),
        ("What does a licence cost, and if we stop early, can we get money back?", 2),
        ("Who approves a pilot that we start and if it does the job?", 1),
        ("Does it count and if so must we report it?", 2),
        ("Is a licence needed, and if so who pays for it?", 2),
        ("Can I opt out, and if not, why not?", 2),
    ],
)
def test_a_question_on_a_condition_is_a_part(asked: str, count: int):
    assert len(asked_in_parts(asked, asked, lambda _: ())) == count


def test_what_was_told_goes_with_each_part_that_asks_the_same():
    asked = "Suppose the oil runs out. How bad is that with one lamp and how bad with several?"
    found = asked_in_parts(asked, asked, lambda _: ())
    assert [part.text for part in found] == [
        "How bad is that with one lamp (Suppose the oil runs out)",
        "How bad is that with several? (Suppose the oil runs out)",
    ]


def test_what_stands_right_after_what_one_part_is_told_counts_more_for_the_next(tmp_path):
    (tmp_path / "minutes.md").write_text(
        "# Minutes\n\n## Money\n\nThe seed had cost ten pounds more. The board agreed to cover that sum from the "
        "reserve. It rained.\n\n## Budget\n\nThe reserve pays for paint.\n"
    )
    passages = split(load(tmp_path / "minutes.md"))
    finder = StatementFinder(Vectors(FakeEncoder().encode), passages)
    evidence = finder.best(("what cost more, and who pays for that?",), passages)
    first = next(one for one in evidence if one.text.startswith("The seed"))
    other = next(one for one in evidence if one.text.startswith("The reserve"))
    found = (SubQuestion("what cost more", "what cost more", (first,)), SubQuestion("who pays?", "who pays?", (other,)))
    before, after = with_following(found, evidence, finder)
    assert before.nearest == (first,)
    scores = {one.text: one.score for one in after.nearest}
    assert set(scores) == {"The board agreed to cover that sum from the reserve.", "It rained.", other.text}
    plain = {one.text: one.score for one in finder.nearest(("who pays?",), evidence)}
    assert scores["It rained."] == pytest.approx(plain["It rained."] + 0.3)
    assert [part.nearest for part in with_following((replace(found[0], nearest=()), found[1]), evidence, finder)] == [
        (),
        (other,),
    ]
