"""A question as it is read: its bounds, a claim with a question behind it, and the stretches of a description."""

import re
import unicodedata

from assistant.words import content_words
from corpus.errors import UserError

MAX_CHARACTERS = 2_000


def clean(question: str) -> str:
    """The question as it is answered: one line, without control characters.

    Raises ``UserError`` where nothing readable is left or the question is longer than ``MAX_CHARACTERS``.
    """
    if len(question) > MAX_CHARACTERS:
        raise UserError(
            f"The question has {len(question):,} characters; please ask in at most {MAX_CHARACTERS:,}, "
            "and add longer texts as documents."
        )
    kept = "".join(
        character if unicodedata.category(character)[0] != "C" else " "
        for character in unicodedata.normalize("NFC", question)
    )
    line = " ".join(kept.split())
    if not line:
        raise UserError("There is no question to answer; please type one.")
    if not any(character.isalnum() for character in line):
        raise UserError("The question has no words in it; please type it in plain words.")
    return line


_TAG = re.compile(
    r"^(?:(?:so|surely|but|and|well|you'd say|you would say|i (?:guess|suppose|assume|think)),? )*(?!(?:what|which|how|why|when|where|who|is|are|do|does|did|should|can|could|would|will)\b)(?P<claim>[^?]+?), (?:right|correct|no|yes"
    r"|(?:do|does|did|is|are|was|were|can|could|will|would|should|must|has|have)(?:n't|n’t)? (?:we|you|they|it|he|she|i|there|that|this|one))\?$",
    re.IGNORECASE,
)
_DENIED = re.compile(
    r"\b(?P<auxiliary>is|are|was|were|has|have|had|could|would|should|must|need)(?:n['’]t| not)\b(?: really| actually)?"
    r"|\b(?:do|does|did)(?:n['’]t| not)\b(?: really| actually)?|\b(?P<can>can['’]t|cannot|can not)\b|\b(?P<will>won['’]t|will not)\b",
    re.IGNORECASE,
)


def _affirmed(match: re.Match[str]) -> str:
    if match["can"]:
        return "can"
    return "will" if match["will"] else match["auxiliary"] or ""


def untagged(question: str) -> str:
    """A claim with "isn't it?" behind it as the plain question whether it is so, put without its "not"."""
    match = _TAG.match(question) if "," in question else None
    if match is None or len(content_words(match["claim"])) < 2:
        return question
    claim = " ".join(_DENIED.sub(_affirmed, match["claim"], count=1).split())
    return f"Is it so that {claim if claim[1:2].isupper() else claim[:1].lower() + claim[1:]}?"


def clauses(question: str) -> tuple[str, ...]:
    """The stretches of a description ("regulated bank", "new to AI"), at most eight, for searching each by itself."""
    pieces = re.split(r"[,;:.?!]|\s+(?:and|but|with|who|that|which|yet|although|while)\s+", question)
    return tuple(piece.strip() for piece in pieces if content_words(piece))[:8]
