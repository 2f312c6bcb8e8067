"""Answerability: passages that answer, near misses, and what the language model adds."""

import pytest
from hashed_words import encode

from assistant.judging.answerability import Answerability, Judgement, task
from assistant.models.calibrated import Opinion
from corpus.records import Passage

CULTURE = "Hierarchical organizations gravitate toward top-down models, while collaborative cultures thrive bottom-up."
TEAMS = "Individual teams often lack the budget, skills, or infrastructure to execute sophisticated AI projects."


def passage(text: str, *path: str) -> Passage:
    return Passage("p", "d.md", "Guide", path, text, 0, len(text))


@pytest.fixture
def judge() -> Answerability:
    return Answerability(encode)


def test_covered_is_likelier_than_a_near_miss(judge: Answerability) -> None:
    passages = [passage(TEAMS, "Bottom-up", "Drawbacks"), passage(CULTURE, "Culture")]
    covered = judge.score("Which skills and budget do individual teams lack?", passages)
    near_miss = judge.score("What does the guidance say about GDPR penalties for individual teams?", passages)
    assert covered.probability > near_miss.probability
    assert covered.missing == ()
    assert "gdpr" in near_miss.missing


def test_words_that_only_frame_a_question_are_not_missing(judge: Answerability) -> None:
    judged = judge.score("What does the guidance say about individual teams?", [passage(TEAMS)])
    assert judged.missing == ()


def test_the_heading_counts_as_words_of_the_passage(judge: Answerability) -> None:
    judged = judge.score("What is a drawback?", [passage("Teams lack skills.", "Drawbacks")])
    assert judged.missing == ()


def test_the_model_moves_the_probability(judge: Answerability) -> None:
    passages = [passage(TEAMS)]
    sure, unsure = (judge.score("What do teams lack?", passages, Opinion(p)).probability for p in (0.95, 0.05))
    assert sure > unsure


@pytest.mark.parametrize(
    "question",
    ["How many skills do individual teams lack?", "Which vendors do individual teams use?", "When was the budget cut?"],
)
def test_a_number_or_name_is_not_answered_by_passages_without_any(judge: Answerability, question: str) -> None:
    assert not judge.score(question, [passage(TEAMS)], Opinion(0.99)).answerable
    with_both = passage(TEAMS + " In 2021 a team lacked 12 skills and used Contoso.")
    assert (
        judge.score(question, [with_both], Opinion(0.99)).probability
        > judge.score(question, [passage(TEAMS)], Opinion(0.99)).probability
    )


@pytest.mark.parametrize("said", [0.0, 1.0, None])
def test_the_probability_is_a_probability(judge: Answerability, said: float | None) -> None:
    opinion = None if said is None else Opinion(said)
    assert 0.0 <= judge.score("What do teams lack?", [passage(TEAMS)], opinion).probability <= 1.0


def test_nothing_answers_from_no_passages(judge: Answerability) -> None:
    assert judge.score("What do teams lack?", []) == Judgement(0.0, False, {})


def test_a_question_of_little_words_has_a_probability(judge: Answerability) -> None:
    assert 0.0 <= judge.score("And why is that so?", [passage(TEAMS)]).probability <= 1.0


def test_the_task_asks_for_yes_or_no() -> None:
    assert task().endswith("Answer yes or no.")


def test_a_middling_yes_answers_where_a_passage_is_near_and_not_where_all_are_far(judge: Answerability) -> None:
    near, far = (judge.alone([0.05, 0.3, 0.1], cosine) for cosine in (0.6, 0.2))
    assert near > judge.least("alone") > judge.alone([0.1], 0.2)
    assert near > far
    assert judge.alone([0.3], 0.6) == near, "the best counts"
    assert judge.alone([0.9], 0.2) > near


def test_how_near_the_nearest_passage_is(judge: Answerability) -> None:
    asked = "Which skills do individual teams lack?"
    both = judge.nearest(asked, [passage(CULTURE), passage(TEAMS)])
    assert both == pytest.approx(judge.nearest(asked, [passage(TEAMS)]))
    assert both > judge.nearest(asked, [passage(CULTURE)])
    assert judge.nearest(asked, []) == 0.0
