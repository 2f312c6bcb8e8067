"""``data``: what is kept of a person, for them to have or to be gone."""

import argparse

from assistant.commands.output import say, write_json
from assistant.settings import Settings
from corpus.counting import counted


def data(given: argparse.Namespace, settings: Settings) -> int:
    """Prints everything that is kept of a person as JSON, or deletes it and says how much that was."""
    from assistant.store import Store
    from corpus.errors import UserError

    if not given.person.strip():
        raise UserError("Name the person, as they sign in; where nobody signs in, each browser deletes its own")
    store = Store(settings.database_url)
    try:
        if given.action == "export":
            write_json(store.kept_of(given.person))
            return 0
        deleted = store.forget_person(given.person)
    finally:
        store.close()
    say(
        f"deleted of {given.person}: {counted(deleted.conversations, 'conversation')},"
        f" {counted(deleted.feedback, 'verdict')}, {counted(deleted.gaps, 'question')} without an answer"
    )
    return 0
