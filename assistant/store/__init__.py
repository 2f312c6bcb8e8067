"""Conversations, feedback and unanswered questions: what people said and cannot be computed again."""

from assistant.store.conversations import Store
from assistant.store.records import ConversationLine, Deleted, Feedback, Gap, Rating, Reader, State, StoredTurn

__all__ = ["ConversationLine", "Deleted", "Feedback", "Gap", "Rating", "Reader", "State", "Store", "StoredTurn"]
