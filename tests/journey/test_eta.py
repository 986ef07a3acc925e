"""Where an item is and when it comes follows from what was heard of it, and from what was not."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import entrepost
from entrepost.base.errors import MisuseError
from entrepost.journey.eta import eta, forecast, silence
from entrepost.journey.learning.stages import CODES
from entrepost.journey.under_way.frame import BASES, HOURS, SCHEMA
from entrepost.journey.under_way.params import EtaParams, Scanning
from entrepost.network.calendar import Exceptional
from tests.journey.under_way_scenes import (
    INSTANT,
    SILENT,
    arrivals,
    at,
    difficult_offices,
    history,
    scanning_of,
    simulate_items,
)
from tests.worlds import MONDAY, one_warehouse, two_offices

THURSDAY_10 = at(82)
PROMPT = EtaParams(report_hours=0.0)
"""Reports come at once; one scan in twenty is missed."""


def only(frame: pl.DataFrame) -> dict[str, object]:
    """The one row of a forecast."""
    return frame.row(0, named=True)


def test_an_item_just_accepted_comes_when_the_timetable_says() -> None:
    found = only(eta(two_offices(), history(("EMA", 24), ("EMB", 26)), at(27)))
    assert [found[name] for name in HOURS] == [THURSDAY_10] * 4
    assert (found["step"], found["facility"], found["since"]) == ("outward", "CNSHAA", at(26))
    assert (found["basis"], found["loss_probability"], found["promise_probability"]) == ("exact", 0.0, None)


def test_an_item_that_missed_the_flight_waits_for_the_next() -> None:
    late = only(eta(two_offices(), history(("EMA", 30), ("EMB", 33)), at(35)))
    assert late["arrive_p50"] == at(178), "ready Tue 14, flies Fri 12"


def test_a_holiday_at_the_destination_delays_the_last_mile() -> None:
    thursday = MONDAY.date() + timedelta(days=3)
    closed = Exceptional("closed", "DE", "", "", "delivery", thursday, thursday, 1.0, "holiday", "assumed")
    found = only(eta(replace(two_offices(), calendar=(closed,)), history(("EMA", 24)), at(25)))
    assert found["arrive_p50"] == at(106)


def test_an_item_that_was_not_heard_of_is_where_it_may_be() -> None:
    found = only(eta(two_offices(), history(("EMA", 24), ("EMB", 26)), at(37), PROMPT))
    assert found["step"] == "ride", "the flight has left, and it must be on it"
    assert found["since"] is None, "nobody scanned it there"
    assert found["silence_probability"] == pytest.approx(0.05**3), "outward, export and departure were missed"
    assert silence(two_offices(), history(("EMA", 24), ("EMB", 26)), at(37), PROMPT).columns[-3:] == [
        "silence_probability",
        "loss_probability",
        "basis",
    ]


def test_a_late_report_makes_silence_more_probable() -> None:
    known = history(("EMA", 24), ("EMB", 26))
    hasty, slow = (only(eta(two_offices(), known, at(37), EtaParams(report_hours=hours))) for hours in (1.0, 24.0))
    assert 0 < hasty["silence_probability"] < slow["silence_probability"] < 1  # type: ignore[operator]


def test_a_promise_is_kept_with_the_probability_of_arriving_by_then() -> None:
    day = pl.lit(THURSDAY_10).cast(INSTANT)
    on_time = history(("EMA", 24)).with_columns(promised_by=day)
    late = history(("EMA", 40)).with_columns(promised_by=day)
    assert only(eta(two_offices(), on_time, at(25)))["promise_probability"] == 1.0
    assert only(eta(two_offices(), late, at(41)))["promise_probability"] == 0.0


def test_items_whose_wait_has_ended_and_those_not_yet_known_are_not_listed() -> None:
    delivered = history(("EMC", 36), ("EMI", 82), item="done")
    failed = history(("EMC", 36), ("EMH", 82), item="failed")
    refused = history(("EMC", 36), ("EDX", 60), item="refused")
    tomorrow = history(("EMA", 200), item="later", placed=190)
    going = history(("EMC", 36), item="going")
    found = eta(two_offices(), pl.concat([delivered, failed, refused, tomorrow, going]), at(90))
    assert found.get_column("item_id").to_list() == ["going"]


def test_an_item_from_stock_is_forecast_as_well() -> None:
    chosen = {"service": "LOCAL", "route": "DEFRAW", "area": "DE"}
    found = only(eta(one_warehouse(), history(**chosen), at(1)))
    assert (found["arrive_p50"], found["basis"]) == (at(10), "exact")


def test_what_became_known_later_changes_nothing() -> None:
    network, now = difficult_offices(), at(60)
    events = simulate_items(network, 300)
    later = (pl.col("time") > now) | (pl.col("recorded_at") > now)
    dice = np.random.default_rng(3)
    codes = pl.Series(dice.choice(list(CODES), events.height))
    moved = pl.Series(dice.integers(1, 500, events.height))
    scrambled = events.with_columns(
        code=pl.when(later).then(codes).otherwise("code"),
        time=pl.when(later).then(pl.lit(now) + pl.duration(hours=moved)).otherwise("time"),
        facility=pl.when(later).then(pl.lit("DEFRAA")).otherwise("facility"),
    ).with_columns(recorded_at=pl.when(later).then("time").otherwise("recorded_at"))
    assert not scrambled.equals(events)
    assert eta(network, scrambled, now).equals(eta(network, events, now))


def test_the_filter_agrees_with_the_items_that_have_the_same_history() -> None:
    """Rejection sampling: of many simulated items those with the very same known scans, against their forecast."""
    network, now = difficult_offices(), at(30)
    events = simulate_items(network, 30_000)
    found = eta(network, events, now, scanning_of(SILENT, network))
    known = events.filter(pl.col("code").is_not_null() & (pl.col("time") <= now) & (pl.col("recorded_at") <= now))
    hours = -(-(pl.col("time") - MONDAY).dt.total_seconds() // 3600)
    told = known.sort("time", "code").group_by("item_id").agg(told=(pl.col("code") + hours.cast(pl.String)).str.join())
    after = (pl.col("arrived_at") - MONDAY).dt.total_seconds() / 3600 + 0.5  # by the end of its hour, on average
    expected = (pl.col("arrive_mean").first() - MONDAY).dt.total_seconds() / 3600
    gone = (pl.col("loss_probability") + pl.col("return_probability")).first()
    alike = found.join(told, on="item_id", how="left").join(arrivals(events), on="item_id", how="left")
    groups = alike.group_by("told").agg(
        items=pl.len(), came=pl.col("arrived_at").count(), mean=after.mean(), spread=after.std(),
        expected=expected, gone=gone, basis=pl.col("basis").n_unique(),
    )  # fmt: skip
    groups = groups.filter(pl.col("came") >= 60)
    assert groups.height > 15
    away = (groups["mean"] - groups["expected"]) / (groups["spread"] / groups["came"].sqrt())
    lost = (1 - groups["came"] / groups["items"] - groups["gone"]) / (
        groups["gone"] * (1 - groups["gone"]) / groups["items"]
    ).sqrt()
    for error in (away, lost):
        assert error.abs().max() < 4.5
        assert abs(error.mean()) < 4 / np.sqrt(groups.height)
        assert error.std() < 1.6


def test_nine_in_ten_items_arrive_by_their_p90_where_the_network_is_true() -> None:
    network = difficult_offices()
    events = simulate_items(network, 6_000, hours_apart=0.05)
    for hour in (120, 250):
        found = eta(network, events, at(hour), scanning_of(SILENT, network))
        judged = found.join(arrivals(events), on="item_id")
        assert judged.height > 1_500
        by_p90 = (judged["arrived_at"] <= judged["arrive_p90"]).mean()
        assert 0.89 < by_p90 < 0.94, "whole hours of rounds give a little more than 90 %"
        expected = found["loss_probability"].sum() + found["return_probability"].sum()
        gone = found.height - judged.height
        assert abs(gone - expected) < 4 * np.sqrt(expected)


def test_an_item_later_than_all_falls_back_and_says_so() -> None:
    network = two_offices()
    bases = [only(eta(network, history(("EMA", 24)), at(hour)))["basis"] for hour in (25, 24 * 8, 24 * 40, 24 * 200)]
    assert bases[0] == "exact"
    assert bases[-1] == "overdue"
    assert [BASES.index(str(basis)) for basis in bases] == sorted(BASES.index(str(basis)) for basis in bases)


@pytest.mark.parametrize(
    ("cells", "basis"),
    [({"route": "CNSHAA>FRPARA"}, "service"), ({"area": "FR"}, "service"), ({"service": "PIGEON"}, "network")],
)
def test_what_the_network_does_not_have_is_forecast_by_what_is_alike(cells: dict[str, str], basis: str) -> None:
    told = forecast(two_offices(), history(("EMA", 24), **cells), at(25))
    found = only(told.items)
    assert found["basis"] == basis
    assert at(48) < found["arrive_p50"] < at(240)  # type: ignore[operator]
    assert "eta_route_unknown" in {finding.code for finding in told.findings}


def test_where_nobody_says_the_route_the_scans_show_it() -> None:
    silent = history(("EXC", 31), ("EMD", 48), service=None, route=None, area=None)
    found = only(eta(two_offices(), silent, at(49)))
    assert (found["route"], found["area"], found["basis"]) == ("CNSHAA>DEFRAA", "DE", "exact")
    assert found["arrive_p50"] == THURSDAY_10


def test_odd_events_are_findings_and_lose_nothing() -> None:
    backward = history(("EMA", 24), ("EMB", 26), ("EXA", 25), item="backward")
    early = history(("EMA", 24), item="early", placed=30)
    unknown = history(("XYZ", 24), item="unknown")
    strange = history(("EMA", 24, "MARS"), item="strange")
    twice = pl.concat([history(("EMA", 24), ("EMA", 24), item="twice")] * 2)
    timeless = history(("EMA", 24), item="timeless").with_columns(time=pl.lit(None, INSTANT))
    nameless = history(("EMA", 24), item="x").with_columns(item_id=pl.lit(None, pl.String))
    told = forecast(two_offices(), pl.concat([backward, early, unknown, strange, twice, timeless, nameless]), at(27))
    assert {finding.code for finding in told.findings} == {
        *("eta_row_unreadable", "eta_code_unknown", "eta_place_unknown"),
        *("eta_clock_backward", "eta_before_acceptance"),
    }
    assert told.items.get_column("item_id").to_list() == [
        "backward",
        "early",
        "unknown",
        "strange",
        "twice",
        "timeless",
    ]
    assert told.items.get_column("arrive_p50").null_count() == 0


def test_no_events_give_no_rows_and_all_columns() -> None:
    empty = history(("EMA", 24)).clear()
    assert eta(two_offices(), empty, at(25)).schema == pl.Schema(SCHEMA)
    with pytest.raises(MisuseError, match="no column code"):
        eta(two_offices(), empty.drop("code"), at(25))


SCANS = st.lists(
    st.tuples(
        st.sampled_from([*CODES[:11], "EDC", "EXB", "EME", "EDG", "EMX", "EDD", "???"]),
        st.floats(-2000, 6000),
        st.sampled_from(["CNSHAA", "DEFRAA", "MARS", ""]),
    ),
    max_size=6,
)


@settings(max_examples=60, deadline=None)
@given(
    scans=SCANS,
    placed=st.one_of(st.none(), st.floats(-3000, 3000)),
    route=st.sampled_from(["CNSHAA>DEFRAA", "CNSHAA", "", None]),
    now=st.integers(-100, 8000),
)
def test_no_history_gives_an_empty_distribution(
    scans: list[tuple[str, float, str]], placed: float | None, route: str | None, now: int
) -> None:
    found = eta(two_offices(), history(*scans, placed=placed, route=route), at(now))
    for row in found.iter_rows(named=True):
        assert row["arrive_p10"] <= row["arrive_p50"] <= row["arrive_p90"]
        assert row["arrive_mean"] is not None
        assert row["basis"] in BASES
        for name in ("loss_probability", "return_probability", "arrived_probability", "silence_probability"):
            assert 0 <= row[name] <= 1


def test_many_items_at_once_are_forecast_as_each_by_itself() -> None:
    network, now = difficult_offices(), at(70)
    events = simulate_items(network, 200)
    believed = Scanning(EtaParams())
    together = eta(network, events, now, believed)
    for name in together.get_column("item_id").head(40):
        alone = eta(network, events.filter(pl.col("item_id") == name), now, believed)
        assert alone.equals(together.filter(pl.col("item_id") == name))


def test_eta_is_exported() -> None:
    assert entrepost.eta is eta
    assert eta(two_offices(), history(("EMA", 24)), datetime(2026, 1, 7, tzinfo=UTC)).height == 1
