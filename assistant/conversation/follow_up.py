"""What a follow-up asks that has the earlier question beside it in brackets: by its own words, where those ask."""

from assistant.conversation.standing_alone import compares, elliptic
from assistant.questions.kinds import Kind, kind


def own_kind(question: str) -> Kind:
    """The kind of a question; of a follow-up with the earlier one in brackets, that of its own words if it has any."""
    own, bracket, _ = question.partition(" (")
    asked = kind(own)
    if not bracket or asked != "direct":
        return asked
    return kind(question) if elliptic(own) else asked


def goes_on_comparing(question: str) -> bool:
    """Whether a follow-up asks which is more of something, of what the earlier question compares."""
    own, _, earlier = question.partition(" (")
    return compares(own) and kind(earlier) == "compare"
