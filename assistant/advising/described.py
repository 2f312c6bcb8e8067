"""A description cut into clauses, each with what its sentence makes of it: a supposition, a correction, a question."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.advising.cues import Names, named_at, stem_of

_SENTENCE_END = re.compile(r"[.!?;]+(?=\s|$)|\n+")
_CLAUSE_END = re.compile(
    r"[,:()\[\]–—]+|\s-+\s|\b(?:but|although|though|while|whereas|however|except that)\b", re.IGNORECASE
)
_PIECE_END = re.compile(r"\b(?:and|with|where|who|which|because|whose)\b", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")

_FIRST_PERSON = re.compile(r"\b(?:we|we're|we've|our|ours|us|i|i'm|i've|my|mine)\b", re.IGNORECASE)
_OF_ONE = re.compile(r"\b(?:for|in|at|as|suits?|fits?|of|about|should|advise|helps?|be) an? ", re.IGNORECASE)
_GENERAL = re.compile(
    r"(?:and |so |but )?(?:what|which|why|how|when|who|does|do|did|is|are|can|could|explain|tell me|describe|define"
    r"|compare|list)\b",
    re.IGNORECASE,
)
_OF_TEXT = re.compile(r"\b(?:guidance|guide|document|text|paper)s?\b", re.IGNORECASE)
_ASKS = re.compile(
    r"^(?:and |so |then )?(?:what|which|who|how|why|when|where|should|shall|can|could|would|do|does|is|are|will"
    r"|may)\b"
    r"|\b(?:should (?:we|i|our)|recommend|advise|suggest|best|better|guidance|approach|approaches)\b",
    re.IGNORECASE,
)
_SUPPOSES = re.compile(
    r"\bwhat if\b|^(?:and |but |so |ok |okay )+if\b|^(?:now )?(?:suppos(?:e|ing)|imagine|assum(?:e|ing)|let's say)\b"
    r"|\b(?:change|changes|changed|differ|different|difference|happens?|matters?|still)\b.*\bif\b"
    r"|\bif\b.*\b(?:change|changes|differ|different|difference|happens?|matters?|still)\b",
    re.IGNORECASE,
)
_IF = re.compile(
    r"^(?:(?:and|but|so|now|ok|okay|what) )*(?:if|suppos(?:e|ing)|imagine|assum(?:e|ing)) (?=\w)", re.IGNORECASE
)
_CORRECTS = re.compile(
    r"^(?:no, |oh, |sorry|actually|correction|i meant|i mean|to correct)|\bactually\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Clause:
    """A stretch of a description.

    ``said`` holds the words in lower case and ``stems`` what they are compared by, position for position; ``spans`` are
    their places in ``text``. ``order`` counts the sentences. ``general`` marks a sentence about nobody in particular,
    ``asked`` one with a question mark.
    """

    text: str
    said: tuple[str, ...]
    stems: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]
    order: int
    supposed: bool = False
    corrects: bool = False
    general: bool = False
    asked: bool = False

    def words(self, start: int, end: int) -> str:
        """The words at positions ``start`` to ``end`` as they were typed."""
        return self.text[self.spans[start][0] : self.spans[end - 1][1]]

    def pieces(self) -> tuple[str, ...]:
        """The clause and the shorter stretches within it, without what only supposes them."""
        told = _IF.sub("", self.text) if self.supposed else self.text
        parts = [part.strip() for part in _PIECE_END.split(told)]
        return tuple(dict.fromkeys([told, *(part for part in parts if part)]))


def describe(text: str, names: Names) -> tuple[Clause, ...]:
    """The clauses of a description in order."""
    return tuple(_clauses(text, names))


def asks(text: str) -> bool:
    """Whether the words ask or speak of what to do, and do not describe."""
    return _ASKS.search(text) is not None


def speaks_of_us(text: str) -> bool:
    """Whether the words are of the speaker's own organization."""
    return _FIRST_PERSON.search(text) is not None


def _clauses(text: str, names: Names) -> Iterator[Clause]:
    start = 0
    for order, end in enumerate([*_SENTENCE_END.finditer(text), None]):
        sentence = text[start : end.start() if end else len(text)].strip()
        start = end.end() if end else len(text)
        general = (
            (_GENERAL.match(sentence) is not None and not _OF_ONE.search(sentence))
            or _OF_TEXT.search(sentence) is not None
        ) and not speaks_of_us(sentence)
        supposed = _SUPPOSES.search(sentence) is not None
        corrects = _CORRECTS.search(sentence) is not None
        asked = end is not None and "?" in end.group()
        for stretch in _CLAUSE_END.split(sentence):
            if stretch.strip():
                said, stems, spans = _words(stretch.strip(), names)
                if stems:
                    of_nobody = general and not supposed
                    yield Clause(stretch.strip(), said, stems, spans, order, supposed, corrects, of_nobody, asked)


def _words(text: str, names: Names) -> tuple[tuple[str, ...], tuple[str, ...], tuple[tuple[int, int], ...]]:
    found = [(match.group().replace("’", "'").casefold(), match.span()) for match in _WORD.finditer(text)]
    stems = [stem_of(word) for word, _ in found]
    said: list[str] = []
    unified: list[str] = []
    spans: list[tuple[int, int]] = []
    position = 0
    while position < len(found):
        other, length = named_at(stems, position, names)
        whole = (found[position][1][0], found[position + length - 1][1][1])
        for stem in other or (stems[position],):
            said.append(found[position][0])
            unified.append(stem)
            spans.append(whole)
        position += length
    return tuple(said), tuple(unified), tuple(spans)
