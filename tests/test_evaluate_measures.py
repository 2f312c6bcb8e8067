import math

import numpy as np
import pytest
from scipy import stats
from sklearn import metrics

from assistant.evaluate.beir import best_passages
from assistant.evaluate.measures import ranking
from assistant.evaluate.measures.evidence import covered_groups, groups_in, right_citations
from assistant.evaluate.measures.intervals import estimate, percentile, ratio
from assistant.evaluate.measures.paired import paired_difference
from assistant.evaluate.measures.retrieval import retrieval_scores
from assistant.evaluate.measures.words import proves, stands_in, token_f1
from assistant.evaluate.report.charts import percent


def weights(*drawn: float) -> np.ndarray:
    return np.array([drawn])


def test_token_f1_by_hand() -> None:
    # "cat sat" of "cat sat down" and of "black cat sat": 2 shared, precision 2/3, recall 2/3.
    assert token_f1("The cat sat down.", "A black cat sat!") == pytest.approx(2 / 3)
    assert token_f1("", "") == 1
    assert token_f1("one", "two") == 0
    assert token_f1("the", "word") == 0


def test_words_stand_in_a_text_whatever_its_line_breaks() -> None:
    assert stands_in("a  b\nc", "x a b c y")
    assert stands_in("the **board** pays, see [the plan](plan.md)", "Here the board pays, see the plan.")
    assert stands_in("| P1 | Chief and Lead |", "Severity: P1; Approver: Chief and Lead; Time: 1 hour")
    assert not stands_in("P1 | 1 hour", "Severity: P1; Approver: Chief and Lead; Time: 1 hour")
    assert stands_in("most teams begin with the plan and con-", "most teams begin with the plan and continue")
    assert not stands_in("** |", "anything | at all")
    assert not stands_in("a B", "a b")
    assert proves("1562", "It peaked by 1562.")
    assert proves("It has the right words here.", "the right words")
    assert not proves("AI is what it is", "AI is")


def test_groups_are_found_by_any_alternative() -> None:
    evidence = (("one two", "three"), ("four five",))
    assert groups_in(evidence, ["so three it is", "four\n five"]) == [True, True]
    assert groups_in(evidence, ["four", "five"]) == [False, False]


def test_right_citations_and_covered_groups() -> None:
    evidence = (("The board pays for it.",), ("Teams lead the work well.",))
    cited = ["The board pays for it.", "Something else is said here."]
    assert right_citations(evidence, cited) == [True, False]
    assert covered_groups(evidence, cited) == [True, False]


def test_ratio_is_a_ratio_of_sums_and_follows_the_weights() -> None:
    statistic = ratio(np.array([1.0, 0.0, 3.0]), np.array([1.0, 1.0, 4.0]))
    assert statistic(weights(1, 1, 1))[0] == pytest.approx(4 / 6)
    assert statistic(weights(2, 1, 0))[0] == pytest.approx(2 / 3)
    assert math.isnan(statistic(weights(0, 0, 0))[0])


def test_interval_of_a_share_agrees_with_theory() -> None:
    found = estimate(ratio(np.repeat([1.0, 0.0], 50), np.ones(100)), 100)
    assert found is not None
    assert found.value == 0.5
    # The normal approximation gives 0.5 -+ 1.96 * 0.05.
    assert found.low == pytest.approx(0.402, abs=0.02)
    assert found.high == pytest.approx(0.598, abs=0.02)
    assert estimate(ratio(np.repeat([1.0, 0.0], 50), np.ones(100)), 100) == found
    assert estimate(ratio(np.array([]), np.array([])), 0) is None
    assert estimate(ratio(np.zeros(2), np.zeros(2)), 2) is None


def test_percentile_is_a_value_that_occurred() -> None:
    values = np.array([30.0, 10.0, 20.0, 40.0])
    assert percentile(values, 0.5)(weights(1, 1, 1, 1))[0] == 20
    assert percentile(values, 0.95)(weights(1, 1, 1, 1))[0] == 40
    assert percentile(values, 0.5)(weights(0, 0, 0, 3))[0] == 40


@pytest.fixture
def judged() -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(5)
    truths = random.random(60) < 0.4
    # Rounded, so that there are ties.
    return truths, np.round(random.normal(truths.astype(float)), 1)


def test_statistics_agree_with_scikit_learn(judged: tuple[np.ndarray, np.ndarray]) -> None:
    truths, scores = judged
    verdicts = scores > 0.5
    even, drawn = np.ones((1, 60)), np.random.default_rng(1).integers(0, 4, (1, 60)).astype(float)
    for draws in (even, drawn):
        once = draws[0]
        assert ranking.auroc_of(truths, scores)(draws)[0] == pytest.approx(
            metrics.roc_auc_score(truths, scores, sample_weight=once)
        )
        assert ranking.macro_f1_of(truths, verdicts)(draws)[0] == pytest.approx(
            metrics.f1_score(truths, verdicts, average="macro", sample_weight=once)
        )
        assert ranking.balanced_accuracy_of(truths, verdicts)(draws)[0] == pytest.approx(
            metrics.balanced_accuracy_score(truths, verdicts, sample_weight=once)
        )
        wrongly, rightly, _ = metrics.roc_curve(truths, scores, sample_weight=once, drop_intermediate=False)
        assert ranking.recall_within(truths, scores, 0.1)(draws)[0] == pytest.approx(rightly[wrongly <= 0.1].max())
    assert ranking.auroc(truths, scores) == pytest.approx(ranking.auroc_of(truths, scores)(even)[0])
    assert ranking.macro_f1(truths, verdicts) == pytest.approx(ranking.macro_f1_of(truths, verdicts)(even)[0])
    assert ranking.balanced_accuracy(truths, verdicts) == pytest.approx(
        ranking.balanced_accuracy_of(truths, verdicts)(even)[0]
    )


def test_rankings_by_hand() -> None:
    truths, scores = np.array([True, False, True, False]), np.array([0.9, 0.8, 0.4, 0.1])
    # Pairs won: (.9 over both), (.4 over .1) = 3 of 4.
    assert ranking.auroc(truths, scores) == 0.75
    assert ranking.recall_within(truths, scores, 0.10)(np.ones((1, 4)))[0] == 0.5
    assert math.isnan(ranking.auroc(np.array([True]), np.array([1.0])))
    assert math.isnan(ranking.auroc_of(truths, scores)(weights(1, 0, 1, 0))[0])
    points = ranking.curve(truths, scores)
    assert (points[0].caught, points[-1].caught, points[-1].wrongly_caught) == (0, 1, 1)
    assert ranking.curve(np.array([True]), np.array([1.0])) == []


def test_retrieval_by_hand() -> None:
    judged = {"q": {"a": 1, "b": 1}, "none": {"c": 1}, "empty": {"d": 1}}
    ranked = {"q": {"x": 3.0, "a": 2.0, "y": 1.0, "b": 0.5}, "none": {"x": 1.0}, "unjudged": {"a": 1.0}}
    scores = retrieval_scores(judged, ranked)
    ideal = 1 + 1 / math.log2(3)
    assert scores["q"]["ndcg@10"] == pytest.approx((1 / math.log2(3) + 1 / math.log2(5)) / ideal)
    assert scores["q"]["mrr"] == 0.5
    assert scores["q"]["map"] == pytest.approx((1 / 2 + 2 / 4) / 2)
    assert scores["q"]["recall@5"] == 1
    assert set(scores) == set(judged)
    assert scores["none"] == scores["empty"] == dict.fromkeys(scores["q"], 0.0)


def test_recall_stops_at_its_depth() -> None:
    ranked = {"q": {f"d{number:02}": 20.0 - number for number in range(20)}}
    scores = retrieval_scores({"q": {"d05": 1, "d09": 1, "d10": 1, "d00": 1}}, ranked)["q"]
    assert (scores["recall@5"], scores["recall@10"]) == (0.25, 0.75)


def test_a_documents_score_is_that_of_its_best_passage() -> None:
    assert best_passages([("a", 1.0), ("b", 3.0), ("a", 2.0), ("a", -1.0)]) == {"a": 2.0, "b": 3.0}


def test_no_difference_from_itself() -> None:
    run = (np.array([1.0, 0.0, 1.0]), np.ones(3))
    found = paired_difference(run, run)
    assert found is not None
    assert (found.value, found.low, found.high, found.p, found.certain) == (0, 0, 0, 1, False)


def test_a_clear_difference_is_certain_and_a_chance_one_is_not() -> None:
    below = np.ones(40)
    better = paired_difference((np.ones(40), below), (np.repeat([1.0, 0.0], 20), below))
    assert better is not None
    assert better.certain
    assert better.value == 0.5
    # Of 2^20 equally likely swaps, two are as large.
    assert better.p == pytest.approx(2 / 10_001), "one of either side"
    one = np.zeros(40)
    one[0] = 1.0
    chance = paired_difference((one, below), (np.zeros(40), below))
    assert chance is not None
    assert not chance.certain
    assert chance.p == 1
    assert paired_difference((np.zeros(0), np.zeros(0)), (np.zeros(0), np.zeros(0))) is None


def test_the_test_agrees_with_the_exact_sign_flips() -> None:
    ours, theirs = np.array([1.0, 1.0, 1.0, 1.0, 1.0, 0.0]), np.array([0.0, 0.0, 0.0, 0.0, 0.0, 1.0])
    found = paired_difference((ours, np.ones(6)), (theirs, np.ones(6)))
    assert found is not None
    # |sum of six signs| >= 4: (1 + 6 + 6 + 1) of 64.
    assert found.p == pytest.approx(14 / 64, abs=0.02)


def test_intervals_and_test_agree_with_scipy() -> None:
    random = np.random.default_rng(5)
    ours, theirs = random.random(60), random.random(60) - 0.1
    ones = np.ones(60)

    def gap(one: np.ndarray, other: np.ndarray, axis: int = -1) -> np.ndarray:
        return one.mean(axis=axis) - other.mean(axis=axis)

    found = paired_difference((ours, ones), (theirs, ones))
    assert found is not None
    drawn = stats.bootstrap((ours, theirs), gap, paired=True, method="percentile", rng=random).confidence_interval
    assert (found.low, found.high) == (pytest.approx(drawn.low, abs=0.015), pytest.approx(drawn.high, abs=0.015))
    chance = stats.permutation_test((ours, theirs), gap, permutation_type="samples", rng=random).pvalue
    assert found.p == pytest.approx(chance, abs=0.015)
    alone = estimate(ratio(ours, ones), 60)
    assert alone is not None
    drawn = stats.bootstrap((ours,), np.mean, method="percentile", rng=random).confidence_interval
    assert (alone.low, alone.high) == (pytest.approx(drawn.low, abs=0.01), pytest.approx(drawn.high, abs=0.01))


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (0, "0 %"),
        (0.0001, "0.1 %"),
        (0.004, "0.4 %"),
        (0.42, "42 %"),
        (0.997, "99.7 %"),
        (0.9999, "99.9 %"),
        (1, "100 %"),
    ],
)
def test_none_and_all_are_said_only_of_none_and_all(share: float, words: str) -> None:
    assert percent(share) == words
