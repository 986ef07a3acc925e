"""A plan put into rules: what the rules say, what they cost, and that `choose` obeys them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import polars as pl
import pytest

from entrepost.base.errors import MisuseError
from entrepost.planning.plan import plan
from entrepost.planning.plan_segments import PlanSegments, measure_later, segment_plan
from entrepost.planning.planner.export import open_planned
from entrepost.planning.planner.params import PlanParams
from entrepost.planning.planner.result import Plan
from entrepost.planning.segments import SegmentParams
from entrepost.service.choice import choose
from entrepost.service.policy import RuleFile
from tests.planning.markets import DEAR_CAPITAL, closed_warehouse, lamps_and_gems
from tests.worlds import MONDAY

PARAMS = PlanParams(terms=DEAR_CAPITAL, served_shares=(0.9,), modes=("air",), day_value_minor=100.0)


@pytest.fixture(scope="module")
def planned() -> Plan:
    return plan(closed_warehouse(1000), lamps_and_gems(), PARAMS)


@pytest.fixture(scope="module")
def rules(planned: Plan) -> PlanSegments:
    return segment_plan(planned)


def write(rules: PlanSegments, folder: Path) -> Path:
    written = rules.rules()
    (folder / "rules.toml").write_text(written.text, encoding="utf-8")
    for name, frame in written.files.items():
        frame.write_csv(folder / name)
    return folder / "rules.toml"


def test_lamps_come_from_stock_and_gems_by_mail(rules: PlanSegments) -> None:
    told = rules.frame().select("words", "served").rows()
    assert [served.split()[0] for _, served in told] == ["from", "by"]
    assert told[0][0].startswith("worth up to")
    assert rules.found.found.status == "proved"
    assert rules.found.found.regret == pytest.approx(0, abs=1e-6)


def test_rules_that_lose_nothing_cost_what_the_plan_costs(planned: Plan, rules: PlanSegments) -> None:
    ruled = rules.ruled
    assert ruled.planned is not None
    assert planned.planned is not None
    assert ruled.planned.cost_year_minor == pytest.approx(planned.planned.cost_year_minor)
    assert ruled.planned.wait_days == pytest.approx(planned.planned.wait_days)
    assert ruled.stock.equals(planned.stock)
    assert ruled.warehouses["on_hand"][0] == pytest.approx(planned.warehouses["on_hand"][0])
    assert rules.share == pytest.approx(0, abs=1e-9)


def test_one_rule_for_all_costs_what_its_shelves_cost(planned: Plan) -> None:
    """All by one policy, counted by hand from the options of the two cells."""
    rules = segment_plan(planned, SegmentParams(leaves_max=1))
    [row] = rules.frame().rows(named=True)
    assert not row["stocked"], "a gem on a shelf costs more than all lamps save"
    ruled = rules.ruled.planned
    assert ruled is not None
    assert ruled.from_stock_share == 0
    fixed = float(planned.warehouses["cost_year_minor"].sum())
    assert ruled.cost_year_minor == pytest.approx(planned.today.cost_year_minor + fixed)
    assert rules.share == pytest.approx(1)
    assert rules.ruled.stock.is_empty()


def test_choosing_by_the_rules_serves_each_order_as_they_say(rules: PlanSegments, tmp_path: Path) -> None:
    network = open_planned(rules.ruled)
    orders = lamps_and_gems(1)
    new = orders.head(1).with_columns(order_id=pl.lit("new"), sku=pl.lit("NEVER SOLD"))
    chosen = choose(network, pl.concat([orders, new]), RuleFile(write(rules, tmp_path)))
    asked = pl.concat([orders, new]).select("order_id", "sku").join(chosen, on="order_id", maintain_order="left")
    services = dict(asked.group_by("sku").agg(pl.col("service").unique()).iter_rows())
    assert services == {"LAMP": ["LOCAL"], "GEM": ["PACKET"], "NEVER SOLD": ["PACKET"]}
    assert asked["explanation"].str.contains("By the rule 'worth up to").any()


def test_later_weeks_are_asked_what_was_known_before() -> None:
    """Gems that begin to sell later are no gems of the plan: they were not known, so they count as rare."""
    day = MONDAY + timedelta(weeks=2)
    orders = lamps_and_gems()
    found = segment_plan(plan(closed_warehouse(1000), orders, replace(PARAMS, as_of=day)))
    later = measure_later(found, closed_warehouse(1000), orders.filter(pl.col("placed_at") >= day))
    assert later.later is not None
    assert later.later.found.share == pytest.approx(0, abs=1e-6)
    other = orders.filter(pl.col("placed_at") >= day).with_columns(
        sku=pl.when(pl.col("sku") == "GEM").then(pl.lit("STONE")).otherwise("sku")
    )
    unknown = measure_later(found, closed_warehouse(1000), other).later
    assert unknown is not None
    classes = unknown.market.cells["product_class"].to_list()
    assert sorted(name.split("/")[0] for name in classes) == ["daily", "rarely"]


def test_a_limit_has_the_least_price_that_keeps_it() -> None:
    """Gems go to stock only for a limit of one day: from then on a day less must be worth what their capital costs."""
    found = segment_plan(plan(closed_warehouse(1000), lamps_and_gems(), replace(PARAMS, days_max=1.0)))
    free = segment_plan(plan(closed_warehouse(1000), lamps_and_gems(), PARAMS))
    assert free.price.day_minor == 0
    dear = (509_126.65 - 467_790) / (82 - 17.2) * 24
    assert found.price.day_minor == pytest.approx(dear - 100, rel=1e-4)
    assert found.share == pytest.approx(0, abs=1e-6)


def test_a_share_in_time_has_a_price_of_its_own() -> None:
    params = replace(PARAMS, share_min=0.9, within_days=3)
    found = segment_plan(plan(closed_warehouse(1000), lamps_and_gems(), params))
    assert found.price.day_minor == 0
    assert found.price.late_minor > 0
    assert {row["served"].split()[0] for row in found.frame().iter_rows(named=True)} == {"from"}


def test_rules_are_told_in_lines_and_to_notebooks(rules: PlanSegments) -> None:
    lines = rules.lines()
    assert lines[0].startswith("rules       2 for 2 cells; lost 0.0% of the saving (proved)")
    assert len(lines) == 3
    assert rules._repr_html_().count("<tr>") == 3
    assert rules.facts()["regret_share_later"] is None


def test_there_are_no_rules_without_a_plan() -> None:
    with pytest.raises(MisuseError, match="no plan to put into rules"):
        segment_plan(plan(closed_warehouse(), lamps_and_gems(), replace(PARAMS, days_max=0.01)))
