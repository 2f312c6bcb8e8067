"""``models``: the models that ship, and fetching their weights."""

import argparse

from assistant.commands.output import note, say, write_json
from assistant.settings import Settings
from corpus.errors import UserError


def models(given: argparse.Namespace, settings: Settings) -> int:
    """Lists the models, or fetches and verifies the one that was named or those that the settings use."""
    from assistant.models.factory import make_ready, needed_weights
    from index import weights

    if given.action == "pull":
        for name in [given.name] if given.name else used(settings):
            path = weights.pull(name, settings.home, note)
            if needed_weights(name) is not None:
                make_ready(settings, path, note)
            if not given.json:
                say(f"{weights.known(name).name}  {path}")
    elif given.name:
        weights.known(given.name)
    if given.action == "list" or given.json:
        _list(given, settings)
    return 0


def used(settings: Settings) -> list[str]:
    """The models that the settings use, as far as they are known here: others are paths or served elsewhere."""
    from index import weights

    known = []
    for name in (settings.embedding, settings.sparse, settings.reranker, settings.model):
        try:
            known.append(weights.known(name).name)
        except UserError:
            continue
    return known


def _list(given: argparse.Namespace, settings: Settings) -> None:
    from index import weights

    listed = [
        entry
        for entry in weights.listed(settings.home)
        if not given.name or entry.name == weights.known(given.name).name
    ]
    in_use = used(settings)
    if given.json:
        rows = [
            {
                "name": entry.name,
                "purpose": entry.purpose,
                "licence": entry.licence,
                "bytes": entry.size,
                "state": entry.state,
                "used": entry.name in in_use,
                "path": str(entry.path),
            }
            for entry in listed
        ]
        write_json({"models": rows})
        return
    for entry in listed:
        mark = "used" if entry.name in in_use else ""
        say(
            f"{entry.name:<20} {entry.size / 1e6:>6.0f} MB  {entry.state:<8} {mark:<5} {entry.purpose}, {entry.licence}"
        )
