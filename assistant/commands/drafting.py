"""``cases draft``: proposes question cases, from guidance or from what readers said, for a person to accept."""

import argparse
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from assistant.commands.output import Ticker, note, say, write_json
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

        drafts = _worded(draft_cases(documents), given.limit, settings)
    write_drafts(given.out, drafts)
    kinds = Counter(draft.kind for draft in drafts)
    if given.json:
        write_json({"out": str(given.out), "drafts": len(drafts), "kinds": dict(kinds)})
        return 0
    say(f"{len(drafts)} drafts in {given.out}: {', '.join(f'{count} {kind}' for kind, count in kinds.items())}")
    say("Read each, correct it, and write yes under accept of those to keep; evaluate asks these only.")
    return 0


def _worded(drafts: "Sequence[Draft]", limit: int, settings: Settings) -> "Sequence[Draft]":
    """At most ``limit`` of the drafts, in a model's words where one can be had without fetching it."""
    from assistant.evaluate.drafting.draft import spread
    from assistant.evaluate.drafting.rewording import reworded
    from assistant.evaluate.models import open_language_model

    model = open_language_model(settings) if _may_be_opened(settings) else None
    if model is None:
        return spread([draft for draft in drafts if draft.worded], limit)
    try:
        with Ticker() as tell:
            return list(reworded(spread(drafts, limit), model, tell))
    finally:
        model.close()


def _may_be_opened(settings: Settings) -> bool:
    """Whether the model was chosen or is here already: drafting must not fetch the default one's gigabyte."""
    from assistant.models.factory import needed_weights
    from index import weights

    name = needed_weights(settings.model)
    if name is None or "model" in settings.model_fields_set:
        return True
    if any(entry.name == name and entry.state == "here" for entry in weights.listed(settings.home)):
        return True
    note("Wording questions by rules alone; strategy-assistant models pull fetches a model that words more of them")
    return False
