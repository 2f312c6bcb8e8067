"""Drafts as a file that a person marks: JSON lines, or a spreadsheet with a column to write yes into."""

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from assistant.evaluate.cases import ALTERNATIVE, COLUMNS
from assistant.evaluate.drafting.draft import Draft, Groups
from assistant.evaluate.spreadsheet import LONGEST_CELL, finish_sheet, write_row
from corpus.errors import UserError

_SHOWN = ("accept", *(name for name in COLUMNS if name not in ("accept", "passages")))


def check_place(path: Path) -> None:
    """Raises ``UserError`` where drafts cannot or must not be written to ``path``."""
    if path.suffix.lower() not in (".jsonl", ".xlsx"):
        raise UserError(f"{path}: drafts are written as .jsonl or .xlsx; name such a file with --out")
    if path.exists():
        raise UserError(f"{path}: is there already and may hold somebody's marks; name a new file with --out")
    if not path.parent.is_dir():
        raise UserError(f"{path.parent}: no such folder; make it or name another file with --out")


def write_drafts(path: Path, drafts: Sequence[Draft]) -> None:
    """Writes the drafts, none of them accepted. Raises ``UserError`` where the file cannot be written."""
    partial = path.with_name(path.name + ".partial")
    try:
        if path.suffix.lower() == ".xlsx":
            _write_sheet(partial, drafts)
        else:
            lines = (json.dumps(_values(draft), ensure_ascii=False) + "\n" for draft in drafts)
            partial.write_text("".join(lines), encoding="utf-8")
        os.replace(partial, path)
    except OSError as error:
        raise UserError(f"{path}: cannot write ({error.strerror}); name another file with --out") from error


def _values(draft: Draft) -> dict[str, Any]:
    return {
        "accept": None,
        "id": draft.id,
        "question": draft.question,
        "answerable": draft.answerable,
        "evidence": [list(group) for group in draft.evidence],
        "reference": draft.reference,
        "kind": draft.kind,
        "history": [[turn.role, turn.text] for turn in draft.history],
        "note": draft.note,
    }


def _write_sheet(path: Path, drafts: Sequence[Draft]) -> None:
    from openpyxl import Workbook
    from openpyxl.worksheet.datavalidation import DataValidation

    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Drafts"
    write_row(sheet, 1, list(_SHOWN))
    for number, draft in enumerate(drafts, 2):
        cells = _cells(draft)
        write_row(sheet, number, [cells[name] for name in _SHOWN])
    finish_sheet(sheet, _SHOWN)
    choice = DataValidation(type="list", formula1='"yes,no"', allow_blank=True)
    sheet.add_data_validation(choice)
    choice.add(f"A2:A{max(2, len(drafts) + 1)}")
    with path.open("wb") as file:
        book.save(file)


def _cells(draft: Draft) -> dict[str, str]:
    """The notation of docs/evaluating.md: a line for each group of evidence, ``||`` between alternatives."""
    answerable = {True: "yes", False: "no", None: ""}[draft.answerable]
    return {
        "accept": "",
        "id": draft.id,
        "question": draft.question,
        "answerable": answerable,
        "evidence": _evidence_cell(draft.evidence),
        "reference": draft.reference,
        "kind": draft.kind,
        "history": "\n".join(f"{turn.role}: {_line(turn.text)}" for turn in draft.history),
        "note": draft.note,
    }


def _evidence_cell(evidence: Groups) -> str:
    """A cell is cut at its longest, so the last alternatives go before that cuts a string that has to be verbatim."""
    groups = [[_line(text) for text in group] for group in evidence]
    while len(cell := "\n".join(f" {ALTERNATIVE} ".join(group) for group in groups)) > LONGEST_CELL:
        longest = max((group for group in groups if len(group) > 1), key=lambda group: sum(map(len, group)), default=[])
        if not longest:
            break
        longest.pop()
    return cell


def _line(text: str) -> str:
    return " ".join(text.split())
