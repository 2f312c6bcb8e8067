"""What a question compares by, and where it compares altogether."""

import pytest

from assistant.questions.criteria import COMPARING_WORDS, criteria
from assistant.words import content_set

OWN = content_set("top-down bottom-up hybrid")


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Compare top-down and bottom-up on time to first use and AI literacy.", ["Time to first use", "AI literacy"]),
        ("Compare top-down and bottom-up with regard to who decides.", ["Who decides"]),
        ("How does hybrid compare with top-down in cost?", ["Cost"]),
        ("Compare the training needs of top-down and bottom-up.", ["Training needs"]),
        ("How does the role of the centre differ between bottom-up and hybrid?", ["Role of the centre"]),
        ("Top-down vs bottom-up: which is riskier?", ["Risks"]),
        ("Is top-down faster than bottom-up?", ["Speed"]),
        ("Top-down versus bottom-up: which keeps teams in line?", ["Keeps teams in line"]),
        ("Which skills do people need under top-down versus bottom-up?", ["Skills do people need"]),
        ("Which of top-down and bottom-up makes shared data more likely?", ["Shared data"]),
        ("How does top-down do against bottom-up when it comes to fitting the strategy?", ["Fitting the strategy"]),
        ("When is top-down preferable to bottom-up?", []),
        ("As CEO, how would my own job differ between top-down and bottom-up?", ["Job"]),
        ("How might costs differ between top-down and hybrid?", ["Costs"]),
        (
            "What must staff learn when management leads, compared with when teams lead? (top-down, bottom-up)",
            ["What must staff learn"],
        ),
        (
            "What must staff understand if management leads, compared with when teams lead? (top-down, bottom-up)",
            ["What must staff understand"],
        ),
        ("How do costs differ when management leads, and when teams lead?", ["Costs"]),
        ("How do top-down and bottom-up compare when the firm grows?", ["When the firm grows"]),
        ("How do the costs of top-down and bottom-up differ when we grow?", ["Costs"]),
        ("Which is cheaper, top-down or bottom-up, and how do they perform when money is tight?", ["Cost"]),
        (
            "How do the two compare when you go big? (We are small) (top-down, bottom-up)",
            ["When you go big"],
        ),
        (
            "Skills of staff: what is needed if top-down is chosen, versus if bottom-up is?",
            ["Skills of staff: what is needed"],
        ),
        ("Compare all approaches for our board.", []),
        ("For the away-day: how do top-down and bottom-up stack up against each other, the good and the bad?", []),
        (
            "Taking one yardstick, whether it serves the whole company: what do top-down and bottom-up give us?",
            ["Whether it serves the whole company"],
        ),
        (
            "Compare top-down and bottom-up on one point only: how fast do tools reach staff?",
            ["How fast do tools reach staff"],
        ),
        ("Which of the two, top-down or bottom-up, makes tools that staff like?", ["Tools that staff"]),
        ("Trying things out quickly: top-down versus bottom-up?", ["Trying things out quickly"]),
        ("Two questions: is top-down dear, is bottom-up slow?", []),
        ("Compare the main ways to organise AI.", []),
        ("Compare the three strategic approaches.", []),
        ("Compare top-down and bottom-up for a bank.", []),
        ("Is AI led by teams bottom-up or top-down?", []),
        ("What is the difference between top-down and hybrid?", []),
    ],
)
def test_only_what_is_named_as_such_is_compared_by(question, expected):
    assert criteria(question, OWN | content_set("approach to AI"), OWN) == expected


@pytest.mark.parametrize("asked", ["Who runs it", "Who talks to the staff", "Where does the money go"])
def test_words_of_comparing_leave_what_is_asked(asked):
    assert content_set(asked) - COMPARING_WORDS
