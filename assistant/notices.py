"""Lines that tell a reader how an answer came about."""

from assistant.records import Answer

QUOTED = "The language model does not answer just now, so this answer is made of the guidance's own words."
PARTLY_QUOTED = "The language model broke off; what was missing is given in the guidance's own words."
NEAREST = "The guidance may not answer this directly; this is what comes nearest to the question."

INFERRED = "What points to which option was read in the guidance itself; nobody has written and reviewed rules for it."


def stood_in(answer: Answer) -> bool:
    """Whether quotes stand in the place of what the language model would have written."""
    return answer.notice in (QUOTED, PARTLY_QUOTED)
