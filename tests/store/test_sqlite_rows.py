"""Frames come back from a SQLite file as they went in."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import polars as pl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from entrepost.store.connect import connect
from entrepost.store.schema import PROMISES
from entrepost.store.sqlite_rows import SqliteRows
from entrepost.tables.frames import INSTANT

SCHEMA = {"tenant": pl.String(), "given_at": INSTANT, "items": pl.Int64(), "wait_hours_mean": pl.Float64()}
INSTANTS = st.datetimes(datetime(1, 1, 1), datetime(9999, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
ROW = st.tuples(
    st.text(st.characters(exclude_categories=["Cs"])),
    INSTANTS | st.none(),
    st.integers(-(2**63), 2**63 - 1),
    st.floats(allow_nan=False) | st.none(),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(ROW, max_size=20))
def test_what_goes_in_comes_back(tmp_path: Path, rows: list[tuple[object, ...]]) -> None:
    frame = pl.DataFrame(rows, schema=SCHEMA, orient="row")
    (tmp_path / "rows.db").unlink(missing_ok=True)
    connection = connect(tmp_path / "rows.db")
    connection.exec_driver_sql("CREATE TABLE promises (tenant TEXT, given_at INT, items INT, wait_hours_mean REAL)")
    kept = SqliteRows(connection)
    kept.insert(PROMISES, frame)
    back = kept.select(f"SELECT {', '.join(SCHEMA)} FROM promises ORDER BY rowid", [], SCHEMA)
    connection.close()
    connection.engine.dispose()
    assert back.equals(frame)
