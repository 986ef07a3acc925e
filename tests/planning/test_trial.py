"""A plan tried on a tiny world: what differs is the plan, and where it disagrees with the simulation it says why."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import polars as pl
import pytest

from entrepost.base.errors import MisuseError
from entrepost.planning.inventory_fallback import keep_base_stock
from entrepost.planning.replenishment import replenish
from entrepost.planning.trial import TrialPlan, try_plan
from entrepost.planning.trials.frames import Trial
from entrepost.service.policy import FirstNamed
from entrepost.tables.text import fill
from tests.planning.scenes import CAPPED
from tests.planning.test_replenishment import TERMS
from tests.planning.trial_scenes import ASSUMED, LOCAL_FIRST, lamps, opened, plan, shelf, today


@lru_cache(maxsize=1)
def well_stocked() -> Trial:
    """A lamp a day from a base stock of 20."""
    return try_plan(today(), lamps(), plan(20), ASSUMED)


def test_a_plan_is_tried_on_the_same_orders_with_the_same_luck() -> None:
    trial = well_stocked()
    wait = trial.get("wait_days")
    assert wait["plan"] < wait["today"] - 1
    assert wait["difference"] == pytest.approx(wait["plan"] - wait["today"])
    assert trial.get("from_stock")["plan"] == pytest.approx(1.0, abs=0.01)
    assert trial.accepted
    assert abs(trial.simulated.mean - trial.planned_days) < 0.25


def test_while_shelves_fill_orders_go_direct() -> None:
    trial = well_stocked()
    assert trial.warm_up_days >= 5
    assert trial.get("from_stock", "ramp-up")["plan"] < trial.get("from_stock")["plan"]
    assert trial.days["from_stock"][0] == 0.0


def test_where_the_two_sides_are_alike_nothing_differs() -> None:
    alike = TrialPlan(today(), shelf(5).clear())
    trial = try_plan(today(), lamps(), alike, replace(ASSUMED, world="default"))
    assert trial.get("wait_days")["difference"] == 0.0
    assert trial.get("wait_days")["half_width"] == 0.0


def test_a_base_stock_keeps_in_the_trial_what_erlang_says() -> None:
    trial = try_plan(today(), lamps(2.0), plan(10), ASSUMED)
    row = trial.shelves.row(0, named=True)
    lead_days = replenish(opened(), ["CNSHAA"], ("air",), TERMS).rows["lead_days_mean"][0]
    expected = keep_base_stock(row["asked_day"], lead_days, 10).served_share
    assert row["simulated_share"] == pytest.approx(expected, abs=0.04)


def test_stock_outs_are_told_where_the_plan_expected_none() -> None:
    trial = try_plan(today(), lamps(2.0), plan(3), ASSUMED)
    assert not trial.accepted
    assert any("stock-outs" in reason for reason in trial.reasons)
    assert any("lane to DE" in reason for reason in trial.reasons)


def test_a_plan_that_expects_its_stock_outs_is_accepted() -> None:
    often = replace(ASSUMED, replications=12, half_width_max=0.2)
    short = try_plan(today(), lamps(2.0), plan(3), often)
    share = short.shelves["simulated_share"][0]
    expected = TrialPlan(opened(), shelf(3, served_share=share), LOCAL_FIRST)
    assert try_plan(today(), lamps(2.0), expected, often).accepted


def test_full_departures_are_told() -> None:
    tight = replace(opened(), departures=tuple(replace(row, capacity_kg=1) for row in opened().departures))
    nothing = TrialPlan(tight, shelf(5).clear(), FirstNamed(("PACKET",)))
    crowded = lamps(2.3)
    trial = try_plan(tight, crowded, nothing, replace(ASSUMED, world=CAPPED))
    assert not trial.accepted
    assert any(reason.startswith("capacity") for reason in trial.reasons)


def test_a_seller_who_is_left_out_is_served_as_today() -> None:
    trial = try_plan(today(), lamps(), plan(20, left_out=("shop",)), ASSUMED)
    assert trial.get("wait_days")["difference"] == 0.0
    assert trial.shelves.is_empty()


def test_sellers_are_told_their_gain_and_risk() -> None:
    row = well_stocked().sellers.row(0, named=True)
    assert row["seller"] == "shop"
    assert row["difference_days"] < -1
    assert row["gain_minor"] > 0
    assert row["loss_share"] == 0.0


def test_several_workers_give_the_same_trial() -> None:
    one = try_plan(today(), lamps(0.5), plan(10), replace(ASSUMED, world="default"))
    two = try_plan(today(), lamps(0.5), plan(10), replace(ASSUMED, world="default", workers=2))
    assert one.differences.equals(two.differences)


def test_interrupted_it_keeps_what_was_replicated() -> None:
    def stop(done: int, _: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    trial = try_plan(today(), lamps(0.5), plan(10), replace(ASSUMED, replications=9), stop)
    assert trial.seeds == (1, 2)


def test_in_notebooks_it_tells_its_verdict_first() -> None:
    trial = try_plan(today(), lamps(0.5), plan(10), ASSUMED)
    assert trial._repr_html_().startswith("<p><b>Plan and simulation")


def test_without_orders_there_is_nothing_to_try() -> None:
    with pytest.raises(MisuseError, match="no order"):
        try_plan(today(), lamps().clear(), plan(3), ASSUMED)


def test_two_sellers_share_nothing() -> None:
    orders = lamps(0.5)
    other = orders.with_columns(seller=pl.lit("other"), order_id=fill("y{}", "order_id"))
    trial = try_plan(today(), pl.concat([orders, other]), plan(10), ASSUMED)
    assert dict(trial.sellers.select("seller", "from_stock").iter_rows())["other"] == 0.0


@pytest.mark.parametrize(("wide_enough", "worlds"), [(100.0, 2), (1e-9, 5)])
def test_a_trial_goes_on_until_its_interval_is_narrow_enough_or_it_was_tried_often_enough(
    wide_enough: float, worlds: int
) -> None:
    told: list[tuple[int, int]] = []
    asked = replace(ASSUMED, replications=2, replications_most=5, world="default", half_width_max=wide_enough)
    trial = try_plan(today(), lamps(), plan(5), asked, lambda done, of: told.append((done, of)))
    assert trial.seeds == tuple(range(1, worlds + 1))
    assert told[-1] == (worlds, worlds)
    assert (worlds == 2) or any("interval is too wide" in reason for reason in trial.reasons)
