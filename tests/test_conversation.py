import pytest

from assistant.conversation.standing_alone import compares, leans_on_history, stand_alone, which_other
from assistant.evidence.retrieving import Retriever
from assistant.questions.ordinals import by_pair
from assistant.records import Turn
from corpus import Passage
from index import FakeEncoder, FakeSparseEncoder, memory_index

NAMES = ("Top-down approach", "Bottom-up approach", "Hybrid approach")
EARLIER = (Turn("user", "What are the drawbacks of the top-down approach?"), Turn("assistant", "There are three."))


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("And the other one?", "What are the drawbacks of the bottom-up approach?"),
        ("What about hybrid?", "What are the drawbacks of the hybrid approach?"),
        ("And of the hybrid one?", "What are the drawbacks of the hybrid approach?"),
        ("And the drawbacks of the bottom-up approach?", "What are the drawbacks of the bottom-up approach?"),
        ("Why is hybrid best?", "Why is hybrid best? (What are the drawbacks of the top-down approach?)"),
        ("bottom-up", "What are the drawbacks of the bottom-up approach?"),
        ("How can we avoid them?", "How can we avoid them? (What are the drawbacks of the top-down approach?)"),
        ("What is AI literacy?", "What is AI literacy?"),
        (
            "Which factors decide how a hospital should spend its budget?",
            "Which factors decide how a hospital should spend its budget?",
        ),
    ],
)
def test_a_follow_up_is_completed_and_a_new_subject_is_not(question, expected):
    assert stand_alone(question, EARLIER, NAMES) == expected


@pytest.mark.parametrize(
    ("question", "before", "expected"),
    [
        ("What does it ask of us?", "What does the hybrid approach keep?", "What does the hybrid approach ask of us?"),
        ("And what are its drawbacks?", "What is hybrid AI?", "And what are hybrid's drawbacks?"),
        ("Is it true that it fails?", "What is the hybrid approach?", "Is it true that the hybrid approach fails?"),
        (
            "What does it supply?",
            "Who pays for the central team in the hybrid approach?",
            "What does it supply? (Who pays for the central team in the hybrid approach?)",
        ),
    ],
)
def test_it_is_the_one_name_that_was_spoken_of(question, before, expected):
    assert stand_alone(question, (Turn("user", before), Turn("assistant", "Much.")), NAMES) == expected


@pytest.mark.parametrize(
    ("told", "beside"),
    [
        ("No. The northern office has a working group that meets each month. It is small.",
         " The northern office has a working group that meets each month."),
        ("There are three.", ""),
        (f"The northern office has {'very ' * 60}many people.", ""),
    ],
)  # fmt: skip
def test_what_was_told_stands_beside_a_question_that_points_at_it(told, beside):
    history = (Turn("user", "Does every office have a head?"), Turn("assistant", told))
    asked = "And why does that work for them?"
    assert stand_alone(asked, history) == f"{asked} (Does every office have a head?{beside})"
    assert "working group" not in stand_alone("And why so late?", history)


def test_what_is_told_first_stands_beside_a_question_unless_that_names_what_it_is_about():
    told = "Our rules must not be written by lawyers alone."
    asked = "Which parts of the company should have a seat at the table?"
    assert stand_alone(f"{told} {asked}", ()) == f"{asked} ({told.rstrip('.')})"
    named = "Which parts of the company lead in the red approach?"
    assert stand_alone(f"{told} {named}", (), ("Red approach", "Blue approach")) == named


@pytest.mark.parametrize(
    ("before", "question", "expected"),
    [
        (
            "We are closely watched. What follows from that?",
            "And for a trade that never stands still?",
            "What follows from that? (for a trade that never stands still)",
        ),
        (
            "Our culture is strict. Which approach fits?",
            "What if it was more like a club, where everybody talks to everybody?",
            "Which approach would suit us? (it was more like a club, where everybody talks to everybody)",
        ),
        (
            "Which approach suits a firm that has only begun?",
            "OK, and if we had done it for ages instead?",
            "Which approach would suit us? (we had done it for ages instead)",
        ),
        (
            "Does it matter that we are under strict rules?",
            "And for a startup where all changes weekly?",
            "Does that matter? (for a startup where all changes weekly)",
        ),
        (
            "We are a bank. Which approach suits us?",
            "And in an open culture, who pays for pilots?",
            "And in an open culture, who pays for pilots? (We are a bank. Which approach suits us?)",
        ),
        (
            "Which approach suits us?",
            "hm what if it was a place where all pitch in?",
            "Which approach would suit us? (it was a place where all pitch in)",
        ),
        (
            "Who signs a contract?",
            "And for a small one?",
            "And for a small one? (Who signs a contract?)",
        ),
    ],
)
def test_a_follow_up_that_puts_another_case_asks_the_same_of_that_one(before, question, expected):
    assert stand_alone(question, (Turn("user", before), Turn("assistant", "Much.")), NAMES) == expected


def test_in_the_second_case_means_the_second_thing_that_was_told():
    history = (Turn("user", "Which trials failed?"), Turn("assistant", "Two: the chatbot and the marking aid."))
    expected = "In the marking aid, how many papers were redone?"
    assert stand_alone("In the second case, how many papers were redone?", history) == expected


def test_without_a_conversation_nothing_changes():
    assert stand_alone("And the other one?", (), NAMES) == "And the other one?"


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("How does that differ for the bottom-up approach?", "What do people have to know in a bottom-up approach?"),
        ("Does this also apply to bottom-up?", "What do people have to know in a bottom-up approach?"),
        (
            "How does that help the bottom-up approach?",
            "How does that help the bottom-up approach? (What do people have to know in a top-down approach?)",
        ),
    ],
)
def test_how_another_differs_asks_the_same_of_it(question, expected):
    history = (Turn("user", "What do people have to know in a top-down approach?"),)
    assert stand_alone(question, history, NAMES) == expected


def test_small_talk_is_no_subject():
    history = (*EARLIER, Turn("user", "Thanks!"), Turn("assistant", "You are welcome."))
    assert stand_alone("And the other one?", history, NAMES) == "What are the drawbacks of the bottom-up approach?"


def test_a_follow_up_to_a_follow_up_keeps_the_subject():
    history = (*EARLIER, Turn("user", "And the other one?"), Turn("assistant", "Three as well."))
    assert stand_alone("What about hybrid?", history, NAMES) == "What are the drawbacks of the hybrid approach?"


def test_leaning_shows_in_the_words():
    assert leans_on_history("Why?")
    assert leans_on_history("does anyone else chip in?")
    assert leans_on_history("For how long? And what comes after?")
    assert not leans_on_history("Can I use someone else's badge?")
    assert not leans_on_history("Can somebody else collect my prescription?")
    assert not leans_on_history("Parking? How much does a permit cost for students?")
    assert not leans_on_history("Does somebody else than the central team of a regulated bank pay licences?")
    assert not leans_on_history("Who pays the central team? And for how long?")
    assert not leans_on_history("What does a central team cost a regulated bank?")


def test_the_other_side_takes_the_place_of_the_one_asked_for():
    assert stand_alone("And the advantages?", EARLIER, NAMES) == "What are the advantages of the top-down approach?"
    history = (*EARLIER, Turn("user", "And the advantages?"), Turn("assistant", "Three."))
    assert stand_alone("What about hybrid?", history, NAMES) == "What are the advantages of the hybrid approach?"


@pytest.mark.parametrize(
    "asked",
    [
        "And the other side of the coin?",
        "and the flip side",
        "What about the other side?",
        "And what's the flip side of it?",
    ],
)
def test_the_other_side_of_the_coin_is_the_side_that_was_not_asked_for(asked):
    assert stand_alone(asked, EARLIER, NAMES) == "What are the advantages of the top-down approach?"
    praised = (Turn("user", "What's good about an owned fleet?"), Turn("assistant", "It is ours."))
    assert stand_alone(asked, praised) == "What are the drawbacks of an owned fleet?"


@pytest.mark.parametrize(
    ("before", "asked", "alone"),
    [
        ("What do we gain from the top-down approach?", "And the drawbacks?", "the drawbacks of the top-down approach"),
        (
            "What's good about directors running it?",
            "OK, and what speaks against it?",
            "the drawbacks of directors running it",
        ),
        (
            "What's good about directors running it?",
            "Now the downsides please",
            "the downsides of directors running it",
        ),
        ("What are the pros of a lease?", "what can go wrong with that?", "the drawbacks of a lease"),
        ("What are the pros of a lease?", "and the catch?", "the drawbacks of a lease"),
        ("What can go wrong if the board leads?", "And what's good about it?", "the advantages if the board leads"),
    ],
)
def test_the_other_side_is_asked_for_in_any_words(before, asked, alone):
    history = (Turn("user", before), Turn("assistant", "There are two."))
    assert stand_alone(asked, history, NAMES) == f"What are {alone}?"


@pytest.mark.parametrize("asked", ["What can go wrong with the payroll system?", "And the drawbacks of leasing?"])
def test_a_side_of_something_else_does_not_take_the_place_of_the_one_asked_for(asked):
    praised = (Turn("user", "What's good about an owned fleet?"), Turn("assistant", "It is ours."))
    assert "fleet" not in stand_alone(asked, praised).partition(" (")[0]


def test_a_question_with_a_subject_of_its_own_does_not_lean():
    assert not leans_on_history("Who pays for the central AI team?")
    assert leans_on_history("Who pays?")
    assert leans_on_history("And who pays for the central AI team?")


def test_what_ends_in_that_leans_on_what_was_said():
    assert leans_on_history("What part do the people on the shop floor play in that?")
    assert not leans_on_history("What part do the people on the shop floor play in a shared fleet?")
    assert leans_on_history("Who lays down the rules of the fleet in that case?")


def test_the_catch_is_that_of_what_was_spoken_of():
    assert leans_on_history("What is the catch?")
    assert not leans_on_history("What is governance?")


THREE = ("Owned fleet", "Leased fleet", "Shared fleet")
PROS = (Turn("user", "What are the pros of the owned fleet?"), Turn("assistant", "There are two."))


def test_the_other_one_of_three_is_asked_back():
    assert which_other("And the other one?", PROS, THREE) == {
        "Leased fleet": "What are the pros of the leased fleet?",
        "Shared fleet": "What are the pros of the shared fleet?",
    }
    assert not which_other("And the other one?", PROS, THREE[:2])
    assert not which_other("And the other one, leased?", PROS, THREE)
    assert not which_other("And the other one?", EARLIER, NAMES)
    history = (*PROS, Turn("user", "And the other one?"), Turn("assistant", "Which one do you mean?"))
    assert stand_alone("Shared", history, THREE) == "What are the pros of the shared fleet?"


def test_which_is_more_of_something_compares():
    assert compares("And which is faster?")
    assert compares("Which one needs less budget?")
    assert not compares("Which other risks are there?")
    assert not compares("Which would you recommend?")


LISTED = (
    Turn("user", "What are the drawbacks of the top-down approach?"),
    Turn("assistant", "Distance from the problems, resistance to change, and an innovation bottleneck."),
)
SENTENCES = (
    LISTED[0],
    Turn("assistant", "Executives are far away. [1] Employees may resist. [2] Decisions slow down. [3]"),
)
BULLETS = (LISTED[0], Turn("assistant", "There are three:\n- Distance\n- Resistance to change\n- A bottleneck"))


@pytest.mark.parametrize(
    ("history", "question", "expected"),
    [
        (LISTED, "Can you say more about the second one?", "Can you say more about resistance to change?"),
        (LISTED, "Explain the last one.", "Explain an innovation bottleneck."),
        (LISTED, "Can you explain the last of those a bit?", "Can you explain an innovation bottleneck a bit?"),
        (SENTENCES, "What about the first drawback?", "What about Executives are far away?"),
        (SENTENCES, "And the third?", "And Decisions slow down?"),
        (BULLETS, "Tell me more about the second point.", "Tell me more about Resistance to change."),
    ],
)
def test_what_is_counted_is_that_of_the_last_answer(history, question, expected):
    assert stand_alone(question, history, NAMES) == expected


@pytest.mark.parametrize(
    ("question", "plain"),
    [
        (
            "Plenty of cash, but an open culture. What does the first allow and what does the second point to?",
            "What does plenty of cash allow and what does an open culture point to?",
        ),
        (
            "Temps on the line and freelancers: what applies to the former and what to the latter?",
            "what applies to temps on the line and what to freelancers?",
        ),
        ("We are old and they are new. What does the first need, what the second?", None),
        ("Speed and cost: what is the first step?", None),
        ("Speed and cost: what does the first year need and what does the second year?", None),
    ],
)
def test_two_things_just_named_are_the_first_and_the_second(question, plain):
    assert by_pair(question) == (plain or question)


def test_a_case_may_say_that_something_is_known():
    history = (Turn("user", "We are new to it. Which approach suits us?"), Turn("assistant", "The first one."))
    asked = stand_alone("What about in three years, when our data is in order and we know what we do?", history, NAMES)
    assert asked.startswith("Which approach would suit us? (in three years")


def test_when_goes_on_about_what_was_told_only_after_an_and():
    asked = "What do the drawbacks come to?"
    history = (Turn("user", asked), Turn("assistant", "Distance and resistance."))
    assert stand_alone("And when can we loosen the reins?", history) == f"And when can we loosen the reins? ({asked})"
    assert stand_alone("When can we loosen the reins?", history) == "When can we loosen the reins?"
    assert stand_alone("And which vendor should we choose?", history) == "And which vendor should we choose?"


@pytest.mark.parametrize(
    "question", ["What is the first step?", "And the seventh one?", "What is the last thing to do before rollout?"]
)
def test_what_counts_nothing_that_was_listed_stays(question):
    assert "istance" not in stand_alone(question, LISTED, NAMES)


def test_the_latter_is_one_of_two():
    two = (LISTED[0], Turn("assistant", "Resistance to change and a bottleneck."))
    assert stand_alone("Explain the latter.", two, NAMES) == "Explain a bottleneck."
    assert "change" not in stand_alone("Explain the latter.", LISTED, NAMES).partition("(")[0]


def test_a_final_decision_counts_nothing():
    history = (
        Turn("user", "Who makes the decision on AI projects?"),
        Turn("assistant", "Leaders set priorities. Teams propose projects."),
    )
    assert "Teams" not in stand_alone("And who makes the final decision?", history, NAMES)


def test_what_one_sentence_puts_in_a_row_is_counted_first():
    told = "Bottom-up has two risks: duplication at 1,000 sites and drift. Leaders can counter both."
    assert stand_alone("Explain the second one.", (LISTED[0], Turn("assistant", told)), NAMES) == "Explain drift."


def test_a_long_history_of_blank_lines_is_read_quickly():
    history = (LISTED[0], Turn("assistant", "a" + "\n" * 200_000 + "b"))
    assert stand_alone("Explain the second one.", history, NAMES)


def test_a_follow_up_is_also_searched_for_as_it_was_asked():
    texts = [
        "Files may have forty megabytes.",
        "Images are stored with documents of a database.",
        "Databases are free.",
    ]
    passages = [Passage(f"p{n}", "a.md", "", (), text, 0, len(text)) for n, text in enumerate(texts)]
    retriever = Retriever(memory_index(passages, FakeEncoder(), FakeSparseEncoder()), 3, lambda _: ())
    asked = "How large may files be?"
    alone = f"{asked} (Are images stored with documents of a database?)"
    index = memory_index(passages, FakeEncoder(), FakeSparseEncoder())
    assert index.search(alone, 1)[0].passage.id == "p1"
    scores = {hit.passage.id: hit.score for hit in retriever.search(alone, asked, 3)}
    first, second = ({hit.passage.id: hit.score for hit in index.search(text, 3)} for text in (alone, asked))
    assert scores == {name: pytest.approx((first[name] + second[name]) / 2) for name in first}
    assert retriever.search(asked, asked, 3) == index.search(asked, 3)


@pytest.mark.parametrize("question", ["Which vendor should we buy from?", "How many people should we hire?"])
def test_what_asks_for_which_of_another_thing_stands_for_itself(question):
    history = (Turn("user", "Top-down or bottom-up?"), Turn("assistant", "It depends."))
    assert stand_alone(question, history, NAMES) == question
    assert stand_alone("Which tools would we need for it?", history, NAMES) != "Which tools would we need for it?"


@pytest.mark.parametrize("opener", ["Sounds good.", "Makes sense,", "Interesting.", "Fair enough.", "OK."])
def test_what_a_follow_up_is_led_in_by_does_not_hide_that_it_is_one(opener):
    history = (Turn("user", "Is there a middle way between brush and roller?"), Turn("assistant", "Yes."))
    alone = stand_alone(f"{opener} What's the catch with it?", history)
    assert alone == "What's the catch with it? (Is there a middle way between brush and roller?)"
