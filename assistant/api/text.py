"""An answer as Markdown text with numbers in brackets and, at its end, the words each number stands for."""

import re
from collections.abc import Iterable

from assistant.records import Advice, Answer, Citation, Comparison, Refusal, Sentence

_ITEM = ("- ", "* ", "• ")
_DOUBT = {"supported": "", "partial": " (partly supported)", "unsupported": " (not in the guidance)"}
_BREAKS = re.compile(r"[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb]+")
# What would make an image, a link, a link's definition or markup of a document's or a model's words.
_ACTIVE = re.compile(r"!(?=\[)|\](?=[(:\[])|<(?=[A-Za-z/!?])")


class Writing:
    """Writes one answer piece by piece: ``sentence`` for each sentence, then ``rest`` once.

    The pieces put together are the whole text. The same words of a document keep their number.
    """

    def __init__(self) -> None:
        self._numbers: dict[tuple[str, int, int], int] = {}
        self.citations: list[Citation] = []
        self._begun = False
        self._in_list = False

    def sentence(self, sentence: Sentence) -> str:
        """The next sentence, with what stands between it and the one before."""
        text = sentence.text.strip()
        item = text.startswith(_ITEM)
        text = plain(text[2:] if item else text)
        between = ""
        if self._begun:
            between = "\n" if item and self._in_list else "\n\n" if item or self._in_list else " "
        self._begun, self._in_list = True, item
        return f"{between}{'- ' if item else ''}{text}{self._marks(sentence.citations)}{_DOUBT[sentence.support]}"

    def rest(self, answer: Answer) -> str:
        """What follows the sentences: table, advice, what is not covered, sources."""
        blocks: list[str] = []
        if answer.comparison is not None:
            blocks.append(self._table(answer.comparison))
        if answer.advice is not None:
            blocks.append(self._advice(answer.advice))
        if answer.refusal is not None:
            blocks.append(_refusal(answer.refusal))
        if answer.notice:
            blocks.append(plain(answer.notice))
        if self.citations:
            lines = [f"- [{n}] {_place(c)}: “{plain(c.quote)}”" for n, c in enumerate(self.citations, 1)]
            blocks.append("\n".join(("**Sources**\n", *lines)))
        lead = "\n\n" if self._begun and blocks else ""
        return lead + "\n\n".join(blocks)

    def _number(self, citation: Citation) -> int:
        key = (citation.document, citation.start, citation.end)
        if key not in self._numbers:
            self.citations.append(citation)
            self._numbers[key] = len(self.citations)
        return self._numbers[key]

    def _marks(self, citations: Iterable[Citation]) -> str:
        marks = dict.fromkeys(f"[{self._number(citation)}]" for citation in citations)
        return " " + "".join(marks) if marks else ""

    def _table(self, comparison: Comparison) -> str:
        rows = [["", *(plain(option) for option in comparison.options)]]
        for row in comparison.rows:
            cells = [
                "not said" if cell is None else plain(cell.text) + self._marks(cell.citations) for cell in row.cells
            ]
            rows.append([plain(row.criterion), *cells])
        lines = ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows]
        return "\n".join((lines[0], "|" + " --- |" * len(rows[0]), *lines[1:]))

    def _advice(self, advice: Advice) -> str:
        lines = [f"The guidance leans to: {plain(advice.leans_to)}\n"] if advice.leans_to else []
        for factor in advice.factors:
            points = f", points to {plain(factor.points_to)}" if factor.points_to else ""
            given = plain(factor.given) or "not known"
            lines.append(f"- {plain(factor.name)}: {given}{points}{self._marks(factor.citations)}")
        if advice.would_change_it:
            lines += ["\nWhat would change this:\n", *(f"- {plain(change)}" for change in advice.would_change_it)]
        return "\n".join(lines)


def whole(answer: Answer) -> tuple[str, tuple[Citation, ...]]:
    """The text of a finished answer, and its citations in the order of their numbers."""
    writing = Writing()
    text = "".join(writing.sentence(sentence) for sentence in answer.sentences) + writing.rest(answer)
    return text, tuple(writing.citations)


def plain(text: str) -> str:
    """Foreign text on one line in which nothing becomes an image, a link or markup where Markdown is shown."""
    return _ACTIVE.sub(r"\\\g<0>", " ".join(_BREAKS.sub(" ", text).split()))


def where(title: str, section: str) -> str:
    """Where something stands, as one line: the title and the headings below it."""
    return plain(" › ".join(filter(None, (title, section.replace(" > ", " › ")))))


def _refusal(refusal: Refusal) -> str:
    lines = [plain(refusal.reason)]
    if refusal.nearest:
        lines.append("\nNearest to it:\n")
        lines += [f"- {where(near.title, near.section)}" for near in refusal.nearest]
    return "\n".join(lines)


def _place(citation: Citation) -> str:
    page = f", page {citation.page}" if citation.page is not None else ""
    return where(citation.title, citation.section) + page
