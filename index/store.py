"""Where vectors are kept and compared: Chroma, embedded or a server, and its stand-in in memory.

The only module that knows Chroma. Embedded Chroma is not safe while another process writes the same folder, not even
for a reader (chroma-core/chroma#3792), so a folder is written once, closed and from
then on only read. A server may serve several processes; there a collection is written once and then only read.
"""

from __future__ import annotations

import os
import shutil
from base64 import b64encode
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Protocol, cast
from urllib.parse import unquote, urlsplit

import numpy as np
from numpy.typing import NDArray

from corpus.addresses import shown
from corpus.errors import UserError
from index.vectors import Matrix

if TYPE_CHECKING:
    from chromadb.api.client import Client

Rows = NDArray[np.int64]

_BATCH = 2000
_SOON = 10.0
_PATIENCE = 120.0


class DamagedError(Exception):
    """What is stored cannot be read back as it was written. The index is rebuilt; no user sees this."""


class WriteError(Exception):
    """Vectors could not be stored; the message is Chroma's own. The index that was there goes on serving."""


class VectorStore(Protocol):
    """Vectors of unit length, numbered from 0 in the order in which they were written."""

    def nearest(self, vector: Matrix, n: int) -> Rows:
        """The numbers of the ``n`` vectors most similar to ``vector`` (shape (dim,)), best first."""
        ...

    def vectors(self, rows: Sequence[int] | None = None) -> Matrix:
        """The vectors of ``rows``, or all of them, in that order, shape (rows, dim)."""
        ...

    def close(self) -> None: ...


class MemoryStore:
    """Exact comparison of vectors held in memory."""

    def __init__(self, vectors: Matrix) -> None:
        self._vectors = vectors

    def nearest(self, vector: Matrix, n: int) -> Rows:
        similarity = self._vectors @ vector
        return np.argsort(-similarity, kind="stable")[:n]

    def vectors(self, rows: Sequence[int] | None = None) -> Matrix:
        return self._vectors if rows is None else self._vectors[np.asarray(rows, dtype=np.int64)]

    def close(self) -> None:
        pass


class ChromaStore:
    """A finished Chroma collection: its HNSW graph finds the nearest, by inner product of unit vectors."""

    def __init__(
        self, client: Client, collection: Any, server: str = "", copied: TemporaryDirectory[str] | None = None
    ) -> None:
        self._client = client
        self._copied = copied
        self._collection = collection
        self._server = server
        self._count = int(collection.count())

    @property
    def count(self) -> int:
        return self._count

    def nearest(self, vector: Matrix, n: int) -> Rows:
        if not self._count:
            return np.zeros(0, dtype=np.int64)
        with _answering(self._server, self._client):
            found = self._collection.query(query_embeddings=[vector], n_results=min(n, self._count), include=[])
        return np.array([int(number) for number in found["ids"][0]], dtype=np.int64)

    def vectors(self, rows: Sequence[int] | None = None) -> Matrix:
        wanted = list(range(self._count) if rows is None else rows)
        parts = []
        for start in range(0, len(wanted), _BATCH):
            part = [int(row) for row in wanted[start : start + _BATCH]]
            with _answering(self._server, self._client):
                got = self._collection.get(ids=[str(row) for row in part], include=["embeddings"])
            place = {int(number): position for position, number in enumerate(got["ids"])}
            if len(place) != len(set(part)):
                raise DamagedError("vectors are missing")
            parts.append(np.asarray(got["embeddings"], dtype=np.float32)[[place[row] for row in part]])
        return np.concatenate(parts) if parts else np.zeros((0, 0), dtype=np.float32)

    def close(self) -> None:
        _close(self._client)
        if self._copied is not None:
            self._copied.cleanup()


def write_chroma(folder: Path, vectors: Iterable[Matrix]) -> None:
    """Writes blocks of vectors into a new Chroma folder and closes it. Its files never change again in substance.

    Raises ``WriteError`` where Chroma cannot.
    """
    with _written():
        client = _folder_client(folder)
        try:
            _fill(client, "passages", vectors)
        finally:
            client.close()


def open_chroma(folder: Path) -> ChromaStore:
    """Opens what ``write_chroma`` wrote. Raises ``DamagedError`` where that cannot be read.

    Chroma opens no folder that it cannot write to, for want of the right or of space. Of such a one a copy is opened,
    which lasts until it is closed.
    """
    if not (folder / "chroma.sqlite3").is_file():
        raise DamagedError("the vector store is missing")
    if _may_write(folder):
        with suppress(DamagedError), translated():
            return _opened(folder)
    with translated():
        copied = _copy(folder)
        try:
            return _opened(Path(copied.name), copied)
        except BaseException:
            copied.cleanup()
            raise


def _opened(folder: Path, copied: TemporaryDirectory[str] | None = None) -> ChromaStore:
    client = _folder_client(folder)
    try:
        return ChromaStore(client, client.get_collection("passages", embedding_function=None), copied=copied)
    except BaseException:
        client.close()
        raise


def _may_write(folder: Path) -> bool:
    return all(os.access(path, os.W_OK) for path in (folder, *folder.rglob("*")))


def _copy(folder: Path) -> TemporaryDirectory[str]:
    """The files alone, without the rights that kept them from being written."""
    copied = TemporaryDirectory(prefix="strategy-assistant-")
    for path in folder.rglob("*"):
        if path.is_file():
            place = Path(copied.name, path.relative_to(folder))
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, place)
    return copied


def write_server(url: str, name: str, vectors: Iterable[Matrix]) -> None:
    """Writes blocks of vectors into a new collection ``name`` of the Chroma server at ``url``.

    Raises ``UserError`` where the server does not answer and ``WriteError`` where it cannot keep them.
    """
    client = _server_client(url)
    try:
        with _written(), _answering(url, client):
            _fill(client, name, vectors)
    finally:
        _close(client)


def open_server(url: str, name: str) -> ChromaStore:
    """Opens what ``write_server`` wrote. Raises ``UserError`` without an answer, ``DamagedError`` where it is gone."""
    client = _server_client(url)
    try:
        with translated(), _answering(url, client):
            return ChromaStore(client, client.get_collection(name, embedding_function=None), url)
    except BaseException:
        _close(client)
        raise


def drop_collections(url: str, prefix: str, kept: Collection[str]) -> None:
    """Removes every collection whose name begins with ``prefix`` but those ``kept``. Raises ``UserError``."""
    client = _server_client(url)
    try:
        with _answering(url, client):
            names = [str(collection.name) for collection in client.list_collections()]
            for name in names:
                if name.startswith(prefix) and name not in kept:
                    client.delete_collection(name)
    finally:
        _close(client)


@contextmanager
def _answering(url: str, client: Client) -> Iterator[None]:
    """What fails because the server is not there is the user's to mend; anything else is passed on."""
    try:
        yield
    except (UserError, DamagedError, KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except Exception as error:
        if url and not _alive(client):
            raise unreachable(url) from error
        raise


def _alive(client: Client) -> bool:
    try:
        return client.heartbeat() > 0
    except Exception:  # noqa: BLE001  whatever it is, there was no answer
        return False


def unreachable(url: str) -> UserError:
    return UserError(
        f"the Chroma server at {shown(url)} does not answer: start it (chroma run), or mend the setting index_url"
    )


@contextmanager
def translated() -> Iterator[None]:
    """Whatever Chroma raises over files it cannot read becomes a ``DamagedError``.

    Its errors have no common class: a truncated file ends in an AttributeError of its clean-up, another in a panic of
    its compiled part, which is not even an Exception.
    """
    try:
        yield
    except (DamagedError, UserError, KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException as error:
        raise DamagedError(f"Chroma cannot read it: {error}") from error


@contextmanager
def _written() -> Iterator[None]:
    """Whatever Chroma raises over files that it cannot write becomes a ``WriteError``."""
    try:
        yield
    except (DamagedError, UserError, OSError, KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException as error:
        raise WriteError(" ".join(str(error).split())[:200]) from error


def _server_client(url: str) -> Client:
    import chromadb
    import httpx
    from chromadb.config import Settings

    try:
        # Asked first, for a client that cannot reach its server leaves its connections open.
        httpx.get(f"{url.rstrip('/')}/api/v2/heartbeat", timeout=_SOON).raise_for_status()
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise unreachable(url) from error
    parts = urlsplit(url)
    headers = {}
    if parts.username is not None:  # A proxy before the server may ask for it; the library leaves it out.
        login = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
        headers["Authorization"] = f"Basic {b64encode(login.encode()).decode('ascii')}"
    client: Any = chromadb.HttpClient(
        host=parts.hostname or "",
        port=parts.port or (443 if parts.scheme == "https" else 80),
        ssl=parts.scheme == "https",
        headers=headers,
        settings=Settings(anonymized_telemetry=False),
    )
    # The library would wait without end for a server that has stopped talking.
    client._server._session.timeout = _PATIENCE
    return cast("Client", client)


def _close(client: Client) -> None:
    """Closes a client, and the connections to a server too, which the library leaves open."""
    servers = [getattr(one, "_server", None) for one in (client, getattr(client, "_admin_client", None))]
    client.close()
    for server in servers:
        session = getattr(server, "_session", None)
        if session is not None:
            session.close()


def _settings() -> Any:
    from chromadb.config import Settings

    return Settings(anonymized_telemetry=False, is_persistent=True)


def _folder_client(folder: Path) -> Client:
    import chromadb

    client = chromadb.PersistentClient(path=os.fspath(folder), settings=_settings())
    return cast("Client", client)


def _fill(client: Client, name: str, vectors: Iterable[Matrix]) -> None:
    configuration: Any = {"hnsw": {"space": "ip", "ef_construction": 200, "ef_search": 400, "max_neighbors": 24}}
    collection = client.create_collection(name, configuration=configuration, embedding_function=None)
    end = 0
    for block in vectors:
        start, end = end, end + len(block)
        collection.add(ids=[str(row) for row in range(start, end)], embeddings=block)
