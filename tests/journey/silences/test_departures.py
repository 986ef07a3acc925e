"""Who left with which departure, who was ready for which, and who of them is silent."""

from __future__ import annotations

from datetime import timedelta

import polars as pl
import pytest

from entrepost.journey.silence import weigh_silence
from entrepost.journey.silences.departures import LEFT, SCHEMA, WAITING, list_occasions
from tests.journey.histories import uncertain_offices
from tests.journey.planted import NOW, last_departure, lost_departure, usual
from tests.journey.silences.test_read import scans
from tests.worlds import MONDAY, hub, two_offices

NETWORK = uncertain_offices()


def occasions(events: pl.DataFrame) -> pl.DataFrame:
    return list_occasions(weigh_silence(NETWORK, events, NOW))


def test_who_left_together_has_one_departure_and_is_silent_where_it_is_lost() -> None:
    events, lost = lost_departure()
    found = occasions(events).filter(pl.col("way") == LEFT)
    sums = found.group_by("run").agg(pl.len(), pl.col("silent").sum(), pl.col("chance").sum()).sort("run")
    gone = sums.filter(pl.col("silent") > 10)
    assert gone.height == 1
    assert gone.row(0)[1:3] == (len(lost), len(lost))
    assert gone["chance"][0] < 0.1


def test_who_is_ready_for_a_departure_that_has_not_left_yet_is_silent_with_a_chance_of_one() -> None:
    found = occasions(usual()).filter((pl.col("way") == WAITING) & pl.col("silent"))
    assert found.height > 10
    assert found["run"].n_unique() == 1
    assert found["chance"].min() == pytest.approx(1.0)


def test_what_has_arrived_is_not_silent() -> None:
    arrived = last_departure(NOW - timedelta(days=9))["item_id"].to_list()
    found = occasions(usual())
    silence = weigh_silence(NETWORK, usual(), NOW)
    names = silence.watch.items.with_row_index("item").select(pl.col("item").cast(pl.Int32), "item_id")
    rows = found.join(names, on="item").filter(pl.col("item_id").is_in(arrived) & (pl.col("way") == LEFT))
    assert rows.height >= len(arrived) * 0.5
    assert not rows["silent"].any()


def test_both_legs_over_a_hub_are_told_apart() -> None:
    """Landed in Dubai on Wednesday 20:00, an item is ready there for the departure of Thursday 06:00."""
    given = scans(
        *(("EMA", "CNSHAA", 24), ("EXC", "CNSHAA", 31), ("EMC", "CNSHAA", 60), ("EMJ", "AEDXBA", 68)),
        route="CNSHAA>AEDXBA>DEFRAA",
    )
    silence = weigh_silence(hub(), given, MONDAY + timedelta(hours=72))
    found = list_occasions(silence)
    places = silence.watch.history.tables.places
    ends = [(places[row["origin"]], places[row["destination"]]) for row in found.iter_rows(named=True)]
    assert ends == [("CNSHAA", "AEDXBA"), ("CNSHAA", "AEDXBA"), ("AEDXBA", "DEFRAA")]
    assert found["way"].to_list() == [WAITING, LEFT, WAITING]
    assert found["silent"].to_list() == [False, False, True]


def test_nobody_on_the_way_is_no_occasion() -> None:
    found = list_occasions(weigh_silence(two_offices(), usual().head(0), NOW))
    assert found.equals(pl.DataFrame(schema=SCHEMA))
