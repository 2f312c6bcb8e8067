"""Files and folders of guidance into documents, one file at a time, so that a bad one never stops the others."""

import hashlib
import stat
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from corpus.blocks import Extract, assemble, heading_title
from corpus.characters import decode, one_line
from corpus.errors import UserError
from corpus.labels import find_labels
from corpus.plain import find_headings
from corpus.records import Document, Source
from corpus.sources import FILE_NAME, entry_for, read_sources

MOST_BYTES = 20_000_000
LONGEST_LINE = 1_000_000

Reader = Callable[[bytes], Extract]


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


def load(path: Path, root: Path | None = None) -> Document:
    """The document in one file, named by its path relative to `root`, which is the file's own folder by default.

    Raises `UserError`, in one line that names the file, where it cannot be read.
    """
    root = root or path.parent
    try:
        return _load(path, root)
    except UserError as error:
        raise error if str(path) in str(error) else UserError(f"{path} {error}") from error


def load_all(paths: Sequence[Path]) -> Loaded:
    """The documents in all these files and, recursively, folders.

    Hidden files, unknown formats, links that lead out of their folder, second copies of the same bytes and whatever
    cannot be read are refused with a reason; the rest is loaded. Names are unique: where two folders hold the same
    name, the later one's carries the name of its folder. Raises `UserError` for a path that is not there and for a
    ``sources.toml`` that is not understood.
    """
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
                document = load(found, root)
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


def _load(path: Path, root: Path) -> Document:
    read = _reader(path.suffix.lower())
    raw = _bytes(path)
    try:
        extract = read(raw)
        blocks = find_labels(extract.blocks if _has_headings(extract) else find_headings(extract.blocks))
    except (RecursionError, MemoryError) as error:
        raise UserError("is too deeply nested or too large to be read; split it or save it as text") from error
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


def _reader(suffix: str) -> Reader:
    match suffix:
        case ".md" | ".markdown":
            from corpus import markdown

            return lambda raw: markdown.read(_text(raw))
        case ".txt" | ".text":
            from corpus import plain

            return lambda raw: plain.read(_text(raw))
        case ".html" | ".htm" | ".xhtml":
            from corpus import html

            return html.read
        case ".pdf":
            from corpus import pdf

            return pdf.read
        case ".docx" | ".pptx" | ".xlsx" | ".csv" | ".tsv":
            from corpus import office

            readers: dict[str, Reader] = {
                ".docx": office.read_word,
                ".pptx": office.read_slides,
                ".xlsx": office.read_workbook,
            }
            return readers.get(suffix, office.read_table)
    raise UserError(f"is of no known format ({suffix or 'no file ending'}); known are {', '.join(known_formats())}")


def known_formats() -> tuple[str, ...]:
    """The file endings that can be read."""
    return (
        ".csv",
        ".docx",
        ".html",
        ".htm",
        ".xhtml",
        ".markdown",
        ".md",
        ".pdf",
        ".pptx",
        ".text",
        ".tsv",
        ".txt",
        ".xlsx",
    )


def _bytes(path: Path) -> bytes:
    try:
        # Asked before opening, for the opening of a pipe waits for a writer.
        if not stat.S_ISREG(path.stat().st_mode):
            raise UserError("is not a regular file")
        with path.open("rb") as file:
            raw = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise UserError(f"cannot be read: {error.strerror or error}; check the file and its permissions") from error
    if len(raw) > MOST_BYTES:
        raise UserError(f"is larger than {MOST_BYTES // 1_000_000} MB; split it into smaller documents")
    if not raw.strip(b"\0 \t\r\n"):
        raise UserError("is empty; put text into it or remove it")
    return raw


def _text(raw: bytes) -> str:
    text = decode(raw)
    longest = max((len(line) for line in text.splitlines()), default=0)
    if longest > LONGEST_LINE:
        raise UserError(f"has a line of {longest:,} characters, so it is no text for reading; break its lines")
    return text


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


def _has_headings(extract: Extract) -> bool:
    return any(block.kind == "heading" for block in extract.blocks)


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
