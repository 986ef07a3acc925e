"""Where the days are lost."""

from __future__ import annotations

import polars as pl

from entrepost.web.pages.lanes import _drift, change
from tests.web.inside import OTHER, VERA, Tower


def test_every_lane_is_told_with_its_wait_and_its_promise_and_a_picture_with_its_table(silent: Tower) -> None:
    html = silent.enter(VERA).look("/lanes")
    assert '<a href="/lanes/CNSHAA-DE">Shanghai to Germany</a>' in html
    assert 'data-picture="spec-parts"' in html
    assert "Last mile" in html


def test_a_lane_is_told_step_by_step_and_week_by_week(silent: Tower) -> None:
    html = silent.enter(VERA).look("/lanes/CNSHAA-DE")
    assert 'data-picture="spec-steps"' in html
    assert 'data-picture="spec-weeks"' in html
    assert "Waits for a departure" in html
    silent.enter(VERA).look("/lanes/CNSHAA-FR", status=404)


def test_without_orders_it_says_so(silent: Tower) -> None:
    html = silent.enter(OTHER, "other").look("/lanes")
    assert "No order whose promised day has passed yet" in html
    assert "data-picture" not in html


def test_only_steps_that_are_surely_slower_are_told() -> None:
    rows = {"step": ["a", "b", "c"], "place": ["X", "Y", "Z"], "completed": [50.0, 1.0, 5.0]}
    rows |= {"expected": [80.0, 2.0, 8.0], "ratio": [1.6, 2.0, 1.6], "least": [1.2, 0.4, 0.9]}
    assert [row[0] for row in _drift(pl.DataFrame(rows)).rows] == ["a"]
    assert (change(-1.25), change(None)) == ("−1.2", "–")
