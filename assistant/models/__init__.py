"""Language models behind one small protocol: embedded, hosted, scripted, or none at all."""

from assistant.models.language_model import (
    LanguageModel,
    Message,
    Piece,
    PromptTooLongError,
    complete_text,
    yes_probability,
)

__all__ = ["LanguageModel", "Message", "Piece", "PromptTooLongError", "complete_text", "yes_probability"]
