"""Alembic's hook: runs the migrations on the connection that ``migrate`` holds the lock with; there is no other way in."""

from alembic import context
from penguinmails_api.models import Base

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=Base.metadata, transaction_per_migration=True)
with context.begin_transaction():
    context.run_migrations()
