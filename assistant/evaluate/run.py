"""``strategy-assistant evaluate``: what is measured, asked, and written."""

import argparse
import datetime
import sys
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.evaluate.asking import Asked, Checking, Entry, ask_all, asked_and_counted, entry_of
from assistant.evaluate.cases import Case, chosen, load_cases
from assistant.evaluate.claims import Claim
from assistant.evaluate.gate import Requirement, known, requirement
from assistant.evaluate.journal import Journal, digest, read_run
from assistant.evaluate.judging import check_judge, judge_all, open_judge, verdicts_on
from assistant.evaluate.models import let_several_write, tell
from assistant.evaluate.outcomes import Outcome, outcome_of_answer, with_scores
from assistant.evaluate.results import Result, write_results
from assistant.evaluate.sections import Stretch, sections_of, stretches
from assistant.models.factory import check_model
from assistant.settings import Settings, read
from corpus.counting import counted
from corpus.errors import UserError

if TYPE_CHECKING:
    from assistant.evaluate.endpoint import Endpoint

# What a setting changes besides answers, or what names a secret, is not part of a run's description.
_NOT_OF_THE_RUN = {"home", "model_key", "model_key_file", "host", "port", "allow_remote", "database", "log_level"}


def main(arguments: argparse.Namespace, settings: Settings) -> int:
    """Runs what the arguments ask for. 0 where every bar was reached, 1 where one was missed.

    Raises ``UserError`` for whatever a user can mend.
    """
    bars = [requirement(text) for text in arguments.require]
    known(bars)
    for folder in (arguments.baseline, arguments.no_worse_than):
        if folder is not None:
            read_run(folder)
    if arguments.cases and (arguments.beir or arguments.claims or arguments.closed):
        raise UserError("name question cases, or one of --beir, --claims and --closed, not both")
    if arguments.queries and not arguments.beir:
        raise UserError("--queries goes with --beir")
    if arguments.judge and (arguments.beir or arguments.claims or arguments.closed):
        raise UserError("--judge goes with question cases")
    if arguments.check_sentences and not arguments.endpoint:
        raise UserError("--check-sentences goes with --endpoint")
    if arguments.no_writing and not arguments.closed:
        raise UserError("--no-writing goes with --closed")
    if arguments.beir:
        from assistant.evaluate.retrieving import run_collection as runner
    elif arguments.claims:
        from assistant.evaluate.checking import run_claims as runner
    elif arguments.closed:
        from assistant.evaluate.closed import run_closed as runner
    else:
        runner = run_questions
    if arguments.out.exists() and not arguments.out.is_dir():
        raise UserError(f"{arguments.out}: is no folder; name another with --out")
    result: Result = runner(arguments, settings, bars)
    for bar in result.bars:
        print(bar.line, file=sys.stderr)  # noqa: T201
    print(f"{arguments.out / 'report.html'}")  # noqa: T201
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

        # The setting's default names the embedded model, which another product has never heard of.
        named = settings.model if "model" in settings.model_fields_set else ""
        endpoint = Endpoint(arguments.endpoint, named, settings.key, settings.model_timeout)
        about: dict[str, Any] = {"endpoint": arguments.endpoint, "model": named}
        asked: Asked = endpoint
        if arguments.check_sentences:
            asked, about["checked"] = _checking(endpoint, settings), True
        try:
            return ask_and_measure(arguments, cases, path, asked, about, bars, checked=False, settings=settings)
        finally:
            endpoint.close()
    from assistant.builder import build

    assistant = build(settings, progress=tell)
    try:
        if arguments.workers > 1:
            let_several_write(assistant)
        about = {"model": assistant.model_name, "index": assistant.index_name, "settings": described(settings)}
        sections = stretches(assistant.index.documents.values())
        return ask_and_measure(arguments, cases, path, assistant, about, bars, sections, settings=settings)
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
) -> Result:
    """Asks what the folder's journal does not have yet and writes the results.

    ``about`` describes what is asked, for run.json. ``checked`` says whether the answers' sentences were checked
    against their citations; where not, only answers that say so themselves are taken for checked. ``settings`` are
    those that a judge model is opened with.
    """
    if arguments.judge:
        about = {**about, "judge": arguments.judge}
    run = describe("questions", path, cases, arguments.seed, about)
    with Journal(arguments.out, run) as journal:
        alone = arguments.workers == 1

        def answered(case: Case) -> Entry:
            answer, tokens = asked_and_counted(asked, case.question, case.history, alone)
            entry = entry_of(answer, tokens)
            return entry if checked else {**entry, "checked": isinstance(asked, Checking) and bool(answer.passages)}

        ask_all(cases, answered, journal, "Questions", arguments.workers)
        if arguments.judge:
            _judge(arguments.judge, cases, journal, settings or read())
    outcomes = measured(cases, journal.done, sections, checked, bool(arguments.judge))
    return finish(arguments, outcomes, run, f"Questions of {path.name}", bars, sections)


def _judge(name: str, cases: Sequence[Case], journal: Journal, settings: Settings) -> None:
    model = open_judge(name, settings)
    try:
        judge_all(cases, journal, model)
    finally:
        model.close()


def _checking(endpoint: "Endpoint", settings: Settings) -> Asked:
    from assistant.evaluate.endpoint import Checked
    from assistant.evaluate.models import open_encoders
    from assistant.support import SupportCheck
    from assistant.vectors import Vectors

    return Checked(endpoint, SupportCheck(Vectors(open_encoders(settings).dense.encode)))


def measured(
    cases: Sequence[Case],
    done: Mapping[str, Mapping[str, Any]],
    sections: Sequence[Stretch] = (),
    checked: bool = True,
    judged: bool = False,
) -> list[Outcome]:
    """The outcome of each case, in order, from the journal's entries; ``judged`` says whether there was a judge."""
    outcomes = []
    for case in cases:
        entry = done.get(case.id, {"answer": None, "error": "no answer; the message was shown when it failed"})
        about = sections_of(case.evidence, sections)
        outcome = outcome_of_answer(
            case,
            entry["answer"],
            entry.get("answerable"),
            entry.get("error", ""),
            entry.get("notice", ""),
            about,
            checked or bool(entry.get("checked")),
            entry.get("tokens"),
            verdicts_on(case, done) if judged else None,
        )
        outcomes.append(outcome)
    return with_scores(outcomes)


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


def describe(kind: str, path: Path, content: Sequence[object], seed: int, about: Mapping[str, Any]) -> dict[str, Any]:
    """What run.json holds: everything that decides the answers, so that a resumed run is the same run.

    ``content`` is what is asked; cases are told apart by it and not by the file's name or place.
    """
    return {
        "kind": kind,
        "asked": path.name,
        "content": digest([repr(part) for part in _without_places(content)]),
        "count": len(content),
        "seed": seed,
        "version": version("strategy-assistant"),
        "prompts": prompts_digest(),
        **about,
    }


def described(settings: Settings) -> dict[str, Any]:
    """The settings that can change an answer, as plain values."""
    return settings.model_dump(mode="json", exclude=_NOT_OF_THE_RUN)


def prompts_digest() -> str:
    """A short name for the prompts, the same for the same prompts."""
    folder = files("assistant").joinpath("prompts")
    prompts = sorted((entry.name, entry.read_text(encoding="utf-8")) for entry in folder.iterdir() if entry.is_file())
    return digest(prompts)


def _without_places(content: Sequence[object]) -> list[object]:
    from dataclasses import replace

    return [replace(part, where="") if isinstance(part, (Case, Claim)) else part for part in content]
