"""Versions whose vectors a Chroma server holds: a collection for each, named in its manifest."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from index import versions
from index.store import DamagedError, drop_collections, write_server
from index.vectors import Matrix

_OWNER = "owner"


def write(folder: Path, url: str, vectors: Iterable[Matrix]) -> dict[str, str]:
    """Writes the vectors of a new version; what its manifest says of them, a login left out. Needs the lock.

    What a build that was killed left on the server goes first.
    """
    tidy(folder, url)
    collection = f"{_prefix(folder)}{uuid.uuid4().hex[:12]}"
    write_server(url, collection, vectors)
    return {"url": without_login(url), "collection": collection}


def tidy(folder: Path, url: str) -> None:
    """Removes the collections of this folder that no version names any more. Needs the lock."""
    kept = set()
    for version in versions.finished(folder):
        try:
            held = versions.read_manifest(version).get("server")
        except DamagedError:
            continue
        if isinstance(held, dict):
            kept.add(str(held.get("collection")))
    drop_collections(url, _prefix(folder), kept)


def without_login(url: str) -> str:
    """The address without the name and password that it may hold."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2], query="", fragment=""))


def _prefix(folder: Path) -> str:
    """What the collections of this folder are called; a server may hold those of others too."""
    place = folder / _OWNER
    try:
        name = place.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        name = uuid.uuid4().hex[:12]
        versions.replace_text(place, name)
    return f"strategy-assistant-{name}-"
