"""Writing: sentences from a language model as they are generated, and how their citations are found."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from assistant.contents.finder import StatementFinder
from assistant.contents.statements import Statement
from assistant.models.language_model import LanguageModel, Message
from assistant.words import content_set, content_words, coverage

_END = re.compile(r"(?<=[.!?])[\"'”’)\]]*\s+(?=[\"'“‘(\[]?[A-Z0-9])|\n+")
_ABBREVIATED = re.compile(r"(?:\b(?:e\.g|i\.e|etc|cf|vs|no|dr|mr|mrs|ms|approx|incl)\.|\b[A-Z]\.)$", re.IGNORECASE)
_MARKS = re.compile(r"^\s*(?:[-*•]\s+|\d+[.)]\s+|\[\d+\]\s*)+|\s*(?:\[\d+\][,; ]*)+(?=[.!?]?\s*$)")
_MAX_TOKENS = 110
_CARRIED = 0.85
"""The least share of a sentence's words that a statement with its headings holds."""
_SAID = 0.6
"""The least share that the statement itself holds: headings say what it is about, not what it says."""
_BEGINS = 2
_REASON = re.compile(
    r"\b(?:because|since(?! \d)|therefore|thus|hence|due to|thanks to|as a result|so that|which means|this means"
    r"|leads? to|results? in|causes?|in order to)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Fragment:
    """Words of the sentence being written; ``finished`` where the sentence is complete."""

    text: str
    finished: bool


def stream(
    model: LanguageModel, messages: Sequence[Message], cancelled: Callable[[], bool], max_tokens: int = _MAX_TOKENS
) -> Iterator[Fragment]:
    """The sentences of a model's reply, each first growing and then finished, without list marks."""
    buffer = ""
    pieces = model.complete(messages, max_tokens=max_tokens)
    try:
        for piece in pieces:
            if cancelled():
                return
            buffer += piece.text
            while (cut := _first_end(buffer)) is not None:
                sentence, buffer = tidy(buffer[:cut]), buffer[cut:]
                if sentence:
                    yield Fragment(sentence, True)
            if tidy(buffer):
                yield Fragment(tidy(buffer), False)
    finally:
        close = getattr(pieces, "close", None)
        if close:
            close()
    rest = tidy(buffer)
    if rest and rest[-1] in ".!?":
        yield Fragment(rest, True)


def _first_end(text: str) -> int | None:
    for match in _END.finditer(text):
        if "\n" in match.group() or not _ABBREVIATED.search(text[: match.start()]):
            return match.end()
    return None


def tidy(sentence: str) -> str:
    """A generated sentence without bullets, numbering and source numbers, on one line."""
    return " ".join(_MARKS.sub("", " ".join(sentence.split())).split())


def carrier(claim: str, evidence: Sequence[Statement], finder: StatementFinder) -> Statement | None:
    """The one statement that carries a claim: most of its words and nearest in meaning; None without statements.

    Never several together: of two statements a small model makes one that neither says.
    """
    wanted = content_set(claim)
    if not wanted or not evidence:
        return None
    rows = finder.vectors([claim, *(statement.with_headings for statement in evidence)])
    similarity = rows[1:] @ rows[0]
    strength = [
        coverage(wanted, content_set(statement.with_headings)) + 0.5 * float(cosine)
        for statement, cosine in zip(evidence, similarity, strict=True)
    ]
    return evidence[max(range(len(evidence)), key=lambda place: strength[place])]


def keeps_to(claim: str, statement: Statement) -> bool:
    """Whether a sentence is made of the words of a statement, and gives a reason only where the statement does."""
    stems = content_set(claim)
    if coverage(stems, content_set(statement.with_headings)) < _CARRIED:
        return False
    if coverage(stems, content_set(statement.text)) < _SAID:
        return False
    return not _REASON.search(claim) or _REASON.search(statement.text) is not None


def speaks_of_another(claim: str, statement: Statement) -> bool:
    """Whether a sentence leaves out what its statement begins with: it may say of one thing what is said of another."""
    return not content_set(claim) & frozenset(content_words(statement.text)[:_BEGINS])
