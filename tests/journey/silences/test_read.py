"""What was known of items at an instant: where they are, since when they are silent, and what makes no sense."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import polars as pl
import pytest

from entrepost.base.errors import MisuseError
from entrepost.journey.silences.read import ENDED, LOST, UNJUDGED, Watch, held_reasons, read_watch
from entrepost.planning.simulate import simulate
from tests.journey.histories import uncertain_offices
from tests.journey.planted import NOW, usual
from tests.planning.scenes import choose_all
from tests.worlds import MONDAY, four_orders, two_offices

ITEM = {"item_id": "a", "service": "PACKET", "route": "CNSHAA>DEFRAA", "area": "DE", "placed_at": MONDAY}
SLOTS = ["order", "EMA", "EMB", "EXA", "EXC", "EMC", "EMD", "EDB", "EMF", "EMG", "EMI"]


def scans(*given: tuple[str, str, float], **cells: object) -> pl.DataFrame:
    """Scans of one item: code, place, hours after Monday 00:00."""
    rows = [
        {**ITEM, **cells, "code": code, "facility": place, "time": MONDAY + timedelta(hours=hours)}
        for code, place, hours in given
    ]
    return pl.DataFrame(rows)


def watch(events: pl.DataFrame, hours: float = 48) -> Watch:
    return read_watch(two_offices(), events, MONDAY + timedelta(hours=hours))


def codes(found: Watch) -> list[str]:
    return [finding.code for finding in found.findings]


def heard(found: Watch) -> list[float]:
    """Hours after Monday 00:00 at which each item was heard of last."""
    begin = int(MONDAY.timestamp()) // 3600 - found.first_hour
    return [int(hour) - begin for hour in found.heard]


def test_an_item_is_where_it_was_scanned_last() -> None:
    found = watch(scans(("EMA", "CNSHAA", 24), ("EMB", "CNSHAA", 26)))
    assert [SLOTS[at] for at in found.milestone] == ["EMB"]
    assert heard(found) == [26]
    assert codes(found) == []


def test_what_happened_or_became_known_later_is_not_seen() -> None:
    later = scans(("EMA", "CNSHAA", 24), ("EMB", "CNSHAA", 50)).with_columns(
        recorded_at=pl.col("time") + pl.duration(hours=1)
    )
    told_late = scans(("EXA", "CNSHAA", 30)).with_columns(recorded_at=pl.lit(MONDAY + timedelta(hours=49)))
    found = watch(pl.concat([later, told_late], how="diagonal_relaxed"))
    assert [SLOTS[at] for at in found.milestone] == ["EMA"]


def test_a_row_without_a_code_is_an_order_that_nobody_scanned() -> None:
    ordered = scans(("EMA", "CNSHAA", 24)).with_columns(code=pl.lit(None, pl.String))
    found = watch(ordered)
    assert ([SLOTS[at] for at in found.milestone], heard(found), found.whole) == (["order"], [0], True)


def test_delivered_attempted_refused_and_ready_items_are_not_under_way() -> None:
    for code in ("EMI", "EMH", "EDH", "EXX", "EDX"):
        assert watch(scans(("EMA", "CNSHAA", 24), (code, "DEFRAA", 40))).milestone.tolist() == [ENDED], code


def test_an_item_that_is_silent_for_months_is_given_up_and_told() -> None:
    found = watch(scans(("EMA", "CNSHAA", 24)), 24 * 120)
    assert found.milestone.tolist() == [LOST]
    assert codes(found) == ["exceptions_given_up"]


def test_the_same_event_twice_or_in_another_order_changes_nothing() -> None:
    events = usual().filter(pl.col("time") <= NOW)
    one = read_watch(uncertain_offices(), events, NOW)
    other = read_watch(uncertain_offices(), pl.concat([events.reverse(), events.head(500)]), NOW)

    def by_name(found: Watch) -> pl.DataFrame:
        columns = {"at": found.milestone, "heard": found.heard}
        return found.items.with_columns(pl.Series(name, each) for name, each in columns.items()).sort("item_id")

    assert by_name(one).equals(by_name(other))


def test_a_clock_that_runs_backward_is_told_and_the_latest_scan_counts() -> None:
    found = watch(scans(("EMA", "CNSHAA", 24), ("EMB", "CNSHAA", 30), ("EXA", "CNSHAA", 20)))
    assert ([SLOTS[at] for at in found.milestone], heard(found)) == (["EXA"], [30])
    assert codes(found) == ["exceptions_clock_backward"]


def test_an_event_before_the_order_is_told() -> None:
    found = watch(scans(("EMA", "CNSHAA", -5), ("EMB", "CNSHAA", 26)))
    assert codes(found) == ["exceptions_before_acceptance"]
    assert [SLOTS[at] for at in found.milestone] == ["EMB"]


def test_items_by_an_unknown_service_or_route_are_told_and_not_judged() -> None:
    for cells in ({"service": "NOSUCH"}, {"route": "CNSHAA>XXXXXX"}, {"area": "ZZ"}):
        found = watch(scans(("EMA", "CNSHAA", 24), **cells))
        assert (found.milestone.tolist(), codes(found)) == ([UNJUDGED], ["exceptions_route_unknown"]), cells
        assert found.findings[0].message.startswith("1 items by ")


def test_an_unknown_place_is_told_and_its_code_is_used_where_it_says_enough() -> None:
    found = watch(scans(("EMA", "CNSHAA", 24), ("EMB", "NOWHER", 26)))
    assert codes(found) == ["exceptions_place_unknown"]
    assert [SLOTS[at] for at in found.milestone] == ["EMB"]


def test_where_nobody_says_it_the_route_is_the_one_that_scans_show() -> None:
    given = scans(("EMA", "CNSHAA", 24), ("EMC", "CNSHAA", 36), ("EMD", "DEFRAA", 48))
    found = watch(given.drop("service", "route", "area"))
    assert [SLOTS[at] for at in found.milestone] == ["EMD"]
    assert found.items.select("service", "route", "area").row(0) == ("PACKET", "CNSHAA>DEFRAA", "DE")


def test_nothing_known_is_a_finding_and_no_item() -> None:
    found = watch(scans(("EMA", "CNSHAA", 72)))
    assert (found.items.height, codes(found)) == (0, ["exceptions_empty"])


def test_a_frame_without_its_columns_is_refused() -> None:
    with pytest.raises(MisuseError, match="no column code; exceptions need item_id, code and time"):
        watch(scans(("EMA", "CNSHAA", 24)).drop("code"))


def test_who_customs_holds_and_why() -> None:
    held = scans(("EDB", "DEFRAA", 24), ("EME", "DEFRAA", 25)).with_columns(
        reason=pl.Series([None, "AWAITING_PAYMENT"])
    )
    assert held_reasons(watch(held)).tolist() == [[0, 3]]
    silent = held.with_columns(reason=pl.lit(None, pl.String))
    assert held_reasons(watch(silent)).tolist() == [[0, 1]]


def test_milestones_of_a_simulation_are_its_scans() -> None:
    orders = four_orders()
    events = simulate(two_offices(), orders, choose_all(orders), 1, "as_assumed")
    chosen = choose_all(orders).select("tenant", "seller", "order_id", "service", "route", "area")
    whole = events.join(chosen, on=["tenant", "seller", "order_id"])
    found = watch(whole, 24 * 3)
    names = dict(zip(found.items["item_id"], found.milestone.tolist(), strict=True))
    # On Thursday 00:00 o1 was received in Frankfurt and is on the way to its delivery office; o3 missed the flight.
    assert [SLOTS[names[item]] for item in ("o1#1", "o2#1", "o3#1")] == ["EMG", "EMG", "EXC"]
    assert np.isin(found.milestone, range(len(SLOTS))).all()


def test_events_without_item_or_time_are_told_and_left_out() -> None:
    given = pl.concat([scans(("EMA", "CNSHAA", 24)), scans(("EMB", "CNSHAA", 26)), scans(("EXA", "CNSHAA", 28))])
    broken = given.with_columns(
        item_id=pl.Series(["a", None, "a"]), time=pl.when(pl.col("code") == "EXA").then(None).otherwise("time")
    )
    found = watch(broken)
    assert codes(found) == ["exceptions_row_incomplete"]
    assert found.findings[0].message == "2 events"
    assert [SLOTS[at] for at in found.milestone] == ["EMA"]


def test_instants_may_be_texts_or_have_no_zone_and_texts_may_be_categories() -> None:
    given = scans(("EMA", "CNSHAA", 24), ("EMB", "CNSHAA", 26))
    zoneless = given.with_columns(pl.col("time", "placed_at").dt.replace_time_zone(None))
    texts = given.with_columns(pl.col("time", "placed_at").dt.to_string("iso:strict"))
    categories = given.with_columns(pl.col(pl.String).cast(pl.Categorical))
    for events in (zoneless, texts, categories):
        assert heard(watch(events)) == [26]
