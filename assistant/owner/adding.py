"""The part of the owner's page that takes files, and what `sources.toml` says of them."""

from collections.abc import Callable
from html import escape

from assistant.owner.curation import Curation
from assistant.owner.uploads import MOST_FILES
from assistant.web.show import attributes, show
from corpus.formats import known_endings
from corpus.members import MOST_BYTES
from corpus.sources import FILE_NAME

MOST_SHOWN = 20_000
"""Characters of ``sources.toml`` that are shown; the download has all of it."""


def adding(curation: Curation, removing: Callable[[Curation, str, str], str]) -> str:
    """The form for files; ``removing`` makes the form that takes one away."""
    if curation.folder is None:
        return '<p class="soft">There is no folder for uploads: name one in the setting documents.</p>'
    accept = ",".join((*known_endings(), ".toml"))
    return (
        '<h2>Add or replace</h2><form id="upload" method="post" action="upload" enctype="multipart/form-data">'
        f'<label for="files">Files <span class="soft">({show(", ".join(known_endings()))}; '
        f"{MOST_BYTES // 1_000_000} MB each, {MOST_FILES} at once; one of the same name is replaced; a file called "
        f"{FILE_NAME} says what the documents do not say of themselves)</span></label>"
        f'<input id="files" type="file" name="files" multiple required{attributes(accept=accept)} />'
        f'<button class="main">Upload</button></form>{_sources(curation, removing)}'
    )


def _sources(curation: Curation, removing: Callable[[Curation, str, str], str]) -> str:
    path = curation.sources
    if path is None:
        return ""
    try:
        with path.open(encoding="utf-8-sig", errors="replace") as file:
            text = file.read(MOST_SHOWN + 1)
    except OSError as error:
        text = f"It cannot be read: {error.strerror or error}"
    more = "<p>and more, which the download has</p>" if len(text) > MOST_SHOWN else ""
    return (
        f'<details id="sources"><summary>What {FILE_NAME} says</summary>'
        "<p>To change it, upload another file of this name. One that is not understood is refused.</p>"
        f'<figure class="passage"><pre>{escape(text[:MOST_SHOWN])}</pre></figure>{more}'
        f"{removing(curation, str(path), FILE_NAME)}</details>"
    )
