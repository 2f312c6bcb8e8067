"""Questions within a question."""

import pytest

from assistant.questions.parting import parts


@pytest.mark.parametrize(
    "question",
    [
        "Am I entitled to a lamp, who approves it, and how long does it take?",
        "Had the trial ended by June, who closed it, and what was left over?",
        "Who decides, who pays, and who may stop it?",
        "1. Who approves a boat? 2. How long does it take? 3. What does it cost?",
    ],
)
def test_three_questions_are_three(question):
    assert len(parts(question)) == 3


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Is a lamp needed, and if so who pays for it?", ("Is a lamp needed", "if so who pays for it?")),
        ("Can I opt out, and if not, why not?", ("Can I opt out", "if not, why not?")),
        ("Who runs the mill and whose purse pays?", ("Who runs the mill", "whose purse pays?")),
        ("Who checks the oil, and by whom is it sealed?", ("Who checks the oil", "by whom is it sealed?")),
        ("Who may use the boat and under which conditions?", ("Who may use the boat", "under which conditions?")),
        ("Was the mill stopped and was the money returned?", ("Was the mill stopped", "was the money returned?")),
        ("Were the crew asked and has the union agreed?", ("Were the crew asked", "has the union agreed?")),
        ("Who approves it and is training required?", ("Who approves it", "is training required?")),
        ("Who approves Larch and can Elm use it?", ("Who approves Larch", "can Elm use it?")),
    ],
)
def test_a_question_is_parted_however_the_second_begins(question, expected):
    assert parts(question) == expected


@pytest.mark.parametrize(
    "question",
    [
        "Which boats are approved and can be used by guests?",
        "Who sits on the board and can veto a voyage?",
        "What runs in the mill and does not leave the house?",
        "Which firms have signed and will be kept?",
        "Who is told when it breaks and is never asked?",
    ],
)
def test_what_the_same_subject_also_does_is_no_question_of_its_own(question):
    assert parts(question) == (question,)


@pytest.mark.parametrize(
    "question",
    [
        "How do we treat guests who complain and who want their money back?",
        "May I use the lamp at home and when travelling?",
        "Who decides what we buy and what we build?",
        "How soon must we report it and to whom?",
        "Is the boat longer than the mill, and by how much?",
    ],
)
def test_a_clause_belongs_to_its_question(question):
    assert parts(question) == (question,)


def test_what_stands_after_eight_questions_is_asked_with_the_last():
    asked = [f"Who keeps the {thing}?" for thing in "oil salt rope sail net boat mill lamp seed".split()]
    found = parts(" ".join(asked))
    assert found[:7] == tuple(asked[:7])
    assert found[7:] == (f"{asked[7]} and {asked[8]}",)
