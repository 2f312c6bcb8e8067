"""What each command of the command line does; ``assistant.cli`` reads the arguments."""

import argparse
from collections.abc import Callable
from typing import Any

from assistant.settings import Settings, read

_FLAGS = ("home", "model", "host", "port", "allow_remote", "log_level")


def run(given: argparse.Namespace) -> int:
    """Runs the command that was given and returns its exit code. Raises ``UserError``."""
    settings = settings_of(given)
    from assistant.logs import configure

    configure(settings.log_level, questions=settings.log_questions, form=settings.log_format)
    command: Callable[[argparse.Namespace, Settings], int]
    match given.command:
        case "chat":
            from assistant.commands.serving import chat as command
        case "mcp":
            from assistant.commands.serving import mcp as command
        case "ask":
            from assistant.commands.asking import ask as command
        case "search":
            from assistant.commands.asking import search as command
        case "index":
            from assistant.commands.indexing import index as command
        case "evaluate":
            from assistant.evaluate.run import main as command
        case "cases":
            from assistant.commands.drafting import cases as command
        case "data":
            from assistant.commands.keeping import data as command
        case "access":
            from assistant.commands.admitting import access as command
        case "models":
            from assistant.commands.pulling import models as command
        case _:
            from assistant.commands.places import paths as command
    return command(given, settings)


def settings_of(given: argparse.Namespace) -> Settings:
    """The settings of this run; documents named on the command line replace all that is configured."""
    flags: dict[str, Any] = {name: getattr(given, name, None) for name in _FLAGS}
    named = getattr(given, "documents", None)
    if named:
        flags |= {"documents": tuple(named), "shipped_guidance": False}
    return read(flags, given.settings)
