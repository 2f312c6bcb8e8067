"""``paths``: where the assistant keeps what it keeps."""

import argparse

from assistant.commands.output import say, write_json
from assistant.settings import Settings, file_of


def paths(given: argparse.Namespace, settings: Settings) -> int:
    """Prints every place, whether there is anything yet or not."""
    from corpus import shipped_guidance

    places = {
        "home": str(settings.home),
        "settings": str(file_of(settings.home, given.settings)),
        "models": str(settings.home / "models"),
        "indexes": str(settings.home / "indexes"),
        "database": hidden_password(settings.database_url),
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


def hidden_password(url: str) -> str:
    """A database URL that can be shown."""
    head, separator, tail = url.partition("://")
    login, at, rest = tail.rpartition("@")
    if not at:
        return url
    return f"{head}{separator}{login.partition(':')[0]}{':***' if ':' in login else ''}@{rest}"
