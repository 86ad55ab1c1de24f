"""Alembic's way in: runs the steps in the transaction of the connection it is handed."""

from alembic import context

from api.store.schema import VERSION_TABLE

context.configure(connection=context.config.attributes["connection"], version_table=VERSION_TABLE)
with context.begin_transaction():
    context.run_migrations()
