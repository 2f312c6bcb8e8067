import pytest

from assistant.answer_kind import lacks_kind_of_answer


@pytest.mark.parametrize(
    ("question", "text", "lacks"),
    [
        ("How many people should the team have?", "The team supplies platforms.", True),
        ("How many people should the team have?", "The team has five people.", False),
        ("What salary should we pay the head?", "The head leads the centre.", True),
        ("How long does the change take?", "The change is hard.", True),
        ("How long does the change take?", "The change takes several months.", False),
        ("Which vendors does it recommend?", "Teams choose tools themselves.", True),
        ("Which vendors does it recommend?", "Tools are bought from Kestrel only.", False),
        ("Who leads the team?", "The team is led by executives.", False),
        ("How much does training help?", "Training helps.", False),
    ],
)
def test_a_question_for_a_number_a_time_or_a_name_needs_one(question, text, lacks):
    assert lacks_kind_of_answer(question, [text]) is lacks
