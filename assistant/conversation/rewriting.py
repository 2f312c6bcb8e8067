"""A follow-up in a language model's words, where they say no more than the conversation: "and who checks it?"."""

from assistant.contents import prompting
from assistant.models.language_model import LanguageModel, Message
from assistant.records import History
from assistant.words import content_set, words

_TURNS = 2
"""How many of the last messages are read."""
_TURN_CHARACTERS = 300
_TOKENS = 48
_EXAMPLES = (
    (
        "User: What are the risks of working from home?\nAssistant: People may feel cut off.\n"
        "Last question: and in the office?",
        "What are the risks of working in the office?",
    ),
    (
        "User: May a trainee sign an order?\nAssistant: Yes, up to 200 euros.\nLast question: Who checks that?",
        "Who checks an order that a trainee signs?",
    ),
)
_POINTING = frozenset(
    """
    it its it's this that these those they them their theirs he she one ones there then and but so or also ok okay well
    fine what about how why
    """.split()
)
_POINTING_STEMS = content_set(" ".join(_POINTING))


def rewritten(model: LanguageModel, question: str, history: History) -> str:
    """The question as it stands alone, by ``model``; empty where what it wrote is not sure to mean the same.

    Every word with a meaning of its own stands in the conversation, those of the question are all kept, and something
    is taken from what was said before.
    """
    if not history:
        return ""
    written = "".join(
        piece.text for piece in model.complete(_messages(question, history), max_tokens=_TOKENS, stop=("\n",))
    ).strip()
    return written if _means_the_same(written, question, history) else ""


def _messages(question: str, history: History) -> tuple[Message, ...]:
    shown = [Message("system", prompting.text("rewrite"))]
    for asked, answered in _EXAMPLES:
        shown += [Message("user", asked), Message("assistant", answered)]
    said = [f"{turn.role.capitalize()}: {' '.join(turn.text.split())[:_TURN_CHARACTERS]}" for turn in history[-_TURNS:]]
    asked = f"Last question: {question[: prompting.QUESTION_CHARACTERS]}"
    return (*shown, Message("user", "\n".join((*said, asked))))


def _means_the_same(written: str, question: str, history: History) -> bool:
    if not written.endswith("?") or any(written.casefold() == turn.text.strip().casefold() for turn in history):
        return False
    own, told = content_set(question), content_set(" ".join(turn.text for turn in history[-_TURNS:]))
    said = content_set(written)
    kept = own - _POINTING_STEMS <= said
    return kept and said <= own | told and bool(said - own) and not _POINTING.isdisjoint(words(question))
