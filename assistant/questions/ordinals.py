"""Questions that count: "the second one" of what the last answer listed, "the former" of two things just named."""

import re
from collections.abc import Sequence

from assistant.records import History, latest_answer
from assistant.words import content_set
from corpus import sentences

_NUMBERS = {
    "first": 0,
    "1st": 0,
    "second": 1,
    "2nd": 1,
    "third": 2,
    "3rd": 2,
    "fourth": 3,
    "4th": 3,
    "fifth": 4,
    "5th": 4,
    "last": -1,
    "former": 0,
    "latter": -1,
}
_ORDINAL = re.compile(
    rf"\b(?:the|that|your) (?P<number>{'|'.join(_NUMBERS)})"
    r"(?: (?P<of>of (?:these|those|them)\b)"
    r"|(?: (?P<what>one|point|item|thing|of the\b[\w ]*|[a-z]+s?))?(?=\s*[?.!,]|\s*$))",
    re.IGNORECASE,
)
_GENERAL = frozenset("one case point item thing sentence reason".split())
_BULLET = re.compile(r"^[ \t]{0,8}(?:[-*•]|\d{1,3}[.)])[ \t]{1,8}", re.MULTILINE)
_MARKS = re.compile(r"[ \t]{0,4}\[\d{1,3}\]")
_READ = 8_000
_MOST = 200
_NAME = 8
"""An item of more words stands beside the question and not within it."""


_PAIR = re.compile(
    r"^(?P<one>[^:.?!;]{3,80}?),? (?:and|but|versus|vs) (?P<other>[^:.?!;]{3,80})[:.] (?=[^:]*\?\W*$)", re.IGNORECASE
)
"""Two things named before the question about them ("plenty of cash, but an open culture. What does the first ...?")."""
_ALONE = (
    r"(?: one)?(?=\W*$|[?,.;]| (?:and|or|is|are|do|does|did|has|have|can|will|would|should|must|for|to|in"
    r"|(?:make|need|mean|point|allow|require|give|bring|cost|call|lead|suggest|take|ask|let|tell|say)s?|impl(?:y|ies)|appl(?:y|ies))\b)"
)
"""What comes after "the first" where that is no adjective ("the first year")."""
_FIRST = re.compile(rf"\bthe (?:former|first){_ALONE}", re.IGNORECASE)
_SECOND = re.compile(rf"\bthe (?:latter|second){_ALONE}", re.IGNORECASE)
_NO_NAME = re.compile(r"\b(?:we|i|you|they|it|is|are|have|has|was|were|can|should|must)\b", re.IGNORECASE)


def by_pair(question: str) -> str:
    """The question with two things that are named before it in the places of "the first" and "the second"."""
    pair = _PAIR.match(question)
    asked = question[pair.end() :] if pair else ""
    if pair is None or not (_FIRST.search(asked) and _SECOND.search(asked)) or _NO_NAME.search(pair.group()):
        return question
    one, other = (f"{pair[side][:1].lower()}{pair[side][1:]}".strip() for side in ("one", "other"))
    return _SECOND.sub(lambda _: other, _FIRST.sub(lambda _: one, asked))


def by_ordinal(question: str, history: History, subject: str) -> str | None:
    """The question with the item in the place of what counts it; None where it counts nothing of the last answer.

    ``subject`` is the earlier question: "the third drawback" counts where that one asked for drawbacks.
    """
    match = _ORDINAL.search(question)
    told = latest_answer(history)
    if match is None or not told:
        return None
    what = (match["of"] or match["what"] or "one").lower()
    if what.split()[0] not in {*_GENERAL, "of"} and not content_set(what) & content_set(subject):
        return None
    items = _items(told)
    if match["number"].lower() in ("former", "latter") and len(items) != 2:
        return None
    place = _NUMBERS[match["number"].lower()]
    if len(items) < 2 or place >= len(items):
        return None
    item = items[place][:_MOST].rstrip(" .;,")
    if len(item.split()) > _NAME:
        return f"{question.rstrip()} ({item})"
    return f"{question[: match.start()]}{item}{question[match.end() :]}"


def _items(text: str) -> Sequence[str]:
    """What an answer lists: its bullets, else its sentences, else what its one sentence puts in a row."""
    plain = _MARKS.sub("", text[:_READ]).strip()
    bullets = [part.strip() for part in _BULLET.split(plain) if part.strip()] if _BULLET.search(plain) else []
    if len(bullets) >= 2:
        return bullets if _BULLET.match(plain) else bullets[1:]
    said = [plain[start:end] for start, end in sentences(plain)]
    row = _row(said[0].partition(":")[2]) if said else []
    if len(row) >= 2:
        return row
    return said if len(said) >= 2 else _row(plain)


def _row(text: str) -> list[str]:
    return [one for part in re.split(r",(?!\d)|;|\band\b|\bor\b", text) if (one := part.strip(" ."))]
