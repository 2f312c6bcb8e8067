"""What a build has embedded so far, kept on disk as it goes, so that a build that was killed loses nothing.

A file of records, each the digest of a text, what was made of it, and a checksum over both. A record that was not
written to its end, by a killed process or a power cut, ends the file: what stands before it counts.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

import numpy as np

from index.vectors import Matrix

if TYPE_CHECKING:
    from scipy.sparse import csr_array

_DIGEST = 32
_PREFIX = "embedded-"


class Embedded:
    """The records of one encoder, named by its fingerprint. To be used in a ``with``, by one thread, under the lock."""

    def __init__(self, folder: Path, fingerprint: str) -> None:
        self.path = folder / f"{_PREFIX}{hashlib.sha256(fingerprint.encode()).hexdigest()[:16]}.log"
        self._places: dict[bytes, tuple[int, int]] = {}
        self._file = self.path.open("a+b")
        try:
            self._end = self._scan()
        except BaseException:
            self._file.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def __contains__(self, digest: bytes) -> bool:
        return digest in self._places

    def __len__(self) -> int:
        return len(self._places)

    def add(self, digests: Iterable[bytes], values: Iterable[bytes]) -> None:
        """Writes one record for each digest; they count from when this returns."""
        records = []
        for digest, value in zip(digests, values, strict=True):
            head = digest + len(value).to_bytes(4, "big")
            records.append(head + value + zlib.crc32(value, zlib.crc32(head)).to_bytes(4, "big"))
            self._places[digest] = (self._end + len(head), len(value))
            self._end += len(records[-1])
        self._file.write(b"".join(records))
        self._file.flush()

    def read(self, digest: bytes) -> bytes:
        """What was written for ``digest``."""
        start, size = self._places[digest]
        self._file.seek(start)
        return self._file.read(size)

    def _scan(self) -> int:
        """Reads the places of the records that are whole and cuts off what follows them; the end of the last."""
        self._file.seek(0)
        end = 0
        while len(head := self._file.read(_DIGEST + 4)) == _DIGEST + 4:
            size = int.from_bytes(head[_DIGEST:], "big")
            value = self._file.read(size + 4)
            if len(value) < size + 4 or zlib.crc32(value[:-4], zlib.crc32(head)) != int.from_bytes(value[-4:], "big"):
                break
            self._places[head[:_DIGEST]] = (end + _DIGEST + 4, size)
            end += _DIGEST + size + 8
        self._file.truncate(end)
        self._file.seek(0, 2)
        return end


def forget(folder: Path) -> None:
    """Removes the records of every encoder: a version holds them now."""
    for path in folder.glob(f"{_PREFIX}*.log"):
        path.unlink(missing_ok=True)


def dense_values(vectors: Matrix) -> list[bytes]:
    return [row.tobytes() for row in np.ascontiguousarray(vectors, dtype="<f4")]


def dense_row(value: bytes) -> Matrix:
    return np.frombuffer(value, dtype="<f4").astype(np.float32)


def sparse_values(matrix: csr_array) -> list[bytes]:
    """Each row as the numbers of its columns and then their weights."""
    values = []
    for start, end in zip(matrix.indptr[:-1], matrix.indptr[1:], strict=True):
        columns = matrix.indices[start:end].astype("<i4").tobytes()
        values.append(columns + matrix.data[start:end].astype("<f4").tobytes())
    return values


def sparse_row(value: bytes) -> tuple[np.ndarray, np.ndarray]:
    """The columns and the weights of one row."""
    half = len(value) // 2
    return np.frombuffer(value[:half], dtype="<i4"), np.frombuffer(value[half:], dtype="<f4")
