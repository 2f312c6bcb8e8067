"""An answer as plain text for a terminal: sentences with numbers, and below them the words each number stands for."""

import shutil
import textwrap
from collections.abc import Iterable, Sequence
from typing import TextIO

from assistant.commands.output import printable, put
from assistant.records import Advice, Answer, Cell, Citation, Comparison, Refusal, RetrievedPassage, Sentence

_WIDEST = 100
_NARROWEST = 40


class Printer:
    """Prints one answer; the same words of a document keep their number throughout."""

    def __init__(self, out: TextIO, width: int = 0) -> None:
        self._out = out
        self._width = width or max(_NARROWEST, min(_WIDEST, shutil.get_terminal_size((80, 24)).columns))
        self._numbers: dict[tuple[str, int, int], int] = {}
        self._citations: list[Citation] = []
        self._said = 0

    def sentence(self, sentence: Sentence) -> None:
        """A sentence as soon as it is written."""
        doubt = {"supported": "", "partial": " (partly supported)", "unsupported": " (not supported)"}
        mark = doubt[sentence.support] if sentence.citations else ""
        self._paragraph(f"{sentence.text}{self._marks(sentence.citations)}{mark}")
        self._said += 1

    def rest(self, answer: Answer) -> None:
        """What follows the sentences: table, advice, what is not covered, sources and further questions."""
        for sentence in answer.sentences[self._said :]:
            self.sentence(sentence)
        if answer.comparison is not None:
            self._comparison(answer.comparison)
        if answer.advice is not None:
            self._advice(answer.advice)
        if answer.refusal is not None:
            self._refusal(answer.refusal)
        if self._citations:
            self._line("\nSources")
            for number, citation in enumerate(self._citations, 1):
                self._paragraph(f"[{number}] {place(citation.title, citation.section, citation.page)}", "    ")
                self._paragraph(f"    “{' '.join(citation.quote.split())}”", "    ")
        if answer.follow_ups:
            self._line("\nYou could also ask")
            for question in answer.follow_ups:
                self._paragraph(f"- {question}", "  ")

    def passages(self, passages: Sequence[RetrievedPassage]) -> None:
        """Passages found, best first."""
        if not passages:
            self._line("Nothing was found.")
        for number, passage in enumerate(passages, 1):
            self._paragraph(
                f"[{number}] {place(passage.title, passage.section, passage.page)}  ({passage.score:.2f})", "    "
            )
            self._paragraph(f"    {' '.join(passage.text.split())}", "    ")

    def _marks(self, citations: Iterable[Citation]) -> str:
        marks = dict.fromkeys(f"[{self._number(citation)}]" for citation in citations)
        return " " + "".join(marks) if marks else ""

    def _number(self, citation: Citation) -> int:
        key = (citation.document, citation.start, citation.end)
        if key not in self._numbers:
            self._citations.append(citation)
            self._numbers[key] = len(self._citations)
        return self._numbers[key]

    def _comparison(self, comparison: Comparison) -> None:
        heads = ["", *comparison.options]
        rows = [[row.criterion, *(self._cell(cell) for cell in row.cells)] for row in comparison.rows]
        self._line()
        for line in table(heads, rows, self._width):
            self._line(line)

    def _cell(self, cell: Cell | None) -> str:
        return "not said" if cell is None else f"{cell.text}{self._marks(cell.citations)}"

    def _advice(self, advice: Advice) -> None:
        if advice.leans_to:
            self._paragraph(f"\nThe guidance leans to: {advice.leans_to}")
        for factor in advice.factors:
            given = factor.given or "not known"
            points = f" points to {factor.points_to}" if factor.points_to else ""
            self._paragraph(f"- {factor.name}: {given}{points}{self._marks(factor.citations)}", "  ")
        if advice.would_change_it:
            self._line("\nWhat would change this")
        for change in advice.would_change_it:
            self._paragraph(f"- {change}", "  ")

    def _refusal(self, refusal: Refusal) -> None:
        self._paragraph(refusal.reason if not self._said else f"\n{refusal.reason}")
        if refusal.nearest:
            self._line("\nNearest to it")
            for near in refusal.nearest:
                self._paragraph(f"- {place(near.title, near.section, None)}", "  ")

    def _paragraph(self, text: str, indent: str = "") -> None:
        lead = "\n" if text.startswith("\n") else ""
        own = " " * (len(text) - len(text.lstrip(" ")))
        wrapped = textwrap.fill(
            printable(text.strip()),
            self._width,
            initial_indent=own,
            subsequent_indent=indent,
            break_long_words=False,
            break_on_hyphens=False,
        )
        self._line(lead + wrapped)

    def _line(self, line: str = "") -> None:
        put(printable(line), self._out)


def place(title: str, section: str, page: int | None) -> str:
    """Where words stand, in one line."""
    parts = [title, section, f"page {page}" if page is not None else ""]
    return ", ".join(part for part in parts if part)


def table(heads: Sequence[str], rows: Sequence[Sequence[str]], width: int) -> list[str]:
    """The lines of a table of wrapped cells no wider than ``width``, as far as its columns allow."""
    columns = len(heads)
    first = max(8, min(20, max((len(row[0]) for row in rows), default=8)))
    other = max(12, (width - first - 3 * (columns - 1)) // max(1, columns - 1))
    widths = [first, *[other] * (columns - 1)]

    def lines(cells: Sequence[str]) -> list[str]:
        wrapped = [
            textwrap.wrap(" ".join(cell.split()), size) or [""] for cell, size in zip(cells, widths, strict=True)
        ]
        height = max(len(cell) for cell in wrapped)
        padded = [[*cell, *[""] * (height - len(cell))] for cell in wrapped]
        return [
            " | ".join(part.ljust(size) for part, size in zip(parts, widths, strict=True)).rstrip()
            for parts in zip(*padded, strict=True)
        ]

    rule = "-+-".join("-" * size for size in widths)
    drawn = lines(heads)
    for row in rows:
        drawn += [rule, *lines(row)]
    return drawn
