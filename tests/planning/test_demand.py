"""Demand by week: what was sold, what it is like, and what comes."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from entrepost.base.errors import MisuseError
from entrepost.planning.demand import DemandPanel, count_weeks, describe_demand
from entrepost.planning.demand_forecast import forecast_demand, market_factors
from entrepost.planning.demand_measure import measure_forecasts
from tests.worlds import MONDAY, four_orders

ZONE = "America/Sao_Paulo"


def weekly(*pieces: int, sku: str = "LAMP") -> pl.DataFrame:
    """Orders of so many pieces on the Monday of each week; none of 0."""
    one = four_orders().head(1)
    rows = [
        one.with_columns(
            order_id=pl.lit(f"{sku}{week}"),
            sku=pl.lit(sku),
            quantity=pl.lit(count, pl.Int64),
            placed_at=pl.lit(MONDAY + timedelta(weeks=week)).cast(pl.Datetime("us", "UTC")),
        )
        for week, count in enumerate(pieces)
        if count
    ]
    return pl.concat(rows)


def panel(*rows: list[float]) -> DemandPanel:
    keys = pl.DataFrame({"sku": [f"S{number}" for number in range(len(rows))]})
    return DemandPanel(keys, np.array(rows, dtype=float), MONDAY)


def test_weeks_are_counted_back_from_the_day_that_is_known() -> None:
    found = count_weeks(weekly(3, 0, 5, 2), as_of=MONDAY + timedelta(weeks=3))
    assert found.counts.tolist() == [[3, 0, 5]], "the fourth week is not known yet"


def test_before_its_first_sale_an_article_is_not_known() -> None:
    orders = pl.concat([weekly(1, 1, 1, 1), weekly(0, 0, 2, 0, sku="MUG")])
    found = count_weeks(orders, as_of=MONDAY + timedelta(weeks=4))
    mug = found.counts[found.keys["sku"].to_list().index("MUG")]
    assert np.isnan(mug[:2]).all()
    assert mug[2:].tolist() == [2, 0]


def test_weeks_out_of_stock_say_nothing_of_demand() -> None:
    out = pl.DataFrame({"seller": ["shop"], "sku": ["LAMP"], "day": [MONDAY + timedelta(days=9)]}).with_columns(
        pl.col("day").cast(pl.Datetime("us", "UTC"))
    )
    found = count_weeks(weekly(4, 1, 4), as_of=MONDAY + timedelta(weeks=3), out_of_stock=out)
    assert np.isnan(found.counts[0, 1])
    assert describe_demand(found)["level"].to_list() == [4.0]


def test_a_steady_series_does_not_vary() -> None:
    row = describe_demand(panel([2.0] * 26)).row(0, named=True)
    assert (row["level"], row["trend"], row["variability"], row["intermittence"]) == (2, 0, 0, 1)
    assert row["phase"] == "steady"


def test_phases_follow_the_life_of_an_article() -> None:
    nan = float("nan")
    found = describe_demand(
        panel([1.0] * 13 + [3.0] * 13, [3.0] * 13 + [1.0] * 13, [nan] * 22 + [2.0] * 4, [3.0] * 13 + [0.0] * 13)
    )
    assert found["phase"].to_list() == ["growing", "falling", "new", "ended"]


def test_every_second_week_is_an_intermittence_of_two() -> None:
    assert describe_demand(panel([1.0, 0.0] * 10))["intermittence"].to_list() == [2.0]


def test_a_long_known_series_is_forecast_at_its_own_level() -> None:
    found = forecast_demand(panel([10.0] * 40, [1.0] * 40), 2, discount=0.98)
    assert found.mean[0] == pytest.approx([10, 10], rel=0.1)
    assert found.mean[1] == pytest.approx([1, 1], rel=0.25)


def test_a_new_series_is_drawn_to_the_others() -> None:
    nan = float("nan")
    others = [[float(level)] * 20 for level in (3, 4, 5, 4, 4)]
    found = forecast_demand(panel(*others, [nan] * 19 + [12.0]), 1, discount=0.95)
    assert 4 < found.mean[-1, 0] < 12


def test_quantiles_ascend_and_the_frame_tells_them() -> None:
    found = forecast_demand(panel([3.0, 5.0, 4.0, 2.0, 6.0, 4.0] * 5), 3)
    assert (np.diff(found.quantiles, axis=2) >= 0).all()
    assert found.frame().columns == ["sku", "week_ahead", "mean", "p10", "p50", "p90"]
    assert found.frame()["week_ahead"].to_list() == [1, 2, 3]


def test_the_season_of_the_year_before_is_believed_by_half() -> None:
    year = [10.0] * 60 + [40.0] * 8 + [10.0] * 44
    factors = market_factors(np.array([year]), 4)
    assert factors[0] > 1
    assert factors.max() <= 2.0 + 1e-9, "four times as much, by its square root"
    assert market_factors(np.array([[10.0] * 30]), 4).tolist() == [1, 1, 1, 1]


def test_the_future_is_not_looked_at() -> None:
    orders = weekly(3, 4, 5, 6, 7, 8)
    day = MONDAY + timedelta(weeks=3)
    first, second = (count_weeks(each, as_of=day) for each in (orders, orders.filter(pl.col("placed_at") < day)))
    assert first.counts.tolist() == second.counts.tolist()


def test_forecasts_of_what_comes_by_chance_cover_what_they_say() -> None:
    rng = np.random.default_rng(1)
    rates = rng.gamma(2.0, 2.0, 300)
    found = measure_forecasts(panel(*rng.poisson(rates[:, None], (300, 60)).astype(float).tolist()), 12)
    loss = dict(found.select("method", "pinball_loss").iter_rows())
    covered = dict(found.select("method", "covered").iter_rows())
    assert loss["ours"] < 0.85 * loss["naive"]
    assert 0.78 < covered["ours"] < 0.97, "eight in ten, and more as pieces are whole"


def test_too_few_weeks_cannot_be_held_out() -> None:
    with pytest.raises(MisuseError, match="cannot be held out"):
        measure_forecasts(panel([1.0] * 5), 8)


@pytest.mark.shared
def test_on_real_orders_it_beats_both_naive_forecasts(shared: Path) -> None:
    """The last sixteen weeks before May 2018, by seller, forecast one to four weeks ahead."""
    folder = shared / "data" / "olist"
    placed = pl.col("order_purchase_timestamp").str.to_datetime("%Y-%m-%d %H:%M:%S", strict=False)
    orders = pl.read_csv(folder / "orders.csv.gz", infer_schema=False).select("order_id", placed_at=placed)
    lines = pl.read_csv(folder / "order_items.csv.gz", infer_schema=False).join(orders.drop_nulls(), on="order_id")
    zoned = pl.col("placed_at").dt.replace_time_zone(ZONE, ambiguous="earliest", non_existent="null")
    sold = lines.select(
        seller="seller_id", order_id="order_id", sku="product_id", placed_at=zoned.dt.convert_time_zone("UTC")
    ).drop_nulls()
    sold = sold.with_columns(weight_g=pl.lit(1), origin=pl.lit("CNSZXA"), country=pl.lit("BR"))
    often = sold.group_by("seller").len().filter(pl.col("len") >= 50).select("seller")
    found = measure_forecasts(count_weeks(sold.join(often, on="seller"), ("seller",)), 16)
    print(found)
    loss = dict(found.select("method", "pinball_loss").iter_rows())
    assert loss["ours"] < 0.95 * min(loss["naive"], loss["seasonal_naive"])
