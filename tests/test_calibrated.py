"""Calibrated probabilities and the files they are read from."""

import math

import pytest

from assistant.models.calibrated import Calibration, Logistic, Opinion, load_calibration, logit


def test_a_logistic_regression_adds_up() -> None:
    model = Logistic(-1.0, {"a": 2.0, "b": 0.5})
    assert model.probability({"a": 0.5, "b": 0.0, "c": 9.0}) == pytest.approx(0.5)
    assert model.probability({"a": 1.0, "b": 2.0}) == pytest.approx(1 / (1 + math.exp(-2.0)))


def test_a_missing_feature_is_an_error() -> None:
    with pytest.raises(KeyError):
        Logistic(0.0, {"a": 1.0}).probability({})


def test_extreme_values_stay_probabilities() -> None:
    assert 0.0 < Logistic(0.0, {"a": 1.0}).probability({"a": -1e9}) < 1e-9
    assert logit(0.0) == pytest.approx(-logit(1.0))
    assert logit(0.5) == 0.0


def test_the_model_is_read_beside_the_words() -> None:
    words = Logistic(0.0, {"a": 1.0})
    both = Logistic(0.0, {"words": 1.0, "model": 1.0})
    calibration = Calibration({"features": words, "with_model": both}, {}, {})
    assert calibration.probability({"a": 1.0}) == words.probability({"a": 1.0})
    assert calibration.probability({"a": 1.0}, Opinion(0.5)) == pytest.approx(words.probability({"a": 1.0}))
    assert calibration.probability({"a": 1.0}, Opinion(0.9)) > calibration.probability({"a": 1.0}, Opinion(0.6))


def test_a_trained_judge_is_weighed_by_itself_and_may_read_the_features() -> None:
    regressions = {
        "features": Logistic(0.0, {"a": 1.0}),
        "with_model": Logistic(0.0, {"words": 1.0}),
        "with_judge": Logistic(0.0, {"a": 3.0, "model": 2.0}),
    }
    calibration = Calibration(regressions, {}, {})
    assert calibration.probability({"a": 0.0}, Opinion(0.8)) == pytest.approx(0.5)
    assert calibration.probability({"a": 0.0}, Opinion(0.8, trained=True)) == pytest.approx(16 / 17)


@pytest.mark.parametrize("name", ["answerability", "support"])
def test_what_ships_is_complete_and_says_how_it_was_made(name: str) -> None:
    calibration = load_calibration(name)
    assert calibration.made["by"]
    assert set(calibration.regressions["with_model"].weights) == {"words", "model"}
    assert all(weight > 0 for weight in calibration.regressions["with_model"].weights.values())
    assert calibration.regressions["with_judge"].weights["model"] > 0
    assert "judged" in calibration.thresholds
    assert all(0.0 < value < 1.0 for value in calibration.thresholds.values())
