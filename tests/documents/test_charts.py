from __future__ import annotations

import polars as pl
import pytest

from entrepost.documents.charts import draw_arrivals, draw_assumed, draw_before_after, draw_journey
from tests.documents.made_up import marks_of, spec_of, steps


def test_each_step_begins_where_the_one_before_ends() -> None:
    rows = spec_of(draw_journey(steps()))["datasets"]["rows"]
    assert [(row["begins"], row["ends"]) for row in rows] == [(0.0, 1.0), (1.0, 3.0), (3.0, 6.0)]


def test_steps_stay_in_the_order_of_the_journey() -> None:
    bars = spec_of(draw_journey(steps()))["layer"][0]
    assert bars["encoding"]["y"]["sort"] == ["Seller", "Flight", "Last mile"]


def test_before_and_after_have_a_bar_each_with_their_figure() -> None:
    frame = steps().select("label", before="days", after=pl.col("days") / 2)
    spec = spec_of(draw_before_after(frame, "Days"))
    assert marks_of(spec) == ["bar", "text"]
    assert {(row["label"], row["state"], row["figure"]) for row in spec["datasets"]["rows"]} >= {
        ("Flight", "before", 2.0),
        ("Flight", "after", 1.0),
    }


@pytest.mark.parametrize("states", [["before"], ["before", "after"]])
def test_one_state_needs_no_legend_and_two_have_one(states: list[str]) -> None:
    curves = [pl.DataFrame({"state": [state] * 2, "days": [0.0, 1.0], "share": [0.0, 1.0]}) for state in states]
    lines = spec_of(draw_arrivals(pl.concat(curves)))["layer"][-1]
    assert ("legend" in lines["encoding"]["color"]) == (len(states) == 2)


def test_what_is_assumed_stands_beside_what_has_a_source() -> None:
    frame = pl.DataFrame({"label": ["Flight", "Flight"], "kind": ["from a source", "assumed"], "days": [1.5, 0.5]})
    spec = spec_of(draw_assumed(frame))
    assert spec["encoding"]["color"]["scale"]["domain"] == ["from a source", "assumed"]
    assert spec["datasets"]["rows"] == frame.to_dicts()
