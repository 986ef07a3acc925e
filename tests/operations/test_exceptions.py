"""Exceptions as a whole: planted ones are found and ranked, few are false, nothing later is seen, nothing is lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from entrepost.operations.exceptions import AFFECTED, SCHEMA, Exceptions, list_exceptions, weigh_exceptions
from entrepost.operations.exceptions_params import ExceptionParams
from entrepost.planning.simulation.world import AS_ASSUMED
from tests.journey.histories import drop_scans, simulate_history, uncertain_offices
from tests.journey.planted import NOW, lost_departure, lost_item, quiet_office, slow_step, usual
from tests.worlds import MONDAY

NETWORK = uncertain_offices()


def look(events: pl.DataFrame) -> Exceptions:
    return weigh_exceptions(NETWORK, events, NOW)


def same(one: Exceptions, other: Exceptions) -> bool:
    return one.frame.equals(other.frame) and one.items.equals(other.items) and one.under_way == other.under_way


def test_with_nothing_planted_exceptions_are_as_rare_as_stated() -> None:
    """Forty histories that go as the network says, each looked at once.

    Then every exception is false. Where nothing is to be found, the false-discovery rate is the share of
    histories in which anything is: at most one in ten for each of the four families, and in the mean of all
    that are told no more than four errors above the stated share of histories.
    """
    told = 0
    for seed in range(40):
        events = simulate_history(NETWORK, 800, AS_ASSUMED, seed)
        now = MONDAY + timedelta(days=40 + seed, hours=7 * seed % 24)
        told += weigh_exceptions(NETWORK, events, now).frame.height > 0
    assert told <= 40 * 0.1 + 4 * np.sqrt(40 * 0.1 * 0.9)


def test_scans_that_are_often_missing_are_no_exceptions() -> None:
    """Three scans in ten are never sent, at every place: silence is less improbable, and hardly anything is told."""
    found = look(drop_scans(usual(), 0.3))
    assert found.frame.filter(pl.col("kind") != "item_silent").is_empty()
    assert found.frame.height <= 2


def test_what_is_planted_together_is_found_and_ranked_by_what_acting_saves() -> None:
    """A departure of 91 items is lost, and beside it one item: the departure comes first."""
    events, lost = lost_departure()
    single = lost_item()[1]
    received = usual().filter((pl.col("item_id") == single) & (pl.col("code") == "EMD"))["time"][0]
    found = look(events.filter((pl.col("item_id") != single) | (pl.col("time") <= received)))
    assert found.frame["kind"].to_list() == ["departure_missing", "item_silent"]
    assert found.frame["items"].to_list() == [len(lost), 1]
    assert found.frame["number"].to_list() == [1, 2]
    assert found.frame["item_days_saved"].is_sorted(descending=True)
    behind = found.items.filter(pl.col("number") == 2)
    assert behind["item_id"].to_list() == [single]


def test_each_planted_thing_says_what_to_do() -> None:
    said = {
        "Ask Frankfurt (DEFRAA) for the scans since Monday 2 March 16:00:": quiet_office(),
        "Ask Frankfurt (DEFRAA) whether the departure of Friday 27 February 12:00 from": lost_departure()[0],
        "Ask Frankfurt (DEFRAA) what holds up inward sorting:": slow_step(),
    }
    for words, events in said.items():
        assert look(events).frame["action"][0].startswith(words)


def test_the_frame_has_its_columns_whatever_is_found() -> None:
    for events in (usual(), usual().head(0), usual().head(1), quiet_office()):
        found = look(events)
        assert found.frame.schema == SCHEMA
        assert found.items.schema == AFFECTED
        assert found.frame["items"].sum() == found.items.height
        assert list_exceptions(NETWORK, events, NOW).equals(found.frame)


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=6, deadline=None)
def test_what_happens_later_and_the_order_of_events_change_nothing(seed: int) -> None:
    draws = np.random.default_rng(seed)
    events = lost_departure()[0]
    before, after = events.filter(pl.col("time") <= NOW), events.filter(pl.col("time") > NOW)
    scrambled = after.with_columns(
        item_id=pl.Series(draws.permutation(after["item_id"].to_numpy())),
        code=pl.Series(draws.permutation(after["code"].to_numpy())),
        facility=pl.Series(draws.permutation(after["facility"].to_numpy())),
    )
    mixed = pl.concat([before, scrambled])
    assert same(look(mixed[draws.permutation(mixed.height)]), look(events))


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=6, deadline=None)
def test_duplicates_change_nothing_and_no_item_is_lost_or_told_twice(seed: int) -> None:
    draws = np.random.default_rng(seed)
    events = quiet_office()
    again = events[draws.integers(0, events.height, 500)]
    found = look(pl.concat([events, again]))
    assert same(found, look(events))
    assert found.items["item_id"].n_unique() == found.items.height


def test_what_makes_no_sense_is_told_and_hides_nothing() -> None:
    """An unknown service, an unknown place and a clock that runs backward, beside a lost departure."""
    events, lost = lost_departure()
    odd = events.head(30).with_columns(item_id=pl.lit("odd"), service=pl.lit("NOSUCH"))
    strange = events.filter(pl.col("item_id") == "x3#1").with_columns(
        facility=pl.lit("NOWHER"), item_id=pl.lit("strange")
    )
    backward = events.filter(pl.col("item_id") == "x9#1").with_columns(
        item_id=pl.lit("backward"),
        time=pl.when(pl.col("code") == "EXA").then(pl.col("time") - timedelta(days=1)).otherwise("time"),
    )
    found = look(pl.concat([events, odd, strange, backward]))
    codes = {finding.code for finding in found.findings}
    assert {"exceptions_route_unknown", "exceptions_place_unknown", "exceptions_clock_backward"} <= codes
    assert found.frame["kind"].to_list() == ["departure_missing"]
    assert found.items.height == len(lost)


def test_nothing_known_is_a_finding() -> None:
    found = look(usual().head(0))
    assert [finding.code for finding in found.findings] == ["exceptions_empty"]
    assert (found.under_way, found.expected_false) == (0, 0.0)


def test_a_lost_dispatch_is_named() -> None:
    events, lost = lost_departure(0.4)
    dispatch = "CNSHAADEFRAAAUN60041"
    held = pl.DataFrame({"subject": lost, "container": [dispatch] * len(lost)})
    found = weigh_exceptions(NETWORK, events, NOW, containment=held).frame
    assert found.select("kind", "subject", "items").row(0) == ("dispatch_missing", dispatch, len(lost))
    assert f"where {dispatch} of Friday 27 February 12:00 is" in found["action"][0]


def test_promises_that_acting_still_keeps_are_counted() -> None:
    """Promised in ten days, an item that usually needs four more is kept by acting now and not by asking later."""
    events, lost = lost_departure()
    promised = pl.DataFrame(
        {"tenant": "main", "seller": "shop", "item_id": lost, "arrive_by": [NOW + timedelta(days=10)] * len(lost)}
    )
    found = weigh_exceptions(NETWORK, events, NOW, promised=promised).frame
    assert found["promises_rescued"][0] > 0.5 * len(lost)
    assert look(events).frame["promises_rescued"][0] == 0


def test_who_bears_more_false_ones_is_told_more() -> None:
    few = weigh_exceptions(NETWORK, lost_item()[0], NOW, ExceptionParams(false_share=0.001))
    many = weigh_exceptions(NETWORK, lost_item()[0], NOW, ExceptionParams(false_share=0.5))
    assert few.frame.height <= many.frame.height
    assert many.frame.height > 0


def test_a_simulated_world_with_shocks_is_told_in_few_rows() -> None:
    """Offloaded and late departures, slow days, missing scans and late reports, all at once."""
    world = replace(
        AS_ASSUMED, offloaded_per_million=50_000, facility_slow_day_per_million=30_000, slow_day_factor=2.0,
        unscanned_per_million_most=100_000, report_hours_most=12.0,
    )  # fmt: skip
    events = simulate_history(NETWORK, 3000, world)
    found = weigh_exceptions(NETWORK, events, NOW)
    assert found.frame.height <= 6
    assert found.under_way > 100
