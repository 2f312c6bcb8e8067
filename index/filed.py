"""The vectors of a version a second time, as a plain file of rows: Chroma finds the nearest, a row is read from here.

Chroma looks every vector up by its id, and a server is a journey away besides. The file is read and not mapped: where
it is cut short while it serves, Chroma is asked and the process goes on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from threading import Lock

import numpy as np

from index.store import ChromaStore, Rows
from index.vectors import Matrix

NAME = "vectors.f4"
_KIND = np.dtype("<f4")


def written(place: Path, blocks: Iterable[Matrix]) -> Iterator[Matrix]:
    """The blocks as they come, each written into the version being built in ``place`` as it passes."""
    with (place / NAME).open("wb") as file:
        for block in blocks:
            file.write(np.ascontiguousarray(block, dtype=_KIND).tobytes())
            yield block


class FiledStore:
    """A finished collection whose vectors are read from the file of ``version``. It closes both."""

    def __init__(self, version: Path, store: ChromaStore) -> None:
        self._store = store
        self._lock = Lock()
        self._file = (version / NAME).open("rb", buffering=0)
        self._width = (version / NAME).stat().st_size // store.count

    def nearest(self, vector: Matrix, n: int) -> Rows:
        return self._store.nearest(vector, n)

    def vectors(self, rows: Sequence[int] | None = None) -> Matrix:
        wanted = range(self._store.count) if rows is None else rows
        found = np.empty((len(wanted), self._width // _KIND.itemsize), dtype=_KIND)
        try:
            with self._lock:
                for row, buffer in zip(wanted, found, strict=True):
                    self._file.seek(int(row) * self._width)
                    if self._file.readinto(buffer.data) != self._width:
                        return self._store.vectors(rows)
        except OSError:
            return self._store.vectors(rows)
        return found.astype(np.float32, copy=False)

    def close(self) -> None:
        self._file.close()
        self._store.close()
