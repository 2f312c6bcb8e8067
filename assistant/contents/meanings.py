"""How near statements are to a question in meaning, whatever its words, by what the language model makes of both.

The first layers of the embedded model, with low-rank weights trained for it (see ``assistant/embedder``), put a
question where the statements stand that answer it.
"""

import hashlib
import logging
import os
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import Protocol, cast
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from assistant.contents import prompting
from assistant.contents.statements import Statement, split_statements
from assistant.models.language_model import LanguageModel
from corpus import Passage
from index.progress import Meter, Progress, silent

log = logging.getLogger(__name__)

_MOST = 20_000
"""So many at most are made while nobody asks; of a larger guidance those of the statements compared alone."""
_KEPT = 60_000
"""Embeddings that are kept on disk, half a kilobyte each."""
_UNSAVED = 500
"""After so many new ones they are written while questions are asked."""
_TOGETHER, _UNDISTURBED = 6, 30
"""How many texts are embedded before anybody else gets a turn, and where nobody else wants one."""
_SAMPLE = 20
"""Of so many passages the statements are looked at, and half as many as they say must be too many."""
_QUESTIONS = 64
_CONTEXT = 200
"""Characters of what a statement goes on about that are embedded with it."""
_UNRELATED, _SPREAD = 0.35, 1.5
"""The cosine of texts that only share a subject, by these weights, and what spreads those above it over the scale."""
QUESTION = "Question: {}"
"""How the weights were taught to tell a question from a statement."""

Vector = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Pace:
    """How many texts somebody who waits is worth.

    ``at_once`` are embedded at most when the first question comes, ``compared`` of those that are not known yet for one
    question, ``per_question`` for each of many questions that are asked one after another.
    """

    at_once: int
    compared: int
    per_question: int


QUICK, SLOW = Pace(400, 32, 200), Pace(150, 40, 40)
"""Where some fifteen are embedded in a second, and where two are."""


class Embeds(Protocol):
    """A language model that can also say where texts stand."""

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Where they stand, (texts, width), each of length 1."""


class Remembered:
    """Embeddings by their text, in ``file`` from one start to the next; only in memory where that is None.

    Those that ``ship``, of the guidance that ships, are known from the beginning.
    """

    def __init__(self, file: Path | None = None, *, ship: bool = False) -> None:
        self._file = file
        self._lock = threading.Lock()
        self._shipped = shipped() if ship else {}
        self._held: dict[bytes, NDArray[np.float16]] = _read(file)
        self._unsaved = 0

    def __len__(self) -> int:
        return len(self._held) + len(self._shipped)

    def get(self, text: str) -> NDArray[np.float16] | None:
        key = _key(text)
        with self._lock:
            return self._held.get(key, self._shipped.get(key))

    def put(self, text: str, vector: Vector) -> None:
        with self._lock:
            self._held[_key(text)] = vector.astype(np.float16)
            self._unsaved += 1

    def fill(self, texts: Sequence[str], model: Embeds) -> bool:
        """Has those of the texts embedded that are not known; whether there were any."""
        unknown = self.unknown(texts)
        for text, row in zip(unknown, model.embed(unknown) if unknown else (), strict=True):
            self.put(text, row)
        return bool(unknown)

    def unknown(self, texts: Sequence[str]) -> list[str]:
        """Those of the texts that are not known, each once."""
        return [text for text in dict.fromkeys(texts) if self.get(text) is None]

    def save(self, after: int = 1) -> None:
        """Writes them, with what another process has written meanwhile, where ``after`` or more are new.

        What cannot be written is made again after the next start.
        """
        if self._file is None or self._unsaved < after:
            return
        with self._lock:
            self._unsaved = 0
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
    """The meaning of the statements of ``passages`` and of ``headings`` over them, by ``model``.

    Each is embedded once and then ``remembered``.
    """

    def __init__(
        self,
        model: Embeds,
        passages: Sequence[Passage],
        remembered: Remembered | None = None,
        headings: Sequence[str] = (),
    ) -> None:
        self.pace = QUICK if getattr(model, "embeds_quickly", True) else SLOW
        self._model = model
        self._passages = passages
        self._remembered = Remembered() if remembered is None else remembered
        self._headings = list(dict.fromkeys(headings))
        self._learning = threading.Lock()
        self._arranged: tuple[Sequence[Statement], NDArray[np.float32]] = ((), np.zeros((0, 0), np.float32))
        self._arranged_of = 0
        self._complete = False
        # Of a question every statement may be compared.
        self._asked = lru_cache(maxsize=_QUESTIONS)(self._of_question)
        self._split = lru_cache(maxsize=1)(self._distinct)

    @property
    def known(self) -> bool:
        """Whether all statements have been embedded, so that any is found."""
        return self._complete

    def missing(self, most: int) -> int:
        """How many texts have to be embedded before all are known; 0 where they are more than ``most``."""
        return len(self._to_embed(most) or ())

    def learn(
        self,
        ending: Callable[[], bool],
        most: int = _MOST,
        progress: Progress = silent,
        *,
        undisturbed: bool = False,
    ) -> None:
        """Embeds what is not known, unless that is more than ``most`` texts, until ``ending``.

        ``undisturbed`` where nobody asks meanwhile.
        """
        unknown = self._to_embed(most)
        self._arrange(_UNSAVED if self._arranged_of else 1)
        if unknown is None:
            return
        meter = Meter("Making out what statements mean:", len(unknown), progress)
        together = _UNDISTURBED if undisturbed else _TOGETHER
        for done, texts in enumerate(in_steps(unknown, together)):
            if self.known or ending():  # It may wait there for questions, which learn as well.
                break
            with self._learning:
                self._remembered.fill(texts, self._model)
            self._remembered.save(_UNSAVED)
            self._arrange(_UNSAVED)
            meter.reached(min(len(unknown), (done + 1) * together))
        self._remembered.save()
        self._arrange()

    def _arrange(self, after: int = 1) -> None:
        """Puts what is known of the statements together, so that it is found, where ``after`` or more are new."""
        count = len(self._remembered)
        if self.known or len(self._passages) > _MOST or count - self._arranged_of < after:
            return
        self._arranged_of = count
        statements = list(self._split().values())
        rows = [self._remembered.get(_in_context(one)) for one in statements]
        known = [(one, row) for one, row in zip(statements, rows, strict=True) if row is not None]
        if known:
            self._arranged = [one for one, _ in known], np.stack([row for _, row in known]).astype(np.float32)
        self._complete = len(known) == len(statements) and not self._remembered.unknown(self._headings)

    def _to_embed(self, most: int) -> list[str] | None:
        """The texts that are not known; None where they are more than ``most``, or all have been put together."""
        if self.known or len(self._passages) > _MOST or self._sampled() > most:
            return None
        unknown = self._remembered.unknown(self._texts())
        return unknown if len(unknown) <= most else None

    def _sampled(self) -> float:
        """About how many statements are not known, by some of the passages: all need not be split to find it many."""
        some = self._passages[:: max(1, len(self._passages) // _SAMPLE)]
        lines = [_in_context(one) for passage in some for one in split_statements(passage)]
        return len(self._remembered.unknown(lines)) * len(self._passages) / max(1, len(some)) / 2

    def nearness(self, question: str, statements: Sequence[Statement]) -> NDArray[np.float32] | None:
        """How near each statement is to the question (see ``near``); None where very many of them are not known yet."""
        return self._nearness(question, [self._line(one) for one in statements])

    def nearness_of_first(self, question: str, statements: Sequence[Statement]) -> NDArray[np.float32]:
        """The same; 0 for those that are not known yet after the first of them."""
        texts = [_in_context(one) for one in statements]
        self._made(self._remembered.unknown(texts)[: self.pace.compared])
        return self._compared(question, texts)

    def nearness_of_known(self, question: str, statements: Sequence[Statement]) -> NDArray[np.float32]:
        """How near those of the statements are that are known, (known statements,); of the rest nothing is made out."""
        texts = [self._line(one) for one in statements]
        return self._compared(question, [text for text in texts if self._remembered.get(text) is not None])

    def nearness_of_headings(self, question: str, headings: Sequence[str]) -> NDArray[np.float32] | None:
        """How near each heading is to the question; None where very many of them are not known yet."""
        return self._nearness(question, headings)

    def nearest(self, question: str, most: int) -> list[Statement]:
        """The ``most`` statements that are nearest, best first, of those that are known."""
        statements, rows = self._arranged
        if not statements:
            return []
        order = np.argsort(-(rows @ self._asked(question)))
        return [statements[place] for place in order[:most]]

    def _line(self, statement: Statement) -> str:
        """What is embedded of a statement; where that is not known, what is of the same words in another place."""
        line = _in_context(statement)
        if not self.known or self._remembered.get(line) is not None:
            return line
        return _in_context(self._split().get(statement.text.casefold(), statement))

    def _nearness(self, question: str, texts: Sequence[str]) -> NDArray[np.float32] | None:
        unknown = self._remembered.unknown(texts)
        if len(unknown) > self.pace.compared:
            return None
        self._made(unknown)
        return self._compared(question, texts)

    def _made(self, texts: Sequence[str]) -> None:
        for part in in_steps(texts):
            self._remembered.fill(part, self._model)
        self._remembered.save(_UNSAVED)

    def _compared(self, question: str, texts: Sequence[str]) -> NDArray[np.float32]:
        asked = self._asked(question)
        rows = [self._remembered.get(text) for text in texts]
        return np.array([0.0 if row is None else near(row.astype(np.float32), asked) for row in rows], np.float32)

    def _of_question(self, question: str) -> Vector:
        text = QUESTION.format(" ".join(question.split())[: prompting.QUESTION_CHARACTERS])
        row: Vector = self._model.embed([text])[0]
        return row

    def _texts(self) -> list[str]:
        return list(dict.fromkeys((*(_in_context(one) for one in self._split().values()), *self._headings)))

    def _distinct(self) -> dict[str, Statement]:
        """The statements of all passages, each once, by its words."""
        found: dict[str, Statement] = {}
        for passage in self._passages:
            for one in split_statements(passage):
                found.setdefault(one.text.casefold(), one)
        return found


def in_steps(texts: Sequence[str], together: int = _TOGETHER) -> Iterator[Sequence[str]]:
    """Texts, as many at a time as are embedded before anybody else gets a turn."""
    for start in range(0, len(texts), together):
        yield texts[start : start + together]


def _in_context(statement: Statement) -> str:
    """The statement under its heading, after what it goes on about ("They pay for it")."""
    line = prompting.line(statement)
    return f"{' '.join(statement.before.split())[-_CONTEXT:]} {line}" if statement.before else line


def near(rows: NDArray[np.float32], others: NDArray[np.float32]) -> NDArray[np.float32]:
    """How near embeddings are: about 0 for texts that only share a subject, .25 for an answer in far words."""
    found: NDArray[np.float32] = (rows @ others - _UNRELATED) * _SPREAD
    return found


def embeds(model: LanguageModel | None) -> Embeds | None:
    """The model, if it can embed texts."""
    return cast("Embeds", model) if getattr(model, "embeds", False) else None


@lru_cache(maxsize=1)
def shipped() -> Mapping[bytes, NDArray[np.float16]]:
    """What ``benchmarks/meaning.py --write`` made of the guidance that ships; nothing where that cannot be read."""
    with as_file(files("assistant").joinpath("calibration", "meanings.npz")) as file:
        return _read(file)


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
