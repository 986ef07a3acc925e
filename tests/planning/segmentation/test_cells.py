"""A market's cells and options as a problem of segments, and the rules that come out."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from entrepost.base.errors import MisuseError
from entrepost.planning.segmentation.cells import NamedPolicy, market_problem, measure_market, segment_market
from entrepost.planning.segments import SegmentParams
from tests.planning.segment_markets import brisk_and_slow, cell, cells_frame, option, options_frame


def test_policies_are_the_mail_that_costs_least_alone_and_behind_stock() -> None:
    market = market_problem(*brisk_and_slow())
    assert market.policies == (NamedPolicy(stocked=False, day_minor=100.0), NamedPolicy(stocked=True, day_minor=100.0))
    assert market.mail == ("PACKET",)
    assert market.stock_service == "LOCAL"


def test_a_wait_counts_at_the_value_of_a_day() -> None:
    market = market_problem(*brisk_and_slow())
    by_name = dict(zip(market.cells["cell"], np.asarray(market.problem.cost).tolist(), strict=True))
    assert by_name["DE-60|shop|daily/250/none"] == [2800.0, 1400.0]
    assert by_name["BR-1|shop|daily/250/none"] == [2800.0, 2800.0]


def test_stock_pays_where_demand_is_brisk() -> None:
    found = segment_market(market_problem(*brisk_and_slow()))
    policies = {each.policy(number).stocked for each in [found] for number in range(len(found.found.segments))}
    assert (found.found.regret, len(found.found.segments), policies) == (0.0, 2, {False, True})
    assert found.cells().group_by("segment").agg(pl.col("items_year").min()).sort("items_year")[
        "items_year"
    ].to_list() == [5.0, 500.0]


def test_a_closed_warehouse_is_no_option() -> None:
    found = segment_market(market_problem(*brisk_and_slow(), opened=()))
    assert [found.policy(number).stocked for number in range(len(found.found.segments))] == [False]


def test_where_a_service_cannot_carry_the_next_does() -> None:
    cells = cells_frame([cell("DE-60|shop|daily/250/none"), cell("DE-60|shop|daily/more/none", weight_g=9000.0)])
    light, heavy = cells["cell"]
    options = options_frame(
        [
            option(light, "direct:PACKET", 500, 1),
            option(light, "direct:PARCEL", 900, 1),
            option(heavy, "direct:PARCEL", 900, 1),
        ]
    )
    market = market_problem(cells, options)
    assert market.policies == (NamedPolicy(stocked=False, day_minor=100.0),)
    assert np.asarray(market.problem.cost)[:, 0].tolist() == [600.0, 1000.0]


def test_a_service_of_one_name_is_a_policy_where_it_is_better_than_what_seems_to_cost_least() -> None:
    cells = cells_frame([cell("DE-60|shop|daily/250/none"), cell("BR-1|shop|daily/250/none")])
    options = options_frame(
        [
            option(place, service, 500 if "CHEAP" in service else 900, 1)
            for place in cells["cell"]
            for service in ("direct:CHEAP", "direct:SURE")
        ]
    )
    late = options.with_columns(
        asked_minor="cost_minor",
        cost_minor=pl.col("cost_minor") + pl.when(pl.col("service") == "CHEAP").then(600).otherwise(0),
    )
    market = market_problem(cells, late)
    sure = market.policies.index(NamedPolicy(stocked=False, services=("SURE", "CHEAP")))
    assert np.asarray(market.problem.cost)[0].tolist()[sure] == 1000.0, "what costs least is not what keeps a limit"
    assert not any(policy.services[:1] == ("CHEAP",) for policy in market.policies)


def test_today_tells_the_saving() -> None:
    cells, options = brisk_and_slow()
    today = cells.select("cell", option=pl.lit("direct:PACKET"))
    market = market_problem(cells, options, today=today)
    assert market.problem.saving() == pytest.approx(2 * 500 * 1400.0)


def test_segments_are_measured_on_the_market_of_later_weeks() -> None:
    cells, options = brisk_and_slow()
    first = market_problem(cells, options)
    found = segment_market(first, SegmentParams(regret_share_max=0.0))
    later = market_problem(cells.with_columns(pl.col("items_year") * 3), options, like=first)
    assert measure_market(found, later).found.regret == 0.0
    moved = options.with_columns(
        cost_minor=pl.when(pl.col("kind") == "stock").then(9000.0).otherwise(pl.col("cost_minor"))
    )
    measured = measure_market(found, market_problem(cells, moved, like=first))
    assert measured.found.regret == pytest.approx(2 * 500 * (9200.0 - 2800.0))


def test_a_market_of_other_policies_is_refused() -> None:
    cells, options = brisk_and_slow()
    found = segment_market(market_problem(cells, options))
    with pytest.raises(MisuseError, match="like=the first market"):
        measure_market(found, market_problem(cells, options, opened=()))


def test_options_without_direct_mail_are_refused() -> None:
    cells, options = brisk_and_slow()
    with pytest.raises(MisuseError, match="no direct service"):
        market_problem(cells, options.filter(pl.col("kind") == "stock"))
