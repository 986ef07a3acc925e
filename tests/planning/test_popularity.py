"""How often articles sell, by what was known on a day."""

from __future__ import annotations

from datetime import timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from entrepost.planning.cells import market_of
from entrepost.planning.planner.params import PlanParams
from entrepost.planning.popularity import POPULARITIES, by_articles, by_sales_before, list_articles
from tests.worlds import MONDAY, four_orders, one_warehouse


def sold(hours: list[int], sku: str = "LAMP") -> pl.DataFrame:
    """An order of one article at each of these hours after Monday."""
    placed = [MONDAY + timedelta(hours=hour) for hour in hours]
    return pl.concat([four_orders().head(1)] * len(hours)).with_columns(
        order_id=pl.Series([f"{sku}{place}" for place in range(len(hours))]),
        sku=pl.lit(sku),
        placed_at=pl.Series(placed, dtype=pl.Datetime("us", "UTC")),
    )


def before(lines: pl.DataFrame, known_days: float) -> list[str]:
    found = by_sales_before(lines, known_days)
    return lines.join(found, on=["tenant", "seller", "order_id"], maintain_order="left")["popularity"].to_list()


def test_an_order_is_sorted_by_the_sales_before_it_and_not_by_its_own() -> None:
    # The third order has two before it in 14 days, the second one; at the same hour neither knows of the other.
    assert before(sold([0, 24 * 7, 24 * 14, 24 * 14]), 60) == ["rarely", "rarely", "weekly", "weekly"]
    assert before(sold([0, 24 * 7, 24 * 30]), 60) == ["rarely", "rarely", "monthly"]


def test_sales_that_are_too_long_ago_are_forgotten() -> None:
    assert before(sold([0, 24, 24 * 80]), 60)[-1] == "rarely"


def test_an_order_is_as_popular_as_its_least_popular_article() -> None:
    often, once = sold([0, 1, 2, 24]), sold([24], "MUG").with_columns(order_id=pl.lit("LAMP3"), line=pl.lit(2))
    lines = pl.concat([often, once], how="vertical_relaxed").sort("placed_at", "order_id", "line")
    assert before(lines, 10)[-2:] == ["rarely", "rarely"]
    articles = list_articles(lines, lines["placed_at"].max(), 10)
    assert by_articles(lines, articles)["popularity"].to_list().count("rarely") == 1


@given(st.lists(st.integers(0, 90 * 24), min_size=1, max_size=30), st.integers(1, 60))
def test_what_is_counted_before_an_order_is_what_a_loop_counts(hours: list[int], known_days: int) -> None:
    lines = sold(sorted(hours))
    expected = []
    for hour in sorted(hours):
        sales = sum(hour - 24 * known_days <= each < hour for each in hours)
        known = min(max((hour - min(hours)) / 24, 1.0), known_days)
        often = sales / known
        expected.append(POPULARITIES[3 if sales < 2 else 0 if often >= 1 else 1 if often >= 1 / 7 else 2])
    assert before(lines, known_days) == expected


def test_demand_that_only_looked_popular_afterwards_is_not_counted_on() -> None:
    """Two hundred articles that sell twice in a week and never again: none could have been stocked in time."""
    orders = pl.concat([sold([24 * place, 24 * place + 1], f"A{place}") for place in range(100)])
    params = PlanParams(known_days=60)
    assert market_of(one_warehouse(), orders, params).stockable_share == pytest.approx(0.0)
    popular = list_articles(orders, orders["placed_at"].max(), 60)
    assert (popular["popularity"] == "monthly").mean() > 0.5
