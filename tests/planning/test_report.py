from __future__ import annotations

from dataclasses import replace
from typing import Any

import polars as pl
import pytest

from entrepost.base.errors import MisuseError
from entrepost.documents.page import Figure, Page
from entrepost.documents.table import Table
from entrepost.journey.itinerary import build_itinerary
from entrepost.network.network import Network
from entrepost.planning.measure_steps import STEPS
from entrepost.planning.report import Change, Context, IntakeSummary, Measured, Report, make_report, measure
from entrepost.planning.reporting.frames import (
    STEP_NAMES,
    arrivals,
    by_lane,
    by_leg,
    kept_at_levels,
    kept_by,
    lane_parts,
)
from entrepost.planning.reporting.page import make_page, render_report
from entrepost.planning.reporting.sources import assumed_share, list_parts, rests_on
from entrepost.planning.reporting.words import list_words, points
from entrepost.planning.simulate import simulate
from entrepost.service.choice import choose
from tests.worlds import four_orders, one_warehouse, two_offices

WAITS = {"o1": 82.0, "o2": 79.0, "o3": 174.5, "o4": 106.0}
"""Hours in `two_offices`; o3 is placed half an hour before its start."""

WITHIN = 1.0
"""An attempt is scanned within the hour at whose end the promise counts it."""


@pytest.fixture(scope="module")
def direct() -> Measured:
    return carried(two_offices())


@pytest.fixture(scope="module")
def stocked() -> Measured:
    return carried(one_warehouse())


def carried(network: Network) -> Measured:
    """The four orders of the shop, carried as the promise assumes."""
    orders = four_orders()
    chosen = choose(network, orders)
    return measure(network, orders, chosen, simulate(network, orders, chosen, seed=1, world="as_assumed"))


@pytest.fixture(scope="module")
def report(direct: Measured, stocked: Measured) -> Report:
    findings = pl.DataFrame({"code": ["x"], "meaning": ["Something <b>."], "rows": [3]})
    intake = IntakeSummary(10, 7, findings, 364, ("old.csv",))
    change = Change("DEFRAW", "Frankfurt", ("DE",), 1, 2, ("A note.",))
    return make_report(one_warehouse(), direct, stocked, Context(("Made up.",), intake, change))


def test_the_glance_is_what_can_be_worked_out_by_hand(report: Report) -> None:
    before = report.before.figures
    assert (before.orders, before.items, before.unserved, before.undelivered) == (4, 4, 0, 0.0)
    assert 24 * before.wait_days == pytest.approx(sum(WAITS.values()) / 4, abs=WITHIN)
    assert before.kept == 1.0
    assert round(before.cost_item_minor) == (3 * 2000 + 3500) / 4
    after = report.after
    assert after is not None
    assert 24 * after.figures.wait_days == pytest.approx((10 + 31 + WAITS["o3"] + WAITS["o4"]) / 4, abs=WITHIN)


def test_the_difference_is_paired_order_by_order(report: Report) -> None:
    assert report.difference is not None
    assert 24 * report.difference.days_saved == pytest.approx(((82 - 10) + (79 - 31)) / 4, abs=WITHIN)
    assert report.difference.from_stock == 0.5
    assert report.difference.countries["country"].to_list() == ["DE"]


def test_fixed_cost_is_spread_over_all_items(direct: Measured) -> None:
    plain = make_report(two_offices(), direct).before.figures.cost_item_minor
    dear = make_report(two_offices(), replace(direct, fixed_cost_minor=400)).before.figures.cost_item_minor
    assert dear == plain + 100


def test_steps_add_up_to_the_wait(report: Report) -> None:
    assert round(report.before.steps["days"].sum(), 9) == round(report.before.figures.wait_days, 9)
    assert report.before.steps["step"].to_list() == [step for step in STEPS if step in set(report.before.steps["step"])]


def test_every_step_has_a_name_for_readers() -> None:
    assert set(STEPS) <= set(STEP_NAMES)


def test_parts_of_a_lane_add_up_to_its_wait(direct: Measured) -> None:
    parts = lane_parts(direct.waits, direct.spent)
    whole = parts.filter(pl.col("part") == "Whole wait")["days"].sum()
    assert round(parts["days"].sum() - whole, 9) == round(whole, 9)
    assert by_lane(direct.waits)["lane"].to_list() == ["Shanghai to Germany"]


def test_arrivals_end_with_all_who_were_served(direct: Measured) -> None:
    curve = arrivals(direct.waits)
    assert curve.filter(pl.col("days") == 3.0)["share"].item() == 0.0
    assert curve.filter(pl.col("days") == 3.5)["share"].item() == 0.5
    assert curve["share"][-1] == 1.0


def test_a_leg_carries_the_items_of_all_routes_over_it(direct: Measured, stocked: Measured) -> None:
    assert by_leg(two_offices(), direct.waits)["items"].to_list() == [4]
    assert by_leg(one_warehouse(), stocked.waits)["items"].to_list() == [2]


def test_promises_are_rated_at_four_levels(direct: Measured) -> None:
    levels = kept_at_levels(direct.waits)
    named = ["One in ten: the range begins", "Half of the customers", "Nine in ten: the promise", "19 in 20"]
    assert levels["label"].to_list() == named
    assert levels["level"].to_list() == [0.1, 0.5, 0.9, 0.95]
    assert levels["kept"].to_list() == [1.0, 1.0, 1.0, 1.0]


def test_a_late_order_is_a_broken_promise_and_tells_the_day_that_should_have_been_named(direct: Measured) -> None:
    late = direct.waits.with_columns(kept=False, wait_hours=pl.col("promised_hours") + 48)
    rated = kept_by(late, "service_name").row(0, named=True)
    assert rated["kept"] == 0.0
    assert round(rated["happened_days"] - rated["promised_days"], 6) == 2.0


def test_what_is_expected_rests_on_the_sources_of_its_rows(direct: Measured) -> None:
    network = two_offices()
    assert assumed_share(network, direct.waits) == 1.0
    sourced = replace(network, processing=tuple(replace(row, source="measured") for row in network.processing))
    days = rests_on(sourced, direct.waits).group_by("source").agg(pl.col("days").sum())
    assert round(dict(days.iter_rows())["measured"], 6) == round((24 + 2 + 4 + 4) / 24, 6)
    assert 0 < assumed_share(sourced, direct.waits) < 1


def test_expected_hours_of_each_step_can_be_worked_out() -> None:
    steps = build_itinerary(two_offices(), "PACKET", ("CNSHAA", "DEFRAA"), "DE")
    hours = {name: round(hours, 3) for step in steps for name, _, hours in list_parts(step) if name != "ride"}
    rides = sum(hours for step in steps for name, _, hours in list_parts(step) if name == "ride")
    gaps = (72**2 + 96**2) / (2 * 168)
    assert round(rides, 3) == round(gaps + 2 + 12, 3)
    assert hours == {
        "prepare": 24, "accept": 2, "outward": 4, "export": 1, "inward": 4, "import": 6,
        "deliver": round(12 + (4 * 24**2 + 72**2) / (2 * 168) + 1, 3),
    }  # fmt: skip


def test_without_orders_the_next_step_is_told() -> None:
    network, orders = two_offices(), four_orders()
    chosen = choose(network, orders).with_columns(service=pl.lit(None, pl.String))
    events = simulate(network, orders, choose(network, orders), seed=1).clear()
    with pytest.raises(MisuseError, match="entrepost quote"):
        make_report(network, measure(network, orders, chosen, events))


def test_the_story_is_told_in_the_order_of_a_manager(report: Report) -> None:
    page = make_page(report)
    assert [section.name for section in page.sections] == ["wait", "promises", "lanes", "warehouse", "sure", "intake"]
    assert "Made up." in page.lead
    text = texts_of(page)
    assert "moved by 364 days" in text
    assert "A note." in text
    assert "Frankfurt" in text


def test_without_a_change_nothing_is_told_of_it(direct: Measured) -> None:
    page = make_page(make_report(two_offices(), direct))
    assert "warehouse" not in [section.name for section in page.sections]
    assert all(card.after == "" for card in page.cards)


def test_every_picture_has_a_table_with_rows(report: Report) -> None:
    figures = [part for section in make_page(report).sections for part in section.parts if isinstance(part, Figure)]
    assert len(figures) == 12
    assert all(figure.table.frame.height for figure in figures)
    assert len({figure.name for figure in figures}) == len(figures)


def test_the_page_is_one_small_file_that_escapes_what_comes_from_data(report: Report) -> None:
    html = render_report(report)
    assert len(html) < 6_000_000
    assert "Something &lt;b&gt;." in html


def test_words_and_differences_are_written_as_people_do() -> None:
    assert list_words(["a"]) == "a"
    assert list_words(["a", "b", "c"]) == "a, b and c"
    assert points(-0.053) == "−5.3"


def texts_of(page: Page) -> str:
    """All running text of a page."""
    parts: list[Any] = [text for section in page.sections for text in (*section.paragraphs, *section.closing)]
    tables = [part for section in page.sections for part in section.parts if isinstance(part, Table)]
    return " ".join([*parts, *(cell for table in tables for row in table.list_rows() for cell in row)])
