"""Statements put to the judge one by one: two regressions in ``assistant/calibration``, and what they are worth.

    python -m benchmarks.judge.alone CASES.jsonl ... [--questions 20] [--seed 7] [--write]
                                     [--beside CORPUS.jsonl ... --passages 5000]

CASES are closed cases (questions with passages of their own, some of which do not answer them); of each file as many
questions are taken that are answered as are not. The eight nearest statements of each are read with the default
embedded model, and the first four together. With ``--beside`` answered questions alone are taken, and the passages of
half of them stand among thousands on other things (texts in the layout of BEIR): the others are not answered, and most
meet statements that are near by chance. Fitted are ``alone``, on the best log odds and the cosine of the nearest
passage, every set counting the same, and ``doubted``, on its log odds and those of the four together where it is in
doubt. Printed are, for each set, AUROC of the best yes, of the four together and of both as an answer uses them, and
the share of unanswered questions below what refuses a tenth of the answered. Takes some eight seconds a question on
two cores without 8-bit instructions and two with them; needs the ``evaluate`` extra and `strategy-assistant models
pull`. The index of what stands beside is kept in the data folder.
"""

import argparse
import json
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

import assistant.models.calibrated
from assistant.answering.reading import DOUBT
from assistant.builder import open_configured
from assistant.contents import prompting
from assistant.contents.finder import StatementFinder
from assistant.contents.statements import Statement
from assistant.contents.vectors import vectors_by
from assistant.evaluate.cases import Case, load_cases
from assistant.evaluate.closed import documents_of
from assistant.evaluate.models import open_encoders, open_language_model, tell
from assistant.judging.answerability import Answerability, task
from assistant.models import LanguageModel, yes_probability
from assistant.models.calibrated import logit
from assistant.settings import Settings, read
from benchmarks.unrelated import texts, write
from corpus import split

_CALIBRATION = Path(assistant.models.calibrated.__file__).parents[1] / "calibration" / "answerability.json"
_READ, _TOGETHER = 8, 4
_STRENGTH, _STRENGTH_DOUBTED = 3.0, 1.0
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


@dataclass(slots=True)
class Rows:
    """What was made of questions: the best log odds and the cosine, the yes to four together, the truth and the set."""

    features: list[tuple[float, float]] = field(default_factory=list)
    together: list[float] = field(default_factory=list)
    truth: list[bool] = field(default_factory=list)
    of: list[str] = field(default_factory=list)

    def add(
        self, model: LanguageModel, question: str, nearest: Sequence[Statement], cosine: float, of: str, *, truth: bool
    ) -> None:
        odds = max(logit(yes(model, (one.whole,), question)) for one in nearest[:_READ])
        self.features.append((odds, cosine))
        self.together.append(yes(model, nearest[:_TOGETHER], question))
        self.truth.append(truth)
        self.of.append(of)


def closed(path: Path, given: argparse.Namespace, finder: StatementFinder, model: LanguageModel, rows: Rows) -> None:
    """Questions put to their own passages."""
    answerability = Answerability(finder.vectors)
    for case in drawn(path, given.questions, given.seed):
        passages = [passage for document in documents_of(case) for passage in split(document)]
        nearest = finder.best((case.question,), passages)
        cosine = answerability.nearest(case.question, passages)
        rows.add(model, case.question, nearest, cosine, path.stem, truth=bool(case.answerable))


def beside(
    given: argparse.Namespace, settings: Settings, finder: StatementFinder, model: LanguageModel, rows: Rows
) -> None:
    """Questions put to all passages of half of the answered ones and thousands on other things."""
    folder = settings.home / "benchmark-beside"
    folder.mkdir(parents=True, exist_ok=True)
    write(folder, texts(given.beside), given.passages)
    asked: list[tuple[str, str, bool]] = []
    for path in given.cases:
        cases = [case for case in drawn(path, 10 * given.questions, given.seed) if case.answerable]
        own = list(dict.fromkeys(text for case in cases for text in case.passages))
        there = own[: len(own) // 2]
        sections = "\n\n".join(f"## Entry\n\n{' '.join(text.split())}" for text in there)
        (folder / f"{path.stem}.md").write_text(f"# Entries\n\n{sections}\n", "utf-8")
        for truth in (True, False):
            some = [case for case in cases if (case.passages[0] in there) is truth][: given.questions]
            asked += [(case.question, f"{path.stem} beside others", truth) for case in some]
    index = open_configured(settings.model_copy(update={"documents": (folder,), "shipped_guidance": False}), tell).index
    for question, of, truth in asked:
        hits = index.search(question)
        nearest = finder.found((question,), hits)
        rows.add(model, question, nearest, max(hit.dense for hit in hits), of, truth=truth)
    index.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cases", type=Path, nargs="+")
    parser.add_argument("--questions", type=int, default=20, help="of either kind, from each file")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--beside", type=Path, nargs="*", default=())
    parser.add_argument("--passages", type=int, default=5000)
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    settings = read({"model": "qwen2.5-coder-1.5b"})
    encoders, model = open_encoders(settings), open_language_model(settings)
    assert model is not None
    finder = StatementFinder(vectors_by(encoders.dense, encoders.sparse))
    rows = Rows()
    if given.beside:
        beside(given, settings, finder, model, rows)
    else:
        for path in given.cases:
            closed(path, given, finder, model, rows)
    model.close()
    features, truth, of = np.array(rows.features), np.array(rows.truth), np.array(rows.of)
    each = np.array([1 / (of == name).sum() for name in of])
    each *= len(each) / each.sum()
    alone = LogisticRegression(C=_STRENGTH).fit(features, truth, each)
    chance = alone.predict_proba(features)[:, 1]
    doubt = np.array([DOUBT[0] <= one < DOUBT[1] for one in chance])
    both = np.array([[logit(one), logit(other)] for one, other in zip(chance, rows.together, strict=True)])
    doubted = LogisticRegression(C=_STRENGTH_DOUBTED).fit(both[doubt], truth[doubt], each[doubt])
    final = np.where(doubt, doubted.predict_proba(both)[:, 1], chance)
    made = {}
    for name in dict.fromkeys(rows.of):
        here, answered = of == name, truth[of == name]
        scores = {
            "the best yes": features[here][:, 0],
            "with the cosine": chance[here],
            "the four together": np.array(rows.together)[here],
            "all": final[here],
        }
        told = ", ".join(f"{title} {roc_auc_score(answered, score):.3f}" for title, score in scores.items())
        caught = float((final[here][~answered] < np.quantile(final[here][answered], 0.1)).mean())
        print(f"{name}: n={len(answered)}, AUROC of {told}; caught at 10 % refused {caught:.2f}", flush=True)
        auroc = roc_auc_score(answered, final[here])
        made[name] = f"AUROC {auroc:.3f}, caught at 10 % refused {caught:.2f} (n={len(answered)})"
    regressions = {
        "alone": regression(alone, ("model", "cosine")),
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
