"""The one kind of error that is written for the reader of a terminal or a chat window."""

import difflib
from collections.abc import Callable, Iterable


class UserError(Exception):
    """Something a user can mend.

    ``str(error)`` is one line: what is wrong and what to do next. Every face shows that line as it is, the command
    line with exit code 2; any other exception keeps its traceback.
    """


def did_you_mean(name: str, known: Iterable[str], otherwise: str, shown: Callable[[str], str] = '"{}"'.format) -> str:
    """What to do about a name that is none of those that are known: the nearest of them, or ``otherwise``."""
    close = difflib.get_close_matches(name, known, n=1)
    return f"did you mean {shown(close[0])}?" if close else otherwise


def within_line(message: str) -> str:
    """What another library says, as a part of a line: without its capital and its full stop, all else as it is."""
    message = message.removeprefix("Value error, ").rstrip(".")
    return message[:1].lower() + message[1:]
