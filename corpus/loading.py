"""Files and folders of guidance into documents, one file at a time, so that a bad one never stops the others."""

import hashlib
import os
import stat
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from corpus.apart import ReaderProcess
from corpus.blocks import Extract, assemble, heading_title
from corpus.characters import one_line
from corpus.errors import UserError
from corpus.formats import check_format, extract, known_formats
from corpus.records import Document, Source
from corpus.sources import FILE_NAME, entry_for, read_sources

MOST_BYTES = 20_000_000

Extractor = Callable[[str, bytes], Extract]


@dataclass(frozen=True, slots=True)
class Refused:
    """A file or folder that was left out, and why, in one line."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class Loaded:
    """What came of some files and folders: the documents, in the order of their paths, and all that was left out."""

    documents: tuple[Document, ...]
    refused: tuple[Refused, ...] = ()


def shipped_guidance() -> Path:
    """The folder of the guidance that ships with the project."""
    return Path(__file__).parent / "guidance"


def load(path: Path, root: Path | None = None, extractor: Extractor = extract) -> Document:
    """The document in one file, named by its path relative to `root`, which is the file's own folder by default.

    The file is read in this process unless `extractor` does it elsewhere, so it must be one that is trusted. Raises
    `UserError`, in one line that names the file, where it cannot be read.
    """
    root = root or path.parent
    try:
        return _load(path, root, extractor)
    except UserError as error:
        raise error if str(path) in str(error) else UserError(f"{path} {error}") from error


def load_all(paths: Sequence[Path]) -> Loaded:
    """The documents in all these files and, recursively, folders, read in a process of its own under limits.

    Hidden files, unknown formats, links that lead out of their folder, second copies of the same bytes and whatever
    cannot be read are refused with a reason; the rest is loaded. Names are unique: where two folders hold the same
    name, the later one's carries the name of its folder. Raises `UserError` for a path that is not there and for a
    ``sources.toml`` that is not understood.
    """
    with ReaderProcess() as reader:
        return _load_all(paths, reader.extract)


def _load_all(paths: Sequence[Path], extractor: Extractor) -> Loaded:
    documents: list[Document] = []
    refused: list[Refused] = []
    digests: dict[str, str] = {}
    names: set[str] = set()
    for given in paths:
        path = given.expanduser()
        if not path.exists():
            raise UserError(f"{given} does not exist; name a file or a folder of documents")
        root = path if path.is_dir() else path.parent
        for found in _files(path, refused) if path.is_dir() else [path]:
            try:
                document = load(found, root, extractor)
            except UserError as error:
                if FILE_NAME in str(error):
                    raise
                refused.append(Refused(str(found), str(error).removeprefix(f"{found} ")))
                continue
            if document.digest in digests:
                refused.append(Refused(str(found), f"holds the same bytes as {digests[document.digest]}; kept once"))
                continue
            digests[document.digest] = str(found)
            document = _renamed(document, _unique(document.name, root, names))
            names.add(document.name)
            documents.append(document)
    return Loaded(tuple(documents), tuple(refused))


def _load(path: Path, root: Path, extractor: Extractor) -> Document:
    suffix = path.suffix.lower()
    check_format(suffix)
    raw = _bytes(path)
    extract = extractor(suffix, raw)
    blocks = extract.blocks
    entry = entry_for(path, root)
    title = extract.title or heading_title(blocks) or _title_of_name(path)
    source = entry.over(Source(title=title, date=extract.date, language=extract.language, author=extract.author))
    assembled = assemble(blocks, source.title)
    if not assembled.text.strip():
        raise UserError("holds no text; check that it opens in its own program")
    return Document(
        name=path.relative_to(root).as_posix(),
        text=assembled.text,
        source=source,
        sections=assembled.sections,
        digest=hashlib.sha256(raw).hexdigest(),
        pages=assembled.pages,
        path=str(path),
    )


def _bytes(path: Path) -> bytes:
    try:
        # The opening of a pipe would wait for a writer, and asking before opening leaves time to put one there.
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
        with open(handle, "rb") as file:
            if not stat.S_ISREG(os.fstat(handle).st_mode):
                raise UserError("is not a regular file")
            raw = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise UserError(f"cannot be read: {error.strerror or error}; check the file and its permissions") from error
    if len(raw) > MOST_BYTES:
        raise UserError(f"is larger than {MOST_BYTES // 1_000_000} MB; split it into smaller documents")
    if not raw.strip(b"\0 \t\r\n"):
        raise UserError("is empty; put text into it or remove it")
    return raw


def _files(folder: Path, refused: list[Refused]) -> Iterator[Path]:
    """The files below `folder` that may be documents, in the order of their names."""
    home = folder.resolve()
    for sub in sorted(_walk(folder, refused)):
        for path in sorted(sub.iterdir()):
            if path.is_dir() and not path.is_symlink():
                continue
            if path.suffix == ".toml":
                # What is said about documents, here and in other files beside them, is no document itself.
                refused.extend(_missing(sub) if path.name == FILE_NAME else ())
            elif path.name.startswith((".", "~$")):
                refused.append(Refused(str(path), "is a hidden file"))
            elif path.is_symlink() and home not in path.resolve().parents:
                refused.append(Refused(str(path), "is a link that leads out of the folder"))
            elif path.is_symlink() and path.is_dir():
                refused.append(Refused(str(path), "is a link to a folder"))
            elif path.suffix.lower() not in known_formats():
                ending = path.suffix or "no file ending"
                refused.append(Refused(str(path), f"is of no known format ({one_line(ending)})"))
            else:
                yield path


def _walk(folder: Path, refused: list[Refused]) -> Iterator[Path]:
    waiting = [folder]
    while waiting:
        sub = waiting.pop()
        try:
            below = sorted(path for path in sub.iterdir() if path.is_dir() and not path.is_symlink())
        except OSError as error:
            refused.append(Refused(str(sub), f"cannot be opened: {error.strerror or error}"))
            continue
        for path in below:
            if path.name.startswith("."):
                refused.append(Refused(str(path), "is a hidden folder"))
            else:
                waiting.append(path)
        yield sub


def _missing(folder: Path) -> list[Refused]:
    names = [name for name in read_sources(folder) if not (folder / name).is_file()]
    return [Refused(str(folder / FILE_NAME), f'names "{one_line(name)}", which is not there') for name in names]


def _title_of_name(path: Path) -> str:
    words = one_line(path.stem.replace("_", " ").replace("-", " "))
    return words[:1].upper() + words[1:] if words else path.name


def _unique(name: str, root: Path, names: set[str]) -> str:
    if name not in names:
        return name
    prefixed = f"{root.resolve().name}/{name}"
    unique, count = prefixed, 2
    while unique in names:
        unique, count = f"{prefixed} ({count})", count + 1
    return unique


def _renamed(document: Document, name: str) -> Document:
    return document if name == document.name else replace(document, name=name)
