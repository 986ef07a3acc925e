"""Rows of a PostgreSQL database: they come back as they went in, and events lie in their months."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from entrepost.base.errors import MisuseError, StoreError
from entrepost.store import postgres_rows
from entrepost.store.postgres import connect, read_url
from entrepost.store.postgres_rows import FEW, PostgresRows
from entrepost.store.schema import EVENTS, METADATA, NUMBER_RUNS, PROMISES
from tests.operations.shop import NOW
from tests.store.test_sqlite_rows import ROW, SCHEMA

pytestmark = pytest.mark.server


@pytest.fixture
def rows(database: str) -> Iterator[PostgresRows]:
    """A connection in a transaction, to tables of which one row matters more than its references."""
    connection = connect(read_url(database))
    METADATA.create_all(connection)
    for table, key in (("promises", "fk_promises_orders"), ("number_runs", "fk_number_runs_number_blocks")):
        connection.exec_driver_sql(f"ALTER TABLE {table} DROP CONSTRAINT {key}")
    kept = PostgresRows(connection, "here")
    kept.begin()
    yield kept
    connection.close()
    connection.engine.dispose()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(made=st.lists(ROW.filter(lambda row: "\0" not in row[0]), max_size=20))
def test_what_goes_in_comes_back(rows: PostgresRows, made: list[tuple[object, ...]]) -> None:
    names = ("seller", "order_id", "service", "currency")
    frame = pl.DataFrame(made, schema=SCHEMA, orient="row").with_row_index("place")
    frame = frame.with_columns(pl.col("given_at").fill_null(NOW), *(pl.lit("").alias(name) for name in names))
    frame = frame.with_columns(wait_hours_p50=pl.col("place").cast(pl.Int64)).unique("tenant", maintain_order=True)
    rows.driver.execute("DELETE FROM promises")
    rows.insert(PROMISES, frame)
    back = rows.select(f"SELECT {', '.join(SCHEMA)} FROM promises ORDER BY wait_hours_p50", [], SCHEMA)
    assert back.equals(frame.select(list(SCHEMA)))


def test_keys_of_any_text_find_their_rows(rows: PostgresRows) -> None:
    texts = ["plain", 'quo"te', "tab\t", "back\\slash", "{brace,comma}", "", "é", "?", "%s"]
    cells = {name: pl.lit("") for name in ("seller", "order_id", "service", "currency")}
    frame = pl.DataFrame({"tenant": texts}).with_columns(**cells, given_at=pl.lit(NOW), items=pl.lit(1))
    rows.insert(PROMISES, frame)
    schema = {"tenant": pl.String()}
    for columns in (["tenant"], ["tenant", "seller"]):
        sql = f"SELECT t.tenant FROM {rows.wanted(PROMISES, *columns)} ORDER BY wanted.key"
        found = rows.select(sql, [rows.keys(frame.select(columns))], schema)
        assert sorted(found.get_column("tenant")) == sorted(texts)


@pytest.mark.parametrize("count", [3, FEW + 3])
def test_of_few_rows_and_of_many_only_the_new_ones_are_inserted(rows: PostgresRows, count: int) -> None:
    frame = runs(count)
    rows.insert_new(NUMBER_RUNS, frame.tail(2))
    rows.insert_new(NUMBER_RUNS, frame.with_columns(last=pl.lit(99, pl.Int64)))
    rows.insert_new(NUMBER_RUNS, frame)
    lasts = rows.select("SELECT last FROM number_runs ORDER BY first", [], {"last": pl.Int64()}).to_series().to_list()
    assert lasts == [99] * (count - 2) + [count - 2, count - 1]


def test_a_row_is_put_over_the_one_with_its_key_and_cells_over_cells(rows: PostgresRows) -> None:
    rows.put(NUMBER_RUNS, runs(2))
    rows.put(NUMBER_RUNS, runs(3).with_columns(last=pl.lit(7, pl.Int64)))
    rows.update(NUMBER_RUNS, runs(4).tail(2).with_columns(last=pl.lit(8, pl.Int64)))
    kept = rows.select(
        "SELECT first, last FROM number_runs ORDER BY first", [], dict.fromkeys(("first", "last"), pl.Int64())
    )
    assert kept.rows() == [(0, 7), (1, 7), (2, 8)]


@pytest.mark.parametrize("there", [False, True])
@pytest.mark.parametrize("count", [3, FEW + 3])
def test_rows_are_put_whether_or_not_they_are_there_as_was_said(rows: PostgresRows, count: int, there: bool) -> None:
    rows.put(NUMBER_RUNS, runs(1))
    rows.put_packed(rows.pack(NUMBER_RUNS, runs(count).with_columns(last=pl.lit(7, pl.Int64))), there)
    rows.put_packed(rows.pack(NUMBER_RUNS, runs(0)), there)
    assert rows.find_row("SELECT count(*), min(last), max(last) FROM number_runs", []) == (count, 7, 7)


def test_each_month_of_events_gets_its_partition_and_no_other(rows: PostgresRows) -> None:
    rows.insert_new(EVENTS, events(0, 10, 31, 40))
    rows.insert_new(EVENTS, events(0, 31))
    sql = "SELECT tableoid::regclass::text AS part, count(*) AS rows FROM events GROUP BY 1 ORDER BY 1"
    parts = rows.select(sql, [], {"part": pl.String(), "rows": pl.Int64()}).rows()
    assert parts == [("events_2026_01", 2), ("events_2026_02", 2)]


def test_empty_months_before_an_instant_are_dropped(rows: PostgresRows) -> None:
    rows.insert_new(EVENTS, events(0, 31, 62, 93))
    minutes = events(0, 62).select("minute")
    rows.delete(EVENTS, minutes)
    rows.drop_months(EVENTS, NOW + timedelta(days=70))
    listed = "SELECT tablename FROM pg_tables WHERE tablename LIKE 'events_%' ORDER BY 1"
    assert [name for (name,) in rows.driver.execute(listed)] == ["events_2026_02", "events_2026_03", "events_2026_04"]


def test_an_empty_month_in_use_is_left_to_the_next_time(
    rows: PostgresRows, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows.insert_new(EVENTS, events(0, 31))
    rows.delete(EVENTS, events(0).select("minute"))
    rows.commit()
    reader = connect(read_url(database))
    reader.exec_driver_sql("BEGIN")
    reader.exec_driver_sql("SELECT * FROM events")
    monkeypatch.setattr(postgres_rows, "PATIENCE", "SET LOCAL lock_timeout = '50ms'")
    listed = "SELECT count(*) FROM pg_tables WHERE tablename LIKE 'events_%'"
    left = []
    for _ in range(2):
        rows.begin()
        rows.drop_months(EVENTS, NOW + timedelta(days=70))
        left += rows.driver.execute(listed).fetchone() or ()
        rows.commit()
        reader.close()
    assert left == [2, 1]


def test_a_staging_table_that_was_rolled_back_is_made_again(rows: PostgresRows) -> None:
    rows.put(NUMBER_RUNS, runs(1))
    rows.rollback()
    rows.begin()
    rows.put(NUMBER_RUNS, runs(1))
    rows.commit()
    assert rows.driver.execute("SELECT count(*) FROM number_runs").fetchone() == (1,)


def test_what_the_server_refuses_is_one_message(rows: PostgresRows) -> None:
    with pytest.raises(StoreError, match=r"here refused: .*not-null"):
        rows.insert(NUMBER_RUNS, runs(1).with_columns(last=pl.lit(None, pl.Int64)))
    rows.rollback()
    with pytest.raises(StoreError, match=r"here cannot be read: .*nowhere"):
        rows.select("SELECT 1 FROM nowhere", [], {"a": pl.Int64()})


def runs(count: int) -> pl.DataFrame:
    number = pl.int_range(count, dtype=pl.Int64, eager=True)
    return pl.DataFrame({"block_no": 1, "day": 1, "first": number, "last": number}, schema_overrides={"day": pl.Int64})


def events(*days: int) -> pl.DataFrame:
    """Events of one item so many days after 10 January."""
    times = [NOW + timedelta(days=day) for day in days]
    minutes = [int(time.timestamp()) // 60 for time in times]
    frame = pl.DataFrame({"minute": minutes, "time": times, "recorded_at": times})
    return frame.with_columns(item_no=pl.lit(1), code=pl.lit("EMA"), facility=pl.lit(""), offset_minutes=pl.lit(0))


def test_a_text_with_a_nul_is_said_to_be_wrong_and_the_transaction_goes_on(rows: PostgresRows) -> None:
    with pytest.raises(MisuseError, match="the character NUL"):
        rows.find_row("SELECT ?", ["a\0b"])
    assert rows.find_row("SELECT ?", ["ab"]) == ("ab",)


def test_a_nul_in_keys_is_said_to_be_wrong_too(rows: PostgresRows) -> None:
    with pytest.raises(MisuseError, match="the character NUL"):
        rows.select("SELECT value FROM json_array_elements_text(?::json)", ['["a\\u0000b"]'], {"value": pl.String()})
