"""``index``: builds or updates the index and says what has changed."""

import argparse

from assistant.commands.output import note, say, write_json
from assistant.settings import Settings


def index(given: argparse.Namespace, settings: Settings) -> int:
    """Opens the index of the configured or named documents, building what is missing."""
    from assistant.builder import load_documents, open_documents_index

    loaded = load_documents(settings, note)
    opened = open_documents_index(settings, loaded.documents, note)
    try:
        changes = opened.changes
        told = {
            "index": opened.name,
            "documents": len(opened.documents),
            "passages": len(opened.passages),
            "added": list(changes.added),
            "changed": list(changes.changed),
            "removed": list(changes.removed),
            "refused": [{"path": refused.path, "reason": refused.reason} for refused in loaded.refused],
        }
    finally:
        opened.close()
    if given.json:
        write_json(told)
        return 0
    for what in ("added", "changed", "removed"):
        for name in told[what]:  # type: ignore[attr-defined]
            say(f"{what:<8} {name}")
    if not (changes.added or changes.changed or changes.removed):
        say("unchanged" if not changes.reason else f"rebuilt: {changes.reason}")
    say(f"{told['documents']} documents, {told['passages']} passages, index {told['index']}")
    return 0
