"""``index``: builds or updates the index and says what has changed."""

import argparse
import os
import time
from pathlib import Path
from typing import Any

from assistant.commands.output import Ticker, note, say, write_json
from assistant.settings import Settings
from corpus.counting import counted
from corpus.errors import UserError


def index(given: argparse.Namespace, settings: Settings) -> int:
    """Builds what is missing of the configured or named documents, or tells of the index what the flags ask."""
    if given.learn and (given.list or given.dry_run or given.rollback is not None):
        raise UserError("--learn goes with building the index: leave out --list, --dry-run and --rollback")
    if given.list:
        return _list(given, settings)
    if given.rollback is not None:
        return _roll_back(given, settings)
    if given.dry_run:
        return _dry_run(given, settings)
    if given.watch and given.json:
        raise UserError("--watch goes on and --json prints one document: choose one of them")
    from assistant.builder import open_configured
    from assistant.serving.rebuilding import described

    with Ticker() as tell:
        opened = open_configured(settings, tell, fresh=True, forget=_forgotten(given, settings))
    opened.index.close()
    told = {**described(opened.index, opened.refused), "reason": opened.index.changes.reason}
    _note_remarks(told)
    if given.learn:
        _learn(settings)
    if given.json:
        write_json({name: value for name, value in told.items() if name != "reason"})
        return 0
    _print(told)
    return _watch(settings, opened.signature) if given.watch else 0


def _forgotten(given: argparse.Namespace, settings: Settings) -> tuple[Path, ...]:
    from assistant.configured import configured_paths

    return configured_paths(settings) if given.forget_missing else ()


def _learn(settings: Settings) -> None:
    """Has the model make out what all statements mean, as it would while nobody asks; what is made out is kept."""
    from assistant.builder import build

    with Ticker() as tell:
        assistant = build(settings, progress=tell)
        try:
            if not assistant.makes_out:
                raise UserError(
                    f'--learn needs the embedded model and a processor with AVX2; the model is "{settings.model}"'
                )
            if not assistant.learn(progress=tell):
                tell("Too many statements to make them all out: those near a question are made out with it")
        finally:
            assistant.close()


def _watch(settings: Settings, indexed: str) -> int:
    """Indexes, in a process of its own, whatever has changed and then stayed the same from one look to the next.

    What failed is tried again after a pause, unless an earlier version was gone back to meanwhile.
    """
    from assistant.configured import configured_paths
    from assistant.serving.rebuilding import Rebuilding
    from assistant.serving.retrying import Retrying
    from corpus import signature
    from index import history

    retrying = Retrying()
    note("Watching the documents (Ctrl+C ends it)")
    looked = indexed
    while True:
        time.sleep(settings.watch_seconds or 5.0)
        seen = signature(configured_paths(settings))
        settled, looked = seen == looked, seen
        again = retrying.due and not history.held(_folder(settings))
        if not settled or (seen == indexed and not again):
            continue
        indexed = seen
        retrying.failed()  # Until it has not.
        building = Rebuilding(settings, fresh=True)
        try:
            with Ticker() as tell:
                told = building.run(tell)
        except UserError as error:
            note(f"Not indexed: {error}")
        else:
            retrying.succeeded()
            _note_remarks(told)
            _print(told)
        finally:
            building.stop()


def _note_remarks(told: dict[str, Any]) -> None:
    for one in told["remarks"]:
        note(f"{one['document']}: {one['remark']}")


def _print(told: dict[str, Any]) -> None:
    changed = _print_changes(told)
    if not changed:
        say(f"rebuilt: {told['reason']}" if told.get("reason") else "unchanged")
    say(f"{counted(told['documents'], 'document')}, {counted(told['passages'], 'passage')}, index {told['index']}")


def _print_changes(told: dict[str, Any]) -> bool:
    for what in ("added", "changed", "removed"):
        for name in told[what]:
            say(f"{what:<8} {name}")
    for pair in told["renamed"]:
        say(f"renamed  {pair['from']} to {pair['to']}")
    return any(told[what] for what in ("added", "changed", "removed", "renamed"))


def _dry_run(given: argparse.Namespace, settings: Settings) -> int:
    from assistant.builder import plan_documents_index
    from assistant.configured import load_documents
    from assistant.serving.rebuilding import remarks_on

    loaded = load_documents(settings, note, _forgotten(given, settings))
    plan = plan_documents_index(settings, loaded.documents, note)
    changes = plan.changes
    told = {
        "reason": changes.reason,
        "documents": plan.documents,
        "passages": plan.passages,
        "to_embed": plan.texts,
        "added": list(changes.added),
        "changed": list(changes.changed),
        "renamed": [{"from": old, "to": new} for old, new in changes.renamed],
        "removed": list(changes.removed),
        "refused": [{"path": refused.path, "reason": refused.reason} for refused in loaded.refused],
        "remarks": remarks_on(loaded.documents),
    }
    _note_remarks(told)
    if given.json:
        write_json(told)
        return 0
    if not changes.reason:
        say("nothing to do")
        return 0
    _print_changes(told)
    say(f"would be rebuilt: {changes.reason}")
    documents, passages = counted(plan.documents, "document"), counted(plan.passages, "passage")
    say(f"{documents}, {passages}, {counted(plan.texts, 'piece')} of text to embed")
    return 0


def _list(given: argparse.Namespace, settings: Settings) -> int:
    from index import history

    there = history.history(_folder(settings))
    if given.json:
        write_json({"versions": [_told(version) for version in there]})
        return 0
    if not there:
        say("there is no index yet")
    for version in there:
        marks = [mark for mark, true in (("current", version.current), ("held", version.held)) if true]
        held = f"{counted(len(version.documents), 'document')}, {counted(version.passages, 'passage')}"
        counts = version.problem or held
        say("  ".join([version.name, version.created or "-", counts, *marks]))
        for name in version.documents if version.current else ():
            say(f"    {name}")
    return 0


def _roll_back(given: argparse.Namespace, settings: Settings) -> int:
    from index import history

    if given.rollback and os.path.exists(given.rollback):
        raise UserError("what follows --rollback is a version: name the documents before it")
    version = history.roll_back(_folder(settings), given.rollback)
    if given.json:
        write_json(_told(version))
        return 0
    say(f"{version.name} of {version.created} answers now, whatever the documents say, until the next index")
    return 0


def _told(version: Any) -> dict[str, Any]:
    return {
        "version": version.name,
        "created": version.created,
        "documents": list(version.documents),
        "passages": version.passages,
        "current": version.current,
        "held": version.held,
        "problem": version.problem,
    }


def _folder(settings: Settings) -> Path:
    from assistant.configured import index_folder

    return index_folder(settings)
