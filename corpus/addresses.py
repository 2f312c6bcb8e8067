"""Addresses as they may be shown: without what lets somebody in."""

import re

_IN_TEXT = re.compile(r"[A-Za-z][A-Za-z0-9+.-]{0,40}://[^\s\"'<>`]*[^\s\"'<>`.,:;)\]]")
CUT = "***"


def shown(address: str) -> str:
    """A URL without its login and query, in whose place asterisks stand; of an ambiguous one only the scheme is left.

    Passwords hold whatever is typed into them, a ``/``, ``?`` or ``@`` that should have been escaped included.
    """
    scheme = address.find("://") + 3 if "://" in address else 0
    head, tail = address[:scheme], address[scheme:]
    end = next((place for place, character in enumerate(tail) if character in "?#"), len(tail))
    place, more = tail[:end], tail[end:]
    if tail.startswith("/"):  # Such as SQLite's: a file, and no login before it.
        return f"{head}{place}{f'?{CUT}' if more else ''}"
    if "@" in more:
        return f"{head}{CUT}"
    login = f"{CUT}@" if "@" in place else ""
    return f"{head}{login}{place.rpartition('@')[2]}{f'?{CUT}' if more else ''}"


def redacted(text: str) -> str:
    """A text in which every URL is as ``shown`` has it."""
    return _IN_TEXT.sub(lambda found: shown(found[0]), text) if "://" in text else text
