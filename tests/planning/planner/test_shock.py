"""The plan in worlds that differ, and what it costs to serve whom."""

from __future__ import annotations

from dataclasses import replace

import pytest

from entrepost.base.errors import MisuseError
from entrepost.planning.plan import plan
from entrepost.planning.planner.params import PlanParams
from entrepost.planning.planner.result import Plan
from entrepost.planning.planner.serve import cost_to_serve
from entrepost.planning.planner.shock import Shock, choose_robust, list_sensitivities, plan_worlds, shocked
from tests.planning.markets import FREE, closed_warehouse, lamps

PARAMS = PlanParams(terms={**FREE, "fuel_share": 0.5}, served_shares=(0.9,), modes=("air",), day_value_minor=100.0)
FIXED = 2_000_000
"""Opening pays at all of the demand, and no longer at half of it."""


@pytest.fixture(scope="module")
def found() -> Plan:
    return plan(closed_warehouse(FIXED), lamps(), PARAMS)


def test_half_the_demand_is_not_worth_the_fixed_cost(found: Plan) -> None:
    assert found.planned is not None
    assert found.planned.warehouses == 1
    shocks = (Shock("as it is"), Shock("half", demand=0.5), Shock("more", demand=1.3))
    rows = list_sensitivities(found, plan_worlds(found, shocks))
    assert rows["warehouses"].to_list() == [1, 0, 1]
    assert rows["regret_year_minor"][0] == 0
    assert rows["regret_year_minor"][1] > 0, "the warehouse stays and is not worth it"


def test_fuel_makes_carriage_dearer_by_its_share(found: Plan) -> None:
    dear = shocked(found.options, found.network, Shock("fuel", fuel=1.2))
    before, after = found.options.rows["carriage_minor"], dear.rows["carriage_minor"]
    assert (after / before).to_list() == pytest.approx([1.1] * 2)
    assert (dear.rows["cost_minor"] - found.options.rows["cost_minor"]).to_list() == pytest.approx(
        (after - before).to_list()
    )


def test_duties_change_what_is_due(found: Plan) -> None:
    terms = replace(PARAMS, terms={**FREE, "purchase_share": 0.5})
    options = plan(closed_warehouse(), lamps(), terms).options
    high = shocked(options, found.network, Shock("duties", duties=2.0))
    assert (high.rows["duty_minor"] / options.rows["duty_minor"]).drop_nans().to_list() == pytest.approx([2.0])


def test_without_flights_nothing_is_left_to_serve_by(found: Plan) -> None:
    assert shocked(found.options, found.network, Shock("no air", closed="air")).rows.is_empty()


def test_what_passes_a_closed_office_is_left_out(found: Plan) -> None:
    left = shocked(found.options, found.network, Shock("closed", closed="DEFRAA")).rows
    assert left.is_empty(), "mail and stock both come over Frankfurt"


def test_a_world_in_which_no_plan_keeps_the_limit_is_told_and_regretted_by_none(found: Plan) -> None:
    limited = plan(closed_warehouse(FIXED), lamps(), replace(PARAMS, days_max=1.0))
    worlds = plan_worlds(limited, (Shock("as it is"), Shock("no rail", closed="rail")))
    rows = list_sensitivities(limited, worlds)
    assert rows["status"].to_list() == ["proved", "proved"]
    slow = plan(closed_warehouse(FIXED), lamps(), replace(PARAMS, days_max=0.1))
    told = list_sensitivities(slow, plan_worlds(slow, (Shock("as it is"),)))
    assert (told["status"][0], told["regret_year_minor"][0]) == ("infeasible", None)
    assert choose_robust(slow, plan_worlds(slow, (Shock("as it is"),))).is_empty()


def test_the_robust_choice_is_the_one_of_least_worst_regret(found: Plan) -> None:
    shocks = (Shock("as it is"), Shock("half", demand=0.5))
    rows = choose_robust(found, plan_worlds(found, shocks))
    assert set(rows["opened"]) == {"", "DEFRAW"}
    assert rows["worst_regret_year_minor"].is_sorted()


def test_cost_to_serve_adds_up_to_what_the_plan_costs(found: Plan) -> None:
    assert found.planned is not None
    row = cost_to_serve(found).row(0, named=True)
    assert row["country"] == "DE"
    assert row["cost_year_minor"] == pytest.approx(found.planned.cost_year_minor)
    assert row["fixed_minor"] == pytest.approx(FIXED / found.planned.items_year)
    assert row["wait_days"] == pytest.approx(found.planned.wait_days)


def test_cost_is_not_told_by_what_a_plan_does_not_know(found: Plan) -> None:
    with pytest.raises(MisuseError, match="cannot be told by 'colour'"):
        cost_to_serve(found, ("colour",))


def test_a_factor_of_nothing_is_refused() -> None:
    with pytest.raises(MisuseError, match="must be above 0"):
        Shock("none", demand=0.0)
