"""The run as a spreadsheet: one sheet of cases, one of figures."""

from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import Path

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, TYPE_STRING, Cell
from openpyxl.styles import Alignment, Font, NamedStyle
from openpyxl.worksheet.worksheet import Worksheet

from assistant.evaluate.journal import whole_file
from assistant.evaluate.judgement import GRADES, judge
from assistant.evaluate.measures.catalogue import BY_NAME
from assistant.evaluate.measures.evidence import answer_text, quotes
from assistant.evaluate.measures.intervals import Estimate
from assistant.evaluate.outcomes import Outcome

LONGEST_CELL = 32_000
_WRAPPED = "Wrapped"
_WIDTHS = {"id": 14, "kind": 18, "grade": 9, "question": 48, "answer": 64, "why": 48, "cited words": 64, "section": 32}
_WIDTHS |= {"evidence": 64, "reference": 48, "history": 40, "note": 48}


def write_spreadsheet(path: Path, outcomes: Sequence[Outcome], values: Mapping[str, Estimate]) -> None:
    """Writes an .xlsx file. Texts are always stored as texts, so that none is run as a formula."""
    book = Workbook()
    cases = book.active
    assert isinstance(cases, Worksheet)  # noqa: S101 - a new workbook has one
    cases.title = "Cases"
    measures = list(dict.fromkeys(name for outcome in outcomes for name in outcome.parts if name != "failed"))
    header = ["id", "kind", "grade", "question", "answer", "why", "cited words", "evidence", "reference", "section"]
    header += ["status", *measures, "ms"]
    write_row(cases, 1, header)
    for number, outcome in enumerate(outcomes, 2):
        grade, reasons = judge(outcome)
        line = outcome.line
        answer = answer_text(line)
        cited = "\n".join(quotes(line)) if "sentences" in line else ""
        groups = outcome.case.evidence if outcome.case else ()
        evidence = "\n".join(" / ".join(group) for group in groups)
        reference = outcome.case.reference if outcome.case else ""
        given: list[str | float | None] = [outcome.id, outcome.kind, GRADES[grade], outcome.question, answer]
        given += ["\n".join(reasons), cited, evidence, reference, "\n".join(outcome.about)]
        given.append(line.get("status", line.get("support", "")))
        for name in measures:
            above, below = outcome.parts.get(name, (0.0, 0.0))
            given.append(above / below if below else None)
        given.append(outcome.milliseconds.get("total"))
        write_row(cases, number, given)
    finish_sheet(cases, header)
    figures = book.create_sheet("Figures")
    header = ["measure", "slice", "value", "95 % from", "to", "count", "meaning"]
    write_row(figures, 1, header)
    for number, (name, value) in enumerate(values.items(), 2):
        measure, _, part = name.partition("/")
        meaning = BY_NAME[measure].meaning
        write_row(figures, number, [measure, part, value.value, value.low, value.high, value.count, meaning])
    finish_sheet(figures, header)
    packed = BytesIO()
    book.save(packed)
    with whole_file(path) as partial:
        partial.write_bytes(packed.getbuffer())


def write_row(sheet: Worksheet, number: int, values: Sequence[str | float | None]) -> None:
    """Writes a row of cells; texts are stored as texts, so that none is run as a formula."""
    for column, value in enumerate(values, 1):
        cell = sheet.cell(number, column)
        if isinstance(value, str):
            cell.value = ILLEGAL_CHARACTERS_RE.sub("\ufffd", value)[:LONGEST_CELL]
            # openpyxl takes a text that begins with "=" for a formula; the questions and answers are not ours.
            cell.data_type = TYPE_STRING
            cell.quotePrefix = value[:1] in ("=", "+", "-", "@", "\t", "\r")
        elif value is not None:
            cell.value = value


def finish_sheet(sheet: Worksheet, header: Sequence[str]) -> None:
    """Gives a sheet its widths, its bold first row, which stays in view, and filters."""
    for column, name in enumerate(header, 1):
        cell = sheet.cell(1, column)
        assert isinstance(cell, Cell)  # noqa: S101 - no cells are merged
        cell.font = Font(bold=True)
        sheet.column_dimensions[cell.column_letter].width = _WIDTHS.get(name, 14)
    book = sheet.parent
    assert isinstance(book, Workbook)  # noqa: S101 - a sheet is made by its book
    if _WRAPPED not in book.named_styles:
        book.add_named_style(NamedStyle(_WRAPPED, alignment=Alignment(wrap_text=True, vertical="top")))
    for row in sheet.iter_rows(min_row=2):
        for cell in row:
            prefixed = cell.quotePrefix
            # One style by its name: an alignment for each cell takes six times as long.
            cell.style = _WRAPPED
            if prefixed:
                cell.quotePrefix = True
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = sheet.dimensions
