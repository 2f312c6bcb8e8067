"""Remakes ``assistant/calibration/*.json`` from public sets, and prints what each signal is worth.

    python benchmarks/calibrate.py --bench FOLDER --encoder FOLDER [--model FILE.gguf --asked 120] [--write]

``--bench`` holds ``cases/`` and ``claims/`` as JSON lines. Every set is sampled with a fixed seed, balanced, and split
by article for cross-validation. The language model's probabilities are kept in ``--cache`` and asked for once only, so
that a run that was broken off goes on. Needs the ``evaluate`` extra (scikit-learn).
"""

import argparse
import hashlib
import json
import random
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from assistant import support
from assistant.contents import prompting
from assistant.judging import answerability
from assistant.models.calibrated import logit
from assistant.models.language_model import Message, yes_probability
from assistant.support.check import claim_messages
from assistant.support.selection import split

_OUT = Path(answerability.__file__).parents[1] / "calibration"


@dataclass(frozen=True, slots=True)
class Text:
    text: str
    section: str = ""


@dataclass(slots=True)
class Row:
    """One sampled example: its set, its article, the truth, what was computed, and how the model would be asked."""

    name: str
    group: str
    truth: bool
    features: dict[str, float]
    messages: list[Message] = field(default_factory=list)
    model: float | None = None
    vetoed: bool = False


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def balanced(rows: Sequence[dict[str, Any]], truth: str, count: int, seed: int = 3) -> list[dict[str, Any]]:
    """At most ``count`` rows, half of them true, in an order that stays the same when ``count`` grows."""
    rnd = random.Random(seed)
    good = [row for row in rows if row[truth]]
    bad = [row for row in rows if not row[truth]]
    rnd.shuffle(good)
    rnd.shuffle(bad)
    return [row for pair in zip(good[: count // 2], bad[: count // 2], strict=False) for row in pair]


def by_passage(rows: Sequence[dict[str, Any]], count: int, seed: int = 11) -> list[dict[str, Any]]:
    """Up to three answerable and three unanswerable questions of each sampled passage: it is read once."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        groups.setdefault(row["passages"][0], []).append(row)
    keys = list(groups)
    rnd = random.Random(seed)
    rnd.shuffle(keys)
    out: list[dict[str, Any]] = []
    for key in keys:
        questions = list(groups[key])
        rnd.shuffle(questions)
        good = [row for row in questions if row["answerable"]][:3]
        bad = [row for row in questions if not row["answerable"]][:3]
        if good and bad and len(out) < count:
            out += good + bad
    return out


def answer_rows(bench: Path, encode: Callable[[Sequence[str]], Any], count: int) -> list[Row]:
    judge = answerability.Answerability(encode)
    sampled = [("squad2", row) for row in by_passage(lines(bench / "cases" / "squad2.jsonl"), count)]
    sampled += [
        ("clapnq", row) for row in balanced(lines(bench / "cases" / "clapnq.jsonl"), "answerable", count, seed=11)
    ]
    out = []
    for name, row in sampled:
        passages = [Text(text) for text in row["passages"]]
        prompt = f"{prompting.guidance(row['passages'], row['question'])}\n\n{answerability.task()}"
        out.append(
            Row(
                name,
                row["passages"][0],
                row["answerable"],
                judge.features(row["question"], passages),
                [Message("system", prompting.text("system")), Message("user", prompt)],
            )
        )
    return out


def support_rows(bench: Path, encode: Callable[[Sequence[str]], Any], count: int) -> list[Row]:
    check = support.SupportCheck(encode)
    claims = lines(bench / "claims" / "attributionbench.jsonl") + lines(bench / "claims" / "wice.jsonl")
    out = []
    for name in ("Stanford-GenSearch", "ExpertQA", "wice"):
        for row in balanced([claim for claim in claims if claim["source"] == name], "supported", count):
            verdict = check.score(row["claim"], row["evidence"])
            if not verdict.features:
                continue
            sentences = split(row["evidence"])
            quote = " ".join(sentences[at] for at in sorted(verdict.carried_by))
            out.append(
                Row(
                    name,
                    row["evidence"][0],
                    row["supported"],
                    dict(verdict.features),
                    claim_messages(row["claim"], quote),
                )
            )
    return out


def ask(rows: Sequence[Row], model: Any, cache: Path, count: int) -> None:
    """Fill in the model's probabilities: ``count`` rows a set are asked for, the rest only where the cache has them."""
    database = sqlite3.connect(cache)
    database.execute("CREATE TABLE IF NOT EXISTS asked (prompt TEXT PRIMARY KEY, probability REAL)")
    done: dict[str, int] = {}
    for row in rows:
        done[row.name] = done.get(row.name, 0) + 1
        key = hashlib.sha256("\0".join(message.text for message in row.messages).encode()).hexdigest()
        known = database.execute("SELECT probability FROM asked WHERE prompt = ?", (key,)).fetchone()
        if known is None and model is not None and done[row.name] <= count:
            probability = yes_probability(model, row.messages)
            if probability is None:
                continue
            database.execute("INSERT INTO asked VALUES (?, ?)", (key, probability))
            database.commit()
            row.model = probability
        elif known is not None:
            row.model = known[0]


def fit(rows: Sequence[Row], names: Sequence[str]) -> tuple[dict[str, Any], np.ndarray]:
    """A logistic regression with every set counting the same, and its cross-validated probabilities."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import GroupKFold

    values = np.array([[row.features[name] for name in names] for row in rows])
    truth = np.array([row.truth for row in rows])
    sizes = {name: sum(row.name == name for row in rows) for name in {row.name for row in rows}}
    weights = np.array([len(rows) / len(sizes) / sizes[row.name] for row in rows])
    mean, spread = values.mean(0), values.std(0) + 1e-9
    scaled = (values - mean) / spread
    probabilities = np.zeros(len(rows))
    folds = GroupKFold(min(5, len({row.group for row in rows})))
    for train, test in folds.split(scaled, truth, [row.group for row in rows]):
        fold = LogisticRegression(C=0.3).fit(scaled[train], truth[train], weights[train])
        probabilities[test] = fold.predict_proba(scaled[test])[:, 1]
    whole = LogisticRegression(C=0.3).fit(scaled, truth, weights)
    slopes = whole.coef_[0] / spread
    intercept = float(whole.intercept_[0] - slopes @ mean)
    return {
        "intercept": round(intercept, 4),
        "weights": {name: round(float(slope), 4) for name, slope in zip(names, slopes, strict=True)},
    }, probabilities


def report(title: str, rows: Sequence[Row], scores: Iterable[float]) -> dict[str, str]:
    """Prints and returns AUROC with its 95 % bootstrap interval, and caught at 10 % refused, for each set."""
    from sklearn.metrics import f1_score, roc_auc_score

    given = np.array(list(scores))
    rnd = np.random.default_rng(5)
    out = {}
    for name in dict.fromkeys(row.name for row in rows):
        at = np.array([row.name == name for row in rows])
        truth, score = np.array([row.truth for row in rows])[at], given[at]
        if len(set(truth.tolist())) < 2:
            continue
        draws = []
        for _ in range(300):
            pick = rnd.integers(0, len(truth), len(truth))
            if 0 < truth[pick].sum() < len(pick):
                draws.append(roc_auc_score(truth[pick], score[pick]))
        low, high = np.quantile(draws, [0.025, 0.975])
        caught = float((score[~truth] < np.quantile(score[truth], 0.1)).mean())
        macro = f1_score(truth, score >= 0.5, average="macro")
        out[name] = (
            f"n={len(truth)} AUROC {roc_auc_score(truth, score):.3f} ({low:.2f}-{high:.2f}), "
            f"caught at 10 % {caught:.2f}, macro-F1 at 0.5 {macro:.2f}"
        )
        print(f"{title:24} {name:20} {out[name]}", flush=True)
    return out


def calibrate(rows: Sequence[Row], kind: str, thresholds: dict[str, float], write: bool) -> None:
    names = list(rows[0].features)
    for name in names:
        report(f"  {name}", rows, [row.features[name] for row in rows])
    cheap, probabilities = fit(rows, names)
    figures = {"features": report("features", rows, probabilities)}
    if any(row.vetoed for row in rows):
        vetoed = [min(p, thresholds["veto"]) if row.vetoed else p for row, p in zip(rows, probabilities, strict=True)]
        figures["features and vetoes"] = report("features and vetoes", rows, vetoed)
    before = json.loads((_OUT / f"{kind}.json").read_text("utf-8"))
    regressions = {**before["regressions"], "features": cheap}
    asked = [row for row in rows if row.model is not None]
    if asked:
        report("model alone", asked, [row.model or 0.0 for row in asked])
        cheap_logits = {id(row): logit(float(p)) for row, p in zip(rows, probabilities, strict=True)}
        for row in asked:
            row.features = {"words": cheap_logits[id(row)], "model": logit(row.model or 0.0)}
        both, with_model = fit(asked, ["words", "model"])
        figures["with_model"] = report("features and model", asked, with_model)
        regressions["with_model"] = both
        vetoed = [min(p, thresholds["veto"]) if row.vetoed else p for row, p in zip(asked, with_model, strict=True)]
        if any(row.vetoed for row in asked):
            figures["with_model and vetoes"] = report("with model and vetoes", asked, vetoed)
    if write:
        made = {
            "by": "benchmarks/calibrate.py --write",
            "on": date.today().isoformat(),  # noqa: DTZ011
            "how": "logistic regression, C 0.3, each set counting the same; figures cross-validated by article",
            "figures": figures,
            **{name: before["made"][name] for name in ("with_judge", "alone") if name in before["made"]},
        }
        values = {"made": made, "regressions": regressions, "thresholds": thresholds}
        (_OUT / f"{kind}.json").write_text(json.dumps(values, indent=2) + "\n", "utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bench", type=Path, required=True)
    parser.add_argument("--encoder", required=True, help="folder of the embedding model")
    parser.add_argument("--model", type=Path, help="GGUF file of the language model")
    parser.add_argument("--cache", type=Path, default=Path("calibration.sqlite"))
    parser.add_argument("--rows", type=int, default=300, help="rows a set for the cheap features")
    parser.add_argument("--asked", type=int, default=0, help="rows a set that the language model is asked about")
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--only", choices=["answerability", "support"])
    given = parser.parse_args()

    from sentence_transformers import SentenceTransformer

    encoder = SentenceTransformer(given.encoder, device="cpu")

    def encode(texts: Sequence[str]) -> Any:
        return encoder.encode(list(texts), normalize_embeddings=True, show_progress_bar=False)

    model = None
    if given.model and given.asked:
        from assistant.models.embedded import EmbeddedModel

        model = EmbeddedModel(given.model)
    for kind, collect in (("answerability", answer_rows), ("support", support_rows)):
        if given.only in (None, kind):
            rows = collect(given.bench, encode, given.rows)
            ask(rows, model, given.cache, given.asked)
            thresholds = json.loads((_OUT / f"{kind}.json").read_text("utf-8"))["thresholds"]
            calibrate(rows, kind, thresholds, given.write)


if __name__ == "__main__":
    main()
