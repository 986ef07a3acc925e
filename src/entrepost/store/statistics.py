"""What SQLite is told of our tables before it has counted anything, so that it uses their indexes.

Without statistics it takes ten rows for all that the first column of a key finds, and reads an account from end to end
rather than look up an index behind it; but the first column of nearly all keys is the account, and a file has few.
"""

from __future__ import annotations

from sqlalchemy import Connection, Table

from entrepost.store.record_tables import TABLES
from entrepost.store.schema import METADATA

ROWS = 1_000_000
"""So many rows a table is taken to have (assumed), all of one account."""

OFTEN = {"seller": 100_000, "state": 1_000}
"""So many rows are taken to be alike in these columns of a key or index, 20 in all others (assumed)."""


def guide_planner(connection: Connection) -> None:
    """Tell a database what it cannot know yet; what it was told already stays as it is."""
    wanted = list_statistics()
    if connection.exec_driver_sql("SELECT 1 FROM sqlite_master WHERE name = 'sqlite_stat1'").first():
        told = connection.exec_driver_sql("SELECT tbl, idx, stat FROM sqlite_stat1")
        if {tuple(map(str, row)) for row in told} == set(wanted):
            return
    connection.exec_driver_sql("ANALYZE sqlite_master")
    connection.exec_driver_sql("BEGIN IMMEDIATE")
    connection.exec_driver_sql("DELETE FROM sqlite_stat1")
    for row in wanted:
        connection.exec_driver_sql("INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES (?, ?, ?)", row)
    connection.exec_driver_sql("COMMIT")
    connection.exec_driver_sql("ANALYZE sqlite_master")


def list_statistics() -> list[tuple[str, str, str]]:
    """Table, index and how many rows are alike in its first columns: of tables whose key begins with the account."""
    rows = []
    for table in guided_tables():
        names = [column.name for column in table.primary_key.columns]
        rows.append((table.name, table.name, _alike(names, is_key=True)))
        for index in sorted(table.indexes, key=lambda each: str(each.name)):
            rows.append((table.name, str(index.name), _alike([column.name for column in index.columns])))
    return rows


def guided_tables() -> list[Table]:
    """Tables whose rows lie in the order of a key that begins with the account, and that have indexes besides."""
    tables = {table.name: table for table in (*METADATA.sorted_tables, *TABLES.values())}
    return [
        table
        for table in tables.values()
        if table.indexes and [*table.primary_key.columns][:1] == [table.columns.get("tenant")]
    ]


def _alike(names: list[str], is_key: bool = False) -> str:
    counts = [ROWS if name == "tenant" else OFTEN.get(name, 20) for name in names]
    if is_key:
        counts[-1] = 1
    return " ".join(map(str, [ROWS, *counts]))
