"""Replies to greetings, thanks and questions about the assistant itself."""

from collections.abc import Sequence

from assistant.question import SmallTalk
from assistant.records import Place, Sentence

_TITLES = 4


def reply(talk: SmallTalk, covered: Sequence[Place]) -> tuple[Sentence, ...]:
    """A human reply without citations; ``covered`` are the sections that exist."""
    titles = list(dict.fromkeys(place.title for place in covered if place.title))
    named = ", ".join(f"“{title}”" for title in titles[:_TITLES])
    rest = f" and {len(titles) - _TITLES} more" if len(titles) > _TITLES else ""
    texts = {
        "greeting": ("Hello.", "Ask me a question, and I answer from your guidance, with its exact words as proof."),
        "thanks": ("You are welcome.", "Ask on whenever you like."),
        "goodbye": ("Goodbye.",),
        "about": (
            "I answer questions from your organization's guidance, prove every sentence with its exact words, "
            "and refuse what the guidance does not say.",
            f"The guidance holds {named}{rest}." if named else "There is no guidance to answer from yet.",
            "I can find what it says, compare approaches side by side and weigh them for an organization you describe.",
        ),
    }[talk]
    return tuple(Sentence(text, "supported", 1.0) for text in texts)
