"""``cases draft``: proposes question cases, from guidance or from what readers said, for a person to accept."""

import argparse
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from assistant.commands.output import note, say, write_json
from assistant.settings import Settings

if TYPE_CHECKING:
    from assistant.evaluate.drafting.draft import Draft


def cases(given: argparse.Namespace, settings: Settings) -> int:
    """Writes drafts into the file of ``--out`` and says how many of which kind. Raises ``UserError``."""
    from assistant.configured import load_documents
    from assistant.evaluate.drafting.draft import spread
    from assistant.evaluate.drafting.files import check_place, write_drafts
    from corpus.errors import UserError

    check_place(given.out)
    documents = load_documents(settings, note).documents
    drafts: Sequence[Draft]
    if given.from_feedback:
        from assistant.evaluate.drafting.feedback import feedback_cases
        from assistant.store import Store

        store = Store(settings.database_url)
        try:
            drafts = spread(feedback_cases(store.feedback(), store.gaps(), documents), given.limit)
        finally:
            store.close()
        if not drafts:
            raise UserError("Nobody has rated an answer or had a question refused yet; draft from the guidance instead")
    else:
        from assistant.evaluate.drafting.guidance import draft_cases

        drafts = spread(draft_cases(documents), given.limit)
        drafts = _reworded(drafts, settings)
    write_drafts(given.out, drafts)
    kinds = Counter(draft.kind for draft in drafts)
    if given.json:
        write_json({"out": str(given.out), "drafts": len(drafts), "kinds": dict(kinds)})
        return 0
    say(f"{len(drafts)} drafts in {given.out}: {', '.join(f'{count} {kind}' for kind, count in kinds.items())}")
    say("Read each, correct it, and write yes under accept of those to keep; evaluate asks these only.")
    return 0


def _reworded(drafts: "Sequence[Draft]", settings: Settings) -> "Sequence[Draft]":
    """Only a model that was chosen is used: drafting must not need the default one's gigabyte."""
    if "model" not in settings.model_fields_set:
        return drafts
    from assistant.evaluate.drafting.rewording import reworded
    from assistant.evaluate.models import open_language_model

    model = open_language_model(settings)
    if model is None:
        return drafts
    try:
        note(f"Wording questions with {model.name}")
        return list(reworded(drafts, model))
    finally:
        model.close()
