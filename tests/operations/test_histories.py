"""Histories come from a store with what it promised, or from a file in its own columns."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from entrepost.base.errors import MisuseError, UnreadableInputError
from entrepost.operations.events import record_events
from entrepost.operations.histories import list_histories, read_histories
from entrepost.operations.mapping import load_mapping
from tests.operations.shop import LAMP_NO, MUG_NO, event, two_items
from tests.operations.test_events import frame


def test_an_item_without_events_has_a_row_without_a_code(tmp_path: Path) -> None:
    store = two_items(tmp_path)
    record_events(store, frame([event("EMA"), event("EMB", 2)]))
    found = list_histories(store).sort("item_id", "time")
    assert found.select("item_id", "code").rows() == [(LAMP_NO, "EMA"), (LAMP_NO, "EMB"), (MUG_NO, None)]
    assert found.get_column("placed_at").null_count() == 0
    assert {"service", "route", "area"} <= set(found.columns)


def test_a_mapped_file_says_what_ours_says(tmp_path: Path) -> None:
    ours = tmp_path / "ours.csv"
    ours.write_text("item_id,code,time,facility\nLX1,EMA,2026-01-05T10:00:00Z,CNSHAA\n")
    theirs = tmp_path / "theirs.csv"
    theirs.write_text("parcel;what;when\nLX1;posted;2026-01-05T18:00:00+08:00\n")
    mapping = tmp_path / "theirs.toml"
    mapping.write_text(
        '[file]\nseparator = ";"\n[columns]\nitem_id = "parcel"\ncode = "what"\ntime = "when"\n'
        '[values.code]\nposted = "EMA"\n'
    )
    columns = ("item_id", "code", "time")
    mapped = read_histories(theirs, load_mapping(mapping, "events"))
    assert mapped.select(columns).equals(read_histories(ours).select(columns))


def test_another_form_and_a_missing_file_are_refused(tmp_path: Path) -> None:
    with pytest.raises(MisuseError, match="events can be"):
        read_histories(tmp_path / "events.txt")
    with pytest.raises(UnreadableInputError, match="nothing"):
        read_histories(tmp_path / "nothing.csv")
    pl.DataFrame({"x": [1]}).write_parquet(tmp_path / "odd.parquet")
    assert read_histories(tmp_path / "odd.parquet").columns == []
