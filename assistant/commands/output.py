"""Printing: answers to standard output, everything else to standard error."""

import json
import sys
from collections.abc import Mapping
from typing import Any


def note(line: str) -> None:
    """A line of progress or a warning, to standard error."""
    print(printable(line), file=sys.stderr, flush=True)  # noqa: T201


def say(line: str = "") -> None:
    """A line of the result, to standard output."""
    print(printable(line), flush=True)  # noqa: T201


def write_json(value: Mapping[str, Any]) -> None:
    """One JSON document, and nothing else, to standard output."""
    print(json.dumps(value, ensure_ascii=False, indent=2, default=str), flush=True)  # noqa: T201


def printable(text: str) -> str:
    """Text without characters that would steer the terminal, such as escape sequences of a hostile document."""
    return "".join(character if character.isprintable() or character == "\n" else " " for character in text)
