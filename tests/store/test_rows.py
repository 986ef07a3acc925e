"""What both stores do with rows, and the types that frames get."""

from __future__ import annotations

import polars as pl

from entrepost.store.rows import INSTANTS, frame_schema, from_stored, key_names, quoted, shared_names, to_stored
from entrepost.store.schema import EVENTS, METADATA, NUMBER_BLOCKS
from entrepost.tables.frames import INSTANT
from tests.operations.shop import NOW


def test_every_table_holds_instants_money_and_counts_as_whole_numbers() -> None:
    kinds = {column.type.python_type for table in METADATA.tables.values() for column in table.columns}
    assert kinds == {str, int, float}
    floats = {
        column.name
        for table in METADATA.tables.values()
        for column in table.columns
        if column.type.python_type is float
    }
    assert floats == {"wait_hours_mean", "arrive_by_p90_probability", "wanted_probability", "probability"}


def test_every_instant_is_a_column_of_some_table() -> None:
    columns = {column.name for table in METADATA.tables.values() for column in table.columns}
    assert columns >= INSTANTS


def test_an_instant_is_stored_in_microseconds_and_comes_back() -> None:
    frame = pl.DataFrame({"time": [NOW, None]}, schema={"time": INSTANT})
    stored = to_stored(frame)
    assert stored.get_column("time").to_list() == [1_768_033_800_000_000, None]
    assert from_stored(stored, frame_schema(EVENTS, ["time"])).equals(frame)


def test_columns_are_named_in_the_tables_order_and_quoted() -> None:
    frame = pl.DataFrame({"last": [1], "other": [2], "first": [3]})
    assert quoted(shared_names(NUMBER_BLOCKS, frame), "t.") == 't."first", t."last"'
    assert key_names(EVENTS) == ["minute", "item_no", "code", "facility"]
