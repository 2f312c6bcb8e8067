"""The tables as they are today; ``migrations`` holds the steps that led there from every earlier version."""

from sqlalchemy import Column, ForeignKey, Integer, MetaData, String, Table, Text

metadata = MetaData()

conversation = Table(
    "conversation",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("browser", String(64), nullable=False, index=True),
    Column("title", Text, nullable=False),
    Column("updated", String(32), nullable=False),
    Column("person", Text, nullable=False, server_default="", index=True),
)
message = Table(
    "message",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("id", String(64), nullable=False, unique=True),
    Column("conversation", ForeignKey("conversation.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("question", Text, nullable=False),
    Column("answer", Text),
    Column("state", String(16), nullable=False),
    Column("note", Text, nullable=False),
    Column("asked", String(32), nullable=False),
)
feedback = Table(
    "feedback",
    metadata,
    Column("message", String(64), primary_key=True),
    Column("rating", String(16), nullable=False),
    Column("reason", Text, nullable=False),
    Column("question", Text, nullable=False),
    Column("answer", Text, nullable=False),
    Column("given", String(32), nullable=False),
    Column("person", Text, nullable=False, server_default="", index=True),
)
gap = Table(
    "gap",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("question", Text, nullable=False),
    Column("standalone_question", Text, nullable=False),
    Column("status", String(16), nullable=False),
    Column("reason", Text, nullable=False),
    Column("nearest", Text, nullable=False),
    Column("asked", String(32), nullable=False),
    Column("person", Text, nullable=False, server_default="", index=True),
)
