"""Whose they are: the person who had signed in, empty where nobody does."""

from alembic import op
from sqlalchemy import Column, Text

revision = "2"
down_revision = "1"


def upgrade() -> None:
    for table in ("conversation", "feedback", "gap"):
        op.add_column(table, Column("person", Text, nullable=False, server_default=""))
        op.create_index(f"ix_{table}_person", table, ["person"])
    # Where the version stood before there were migrations.
    op.drop_table("schema", if_exists=True)
