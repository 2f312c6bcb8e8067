"""Statements put to the judge one by one: the regression ``alone`` in ``assistant/calibration``, and what it is worth.

    .venv/bin/python benchmarks/judge/alone.py CASES.jsonl ... [--questions 20] [--seed 7] [--write]

CASES are closed cases (questions with passages of their own, some of which do not answer them); of each file as many
questions are taken that are answered as are not. The five nearest statements of each are read with the default
embedded model. Printed are, for each file, AUROC of the best yes and of the yes to the four nearest read together, and
over all the regression of the best log odds and how far they stand out from the middle one. Takes some 15 seconds a
question on two cores; needs the ``evaluate`` extra and `strategy-assistant models pull`.
"""

import argparse
import json
import random
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

import assistant.calibrated
from assistant import prompting
from assistant.answerability import task
from assistant.calibrated import logit
from assistant.evaluate.cases import Case, load_cases
from assistant.evaluate.closed import documents_of
from assistant.evaluate.models import open_encoders, open_language_model
from assistant.models import LanguageModel, yes_probability
from assistant.settings import read
from assistant.statements import Statement, StatementFinder
from assistant.vectors import Vectors
from corpus import split

_CALIBRATION = Path(assistant.calibrated.__file__).parent / "calibration" / "answerability.json"
_READ, _TOGETHER = 5, 4
_STRENGTH = 0.3
"""Of the regression, as scikit-learn counts it (C)."""


def drawn(path: Path, questions: int, seed: int) -> list[Case]:
    """As many answered cases as others, in turn."""
    cases = list(load_cases(path))
    random.Random(seed).shuffle(cases)
    answered = [case for case in cases if case.answerable][:questions]
    others = [case for case in cases if not case.answerable][:questions]
    return [case for pair in zip(answered, others, strict=False) for case in pair]


def yes(model: LanguageModel, statements: Sequence[Statement], question: str) -> float:
    return yes_probability(model, prompting.messages(statements, question, task())) or 0.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cases", type=Path, nargs="+")
    parser.add_argument("--questions", type=int, default=20, help="of either kind, from each file")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    settings = read({"model": "qwen2.5-coder-1.5b"})
    encoders, model = open_encoders(settings), open_language_model(settings)
    assert model is not None
    dense, sparse = encoders.dense, encoders.sparse
    finder = StatementFinder(Vectors(dense.encode, sparse.encode if sparse else None, dense.encode_tokens))
    rows, truth = [], []
    for path in given.cases:
        best, together, answered = [], [], []
        for case in drawn(path, given.questions, given.seed):
            passages = [passage for document in documents_of(case) for passage in split(document)]
            nearest = finder.best((case.question,), passages)[:_READ]
            odds = sorted(logit(yes(model, (one.whole,), case.question)) for one in nearest)
            rows.append([odds[-1], odds[-1] - median(odds)])
            best.append(odds[-1])
            together.append(yes(model, nearest[:_TOGETHER], case.question))
            answered.append(bool(case.answerable))
        truth += answered
        print(
            f"{path.stem}: n={len(answered)}, AUROC of the best yes {roc_auc_score(answered, best):.3f}, "
            f"read together {roc_auc_score(answered, together):.3f}",
            flush=True,
        )
    model.close()
    fitted = LogisticRegression(C=_STRENGTH).fit(np.array(rows), np.array(truth))
    weights = dict(zip(("model", "contrast"), (round(float(weight), 2) for weight in fitted.coef_[0]), strict=True))
    regression: dict[str, Any] = {"intercept": round(float(fitted.intercept_[0]), 2), "weights": weights}
    chance = fitted.predict_proba(np.array(rows))[:, 1]
    made = f"AUROC {roc_auc_score(truth, chance):.3f} on what it was fitted to (n={len(truth)})"
    print(json.dumps({"alone": regression}), made)
    if given.write:
        values = json.loads(_CALIBRATION.read_text("utf-8"))
        values["regressions"]["alone"] = regression
        values["made"]["alone"] = made
        _CALIBRATION.write_text(json.dumps(values, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()
