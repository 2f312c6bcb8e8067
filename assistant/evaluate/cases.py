"""Question cases: what is asked, whether the guidance answers it, and the words that prove an answer."""

import json
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

from assistant.evaluate.tables import Columns, table_rows
from assistant.records import History, Turn, history_from_json
from corpus.errors import UserError, did_you_mean

Item = TypeVar("Item")

COLUMNS = ("id", "question", "answerable", "evidence", "reference", "kind", "history", "passages", "accept", "note")
# Where a case comes from, and whatever somebody wants to remember: told by some collections, and not read.
NOTES = ("note", "comment", "source", "document", "pages")
ALTERNATIVE = "||"
PASSAGE_BREAK = "---"
_BREAK = f"\n{PASSAGE_BREAK}\n"
_TABLE = Columns(
    (*COLUMNS, *NOTES), "question", {"passages": _BREAK} | dict.fromkeys(("evidence", "history", *NOTES), "\n")
)
# The last of each row are what Excel writes into a CSV file in other languages.
_YES = {
    "yes",
    "y",
    "true",
    "1",
    "answerable",
    "ja",
    "oui",
    "sí",
    "si",
    "sì",
    "wahr",
    "vrai",
    "verdadero",
    "vero",
    "waar",
}
_NO = {"no", "n", "false", "0", "unanswerable", "nein", "non", "nee", "falsch", "faux", "falso", "onwaar"}


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
    cases: list[Case] = []
    kinds: dict[str, str] = {}
    seen: dict[str, str] = {}
    drafts = 0
    try:
        for where, name, values, from_row in _read(path):
            try:
                if not _accepted(values):
                    drafts += 1
                    continue
                case = case_from(_from_row(values) if from_row else values, where, name)
            except ValueError as error:
                raise UserError(f"{where}: {error}") from error
            if case.id in seen:
                raise UserError(
                    f'{where}: the id "{case.id}" is already used by {seen[case.id]}; give each case its own'
                )
            seen[case.id] = where
            # A kind is a slice of the figures: written with other capitals it is still the same.
            kind = " ".join(case.kind.split())
            cases.append(replace(case, kind=kinds.setdefault(kind.casefold(), kind)))
    except UnicodeDecodeError as error:
        raise UserError(f"{path}: not UTF-8 text; save it as UTF-8") from error
    except OSError as error:
        raise UserError(f"{path}: cannot be read ({error.strerror}); name another file") from error
    if drafts and not cases:
        raise UserError(f'{path}: none of its {drafts} drafts is accepted; write yes under "accept" of those to ask')
    if not cases:
        raise UserError(f"{path}: holds no case")
    return cases


def _read(path: Path) -> Iterator[tuple[str, str, Mapping[str, Any], bool]]:
    """The place, the name and the values of each case, and whether these are cells."""
    rows = table_rows(path, _TABLE)
    if rows is not None:
        yield from ((row.where, row.name, row.cells, True) for row in rows)
    else:
        yield from ((f"{path}:{number}", f"line-{number}", values, False) for number, values in json_lines(path))


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
                value = json.loads(line.decode("utf-8-sig"), object_pairs_hook=_once)
                if b"\\u" in line:
                    json.dumps(value, ensure_ascii=False).encode()
            except UnicodeEncodeError as error:
                raise UserError(f"{path}:{number}: holds half a character (\\ud800 to \\udfff alone)") from error
            except UnicodeDecodeError as error:
                raise UserError(f"{path}: not UTF-8 text; save it as UTF-8") from error
            except (ValueError, RecursionError) as error:
                raise UserError(f"{path}:{number}: not JSON ({error})") from error
            if not isinstance(value, dict):
                raise UserError(
                    f'{path}:{number}: each line is one JSON object such as {{"id": "1", "question": "..."}}'
                )
            yield number, value


def _once(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    values = dict(pairs)
    if len(values) < len(pairs):
        names = [name for name, _ in pairs]
        raise ValueError(f'"{next(name for name in names if names.count(name) > 1)}" stands in it twice')
    return values


def case_from(values: Mapping[str, Any], where: str = "", default_id: str = "") -> Case:
    """A case from its JSON object. Raises ``ValueError`` with one line that says what is wrong."""
    unknown = next((name for name in values if name not in COLUMNS and name not in NOTES), None)
    if unknown is not None:
        hint = did_you_mean(unknown, COLUMNS, f"a case has {', '.join(COLUMNS)}")
        raise ValueError(f'"{unknown[:40]}" is nothing that a case has; {hint}')
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
    pieces = "\n".join(line.rstrip() for line in row.get("passages", "").splitlines()).split(_BREAK)
    values["passages"] = [piece.strip() for piece in pieces if piece.strip()]
    return values


def _turn(line: str) -> list[str]:
    role, colon, text = line.partition(":")
    if not colon or role.strip().lower() not in ("user", "assistant"):
        raise ValueError('each line of column "history" begins with "user:" or "assistant:"')
    turn = Turn("user" if role.strip().lower() == "user" else "assistant", text.strip())
    return [turn.role, turn.text]
