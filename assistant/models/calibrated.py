"""Probabilities from a few features: logistic regression whose weights stand in a small readable file."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

_FLOOR = 1e-4


@dataclass(frozen=True, slots=True)
class Logistic:
    """A logistic regression: P = 1 / (1 + exp(-(intercept + sum of weight x feature)))."""

    intercept: float
    weights: Mapping[str, float]

    def probability(self, features: Mapping[str, float]) -> float:
        """The probability, 0 to 1. Raises ``KeyError`` where a feature with a weight is missing."""
        total = self.intercept + sum(weight * features[name] for name, weight in self.weights.items())
        return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, total))))


@dataclass(frozen=True, slots=True)
class Opinion:
    """What a language model says to a question of yes or no: P(yes), and whether it was trained to judge."""

    yes: float
    trained: bool = False


@dataclass(frozen=True, slots=True)
class Calibration:
    """What ``benchmarks/calibrate.py`` wrote: regressions by name, thresholds by name, and how they were made."""

    regressions: Mapping[str, Logistic]
    thresholds: Mapping[str, float]
    made: Mapping[str, Any]

    def probability(self, features: Mapping[str, float], opinion: Opinion | None = None) -> float:
        """The probability by the features alone or, given a language model's opinion, by both.

        The regressions for both may read the features and two log odds: ``words``, that of the features alone, and
        ``model``. A model that was trained to judge has a regression of its own.
        """
        words = self.regressions["features"].probability(features)
        if opinion is None:
            return words
        both = self.regressions["with_judge" if opinion.trained else "with_model"]
        return both.probability({**features, "words": logit(words), "model": logit(opinion.yes)})


def load_calibration(name: str) -> Calibration:
    """The calibration ``assistant/calibration/<name>.json``."""
    values = json.loads(files("assistant").joinpath("calibration", f"{name}.json").read_text("utf-8"))
    regressions = {
        key: Logistic(float(value["intercept"]), {feature: float(w) for feature, w in value["weights"].items()})
        for key, value in values["regressions"].items()
    }
    thresholds = {key: float(value) for key, value in values["thresholds"].items()}
    return Calibration(regressions, thresholds, values["made"])


def logit(probability: float) -> float:
    """The log odds of a probability, bounded so that 0 and 1 stay finite."""
    bounded = min(1.0 - _FLOOR, max(_FLOOR, probability))
    return math.log(bounded / (1.0 - bounded))


def of_log_odds(log_odds: float) -> float:
    """The probability with these log odds."""
    return 1.0 / (1.0 + math.exp(-log_odds))
