"""``strategy-assistant evaluate``: what is measured, asked, and written."""

import argparse
import datetime
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.evaluate.asking import Asked, Checking, Entry, ask_all, asked_and_counted, entry_of
from assistant.evaluate.cases import Case, chosen, load_cases
from assistant.evaluate.compare import check_comparable
from assistant.evaluate.describing import describe, described
from assistant.evaluate.flags import check_flags
from assistant.evaluate.gate import Requirement, check_slices, known, requirement
from assistant.evaluate.journal import Journal, make_folder, read_run
from assistant.evaluate.judging import check_judge, judge_all, open_judge, verdicts_on
from assistant.evaluate.models import tell
from assistant.evaluate.outcomes import Outcome, outcome_of_answer, with_scores
from assistant.evaluate.results import Result, write_results
from assistant.evaluate.sections import Stretch, faults_of, sections_of, stretches
from assistant.models.factory import check_model
from assistant.records import Answer
from assistant.settings import Settings, read
from corpus.counting import counted
from corpus.errors import UserError

if TYPE_CHECKING:
    from assistant.evaluate.endpoint import Endpoint


def main(arguments: argparse.Namespace, settings: Settings) -> int:
    """Runs what the arguments ask for. 0 where every bar was reached, 1 where one was missed.

    Raises ``UserError`` for whatever a user can mend.
    """
    bars = [requirement(text) for text in arguments.require]
    known(bars)
    for folder in (arguments.baseline, arguments.no_worse_than):
        if folder is not None:
            read_run(folder)
    check_flags(arguments)
    if arguments.beir:
        from assistant.evaluate.retrieving import run_collection as runner
    elif arguments.claims:
        from assistant.evaluate.checking import run_claims as runner
    elif arguments.closed:
        from assistant.evaluate.closed import run_closed as runner
    else:
        runner = run_questions
    make_folder(arguments.out)
    try:
        result: Result = runner(arguments, settings, bars)
    except KeyboardInterrupt:
        tell("Stopped: the same command goes on where it was")
        raise
    for bar in result.bars:
        print(bar.line, file=sys.stderr)  # noqa: T201
    print(f"{arguments.out / 'report.html'}")  # noqa: T201
    if result.last_error:
        raise UserError(f"every case failed, the last with: {result.last_error}; mend that and start again")
    return 0 if result.passed else 1


def shipped_cases() -> Path:
    """The question cases over the shipped guidance."""
    return Path(str(files("assistant.evaluate").joinpath("cases", "guidance.jsonl")))


def run_questions(arguments: argparse.Namespace, settings: Settings, bars: Sequence[Requirement]) -> Result:
    """Asks question cases of the assistant, or of another product's chat, and measures the answers."""
    path = arguments.cases or shipped_cases()
    cases = chosen(load_cases(path), arguments.limit, arguments.sample, arguments.seed)
    if arguments.judge:
        check_judge(arguments.judge, cases)
        # It is opened after the last answer, which may be hours from now.
        check_model(settings.model_copy(update={"model": arguments.judge}))
    if arguments.endpoint:
        from assistant.evaluate.endpoint import Endpoint

        # The settings' model and its key are the assistant's own and nobody else's business.
        named = arguments.model or ""
        key = settings.endpoint_key.get_secret_value() if settings.endpoint_key else ""
        endpoint = Endpoint(arguments.endpoint, named, key, settings.model_timeout, settings.model_retries)
        about: dict[str, Any] = {"endpoint": arguments.endpoint, "model": named}
        asked: Asked = endpoint
        if arguments.check_sentences:
            asked, about["checked"] = _checking(endpoint, settings), True
        try:
            return ask_and_measure(arguments, cases, path, asked, about, bars, checked=False, settings=settings)
        finally:
            endpoint.close()
    from assistant.builder import build

    check_model(settings)
    if arguments.documents and not arguments.cases:
        tell("No cases are named: asking the questions that ship, which are about the guidance that ships")
    assistant = build(settings, progress=tell)
    try:
        about = {"model": assistant.model_name, "index": assistant.index_name, "settings": described(settings)}
        documents = list(assistant.index.documents.values())
        sections, faults = stretches(documents), faults_of(cases, documents)
        for case in cases:
            if case.id in faults:
                tell(f"{case.where}: {faults[case.id]}")
        assistant.ready_for(len(cases), tell)
        return ask_and_measure(
            arguments, cases, path, assistant, about, bars, sections, settings=settings, faults=faults
        )
    finally:
        assistant.close()


def ask_and_measure(
    arguments: argparse.Namespace,
    cases: Sequence[Case],
    path: Path,
    asked: Asked,
    about: Mapping[str, Any],
    bars: Sequence[Requirement],
    sections: Sequence[Stretch] = (),
    checked: bool = True,
    settings: Settings | None = None,
    faults: Mapping[str, str] | None = None,
) -> Result:
    """Asks what the folder's journal does not have yet and writes the results.

    ``about`` describes what is asked, for run.json. ``checked`` says whether the answers' sentences were checked
    against their citations; where not, only answers that say so themselves are taken for checked. ``settings`` are
    those that a judge model is opened with. ``faults`` tell what is wrong with cases themselves, by their ids.
    """
    if arguments.judge:
        about = {**about, "judge": arguments.judge}
    run = describe("questions", cases, arguments.seed, about)
    check_bars(arguments, bars, measured(cases, {}, sections))
    with Journal(arguments.out, run) as journal:
        alone = arguments.workers == 1

        def answered(case: Case) -> Entry:
            answer, tokens = asked_and_counted(asked, case.question, case.history, alone)
            entry = entry_of(answer, tokens)
            return entry if checked else {**entry, "checked": _is_checked(asked, answer)}

        ask_all(cases, answered, journal, "Questions", arguments.workers)
        if arguments.judge:
            _judge(arguments.judge, cases, journal, settings or read())
    outcomes = measured(cases, journal.entries, sections, checked, bool(arguments.judge))
    outcomes = [replace(outcome, fault=(faults or {}).get(outcome.id, "")) for outcome in outcomes]
    return finish(arguments, outcomes, run, f"Questions of {path.name}", bars, sections)


def _is_checked(asked: Asked, answer: Answer) -> bool:
    from assistant.evaluate.endpoint import is_own

    return is_own(answer) or (isinstance(asked, Checking) and bool(answer.passages))


def _judge(name: str, cases: Sequence[Case], journal: Journal, settings: Settings) -> None:
    model = open_judge(name, settings)
    try:
        judge_all(cases, journal, model)
    finally:
        model.close()


def _checking(endpoint: "Endpoint", settings: Settings) -> Asked:
    from assistant.contents.vectors import vectors_by
    from assistant.evaluate.endpoint import Checked
    from assistant.evaluate.models import open_encoders
    from assistant.support import SupportCheck

    return Checked(endpoint, SupportCheck(vectors_by(open_encoders(settings).dense)))


def measured(
    cases: Sequence[Case],
    entries: Mapping[str, Mapping[str, Any]],
    sections: Sequence[Stretch] = (),
    checked: bool = True,
    judged: bool = False,
) -> list[Outcome]:
    """The outcome of each case, in order, from the journal's entries; ``judged`` says whether there was a judge.

    Of another chat (not ``checked``) that never shows a passage, nothing is measured that would need passages.
    """
    outcomes = []
    passages = checked or any((entry.get("answer") or {}).get("passages") for entry in entries.values())
    for case in cases:
        entry = entries.get(case.id, {})
        about = sections_of(case.evidence, sections)
        outcome = outcome_of_answer(
            case,
            entry.get("answer"),
            entry.get("answerable"),
            entry.get("error", ""),
            about,
            checked or bool(entry.get("checked")),
            entry.get("tokens"),
            verdicts_on(case, entries) if judged else None,
            passages,
        )
        outcomes.append(outcome)
    return with_scores(outcomes)


def check_bars(arguments: argparse.Namespace, bars: Sequence[Requirement], outcomes: Sequence[Outcome]) -> None:
    """Raises ``UserError``, before anything is asked, where the run could not be held against its bars or earlier runs.

    ``outcomes`` are those of the cases without any answer.
    """
    check_slices(bars, [name for outcome in outcomes for name in outcome.slices])
    for folder in dict.fromkeys((arguments.baseline, arguments.no_worse_than)):
        if folder is not None and (common := check_comparable(folder, outcomes)) < len(outcomes):
            tell(f"{folder}: only {common} of {len(outcomes)} cases are the same there; the others are not compared")


def finish(
    arguments: argparse.Namespace,
    outcomes: Sequence[Outcome],
    run: Mapping[str, Any],
    title: str,
    bars: Sequence[Requirement],
    sections: Sequence[Stretch] = (),
    claims: bool = False,
) -> Result:
    """Writes the results into the folder that the arguments name."""
    tell(f"Measuring {counted(len(outcomes), 'case')} and writing {arguments.out}")
    made = datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%d %H:%M UTC")
    return write_results(
        arguments.out,
        outcomes,
        {**run, "made": made},
        title=title,
        claims=claims,
        known=sections,
        requirements=bars,
        baseline=arguments.baseline,
        no_worse_than=arguments.no_worse_than,
        seed=arguments.seed,
    )
