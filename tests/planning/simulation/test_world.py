"""The world's parameters: checked, drawn by place and step, and written down."""

from __future__ import annotations

from dataclasses import fields, replace
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from entrepost.base.errors import MisuseError
from entrepost.planning.simulate import simulate
from entrepost.planning.simulation.world import AS_ASSUMED, World, get_world
from tests.planning.scenes import choose_all, hours_after_monday, many_orders, world_of
from tests.worlds import two_offices

GUIDE = Path(__file__).parents[3] / "docs" / "guides" / "simulate.md"


@pytest.mark.parametrize(
    "wrong",
    [
        {"factor_spread": 1.0},
        {"factor_spread": -0.1},
        {"slow_day_factor": 0.5},
        {"offloaded_per_million": 1_000_001},
        {"missed_per_million": -1},
        {"late_hours_most": 200},
        {"report_hours_most": -1.0},
    ],
)
def test_a_world_outside_its_bounds_is_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(MisuseError, match=next(iter(wrong))):
        World(**wrong)  # type: ignore[arg-type]


def test_worlds_are_known_by_name_and_others_are_refused() -> None:
    assert get_world("default") == World()
    assert get_world("as_assumed") is AS_ASSUMED
    with pytest.raises(MisuseError, match="as_assumed"):
        get_world("perfect")


@given(st.integers(), st.text(), st.text())
def test_a_duration_differs_by_at_most_the_spread(seed: int, place: str, step: str) -> None:
    factor = World().draw_factor(seed, place, step)
    assert 0.7 <= factor <= 1.3
    assert factor == World().draw_factor(seed, place, step)
    assert AS_ASSUMED.draw_factor(seed, place, step) == 1.0


def test_factors_differ_between_places_steps_and_seeds() -> None:
    world = World()
    drawn = {
        world.draw_factor(*key)
        for key in ((1, "A", "outward"), (1, "B", "outward"), (1, "A", "inward"), (2, "A", "outward"))
    }
    assert len(drawn) == 4


def test_every_parameter_and_its_default_stands_in_the_guide() -> None:
    guide = GUIDE.read_text(encoding="utf-8")
    for each in fields(World):
        assert f"| `{each.name}` | {each.default} |" in guide


def test_the_promise_does_not_see_the_worlds_factors() -> None:
    orders = many_orders(50)
    events = simulate(two_offices(), orders, choose_all(orders), 1, world_of(factor_spread=0.3))
    prepared = hours_after_monday(events, "EMA")
    factor = world_of(factor_spread=0.3).draw_factor(1, "CNSHAA", "prepare")
    assert {24 * factor // 1, -(-24 * factor // 1)} >= set(prepared.values())


def test_slow_days_of_a_facility_lengthen_all_work_begun_on_them() -> None:
    orders = many_orders(5)
    slow = world_of(facility_slow_day_per_million=1_000_000, slow_day_factor=2.0)
    events = simulate(two_offices(), orders, choose_all(orders), 1, slow)
    assert set(hours_after_monday(events, "EMA").values()) == {48}


def test_slow_days_of_a_country_lengthen_customs_and_the_last_mile_there() -> None:
    orders = many_orders(5)
    slow = world_of(country_slow_day_per_million=1_000_000, slow_day_factor=2.0)
    events = simulate(two_offices(), orders, choose_all(orders), 1, slow)
    released, inward = hours_after_monday(events, "EDC")["x0"], hours_after_monday(events, "EDB")["x0"]
    assert (released - inward, hours_after_monday(events, "EMG")["x0"] - released) == (12, 24)


def test_scans_go_missing_at_the_rate_of_their_place_and_code() -> None:
    orders = many_orders(4000)
    world = world_of(unscanned_per_million_most=1_000_000)
    events = simulate(two_offices(), orders, choose_all(orders), 1, world)
    sent = dict(events.group_by("code").len().iter_rows())
    for place, code in (("CNSHAA", "EMC"), ("DEFRAA", "EMD")):
        missing = world.draw_unscanned(1, place, code)
        assert abs(sent[code] / 4000 - (1 - missing)) < 4 * (0.25 / 4000) ** 0.5
    assert sent["EMI"] == 4000


def test_the_scan_that_ends_the_wait_has_its_own_rate() -> None:
    orders = many_orders(2000)
    world = world_of(final_unscanned_per_million_most=1_000_000)
    events = simulate(two_offices(), orders, choose_all(orders), 1, world)
    sent = dict(events.group_by("code").len().iter_rows())
    assert sent["EDG"] == 2000
    assert abs(sent["EMI"] / 2000 - (1 - world.draw_unscanned(1, "DEFRAA", "EMI"))) < 4 * (0.25 / 2000) ** 0.5


def test_reports_come_late_by_the_mean_of_their_place() -> None:
    orders = many_orders(4000)
    world = world_of(report_hours_most=24.0)
    events = simulate(two_offices(), orders, choose_all(orders), 1, world)
    at_origin = events.filter(pl.col("code") == "EMB").select(
        (pl.col("recorded_at") - pl.col("time")).dt.total_seconds()
    )
    mean = world.draw_report_hours(1, "CNSHAA")
    assert abs(at_origin["recorded_at"].mean() / 3600 - mean) < 5 * mean / 4000**0.5  # type: ignore[operator]


def test_operational_misses_replace_those_of_the_folder() -> None:
    orders = many_orders(4000)
    events = simulate(two_offices(), orders, choose_all(orders), 1, replace(AS_ASSUMED, missed_per_million=100_000))
    left = list(hours_after_monday(events, "EMC").values())
    assert abs(left.count(4 * 24 + 12) / 4000 - 0.1) < 4 * (0.09 / 4000) ** 0.5
