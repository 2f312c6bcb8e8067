"""Weighs the judge's yes beside words and vectors: the regressions ``with_judge`` in ``assistant/calibration``.

    .venv/bin/python benchmarks/judge/weigh.py PROBES_FOLDER SCORES_FOLDER [--every 3] [--write]

PROBES_FOLDER is what ``probes.py`` wrote, SCORES_FOLDER what ``train_adapter.py --probe`` made of it. Every set counts
the same; figures are cross-validated in five folds, texts kept together. Needs the ``evaluate`` extra.
"""

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score, roc_auc_score
from sklearn.model_selection import GroupKFold

import assistant.models.calibrated
from assistant.judging.answerability import Answerability
from assistant.settings import default_home
from assistant.support import SupportCheck
from index.encoders import open_encoder, without_adapter

_CALIBRATION = Path(assistant.models.calibrated.__file__).parents[1] / "calibration"
_READ = {"answerable": ("cosine", "model"), "supported": ()}
"""The features that a regression reads; of claims all."""


@dataclass(frozen=True, slots=True)
class Text:
    text: str
    section: str = ""


def features(name: str, rows: Sequence[dict[str, Any]], encode: Any) -> list[dict[str, float]]:
    if name == "answerable":
        judge = Answerability(encode)
        return [dict(judge.features(row["first"], [Text(text) for text in row["texts"]])) for row in rows]
    check = SupportCheck(encode)
    return [dict(check.score(row["first"], [row["second"]]).features) for row in rows]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("probes", type=Path)
    parser.add_argument("scores", type=Path)
    parser.add_argument("--home", type=Path, default=default_home())
    parser.add_argument("--every", type=int, default=3, help="use every Nth probe")
    parser.add_argument("--write", action="store_true")
    arguments = parser.parse_args()
    encode = without_adapter(open_encoder("minilm", arguments.home)).encode
    for name, kept in (("answerable", "answerability"), ("supported", "support")):
        read = [json.loads(line) for line in (arguments.probes / f"{name}.jsonl").read_text("utf-8").splitlines()[1:]]
        log_odds = json.loads((arguments.scores / f"{name}.jsonl.scores.json").read_text("utf-8"))
        rows = read[:: arguments.every]
        found = features(name, rows, encode)
        judged = [
            (row, {**values, "model": score})
            for row, values, score in zip(rows, found, log_odds[:: arguments.every], strict=True)
            if values
        ]
        regression, figures = weighed(judged, _READ[name] or tuple(judged[0][1]))
        print(kept, json.dumps(figures, indent=1))
        if arguments.write:
            path = _CALIBRATION / f"{kept}.json"
            values = json.loads(path.read_text("utf-8"))
            values["regressions"]["with_judge"] = regression
            values["made"]["with_judge"] = figures
            path.write_text(json.dumps(values, indent=2) + "\n", "utf-8")


def weighed(
    judged: Sequence[tuple[dict[str, Any], dict[str, float]]], names: Sequence[str]
) -> tuple[dict[str, Any], dict[str, str]]:
    """A regression as it is kept, and what it is worth on each set."""
    values = np.array([[float(found[name]) for name in names] for _, found in judged])
    truth = np.array([row["label"] for row, _ in judged])
    sources = np.array([row["source"] for row, _ in judged])
    texts = [row["second"][:80] for row, _ in judged]
    weights = np.array([1.0 / (sources == source).sum() for source in sources])
    weights = weights / weights.mean()
    mean, spread = values.mean(0), values.std(0) + 1e-9
    scaled = (values - mean) / spread
    given = np.zeros(len(truth))
    for train, test in GroupKFold(5).split(scaled, truth, texts):
        fold = LogisticRegression(C=0.3).fit(scaled[train], truth[train], weights[train])
        given[test] = fold.predict_proba(scaled[test])[:, 1]
    whole = LogisticRegression(C=0.3).fit(scaled, truth, weights)
    slopes = whole.coef_[0] / spread
    figures = {}
    for source in sorted(set(sources.tolist())):
        own = sources == source
        caught = (given[own & (truth == 0)] < np.quantile(given[own & (truth == 1)], 0.1)).mean()
        macro = f1_score(truth[own], given[own] >= 0.5, average="macro")
        figures[source] = (
            f"n={own.sum()} AUROC {roc_auc_score(truth[own], given[own]):.3f}, caught at 10 % {caught:.2f}, "
            f"macro-F1 at 0.5 {macro:.2f}"
        )
    regression = {
        "intercept": round(float(whole.intercept_[0] - slopes @ mean), 4),
        "weights": {name: round(float(slope), 4) for name, slope in zip(names, slopes, strict=True)},
    }
    return regression, figures


if __name__ == "__main__":
    main()
