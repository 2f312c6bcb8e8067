"""A language model's opinion, and whether it comes from one that was trained to judge."""

from collections.abc import Sequence

from assistant.models.calibrated import Opinion
from assistant.models.language_model import LanguageModel, Message, yes_probability


def opinion_of(model: LanguageModel, messages: Sequence[Message]) -> Opinion | None:
    """What ``model`` says to a question of yes or no at the end of ``messages``; None where it says neither."""
    yes = yes_probability(model, messages)
    return None if yes is None else Opinion(yes, is_trained_judge(model))


def is_trained_judge(model: LanguageModel | None) -> bool:
    """Whether a model was trained to judge, so that its opinion is weighed as such."""
    return bool(getattr(model, "trained_judge", False))
