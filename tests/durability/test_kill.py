"""Killed in the middle, an intake goes on where it was: nothing is lost and nothing comes twice."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import polars as pl
import pytest

from entrepost.operations import events as recording
from entrepost.operations.containment import intake_containment
from entrepost.operations.events import record_event_file
from entrepost.operations.intake import intake_orders
from entrepost.wiring import open_store
from tests.durability.child import Errand, kill_again_and_again
from tests.durability.conftest import ProgressLine
from tests.durability.traffic import differences, issue_items, make_traffic
from tests.operations.shop import counts, csv_text, lamp, write

pytestmark = [pytest.mark.campaign, pytest.mark.filterwarnings("ignore:SQLite .* can lose commits")]

EVENTS, EVENTS_AN_ITEM, CHUNK_ROWS, KILLS = 1_000_000, 50, 1_000, 200
ORDERS, HELD, BAD_EVERY = 4_000, 8_000, 50
TWICE = make_traffic(items=100, rows=5_000, seed=6)


def test_event_recording_killed_again_and_again_loses_nothing_and_doubles_nothing(
    tmp_path: Path, store_place: str, campaign_scale: float, progress_line: ProgressLine
) -> None:
    rows, kills = round(EVENTS * campaign_scale), round(KILLS * campaign_scale)
    traffic = make_traffic(rows // EVENTS_AN_ITEM, rows, seed=5)
    file = traffic.write(tmp_path / "events.csv")
    store = open_store(store_place)
    issue_items(store, tmp_path, traffic.items)
    store.close()
    told = partial(progress_line, "kills of event recording", total=kills)
    at_work = kill_again_and_again(Errand("events", store_place, file, CHUNK_ROWS), rows, kills, told)
    store = open_store(store_place)
    stopped_at = next(mark.position for mark in store.list_intakes() if mark.kind == "events")
    assert differences(store, traffic, stopped_at) == []
    outcome = record_event_file(store, file)
    assert differences(store, traffic, rows) == []
    assert (outcome.resumed_at, outcome.read) == (stopped_at, rows)
    accepted, rejected = traffic.expected(rows).height, traffic.expected_findings(rows)
    assert counts(outcome) == (rows, accepted, rows - accepted - rejected, rejected)
    assert sum(outcome.findings.values()) == rejected
    assert at_work == kills - kills // 10
    assert 0.8 * rows < stopped_at < rows
    store.close()


def test_an_intake_of_orders_killed_again_and_again_loses_nothing_and_doubles_nothing(
    tmp_path: Path, store_place: str, campaign_scale: float, progress_line: ProgressLine
) -> None:
    rows = [
        lamp(order_id=f"o{number}", country="XX" if number % BAD_EVERY == 0 else "DE", line=str(line))
        for number in range(ORDERS)
        for line in (1, 2)
    ]
    path = write(tmp_path / "orders.csv", csv_text(*rows).encode())
    kills = round(40 * campaign_scale) + 2
    told = partial(progress_line, "kills of the intake of orders", total=kills)
    at_work = kill_again_and_again(Errand("orders", store_place, path, 50), len(rows), kills, told)
    store = open_store(store_place)
    outcome = intake_orders(store, path)
    bad = 2 * ORDERS // BAD_EVERY
    assert counts(outcome) == (2 * ORDERS, 2 * ORDERS - bad, 0, bad)
    assert store.list_orders().height == 2 * ORDERS - bad
    assert outcome.orders == ORDERS - ORDERS // BAD_EVERY
    assert outcome.findings == {"country_unknown": bad}
    assert outcome.resumed_at > 0
    assert at_work == kills - kills // 10
    store.close()


def test_an_intake_of_containments_killed_again_and_again_loses_nothing_and_doubles_nothing(
    tmp_path: Path, store_place: str, campaign_scale: float, progress_line: ProgressLine
) -> None:
    held = pl.DataFrame({"subject": [f"LX{number:09d}CN" for number in range(HELD)]})
    held = held.with_columns(container=pl.lit("BAG") + (pl.int_range(HELD) // 50).cast(pl.String))
    odd = pl.int_range(HELD) % BAD_EVERY == 7
    file = tmp_path / "held.csv"
    held.with_columns(container=pl.when(odd).then("subject").otherwise("container")).write_csv(file)
    kills, bad = round(40 * campaign_scale) + 2, HELD // BAD_EVERY
    told = partial(progress_line, "kills of the intake of containments", total=kills)
    at_work = kill_again_and_again(Errand("containment", store_place, file, 50), HELD, kills, told)
    store = open_store(store_place)
    outcome = intake_containment(store, file)
    assert counts(outcome) == (HELD, HELD - bad, 0, bad)
    bags = held.select(tenant=pl.lit("main"), subject="container").unique()
    kept = store.find_containments(bags).select("subject", "container").sort("subject")
    assert kept.equals(held.filter(~odd).sort("subject"))
    assert store.list_findings().height == bad
    assert outcome.resumed_at > 0
    assert at_work == kills - kills // 10
    store.close()


def test_two_processes_at_one_file_follow_one_bookmark_and_count_its_rows_once(
    tmp_path: Path, store_place: str
) -> None:
    file = TWICE.write(tmp_path / "events.csv")
    store = open_store(store_place)
    issue_items(store, tmp_path, TWICE.items)
    assert Errand("events", store_place, file, 100).done_by_two() == [(0, ""), (0, "")]
    assert differences(store, TWICE, 5_000) == []
    mark = next(mark for mark in store.list_intakes() if mark.kind == "events")
    accepted, rejected = TWICE.expected(5_000).height, TWICE.expected_findings(5_000)
    assert (mark.position, mark.read, mark.accepted, mark.rejected) == (5_000, 5_000, accepted, rejected)
    assert mark.finished_at is not None
    store.close()


def test_two_processes_of_which_one_is_killed_lose_nothing(tmp_path: Path, store_place: str) -> None:
    file = TWICE.write(tmp_path / "events.csv")
    store = open_store(store_place)
    issue_items(store, tmp_path, TWICE.items)
    errand = Errand("events", store_place, file, 100)
    with errand.begun() as steady:
        at_work = kill_again_and_again(errand, 5_000, 2)
        complaint = steady.communicate()[1]
    assert steady.returncode == 0, complaint
    assert at_work > 0
    assert differences(store, TWICE, 5_000) == []
    store.close()


def test_a_finished_file_brought_in_by_two_processes_again_is_all_duplicates(tmp_path: Path, store_place: str) -> None:
    traffic = make_traffic(items=20, rows=1_000, seed=6)
    file = traffic.write(tmp_path / "events.csv")
    store = open_store(store_place)
    issue_items(store, tmp_path, traffic.items)
    record_event_file(store, file)
    assert Errand("events", store_place, file, 100).done_by_two() == [(0, ""), (0, "")]
    assert differences(store, traffic, 1_000) == []
    mark = next(mark for mark in store.list_intakes() if mark.kind == "events")
    assert (mark.read, mark.accepted) == (1_000, 0)
    store.close()


def test_the_size_of_a_chunk_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    traffic = make_traffic(items=20, rows=1_500, seed=8)
    file = traffic.write(tmp_path / "events.csv")
    told = []
    for size in (7, 100, 5_000):
        monkeypatch.setattr(recording, "CHUNK_ROWS", size)
        store = open_store(tmp_path / f"{size}.db")
        issue_items(store, tmp_path, traffic.items)
        outcome = record_event_file(store, file)
        told.append((*counts(outcome), outcome.findings))
        assert differences(store, traffic, 1_500) == []
        store.close()
    assert told[0] == told[1] == told[2]
