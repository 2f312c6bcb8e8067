"""How near statements are to a question in meaning, whatever its words, by what the language model makes of both.

A model that is asked to sum a text up in one word stands, before it says the word, where texts of like meaning stand
(Jiang et al. 2023, arXiv 2307.16645). Texts of one guidance share most of that place, and questions are not statements,
so what all have in common is taken off first.
"""

import hashlib
import json
import logging
import os
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import lru_cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any, Protocol, cast
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from assistant import prompting
from assistant.models.language_model import LanguageModel, Message
from assistant.statements import Statement, split_statements
from corpus import Passage

log = logging.getLogger(__name__)

AT_ONCE = 400
"""Of so many statements at most the embeddings are made when the first question comes; a fraction of a second each."""
_MOST = 4_000
"""Of so many at most they are made while nobody asks; of a larger guidance not at all."""
_KEPT = 12_000
"""Embeddings that are kept on disk, 3 kB each."""
_QUESTIONS = 64
_CONTEXT = 200
"""Characters of what a statement goes on about that are embedded with it."""
STATEMENT, QUESTION, _BEGUN = "Statement: {}", "Question: {}", '"'

Vector = NDArray[np.float32]


class Embeds(Protocol):
    """A language model that can also say where a text stands."""

    def embed(self, messages: Sequence[Message], begun: str) -> Vector:
        """The state after the messages and the first words of its own, (width,)."""


class Remembered:
    """Embeddings by their text, in ``file`` from one start to the next; only in memory where that is None.

    Those that ``ship``, of the guidance that ships, are known from the beginning.
    """

    def __init__(self, file: Path | None = None, *, ship: bool = False) -> None:
        self._file = file
        self._lock = threading.Lock()
        self._shipped = shipped() if ship else {}
        self._held: dict[bytes, NDArray[np.float16]] = _read(file)

    def get(self, text: str) -> NDArray[np.float16] | None:
        key = _key(text)
        with self._lock:
            return self._held.get(key, self._shipped.get(key))

    def put(self, text: str, vector: Vector) -> None:
        with self._lock:
            self._held[_key(text)] = vector.astype(np.float16)

    def save(self) -> None:
        """Writes them, with what another process has written meanwhile; what cannot be written is made again."""
        if self._file is None:
            return
        with self._lock:
            held = {**_read(self._file), **self._held}
            kept = dict(list(held.items())[-_KEPT:])
        partial = self._file.with_name(f"{self._file.name}.{os.getpid()}.part")
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            with partial.open("wb") as out:
                np.savez(out, keys=np.array([list(key) for key in kept], np.uint8), rows=np.stack(list(kept.values())))
            os.replace(partial, self._file)
        except OSError as error:
            with suppress(OSError):
                partial.unlink(missing_ok=True)
            log.warning("What statements mean is not kept for the next start: %s", error.strerror or error)


class Meanings:
    """The meaning of all statements of ``passages`` and of ``headings`` over them, by ``model``.

    Each is embedded once and then ``remembered``.
    """

    def __init__(
        self,
        model: Embeds,
        passages: Sequence[Passage],
        remembered: Remembered | None = None,
        headings: Sequence[str] = (),
    ) -> None:
        self._model = model
        self._remembered = remembered or Remembered()
        distinct = _distinct(passages)
        self._statements = list(distinct.values())
        self._lines = [_in_context(one) for one in self._statements]
        self._headings = list(dict.fromkeys(headings))
        self._place = {text: place for place, text in enumerate(distinct)}
        self._learning = threading.Lock()
        self._complete = False
        self._apart: NDArray[np.float32] = np.zeros((0, 0), np.float32)
        self._middle: Vector = np.zeros(0, np.float32)
        self._heading_rows: NDArray[np.float32] = np.zeros((0, 0), np.float32)
        # Of a question every heading and statement may be compared; only once all are known.
        self._asked = lru_cache(maxsize=_QUESTIONS)(self._of_question)
        self._near = lru_cache(maxsize=_QUESTIONS)(self._near_of_question)

    @property
    def known(self) -> bool:
        """Whether all statements have been embedded, so that any is compared."""
        return self._complete

    @property
    def missing(self) -> int:
        """How many statements have to be embedded before the first question; 0 where that takes too long."""
        if self.known or self._count > AT_ONCE:
            return 0
        return sum(self._remembered.get(line) is None for line in (*self._lines, *self._headings))

    @property
    def _count(self) -> int:
        return len(self._lines) + len(self._headings)

    def learn(self, ending: Callable[[], bool], most: int = _MOST) -> None:
        """Embeds the statements that are not known, unless they are more than ``most``, until ``ending``."""
        if self.known or not self._lines or self._count > most:
            return
        made = False
        for text in (*self._lines, *self._headings):
            if self.known or ending():  # It may wait there for questions, which learn as well.
                break
            with self._learning:
                if self._remembered.get(text) is None:
                    self._remembered.put(text, embedded(self._model, STATEMENT.format(text)))
                    made = True
        if made:
            self._remembered.save()
        with self._learning:
            rows, headings = self._known(self._lines), self._known(self._headings)
            if rows is not None and headings is not None and not self.known:
                self._middle = rows.mean(axis=0)
                self._heading_rows = unit(headings - headings.mean(axis=0)) if len(headings) else headings
                self._apart = unit(rows - self._middle)
                self._complete = True

    def nearness(self, question: str, statements: Sequence[Statement]) -> NDArray[np.float32] | None:
        """The cosine of each statement to the question; None where the statements are not all known yet."""
        if not self.known:
            return None
        every = self._near(question)
        places = [self._place.get(one.text.casefold()) for one in statements]
        return np.array([0.0 if place is None else every[place] for place in places], np.float32)

    def nearness_of_headings(self, question: str, headings: Sequence[str]) -> NDArray[np.float32] | None:
        """The cosine of each heading to the question; None where not all are known."""
        if not self.known or not set(headings) <= set(self._headings):
            return None
        near: NDArray[np.float32] = self._heading_rows @ self._asked(question)
        return np.array([near[self._headings.index(one)] for one in headings], np.float32)

    def nearest(self, question: str, most: int) -> list[Statement]:
        """The ``most`` statements that are nearest, best first; none where they are not all known yet."""
        if not self.known:
            return []
        return [self._statements[place] for place in np.argsort(-self._near(question))[:most]]

    def _near_of_question(self, question: str) -> NDArray[np.float32]:
        """The cosine of every statement to a question."""
        near: NDArray[np.float32] = self._apart @ self._asked(question)
        return near

    def _of_question(self, question: str) -> Vector:
        text = QUESTION.format(" ".join(question.split())[: prompting.QUESTION_CHARACTERS])
        return unit(embedded(self._model, text) - self._middle - asking())

    def _known(self, texts: Sequence[str]) -> NDArray[np.float32] | None:
        """The embeddings of texts; None where one is missing."""
        known = [self._remembered.get(text) for text in texts]
        found = [one for one in known if one is not None]
        if len(found) < len(known):
            return None
        return np.stack(found).astype(np.float32) if found else np.zeros((0, 0), np.float32)


def _distinct(passages: Sequence[Passage]) -> dict[str, Statement]:
    """The statements, each once; none where they are too many to be embedded, for then they need not be split."""
    found: dict[str, Statement] = {}
    for passage in passages:
        found |= {one.text.casefold(): one for one in split_statements(passage)}
        if len(found) > _MOST:
            return {}
    return found


def _in_context(statement: Statement) -> str:
    """The statement under its heading, after what it goes on about ("They pay for it")."""
    line = prompting.line(statement)
    return f"{' '.join(statement.before.split())[-_CONTEXT:]} {line}" if statement.before else line


def embedded(model: Embeds, text: str) -> Vector:
    """Where the model stands before it sums up ``text``, made of `STATEMENT` or `QUESTION`, in one word."""
    return model.embed((Message("system", prompting.text("meaning")), Message("user", text)), _BEGUN)


def embeds(model: LanguageModel | None) -> Embeds | None:
    """The model, if it can embed texts and what all questions have in common is known for it."""
    known = hasattr(model, "embed") and getattr(model, "name", "") == _asking()["model"]
    return cast("Embeds", model) if known else None


def asking() -> Vector:
    """How the embedding of a question differs from that of a statement, in the mean of many of both."""
    return np.array(_asking()["asking"], np.float32)


@lru_cache(maxsize=1)
def _asking() -> Mapping[str, Any]:
    """What ``benchmarks/meaning.py`` wrote: the ``model``, the numbers, and how they were made."""
    values: Mapping[str, Any] = json.loads(
        files("assistant").joinpath("calibration", "meaning.json").read_text("utf-8")
    )
    return values


@lru_cache(maxsize=1)
def shipped() -> Mapping[bytes, NDArray[np.float16]]:
    """What ``benchmarks/meaning.py --write`` made of the guidance that ships; nothing where that cannot be read."""
    with as_file(files("assistant").joinpath("calibration", "meanings.npz")) as file:
        return _read(file)


def unit(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    """The rows, each of length 1."""
    lengths = np.linalg.norm(rows, axis=-1, keepdims=True)
    scaled: NDArray[np.float32] = (rows / np.maximum(lengths, 1e-6)).astype(np.float32)
    return scaled


def _key(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()[:16]


def _read(file: Path | None) -> dict[bytes, NDArray[np.float16]]:
    """What is in a file; nothing where there is none that can be read."""
    if file is None:
        return {}
    try:
        with file.open("rb") as opened, np.load(opened, allow_pickle=False) as held:
            return {bytes(key): row for key, row in zip(held["keys"].astype(np.uint8), held["rows"], strict=True)}
    except (OSError, ValueError, KeyError, EOFError, BadZipFile) as error:
        if not isinstance(error, FileNotFoundError):
            log.warning("What statements mean is worked out anew: %s could not be read", file.name)
        return {}
