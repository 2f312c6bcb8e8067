"""What was made of the last texts, so that each is encoded once and not for every search of it."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

Made = TypeVar("Made")


class Recent(Generic[Made]):
    """Remembers what ``make`` made of the last ``most`` texts, a value for each. Safe from several threads."""

    def __init__(self, make: Callable[[list[str]], Sequence[Made]], most: int) -> None:
        self._make = make
        self._most = most
        self._kept: OrderedDict[str, Made] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, texts: Sequence[str]) -> list[Made]:
        """What was made of each text."""
        with self._lock:
            found = {text: self._kept[text] for text in texts if text in self._kept}
        missing = [text for text in dict.fromkeys(texts) if text not in found]
        if missing:
            found.update(zip(missing, self._make(missing), strict=True))
        with self._lock:
            for text, value in found.items():
                self._kept[text] = value
                self._kept.move_to_end(text)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return [found[text] for text in texts]
