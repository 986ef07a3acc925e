"""The database's versions, run by Alembic; the head must equal `store.schema`."""
