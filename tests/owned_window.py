"""A window whose documents can be curated: the real readers, index and pipeline, with encoders that need no weights."""

from pathlib import Path

from assistant.owner.curation import Curation
from assistant.settings import Settings

PILOTS = "# Pilots\n\n## How to begin\n\nStart with a small pilot in one team.\n\n## Risks\n\nPilots may never end.\n"
BUDGET = "# Budget\n\n## Who pays\n\nThe head office pays for shared platforms.\n"


def owned(folder: Path, **values: object) -> Curation:
    """Over the documents of ``folder``/documents: two that can be read and one that cannot."""
    documents = folder / "documents"
    if not documents.exists():
        documents.mkdir()
        (documents / "pilots.md").write_text(PILOTS, encoding="utf-8")
        (documents / "budget.md").write_text(BUDGET, encoding="utf-8")
        (documents / "empty.md").write_text("", encoding="utf-8")
    given = {"model": "quotes", "embedding": "fake", "sparse": "", "watch_seconds": 0, **values}
    return Curation(Settings(home=folder / "home", documents=(documents,), shipped_guidance=False, **given))  # type: ignore[arg-type]
