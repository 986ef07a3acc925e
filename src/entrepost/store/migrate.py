"""Brings a database to this version, and refuses one of a newer version or of somebody else."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, inspect, text

from entrepost.base.errors import StoreError

HEAD = "0014"
"""The version of `schema`; a test proves that the migrations end there."""

FOLDER = Path(__file__).parent / "migrations"


def find_version(connection: Connection) -> str | None:
    """The version of a database, or None where it is empty."""
    tables = inspect(connection).get_table_names()
    if "alembic_version" in tables:
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    if tables:
        raise StoreError(
            f"the database is not Entrepost's: it has the tables {', '.join(tables[:5])}; give another file"
        )
    return None


def migrate(connection: Connection) -> None:
    """Create or bring forward the tables; the caller holds a transaction.

    Raises
    ------
    StoreError
        When the database was written by a newer version.
    """
    version = find_version(connection)
    if version == HEAD:
        return
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if version is not None and version not in known:
        raise StoreError(
            f"the database has version {version}, which this version of Entrepost (up to {HEAD}) does not know: "
            "it was written by a newer one; update Entrepost, or give another file"
        )
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
