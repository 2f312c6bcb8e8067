"""The folder of a model: where it is found, what tells it from another one, and what is said where it does not load."""

import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from corpus.errors import UserError


def model_folder(name: str, home: Path) -> Path:
    """The folder of a model: one that can be pulled, a path, or a Hugging Face name, fetched once."""
    from index.weights import is_known, path_of

    if is_known(name):
        return path_of(home, name)
    folder = Path(name).expanduser()
    if folder.is_dir():
        return folder
    if re.fullmatch(r"[\w.-]+/[\w.-]+", name):
        from huggingface_hub import snapshot_download
        from huggingface_hub.errors import HfHubHTTPError, LocalEntryNotFoundError

        try:
            return Path(snapshot_download(name))
        except (LocalEntryNotFoundError, HfHubHTTPError, OSError, ValueError) as error:
            raise UserError(f"the model {name} cannot be fetched: {_first_line(error)}") from error
    raise UserError(f"no model in {name[:120]!r}: name a folder, a Hugging Face model or a known one")


def folder_fingerprint(folder: Path) -> str:
    """Changes when a file of the model in ``folder`` is exchanged: names and sizes, and the digest of small files.

    Weights of hundreds of megabytes are not read whole; of each large file the first and last 64 KiB are.
    """
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if not path.is_file() or path.name.startswith(".") or path.suffix == ".md":
            continue
        size = path.stat().st_size
        digest.update(f"{path.relative_to(folder).as_posix()}\0{size}\0".encode())
        with path.open("rb") as file:
            digest.update(file.read(1 << 16))
            if size > 1 << 17:
                file.seek(-(1 << 16), 2)
            digest.update(file.read())
    return digest.hexdigest()


@contextmanager
def loading(kind: str, folder: Path) -> Iterator[None]:
    """Makes one line for the user (``UserError``) of what a library raises over a ``kind`` of model it cannot load."""
    try:
        yield
    except (OSError, ValueError, KeyError) as error:
        raise UserError(f"the {kind} model in {folder} does not load: {_first_line(error)}") from error


def _first_line(error: BaseException) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:200]
