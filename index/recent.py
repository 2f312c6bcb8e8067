"""What was made of the last few short texts, so that a question is encoded once and not for every search of it."""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

_KEPT, _LONGEST, _MOST = 1_000, 600, 16
"""Texts that are remembered, some 40 kB each, their most characters, and how many may come at once."""


Made = TypeVar("Made")


class Recent(Generic[Made]):
    """Remembers what ``make`` makes of texts, a value for each, in order. Not for several threads at once."""

    def __init__(self, make: Callable[[list[str]], Sequence[Made]]) -> None:
        self._make = make
        self._kept: OrderedDict[str, Made] = OrderedDict()

    def takes(self, texts: Sequence[str]) -> bool:
        """Whether these are few and short enough to be remembered."""
        return len(texts) <= _MOST and max(map(len, texts), default=0) <= _LONGEST

    def of(self, texts: Sequence[str]) -> list[Made]:
        """What was made of each text."""
        if not self.takes(texts):
            return list(self._make(list(texts)))
        missing = [text for text in dict.fromkeys(texts) if text not in self._kept]
        made = dict(zip(missing, self._make(missing), strict=True)) if missing else {}
        found = [made[text] if text in made else self._kept[text] for text in texts]
        for text, value in zip(texts, found, strict=True):
            self._kept[text] = value
            self._kept.move_to_end(text)
        while len(self._kept) > _KEPT:
            self._kept.popitem(last=False)
        return found
