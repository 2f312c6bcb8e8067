"""Documents that are missing all at once: a drive that is not mounted looks like a folder that was emptied."""

import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from corpus import Document, Loaded, Refused
from corpus.counting import counted

MANY = 10
"""Of a folder that held so many documents, the greater part is missing at once rather by accident than on purpose."""

CONFIRM = (
    "what was last read of them still answers, for a drive may be away;"
    " if they were removed on purpose, say so by strategy-assistant index --forget-missing or on the owner's page"
)


def with_missing(
    loaded: Loaded, folders: Sequence[Path], last: Sequence[Document], forget: Sequence[Path] = ()
) -> Loaded:
    """``loaded`` with the documents of ``last`` that lay in ``folders`` that hold none now, or have lost most of many.

    Not those at or below the paths to ``forget``, nor what is read from another place now.
    """
    digests = {document.digest for document in loaded.documents}
    here = _absolute(document.path for document in loaded.documents)
    left = here + _absolute(one.path for one in loaded.refused if one.unreadable)
    forgotten = _absolute(map(str, forget))
    documents, refused = list(loaded.documents), list(loaded.refused)
    kept = set(here)
    for folder in _absolute(map(str, folders)):
        before = [document for document in last if _lies_in(os.path.abspath(document.path), folder)]
        still = sum(_lies_in(path, folder) and path != folder for path in left)
        if not before or (still and (len(before) < MANY or 2 * still >= len(before))):
            continue
        missing = [
            document
            for document in before
            if document.digest not in digests
            and (path := os.path.abspath(document.path)) not in kept
            and not any(_lies_in(path, other) for other in forgotten)
        ]
        if missing:
            documents += missing
            kept |= set(_absolute(document.path for document in missing))
            if still:
                what = f"has lost {len(missing):,} of its {len(before):,} documents at once"
            else:
                what = f"holds no document any more, and {counted(len(missing), 'document')} had been read in it"
            refused.append(Refused(folder, f"{what}; {CONFIRM}", unreadable=True))
    return Loaded(tuple(documents), tuple(refused))


def is_missing(refused: Refused) -> bool:
    """Whether that is the folder of documents that are kept though they are not there."""
    return refused.reason.endswith(CONFIRM)


def _absolute(paths: Iterable[str]) -> list[str]:
    return [os.path.abspath(path) for path in paths]


def _lies_in(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)
