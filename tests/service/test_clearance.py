"""A quote promises an order by its own chance at customs where its articles are told, and by the lane's otherwise."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from entrepost.customs.estimate import ClearanceModel
from entrepost.planning.simulate import simulate
from entrepost.planning.simulation.world import World
from entrepost.service.choice import choose
from entrepost.service.clearance import Clearance
from entrepost.service.quote import quote
from tests.journey.test_stopped import office_that_stops
from tests.worlds import four_orders

SPREAD = (-2.0, 2.0)
POINTS = pl.DataFrame(
    {
        "factor": ["chapter", "chapter", "seller_score"],
        "level": ["61", "85", "50"],
        "points": [-2.0, 2.0, 1.0],
        "items": 9,
    }
)
MODEL = ClearanceModel(-2.0, POINTS, SPREAD, "CNY")
NETWORK = office_that_stops(100_000)
STEADY = World(
    factor_spread=0.0,
    facility_slow_day_per_million=0,
    country_slow_day_per_million=0,
    late_per_million=0,
    missed_per_million=0,
    final_unscanned_per_million_most=0,
)
"""A world that differs from what is promised by its customs, and by the departures that carry no mail."""


def orders(*codes: str | None) -> pl.DataFrame:
    first = four_orders()[:1].drop("hs_code", strict=False)
    rows = [first.with_columns(order_id=pl.lit(f"o{at}"), hs_code=pl.lit(code)) for at, code in enumerate(codes)]
    return pl.concat(rows)


def waits(found: pl.DataFrame) -> list[int]:
    return found["wait_hours_p90"].to_list()


def test_lamps_are_promised_later_than_shirts_and_what_is_not_told_as_the_lane_is() -> None:
    many = orders("610910", "851310", None)
    assert waits(quote(NETWORK, many)) == [82, 82, 82]
    assert waits(quote(NETWORK, many, clearance=Clearance(MODEL))) == [82, 202, 82]


def test_of_several_articles_the_one_that_is_stopped_most_often_decides() -> None:
    first = orders("610910")
    two = pl.concat([first, first.with_columns(hs_code=pl.lit("851310"))])
    assert waits(quote(NETWORK, two, clearance=Clearance(MODEL))) == [202]


def test_a_seller_whose_data_are_bad_is_promised_later() -> None:
    one = orders("610910")
    mean = [
        quote(NETWORK, one, clearance=Clearance(MODEL, scores))["wait_hours_mean"].item()
        for scores in ({}, {"shop": 52.0})
    ]
    assert mean[1] > mean[0] + 0.5


def test_the_date_that_is_wanted_is_kept_as_probably_as_the_item_passes() -> None:
    wanted = orders("610910", "851310").with_columns(wanted_by=pl.col("placed_at") + pl.duration(hours=100))
    found = quote(NETWORK, wanted, clearance=Clearance(MODEL))
    shirts, lamps = found["wanted_probability"].to_list()
    assert shirts > 0.9 > lamps
    assert (1 - shirts + 1 - lamps) / 2 == pytest.approx(0.1, abs=0.001)


def test_promises_are_kept_as_stated_in_a_world_that_differs() -> None:
    """Customs of the world hold a quarter more lamps than the promise knows, and a third of them fewer shirts."""
    codes = ["610910", "851310"] * 300
    first = orders(*codes[:2])
    many = pl.concat([first] * (len(codes) // 2)).with_columns(
        order_id=pl.Series([f"o{at}" for at in range(len(codes))]),
        placed_at=pl.col("placed_at") + pl.duration(hours=pl.int_range(len(codes)) // 2 % 168),
    )
    chosen = choose(NETWORK, many)
    promised = quote(NETWORK, many, clearance=Clearance(MODEL)), quote(NETWORK, many)
    for code, share in (("610910", 0.006), ("851310", 0.24)):
        own = pl.Series(codes) == code
        world = office_that_stops(round(share * 1_000_000))
        events = simulate(world, many.filter(own), chosen.filter(own), seed=3, world=STEADY)
        by_item, by_lane = (_gap(each.filter(own), events) for each in promised)
        assert by_item < 0.06
        assert code == "610910" or by_lane > 0.1


def _gap(quotes: pl.DataFrame, events: pl.DataFrame) -> float:
    """How far the share of promises that were kept is from the probability that was stated for them."""
    tried = events.filter(pl.col("code").is_in(["EMI", "EMH", "EDH"])).group_by("order_id").agg(pl.col("time").min())
    both = quotes.join(tried, on="order_id", how="inner")
    assert both.height == quotes.height
    kept = both.select((pl.col("time") <= pl.col("arrive_by_p90")).mean()).item()
    return abs(float(kept) - float(both.select(pl.col("arrive_by_p90_probability").mean()).item()))


def test_a_quote_of_an_earlier_day_takes_the_rate_of_its_time() -> None:
    old = orders("851310").with_columns(placed_at=pl.col("placed_at") - pl.duration(days=365))
    assert old["placed_at"].item().date() < date(2025, 6, 1)
    lane, own = (waits(quote(NETWORK, old, clearance=each))[0] for each in (None, Clearance(MODEL)))
    assert own > lane
