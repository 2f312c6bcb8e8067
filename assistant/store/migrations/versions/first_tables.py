"""Conversations, messages, feedback and gaps."""

from alembic import op
from sqlalchemy import Column, ForeignKey, Integer, String, Text

revision = "1"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "conversation",
        Column("id", String(64), primary_key=True),
        Column("browser", String(64), nullable=False, index=True),
        Column("title", Text, nullable=False),
        Column("updated", String(32), nullable=False),
    )
    op.create_table(
        "message",
        Column("number", Integer, primary_key=True, autoincrement=True),
        Column("id", String(64), nullable=False, unique=True),
        Column(
            "conversation", String(64), ForeignKey("conversation.id", ondelete="CASCADE"), nullable=False, index=True
        ),
        Column("question", Text, nullable=False),
        Column("answer", Text),
        Column("state", String(16), nullable=False),
        Column("note", Text, nullable=False),
        Column("asked", String(32), nullable=False),
    )
    op.create_table(
        "feedback",
        Column("message", String(64), primary_key=True),
        Column("rating", String(16), nullable=False),
        Column("reason", Text, nullable=False),
        Column("question", Text, nullable=False),
        Column("answer", Text, nullable=False),
        Column("given", String(32), nullable=False),
    )
    op.create_table(
        "gap",
        Column("number", Integer, primary_key=True, autoincrement=True),
        Column("question", Text, nullable=False),
        Column("standalone_question", Text, nullable=False),
        Column("status", String(16), nullable=False),
        Column("reason", Text, nullable=False),
        Column("nearest", Text, nullable=False),
        Column("asked", String(32), nullable=False),
    )
