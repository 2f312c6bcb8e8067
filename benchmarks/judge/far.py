"""Questions in far other words than the text that answers them, and near misses, written for this project.

``far.jsonl.xz`` holds, for each of some hundred texts, questions with the numbers of the statements that answer them
(``yes``) and questions on the same subject that it does not answer (``no``). The texts themselves stay where they come
from, public guidance on AI and the labelled pairs that ``pairs.py`` reads, and are known again by their SHA-256.
"""

import gzip
import hashlib
import json
import lzma
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.contents.prompting import line
from assistant.contents.statements import Statement
from corpus import Passage, load_all, sentences, split

WRITTEN = Path(__file__).with_name("far.jsonl.xz")
_HELD = 12
"""One text in so many takes no part in training."""


@dataclass(frozen=True, slots=True)
class Text:
    """The statements of a text as they are shown, its headings, and what is asked about it, perhaps ``later``."""

    key: str
    headings: tuple[str, ...]
    lines: tuple[str, ...]
    yes: tuple[tuple[tuple[int, ...], str], ...]
    no: tuple[str, ...]
    later: bool

    @property
    def held(self) -> bool:
        return int(self.key, 16) % _HELD == 0


def key_of(text: str) -> str:
    """By what a text is known again."""
    return hashlib.sha256(" ".join(text.split()).encode()).hexdigest()[:16]


def texts(guidance: Path, pairs: Path, *, later: bool = False) -> Iterator[Text]:
    """The texts that are found again in the folder of public guidance or in that of the labelled pairs.

    With ``later`` come those too that were written after the first training of the weights that ship.
    """
    with lzma.open(WRITTEN, "rt", encoding="utf-8") as file:
        rows: dict[str, dict[str, Any]] = {
            row["key"]: row for row in map(json.loads, file) if later or not row.get("later")
        }
    for document in load_all([guidance]).documents:
        for passage in split(document):
            if (row := rows.pop(key_of(passage.text), None)) is not None:
                yield from _text(row, passage.path or (passage.title,), _lines(passage))
    for name, field in (("answer", "passage"), ("support", "evidence")):
        with gzip.open(pairs / f"{name}.jsonl.gz", "rt", encoding="utf-8") as file:
            for one in map(json.loads, file):
                text = " ".join(one[field].split())
                if (row := rows.pop(key_of(text), None)) is not None:
                    yield from _text(row, (), tuple(text[start:end] for start, end in sentences(text)))


def _lines(passage: Passage) -> tuple[str, ...]:
    """The sentences of a passage as they were numbered when its questions were written."""
    headings = {heading.casefold() for heading in (*passage.path, passage.title)}
    found: list[str] = []
    for start, end in sentences(passage.text):
        text = passage.text[start:end]
        if any(character.isalpha() for character in text) and text.strip(" :#").casefold() not in headings:
            found.append(line(Statement(passage, text, passage.start + start, passage.start + end)))
    return tuple(found)


def _text(row: dict[str, Any], headings: tuple[str, ...], lines: tuple[str, ...]) -> Iterator[Text]:
    yes = tuple((tuple(numbers), question) for numbers, question in row["yes"])
    if any(number >= len(lines) for numbers, _ in yes for number in numbers):
        print(f"{row['key']} was split otherwise when its questions were written: left out", file=sys.stderr)
        return
    yield Text(row["key"], headings, lines, yes, tuple(row["no"]), bool(row.get("later")))
