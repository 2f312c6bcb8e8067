"""What alembic runs for each migration: on the connection and in the transaction of whoever asked for it."""

from alembic import context

from assistant.store.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
context.run_migrations()
