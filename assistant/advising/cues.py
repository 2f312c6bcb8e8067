"""Cue phrases: how an owner writes them and where they stand in a clause, compared by word stems.

A cue is one or more parts, each one or more wordings joined by ``|``. The words of a wording stand side by side, little
words between them aside. Parts joined by `` + `` belong together as an adjective and its noun do ("a small AI budget",
"the budget is rather small"); parts joined by `` & `` need only stand within four words of each other.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from assistant.words import stem, words

Stems = Sequence[str]
Span = tuple[int, ...]
Names = Mapping[tuple[str, ...], tuple[str, ...]]

_LITTLE = frozenset(
    "a an the our my its their this very really quite rather pretty extremely truly own of ever such".split()
)
_BEFORE = 2
_AFTER = 4
_LOOSE = 4
_BRITISH = re.compile(r"^(\w{3,})is(e|ed|es|ing|ation|ations|ational)$")
_VERB = re.compile(r"^(\w{3,})iz(?:e|ed|es|ing|ation|ations)$")
_JOINS = re.compile(r" ([+&]) ")


def stem_of(word: str) -> str:
    """The stem a word is compared by; British and American endings give the same."""
    return stem(_BRITISH.sub(r"\1iz\2", word))


def stems_of(text: str) -> tuple[str, ...]:
    """The stems of all words of a text, little ones included."""
    return tuple(stem_of(word) for word in words(text))


def names_of(same: Sequence[Sequence[str]]) -> Names:
    """From every other wording to the one that cues use, in stems."""
    return {stems_of(wording): stems_of(group[0]) for group in same for wording in group[1:]}


_ENDS_ADJECTIVE = frozenset(map(stem_of, "with in and but for at from on by who that which to we our".split()))
_ENDS_PREDICATE = frozenset(map(stem_of, "with and but who which".split()))
_IS = frozenset(map(stem_of, "is are was were isn't aren't".split()))
_BE = frozenset(
    map(stem_of, "is are was were isn't aren't remains remain seems looks be been being has have get gets".split())
)


@dataclass(frozen=True, slots=True)
class Cue:
    """One compiled cue: its parts, and for each but the first whether it is joined loosely."""

    parts: tuple[tuple[tuple[str, ...], ...], ...]
    loose: tuple[bool, ...] = ()

    def find(self, stems: Stems) -> Iterator[Span]:
        """The positions of the words that match, once for each place the cue stands."""
        found = list(_spans(self.parts[0], stems))
        for part, loose in zip(self.parts[1:], self.loose, strict=True):
            if not found:
                return
            others = list(_spans(part, stems))
            found = [(*span, *other) for span in found for other in others if _near(span, other, stems, loose)]
        yield from found


def stands(cues: Iterable[Cue], stems: Stems) -> bool:
    """Whether one of the cues stands there."""
    return any(True for cue in cues for _ in cue.find(stems))


def spelled(text: str) -> tuple[str, ...]:
    """A text's words as they are spelled, those in "-ize" or "-ise" in one form: "centralised" is not "central"."""
    return tuple(_VERB.sub(r"\1ize", _BRITISH.sub(r"\1iz\2", word)) for word in words(text))


def compile_cues(
    cues: Sequence[str], names: Names, read: Callable[[str], tuple[str, ...]] = stems_of
) -> tuple[Cue, ...]:
    """Cues as an owner wrote them, ready to be found in stems that went through `unify` with the same names.

    With ``read`` as `spelled` they are found in words as they are spelled.
    """
    compiled = []
    for cue in cues:
        pieces = _JOINS.split(cue)
        parts = tuple(tuple(unify(read(wording), names) for wording in part.split("|")) for part in pieces[::2])
        compiled.append(Cue(parts, tuple(join == "&" for join in pieces[1::2])))
    return tuple(compiled)


def unify(stems: tuple[str, ...], names: Names) -> tuple[str, ...]:
    """The stems with the wording that cues use in place of every other."""
    out: list[str] = []
    position = 0
    while position < len(stems):
        other, length = named_at(stems, position, names)
        out.extend(other or stems[position : position + 1])
        position += length
    return tuple(out)


def named_at(stems: Stems, position: int, names: Names) -> tuple[tuple[str, ...], int]:
    """What stands at a position by another name, empty for nothing, and how many words it takes there."""
    for length in range(max(map(len, names), default=0), 0, -1):
        other = names.get(tuple(stems[position : position + length]))
        if other:
            return other, length
    return (), 1


def _near(span: Span, other: Span, stems: Stems, loose: bool) -> bool:
    start, end, first, last = min(span), max(span), min(other), max(other)
    if end < first:
        between = stems[end + 1 : first]
        if loose:
            return len(between) <= _LOOSE
        if len(between) <= _BEFORE and not _ENDS_ADJECTIVE.intersection(between):
            return True
        return not _IS.isdisjoint(between) and len(between) <= _AFTER and not _ENDS_PREDICATE.intersection(between)
    if last < start:
        between = stems[last + 1 : start]
        if loose:
            return len(between) <= _LOOSE
        says = not between or not _BE.isdisjoint(between)
        return says and len(between) <= _AFTER and not _ENDS_PREDICATE.intersection(between)
    return False


def _spans(wordings: Sequence[tuple[str, ...]], stems: Stems) -> Iterator[Span]:
    for wording in wordings:
        for start, word in enumerate(stems):
            if wording and word == wording[0]:
                span = _follow(wording, stems, start)
                if span:
                    yield span


def _follow(wording: tuple[str, ...], stems: Stems, start: int) -> Span | None:
    """The positions of the wording's words from ``start`` on, little words of the text skipped."""
    span = [start]
    position = start + 1
    for wanted in wording[1:]:
        while position < len(stems) and stems[position] != wanted and stems[position] in _LITTLE:
            position += 1
        if position >= len(stems) or stems[position] != wanted:
            return None
        span.append(position)
        position += 1
    return tuple(span)
