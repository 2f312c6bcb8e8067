"""A run beside an earlier one: what changed, by how much, and how surely."""

import difflib
import json
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from assistant.evaluate.journal import digest, read_run
from assistant.evaluate.measures.catalogue import BY_NAME
from assistant.evaluate.outcomes import Outcome
from assistant.evaluate.pairing import Pair, Row, rows_of
from corpus.errors import UserError

SCORES = "scores.jsonl"
Scores = dict[str, dict[str, Any]]
Direction = Literal["better", "worse", "changed"]
_ORDER: tuple[Direction, ...] = ("worse", "changed", "better")
_KEYS = {"asked", "slices", "parts", "score", "verdict"}


@dataclass(frozen=True, slots=True)
class Change:
    """A case whose figures or verdict moved: the earlier and the present value of each that did.

    ``verdict`` is empty where it stayed. ``direction`` is "changed" where nobody has said which one is right.
    """

    id: str
    direction: Direction
    measures: Mapping[str, tuple[float, float]]
    verdict: tuple[str, str] | None = None


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
            "ms": dict(outcome.milliseconds),
            "tokens": dict(outcome.tokens),
            "error": outcome.error,
        }
        lines.append(json.dumps(values, ensure_ascii=False) + "\n")
    return "".join(lines)


def asked(outcome: Outcome) -> str:
    """A name for the case's content: two runs are compared only on cases that are the same."""
    case = outcome.case
    if case is None:
        return digest([outcome.question, *outcome.content])
    history = [[turn.role, turn.text] for turn in case.history]
    return digest([case.question, history, case.answerable, case.evidence, case.reference])


def check_comparable(folder: Path, outcomes: Sequence[Outcome]) -> int:
    """How many of the outcomes' cases the run in ``folder`` has too, and as they are.

    Raises ``UserError`` where that run is damaged, or shares no case with these outcomes.
    """
    read_run(folder)
    return len(_pairs(folder, outcomes))


def compare(
    folder: Path, outcomes: Sequence[Outcome], run: Mapping[str, Any], seed: int = 0, claims: bool = False
) -> Comparison:
    """This run's outcomes beside the run in ``folder``; ``claims`` says that both judged claims.

    Raises ``UserError`` where they share no case.
    """
    earlier_run = read_run(folder)
    pairs = _pairs(folder, outcomes)
    changes = [change for change in (_change(o, s, claims) for o, s in pairs) if change]
    answers = _read(folder / "answers.jsonl")
    moved = {change.id for change in changes}
    return Comparison(
        str(folder),
        len(pairs),
        tuple(rows_of(pairs, claims, seed)),
        tuple(sorted(changes, key=lambda change: _ORDER.index(change.direction))),
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


def _pairs(folder: Path, outcomes: Sequence[Outcome]) -> Sequence[Pair]:
    scores = _read(folder / SCORES, _KEYS)
    pairs = [(o, scores[o.id]) for o in outcomes if o.id in scores and scores[o.id]["asked"] == asked(o)]
    if not pairs:
        raise UserError(f"{folder}: no case in common with this run; compare runs over the same cases")
    return pairs


def _read(path: Path, keys: Set[str] = frozenset()) -> Scores:
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
        entries = {entry["id"]: entry for entry in (json.loads(line) for line in lines if line)}
        if not all(keys <= entry.keys() for entry in entries.values()):
            raise KeyError
        return entries
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise UserError(f"{path}: missing or damaged; let the earlier run finish, or compare with another") from error


def _change(outcome: Outcome, earlier: Mapping[str, Any], claims: bool) -> Change | None:
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
    verdict = None
    decided, was = outcome.verdict, earlier["verdict"]
    if None not in (decided, was) and decided != was:
        yes, no = ("supported", "not supported") if claims else ("not answered", "answered")
        verdict = (yes if was else no, yes if decided else no)
        if claims and outcome.truth is not None:
            direction += 1 if decided == outcome.truth else -1
    if not moved and verdict is None:
        return None
    word: Direction = "better" if direction > 0 else "worse" if direction < 0 else "changed"
    return Change(outcome.id, word, moved, verdict)


def _settings(earlier: Mapping[str, Any], now: Mapping[str, Any]) -> tuple[tuple[str, str, str], ...]:
    one, other = flattened(earlier), flattened(now)
    # The time of a run is written down beside its settings and is not one of them.
    names = [name for name in dict.fromkeys((*one, *other)) if name != "made"]
    return tuple((n, one.get(n, ""), other.get(n, "")) for n in names if one.get(n) != other.get(n))


def flattened(values: Mapping[str, Any], prefix: str = "") -> dict[str, str]:
    """What run.json holds as words, each value under its whole name, such as ``settings.passages``."""
    flat: dict[str, str] = {}
    for name, value in values.items():
        if isinstance(value, Mapping):
            flat |= flattened(value, f"{prefix}{name}.")
        else:
            flat[f"{prefix}{name}"] = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return flat
