"""Dates as people write them in what a file says of itself."""

import re
from datetime import date, datetime

# Days before months in numbers, and the other way round, look alike, so that neither is read.
_FORMS = ("%d %B %Y", "%d %b %Y", "%B %d %Y", "%b %d %Y", "%d.%m.%Y", "%Y/%m/%d", "%Y%m%d")
_LONGEST = 60


def date_of(text: str) -> date | None:
    """The day that ``text`` begins with or names, such as ``2026-03-02T10:00``, ``2 March 2026``, ``March 2nd, 2026``.

    None where it is none, or could be two.
    """
    text = text.strip()[:_LONGEST]
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        pass
    words = re.sub(r"(?<=\d)(?:st|nd|rd|th)\b", "", text.replace(",", " "), flags=re.IGNORECASE)
    words = " ".join(re.sub(r"^(?:mon|tue|wed|thu|fri|sat|sun)[a-z]* ", "", words, flags=re.IGNORECASE).split())
    words = re.sub(r"(?<=[A-Za-z]{3})\.(?= )|\bof (?=[A-Z])| \d\d?:\d\d.*$", "", words)
    for form in _FORMS:
        try:
            return datetime.strptime(words, form).date()  # noqa: DTZ007
        except ValueError:
            continue
    return None
