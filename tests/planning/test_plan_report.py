"""The report of a plan: its figures add up, and its page says what was planned, needing nothing else."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest

from entrepost.base.errors import MisuseError
from entrepost.planning.plan import plan
from entrepost.planning.plan_report import PlanReport, make_plan_report
from entrepost.planning.plan_reporting.page import make_plan_page, print_plan_report, render_plan_report
from entrepost.planning.plan_segments import segment_plan
from entrepost.planning.planner.params import PlanParams
from entrepost.planning.planner.pareto import draw_front
from entrepost.planning.planner.result import Plan
from entrepost.planning.planner.shock import SHOCKS, list_sensitivities, plan_worlds
from entrepost.planning.trials.frames import Trial
from entrepost.planning.trials.measure import Interval
from tests.documents.test_page import Reader
from tests.planning.markets import DEAR_CAPITAL, closed_warehouse, lamps_and_gems

PARAMS = PlanParams(terms=DEAR_CAPITAL, served_shares=(0.9,), modes=("air",), day_value_minor=100.0)
NETWORK = closed_warehouse(100_000)


@pytest.fixture(scope="module")
def planned() -> Plan:
    return plan(NETWORK, lamps_and_gems(), PARAMS)


@pytest.fixture(scope="module")
def report(planned: Plan) -> PlanReport:
    front = draw_front(planned.options, planned.network, PARAMS, 3)
    return make_plan_report(NETWORK, planned, segment_plan(planned), front, made_up_trial(), None)


def made_up_trial() -> Trial:
    """What a trial tells, made up: half a day less for the one seller, in each of two runs."""
    differences = pl.DataFrame(
        [
            ("steady", "wait_days", 3.5, 3.0, -0.5, 0.1),
            ("steady", "within_5_days", 0.9, 1.0, 0.1, 0.01),
            ("steady", "cost_item_minor", 2500.0, 2600.0, 100.0, 10.0),
        ],
        schema=["phase", "measure", "today", "plan", "difference", "half_width"],
        orient="row",
    )
    days = pl.DataFrame({"day": [0, 1], "orders": [4, 4], "today_days": [3.5, 3.5], "plan_days": [3.5, 3.0]})
    sellers = pl.DataFrame(
        {"seller": ["shop"], "loss_share": [0.0], "difference_days": [-0.5], "half_width_days": [0.1]}
    )
    none = pl.DataFrame()
    days = days.with_columns(from_stock=pl.lit(0.4))
    interval = Interval(3.0, 0.1, 2)
    return Trial(differences, days, sellers, none, none, 2.9, interval, 1, True, (1, 2), True)


def test_the_parts_of_the_cost_add_up_to_what_an_item_costs(report: PlanReport) -> None:
    sums = report.frames.parts.select(pl.col("today", "plan").sum()).row(0)
    assert sums[0] == pytest.approx(report.today.cost_item_minor / report.scale)
    assert sums[1] == pytest.approx(report.then.cost_item_minor / report.scale)


def test_on_the_sellers_side_they_add_up_to_the_charge() -> None:
    found = plan(NETWORK, lamps_and_gems(), replace(PARAMS, side="seller"))
    told = make_plan_report(NETWORK, found)
    sums = told.frames.parts.select(pl.col("today", "plan").sum()).row(0)
    assert sums[0] == pytest.approx(told.today.cost_item_minor / told.scale)
    assert sums[1] == pytest.approx(told.then.cost_item_minor / told.scale)
    assert "The operator's price" in told.frames.parts["label"].to_list()


@pytest.mark.parametrize("name", ["regions", "countries", "sellers"])
def test_the_waits_of_all_places_and_sellers_come_to_the_waits_of_the_plan(report: PlanReport, name: str) -> None:
    frame = getattr(report.frames, name)
    items = pl.col("items")
    means = frame.select((pl.col(side) * items).sum() / items.sum() for side in ("before", "after")).row(0)
    assert means == pytest.approx((report.today.wait_days, report.then.wait_days))


def test_what_the_sellers_pay_more_is_what_the_plan_costs_more(report: PlanReport) -> None:
    more = report.then.cost_year_minor - report.today.cost_year_minor
    assert report.frames.sellers["more_cost"].sum() == pytest.approx(more / report.scale)


def test_the_shares_in_time_are_those_of_the_plan(report: PlanReport) -> None:
    frame = report.frames.arrivals.filter(pl.col("days") == report.plan.params.within_days)
    shares = dict(frame.select("state", "share").iter_rows())
    assert shares == pytest.approx({"before": report.today.share_within, "after": report.then.share_within})


def test_a_plan_cell_by_cell_is_told_as_it_is(planned: Plan) -> None:
    told = make_plan_report(NETWORK, planned)
    assert told.served is planned
    assert "rules" not in [section.name for section in make_plan_page(told).sections]
    sums = told.frames.parts.select(pl.col("today", "plan").sum()).row(0)
    assert sums[1] == pytest.approx(told.then.cost_item_minor / told.scale)


def test_the_page_needs_nothing_else_and_says_all_in_words(report: PlanReport) -> None:
    html = render_plan_report(report)
    reader = Reader(html)
    assert all(each.startswith(("data:", "#")) for each in reader.loads)
    names = [section.name for section in make_plan_page(report).sections]
    assert names == ["wait", "rules", "stock", "cost", "curve", "trial", "sellers", "sure", "assumptions"]
    assert html.count('<div class="still"><img') == reader.tags.count("figure") == 7
    assert "Open 1 warehouse and choose services anew" in html
    assert "worth up to 770.00 CNY" in html
    assert "Plan and simulation agree: 2.90 days were planned, 3.00 ± 0.10 came out" in html


def test_the_same_page_is_printed(report: PlanReport) -> None:
    assert print_plan_report(report).startswith(b"%PDF-")


def test_notebooks_show_it_without_scripts(report: PlanReport) -> None:
    html = report._repr_html_()
    assert html.count("<img ") == 7
    assert "<script" not in html


def test_every_rate_has_a_source_or_says_that_it_was_given(report: PlanReport) -> None:
    terms = report.frames.terms
    assert terms["source"].null_count() == 0
    given = terms.filter(pl.col("source") == "given with the plan")
    assert given.height == len(DEAR_CAPITAL)


def test_other_worlds_stand_in_a_table(planned: Plan) -> None:
    shocks = list_sensitivities(planned, plan_worlds(planned, SHOCKS[:2]))
    page = make_plan_page(make_plan_report(NETWORK, planned, shocks=shocks))
    sure = next(section for section in page.sections if section.name == "sure")
    assert len(sure.parts) == 1


def test_a_plan_that_opens_nothing_is_reported_too() -> None:
    found = plan(closed_warehouse(10**9), lamps_and_gems(), PARAMS)
    html = render_plan_report(make_plan_report(NETWORK, found, segment_plan(found)))
    assert "The plan opens no warehouse" in html


def test_without_a_plan_there_is_no_report() -> None:
    found = plan(NETWORK, lamps_and_gems(), replace(PARAMS, days_max=0.01))
    with pytest.raises(MisuseError, match="no plan to report"):
        make_plan_report(NETWORK, found)
