"""Printing: answers to standard output, everything else to standard error."""

import json
import sys
import time
from collections.abc import Mapping
from typing import Any, TextIO

from assistant.cli import NOT_WRITTEN
from corpus.errors import UserError


def note(line: str) -> None:
    """A line of progress or a warning, to standard error."""
    print(printable(line), file=sys.stderr, flush=True)  # noqa: T201


def say(line: str = "") -> None:
    """A line of the result, to standard output."""
    put(printable(line))


def write_json(value: Mapping[str, Any]) -> None:
    """One JSON document, and nothing else, to standard output."""
    put(json.dumps(value, ensure_ascii=False, indent=2, default=str))


def put(text: str, out: TextIO | None = None) -> None:
    """Lines of the result, to ``out`` or else standard output. Raises ``UserError`` where they cannot be written."""
    try:
        print(text, file=out, flush=True)
    except BrokenPipeError:  # Whoever read has gone, which is no mistake.
        raise
    except OSError as error:
        raise UserError(NOT_WRITTEN.format(error.strerror)) from error


def printable(text: str) -> str:
    """Text without characters that would steer the terminal, such as escape sequences of a hostile document."""
    return "".join(character if character.isprintable() or character == "\n" else " " for character in text)


class Ticker:
    """Notes of progress, where a line that only counts on takes the place of the one before on a terminal.

    Elsewhere such lines are told every few seconds. To be used in a ``with``.
    """

    def __init__(self, every: float = 5.0) -> None:
        self._every = every
        self._told = float("-inf")
        self._open = False

    def __enter__(self) -> "Ticker":
        return self

    def __exit__(self, *_: object) -> None:
        self._end_line()

    def __call__(self, line: str) -> None:
        done, total = getattr(line, "done", None), getattr(line, "total", None)
        if done is None:
            self._end_line()
            note(line)
        elif sys.stderr.isatty():
            print(f"\r\x1b[K{printable(line)}", end="", file=sys.stderr, flush=True)  # noqa: T201
            self._open = True
        elif time.monotonic() - self._told >= self._every or done == total:
            self._told = time.monotonic()
            note(line)

    def _end_line(self) -> None:
        if self._open:
            print(file=sys.stderr)  # noqa: T201
            self._open = False
