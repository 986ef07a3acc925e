from __future__ import annotations

import polars as pl

from entrepost.documents.promises import draw_calibration, draw_due, draw_kept
from tests.documents.made_up import kept, marks_of, spec_of


def test_the_line_of_chance_is_a_95_percent_interval_within_0_and_1() -> None:
    rows = spec_of(draw_kept(kept().vstack(kept().head(1).with_columns(kept=1.0))))["datasets"]["rows"]
    assert round(rows[1]["low"], 3) == round(0.7 - 1.96 * 0.05, 3)
    assert rows[2]["high"] == 1.0


def test_promised_and_kept_differ_in_form_as_in_colour() -> None:
    spec = spec_of(draw_kept(kept()))
    assert marks_of(spec) == ["rule", "rule", "point"]
    assert spec["layer"][-1]["encoding"]["shape"]["scale"]["range"] == ["diamond", "circle"]


def test_a_share_far_below_half_is_still_on_the_picture() -> None:
    frame = kept().with_columns(kept=0.1, error=0.01)
    assert spec_of(draw_kept(frame))["layer"][0]["encoding"]["x"]["scale"]["domain"][0] <= 0.08


def test_no_promise_at_all_can_be_drawn() -> None:
    assert spec_of(draw_kept(kept().clear()))["datasets"]["rows"] == []


def test_the_day_that_was_named_stands_beside_the_one_that_would_have_been_kept() -> None:
    spec = spec_of(draw_due(kept()))
    assert spec["layer"][0]["encoding"]["x"]["field"] == "promised_days"
    assert spec["layer"][0]["encoding"]["x2"]["field"] == "happened_days"


def test_a_promise_before_and_after_learning_stands_against_the_line_of_its_word() -> None:
    both = pl.concat([kept().with_columns(state=pl.lit(state)) for state in ("before", "after")])
    spec = spec_of(draw_calibration(both))
    assert marks_of(spec) == ["line", "line", "rule", "point"]
    assert spec["datasets"]["ends"] == [{"stated": 0.0, "kept": 0.0}, {"stated": 1.0, "kept": 1.0}]
    assert spec["layer"][-1]["encoding"]["shape"]["scale"]["range"] == ["diamond", "circle"]
    assert spec["layer"][-1]["encoding"]["x"]["scale"]["domain"] == [0, 1]
