"""``access``: a line for the file of people, and the key that belongs to it."""

import argparse
import getpass
import secrets
import sys

from assistant.access.people import line_for
from assistant.commands.output import say
from assistant.settings import Settings


def access(given: argparse.Namespace, settings: Settings) -> int:
    """Prints the line to standard output and the key, once, to standard error."""
    del settings
    key = getpass.getpass("Password: ") if given.password else secrets.token_urlsafe(32)
    say(line_for(given.name, "own" if given.own else "ask", key))
    if not given.password:
        print(f"The API key of {given.name}, shown only now: {given.name}:{key}", file=sys.stderr)  # noqa: T201
    return 0
