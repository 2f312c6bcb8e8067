"""``paths``: where the assistant keeps what it keeps."""

import argparse

from assistant.commands.output import say, write_json
from assistant.settings import Settings, file_of
from corpus.addresses import shown


def paths(given: argparse.Namespace, settings: Settings) -> int:
    """Prints every place, whether there is anything yet or not."""
    from corpus import shipped_guidance

    places = {
        "home": str(settings.home),
        "settings": str(file_of(settings.home, given.settings)),
        "models": str(settings.home / "models"),
        "indexes": str(settings.home / "indexes"),
        "database": shown(settings.database_url),
        "documents": [
            *([str(shipped_guidance())] if settings.shipped_guidance else []),
            *(str(path) for path in settings.documents),
        ],
    }
    if given.json:
        write_json(places)
        return 0
    for name, value in places.items():
        for line in value if isinstance(value, list) else [value]:
            say(f"{name:<10} {line}")
    return 0
