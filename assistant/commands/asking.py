"""``ask`` and ``search``: a question in, an answer or passages out."""

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.commands.output import note, write_json
from assistant.questions.question import clean
from assistant.records import Answer, Done, History, Stage, Written, history_from_json
from assistant.settings import Settings
from corpus.errors import UserError

if TYPE_CHECKING:
    from assistant.pipeline import Assistant
    from corpus import Source

_LONGEST_HISTORY = 1_000_000
_LONGEST_INPUT = 1_000_000


def ask(given: argparse.Namespace, settings: Settings) -> int:
    """Answers one question, as JSON or sentence by sentence."""
    question = question_of(given.question)
    history = history_of(given.history)
    if given.memo:
        from assistant.memo.files import form_of

        form_of(given.memo)
    from assistant.builder import build

    assistant = build(settings, progress=note)
    try:
        answer: Answer | None = None
        if given.json:
            answer = assistant.ask(question, history)
            write_json(answer.to_json())
        else:
            answer = _printed(assistant, question, history)
        if given.memo and answer is not None:
            _write_memo(given.memo, answer, assistant)
    finally:
        assistant.close()
    return 0


def _printed(assistant: "Assistant", question: str, history: History) -> Answer | None:
    """The answer, printed sentence by sentence as it comes."""
    from assistant.commands.answer_text import Printer

    printer = Printer(sys.stdout)
    answer: Answer | None = None
    noted = set()
    for event in assistant.answer(question, history):
        if isinstance(event, Stage):
            noted.add(event.text)
            note(event.text)
        elif isinstance(event, Written):
            printer.sentence(event.sentence)
        elif isinstance(event, Done):
            answer = event.answer
    if answer is not None:
        printer.rest(answer)
        if answer.notice and answer.notice not in noted:
            note(answer.notice)
    return answer


def _write_memo(path: Path, answer: Answer, assistant: "Assistant") -> None:
    from datetime import UTC, datetime

    from assistant.memo.content import memo_of
    from assistant.memo.files import write_memo

    def source_of(name: str) -> "Source | None":
        document = assistant.document(name)
        return document.source if document else None

    write_memo(path, memo_of(answer, datetime.now(UTC).date(), source_of))
    note(f"The memo is in {path}")


def search(given: argparse.Namespace, settings: Settings) -> int:
    """The passages found for a question, without any language model."""
    question = question_of(given.question)
    from dataclasses import asdict

    from assistant.builder import build

    assistant = build(settings.model_copy(update={"model": "quotes"}), progress=note)
    try:
        passages = assistant.search(question, given.k)
    finally:
        assistant.close()
    if given.json:
        write_json({"question": question, "passages": [asdict(passage) for passage in passages]})
    else:
        from assistant.commands.answer_text import Printer

        Printer(sys.stdout).passages(passages)
    return 0


def question_of(given: str) -> str:
    """The question as one clean line, from the argument or, for ``-``, from standard input. Raises ``UserError``."""
    if given != "-":
        return clean(given)
    raw = sys.stdin.buffer.read(_LONGEST_INPUT)
    try:
        return clean(raw.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise UserError("The question on standard input is not text in UTF-8; please send plain text") from error


def history_of(path: Path | None) -> History:
    """The conversation in a file of JSON; none without a file. Raises ``UserError``."""
    if path is None:
        return ()
    try:
        # A pipe or a device does not tell beforehand how much will come.
        with path.open("rb") as file:
            raw = file.read(_LONGEST_HISTORY + 1)
        if len(raw) > _LONGEST_HISTORY:
            raise UserError(f"The history {path} is larger than 1 MB: keep its last turns only")
        return history_from_json(json.loads(raw.decode("utf-8-sig")))
    except OSError as error:
        raise UserError(f"The history {path} cannot be read ({error.strerror}): check the name") from error
    except UnicodeDecodeError as error:
        raise UserError(f"The history {path} is not text in UTF-8: save it as JSON") from error
    except RecursionError as error:
        raise UserError(f"The history {path} is nested too deeply: write a list of [role, text] pairs") from error
    except ValueError as error:
        raise UserError(f'The history {path} is not [["user", TEXT], ["assistant", TEXT], ...]: {error}') from error
