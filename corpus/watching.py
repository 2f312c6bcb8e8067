"""Whether documents have changed, told without reading them."""

import hashlib
import os
import sys
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from corpus.recognition import traces

_READERS = (
    "charset-normalizer",
    "lxml",
    "markdown-it-py",
    "olefile",
    "openpyxl",
    "pypdfium2",
    "python-docx",
    "python-pptx",
    "pyyaml",
)


def signature(paths: Sequence[Path]) -> str:
    """Changes whenever a file below `paths` is added, changed, renamed or removed, or the readers are others.

    Files are known by name, number, size and times, as the system tells them; none is opened.
    """
    digest = hashlib.sha256(readers().encode())
    digest.update(traces().encode("utf-8", "surrogateescape"))
    for path in (given.expanduser().absolute() for given in paths):
        digest.update(f"\0{path}".encode("utf-8", "surrogateescape"))
        for name, stat in _stats(path):
            told = (stat.st_ino, stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns, stat.st_mode) if stat else ()
            digest.update(f"\0{name}\0{told}".encode("utf-8", "surrogateescape"))
    return digest.hexdigest()


def _stats(path: Path) -> Iterator[tuple[str, os.stat_result | None]]:
    yield ".", _stat(path)
    # Unlike the method of a path, this says no to names that no system can hold.
    if not os.path.isdir(path):
        return
    for folder, folders, files in os.walk(path):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in (*folders, *sorted(files)):
            place = Path(folder, name)
            stat = _stat(place) if name not in folders or place.is_symlink() else None
            yield str(place.relative_to(path)), stat


def _stat(path: Path) -> os.stat_result | None:
    try:
        return path.stat()
    except OSError:
        return None


@cache
def readers() -> str:
    """What reads the files: this package's own code, the libraries and Python, as one name that changes with them."""
    digest = hashlib.sha256(sys.version.encode())
    for path in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(path.read_bytes())
    for library in _READERS:
        try:
            digest.update(f"{library} {version(library)}\0".encode())
        except PackageNotFoundError:
            continue
    return digest.hexdigest()
