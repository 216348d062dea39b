"""The schema of the records, one step a file; `complaints.records.migrate` lets alembic run them."""
