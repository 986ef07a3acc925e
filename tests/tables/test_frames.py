"""A frame that conforms has the schema's columns, and nothing is bent on the way."""

from datetime import UTC, date, datetime

import polars as pl
import pytest

from entrepost.base.errors import UnreadableInputError
from entrepost.base.schema import get_schema, list_schemas
from entrepost.tables.frames import conform, dtypes, empty


def one_order(**cells: object) -> pl.DataFrame:
    ordinary = {
        "seller": "s1",
        "order_id": "7",
        "placed_at": "2026-03-01T07:53:47+09:00",
        "weight_g": 250,
        "origin": "CNSZXA",
        "country": "US",
    }
    return pl.DataFrame({name: [value] for name, value in (ordinary | cells).items() if value is not ...})


@pytest.mark.parametrize("table", list_schemas())
def test_an_empty_frame_has_every_column_and_conforms(table):
    assert empty(table).columns == list(get_schema(table).names)
    assert conform(empty(table), table).schema == pl.Schema(dtypes(table))


def test_missing_columns_and_cells_get_their_defaults():
    row = conform(one_order(quantity=None), "orders").row(0, named=True)
    assert (row["tenant"], row["quantity"], row["unit_value"], row["battery"]) == ("main", 1, "0", "none")
    assert row["wanted_by"] is None
    assert row["length_mm"] == 0


def test_an_instant_with_offset_is_that_instant_in_utc():
    assert conform(one_order(), "orders")["placed_at"][0] == datetime(2026, 2, 28, 22, 53, 47, tzinfo=UTC)


def test_text_becomes_what_the_schema_says():
    day = {
        "kind": "closed",
        "country": "CN",
        "first_day": "2026-02-16",
        "last_day": "2026-02-23",
        "name": "x",
        "source": "a",
    }
    assert conform(pl.DataFrame([day]), "calendar")["first_day"][0] == date(2026, 2, 16)
    assert conform(one_order(weight_g=" 250 "), "orders")["weight_g"][0] == 250


def test_columns_that_nobody_knows_are_left_out():
    assert "colour" not in conform(one_order(colour="red"), "orders").columns


def test_a_missing_required_column_is_named():
    with pytest.raises(UnreadableInputError, match="missing: weight_g, country"):
        conform(one_order(weight_g=..., country=...), "orders")


@pytest.mark.parametrize(
    "cells",
    [
        {"weight_g": "heavy"},
        {"weight_g": 250.5},
        {"placed_at": "2026-03-01T07:53:47"},
        {"placed_at": datetime(2026, 3, 1)},  # noqa: DTZ001 - without a zone is the point
        {"placed_at": date(2026, 3, 1)},
        {"placed_at": "2026-13-01T00:00:00Z"},
    ],
    ids=lambda cells: str(next(iter(cells.values()))),
)
def test_what_would_be_bent_is_refused_with_its_column(cells):
    with pytest.raises(UnreadableInputError, match=next(iter(cells))):
        conform(one_order(**cells), "orders")
