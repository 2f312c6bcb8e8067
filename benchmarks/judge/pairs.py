"""Makes the examples that a judge is trained on from labelled pairs of questions, claims and texts.

    .venv/bin/python benchmarks/judge/pairs.py PAIRS_FOLDER [--guidance FOLDER] --out examples.jsonl.xz

PAIRS_FOLDER holds ``answer.jsonl.gz`` (``question``, ``passage``, ``label``, ``source``) and ``support.jsonl.gz``
(``claim``, ``evidence``, ``label``, ``source``). Every example has the text of both in the form in which the assistant
asks (``asked``), and plainly (``first``, ``second``) for an encoder that reads pairs. Three things are done to them:

- each source is cut to a share that keeps automatic edits and templates from outweighing what people wrote;
- texts are cut into numbered sentences as the assistant shows statements, some among sentences of other texts;
- questions changed so that their text no longer answers them (another name, number or opposite) are added as negatives,
  since near misses are what people ask and the pairs have few of them.

With ``--guidance`` come the questions of ``far.jsonl.xz``, in far other words than the statements that answer them:
each with one of those alone, with some among others of the text, with another one and with all others.
"""

import argparse
import gzip
import json
import lzma
import random
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.contents.prompting import guidance, text
from assistant.support.check import claim_and_quote

if TYPE_CHECKING:
    from far import Text

SHARES = {
    "medquad": 0.4, "fairytaleqa": 0.6, "conjnli": 0.3, "help-conj": 0.4, "scone": 0.5, "med-monotonicity": 0.6,
    "dnc-megaveridicality": 0.25, "snli-dev": 0.5, "synth-wiki": 0.7, "synth-med": 0.5, "breaking-nli": 0.5,
    "fm2": 2.0, "fever-symmetric": 2.0, "wice-train-partial": 2.0, "summedits": 2.0, "tatqa": 2.0, "qed-nq": 2.0,
    "covidqa": 1.5,
}  # fmt: skip
"""How often each row of a source is used; 1 where it is not named."""

_SENTENCE = re.compile(r"(?<=[.!?])[\"'”’)\]]*\s+(?=[\"'“‘(\[]?[A-Z0-9])|(?<= [.!?])\s+|\n+")
NAME = re.compile(r"(?<!^)(?<![.!?] )\b[A-Z][\w'’-]*(?: (?:of|the|de|and) [A-Z][\w'’-]*| [A-Z][\w'’-]*)*")
_NUMBER = re.compile(r"\b\d[\d,.]*\b")
_OPPOSITES = [
    pair.split("/")
    for pair in (
        "first/last largest/smallest biggest/smallest highest/lowest most/least best/worst before/after more/fewer "
        "increase/decrease increased/decreased begin/end began/ended start/stop started/stopped win/lose won/lost "
        "north/south east/west northern/southern eastern/western above/below over/under inside/outside early/late "
        "oldest/youngest old/new longest/shortest maximum/minimum advantage/disadvantage advantages/disadvantages "
        "benefit/drawback benefits/drawbacks strengths/weaknesses cause/prevent causes/prevents allowed/forbidden "
        "male/female mother/father son/daughter brother/sister "
        "positive/negative success/failure majority/minority always/never "
        "accept/reject accepted/rejected support/oppose supported/opposed internal/external public/private upper/lower "
        "import/export minor/major victory/defeat friend/enemy ancient/modern common/rare permanent/temporary"
    ).split()
]
_TURNED = {word: other for a, b in _OPPOSITES for word, other in ((a, b), (b, a))}
_NEGATED = re.compile(
    r"\b(is|are|was|were|did|does|do|can|could|should|would|will|has|have)\b(?! not\b|n't)", re.IGNORECASE
)
_WANTED = frozenset(("squad1-nqg", "selqa", "qed-nq", "qamr-wiki", "covidqa", "fairytaleqa", "tatqa"))
LINE = 500
CHARACTERS = 1_300


def rows(path: Path) -> list[dict[str, Any]]:
    """The rows of a compressed file of JSON lines."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def sentences(passage: str) -> list[str]:
    """The sentences of a text, each on one line."""
    return [" ".join(part.split()) for part in _SENTENCE.split(passage) if part and part.strip()]


def shared_out(found: Sequence[dict[str, Any]], chance: random.Random) -> Iterator[dict[str, Any]]:
    """Each row as often as its source's share says."""
    for row in found:
        share = SHARES.get(row["source"], 1.0)
        for _ in range(int(share) + (chance.random() < share % 1.0)):
            yield row


def near_miss(question: str, passage: str, names: Sequence[str], chance: random.Random) -> str | None:
    """The question changed so that the passage, which answers it, no longer does; None where nothing can be changed."""
    words = question.split()
    turned = [at for at, word in enumerate(words) if word.lower().strip("?,.") in _TURNED]
    named = list(NAME.finditer(question))
    number = list(_NUMBER.finditer(question))
    ways = ["turn"] * (3 * bool(turned)) + ["name"] * (3 * bool(named)) + ["number"] * (2 * bool(number)) + ["negate"]
    way = chance.choice(ways)
    if way == "turn":
        at = chance.choice(turned)
        bare = words[at].lower().strip("?,.")
        words[at] = words[at].lower().replace(bare, _TURNED[bare])
        return " ".join(words)
    if way == "name":
        match = chance.choice(named)
        inside = [m.group() for m in NAME.finditer(passage) if m.group() not in question]
        other = chance.choice(inside) if inside and chance.random() < 0.5 else chance.choice(names)
        if other.lower() in question.lower():
            return None
        return question[: match.start()] + other + question[match.end() :]
    if way == "number":
        match = chance.choice(number)
        digits = match.group()
        other = "".join(str((int(d) + chance.randint(1, 8)) % 10) if d.isdigit() else d for d in digits)
        if other in passage or other == digits:
            return None
        return question[: match.start()] + other + question[match.end() :]
    if chance.random() < 0.5:
        return None
    match = next(_NEGATED.finditer(question), None)
    if match is None:
        return None
    return question[: match.end()] + " not" + question[match.end() :]


def shown(passage: str, others: Sequence[str], chance: random.Random) -> list[str]:
    """The lines that stand for a text: whole or in sentences, sometimes among sentences of other texts."""
    parts = sentences(passage)
    if chance.random() < 0.35 or not parts:
        parts = [" ".join(passage.split())]
    lines, used = [], 0
    for part in parts:
        line = part[:LINE] if len(parts) > 1 else part[:CHARACTERS]
        if used + len(line) > CHARACTERS:
            break
        lines.append(line)
        used += len(line)
    if chance.random() < 0.4:
        for _ in range(chance.randint(1, 3)):
            other = chance.choice(others)
            if used + len(other) <= CHARACTERS:
                lines.insert(chance.randint(0, len(lines)), other)
                used += len(other)
    return lines


def answering(found: Sequence[dict[str, Any]], chance: random.Random) -> Iterator[dict[str, Any]]:
    """Examples of "can the question be answered from this?"."""
    by_source: dict[str, list[dict[str, Any]]] = {}
    for row in found:
        by_source.setdefault(row["source"], []).append(row)
    spare: dict[str, list[str]] = {}
    names: dict[str, list[str]] = {}
    for source, some in by_source.items():
        drawn = chance.sample(some, min(1500, len(some)))
        spare[source] = [one for row in drawn for one in sentences(row["passage"])[:3] if len(one) < 300]
    for source, some in by_source.items():
        drawn = chance.sample(some, min(3000, len(some)))
        names[source] = [match.group() for row in drawn for match in NAME.finditer(row["passage"][:400])]
    for row in shared_out(found, chance):
        source, question = row["source"], row["question"]
        lines = shown(row["passage"], spare[source] or [""], chance)
        yield example(lines, question, row["label"], source)
        if row["label"] and source in _WANTED and chance.random() < 0.75:
            changed = near_miss(question, row["passage"], names[source] or ["Vienna"], chance)
            if changed and changed != question:
                yield example(lines, changed, 0, f"{source}+changed")


def example(lines: Sequence[str], question: str, label: int, source: str) -> dict[str, Any]:
    """An example of "can the question be answered from this?"."""
    return {
        "task": "answerable", "asked": guidance(lines, question), "first": question, "second": "\n".join(lines),
        "label": label, "source": source,
    }  # fmt: skip


def in_far_words(found: Sequence["Text"], chance: random.Random) -> Iterator[dict[str, Any]]:
    """Examples of "can the question be answered from this?" whose questions were written for it."""
    spare = [line for one in found for line in one.lines if len(line) < 300]
    for asked in found:
        for numbers, question in asked.yes:
            right = [asked.lines[number] for number in numbers]
            wrong = [line for number, line in enumerate(asked.lines) if number not in numbers]
            others = wrong + chance.sample(spare, 2)
            chance.shuffle(others)
            several = [*chance.sample(right, min(len(right), chance.randint(1, 3))), *others[: chance.randint(1, 4)]]
            chance.shuffle(several)
            yield example([chance.choice(right)], question, 1, "far")
            yield example(short(several), question, 1, "far")
            if wrong:
                yield example([chance.choice(wrong)], question, 0, "far")
                yield example(short(chance.sample(wrong, min(len(wrong), 4))), question, 0, "far")
        for question in asked.no:
            yield example([chance.choice(asked.lines)], question, 0, "far")
            yield example(short(chance.sample(asked.lines, min(len(asked.lines), 4))), question, 0, "far")


def short(lines: Sequence[str]) -> list[str]:
    """As many of the lines as a judge reads at once, the first one always."""
    kept, used = [lines[0]], len(lines[0])
    for line in lines[1:]:
        if used + len(line) <= CHARACTERS:
            kept.append(line)
            used += len(line)
    return kept


def supporting(found: Sequence[dict[str, Any]], chance: random.Random) -> Iterator[dict[str, Any]]:
    """Examples of "does this text state this claim in full?"."""
    drawn = chance.sample(list(found), 6000)
    spare = [one for row in drawn if len(row["evidence"]) < 1500 for one in sentences(row["evidence"])[:2]]
    for row in shared_out(found, chance):
        parts = sentences(row["evidence"]) or [row["evidence"]]
        if sum(map(len, parts)) < 700 and chance.random() < 0.35:
            for _ in range(chance.randint(1, 3)):
                parts.insert(chance.randint(0, len(parts)), chance.choice(spare))
        quote = " ".join(parts)[:CHARACTERS]
        yield {
            "task": "supported", "asked": claim_and_quote(row["claim"], quote), "first": row["claim"], "second": quote,
            "label": row["label"], "source": row["source"],
        }  # fmt: skip


def head() -> dict[str, Any]:
    """What stands before the examples in their file: the system text and the tasks."""
    return {"system": text("system"), "tasks": {name: text(name) for name in ("answerable", "supported")}}


def write(path: Path, made: Sequence[dict[str, Any]]) -> None:
    """A compressed file of examples, as ``train_adapter.py`` reads it."""
    with lzma.open(path, "wt", encoding="utf-8", preset=1) as file:
        for one in (head(), *made):
            file.write(json.dumps(one, ensure_ascii=False) + "\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--guidance", type=Path, help="the public guidance that far.jsonl.xz points to")
    parser.add_argument("--held", type=Path, help="write what far.jsonl.xz holds apart from training here, as a probe")
    parser.add_argument("--seed", type=int, default=20)
    arguments = parser.parse_args()
    chance = random.Random(arguments.seed)
    made = [
        *answering(rows(arguments.folder / "answer.jsonl.gz"), chance),
        *supporting(rows(arguments.folder / "support.jsonl.gz"), chance),
    ]
    apart: list[dict[str, Any]] = []
    if arguments.guidance:
        from far import texts

        found = list(texts(arguments.guidance, arguments.folder))
        trained = [one for one in found if not one.held]
        made += [*in_far_words(trained, chance), *in_far_words(trained, chance)]
        apart = list(in_far_words([one for one in found if one.held], chance))
    chance.shuffle(made)
    write(arguments.out, made)
    if arguments.held:
        lines = [json.dumps(one, ensure_ascii=False) for one in (head(), *apart)]
        arguments.held.write_text("\n".join(lines) + "\n", encoding="utf-8")
    counts: dict[tuple[str, str], list[int]] = {}
    for one in made:
        counts.setdefault((one["task"], one["source"]), [0, 0])[1 - int(one["label"])] += 1
    for (task, source), (yes, no) in sorted(counts.items()):
        print(f"{task:<12}{source:<28}{yes:>7} yes{no:>7} no")


if __name__ == "__main__":
    main()
