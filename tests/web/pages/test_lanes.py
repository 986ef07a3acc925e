"""Where the days are lost."""

from __future__ import annotations

import polars as pl

from entrepost.web.pages.lanes import _drift, change
from tests.web.inside import OTHER, VERA, Tower
from tests.worlds import two_offices


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
    rows = {"step": ["import green", "b", "c", "d"], "place": ["DEFRAA", "Y", "Z", "Z"]}
    rows |= {"completed": [50.0, 1.0, 5.0, 90.0], "expected": [80.0, 2.0, 8.0, 80.0]}
    rows |= {"ratio": [0.6, 0.5, 0.6, 1.1], "most": [0.8, 2.0, 1.1, 1.4]}
    (slow,) = _drift(pl.DataFrame(rows), two_offices()).rows
    assert (slow[0], slow[1].text, slow[2:4]) == ("Import clearance", "Frankfurt", ("1.67", "1.25"))
    assert (change(-1.25), change(None)) == ("−1.2", "–")
