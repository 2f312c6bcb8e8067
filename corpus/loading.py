"""Files and folders of guidance into documents, one file at a time, so that a bad one never stops the others."""

import hashlib
import os
import stat
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from corpus.apart import ReaderProcess
from corpus.blocks import assemble, heading_title
from corpus.characters import one_line
from corpus.errors import UserError
from corpus.formats import check_format, extract, known_endings, known_formats, unknown
from corpus.members import MOST_BYTES, known_containers, too_large
from corpus.orders import orders
from corpus.readings import Extractor, Readings
from corpus.records import Document, Source
from corpus.sources import FILE_NAME, Entry, entry_for, read_sources
from corpus.unpacking import Allowance, Packed, file_of, unpacked


@dataclass(frozen=True, slots=True)
class Refused:
    """A file or folder that was left out, and why, in one line.

    ``unreadable`` where it might be read again, such as one that is damaged, and not where it is no document.
    """

    path: str
    reason: str
    unreadable: bool = False


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
        raise error if str(path) in str(error) or FILE_NAME in str(error) else UserError(f"{path} {error}") from error


def load_all(paths: Sequence[Path], readings: Readings | None = None) -> Loaded:
    """The documents in all these files and, recursively, folders, read in a process of its own under limits.

    The files in zip archives, mailboxes and e-mail messages are documents as well, as if those were folders.
    Hidden files, unknown formats, links that lead out of their folder, second copies of the same bytes and whatever
    cannot be read are refused with a reason; the rest is loaded. Names are unique: where two folders hold the same
    name, the later one's carries the name of its folder. What ``readings`` hold is not read again, and they are
    brought up to date. Raises `UserError` for a path that is not there and for a ``sources.toml`` that is not
    understood.
    """
    with ReaderProcess() as reader:
        if readings is None:
            return _load_all(paths, reader.extract)
        loaded = _load_all(paths, readings.over(reader.extract))
    readings.tidy()
    return loaded


def _load_all(paths: Sequence[Path], extractor: Extractor) -> Loaded:
    gathered = Gathered(extractor, _plain(paths))
    for given in paths:
        path = given.expanduser()
        # Unlike the methods of a path, this says no to loops of links and to names that no system can hold.
        if not os.path.exists(path):
            raise UserError(f"{one_line(str(given))} does not exist; name a file or a folder of documents")
        root = path if path.is_dir() else path.parent
        for found in _found(path, gathered.refused):
            gathered.add(found, root)
    return Loaded(tuple(gathered.documents), tuple(gathered.refused))


def _plain(paths: Sequence[Path]) -> Mapping[tuple[str, str], Path]:
    """The first file of each ending and digest that lies in no other; none where no file holds others."""
    there = [path.expanduser() for path in paths if os.path.exists(path.expanduser())]
    files = [file for path in there for file in _found(path, [])]
    plain: dict[tuple[str, str], Path] = {}
    for file in files if any(file.suffix.lower() in known_containers() for file in files) else ():
        with suppress(UserError):
            plain.setdefault((file.suffix.lower(), hashlib.sha256(read_bytes(file)).hexdigest()), file)
    return plain


def _load(path: Path, root: Path, extractor: Extractor) -> Document:
    suffix = path.suffix.lower()
    check_format(suffix)
    return document_of(path, root, read_bytes(path), extractor, entry_for(path, root))


def document_of(path: Path, root: Path, raw: bytes, extractor: Extractor, entry: Entry) -> Document:
    """The document in the bytes of the file ``path``, named from ``root``. Raises `UserError` with the reason."""
    content = extractor(path.suffix.lower(), raw, entry.language or "")
    title = content.title or heading_title(content.blocks) or _title_of_name(path)
    source = entry.over(Source(title=title, date=content.date, language=content.language, author=content.author))
    assembled = assemble(content.blocks, source.title)
    if not assembled.text.strip():
        told = f" ({content.unread})" if content.unread else "; check that it opens in its own program"
        raise UserError(f"holds no text{told}")
    return Document(
        # What is no character of any alphabet cannot be stored, shown or asked for.
        name=one_line(path.relative_to(root).as_posix()) or "document",
        text=assembled.text,
        source=source,
        sections=assembled.sections,
        digest=hashlib.sha256(raw).hexdigest(),
        pages=assembled.pages,
        path=written(path),
        recognised=content.recognised,
        unread=content.unread,
        orders=orders(assembled.text),
    )


class Gathered:
    """Documents and what was left out, each name and each content once, while files are read one after the other.

    Of what a ``plain`` file of the same ending and digest holds too, it is the plain one that is kept.
    """

    def __init__(self, extractor: Extractor, plain: Mapping[tuple[str, str], Path]) -> None:
        self.documents: list[Document] = []
        self.refused: list[Refused] = []
        self._extractor = extractor
        self._plain = plain
        self._digests: dict[str, str] = {}
        self._names: set[str] = set()

    def add(self, path: Path, root: Path) -> None:
        """Reads a file, and the files in it where it is one that holds others."""
        with self._leaving_out(path):
            if path.suffix.lower() not in known_endings():
                check_format(path.suffix.lower())
            self._add(Packed(path, read_bytes(path)), root, Allowance())

    def _add(self, file: Packed, root: Path, allowance: Allowance) -> None:
        path, suffix = file.path, file.path.suffix.lower()
        if file.refused:
            self.refused.append(Refused(written(path), file.refused, unreadable=True))
            return
        packed = suffix in known_containers()
        if packed and self._is_known(path, hashlib.sha256(file.raw).hexdigest()):
            return
        if suffix in known_formats():
            with self._leaving_out(path):
                self._add_document(file, root, told=packed)
        if packed:
            with self._leaving_out(path):
                inside = replace(allowance, depth=allowance.depth + 1)
                try:
                    for member in unpacked(path, file.raw, inside):
                        self._add(member, root, inside)
                finally:
                    # What a file gave before it was refused counts as well.
                    allowance.files, allowance.size = inside.files, inside.size

    def _add_document(self, file: Packed, root: Path, *, told: bool) -> None:
        entry = file.entry or entry_for(file.path, root)
        document = document_of(file.path, root, file.raw, self._extractor, entry)
        if not told and self._is_known(file.path, document.digest):
            return
        document = _renamed(document, _unique(document.name, root, self._names))
        self._names.add(document.name)
        self.documents.append(document)

    def _is_known(self, path: Path, digest: str) -> bool:
        plain = written(self._plain.get((path.suffix.lower(), digest), path))
        if digest in self._digests or plain != written(path):
            reason = f"holds the same bytes as {self._digests.get(digest, plain)}; kept once"
            self.refused.append(Refused(written(path), reason))
            return True
        self._digests[digest] = written(path)
        return False

    @contextmanager
    def _leaving_out(self, path: Path) -> Iterator[None]:
        try:
            yield
        except UserError as error:
            if FILE_NAME in str(error):
                raise
            refused = Refused(written(path), str(error).removeprefix(f"{path} "), unreadable=True)
            # A message is read as a document and opened for what came with it.
            if refused not in self.refused[-1:]:
                self.refused.append(refused)


def read_bytes(path: Path) -> bytes:
    """All of a file that may be a document. Raises `UserError` with the reason where it cannot be one."""
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
        raise UserError(too_large())
    if not raw.strip(b"\0 \t\r\n"):
        raise UserError("is empty; put text into it or remove it")
    return raw


def _found(path: Path, refused: list[Refused]) -> Iterator[Path]:
    return _files(path, refused) if path.is_dir() else iter((path,))


def _files(folder: Path, refused: list[Refused]) -> Iterator[Path]:
    """The files below `folder` that may be documents, in the order of their names."""
    home = Path(os.path.realpath(folder))
    for sub in sorted(_walk(folder, refused)):
        for path in sorted(sub.iterdir()):
            if path.is_dir() and not path.is_symlink():
                continue
            if path.suffix == ".toml":
                # What is said about documents, here and in other files beside them, is no document itself.
                refused.extend(_missing(sub) if path.name == FILE_NAME else ())
            elif path.name.startswith((".", "~$")):
                refused.append(Refused(written(path), "is a hidden file"))
            elif path.is_symlink() and home not in Path(os.path.realpath(path)).parents:
                refused.append(Refused(written(path), "is a link that leads out of the folder"))
            elif path.is_symlink() and path.is_dir():
                refused.append(Refused(written(path), "is a link to a folder"))
            elif path.suffix.lower() not in known_endings():
                refused.append(Refused(written(path), unknown(path.suffix)))
            else:
                yield path


def _walk(folder: Path, refused: list[Refused]) -> Iterator[Path]:
    waiting = [folder]
    while waiting:
        sub = waiting.pop()
        try:
            below = sorted(path for path in sub.iterdir() if path.is_dir() and not path.is_symlink())
        except OSError as error:
            refused.append(Refused(written(sub), f"cannot be opened: {error.strerror or error}", unreadable=True))
            continue
        for path in below:
            if path.name.startswith("."):
                refused.append(Refused(written(path), "is a hidden folder"))
            else:
                waiting.append(path)
        yield sub


def _missing(folder: Path) -> list[Refused]:
    names = [name for name in read_sources(folder) if not file_of(folder / name).is_file()]
    return [Refused(written(folder / FILE_NAME), f'names "{one_line(name)}", which is not there') for name in names]


def written(path: Path) -> str:
    """The path as text; bytes of a name that are no characters of any alphabet could be neither stored nor shown."""
    return os.fsencode(path).decode("utf-8", "replace")


def _title_of_name(path: Path) -> str:
    words = one_line(path.stem.replace("_", " ").replace("-", " "))
    return words[:1].upper() + words[1:] if words else "Untitled"


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
