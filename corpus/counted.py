"""Lines of text that count its sections with a bare number: "1 Purpose", "2 Scope", "3 Duties"."""

import re
from collections.abc import Sequence

_COUNTED = re.compile(r"(\d{1,2}) +(?=[^\W\d_a-z])")
_FEWEST = 3
_LONGEST = 80
_MOST_WORDS = 11
_STOPS = (".", ",", ";", ":", "!", "…", "—", "–", "-")


def counted(lines: Sequence[str]) -> dict[int, str]:
    """The places of the lines that count sections, each with its number; empty where fewer than three count on from 1.

    Lines that stand side by side are a table of contents or a list, and so are none.
    """
    found = {place: match[1] for place, line in enumerate(lines) if (match := _COUNTED.match(line)) and _is_short(line)}
    alone = [place for place in found if place - 1 not in found and place + 1 not in found]
    run: dict[int, str] = {}
    for place in alone:
        if int(found[place]) == len(run) + 1:
            run[place] = found[place]
    return run if len(run) >= _FEWEST else {}


def _is_short(line: str) -> bool:
    return len(line) <= _LONGEST and len(line.split()) <= _MOST_WORDS and not line.endswith(_STOPS)
