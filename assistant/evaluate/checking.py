"""The support check measured alone, over claims and the texts they cite."""

import argparse
import time
from collections.abc import Sequence

from assistant.contents.vectors import vectors_by
from assistant.evaluate.asking import Entry, ask_all
from assistant.evaluate.cases import chosen
from assistant.evaluate.claims import Claim, load_claims, outcomes_of_claims
from assistant.evaluate.describing import describe, described
from assistant.evaluate.gate import Requirement
from assistant.evaluate.journal import Journal
from assistant.evaluate.models import open_encoders, open_language_model
from assistant.evaluate.results import Result
from assistant.evaluate.run import check_bars, finish
from assistant.settings import Settings


def run_claims(arguments: argparse.Namespace, settings: Settings, bars: Sequence[Requirement]) -> Result:
    """Judges each claim and measures the verdicts against people's.

    The language model is asked where the answering itself would have to ask it: where the cheap score is not clear.
    """
    from assistant.support import SupportCheck

    claims = chosen(load_claims(arguments.claims), arguments.limit, arguments.sample, arguments.seed)
    model = open_language_model(settings)
    try:
        # Claims of one answer cite the same texts.
        check = SupportCheck(vectors_by(open_encoders(settings).dense), model)

        def judged(claim: Claim) -> Entry:
            began = time.perf_counter()
            verdict = check.judge_claim(claim.claim, claim.evidence)
            milliseconds = round((time.perf_counter() - began) * 1000, 1)
            entry: Entry = {"support": verdict.support, "score": verdict.score, "ms": milliseconds}
            return entry

        about = {"model": "quotes" if model is None else model.name, "settings": described(settings)}
        run = describe("claims", claims, arguments.seed, about)
        check_bars(arguments, bars, outcomes_of_claims(claims, {}))
        with Journal(arguments.out, run) as journal:
            ask_all(claims, judged, journal, "Claims", arguments.workers)
    finally:
        if model is not None:
            model.close()
    outcomes = outcomes_of_claims(claims, journal.entries)
    return finish(arguments, outcomes, run, f"Claims of {arguments.claims.name}", bars, claims=True)
