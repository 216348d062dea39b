"""What alembic runs: the steps, on the connection and in the transaction that `complaints.records.migrate` opened."""

from alembic import context

from complaints.records.schema import VERSION_TABLE

context.configure(connection=context.config.attributes["connection"], version_table=VERSION_TABLE)
context.run_migrations()
