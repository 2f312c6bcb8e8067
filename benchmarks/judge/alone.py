"""Statements put to the judge one by one: two regressions in ``assistant/calibration``, and what they are worth.

    .venv/bin/python benchmarks/judge/alone.py CASES.jsonl ... [--questions 20] [--seed 7] [--write]

CASES are closed cases (questions with passages of their own, some of which do not answer them); of each file as many
questions are taken that are answered as are not. The eight nearest statements of each are read with the default
embedded model, and the first four together. Fitted are ``alone``, on the best log odds and how far they stand out from
the middle one, and ``doubted``, on its log odds and those of the four together where it is in doubt. Printed are, for
each file, AUROC of the best yes, of the four together and of both as an answer uses them, and the share of unanswered
questions below what refuses a tenth of the answered. Takes some eight seconds a question on two cores; needs the
``evaluate`` extra and `strategy-assistant models pull`.
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
from assistant.reading import DOUBT
from assistant.settings import read
from assistant.statements import Statement, StatementFinder
from assistant.vectors import vectors_by
from corpus import split

_CALIBRATION = Path(assistant.calibrated.__file__).parent / "calibration" / "answerability.json"
_READ, _TOGETHER = 8, 4
_STRENGTH, _STRENGTH_DOUBTED = 0.3, 1.0
"""Of the regressions, as scikit-learn counts it (C)."""


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
    finder = StatementFinder(vectors_by(encoders.dense, encoders.sparse))
    rows, together, truth, of = [], [], [], []
    for path in given.cases:
        for case in drawn(path, given.questions, given.seed):
            passages = [passage for document in documents_of(case) for passage in split(document)]
            nearest = finder.best((case.question,), passages)[:_READ]
            odds = sorted(logit(yes(model, (one.whole,), case.question)) for one in nearest)
            rows.append([odds[-1], odds[-1] - median(odds)])
            together.append(yes(model, nearest[:_TOGETHER], case.question))
            truth.append(bool(case.answerable))
            of.append(path.stem)
    model.close()
    alone = LogisticRegression(C=_STRENGTH).fit(np.array(rows), np.array(truth))
    chance = alone.predict_proba(np.array(rows))[:, 1]
    doubt = np.array([DOUBT[0] <= one < DOUBT[1] for one in chance])
    both = np.array([[logit(one), logit(other)] for one, other in zip(chance, together, strict=True)])
    doubted = LogisticRegression(C=_STRENGTH_DOUBTED).fit(both[doubt], np.array(truth)[doubt])
    final = np.where(doubt, doubted.predict_proba(both)[:, 1], chance)
    made = {}
    for name in dict.fromkeys(of):
        here = [place for place, one in enumerate(of) if one == name]
        answered = np.array([truth[place] for place in here])
        scores = {
            "the best yes": [rows[place][0] for place in here],
            "the four together": [together[place] for place in here],
            "both": list(final[here]),
        }
        told = ", ".join(f"{title} {roc_auc_score(answered, score):.3f}" for title, score in scores.items())
        caught = float((final[here][~answered] < np.quantile(final[here][answered], 0.1)).mean())
        print(f"{name}: n={len(here)}, AUROC of {told}; caught at 10 % refused {caught:.2f}", flush=True)
        auroc = roc_auc_score(answered, scores["both"])
        made[name] = f"AUROC {auroc:.3f}, caught at 10 % refused {caught:.2f} (n={len(here)})"
    regressions = {
        "alone": regression(alone, ("model", "contrast")),
        "doubted": regression(doubted, ("alone", "together")),
    }
    print(json.dumps(regressions))
    if given.write:
        values = json.loads(_CALIBRATION.read_text("utf-8"))
        values["regressions"] |= regressions
        values["made"]["alone"] = made
        _CALIBRATION.write_text(json.dumps(values, indent=2) + "\n", "utf-8")


def regression(fitted: LogisticRegression, names: Sequence[str]) -> dict[str, Any]:
    """A fitted regression as the calibration holds it."""
    weights = {name: round(float(weight), 2) for name, weight in zip(names, fitted.coef_[0], strict=True)}
    return {"intercept": round(float(fitted.intercept_[0]), 2), "weights": weights}


if __name__ == "__main__":
    main()
