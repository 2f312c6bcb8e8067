"""Question cases: what is asked, whether the guidance answers it, and the words that prove an answer."""

import csv
import json
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from assistant.records import History, Turn, history_from_json
from corpus.errors import UserError

Item = TypeVar("Item")

COLUMNS = ("id", "question", "answerable", "evidence", "reference", "kind", "history", "passages", "accept", "note")
ALTERNATIVE = "||"
PASSAGE_BREAK = "---"
_YES = {"yes", "y", "true", "1", "answerable"}
_NO = {"no", "n", "false", "0", "unanswerable"}


@dataclass(frozen=True, slots=True)
class Case:
    """One question to ask.

    ``answerable`` says whether the guidance answers the question; None where nobody has said. ``evidence`` holds
    groups of alternative verbatim strings: every group must be found for the evidence to be complete, and a group is
    found when any one of its strings is. ``passages`` is what a closed run answers from. ``kind`` names the kind of
    question for the report. ``where`` is the file and line the case came from.
    """

    id: str
    question: str
    answerable: bool | None = None
    evidence: tuple[tuple[str, ...], ...] = ()
    reference: str = ""
    kind: str = ""
    history: History = ()
    passages: tuple[str, ...] = ()
    where: str = ""


def load_cases(path: Path) -> list[Case]:
    """The cases of a JSON lines, CSV or XLSX file, in its order.

    Where a case has an ``accept``, it is a draft, and left out unless that says yes. Raises ``UserError`` that names
    the file and line of the first malformed case.
    """
    if not path.is_file():
        raise UserError(f"{path}: no such file; name a file of question cases (.jsonl, .csv or .xlsx)")
    readers = {".csv": _csv_rows, ".xlsx": _xlsx_rows}
    read = readers.get(path.suffix.lower())
    cases: list[Case] = []
    seen: dict[str, str] = {}
    drafts = 0
    try:
        for number, values in read(path) if read else json_lines(path):
            where = f"{path}:{number}"
            try:
                if not _accepted(values):
                    drafts += 1
                    continue
                case = case_from(_from_row(values) if read else values, where, f"line-{number}")
            except ValueError as error:
                raise UserError(f"{where}: {error}") from error
            if case.id in seen:
                raise UserError(
                    f'{where}: the id "{case.id}" is already used by {seen[case.id]}; give each case its own'
                )
            seen[case.id] = where
            cases.append(case)
    except UnicodeDecodeError as error:
        raise UserError(f"{path}: not UTF-8 text; save it as UTF-8") from error
    if drafts and not cases:
        raise UserError(f'{path}: none of its {drafts} drafts is accepted; write yes under "accept" of those to ask')
    if not cases:
        raise UserError(f"{path}: holds no case")
    return cases


def chosen(cases: Sequence[Item], limit: int | None = None, sample: int | None = None, seed: int = 0) -> list[Item]:
    """The first ``limit`` of ``sample`` cases drawn at random (the same ones for the same seed), in file order."""
    picked = list(cases)
    if sample is not None and sample < len(picked):
        numbers = sorted(random.Random(seed).sample(range(len(picked)), sample))  # noqa: S311 - a draw, not a secret
        picked = [picked[number] for number in numbers]
    return picked[:limit] if limit is not None else picked


def json_lines(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """Line number and object of each line that is not empty. Raises ``UserError`` for a line that is no JSON object."""
    with path.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                value = json.loads(line.decode("utf-8-sig"))
            except UnicodeDecodeError as error:
                raise UserError(f"{path}: not UTF-8 text; save it as UTF-8") from error
            except (ValueError, RecursionError) as error:
                raise UserError(f"{path}:{number}: not JSON ({error})") from error
            if not isinstance(value, dict):
                raise UserError(
                    f'{path}:{number}: each line is one JSON object such as {{"id": "1", "question": "..."}}'
                )
            yield number, value


def case_from(values: Mapping[str, Any], where: str = "", default_id: str = "") -> Case:
    """A case from its JSON object. Raises ``ValueError`` with one line that says what is wrong."""
    question = values.get("question")
    if not isinstance(question, str) or not question.strip():
        raise ValueError('"question" must be a text that is not empty')
    answerable = values.get("answerable")
    if answerable is not None and not isinstance(answerable, bool):
        raise ValueError('"answerable" must be true or false')
    evidence = _groups(values.get("evidence") or [])
    history = history_from_json(values.get("history") or [])
    passages = values.get("passages") or []
    if not isinstance(passages, list) or not all(isinstance(text, str) for text in passages):
        raise ValueError('"passages" must be a list of texts')
    if answerable is None and evidence:
        answerable = True
    if answerable is False and evidence:
        raise ValueError('evidence is given for a question with "answerable": false; correct one of the two')
    return Case(
        id=str(values.get("id") if values.get("id") not in (None, "") else default_id),
        question=question,
        answerable=answerable,
        evidence=evidence,
        reference=_text(values, "reference"),
        kind=_text(values, "kind"),
        history=history,
        passages=tuple(passages),
        where=where,
    )


def _accepted(values: Mapping[str, Any]) -> bool:
    """Whether a case is one to ask: it has no ``accept``, or that says yes. Raises ``ValueError``."""
    said = values.get("accept", True)
    if isinstance(said, str):
        word = said.strip().lower()
        if word not in _YES | _NO | {""}:
            raise ValueError(f'"accept" must be yes, no or empty, not "{word[:40]}"')
        return word in _YES
    if said is not None and not isinstance(said, bool):
        raise ValueError('"accept" must be true, false or null')
    return bool(said)


def _text(values: Mapping[str, Any], key: str) -> str:
    value = values.get(key)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise ValueError(f'"{key}" must be a text')
    return value


def _groups(value: object) -> tuple[tuple[str, ...], ...]:
    message = '"evidence" must be a list of groups, each a list of alternative texts'
    if not isinstance(value, list):
        raise ValueError(message)
    groups: list[tuple[str, ...]] = []
    for group in value:
        alternatives = [group] if isinstance(group, str) else group
        if not isinstance(alternatives, list) or not alternatives:
            raise ValueError(message)
        if not all(isinstance(text, str) and text.strip() for text in alternatives):
            raise ValueError(message)
        groups.append(tuple(alternatives))
    return tuple(groups)


def _from_row(row: Mapping[str, Any]) -> dict[str, Any]:
    """A case's JSON object from the cells of a row; the cells' notation is described in docs/evaluating.md."""
    values: dict[str, Any] = {name: row[name] for name in ("id", "question", "reference", "kind") if row.get(name)}
    said = row.get("answerable", "").strip().lower()
    if said in _YES | _NO:
        values["answerable"] = said in _YES
    elif said:
        raise ValueError(f'column "answerable" must be yes or no, not "{said}"')
    groups = [line for line in row.get("evidence", "").splitlines() if line.strip()]
    values["evidence"] = [[text.strip() for text in line.split(ALTERNATIVE) if text.strip()] for line in groups]
    values["history"] = [_turn(line) for line in row.get("history", "").splitlines() if line.strip()]
    pieces = "\n".join(line.rstrip() for line in row.get("passages", "").splitlines()).split(f"\n{PASSAGE_BREAK}\n")
    values["passages"] = [piece.strip() for piece in pieces if piece.strip()]
    return values


def _turn(line: str) -> list[str]:
    role, colon, text = line.partition(":")
    if not colon or role.strip().lower() not in ("user", "assistant"):
        raise ValueError('each line of column "history" begins with "user:" or "assistant:"')
    turn = Turn("user" if role.strip().lower() == "user" else "assistant", text.strip())
    return [turn.role, turn.text]


def _csv_rows(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    with path.open(encoding="utf-8-sig", newline="") as lines:
        sample = lines.readline()
        lines.seek(0)
        # Excel writes semicolons where the comma is the decimal sign.
        reader = csv.reader(lines, delimiter=";" if sample.count(";") > sample.count(",") else ",")
        try:
            header = _header(next(reader, []), path)
            begins = reader.line_num + 1
            for row in reader:
                if any(cell.strip() for cell in row):
                    yield begins, dict.fromkeys(header, "") | dict(zip(header, row, strict=False))
                begins = reader.line_num + 1
        except csv.Error as error:
            raise UserError(f"{path}:{reader.line_num}: not CSV ({error})") from error


def _xlsx_rows(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    from zipfile import BadZipFile

    try:
        from openpyxl import load_workbook
        from openpyxl.utils.exceptions import InvalidFileException
    except ModuleNotFoundError as error:
        raise UserError("reading spreadsheets needs openpyxl: pip install 'strategy-assistant[evaluate]'") from error
    try:
        book = load_workbook(path, read_only=True, data_only=True)
    except (BadZipFile, InvalidFileException, KeyError, OSError) as error:
        raise UserError(f"{path}: not a readable .xlsx file; save it again from the spreadsheet program") from error
    try:
        rows = book.worksheets[0].iter_rows(values_only=True)
        header = _header([_cell(cell) for cell in next(rows, ())], path)
        for number, row in enumerate(rows, 2):
            cells = [_cell(cell) for cell in row]
            if any(cell.strip() for cell in cells):
                yield number, dict.fromkeys(header, "") | dict(zip(header, cells, strict=False))
    finally:
        book.close()


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _header(cells: Sequence[str], path: Path) -> list[str]:
    header = [cell.strip().lower() for cell in cells]
    if "question" not in header:
        raise UserError(f'{path}:1: the first line names the columns and needs one called "question"')
    unknown = [name for name in header if name and name not in COLUMNS]
    if unknown:
        raise UserError(f'{path}:1: unknown column "{unknown[0]}"; the columns are {", ".join(COLUMNS)}')
    return header
