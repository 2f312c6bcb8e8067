"""A run beside an earlier one: what changed, by how much, and how surely."""

import difflib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np

from assistant.evaluate.journal import digest, read_run
from assistant.evaluate.measures.catalogue import BY_NAME
from assistant.evaluate.measures.intervals import Floats
from assistant.evaluate.measures.paired import Difference, paired_difference
from assistant.evaluate.outcomes import Outcome
from corpus.errors import UserError

SCORES = "scores.jsonl"
Scores = dict[str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Row:
    """One measure in both runs, over all cases both have or over the slice named."""

    measure: str
    slice: str
    ours: float
    theirs: float
    difference: Difference

    @property
    def verdict(self) -> Literal["better", "worse", "same", "unclear"]:
        """better or worse only where the difference's interval leaves out zero."""
        if self.difference.value == 0 and not self.difference.certain:
            return "same" if self.difference.p == 1 else "unclear"
        if not self.difference.certain:
            return "unclear"
        wanted = 1 if BY_NAME[self.measure].better == "higher" else -1
        return "better" if self.difference.value * wanted > 0 else "worse"


@dataclass(frozen=True, slots=True)
class Change:
    """A case whose figures moved; ``measures`` holds the earlier and the present value of each that did."""

    id: str
    better: bool
    measures: Mapping[str, tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Everything there is to say about two runs over their ``common`` cases."""

    folder: str
    common: int
    rows: tuple[Row, ...]
    changes: tuple[Change, ...]
    settings: tuple[tuple[str, str, str], ...]
    earlier_answers: Mapping[str, Mapping[str, Any]]

    @property
    def worse(self) -> tuple[Row, ...]:
        return tuple(row for row in self.rows if row.verdict == "worse")


def score_lines(outcomes: Sequence[Outcome]) -> str:
    """The file by which a later run compares itself with this one: one JSON object a case."""
    lines = []
    for outcome in outcomes:
        values = {
            "id": outcome.id,
            "asked": asked(outcome),
            "slices": list(outcome.slices),
            "parts": {name: list(part) for name, part in outcome.parts.items()},
            "truth": outcome.truth,
            "score": outcome.score,
            "verdict": outcome.verdict,
            "error": outcome.error,
        }
        lines.append(json.dumps(values, ensure_ascii=False) + "\n")
    return "".join(lines)


def asked(outcome: Outcome) -> str:
    """A name for the case's content: two runs are compared only on cases that are the same."""
    case = outcome.case
    if case is None:
        return digest([outcome.question])
    history = [[turn.role, turn.text] for turn in case.history]
    return digest([case.question, history, case.answerable, case.evidence, case.reference])


def compare(folder: Path, outcomes: Sequence[Outcome], run: Mapping[str, Any], seed: int = 0) -> Comparison:
    """This run's outcomes beside the run in ``folder``. Raises ``UserError`` where they share no case."""
    earlier_run = read_run(folder)
    scores = _read(folder / SCORES)
    pairs = [(o, scores[o.id]) for o in outcomes if o.id in scores and scores[o.id]["asked"] == asked(o)]
    if not pairs:
        raise UserError(f"{folder}: no case in common with this run; compare runs over the same cases")
    rows = _rows(pairs, "", seed)
    # Of both runs, for a section that the guidance has lost is known to the earlier one alone.
    for name in dict.fromkeys(name for outcome, scores in pairs for name in (*outcome.slices, *scores["slices"])):
        rows += _rows([(o, s) for o, s in pairs if name in o.slices or name in s["slices"]], name, seed)
    changes = [change for change in (_change(o, s) for o, s in pairs) if change]
    answers = _read(folder / "answers.jsonl")
    moved = {change.id for change in changes}
    return Comparison(
        str(folder),
        len(pairs),
        tuple(rows),
        tuple(sorted(changes, key=lambda change: change.better)),
        _settings(earlier_run, run),
        {name: answer for name, answer in answers.items() if name in moved},
    )


def marked_words(before: str, after: str) -> list[tuple[Literal["same", "gone", "new"], str]]:
    """The two texts as one run of stretches: kept, only before, only after."""
    old, new = before.split(), after.split()
    stretches: list[tuple[Literal["same", "gone", "new"], str]] = []
    for kind, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            stretches.append(("same", " ".join(old[a:b])))
            continue
        if b > a:
            stretches.append(("gone", " ".join(old[a:b])))
        if d > c:
            stretches.append(("new", " ".join(new[c:d])))
    return stretches


def _read(path: Path) -> Scores:
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
        return {entry["id"]: entry for entry in (json.loads(line) for line in lines if line)}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UserError(f"{path}: missing or damaged; let the earlier run finish, or compare with another") from error


def _rows(pairs: Sequence[tuple[Outcome, Mapping[str, Any]]], name: str, seed: int) -> list[Row]:
    rows = []
    for measure in BY_NAME:
        both = [(o.parts.get(measure), s["parts"].get(measure)) for o, s in pairs]
        if measure in ("sentences_supported", "refusal_precision"):
            # A share of what each run itself wrote or refused: a case without any adds nothing, and still is a pair.
            both = [(ours or (0.0, 0.0), theirs or (0.0, 0.0)) for ours, theirs in both if ours or theirs]
        kept = [(ours, theirs) for ours, theirs in both if ours is not None and theirs is not None]
        if not kept:
            continue
        ours, theirs = _columns([pair[0] for pair in kept]), _columns([pair[1] for pair in kept])
        difference = paired_difference(ours, theirs, seed)
        if difference is not None:
            values = [above.sum() / below.sum() for above, below in (ours, theirs)]
            rows.append(Row(measure, name, float(values[0]), float(values[1]), difference))
    return rows


def _columns(parts: Sequence[Sequence[float]]) -> tuple[Floats, Floats]:
    values = np.array(parts, dtype=np.float64).reshape(-1, 2)
    return values[:, 0], values[:, 1]


def _change(outcome: Outcome, earlier: Mapping[str, Any]) -> Change | None:
    moved: dict[str, tuple[float, float]] = {}
    direction = 0.0
    for name, (above, below) in outcome.parts.items():
        other = earlier["parts"].get(name)
        # Whether a case was refused already shows in the measures of its sort; precision would count it twice.
        if name == "refusal_precision" or other is None or not below or not other[1]:
            continue
        before, now = other[0] / other[1], above / below
        if before != now:
            moved[name] = (before, now)
            direction += (now - before) * (1 if BY_NAME[name].better == "higher" else -1)
    return Change(outcome.id, direction > 0, moved) if moved else None


def _settings(earlier: Mapping[str, Any], now: Mapping[str, Any]) -> tuple[tuple[str, str, str], ...]:
    one, other = _flattened(earlier), _flattened(now)
    # The time of a run is written down beside its settings and is not one of them.
    names = [name for name in dict.fromkeys((*one, *other)) if name != "made"]
    return tuple((n, one.get(n, ""), other.get(n, "")) for n in names if one.get(n) != other.get(n))


def _flattened(values: Mapping[str, Any], prefix: str = "") -> dict[str, str]:
    flat: dict[str, str] = {}
    for name, value in values.items():
        if isinstance(value, Mapping):
            flat |= _flattened(value, f"{prefix}{name}.")
        else:
            flat[f"{prefix}{name}"] = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return flat
