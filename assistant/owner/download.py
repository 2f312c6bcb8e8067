"""Everything an owner sees, as files: a zip of tables (CSV) and of the documents themselves."""

import csv
import io
import tempfile
import zipfile
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path

from assistant.owner.curation import Curation
from assistant.owner.insight import uses
from assistant.store import Store
from corpus import Document
from corpus.errors import UserError
from corpus.members import MOST_BYTES
from corpus.sources import FILE_NAME
from corpus.unpacking import file_of

WAITING = 10.0
"""The longest that a download waits for conflicts to be looked for, in seconds."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def packed(curation: Curation, store: Store) -> Path:
    """A temporary zip file, to be deleted after use. Raises ``UserError`` where the store cannot be read."""
    assistant = curation.loading.assistant
    found, _ = uses(assistant.covers() if assistant else (), store.answers())
    passages = curation.passages()
    tables = {
        "documents.csv": table(
            ("name", "title", "date", "language", "sections", "passages", "characters", "sha256"),
            (
                (d.name, d.title, d.source.date or "", d.source.language, len(d.sections), passages.get(d.name, 0),
                 len(d.text), d.digest)
                for d in curation.documents
            ),
        ),
        "refused.csv": table(("file", "reason"), ((refused.path, refused.reason) for refused in curation.refused)),
        "unanswered.csv": table(
            ("asked", "question", "understood as", "outcome", "reason", "nearest"),
            (
                (gap.asked, gap.question, gap.standalone_question, gap.status, gap.reason, "; ".join(gap.nearest))
                for gap in store.gaps()
            ),
        ),
        "verdicts.csv": table(
            ("given", "verdict", "reason", "question", "answer"),
            ((v.given, v.rating, v.reason, v.question, v.answer.text) for v in store.feedback()),
        ),
        "conflicts.csv": table(
            ("first document", "first statement", "second document", "second statement", "takes precedence", "note"),
            conflict_rows(curation),
        ),
        "use.csv": table(
            ("document", "title", "section", "answers that cite it"),
            ((use.place.document, use.place.title, use.place.section, use.citations) for use in found),
        ),
    }  # fmt: skip
    with tempfile.NamedTemporaryFile(prefix="content-", suffix=".zip", delete=False) as file:
        place = Path(file.name)
        try:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
                for name, text in tables.items():
                    archive.writestr(name, text)
                for document in curation.documents:
                    _add(archive, document)
                if curation.sources is not None:
                    archive.write(curation.sources, f"documents/{FILE_NAME}")
                _add_left_out(archive, curation)
        except BaseException:
            place.unlink(missing_ok=True)
            raise
    return place


def conflict_rows(curation: Curation) -> list[tuple[str, ...]]:
    """A row for each pair of statements that seem to disagree; one that only says why where they are not known."""
    nothing = ("",) * 5
    try:
        looked = curation.conflicts(WAITING)
    except UserError as error:
        return [(*nothing, str(error))]
    if looked.found is None:
        failed = "They could not be looked for; the terminal says why."
        return [(*nothing, failed if looked.failed else "The documents are still being compared; download it again.")]
    rows: list[tuple[str, ...]] = []
    for conflict in looked.found.conflicts:
        both = [(one.passage.document, " ".join(one.text.split())) for one in (conflict.first, conflict.second)]
        rows.append((*both[0], *both[1], both[0][0] if conflict.why else "", conflict.why))
    return rows


def table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table that spreadsheets open as UTF-8 and in which no cell is taken for a formula."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(heads)
    for row in rows:
        writer.writerow([_cell(value) for value in row])
    return "\ufeff" + text.getvalue()


def _cell(value: object) -> object:
    """A number, or text that a spreadsheet does not run."""
    if isinstance(value, int):
        return value
    text = str(value).replace("\0", "")
    return f"'{text}" if text.startswith(_FORMULA) else text


def _add(archive: zipfile.ZipFile, document: Document) -> None:
    """The document's file under its name, or once the file it was unpacked from; where that is gone, what was read."""
    name = "/".join(part for part in document.name.split("/") if part not in ("", ".", ".."))
    path = Path(document.path)
    held = file_of(path)
    inside = len(path.parts) - len(held.parts)
    if inside:
        name = "/".join(name.split("/")[:-inside]) or held.name
        if f"documents/{name}" in archive.namelist():
            return
    try:
        archive.write(held, f"documents/{name}")
    except (OSError, ValueError):
        archive.writestr(f"documents/{name}.txt", document.text)


def _add_left_out(archive: zipfile.ZipFile, curation: Curation) -> None:
    """The files that were left out, under their names; no link, which may lead to what is nobody's to have."""
    there = {file_of(Path(document.path)) for document in curation.documents} | {curation.sources}
    for path in dict.fromkeys(file_of(Path(refused.path)) for refused in curation.refused):
        if path in there or not _may_be_had(path):
            continue
        name = curation.named(str(path))
        while f"documents/{name}" in archive.namelist():
            name = f"left out/{name}"
        with suppress(OSError, ValueError):
            archive.write(path, f"documents/{name}")


def _may_be_had(path: Path) -> bool:
    if path.name.startswith((".", "~$")) or path.is_symlink():
        return False
    try:
        return path.is_file() and path.stat().st_size <= MOST_BYTES
    except OSError:
        return False
