"""A copy of a store on PostgreSQL in one file: every table as COPY writes it, as all were at one instant.

It is a zip archive: `entrepost.json` tells the version, tables with their rows, and months of events; a file for
each table follows. It needs no program of the server's version, and a later version of Entrepost can restore it.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

import psycopg
from psycopg import sql

from entrepost.base.errors import MisuseError, StoreError
from entrepost.store.backup import Copied, check_version, unfinished
from entrepost.store.migrate import find_version, migrate
from entrepost.store.months import Month
from entrepost.store.postgres import connect, place_of, read_url
from entrepost.store.postgres_rows import PostgresRows, refusal
from entrepost.store.row_security import list_tables
from entrepost.store.schema import EVENTS

TOLD = "entrepost.json"
PIECE_BYTES = 1 << 20
SNAPSHOT = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"


def back_up_postgres(url: str, out: Path) -> Copied:
    """Copy every table of a database, all as they are at one instant, while others write.

    Raises
    ------
    MisuseError
        When there is something at the copy's place, or no store in the database.
    StoreError
        When the server is away, or the copy is not sound.
    """
    with _opened(url) as rows:
        version = find_version(rows.connection)
        if version is None:
            raise MisuseError(f"{rows.place} is empty: there is no store to be copied")
        rows.mean_all_accounts()
        with unfinished(out) as part, zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            rows.driver.execute(SNAPSHOT)
            tables = {table.name: _write(rows, archive, table.name) for table in list_tables()}
            told = {"version": version, "months": _months(rows), "tables": tables}
            rows.driver.execute("COMMIT")
            archive.writestr(TOLD, json.dumps(told, indent=1))
            archive.close()
            found = _checked(part, out.name)
    return found


def restore_postgres(copy: Path, url: str) -> Copied:
    """Put a copy into an empty database; who opens it brings it to the present version.

    Raises
    ------
    MisuseError
        When the database is not empty.
    StoreError
        When the copy is not sound or of a newer version, or the server is away.
    """
    found = _checked(copy, copy.name)
    with _opened(url) as rows, zipfile.ZipFile(copy) as archive:
        if rows.driver.execute("SELECT 1 FROM pg_tables WHERE schemaname = 'public' LIMIT 1").fetchone():
            raise MisuseError(f"{rows.place} is not empty; give an empty database. Nothing was changed")
        told = json.loads(archive.read(TOLD))
        rows.begin()
        migrate(rows.connection, told["version"])
        for month in told["months"]:
            rows.make_month(EVENTS, Month.read(month))
        for table, listed in told["tables"].items():
            _read(rows, archive, table, listed["columns"])
        rows.commit()
    return found


def _write(rows: PostgresRows, archive: zipfile.ZipFile, table: str) -> dict[str, Any]:
    """Copy a table out; its columns, and how many rows it has."""
    query = "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped"
    columns = [name for (name,) in rows.driver.execute(cast(Any, f"{query} ORDER BY attnum"), [table]).fetchall()]
    listed = sql.SQL(", ").join(map(sql.Identifier, columns))
    said = sql.SQL("COPY (SELECT {} FROM {}) TO STDOUT").format(listed, sql.Identifier(table))
    with archive.open(table, "w", force_zip64=True) as file, rows.driver.cursor() as cursor:
        with cursor.copy(said) as copy:
            for piece in copy:
                file.write(bytes(piece))
        return {"columns": columns, "rows": cursor.rowcount}


def _read(rows: PostgresRows, archive: zipfile.ZipFile, table: str, columns: list[str]) -> None:
    listed = sql.SQL(", ").join(map(sql.Identifier, columns))
    said = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table), listed)
    with archive.open(table) as file, rows.driver.cursor() as cursor, cursor.copy(said) as copy:
        while piece := file.read(PIECE_BYTES):
            copy.write(piece)
    for column in columns:
        sequence = rows.find_row("SELECT pg_get_serial_sequence(?, ?)", [table, column])
        if sequence and sequence[0]:
            last = sql.SQL("SELECT setval({}, max({})) FROM {}")
            rows.driver.execute(last.format(sql.Literal(sequence[0]), sql.Identifier(column), sql.Identifier(table)))


def _months(rows: PostgresRows) -> list[str]:
    """The months of events, as they are named."""
    listed = "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = to_regclass('events') ORDER BY 1"
    names = [name for (name,) in rows.driver.execute(listed).fetchall()]
    return [name.removeprefix(f"{EVENTS.name}_").replace("_", "-") for name in names]


def _checked(file: Path, name: str) -> Copied:
    """Read a copy whole: every checksum, and as many rows of each table as are told."""
    try:
        with zipfile.ZipFile(file) as archive:
            told = json.loads(archive.read(TOLD))
            version = check_version(told["version"], name)
            rows = {table: listed["rows"] for table, listed in told["tables"].items()}
            lacking = [table for table, count in rows.items() if _count(archive, table) != count]
    except (OSError, zipfile.BadZipFile, KeyError, ValueError, EOFError) as error:
        raise StoreError(f"{name} is not a sound copy of a store on PostgreSQL: {error}") from None
    if lacking:
        raise StoreError(f"{name} is not sound: of {lacking[0]} {rows[lacking[0]]:,} rows should be there")
    return Copied(name, file.stat().st_size, version, rows)


def _count(archive: zipfile.ZipFile, table: str) -> int:
    """The rows of a table in a copy: its lines."""
    count = 0
    with archive.open(table) as file:
        while piece := file.read(PIECE_BYTES):
            count += piece.count(b"\n")
    return count


@contextmanager
def _opened(url: str) -> Iterator[PostgresRows]:
    parts = read_url(url)
    rows = PostgresRows(connect(parts), place_of(parts))
    try:
        yield rows
    except psycopg.Error as error:
        raise refusal(rows.place, error, rows.driver.closed) from None
    finally:
        rows.driver.close()
        rows.connection.invalidate()
