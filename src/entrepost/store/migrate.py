"""Brings a database to this version, and refuses one of a newer version or of somebody else."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, event, inspect, text

from entrepost.base.errors import StoreError

if TYPE_CHECKING:
    from alembic.config import Config

HEAD = "0022"
"""The version of `schema`; a test proves that the migrations end there."""

FOLDER = Path(__file__).parent / "migrations"

QUESTIONS = ("SELECT", "PRAGMA")

_SAID: dict[str, list[tuple[str, Any]]] = {}
"""By dialect all that makes the tables of an empty database: the migrations are gone through once in a process."""


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


def migrate(connection: Connection, to: str = HEAD) -> None:
    """Create or bring forward the tables, to this version or an earlier one; the caller holds a transaction.

    Raises
    ------
    StoreError
        When the database was written by a newer version.
    """
    version = find_version(connection)
    if version == to:
        return
    if version is not None and not is_known(version):
        raise StoreError(
            f"the database has version {version}, which this version of Entrepost (up to {HEAD}) does not know: "
            "it was written by a newer one; update Entrepost, or give another file"
        )
    dialect = connection.dialect.name
    if version is not None or to != HEAD:
        _upgrade(connection, to)
    elif dialect in _SAID:
        for statement, values in _SAID[dialect]:
            connection.exec_driver_sql(statement, values)
    else:
        _SAID[dialect] = _note(connection, lambda: _upgrade(connection, to))


def _upgrade(connection: Connection, to: str) -> None:
    from alembic import command

    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, to)


def _note(connection: Connection, work: Callable[[], None]) -> list[tuple[str, Any]]:
    """Do the work; what it said to the database, with the values, but for mere questions."""
    said: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, values: Any, *_more: Any) -> None:
        if not statement.lstrip().upper().startswith(QUESTIONS):
            said.append((statement, values or None))

    event.listen(connection, "before_cursor_execute", note)
    try:
        work()
    finally:
        event.remove(connection, "before_cursor_execute", note)
    return said


def is_known(version: str) -> bool:
    """Whether tables can be of that version."""
    from alembic.script import ScriptDirectory

    return version in {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}


def _config() -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    return config
