"""Makes the examples by which the judge learns to say no to statements that are near by chance.

    .venv/bin/python benchmarks/judge/beside.py PAIRS_FOLDER --guidance FOLDER --out beside.jsonl.xz

PAIRS_FOLDER is what ``pairs.py`` reads, FOLDER the public guidance that ``far.jsonl.xz`` points to. In ``pairs.py``
what does not answer is from the text that does. Among thousands of passages on other things the nearest statements are
often about something else altogether, and the judge has to say no to those too:

- questions of ``far.jsonl.xz`` and of pairs whose text is one sentence, each with the sentence that answers and with
  one of the five nearest of some 19,000 others, now and then with several; texts near to that which answers are left
  out;
- statements of one text of the guidance near to a question about another one, told apart by reading them:
  ``labelled.jsonl.xz`` holds question, key of the text, number of the statement and label;
- the near misses of ``far.jsonl.xz`` and its questions that were written later;
- some of what ``pairs.py`` makes, so that nothing is forgotten. Of claims and quotes the weights that a training starts
  with say what is to be said (``soft``).

Needs the default encoders (`strategy-assistant models pull`). Takes some minutes on two cores.
"""

import argparse
import json
import lzma
import random
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from far import Text, texts
from pairs import NAME, answering, example, rows, sentences, short, supporting, write

from assistant.evaluate.models import open_encoders
from assistant.settings import read
from assistant.words import content_set, coverage
from index.encoders import Encoder
from index.vectors import Matrix

LABELLED = Path(__file__).with_name("labelled.jsonl.xz")
_PASSAGES = {
    "selqa": 700, "boolq-dev": 900, "qed-nq": 500, "qamr-wiki": 500, "covidqa": 400, "tatqa": 300, "medquad": 700,
    "squad1-nqg": 500, "fairytaleqa": 100, "pubmedqa": 200,
}  # fmt: skip
"""How many texts of each source the others are from."""
_SENTENCES, _CHARACTERS = 14, (30, 420)
"""Of each text, and how long they are."""
_QUESTIONS = {"squad1-nqg": 90, "qamr-wiki": 90, "selqa": 90, "qed-nq": 60}
_NEAREST, _SAME_TEXT = 5, 0.6
"""From how many of the nearest one is drawn, and the cosine with which a text may speak of what the right one does."""
_ALSO_ANSWERS = (0.55, 0.6)
"""A cosine and a share of the question's words from which on another sentence may well answer."""
_LABELS = "Overview|Entry|Background|Details|Summary|Notes|Introduction|Results|History|Requirements".split("|")
_LABEL = re.compile(r"^[^:.]{2,60}: (?=\S)")
_ORDINARY, _CLAIMS = 580, 590


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, the sentences that answer it, their text, and whether it is about the public guidance."""

    question: str
    right: tuple[str, ...]
    whole: str
    of_guidance: bool


def asked(found: Sequence[Text], pairs: Sequence[dict[str, Any]], chance: random.Random) -> list[Asked]:
    """Questions with the sentences that answer them."""
    made = []
    for one in found:
        of_guidance = bool(one.headings)
        drawn = chance.sample(one.yes, min(len(one.yes), 2 if of_guidance else 1))
        for numbers, question in drawn:
            right = tuple(one.lines[number] for number in numbers)
            made.append(Asked(question, right, " ".join(one.lines), of_guidance))
    for source, most in _QUESTIONS.items():
        answered = [row for row in pairs if row["source"] == source and row["label"]]
        own = [row for row in answered if len(row["passage"]) < _CHARACTERS[1]]
        some = chance.sample(own, min(len(own), most))
        made += [Asked(row["question"], (row["passage"],), row["passage"], False) for row in some]
    return made


class Others:
    """Sentences of texts on other things, and which of them are nearest to a question."""

    def __init__(self, pairs: Sequence[dict[str, Any]], encoder: Encoder, chance: random.Random) -> None:
        self._from: dict[str, str] = {}
        for source, most in _PASSAGES.items():
            own = sorted({row["passage"] for row in pairs if row["source"] == source})
            for passage in chance.sample(own, min(len(own), most)):
                for sentence in sentences(passage)[:_SENTENCES]:
                    if _CHARACTERS[0] <= len(sentence) <= _CHARACTERS[1]:
                        self._from.setdefault(sentence, passage)
        self._sentences = list(self._from)
        self._encoder = encoder
        self._vectors = encoder.encode(self._sentences)

    def nearest(self, questions: Sequence[Asked]) -> Iterator[list[str]]:
        """The nearest sentences to each of the questions that hardly answer it, the nearest first."""
        own: Matrix = self._encoder.encode([one.question for one in questions])
        whole: Matrix = self._encoder.encode([one.whole[:600] for one in questions])
        for one, vector, right in zip(questions, own, whole, strict=True):
            cosines, same = self._vectors @ vector, self._vectors @ right
            wanted = content_set(one.question)
            found: list[str] = []
            for at in np.argsort(-cosines)[: 12 * _NEAREST]:
                sentence = self._sentences[at]
                passage = self._from[sentence]
                apart = same[at] < _SAME_TEXT and passage not in one.whole and one.whole not in passage
                words = coverage(wanted, content_set(sentence)) if wanted else 1.0
                if apart and (one.of_guidance or (cosines[at] < _ALSO_ANSWERS[0] and words < _ALSO_ANSWERS[1])):
                    found.append(sentence)
            yield found[:_NEAREST]


def among_others(
    questions: Sequence[Asked], nearest: Iterator[list[str]], chance: random.Random
) -> Iterator[dict[str, Any]]:
    """Questions with what answers them and with what is near by chance."""
    for one, others in zip(questions, nearest, strict=True):
        right = chance.choice(one.right)
        if one.of_guidance:  # A label must not tell the two apart.
            others = [_labelled(other, chance) if chance.random() < 0.6 else other for other in others]
            right = _bare(right) if chance.random() < 0.35 else right
        yield _example([right], one.question, 1)
        if others:
            yield _example([chance.choice(others)], one.question, 0)
        if len(others) > 3 and chance.random() < 0.14:
            several = [right, *others[:3]]
            chance.shuffle(several)
            yield _example(several, one.question, 1)
            yield _example(others[:4], one.question, 0)


def labelled(found: Sequence[Text], chance: random.Random) -> Iterator[dict[str, Any]]:
    """Statements of other texts of the guidance, told apart by hand, and what does answer those questions."""
    by_key = {one.key: one for one in found}
    right = {question: one.lines[numbers[0]] for one in found for numbers, question in one.yes}
    with lzma.open(LABELLED, "rt", encoding="utf-8") as file:
        for row in map(json.loads, file):
            if (one := by_key.get(row["text"])) is None:
                continue
            line, question = one.lines[row["line"]], row["question"]
            yield _example([_bare(line) if chance.random() < 0.2 else line], question, row["label"])
            if row["label"]:
                yield _example([_bare(line)], question, 1)
            if question in right:
                yield _example([right[question]], question, 1)


def near_misses(found: Sequence[Text], chance: random.Random) -> Iterator[dict[str, Any]]:
    """Questions that their text does not answer; and of the texts written later those that it does."""
    for one in found:
        for question in one.no:
            wanted = content_set(question)
            near = sorted(one.lines, key=lambda line: -coverage(wanted, content_set(line)) if wanted else 0.0)
            yield _example([chance.choice(near[:2])], question, 0)
        for numbers, question in one.yes:
            yield _example([one.lines[chance.choice(numbers)]], question, 1)


def ordinary(folder: Path, pairs: Sequence[dict[str, Any]], chance: random.Random) -> Iterator[dict[str, Any]]:
    """Some of what ``pairs.py`` makes."""
    drawn = [row for row in pairs if row["source"] != "fairytaleqa"]
    made = [one for one in answering(chance.sample(drawn, 2400), chance) if len(one["asked"]) < 900]
    yield from chance.sample(made, _ORDINARY)
    claims = [one for one in supporting(rows(folder / "support.jsonl.gz"), chance) if len(one["asked"]) < 700]
    for one in chance.sample(claims, _CLAIMS):
        yield {**one, "soft": True}


def _example(lines: Sequence[str], question: str, label: int) -> dict[str, Any]:
    return example(short(lines), question, label, "beside")


def _labelled(sentence: str, chance: random.Random) -> str:
    """A sentence with a label of its own, as a statement has its last heading."""
    named = [match.group() for match in NAME.finditer(sentence) if 3 < len(match.group()) < 40]
    return f"{chance.choice(named if named and chance.random() < 0.6 else _LABELS)}: {sentence}"


def _bare(line: str) -> str:
    """A statement without its label."""
    match = _LABEL.match(line)
    return line[match.end() :] if match else line


def counted(made: Sequence[dict[str, Any]]) -> None:
    """Prints how many examples there are of each task and label."""
    for (task, label), count in sorted(Counter((one["task"], int(one["label"])) for one in made).items()):
        print(f"{task:<12}{('no', 'yes')[label]:<5}{count:>6}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--guidance", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=20)
    given = parser.parse_args()
    chance = random.Random(given.seed)
    found = [one for one in texts(given.guidance, given.folder, later=True) if not one.held]
    pairs = rows(given.folder / "answer.jsonl.gz")
    questions = asked(found, pairs, chance)
    others = Others(pairs, open_encoders(read({"model": "quotes"})).dense, chance)
    made = [
        *among_others(questions, others.nearest(questions), chance),
        *labelled([one for one in found if one.headings], chance),
        *near_misses([one for one in found if one.later], chance),
        *ordinary(given.folder, pairs, chance),
    ]
    chance.shuffle(made)
    write(given.out, made)
    counted(made)


if __name__ == "__main__":
    main()
