"""Factors are measured on promises whose date has passed, and make the next ones true."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl
import pytest

from entrepost.base.errors import MisuseError
from entrepost.network.correction import Correction
from entrepost.planning.corrections import CorrectionParams, measure_corrections
from entrepost.tables.frames import INSTANT

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
HOUR_US = 3_600_000_000
P50, P90, P95 = 100.0, 100 * np.exp(0.3 * 1.2816), 100 * np.exp(0.3 * 1.6449)
"""Waits are lognormal around 100 hours; this is what a right promise says of them."""


def history(
    orders: int, days: int, seed: int = 1, slow: float = 1.0
) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Orders to DE and FR with the same promise; those to FR take `slow` times as long. Twenty leave together."""
    dice = np.random.default_rng(seed)
    number = np.arange(orders)
    placed = int(MONDAY.timestamp() * 1e6) + number * (days * 24 * HOUR_US // orders) // HOUR_US * HOUR_US
    country = np.where(number % 2 == 0, "DE", "FR")
    wait = np.exp(0.3 * dice.standard_normal(orders)) * 100 * np.where(country == "FR", slow, 1.0)
    names = {"tenant": pl.lit("main"), "seller": pl.lit("shop"), "order_id": pl.Series(number).cast(pl.String)}
    base = pl.DataFrame({"placed_at": pl.Series(placed).cast(INSTANT), "country": country}).with_columns(**names)
    placed_orders = base.with_columns(origin=pl.lit("CNSHAA"))
    hours = {"wait_hours_p50": round(P50), "wait_hours_p90": round(P90), "wait_hours_p95": round(P95)}
    due = pl.col("placed_at") + pl.duration(hours=round(P90))
    promises = base.select("tenant", "seller", "order_id", arrive_by_p90=due).with_columns(
        **{name: pl.lit(text) for name, text in (("service", "PACKET"), ("route", "a>b"), ("currency", "CNY"))},
        **{name: pl.lit(1) for name in ("items", "charge_minor", "cost_minor")},
        **{name: pl.lit(each) for name, each in hours.items()},
        arrive_by_p90_probability=0.9,
        wait_hours_mean=105.0,
    )
    left = base.select(
        "tenant",
        "seller",
        "order_id",
        item_id="order_id",
        time="placed_at",
        code=pl.lit("EMC"),
        facility=(pl.int_range(orders) // 20).cast(pl.String),
    )
    there = pl.Series(placed + (wait * HOUR_US).astype(np.int64)).cast(INSTANT)
    ended = left.with_columns(time=there, code=pl.lit("EMI"))
    return placed_orders, promises, pl.concat([left, ended]).with_columns(recorded_at=pl.col("time"))


def factor(rows: tuple[Correction, ...], figure: str, country: str = "*") -> float:
    service = "*" if country == "*" else "PACKET"
    return next(row.factor for row in rows if (row.service, row.country, row.figure) == (service, country, figure))


def test_a_lane_that_takes_longer_is_corrected_and_the_others_are_not() -> None:
    found = measure_corrections(*history(8_000, 60, slow=1.3), MONDAY + timedelta(days=60)).corrections
    assert factor(found, "p90", "FR") == pytest.approx(1.3, abs=0.05)
    assert factor(found, "p90", "DE") == pytest.approx(1.0, abs=0.05)
    assert factor(found, "p50", "FR") == pytest.approx(1.3, abs=0.05)
    assert 1.0 < factor(found, "p90") < 1.3


def test_a_corrected_promise_is_kept_as_often_as_it_says() -> None:
    given = history(8_000, 60, slow=1.3)
    found = measure_corrections(*given, MONDAY + timedelta(days=60)).corrections
    _, _, events = history(8_000, 60, seed=2, slow=1.3)
    placed = given[0].select("order_id", "placed_at", "country")
    waits = (
        events.filter(pl.col("code") == "EMI")
        .join(placed, on="order_id")
        .with_columns(hours=(pl.col("time") - pl.col("placed_at")).dt.total_microseconds() / HOUR_US)
    )
    for country in ("DE", "FR"):
        promised = round(P90) * factor(found, "p90", country)
        kept = waits.filter(pl.col("country") == country).select((pl.col("hours") <= promised).mean()).item()
        assert kept == pytest.approx(0.9, abs=0.02)


def test_what_became_known_later_changes_nothing() -> None:
    orders, promises, events = history(3_000, 60)
    as_of = MONDAY + timedelta(days=40)
    later = events.with_columns(
        time=pl.when(pl.col("recorded_at") > as_of).then(pl.col("time") + pl.duration(days=30)).otherwise("time")
    )
    one, other = (measure_corrections(orders, promises, each, as_of) for each in (events, later))
    assert one.corrections == other.corrections
    assert one.losses.equals(other.losses)


def test_undelivered_counts_as_broken() -> None:
    orders, promises, events = history(3_000, 60)
    lost = events.filter((pl.col("code") != "EMI") | (pl.col("order_id").cast(pl.Int64) % 10 != 0))
    as_of = MONDAY + timedelta(days=60)
    whole, some = (measure_corrections(orders, promises, each, as_of).corrections for each in (events, lost))
    assert factor(some, "p90") > factor(whole, "p90") + 0.05


def test_too_few_promises_correct_nothing() -> None:
    assert measure_corrections(*history(50, 60), MONDAY + timedelta(days=60)).corrections == ()


def test_promises_whose_date_has_not_passed_do_not_count() -> None:
    found = measure_corrections(*history(6_000, 60), MONDAY + timedelta(days=30))
    last = MONDAY + timedelta(days=30) - timedelta(hours=P90)
    expected = history(6_000, 60)[0].filter(pl.col("placed_at") <= last).height
    assert abs(found.orders - expected) <= 6_000 // 60 * 3


def slowed(
    given: tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame], day: int, slow: float
) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """The history, but orders placed after so many days take longer than was promised."""
    orders, promises, events = given
    later = (pl.col("code") == "EMI") & (pl.col("placed_at") > MONDAY + timedelta(days=day))
    there = pl.col("placed_at") + (pl.col("time") - pl.col("placed_at")) * slow
    moved = events.join(orders.select("order_id", "placed_at"), on="order_id").with_columns(
        time=pl.when(later).then(there).otherwise("time")
    )
    return orders, promises, moved.with_columns(recorded_at=pl.col("time"))


@pytest.mark.parametrize(("slow", "is_change"), [(1.1, False), (1.3, True)])
def test_recent_promises_weigh_more_unless_a_change_parts_them(slow: float, is_change: bool) -> None:
    given = slowed(history(6_000, 60), 30, slow)
    short, long = (
        measure_corrections(*given, MONDAY + timedelta(days=60), CorrectionParams(half_life_days=days))
        for days in (5.0, 500.0)
    )
    assert (long.change is not None) == is_change
    assert factor(short.corrections, "p90") == pytest.approx(slow, abs=0.06)
    if is_change:
        assert factor(long.corrections, "p90") == pytest.approx(slow, abs=0.06)
    else:
        assert factor(short.corrections, "p90") > factor(long.corrections, "p90") + 0.02


def test_three_ends_in_ten_that_nobody_scanned_change_little() -> None:
    orders, promises, events = history(12_000, 80)
    out = events.filter(pl.col("code") == "EMI").with_columns(code=pl.lit("EDG"))
    missing = pl.Series(np.random.default_rng(3).random(events.height) < 0.3) & (pl.col("code") == "EMI")
    as_of = MONDAY + timedelta(days=80)
    whole, some = (
        measure_corrections(orders, promises, pl.concat([out, each]), as_of).corrections
        for each in (events, events.filter(~missing))
    )
    for figure in ("mean", "p50", "p90", "p95"):
        assert factor(some, figure) == pytest.approx(factor(whole, figure), abs=0.04), figure


def test_after_a_change_that_the_network_knows_of_promises_are_not_shortened_by_what_was_before() -> None:
    orders, promises, events = history(12_000, 80)
    quicker = events.with_columns(
        time=pl.when(pl.col("code") == "EMI")
        .then(pl.col("time") - (pl.col("time") - pl.col("time").min().over("order_id")) * (1 - 1 / 1.3))
        .otherwise("time")
    )
    found = measure_corrections(*slowed((orders, promises, quicker), 55, 1.3), MONDAY + timedelta(days=80))
    assert found.change is not None
    assert abs(found.change.days_ago - 25) <= 3
    assert found.change.factor == pytest.approx(1.3, rel=0.05)
    for figure in ("p50", "p90"):
        assert factor(found.corrections, figure) == pytest.approx(1.0, abs=0.04)


def test_what_is_reported_days_later_is_not_taken_for_late() -> None:
    given = history(8_000, 60)
    slowly = given[2].with_columns(recorded_at=pl.col("time") + pl.duration(hours=60))
    as_of = MONDAY + timedelta(days=60)
    soon, later = (measure_corrections(*given[:2], each, as_of).corrections for each in (given[2], slowly))
    assert factor(later, "p90") == pytest.approx(factor(soon, "p90"), abs=0.03)


def test_the_mean_is_corrected_too() -> None:
    found = measure_corrections(*history(8_000, 60, slow=1.3), MONDAY + timedelta(days=60)).corrections
    mean = 100 * float(np.exp(0.3**2 / 2))
    assert factor(found, "mean", "FR") == pytest.approx(1.3 * mean / 105, abs=0.05)


def test_an_instant_without_a_zone_and_a_half_life_of_nothing_are_refused() -> None:
    with pytest.raises(MisuseError, match="zone"):
        measure_corrections(*history(50, 60), MONDAY.replace(tzinfo=None))
    with pytest.raises(MisuseError, match="half life"):
        CorrectionParams(half_life_days=0)
