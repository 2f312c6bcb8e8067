"""What files were read to, kept between runs, so that only those that have changed are read again."""

import hashlib
import json
import uuid
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from corpus.blocks import Extract
from corpus.recognition import traces
from corpus.watching import readers
from corpus.wire import content_of, told

MOST_KEPT = 500_000_000
"""How many bytes all that is kept of one run may have; of what comes after that, nothing is."""

Extractor = Callable[[str, bytes, str], Extract]


class Readings:
    """The readings in ``folder``, which is made where it is missing; with ``writing`` false nothing there is changed.

    What is read again in another way, by other readers or in another language, is another reading. One that is
    damaged counts as none, and where nothing can be written, nothing is kept. Several runs may share the folder: at
    worst, one reads what another has thrown away.
    """

    def __init__(self, folder: Path, *, writing: bool = True) -> None:
        self._folder = folder
        self._writing = writing
        self._used: set[str] = set()
        self._size = 0

    def over(self, extractor: Extractor) -> Extractor:
        """``extractor``, asked only for what is not kept."""

        def extract(suffix: str, raw: bytes, language: str) -> Extract:
            name = _name(suffix, raw, language)
            kept = self._kept(name)
            if kept is not None:
                return kept
            content = extractor(suffix, raw, language)
            if content.final:
                self._keep(name, told(content))
            return content

        return extract

    def tidy(self) -> None:
        """Throws away what has not been used, so that what was removed from the documents is not left here."""
        if not self._writing:
            return
        with suppress(OSError):
            for path in list(self._folder.iterdir()):
                if path.name not in self._used:
                    with suppress(OSError):
                        path.unlink()

    def _kept(self, name: str) -> Extract | None:
        path = self._folder / name
        try:
            if path.stat().st_size > MOST_KEPT:
                return None
            digest, _, message = path.read_bytes().partition(b"\n")
            if digest != _digest(message):
                return None
            content = content_of(json.loads(message))
        except (OSError, ValueError, TypeError, KeyError, RecursionError):
            return None
        self._has_room(name, len(message))
        return content

    def _keep(self, name: str, message: bytes) -> None:
        if not self._writing or not self._has_room(name, len(message)):
            return
        waiting = self._folder / f"{uuid.uuid4().hex}.tmp"
        with suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True)
            try:
                # One that is cut short does not fit its digest, so nothing has to wait for the disk.
                waiting.write_bytes(_digest(message) + b"\n" + message)
                waiting.replace(self._folder / name)
            finally:
                waiting.unlink(missing_ok=True)

    def _has_room(self, name: str, size: int) -> bool:
        """Whether it may stay; it counts as used then."""
        if name not in self._used and self._size + size <= MOST_KEPT:
            self._used.add(name)
            self._size += size
        return name in self._used


def _name(suffix: str, raw: bytes, language: str) -> str:
    """Another one for everything that a reading depends on."""
    recognising = traces() if suffix == ".pdf" else ""
    ways = json.dumps([suffix, language, readers(), recognising])
    return hashlib.sha256(ways.encode("ascii") + b"\0" + raw).hexdigest()


def _digest(message: bytes) -> bytes:
    return hashlib.sha256(message).hexdigest().encode("ascii")
