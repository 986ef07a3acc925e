"""Histories come from a store or from a file in its own columns; what was read is not read again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import polars as pl
import pytest

from entrepost.base.errors import MisuseError, UnreadableInputError
from entrepost.operations.events import record_events
from entrepost.operations.histories import (
    Reading,
    list_histories,
    list_since,
    read_histories,
    read_since,
    remember,
)
from entrepost.operations.histories_kept import Kept
from entrepost.operations.histories_mark import Mark
from entrepost.operations.mapping import load_mapping
from tests.journey.histories import LATER, simulate_history, uncertain_offices
from tests.operations.shop import LAMP_NO, MUG_NO, NOW, event, two_items
from tests.operations.test_events import frame

HISTORY = simulate_history(uncertain_offices(), 30)
WRITERS: dict[str, Callable[[pl.DataFrame, Path], object]] = {
    "events.csv": pl.DataFrame.write_csv,
    "events.jsonl": pl.DataFrame.write_ndjson,
    "events.parquet": pl.DataFrame.write_parquet,
}
MAPPING = '[columns]\nitem_id = "item_id"\ncode = "code"\ntime = "time"\nfacility = "facility"\n'


def keep(reading: Reading, kept: Kept | None = None) -> Kept:
    return remember(reading, kept, LATER)[0]


def codes(reading: Reading) -> list[str]:
    return [finding.code for finding in reading.findings]


def same(one: Kept, other: Kept) -> bool:
    facts = one.facts.items.equals(other.facts.items) and one.counts.equals(other.counts)
    return facts and one.facts.keys.tolist() == other.facts.keys.tolist() and one.mark == other.mark


def test_each_item_has_a_row_without_a_code(tmp_path: Path) -> None:
    store = two_items(tmp_path)
    record_events(store, frame([event("EMA"), event("EMB", 2)]))
    found = list_histories(store).sort("item_id", "time")
    assert found.select("item_id", "code").rows() == [
        *((LAMP_NO, None), (LAMP_NO, "EMA"), (LAMP_NO, "EMB")),
        (MUG_NO, None),
    ]
    assert found.get_column("placed_at").null_count() == 0
    assert {"service", "route", "area"} <= set(found.columns)


def test_of_a_store_the_events_of_items_with_news_are_read(tmp_path: Path) -> None:
    store = two_items(tmp_path)
    record_events(store, frame([event("EMA"), event("EMA", 1, MUG_NO)]))
    kept = keep(list_since(store, None))
    record_events(store, frame([event("EMB", 2)]))
    reading = list_since(store, kept)
    assert reading.on_top
    assert reading.findings == ()
    read = reading.events.filter(pl.col("code").is_not_null())
    assert read.select("item_id", "code").sort("code").rows() == [(LAMP_NO, "EMA"), (LAMP_NO, "EMB")]
    assert same(keep(reading, kept), keep(list_since(store, None)))


def test_a_late_event_of_a_store_is_read_too(tmp_path: Path) -> None:
    store = two_items(tmp_path)
    record_events(store, frame([event("EMB", 5)]))
    kept = keep(list_since(store, None))
    record_events(store, frame([event("EMA", -5)]))
    assert same(keep(list_since(store, kept), kept), keep(list_since(store, None)))


def test_without_news_no_event_of_a_store_is_read(tmp_path: Path) -> None:
    store = two_items(tmp_path)
    record_events(store, frame([event("EMA")]))
    kept = keep(list_since(store, None))
    reading = list_since(store, kept)
    assert reading.events.get_column("code").null_count() == reading.events.height
    assert same(keep(reading, kept), kept)


def test_what_was_kept_of_another_store_is_not_used(tmp_path: Path) -> None:
    store = two_items(tmp_path)
    kept = keep(list_since(store, None))
    items = kept.facts.items.with_columns(pl.col("item_id") + "x")
    reading = list_since(store, replace(kept, facts=replace(kept.facts, items=items)))
    assert not reading.on_top
    assert codes(reading) == ["learn_kept_unusable"]


@pytest.mark.parametrize("name", WRITERS)
@pytest.mark.parametrize("mapped", [False, True])
def test_of_a_file_that_has_grown_what_was_added_is_read(tmp_path: Path, name: str, mapped: bool) -> None:
    path, write = tmp_path / name, WRITERS[name]
    (tmp_path / "mapping.toml").write_text(MAPPING)
    mapping = load_mapping(tmp_path / "mapping.toml", "events") if mapped else None
    history = HISTORY.select("item_id", "code", "facility", "recorded_at", pl.col("time").dt.to_string("iso:strict"))
    write(history.head(200), path)
    kept = keep(read_since(path, mapping, None))
    write(history, path)
    reading = read_since(path, mapping, kept)
    assert reading.on_top
    assert history.height - 200 <= reading.events.height <= history.height - 199
    assert same(keep(reading, kept), keep(read_since(path, mapping, None)))
    assert read_since(path, mapping, keep(reading, kept)).events.height <= 1


@pytest.mark.parametrize("name", WRITERS)
def test_another_file_is_read_as_a_whole_and_that_is_said(tmp_path: Path, name: str) -> None:
    path, write = tmp_path / name, WRITERS[name]
    write(HISTORY.head(200), path)
    kept = keep(read_since(path, None, None))
    write(HISTORY.tail(250), path)
    reading = read_since(path, None, kept)
    assert (reading.on_top, reading.events.height, codes(reading)) == (False, 250, ["learn_kept_unusable"])


def test_another_mapping_reads_a_file_as_a_whole(tmp_path: Path) -> None:
    path = tmp_path / "events.csv"
    HISTORY.write_csv(path)
    (tmp_path / "mapping.toml").write_text(MAPPING)
    kept = keep(read_since(path, load_mapping(tmp_path / "mapping.toml", "events"), None))
    (tmp_path / "mapping.toml").write_text(MAPPING + '[constants]\nreason = "NO_DECLARATION"\n')
    assert not read_since(path, load_mapping(tmp_path / "mapping.toml", "events"), kept).on_top
    assert not read_since(path, None, kept).on_top


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


def test_rows_of_a_mapped_file_that_cannot_be_read_are_told(tmp_path: Path) -> None:
    (tmp_path / "mapping.toml").write_text(MAPPING)
    (tmp_path / "events.csv").write_text(
        "item_id,code,time,facility\nLX1,EMA,soon,A\nLX1,QQQ,2026-01-05T10:00:00Z,A\n,EMA,2026-01-05T10:00:00Z,A\n"
    )
    reading = read_since(tmp_path / "events.csv", load_mapping(tmp_path / "mapping.toml", "events"), None)
    assert reading.events.height == 0
    assert len(reading.findings) == 3


def test_identifiers_of_digits_stay_as_they_are(tmp_path: Path) -> None:
    (tmp_path / "events.csv").write_text("item_id,code,time\n007,EMA,2026-01-05T10:00:00Z\n")
    assert read_histories(tmp_path / "events.csv").get_column("item_id").to_list() == ["007"]


@pytest.mark.parametrize("name", ["events.csv", "events.jsonl"])
def test_a_file_without_rows_has_none(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("item_id,code,time\n" if name == "events.csv" else "")
    reading = read_since(tmp_path / name, None, None)
    assert reading.events.height == 0
    assert keep(reading).facts.keys.size == 0


def test_what_is_not_known_yet_is_kept_for_later() -> None:
    early = NOW - timedelta(days=365)
    reading = Reading(HISTORY, Mark("parquet"), on_top=False)
    kept = remember(reading, None, early)[0]
    assert kept.facts.keys.size == 0
    nothing = replace(reading, events=HISTORY.head(0), on_top=True)
    whole = remember(reading, None, LATER)[0]
    assert same(remember(nothing, kept, LATER)[0], whole)


def test_another_form_and_a_missing_file_are_refused(tmp_path: Path) -> None:
    with pytest.raises(MisuseError, match="events can be"):
        read_histories(tmp_path / "events.txt")
    with pytest.raises(UnreadableInputError, match="nothing"):
        read_histories(tmp_path / "nothing.csv")
    pl.DataFrame({"x": [1]}).write_parquet(tmp_path / "odd.parquet")
    assert read_histories(tmp_path / "odd.parquet").columns == []
