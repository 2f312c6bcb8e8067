"""The files inside a file, as if they lay in a folder of its name: which are read, and what is said of them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from corpus.apart import ReaderProcess
from corpus.errors import UserError
from corpus.formats import known_endings, unknown
from corpus.members import MOST_MEMBERS, MOST_UNPACKED, known_containers
from corpus.sources import FILE_NAME, Entry, entries_of

_DEEPEST = 2


@dataclass(slots=True)
class Allowance:
    """What may still be taken out of one file, the files inside it included; ``depth`` counts those around."""

    files: int = MOST_MEMBERS
    size: int = MOST_UNPACKED
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Packed:
    """A file inside another. ``path`` is as if that were a folder, ``entry`` what a ``sources.toml`` in there says."""

    path: Path
    raw: bytes = b""
    entry: Entry | None = None
    refused: str = ""


def unpacked(path: Path, raw: bytes, allowance: Allowance) -> Iterator[Packed]:
    """What is in the file ``path``, whose bytes are ``raw``, opened in a process of its own, one file at a time.

    Raises `UserError` where it cannot be opened, or holds more than is allowed; what came before that stands.
    """
    if allowance.depth > _DEEPEST:
        raise UserError("lies in a file that lies in a file; unpack it into the folder")
    sources: dict[str, Mapping[str, Entry]] = {}
    with ReaderProcess() as reader:
        for member in reader.members(path.suffix.lower(), raw):
            allowance.files -= 1
            allowance.size -= len(member.raw)
            if allowance.files < 0 or allowance.size < 0:
                raise UserError(
                    f"holds more than {MOST_MEMBERS:,} files or unpacks to more than {MOST_UNPACKED // 1_000_000} MB,"
                    " and the rest was not read; unpack it into the folder"
                )
            name = PurePosixPath(member.name)
            place = path / name
            if member.refused:
                yield Packed(place, refused=member.refused)
            elif name.name == FILE_NAME:
                try:
                    sources[str(name.parent)] = entries_of(member.raw, "it")
                except UserError as error:
                    yield Packed(place, refused=str(error))
            elif name.suffix == ".toml":
                continue
            elif any(part.startswith((".", "~$")) for part in name.parts):
                yield Packed(place, refused="is a hidden file")
            elif name.suffix.lower() not in known_endings():
                yield Packed(place, refused=unknown(name.suffix))
            elif not member.raw.strip(b"\0 \t\r\n"):
                yield Packed(place, refused="is empty; put text into it or remove it")
            else:
                yield Packed(place, member.raw, _entry(name, sources))


def file_of(path: Path) -> Path:
    """The file on disk that a document's path leads to or into: itself, or the file that it was unpacked from."""
    return next(
        (place for place in (path, *path.parents) if place.suffix.lower() in known_containers() and place.is_file()),
        path,
    )


def _entry(name: PurePosixPath, sources: Mapping[str, Mapping[str, Entry]]) -> Entry | None:
    """The entry of the nearest ``sources.toml`` above the file."""
    for folder in name.parents:
        entry = sources.get(str(folder), {}).get(name.relative_to(folder).as_posix())
        if entry is not None:
            return entry
    return None
